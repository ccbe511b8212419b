//! Words: all of them translated, none of them in the code.

use std::collections::BTreeSet;
use std::path::Path;

use tillcode::domain::locale::Language;
use tillcode::proto::translation::{CASHIER_LANGUAGES, Words};
use tillcode::terminal::Screen as Which;

use crate::support::fake_till::{sale, snapshot};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;

const PAYER: [&str; 11] = [
    "pay-scan",
    "pay-to",
    "pay-host",
    "pay-reference",
    "pay-minting",
    "pay-type",
    "pay-part",
    "pay-in-all",
    "line-amount",
    "mark-demo",
    "mark-test",
];
/// Files that hold no words for people: the files' names, the names of languages, the window's.
const WITHOUT_WORDS: [&str; 3] = ["tr.rs", "mod.rs", "window.rs"];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// All string literals of a file outside of its tests, its comments and its attributes.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    for line in source.lines() {
        let line = line.trim();
        if line.starts_with("//") || line.starts_with("reason =") || line.starts_with("#[")
            // Why a frame is drawn again: for those who debug.
            || line.contains("request_discard(")
        {
            continue;
        }
        let line = line.split(" // ").next().unwrap().replace("\\\"", "");
        found.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    found
}

#[test]
fn every_key_is_translated_and_no_words_are_in_the_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    assert!(files.len() > 20);
    let languages = CASHIER_LANGUAGES.map(Words::of);
    let mut used = BTreeSet::new();
    for (name, source) in &files {
        if WITHOUT_WORDS.contains(&name.as_str()) && !source.contains("cx.say(") {
            continue;
        }
        for literal in literals(source) {
            // Names of values in a sentence, ids of widgets, debug names and the keyboard's rows.
            let plain: String = literal
                .split('{')
                .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest))
                .collect();
            let internal = !plain.contains(char::is_whitespace) && !languages[0].has(&plain);
            if languages[0].has(&literal) {
                used.insert(literal);
            } else {
                assert!(
                    internal || !plain.contains(char::is_alphabetic),
                    "{name}: {literal:?} belongs into the translation files"
                );
            }
        }
    }
    assert!(used.len() > 100, "{}", used.len());
    for key in &used {
        for words in &languages {
            assert!(words.has(key), "{key} is missing in {:?}", words.language());
        }
    }
    for language in Language::ALL {
        for key in PAYER {
            assert!(
                Words::of(language).has(key),
                "{key} is missing in {language:?}"
            );
        }
    }
}

#[test]
fn the_three_files_have_the_same_keys_and_values() {
    let lang = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lang");
    let read = |code: &str| -> Vec<(String, BTreeSet<String>)> {
        let text = std::fs::read_to_string(lang.join(format!("{code}.ftl"))).unwrap();
        text.lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, words)| {
                let values = words
                    .split("{ $")
                    .skip(1)
                    .map(|rest| rest.split(' ').next().unwrap().to_owned());
                (key.to_owned(), values.collect())
            })
            .collect()
    };
    let english = read("en");
    assert_eq!(english, read("de"));
    assert_eq!(english, read("es"));
    let keys: BTreeSet<&String> = english.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), english.len(), "no key stands twice");
}

#[test]
fn the_screen_speaks_the_cashiers_language_on_every_panel() {
    for (language, words) in [
        (Language::De, "Mehrere Artikel"),
        (Language::Es, "Varios artículos"),
    ] {
        for panel in PANELS {
            let mut start = snapshot();
            start.waiting = vec![sale(42, 350)].into();
            let mut screen = Screen::on(panel, start);
            assert!(screen.shows("Several items"));
            screen.change(|snapshot| snapshot.language = language);
            assert!(screen.shows(words), "{} {language:?}", panel.name);
        }
    }
}

#[test]
fn language_and_light_are_chosen_in_settings() {
    use tillcode::terminal::{Command, Theme};
    let mut start = snapshot();
    start.screen = Which::Settings;
    let mut screen = Screen::new(start);
    screen.press("Deutsch");
    screen.press("Sunlight");
    assert_eq!(
        screen.till.taken(),
        [
            Command::SetLanguage {
                language: Language::De
            },
            Command::SetTheme {
                theme: Theme::Sunlight
            },
        ]
    );
}
