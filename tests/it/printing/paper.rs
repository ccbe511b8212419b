//! What stands on paper that came out.

use crate::support::printer::{Sheet, VirtualPrinter};

/// What the renderer calls the printer whose profile is used.
const PRINTER: &str = "TM-T20II";
/// Each job begins with it.
const SET_UP: &[u8] = b"\x1b@";

/// The texts of the codes on a sheet that came out whole.
pub(super) fn codes(sheet: &Sheet) -> Vec<String> {
    assert!(sheet.whole(), "{sheet:?}");
    codes_of_last(sheet)
}

/// The texts of the codes of the last job on a strip, whatever hangs above it.
pub(super) fn codes_of_last(sheet: &Sheet) -> Vec<String> {
    let bytes = sheet.bytes();
    let starts = bytes.windows(SET_UP.len()).rposition(|two| two == SET_UP);
    let mut sheets = crate::print::sheets(&bytes[starts.unwrap()..], PRINTER);
    assert_eq!(sheets.len(), 1, "one job is one sheet");
    sheets.remove(0)
}

/// Whether these words stand on it.
pub(super) fn says(sheet: &Sheet, words: &str) -> bool {
    count(std::slice::from_ref(sheet), words) > 0
}

/// How often these words stand on these sheets.
pub(super) fn count(sheets: &[Sheet], words: &str) -> usize {
    let on = |sheet: &Sheet| {
        let bytes = sheet.bytes();
        let windows = bytes.windows(words.len());
        windows.filter(|part| *part == words.as_bytes()).count()
    };
    sheets.iter().map(on).sum()
}

/// How many jobs were begun on these sheets.
pub(super) fn jobs(sheets: &[Sheet]) -> usize {
    let begins = |sheet: &Sheet| {
        let begins = sheet.commands.iter().filter(|command| *command == SET_UP);
        begins.count()
    };
    sheets.iter().map(begins).sum()
}

/// All paper, what hangs out last.
pub(super) fn all(printer: &mut VirtualPrinter) -> Vec<Sheet> {
    let strip = printer.strip().clone();
    printer.sheets().iter().cloned().chain([strip]).collect()
}
