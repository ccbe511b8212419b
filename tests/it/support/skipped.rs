//! Tests that a machine cannot run: said aloud, counted by `tests/run.sh`, and never taken for passed.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// The file that takes a line for each test that was left out; `tests/run.sh` names it and counts them.
const LIST: &str = "TILL_SKIPPED";

/// Leaves the test that calls this out, for this reason.
///
/// # Panics
/// Where nobody counts it, and where `CI` is set: there everything has to run.
pub(crate) fn skip(test: &str, reason: &str) {
    let (list, ci) = (std::env::var_os(LIST), std::env::var_os("CI"));
    if let Err(sentence) = note(list.as_deref(), ci.as_deref(), test, reason) {
        panic!("{sentence}");
    }
}

fn note(list: Option<&OsStr>, ci: Option<&OsStr>, test: &str, reason: &str) -> Result<(), String> {
    if ci.is_some_and(|ci| !ci.is_empty()) {
        return Err(format!(
            "{test} did not run, and on CI everything has to: {reason}"
        ));
    }
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        return Err(format!(
            "{test} did not run: {reason}; bash tests/run.sh counts such a test as skipped"
        ));
    };
    let list = Path::new(list);
    let file = OpenOptions::new().create(true).append(true).open(list);
    // One write a line: other tests may be left out at the same time.
    let line = format!("skipped: {test}: {reason}\n");
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .map_err(|error| {
            format!(
                "{test} did not run: {reason}; and {}: {error}",
                list.display()
            )
        })
}

#[test]
fn a_test_that_did_not_run_is_counted_or_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    let list = Some(path.as_os_str());
    let [one, empty] = ["1", ""].map(|word| Some(OsStr::new(word)));
    note(list, None, "first", "no disk").unwrap();
    note(list, empty, "second", "no screen").unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "skipped: first: no disk\nskipped: second: no screen\n"
    );
    let missing = folder.path().join("none").join("list");
    for (list, ci) in [
        (list, one),
        (None, one),
        (None, None),
        (empty, None),
        (Some(missing.as_os_str()), None),
    ] {
        let said = note(list, ci, "third", "no luck").unwrap_err();
        assert!(said.starts_with("third did not run"), "{said}");
        assert!(said.contains("no luck"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
}
