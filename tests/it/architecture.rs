//! The floors hold: no file under `src/` uses a floor above its own, or a word its floor may not say.
//!
//! Sources are read as text, not compiled: comments, texts and test modules are left out, groups in
//! `use` are spelled out, and what remains are paths such as `crate::terminal::Command`. A macro that
//! puts a path together from pieces would not be seen; there is none.

mod source;

use std::path::{Path, PathBuf};

use source::Mention;

/// The floors, each with those that it may use besides itself. `main.rs`, `lib.rs` and `bin/` stand
/// above all of them.
const FLOORS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("proto", &["domain"]),
    // Which kinds of account there are is the registry's word, and the registry's alone.
    ("config", &["domain", "proto"]),
    ("terminal", &["domain", "proto"]),
    // It reads the files that the configuration describes.
    ("io", &["domain", "proto", "config", "terminal"]),
    ("hub", &["domain", "proto", "config", "io"]),
    ("sandbox", &["domain", "proto", "config", "io"]),
    (
        "runtime",
        &[
            "domain", "proto", "config", "terminal", "io", "hub", "sandbox",
        ],
    ),
    ("ui", &["domain", "terminal", "proto"]),
    // Subcommands open what the kiosk's main function opens, so they reach further than the window.
    (
        "cli",
        &[
            "domain", "terminal", "proto", "config", "io", "runtime", "sandbox", "ui",
        ],
    ),
];

/// What a floor that only decides never says: it has no files, sockets, threads, clocks or waiting.
const PURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "Instant::now",
    "SystemTime",
    "Utc::now",
    "Local::now",
    "tokio",
    "async",
];

/// An address is a value like any other; only sockets are the world.
const ADDRESSES: [&str; 7] = [
    "AddrParseError",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "SocketAddr",
    "SocketAddrV4",
    "SocketAddrV6",
];

/// Words that a floor never says, besides those of [`PURE`].
fn banned(floor: &str) -> Vec<&'static str> {
    let (pure, own): (&[&str], &[&str]) = match floor {
        // Money is never a float; nothing else in there needs one.
        "domain" => (PURE, &["f32", "f64"]),
        "proto" | "config" | "terminal" => (PURE, &[]),
        "ui" => (
            &[],
            &["rusqlite", "std::net", "std::fs", "SystemTime", "Instant"],
        ),
        "runtime" => (&[], &["egui", "eframe"]),
        _ => (&[], &[]),
    };
    [pure, own].concat()
}

/// The floor of a file, as its folder under `src/`; none for what stands above all floors.
fn floor_of(file: &Path) -> Option<&str> {
    let first = file.iter().next()?.to_str()?;
    match first {
        "main.rs" | "lib.rs" | "bin" => None,
        name => Some(name),
    }
}

/// The floor that a path of a file leads to, if it leaves through the crate's root.
fn target<'a>(file: &Path, mention: &'a Mention) -> Option<&'a str> {
    let segments = &mention.segments;
    let relative = segments
        .iter()
        .take_while(|segment| *segment == "self" || *segment == "super")
        .count();
    let up = segments[..relative]
        .iter()
        .filter(|segment| *segment == "super")
        .count();
    let rest = if segments[0] == "crate" {
        &segments[1..]
    } else if up > 0 && up >= depth(file) {
        &segments[relative..]
    } else {
        return None;
    };
    // `use crate as root` and `use crate::*` hide where they lead: they lead everywhere.
    Some(rest.first().map_or("*", String::as_str))
}

/// How many modules deep a file is: 1 for `domain/mod.rs`, 2 for `domain/money.rs`.
fn depth(file: &Path) -> usize {
    file.with_extension("")
        .iter()
        .filter(|part| *part != "mod")
        .count()
}

/// Everything that a file does and may not, as `file:line: why: the line`.
fn faults(file: &Path, text: &str) -> Vec<String> {
    let Some(floor) = floor_of(file) else {
        return Vec::new();
    };
    let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
        return vec![format!(
            "src/{}: there is no floor {floor:?} in the table of this test",
            file.display()
        )];
    };
    let is_floor = |name: &str| name == "*" || FLOORS.iter().any(|(floor, _)| *floor == name);
    let words = banned(floor);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for mention in source::mentions(text) {
        let mut fault = |why: String| {
            let line = lines.get(mention.line - 1).map_or("", |line| line.trim());
            let fault = format!("src/{}:{}: {why}: {line}", file.display(), mention.line);
            // One line may lead to the same place several times.
            if found.last() != Some(&fault) {
                found.push(fault);
            }
        };
        match target(file, &mention) {
            Some(other) if is_floor(other) && other != floor && !allowed.contains(&other) => {
                fault(format!("`{floor}` must not use `{other}`"));
            }
            _ => {}
        }
        for word in &words {
            if mention.says(word) && !(*word == "std::net" && mention.says_any(&ADDRESSES)) {
                fault(format!("`{floor}` must not say `{word}`"));
            }
        }
    }
    found
}

