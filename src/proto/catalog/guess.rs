//! Anybody's list: which column is the name, which the price, in the languages of those who keep it.
//!
//! The guess is shown, and corrected with `--map name=Column,price="Other column"`. A column that is
//! named by hand is never guessed over.

use std::collections::BTreeMap;

use super::ReadOptions;
use super::columns::Field;
use super::draft::{Draft, Terms};
use super::html;
use super::intake::{Intake, Unpriced};
use super::price::{PriceReader, Style};
use super::report::CatalogFileError;
use super::table::{Table, key};
use crate::domain::catalog::Visibility;
use crate::domain::fold::{fold, words};

mod headings;

use headings::{HEADINGS, OTHER_PRICES};

/// Columns that were named by hand, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<Field, String>);

impl Mapping {
    /// Reads `name=Column,price="Other column"`. A heading with a comma or quotation marks stands in
    /// quotation marks.
    pub fn parse(text: &str) -> Result<Self, CatalogFileError> {
        let malformed = || CatalogFileError::Mapping(text.to_owned());
        let mut mapping = BTreeMap::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (field, after) = rest.split_once('=').ok_or_else(malformed)?;
            let field = Field::from_name(field)
                .ok_or_else(|| CatalogFileError::UnknownField(field.trim().to_owned()))?;
            let after = after.trim_start();
            let (column, next) = match after.strip_prefix('"') {
                Some(quoted) => {
                    let (column, next) = quoted.split_once('"').ok_or_else(malformed)?;
                    let next = next.trim_start();
                    let next = match next.strip_prefix(',') {
                        Some(next) => next,
                        None if next.is_empty() => next,
                        None => return Err(malformed()),
                    };
                    (column, next)
                }
                None => after.split_once(',').unwrap_or((after, "")),
            };
            if column.trim().is_empty() {
                return Err(malformed());
            }
            mapping.insert(field, column.trim().to_owned());
            rest = next.trim_start();
        }
        Ok(Self(mapping))
    }

    /// Whether nothing was named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every column that was named is there.
    pub(super) fn fits(&self, keys: &[String]) -> bool {
        self.missing(keys).is_none()
    }

    /// The first named column that is not among the headings of the first row.
    pub(super) fn unknown_column(&self, first: &[String], found: String) -> CatalogFileError {
        let wanted = self.missing(first).unwrap_or_default().to_owned();
        CatalogFileError::UnknownColumn { wanted, found }
    }

    fn missing(&self, keys: &[String]) -> Option<&str> {
        let is_missing = |column: &&String| !keys.contains(&key(column));
        self.0.values().find(is_missing).map(String::as_str)
    }
}

/// Whether name and price are recognized among headings.
pub(super) fn fits(keys: &[String]) -> bool {
    let columns = columns(keys, &Mapping::default());
    columns.contains_key(&Field::Name) && columns.contains_key(&Field::Price)
}

/// Which column holds what.
fn columns(keys: &[String], mapping: &Mapping) -> BTreeMap<Field, usize> {
    let mut columns: BTreeMap<Field, usize> = BTreeMap::new();
    for (field, heading) in &mapping.0 {
        if let Some(column) = keys.iter().position(|found| *found == key(heading)) {
            columns.insert(*field, column);
        }
    }
    let plain: Vec<String> = keys.iter().map(|heading| plain(heading)).collect();
    for matches in [is_exactly, begins] {
        for (field, names) in HEADINGS {
            if columns.contains_key(&field) {
                continue;
            }
            let free = |column: &usize| !columns.values().any(|taken| taken == column);
            let found = names.iter().find_map(|name| {
                let at = |(_, heading): &(usize, &String)| matches(field, heading, name);
                let mut fitting = plain.iter().enumerate().filter(at);
                fitting.find(|(column, _)| free(column))
            });
            if let Some((column, _)) = found {
                columns.insert(field, column);
            }
        }
    }
    // A list of descriptions and prices calls its products by their descriptions.
    if !columns.contains_key(&Field::Name)
        && let Some(column) = columns.remove(&Field::Description)
    {
        columns.insert(Field::Name, column);
    }
    columns
}

fn is_exactly(_: Field, heading: &str, name: &str) -> bool {
    heading == name
}

/// `price incl vat` is a price, `price group` is none that was asked for, but rather this than none.
fn begins(field: Field, heading: &str, name: &str) -> bool {
    let other = field == Field::Price
        && heading
            .split(' ')
            .any(|word| OTHER_PRICES.contains(&word) && word != name);
    let follows = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    // Two letters begin too many words.
    name.len() > 2 && !other && heading.strip_prefix(name).is_some_and(follows)
}

/// A heading without what stands in brackets and without signs: `Price (EUR) *` is `price`.
fn plain(heading: &str) -> String {
    let outside: String = heading
        .split(['(', '['])
        .enumerate()
        .filter_map(|(index, part)| match index {
            0 => Some(part),
            _ => part.split_once([')', ']']).map(|(_, rest)| rest),
        })
        .collect();
    let folded = fold(&outside);
    words(&folded).collect::<Vec<_>>().join(" ")
}

