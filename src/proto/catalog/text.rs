//! Text files: their encoding, their separator, their rows with the lines they begin in.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1252};

use super::report::CatalogFileError;
use super::table::{Grid, Row};
use super::{COLUMNS_MAX, ROWS_MAX};

/// What separates cells. A list that has decimal commas uses `;`, so that goes first among equals.
const SEPARATORS: [char; 4] = [';', '\t', ',', '|'];

/// The text of a file: UTF-8 or UTF-16 where it says or proves so, else Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, CatalogFileError> {
    let text = match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, mark)), _) => {
            let body = bytes.get(mark..).unwrap_or_default();
            encoding.decode_without_bom_handling(body).0
        }
        (None, Ok(text)) => Cow::Borrowed(text),
        (None, Err(_)) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    if text.contains('\0') {
        return Err(CatalogFileError::Binary);
    }
    Ok(text)
}

/// The rows of separated text.
pub(super) fn grid(text: &str) -> Result<Grid, CatalogFileError> {
    let (separator, stated) = separator(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut grid = Grid::default();
    let mut record = StringRecord::new();
    let mut last_start = 0;
    // Reading from memory, and text that is known to be UTF-8: this cannot fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(0, csv::Position::byte);
        last_start = usize::try_from(start).unwrap_or(usize::MAX);
        let line = lines.line_at(last_start);
        let empty = record.iter().all(|cell| cell.trim().is_empty());
        if empty || (line == 1 && stated) {
            continue;
        }
        if record.len() > COLUMNS_MAX {
            let limit = COLUMNS_MAX;
            return Err(CatalogFileError::TooManyColumns { line, limit });
        }
        if grid.rows.len() >= ROWS_MAX {
            return Err(CatalogFileError::TooManyRows(ROWS_MAX));
        }
        grid.rows.push(Row {
            line,
            cells: std::mem::take(&mut record),
            numbers: Vec::new(),
        });
    }
    let tail = text
        .get(last_start..)
        .unwrap_or("")
        .trim_matches(['\r', '\n']);
    let quotes = tail.bytes().filter(|byte| *byte == b'"').count();
    if !quotes.is_multiple_of(2) && tail.contains(['\r', '\n']) {
        grid.unclosed = grid.rows.pop().map(|row| row.line);
    }
    Ok(grid)
}

/// Counts lines as the reader moves on. The parser's own count is off after some line ends.
struct Lines<'a> {
    bytes: &'a [u8],
    line: u64,
    at: usize,
}

impl<'a> Lines<'a> {
    const fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            line: 1,
            at: 0,
        }
    }

    /// The line of the first text at or after `start`. Called with rising positions.
    fn line_at(&mut self, start: usize) -> u64 {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let end = start.saturating_add(blank);
        while self.at < end {
            let here = self.bytes.get(self.at);
            self.at = self.at.saturating_add(1);
            let ends_line = match here {
                Some(b'\n') => true,
                Some(b'\r') => self.bytes.get(self.at) != Some(&b'\n'),
                Some(_) | None => false,
            };
            if ends_line {
                self.line = self.line.saturating_add(1);
            }
        }
        self.line
    }
}

/// The separator, and whether the first line states it (`sep=;`, as Excel writes).
fn separator(text: &str) -> (char, bool) {
    let first = text.lines().next().unwrap_or("");
    if let Some(stated) = first.strip_prefix("sep=")
        && let Some(separator) = stated
            .chars()
            .next()
            .filter(|found| SEPARATORS.contains(found))
    {
        return (separator, true);
    }
    let mut counts = [0_u32; SEPARATORS.len()];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            // The first row that has a separator decides.
            '\n' | '\r' if !quoted && counts.iter().any(|count| *count > 0) => break,
            _ if quoted => {}
            _ => {
                for (count, separator) in counts.iter_mut().zip(SEPARATORS) {
                    *count = count.saturating_add(u32::from(character == separator));
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let found = counts
        .iter()
        .zip(SEPARATORS)
        .find(|(count, _)| **count == most);
    (
        found
            .filter(|_| most > 0)
            .map_or(',', |(_, separator)| separator),
        false,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let own = |row: &Row| (row.line, row.cells.iter().map(str::to_owned).collect());
        grid(text).unwrap().rows.iter().map(own).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let utf16: Vec<u8> = [0xfeff_u16]
            .into_iter()
            .chain("Käse €".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [
            "Käse €".as_bytes(),
            "\u{feff}Käse €".as_bytes(),
            b"K\xe4se \x80",
            utf16.as_slice(),
        ] {
            assert_eq!(decode(bytes).unwrap(), "Käse €");
        }
        assert_eq!(decode(b"K\0\0\0"), Err(CatalogFileError::Binary));
    }

    #[test]
    fn separators_are_told_apart() {
        for (text, separator) in [
            ("a,b\n1,2", ','),
            ("a;b\n1,5;2,5", ';'),
            ("a\tb, c\td\n", '\t'),
            ("\"a;b;c\",d\n", ','),
            ("Price list\nName;Price", ';'),
            ("name", ','),
        ] {
            assert_eq!(super::separator(text), (separator, false), "{text}");
        }
        assert_eq!(
            rows("sep=|\na|b\n"),
            [(2, vec!["a".to_owned(), "b".to_owned()])]
        );
    }

    #[test]
    fn a_row_is_named_by_the_line_it_begins_in() {
        for end in ["\n", "\r\n", "\r"] {
            let text = [
                "name,price",
                "\"two",
                "lines\",1",
                "",
                "",
                "third,2",
                ",",
                "last,3",
            ];
            let lines: Vec<u64> = rows(&text.join(end))
                .iter()
                .map(|(line, _)| *line)
                .collect();
            assert_eq!(lines, [1, 2, 6, 8], "{end:?}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_found() {
        let grid = grid("name,price\na,1\n\"b,2\nc,3\nd,4\n").unwrap();
        assert_eq!((grid.unclosed, grid.rows.len()), (Some(3), 2));
        assert_eq!(
            super::grid("name,price\n5\" pipe,2\n").unwrap().unclosed,
            None
        );
    }

    proptest! {
        #[test]
        fn lines_are_right_whatever_stands_in_the_cells(
            cells in prop::collection::vec("[a-c \"\n\r,]{0,8}x", 1..12),
        ) {
            let mut text = String::new();
            let mut expected = Vec::new();
            for cell in &cells {
                let ends = text.replace("\r\n", "\n").replace('\r', "\n");
                expected.push(1 + ends.matches('\n').count() as u64);
                text = format!("{text}\"{}\",1\r\n", cell.replace('"', "\"\""));
            }
            let lines: Vec<u64> = rows(&text).iter().map(|(line, _)| *line).collect();
            prop_assert_eq!(lines, expected);
        }
    }
}
