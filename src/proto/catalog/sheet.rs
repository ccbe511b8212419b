//! Spreadsheets (.xlsx, .ods) as grids of text.
//!
//! A number in a cell comes as a float. It becomes text at once, by its shortest decimal form, and
//! is read by digits from there; nothing is ever calculated with it.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Ods, Reader as _, Xlsx, open_workbook_from_rs};
use csv::StringRecord;

use super::report::CatalogFileError;
use super::table::{Grid, Row};
use super::{COLUMNS_MAX, ROWS_MAX};

/// The most that a spreadsheet may unpack to, in bytes.
const UNPACKED_BYTES_MAX: u64 = 1 << 30;
/// What every zip archive begins with.
const ZIP_MARK: &[u8] = b"PK\x03\x04";
/// What an .xls of the last century begins with.
const OLE_MARK: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// The type of an .ods file, which is the first thing in its archive.
const ODS_MARK: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The kinds of spreadsheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Ods,
}

impl Kind {
    /// What the bytes are, the file's name helping; none where they are no spreadsheet.
    pub(super) fn of(bytes: &[u8], file_name: &str) -> Result<Option<Self>, CatalogFileError> {
        if bytes.starts_with(OLE_MARK) {
            return Err(CatalogFileError::Binary);
        }
        if !bytes.starts_with(ZIP_MARK) {
            return Ok(None);
        }
        let head = bytes.get(..200).unwrap_or(bytes);
        let is_ods = head.windows(ODS_MARK.len()).any(|part| part == ODS_MARK)
            || file_name.to_ascii_lowercase().ends_with(".ods");
        Ok(Some(if is_ods { Self::Ods } else { Self::Xlsx }))
    }
}

/// Every sheet that has any text, in the order of the workbook.
pub(super) fn grids(bytes: &[u8], kind: Kind) -> Result<Vec<Grid>, CatalogFileError> {
    if unpacked_bytes(bytes) > UNPACKED_BYTES_MAX {
        let limit_mb = UNPACKED_BYTES_MAX >> 20;
        return Err(CatalogFileError::SheetTooLarge { limit_mb });
    }
    let sheets = match kind {
        Kind::Xlsx => xlsx(bytes)?,
        Kind::Ods => ods(bytes)?,
    };
    let grids: Vec<Grid> = sheets
        .into_iter()
        .map(Cells::into_grid)
        .filter(|grid| !grid.rows.is_empty())
        .collect();
    if grids.is_empty() {
        return Err(CatalogFileError::Empty);
    }
    Ok(grids)
}

/// The cells of a sheet that hold something, by row and column.
#[derive(Default)]
struct Cells(BTreeMap<u32, BTreeMap<u32, (String, bool)>>);

impl Cells {
    fn put(&mut self, (row, column): (u32, u32), value: &Data) -> Result<(), CatalogFileError> {
        let is_number = matches!(value, Data::Int(_) | Data::Float(_));
        let text = text_of(value);
        let in_reach = usize::try_from(column).is_ok_and(|column| column < COLUMNS_MAX);
        if text.trim().is_empty() || !in_reach {
            return Ok(());
        }
        if self.0.len() >= ROWS_MAX && !self.0.contains_key(&row) {
            return Err(CatalogFileError::TooManyRows(ROWS_MAX));
        }
        self.0
            .entry(row)
            .or_default()
            .insert(column, (text, is_number));
        Ok(())
    }

    fn into_grid(self) -> Grid {
        let rows = self.0.into_iter().map(|(row, cells)| {
            let mut record = StringRecord::new();
            let mut numbers = Vec::new();
            for (column, (text, is_number)) in cells {
                let column = usize::try_from(column).unwrap_or(usize::MAX);
                while record.len() < column {
                    record.push_field("");
                }
                record.push_field(&text);
                if is_number {
                    numbers.push(column);
                }
            }
            Row {
                line: u64::from(row).saturating_add(1),
                cells: record,
                numbers,
            }
        });
        Grid {
            rows: rows.collect(),
            unclosed: None,
        }
    }
}

/// Read cell by cell: the dense form would fill memory with the empty cells of a far corner.
fn xlsx(bytes: &[u8]) -> Result<Vec<Cells>, CatalogFileError> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        // A sheet of charts has no cells.
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut cells = Cells::default();
        while let Some(cell) = reader.next_cell().map_err(unreadable)? {
            cells.put(cell.get_position(), &Data::from(cell.get_value().clone()))?;
        }
        sheets.push(cells);
    }
    Ok(sheets)
}

fn ods(bytes: &[u8]) -> Result<Vec<Cells>, CatalogFileError> {
    let mut book: Ods<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let mut sheets = Vec::new();
    for (_, range) in book.worksheets() {
        let mut cells = Cells::default();
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let at = |first: u32, offset: usize| {
                first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
            };
            cells.put((at(first_row, row), at(first_column, column)), value)?;
        }
        sheets.push(cells);
    }
    Ok(sheets)
}

fn unreadable(error: impl std::fmt::Display) -> CatalogFileError {
    CatalogFileError::Sheet(error.to_string())
}

fn text_of(value: &Data) -> String {
    match value {
        Data::Float(number) => decimal_text(*number),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
        }
        Data::Int(_)
        | Data::String(_)
        | Data::Bool(_)
        | Data::DateTimeIso(_)
        | Data::DurationIso(_)
        | Data::Error(_)
        | Data::Empty => value.to_string(),
    }
}

/// The shortest decimal that stands for a float. One with more than eight digits after the point is
/// noise of a calculation in the sheet (`3.4999999999999996` for 3.5) and is cut to eight; no
/// currency has more than six.
fn decimal_text(number: f64) -> String {
    const DIGITS: usize = 8;
    let shortest = format!("{number}");
    match shortest.split_once('.') {
        Some((_, fraction)) if fraction.len() > DIGITS => {
            let cut = format!("{number:.DIGITS$}");
            cut.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Some(_) | None => shortest,
    }
}

/// What the archive's directory says it unpacks to.
fn unpacked_bytes(bytes: &[u8]) -> u64 {
    const ENTRY_MARK: &[u8] = b"PK\x01\x02";
    const SIZE_AT: usize = 24;
    bytes
        .windows(SIZE_AT.saturating_add(4))
        .filter(|entry| entry.starts_with(ENTRY_MARK))
        .filter_map(|entry| entry.get(SIZE_AT..)?.first_chunk::<4>())
        .fold(0, |sum: u64, size| {
            sum.saturating_add(u64::from(u32::from_le_bytes(*size)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_becomes_the_decimal_that_somebody_typed() {
        for (number, text) in [
            (3.5, "3.5"),
            (12.0, "12"),
            (0.1 + 0.2, "0.3"),
            (3.499_999_999_999_999_6, "3.5"),
            (1_299.5, "1299.5"),
            (4_006_381_333_931.0, "4006381333931"),
            (19.99, "19.99"),
            (-0.0, "-0"),
            (0.123_456, "0.123456"),
        ] {
            assert_eq!(decimal_text(number), text);
        }
    }
}
