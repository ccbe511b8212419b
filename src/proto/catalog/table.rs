//! Rows and cells, whatever kind of file they come from.

use csv::StringRecord;

use crate::domain::fold::fold;

/// All rows of a text file or of one sheet.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// In the order of the file; rows without any text are left out.
    pub rows: Vec<Row>,
    /// Where a quotation mark was opened and never closed: what follows it cannot be told apart.
    pub unclosed: Option<u64>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it begins in its file, from 1.
    pub line: u64,
    /// Its cells as text.
    pub cells: StringRecord,
    /// Columns that a spreadsheet holds as numbers: written with a decimal point, whatever the
    /// country.
    pub numbers: Vec<usize>,
}

impl Row {
    /// A cell without the space around it; empty where there is none.
    pub(super) fn cell(&self, column: Option<usize>) -> &str {
        column
            .and_then(|column| self.cells.get(column))
            .unwrap_or("")
            .trim()
    }

    /// The number in a cell of a spreadsheet, where the cell holds one.
    pub(super) fn number(&self, column: Option<usize>) -> Option<&str> {
        let number = column.filter(|column| self.numbers.contains(column));
        number.map(|_| self.cell(column))
    }
}

/// Rows under headings.
#[derive(Debug)]
pub(super) struct Table {
    /// As they are written, trimmed.
    pub headings: Vec<String>,
    folded: Vec<String>,
    /// What stands below them.
    pub rows: Vec<Row>,
    /// See [`Grid::unclosed`].
    pub unclosed: Option<u64>,
}

impl Table {
    /// Takes the row at `heading` as headings and what stands below as rows.
    pub(super) fn new(grid: Grid, heading: usize) -> Self {
        let mut rows = grid.rows.into_iter().skip(heading);
        let headings = rows.next().map(|row| headings(&row)).unwrap_or_default();
        Self {
            folded: headings.iter().map(|heading| key(heading)).collect(),
            headings,
            rows: rows.collect(),
            unclosed: grid.unclosed,
        }
    }

    /// The first column with one of these headings, in the order of `names`; case, accents and the
    /// space around do not count.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let name = key(name);
            self.folded.iter().position(|heading| *heading == name)
        })
    }

    /// Every column whose heading begins so: one for each of several stores.
    pub(super) fn columns_with(&self, prefix: &str) -> Vec<usize> {
        let prefix = fold(prefix);
        let with = |(_, heading): &(usize, &String)| heading.starts_with(&prefix);
        let found = self.folded.iter().enumerate().filter(with);
        found.map(|(column, _)| column).collect()
    }

    /// A heading as it is written.
    pub(super) fn heading(&self, column: usize) -> &str {
        self.headings.get(column).map_or("", String::as_str)
    }
}

/// What a heading row says, trimmed.
pub(super) fn headings(row: &Row) -> Vec<String> {
    row.cells
        .iter()
        .map(|cell| cell.trim().to_owned())
        .collect()
}

/// A heading as it is compared.
pub(super) fn key(heading: &str) -> String {
    fold(heading.trim()).replace('\u{2019}', "'")
}
