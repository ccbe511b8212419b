//! `tillcode catalog import` and `export`: files to products and back.
//!
//! Reading the file is `proto::catalog`'s; what changes is `CatalogChange`'s; here the two meet the
//! till. An import goes in commands of a few hundred products, so that a tap waits briefly, and can
//! be repeated at any point: what is the same is not sent again.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chrono::NaiveDate;

use super::Desk;
use crate::domain::catalog::{CatalogChange, Missing, Product};
use crate::domain::day::DayRule;
use crate::domain::id::ProductId;
use crate::domain::locale::Locale;
use crate::domain::money::Currency;
use crate::domain::time::Timestamp;
use crate::proto::catalog::{
    CatalogFile, FILE_BYTES_MAX, Format, Mapping, ReadOptions, read, write_csv, write_json,
};
use crate::terminal::command::PRODUCTS_PER_COMMAND_MAX;
use crate::terminal::{Answer, Command, Query, Reply};

mod report;

pub use report::{ChangedField, ChangedProduct, Content, ImportReport, Outcome, ProductLine};

/// What a catalog command knows of the shop.
#[derive(Clone, Debug)]
pub struct ShopContext {
    /// The currency of prices that name none.
    pub currency: Currency,
    /// How the shop writes numbers.
    pub locale: Locale,
    /// What products' ids are derived from; the same on every till of the shop.
    pub shop_key: String,
    /// The shop's own day: decides whether a sale price counts.
    pub today: NaiveDate,
    /// Where its days begin and end.
    pub day: DayRule,
    /// What the clock says.
    pub now: Timestamp,
}

impl ShopContext {
    /// When a day of the shop ends; none for one beyond all calendars.
    pub(super) fn end_of_day(&self, day: NaiveDate) -> Option<Timestamp> {
        self.day.start_of(day.succ_opt()?)
    }
}

/// What `catalog import` is told.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one option")]
pub struct ImportArgs {
    /// A .csv, .json, .xlsx or .ods file.
    pub file: PathBuf,
    /// Whose export it is; `table` is anybody's list.
    #[arg(long, value_enum, default_value_t = FormatChoice::Auto)]
    pub format: FormatChoice,
    /// Say what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Take all rows or none.
    #[arg(long)]
    pub strict: bool,
    /// Archive the products that the file does not name.
    #[arg(long)]
    pub replace: bool,
    /// Which column is what: name=Column,price="Other column". May be given several times.
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    pub map: Vec<String>,
    /// How the file writes numbers, as a language: `de`, `en-US`.
    #[arg(long)]
    pub locale: Option<String>,
    /// Report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// The choices of `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "lowercase")]
pub enum FormatChoice {
    /// The file says it itself.
    #[default]
    Auto,
    /// Tillcode's own JSON or CSV.
    Tillcode,
    /// Shopify's product export.
    Shopify,
    /// Square's item library.
    Square,
    /// WooCommerce's product export.
    WooCommerce,
    /// Loyverse's item list.
    Loyverse,
    /// Anybody's list.
    Table,
}

impl FormatChoice {
    const fn format(self) -> Option<Format> {
        match self {
            Self::Auto => None,
            Self::Tillcode => Some(Format::Tillcode),
            Self::Shopify => Some(Format::Shopify),
            Self::Square => Some(Format::Square),
            Self::WooCommerce => Some(Format::WooCommerce),
            Self::Loyverse => Some(Format::Loyverse),
            Self::Table => Some(Format::Table),
        }
    }
}

/// Reads a file, compares it with what is there and puts the difference.
///
/// Rows that could not be read are in the report and no error; [`ImportReport::is_done`] says
/// whether the command may end with success.
pub fn import(
    desk: &mut dyn Desk,
    args: &ImportArgs,
    context: &ShopContext,
) -> anyhow::Result<ImportReport> {
    let shown = args.file.display();
    let mut file = read_file(args, context).with_context(|| format!("{shown}"))?;
    resolve_pictures(&mut file, &args.file)?;
    let present = present(desk)?;
    file.keep_what_is_not_named(&present);
    let incoming = std::mem::take(&mut file.products);
    let mut notes = foreign_currencies(&incoming, context.currency);
    // A row that could not be read may be one of the products that seem to be missing.
    let missing = match (args.replace, file.problems.is_empty()) {
        (true, true) => Missing::Archive,
        (true, false) => {
            notes.push(
                "nothing is archived while rows have problems: correct them and import again"
                    .to_owned(),
            );
            Missing::Keep
        }
        (false, _) => Missing::Keep,
    };
    let change = CatalogChange::between(&present, incoming, missing);
    let outcome = if args.strict && !file.problems.is_empty() {
        Outcome::Refused
    } else if args.dry_run {
        Outcome::DryRun
    } else {
        Outcome::Done
    };
    let report = ImportReport::new(&args.file, file, &change, outcome, notes, context.locale);
    if outcome == Outcome::Done {
        put(desk, change, &args.file)?;
    }
    Ok(report)
}

/// Writes the whole catalog, archived products too, as JSON or CSV by the file's ending. Returns how
/// many products there are.
pub fn export(desk: &mut dyn Desk, file: &Path) -> anyhow::Result<usize> {
    let products = products(desk)?;
    let ending = file.extension().and_then(|ending| ending.to_str());
    let text = match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("json") => write_json(&products),
        Some("csv") => write_csv(&products),
        Some(_) | None => bail!(
            "{}: the file's ending says how to write it: use .json or .csv",
            file.display()
        ),
    };
    // Written beside and renamed, so that a full disk leaves the old export as it was.
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
    written.with_context(|| format!("{} cannot be written: is there room?", file.display()))?;
    Ok(products.len())
}