/// Reads the rows of a list.
pub(super) fn read(
    table: &Table,
    options: &ReadOptions<'_>,
    intake: &mut Intake,
) -> Result<(), CatalogFileError> {
    let keys: Vec<String> = table.headings.iter().map(|heading| key(heading)).collect();
    let columns = columns(&keys, options.mapping);
    for (field, column) in &columns {
        intake.bind_to(table, *field, *column);
    }
    let of = |field| columns.get(&field).copied();
    let (Some(name_column), Some(price_column)) = (of(Field::Name), of(Field::Price)) else {
        let found = table.headings.join(", ");
        return Err(CatalogFileError::NoHeadings { found });
    };
    let locale = options.stated_locale.unwrap_or(options.shop_locale);
    let heading = table.heading(price_column);
    let reader = PriceReader::new(Style::Local(locale), heading, options.currency);
    for row in &table.rows {
        if !intake.fits(row, table) {
            continue;
        }
        let text = |field| row.cell(of(field));
        let name = row.cell(Some(name_column));
        let price = reader.read(row, Some(price_column), text(Field::Currency));
        let Some(price) = intake.priced(row, Some(price_column), name, price, Unpriced::Problem)
        else {
            continue;
        };
        let Some(visibility) = visibility(text(Field::Visibility)) else {
            let reason = "this is neither yes nor no: write shown, hidden or archived";
            intake.problem(row.line, Field::Visibility, text(Field::Visibility), reason);
            continue;
        };
        let variant = text(Field::Variant);
        let full_name = with_variant(name, variant);
        let group = Some(text(Field::Group)).filter(|group| !group.is_empty());
        let group = group.or(Some(name).filter(|_| !variant.is_empty()));
        intake.take(Draft {
            line: row.line,
            sku: text(Field::Sku).to_owned(),
            basis: full_name.clone(),
            name: full_name,
            group: group.map(str::to_owned),
            category: Some(text(Field::Category).to_owned()),
            description: html::to_text(text(Field::Description)),
            price,
            barcodes: barcodes(text(Field::Barcodes)),
            picture: Some(text(Field::Picture).to_owned()),
            visibility,
            terms: Terms::default(),
        });
    }
    Ok(())
}

/// A product's name with what tells it from its siblings; no name stays no name.
pub(super) fn with_variant(name: &str, variant: &str) -> String {
    if name.is_empty() || variant.is_empty() {
        name.to_owned()
    } else {
        format!("{name}, {variant}")
    }
}

/// Codes that share a cell. An apostrophe in front is a spreadsheet's way to keep zeros.
pub(super) fn barcodes(cell: &str) -> Vec<String> {
    cell.split([',', ';', '|', '\n'])
        .map(|code| unquoted(code.trim()).to_owned())
        .filter(|code| !code.is_empty())
        .collect()
}

/// Without the apostrophe that keeps a spreadsheet from reading a code as a number.
pub(super) fn unquoted(code: &str) -> &str {
    code.strip_prefix('\'').unwrap_or(code)
}

fn visibility(cell: &str) -> Option<Visibility> {
    match fold(cell).as_str() {
        "" | "shown" | "visible" | "published" | "active" | "aktiv" | "yes" | "y" | "true"
        | "1" | "x" | "ja" | "j" | "si" | "s" | "oui" | "o" | "tak" | "t" | "sim" | "actif"
        | "activo" | "attivo" | "ativo" | "aktywny" | "actief" | "sichtbar" => {
            Some(Visibility::Shown)
        }
        "hidden" | "draft" | "inactive" | "inaktiv" | "no" | "n" | "false" | "0" | "nein"
        | "non" | "nie" | "nao" | "nee" | "unpublished" | "versteckt" => Some(Visibility::Hidden),
        "archived" | "archiviert" | "deleted" => Some(Visibility::Archived),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_guessed_in_several_languages() {
        for (headings, name, price) in [
            ("Name|Price", 0, 1),
            ("Price (EUR)|Product name", 1, 0),
            ("Artikelnummer|Bezeichnung|EK netto|VK brutto", 1, 3),
            ("Artikel-Nr.|Artikel|Warengruppe|Preis in €", 1, 3),
            ("Referencia|Descripción|Precio|Precio de compra", 1, 2),
            ("Désignation|Prix TTC|Prix d'achat", 0, 1),
            ("Codice|Prodotto|Prezzo di vendita €", 1, 2),
            ("Nazwa towaru|Cena zakupu|Cena brutto", 0, 2),
            ("Código|Nome do produto|Preço", 1, 2),
            ("Omschrijving|Verkoopprijs", 0, 1),
            ("Item|Cost price|Price incl. VAT", 0, 2),
            ("Назва|Ціна", 0, 1),
        ] {
            let keys: Vec<String> = headings.split('|').map(key).collect();
            let columns = columns(&keys, &Mapping::default());
            let found = (columns.get(&Field::Name), columns.get(&Field::Price));
            assert_eq!(
                found,
                (Some(&name), Some(&price)),
                "{headings}: {columns:?}"
            );
        }
        assert!(!fits(&["datum".to_owned(), "betrag".to_owned()]));
    }

    #[test]
    fn a_mapping_is_read_and_goes_before_the_guess() {
        let mapping = Mapping::parse("name=Ware, price=\"VK, brutto\",barcode=EAN").unwrap();
        let keys: Vec<String> = ["Name", "ware", "vk, brutto", "Preis", "EAN"]
            .map(key)
            .to_vec();
        let columns = columns(&keys, &mapping);
        assert_eq!(columns.get(&Field::Name), Some(&1));
        assert_eq!(columns.get(&Field::Price), Some(&2));
        assert_eq!(columns.get(&Field::Barcodes), Some(&4));
        for text in ["name", "name=", "name=\"a", "name=\"a\"b"] {
            assert!(
                matches!(Mapping::parse(text), Err(CatalogFileError::Mapping(_))),
                "{text}"
            );
        }
        let unknown = Mapping::parse("colour=A").unwrap_err().to_string();
        assert!(unknown.contains("use one of sku, name"), "{unknown}");
    }
}
