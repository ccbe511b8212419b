//! `tillcode product list|show|add|set|archive`: single products, by their SKU.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::catalog::{ShopContext, picture_from, products, put_some};
use super::{Desk, ask_sync, options};
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::ProductId;
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::domain::options::Options;
use crate::domain::search::SearchIndex;
use crate::proto::catalog::{SkuMaker, check};

/// What to do with products.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum ProductCommand {
    /// Lists products, by SKU.
    List {
        /// Only those with these words in name, SKU or barcode.
        #[arg(long)]
        search: Option<String>,
        /// Archived ones too.
        #[arg(long)]
        all: bool,
    },
    /// Shows one product with everything it has.
    Show {
        /// Its article number.
        sku: String,
    },
    /// Adds a product.
    Add {
        /// What the tile says.
        #[arg(long)]
        name: String,
        /// What one piece costs, as the shop writes it: 3.50.
        #[arg(long, required_unless_present = "open")]
        price: Option<String>,
        /// Its article number; made from the name where it is left out.
        #[arg(long)]
        sku: Option<String>,
        /// Everything else.
        #[command(flatten)]
        details: Details,
    },
    /// Changes what is given and leaves the rest.
    Set {
        /// Its article number.
        sku: String,
        /// What the tile says.
        #[arg(long)]
        name: Option<String>,
        /// What one piece costs, as the shop writes it: 3.50.
        #[arg(long)]
        price: Option<String>,
        /// Everything else.
        #[command(flatten)]
        details: Details,
    },
    /// Takes a product out of sale; old sales keep it.
    Archive {
        /// Its article number.
        sku: String,
    },
}

/// What a product may have. An empty text takes it away.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Details {
    /// What variants of one thing have in common.
    #[arg(long)]
    pub group: Option<String>,
    /// The heading it is filed under.
    #[arg(long)]
    pub category: Option<String>,
    /// More words.
    #[arg(long)]
    pub description: Option<String>,
    /// A code that a scanner reads; may be given several times.
    #[arg(long)]
    pub barcode: Vec<String>,
    /// A picture's file or address.
    #[arg(long)]
    pub picture: Option<String>,
    /// Whether it has a tile.
    #[arg(long, value_enum)]
    pub visibility: Option<VisibilityChoice>,
    /// The payer types how much; it has no price of its own.
    #[arg(long, conflicts_with_all = ["price", "fixed"])]
    pub open: bool,
    /// It costs its price.
    #[arg(long)]
    pub fixed: bool,
    /// What only a payment provider understands; may be given several times. An empty value takes the
    /// option away.
    #[arg(long, value_name = "NAME=VALUE")]
    pub option: Vec<String>,
}

/// The choices of `--visibility`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum VisibilityChoice {
    /// On the Sell screen.
    Shown,
    /// Found by its barcode only.
    Hidden,
    /// No longer sold.
    Archived,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// For people.
    Text,
    /// For scripts: one JSON document.
    Json,
}

/// Does it, and says what there is to see.
pub fn run(
    desk: &mut dyn Desk,
    command: &ProductCommand,
    context: &ShopContext,
    output: Output,
) -> anyhow::Result<String> {
    let present = products(desk)?;
    let product = match command {
        ProductCommand::List { search, all } => {
            let listed = listed(&present, search.as_deref(), *all);
            return match output {
                Output::Text => Ok(listed
                    .iter()
                    .map(|product| line(product, context))
                    .collect()),
                Output::Json => json(&listed),
            };
        }
        ProductCommand::Show { sku } => find(&present, sku)?.clone(),
        ProductCommand::Add {
            name,
            price,
            sku,
            details,
        } => {
            let names = (name.as_str(), sku.as_deref());
            let mut product = added(&present, names, price.as_deref(), details, context)?;
            details.set_options(desk, &mut product)?;
            stored(desk, product)?
        }
        ProductCommand::Set {
            sku,
            name,
            price,
            details,
        } => {
            let mut product = find(&present, sku)?.clone();
            if let Some(name) = name {
                product.name.clone_from(name);
            }
            if let Some(price) = price {
                product.price = amount(price, context)?;
            }
            details.apply(&mut product)?;
            details.set_options(desk, &mut product)?;
            stored(desk, check(product, &context.shop_key)?)?
        }
        ProductCommand::Archive { sku } => {
            let mut product = find(&present, sku)?.clone();
            product.visibility = Visibility::Archived;
            stored(desk, product)?
        }
    };
    match output {
        Output::Text => Ok(page(&product, context)),
        Output::Json => json(&product),
    }
}