/// Every product of the till, by SKU.
pub(super) fn products(desk: &mut dyn Desk) -> anyhow::Result<Vec<Product>> {
    let answer = desk.query(Query::Products)?;
    let Answer::Products { products } = answer else {
        return Err(super::unexpected(answer).context("the catalog cannot be read"));
    };
    Ok(products)
}

/// Puts products and waits until they are on disk.
pub(super) fn put_some(
    desk: &mut dyn Desk,
    products: Vec<Product>,
    source: String,
) -> anyhow::Result<()> {
    match desk.command(Command::PutProducts { products, source })? {
        Reply::Done => Ok(()),
        Reply::Refused { notice } => bail!("{notice}"),
        Reply::Sale { .. }
        | Reply::Link { .. }
        | Reply::Remote { .. }
        | Reply::Prints { .. }
        | Reply::Patrol { .. }
        | Reply::Stickers { .. } => {
            bail!("the till answered something else: is another version of it running?")
        }
    }
}

fn put(desk: &mut dyn Desk, change: CatalogChange, file: &Path) -> anyhow::Result<()> {
    let products = change.into_products();
    let name = file.file_name().unwrap_or(file.as_os_str());
    let source = format!("import of {}", name.display());
    let mut stored: usize = 0;
    for chunk in products.chunks(PRODUCTS_PER_COMMAND_MAX) {
        put_some(desk, chunk.to_vec(), source.clone()).with_context(|| {
            format!(
                "{stored} of {} changes are stored: import again to store the rest",
                products.len()
            )
        })?;
        stored = stored.saturating_add(chunk.len());
    }
    Ok(())
}

fn read_file(args: &ImportArgs, context: &ShopContext) -> anyhow::Result<CatalogFile> {
    let stated_locale = match args.locale.as_deref() {
        None => None,
        Some(tag) => Some(Locale::from_tag(tag).with_context(|| {
            format!("--locale {tag:?} is not known: use a language such as de or en-US")
        })?),
    };
    let mapping = Mapping::parse(&args.map.join(","))?;
    let options = ReadOptions {
        format: args.format.format(),
        stated_locale,
        shop_locale: context.locale,
        currency: context.currency,
        today: context.today,
        shop_key: &context.shop_key,
        mapping: &mapping,
    };
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    Ok(read(&bytes(&args.file)?, &name, &options)?)
}

fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = FILE_BYTES_MAX.saturating_add(1);
    let read = std::fs::File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    let len = read.context("the file cannot be read: check its name and whose it is")?;
    if u64::try_from(len).is_ok_and(|len| len > FILE_BYTES_MAX) {
        bail!(
            "the file is larger than {} MB: split it",
            FILE_BYTES_MAX >> 20
        );
    }
    Ok(bytes)
}

fn present(desk: &mut dyn Desk) -> anyhow::Result<BTreeMap<ProductId, Arc<Product>>> {
    let products = products(desk)?.into_iter();
    Ok(products
        .map(|product| (product.id, Arc::new(product)))
        .collect())
}

/// A picture without an address is a file beside the catalog's.
fn resolve_pictures(file: &mut CatalogFile, path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(path);
    for product in &mut file.products {
        if let Some(picture) = &mut product.picture {
            *picture = picture_from(folder, picture)?;
        }
    }
    Ok(())
}

/// Where a picture is: its address, or its file under a folder as an absolute path.
pub(super) fn picture_from(folder: &Path, picture: &str) -> anyhow::Result<String> {
    if picture.is_empty() || picture.contains("://") {
        return Ok(picture.to_owned());
    }
    let path = std::path::absolute(folder.join(picture));
    let path = path.context("the working folder is gone: change to another")?;
    Ok(path.to_string_lossy().into_owned())
}

fn foreign_currencies(products: &[Product], shop: Currency) -> Vec<String> {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for product in products {
        let count = counts.entry(product.price.currency).or_default();
        *count = count.saturating_add(1);
    }
    counts.remove(&shop);
    let note = |(currency, count)| {
        format!("{count} products have prices in {currency}: this till sells in {shop} only")
    };
    counts.into_iter().map(note).collect()
}

#[cfg(test)]
pub(super) mod tests;