/// Every Rust file under a folder, but for test modules that are files of their own.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "tests" {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn no_floor_reaches_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = files(&root);
    assert!(sources.len() > 20, "found only {sources:?}");
    let found: Vec<String> = sources
        .iter()
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            faults(path.strip_prefix(&root).unwrap(), &text)
        })
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// The faults of a text, as if it were a file of the crate.
fn check(file: &str, text: &str) -> Vec<String> {
    faults(Path::new(file), text)
}

#[test]
fn a_floor_that_reaches_up_is_found() {
    for (file, text) in [
        (
            "proto/qr.rs",
            "use crate::domain::money;\nuse crate::terminal::Command;\n",
        ),
        (
            "proto/qr.rs",
            "\nuse crate::{domain::money::Amount, terminal};\n",
        ),
        (
            "proto/qr.rs",
            "\nuse crate::{\n domain::{id, link}, runtime::{self}};\n",
        ),
        ("proto/qr.rs", "\nfn f() -> crate::ui::Theme { todo!() }\n"),
        ("proto/qr.rs", "\nuse super::super::io::Store;\n"),
        ("proto/mod.rs", "\nuse super::io::Store;\n"),
        (
            "proto/backend/fourpay.rs",
            "\nuse super::super::super::hub;\n",
        ),
        ("domain/id.rs", "\nuse crate as root;\n"),
        ("runtime/mod.rs", "\nuse crate::cli;\n"),
    ] {
        let found = check(file, text);
        assert_eq!(found.len(), 1, "{text:?} gave {found:?}");
        let start = format!("src/{file}:");
        assert!(found[0].starts_with(&start), "{found:?}");
        assert!(found[0].contains("must not use"), "{found:?}");
    }
    assert_eq!(
        check("proto/qr.rs", "\nuse crate::terminal::Command;\n"),
        ["src/proto/qr.rs:2: `proto` must not use `terminal`: use crate::terminal::Command;"]
    );
}

#[test]
fn a_float_in_the_domain_is_found() {
    for text in [
        "pub fn half(price: f64) -> f32 { 0.0 }",
        "const RATE: i64 = (0.19 * 100.0) as i64;",
        "let x = 1e3;",
        "let x = 2_f32;",
    ] {
        assert!(!check("domain/money.rs", text).is_empty(), "{text}");
        assert_eq!(check("ui/theme.rs", text), Vec::<String>::new(), "{text}");
    }
    for text in ["let x = pair.0.1;", "for i in 0..10 {}", "let x = 0xe5;"] {
        assert_eq!(check("domain/money.rs", text), Vec::<String>::new());
    }
}

#[test]
fn a_clock_in_the_terminal_is_found() {
    for text in [
        "let now = std::time::Instant::now();",
        "use std::time::{Duration, SystemTime};",
        "use std::{collections::BTreeMap, fs};",
        "use std::net::{IpAddr, TcpStream};",
        "async fn wait() {}",
        "tokio::time::sleep(d).await;",
    ] {
        let found = check("terminal/mod.rs", text);
        assert_eq!(found.len(), 1, "{text:?} gave {found:?}");
        assert!(found[0].contains("must not say"), "{found:?}");
    }
}

#[test]
fn comments_texts_and_test_modules_do_not_count() {
    let text = r##"
//! Uses [`crate::terminal`] in words only, at 0.5 f64.
/* std::fs /* nested */ tokio */
const WORDS: &str = "crate::ui::Theme \" std::net";
const RAW: &str = r#"use crate::ui; "quoted" "#;
const CHARS: [char; 2] = ['"', '\''];
fn borrow<'a>(text: &'a str) -> &'a str { text }
#[cfg(test)]
mod tests {
    use crate::terminal::Command;
    fn now() { std::time::Instant::now(); }
}
use super::money::Amount;
"##;
    assert_eq!(check("domain/catalog.rs", text), Vec::<String>::new());
    let after = format!("{text}use crate::io::Clock;\n");
    assert_eq!(check("domain/catalog.rs", &after).len(), 1);
}