impl Details {
    fn apply(&self, product: &mut Product) -> anyhow::Result<()> {
        let set = |field: &mut Option<String>, text: &Option<String>| {
            if text.is_some() {
                field.clone_from(text);
            }
        };
        set(&mut product.group, &self.group);
        set(&mut product.category, &self.category);
        if let Some(picture) = &self.picture {
            product.picture = Some(picture_from(Path::new(""), picture)?);
        }
        if let Some(description) = &self.description {
            product.description.clone_from(description);
        }
        if !self.barcode.is_empty() {
            product.barcodes.clone_from(&self.barcode);
        }
        if let Some(visibility) = self.visibility {
            product.visibility = match visibility {
                VisibilityChoice::Shown => Visibility::Shown,
                VisibilityChoice::Hidden => Visibility::Hidden,
                VisibilityChoice::Archived => Visibility::Archived,
            };
        }
        match (self.open, self.fixed) {
            (true, _) => {
                product.asking = Asking::Open;
                product.price = Amount::new(0, product.price.currency);
            }
            (false, true) => product.asking = Asking::Fixed,
            (false, false) => {}
        }
        Ok(())
    }

    /// Options are what the accounts of this till know.
    fn set_options(&self, desk: &mut dyn Desk, product: &mut Product) -> anyhow::Result<()> {
        if self.option.is_empty() {
            return Ok(());
        }
        let accounts = ask_sync(desk)?.accounts;
        options::set(
            &mut product.options,
            &self.option,
            &options::fields_of_all(&accounts),
        )
    }
}

/// A new product, its name and SKU as they were typed.
fn added(
    present: &[Product],
    (name, sku): (&str, Option<&str>),
    price: Option<&str>,
    details: &Details,
    context: &ShopContext,
) -> anyhow::Result<Product> {
    let given = SkuMaker::new(present.iter().map(|product| product.sku.clone()));
    let sku = sku.map_or_else(|| given.clone().make(name, &[]), str::to_owned);
    let mut product = Product {
        id: ProductId::of_sku(&context.shop_key, &sku),
        sku,
        name: name.to_owned(),
        group: None,
        category: None,
        description: String::new(),
        price: match price {
            Some(price) => amount(price, context)?,
            None => Amount::new(0, context.currency),
        },
        asking: Asking::Fixed,
        options: Options::default(),
        barcodes: Vec::new(),
        picture: None,
        visibility: Visibility::Shown,
    };
    details.apply(&mut product)?;
    let product = check(product, &context.shop_key)?;
    if product.sku.is_empty() {
        bail!("--sku must not be empty: leave it out to have one made");
    }
    if given.is_taken(&product.sku) {
        bail!(
            "there is already a product {:?}: change it with `tillcode product set`",
            product.sku
        );
    }
    Ok(product)
}

fn stored(desk: &mut dyn Desk, product: Product) -> anyhow::Result<Product> {
    put_some(desk, vec![product.clone()], "product command".to_owned())?;
    Ok(product)
}

fn amount(price: &str, context: &ShopContext) -> anyhow::Result<Amount> {
    Amount::parse(price, context.locale, context.currency)
        .with_context(|| format!("--price {price:?}"))
}

fn find<'a>(present: &'a [Product], sku: &str) -> anyhow::Result<&'a Product> {
    present
        .iter()
        .find(|product| product.sku == sku)
        .with_context(|| format!("there is no product {sku:?}: `tillcode product list` shows them"))
}

fn listed<'a>(present: &'a [Product], search: Option<&str>, all: bool) -> Vec<&'a Product> {
    let sold = |product: &&Product| all || product.visibility != Visibility::Archived;
    let candidates: Vec<&Product> = present.iter().filter(sold).collect();
    match search {
        None => candidates,
        Some(words) => {
            let index = SearchIndex::build(candidates.iter().copied().enumerate());
            let found = index.find(words, candidates.len());
            let at = |position: usize| candidates.get(position).copied();
            found.into_iter().filter_map(at).collect()
        }
    }
}

fn json(value: &impl serde::Serialize) -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(value).context("the answer has no JSON form")?;
    Ok(text + "\n")
}

fn line(product: &Product, context: &ShopContext) -> String {
    let price = match product.asking {
        Asking::Fixed => product.price.format(context.locale),
        Asking::Open => "open".to_owned(),
    };
    let state = match product.visibility {
        Visibility::Shown => "",
        Visibility::Hidden => "  (hidden)",
        Visibility::Archived => "  (archived)",
    };
    format!("{:<20} {price:>14}  {}{state}\n", product.sku, product.name)
}

fn page(product: &Product, context: &ShopContext) -> String {
    let mut out = line(product, context);
    let barcodes = product.barcodes.join(" ");
    let options = if product.options.is_empty() {
        String::new()
    } else {
        // Names, numbers and texts always have a JSON form.
        serde_json::to_string(&product.options).unwrap_or_default()
    };
    for (field, text) in [
        ("group", product.group.as_deref().unwrap_or("")),
        ("category", product.category.as_deref().unwrap_or("")),
        ("barcodes", barcodes.as_str()),
        ("picture", product.picture.as_deref().unwrap_or("")),
        ("options", options.as_str()),
        ("description", product.description.as_str()),
    ] {
        if !text.is_empty() {
            out.push_str("  ");
            out.push_str(field);
            out.push_str(": ");
            out.push_str(&text.replace('\n', "\n    "));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests;
