//! A disk of a test's own, to be filled up.
//!
//! It lies in memory and in a namespace of its own, so that neither rights nor a trace are left behind; on
//! a machine that lets nobody have one the test counts as skipped.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::skipped::skip;

const FOLDER: &str = "OWN_DISK";

/// How to get a namespace: as whoever this is, who may mount, else as root. PostgreSQL refuses to be
/// run by root, so its user must be known in there.
const WAYS: [&[&str]; 3] = [
    &["--mount"],
    &["--user", "--map-current-user", "--keep-caps", "--mount"],
    &["--user", "--map-root-user", "--mount"],
];

/// Runs the test (by its whole name) once more where a small disk is; gives back the disk's folder within
/// that.
pub(crate) fn on_own_disk(test: &str, megabytes: u32) -> Option<PathBuf> {
    let size = format!("size={megabytes}m");
    if let Some(disk) = std::env::var_os(FOLDER) {
        let mount = ["-t", "tmpfs", "-o", &size, "tmpfs"];
        let mounted = Command::new("mount").args(mount).arg(&disk).status();
        assert!(mounted.unwrap().success());
        return Some(PathBuf::from(disk));
    }
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().to_str().unwrap();
    let mount = ["mount", "-t", "tmpfs", "-o", &size, "tmpfs", disk];
    let begun = |way: &[&str], words: &[&str]| {
        let mut process = Command::new("unshare");
        process.args(way).args(words);
        // What a test makes for itself lies on that disk, too.
        process.env(FOLDER, disk).env("TMPDIR", disk).output()
    };
    let is_possible = |way: &&&[&str]| begun(way, &mount).is_ok_and(|tried| tried.status.success());
    let Some(way) = WAYS.iter().find(is_possible) else {
        skip(
            test,
            "nobody may have a disk of his own here (unshare --mount)",
        );
        return None;
    };
    let program = std::env::current_exe().unwrap();
    let words = [program.to_str().unwrap(), "--exact", test, "--nocapture"];
    let told = begun(way, &words).unwrap();
    let said = String::from_utf8_lossy(&told.stdout) + String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{said}");
    assert!(said.contains("TOLD "), "{said}");
    println!("{said}");
    None
}

/// Takes all the room there is; it comes back when the file is removed.
pub(crate) fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("ballast");
    let mut file = File::create(&path).unwrap();
    // Large pieces first, then the last page.
    for size in [1 << 16, 1 << 12] {
        loop {
            match file.write(&vec![0; size]) {
                Ok(_written) => {}
                Err(full) if full.kind() == ErrorKind::StorageFull => break,
                Err(other) => panic!("{other}"),
            }
        }
    }
    path
}
