//! Which goods came, and how many of each: a file with two columns, for as many stickers.

use csv::ReaderBuilder;

/// Rows of a file.
const ROWS_MAX: usize = 1_000;
/// What the columns may be called, in lower case.
const SKU: &[&str] = &["sku", "code", "item"];
const COUNT: &[&str] = &["count", "quantity", "qty", "stock", "pieces"];

/// Why a file is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// Its first row does not name both columns.
    #[error("the first row names no columns; write a row with: sku,count")]
    NoColumns,
    /// A row is not what it should be.
    #[error("line {line}: {problem}")]
    Row {
        /// From 1.
        line: u64,
        /// What is wrong, and what to write.
        problem: String,
    },
}

/// The goods of a file, in its order: SKU, and how many, each from 1 to `most`.
///
/// # Errors
/// Where a row cannot be understood. Nothing is guessed.
pub fn read_stock(text: &str, most: u32) -> Result<Vec<(String, u32)>, StockError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_broken| StockError::NoColumns)?;
    let place = |names: &[&str]| {
        let is_named = |heading: &str| names.contains(&heading.trim().to_lowercase().as_str());
        headings.iter().position(is_named)
    };
    let (Some(sku), Some(count)) = (place(SKU), place(COUNT)) else {
        return Err(StockError::NoColumns);
    };
    let mut goods = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(line_of(error.position()), error.to_string()))?;
        let line = line_of(record.position());
        let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
        let (sku, count) = (cell(sku), cell(count));
        if sku.is_empty() {
            return Err(wrong(line, "the SKU is missing".to_owned()));
        }
        let number = count
            .parse()
            .ok()
            .filter(|count| (1..=most).contains(count));
        let problem = || format!("{count:?} is no number of pieces; write 1 to {most}");
        goods.push((sku, number.ok_or_else(|| wrong(line, problem()))?));
        if goods.len() > ROWS_MAX {
            let problem = format!("there are more than {ROWS_MAX} rows; split the file");
            return Err(wrong(line, problem));
        }
    }
    Ok(goods)
}

const fn wrong(line: u64, problem: String) -> StockError {
    StockError::Row { line, problem }
}

fn line_of(position: Option<&csv::Position>) -> u64 {
    position.map_or(0, csv::Position::line)
}

/// What stands between the names of the first row.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let mut known = [b';', b'\t', b','].into_iter();
    known
        .find(|byte| first.bytes().any(|other| other == *byte))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_are_read_in_the_order_of_the_file_and_nothing_is_guessed() {
        let two = vec![("A-1".to_owned(), 4), ("B;2".to_owned(), 12)];
        for text in [
            "sku,count\nA-1,4\nB;2,12\n",
            "\u{feff}Name;Qty;SKU\r\nTea;4;A-1\r\nBun; 12 ;\"B;2\"\r\n",
            "quantity\tcode\n4\tA-1\n12\tB;2",
        ] {
            assert_eq!(read_stock(text, 200), Ok(two.clone()), "{text}");
        }
        assert_eq!(read_stock("sku,count\n", 200), Ok(Vec::new()));
        for text in ["", "A-1,4\n", "sku\nA-1\n"] {
            assert_eq!(read_stock(text, 200), Err(StockError::NoColumns), "{text}");
        }
        for (text, line) in [
            ("sku,count\nA-1,4\n,3\n", 3),
            ("sku,count\nA-1,0\n", 2),
            ("sku,count\nA-1,201\n", 2),
            ("sku,count\nA-1,4.5\n", 2),
            ("sku,count\nA-1\n", 2),
        ] {
            let found = read_stock(text, 200);
            assert!(
                matches!(found, Err(StockError::Row { line: at, .. }) if at == line),
                "{text}: {found:?}"
            );
        }
        let long = "sku,count\n".to_owned() + &"A,1\n".repeat(1_001);
        assert!(read_stock(&long, 200).is_err());
    }
}
