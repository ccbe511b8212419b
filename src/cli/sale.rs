//! `tillcode sale`: selling from a script, and looking at sales.

use std::fmt::Write as _;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::catalog::ShopContext;
use super::{Desk, accept, to_json, unexpected};
use crate::domain::id::SaleId;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::terminal::query::SaleDetail;
use crate::terminal::{Answer, Command, NewLine, PaperCommand, Query, Reply, SaleView};

/// How long `sale new` waits for a code that is made now.
const CODE_WAIT_MS: u64 = 20_000;
const CODE_POLL_MS: u64 = 50;

#[derive(Debug, Subcommand)]
pub(super) enum SaleTask {
    /// Begins a sale and prints it with the link that its customer is to pay.
    New(NewArgs),
    /// Lists sales, newest first.
    List {
        /// Only those whose payment nobody reports: to be compared with the provider's list.
        #[arg(long)]
        to_check: bool,
        /// At most so many.
        #[arg(long, default_value_t = 200)]
        limit: usize,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Shows one sale with all that happened to it.
    Show {
        /// Its reference (K7-0042) or its id.
        sale: String,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Says whether a sale's payment is in the provider's own list.
    Check(CheckArgs),
    /// Prints the receipt of a sale as it stands; one after the first is marked as a copy.
    Receipt {
        /// Its reference (K7-0042) or its id.
        sale: String,
        /// The printer's name; without it the first that is used for receipts.
        #[arg(long, value_name = "NAME")]
        printer: Option<String>,
        #[command(flatten)]
        wait: super::label::WaitArgs,
    },
    /// Ends a sale that is not paid.
    Cancel {
        /// Its reference (K7-0042) or its id.
        sale: String,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false, args = ["found", "missing"])]
pub(super) struct CheckArgs {
    /// Its reference (K7-0042) or its id.
    sale: String,
    /// It is there: the sale is paid.
    #[arg(long)]
    found: bool,
    /// It is not there. A payment that is heard of later counts still.
    #[arg(long)]
    missing: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// What is sold: a SKU, or a SKU and how many (`TEAx3`); may be repeated.
    #[arg(long, value_name = "SKU[xN]", required_unless_present = "amount")]
    sku: Vec<String>,
    /// An amount without a product, as the shop writes it (12.50).
    #[arg(long, conflicts_with = "sku")]
    amount: Option<String>,
    /// The payment account; without it the first one.
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// Acts as if there were no network.
    #[arg(long)]
    offline: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(
    context: &ShopContext,
    desk: &mut dyn Desk,
    task: &SaleTask,
) -> anyhow::Result<String> {
    match task {
        SaleTask::New(args) => new(context, desk, args),
        SaleTask::List {
            to_check,
            limit,
            json,
        } => {
            let all = Query::Sales {
                since: Timestamp::from_millis(0),
                limit: *limit,
            };
            let query = if *to_check { Query::ToCheck } else { all };
            list(desk, query, *limit, *json)
        }
        SaleTask::Show { sale, json } => detail_text(&find(desk, sale)?, *json),
        SaleTask::Check(args) => {
            let sale = find(desk, &args.sale)?.sale.id;
            let found = args.found && !args.missing;
            let pin = None;
            accept(desk.command(Command::CheckSale { sale, found, pin })?)?;
            detail_text(&find(desk, &sale.to_string())?, args.json)
        }
        SaleTask::Receipt {
            sale,
            printer,
            wait,
        } => {
            let command = Command::Paper(PaperCommand::Receipt {
                sale: find(desk, sale)?.sale.id,
                printer: printer.clone(),
            });
            let reply = accept(desk.command(command)?)?;
            super::label::report(desk, reply, *wait)
        }
        SaleTask::Cancel { sale, json } => {
            let id = find(desk, sale)?.sale.id;
            accept(desk.command(Command::CancelSale { sale: id })?)?;
            detail_text(&find(desk, &id.to_string())?, *json)
        }
    }
}

fn new(context: &ShopContext, desk: &mut dyn Desk, args: &NewArgs) -> anyhow::Result<String> {
    let lines = match &args.amount {
        Some(text) => {
            let amount = Amount::parse(text, context.locale, context.currency)
                .with_context(|| format!("the amount {text:?} cannot be read"))?;
            vec![NewLine::Amount(amount)]
        }
        None => args
            .sku
            .iter()
            .map(|item| item_of(desk, item))
            .collect::<anyhow::Result<_>>()?,
    };
    let command = Command::NewSale {
        lines,
        backend: args.backend.clone(),
        offline: args.offline,
    };
    let Reply::Sale { sale } = accept(desk.command(command)?)? else {
        anyhow::bail!("the till did not say which sale it began: see `tillcode sale list`");
    };
    let sale = wait_for_code(desk, *sale)?;
    if args.json {
        to_json(&sale)
    } else {
        Ok(line(&sale))
    }
}

/// `TEA` or `TEAx3`. A SKU that ends like a number of pieces is found first.
fn item_of(desk: &mut dyn Desk, item: &str) -> anyhow::Result<NewLine> {
    let whole = NewLine::Sku {
        sku: item.to_owned(),
        quantity: 1,
    };
    let Some((sku, quantity)) = item.rsplit_once('x') else {
        return Ok(whole);
    };
    let Ok(quantity) = quantity.parse::<u32>() else {
        return Ok(whole);
    };
    let Answer::Products { products } = desk.query(Query::Products)? else {
        anyhow::bail!("the catalog cannot be read");
    };
    if sku.is_empty() || products.iter().any(|product| product.sku == item) {
        return Ok(whole);
    }
    Ok(NewLine::Sku {
        sku: sku.to_owned(),
        quantity,
    })
}

/// A code that is made now takes a moment; the sale is on disk in any case.
fn wait_for_code(desk: &mut dyn Desk, mut sale: SaleView) -> anyhow::Result<SaleView> {
    let mut waited = 0;
    while sale.url.is_none() && waited < CODE_WAIT_MS {
        std::thread::sleep(std::time::Duration::from_millis(CODE_POLL_MS));
        waited = waited.saturating_add(CODE_POLL_MS);
        if let Answer::Sale { sale: Some(found) } = desk.query(Query::Sale { id: sale.id })? {
            sale = found.sale;
        }
    }
    anyhow::ensure!(
        sale.url.is_some(),
        "the sale {} is kept, but the payment account gave no code: see `tillcode status`",
        sale.reference
    );
    Ok(sale)
}

fn list(desk: &mut dyn Desk, query: Query, limit: usize, json: bool) -> anyhow::Result<String> {
    let Answer::Sales { mut sales } = desk.query(query)? else {
        anyhow::bail!("the sales cannot be read");
    };
    sales.truncate(limit);
    if json {
        return to_json(&sales);
    }
    Ok(sales.iter().map(|sale| line(sale) + "\n").collect())
}

pub(super) fn find(desk: &mut dyn Desk, name: &str) -> anyhow::Result<SaleDetail> {
    let query = match name.parse::<SaleId>() {
        Ok(id) => Query::Sale { id },
        Err(_not_an_id) => Query::SaleByReference {
            reference: name.to_owned(),
        },
    };
    let answer = desk.query(query)?;
    let Answer::Sale { sale } = answer else {
        return Err(unexpected(answer));
    };
    let sale = sale.with_context(|| {
        format!("there is no sale {name:?} on this till: `tillcode sale list` shows them")
    })?;
    Ok(*sale)
}

fn detail_text(detail: &SaleDetail, json: bool) -> anyhow::Result<String> {
    if json {
        return to_json(detail);
    }
    let mut text = line(&detail.sale);
    for item in &detail.sale.lines {
        let price = item.unit.to_decimal();
        write!(
            text,
            "\n  {} x {} {price} {}",
            item.quantity, item.name, item.unit.currency
        )?;
    }
    for fact in &detail.facts {
        write!(
            text,
            "\n  {}  {}",
            fact.at().to_rfc3339(),
            serde_json::to_string(fact)?
        )?;
    }
    Ok(text)
}

fn line(sale: &SaleView) -> String {
    format!(
        "{}  {}  {} {}  {}  {}",
        sale.reference,
        sale.created_at.to_rfc3339(),
        sale.total.to_decimal(),
        sale.total.currency,
        serde_json::to_value(sale.state)
            .ok()
            .and_then(|state| state.as_str().map(str::to_owned))
            .unwrap_or_default(),
        sale.url
            .as_deref()
            .unwrap_or(if sale.cash { "cash" } else { "-" }),
    )
}
