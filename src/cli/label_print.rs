//! `tillcode label print`: stickers of one product or of many.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::label::{WaitArgs, of_sku, paper, report_of};
use super::{Desk, accept, tell};
use crate::domain::print::COPIES_MAX;
use crate::proto::catalog::stock::read_stock;
use crate::terminal::{Command, PaperCommand, Reply};

/// Bytes of a file of goods.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

#[derive(Debug, Args)]
pub(super) struct PrintArgs {
    /// The product; several times for several.
    #[arg(long, required_unless_present = "stock")]
    sku: Vec<String>,
    /// How many of each.
    #[arg(long, default_value_t = 1)]
    copies: u32,
    /// A file of the goods that came, with the columns sku and count: as many stickers of each.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["sku", "copies"])]
    stock: Option<PathBuf>,
    /// Where they will hang, for the register.
    #[arg(long, default_value = "")]
    place: String,
    /// The printer's name; without it the first that is used for stickers.
    #[arg(long, value_name = "NAME")]
    printer: Option<String>,
    #[command(flatten)]
    wait: WaitArgs,
}

pub(super) fn run(desk: &mut dyn Desk, args: &PrintArgs) -> anyhow::Result<String> {
    let wanted = match &args.stock {
        Some(file) => goods(file)?,
        None => args
            .sku
            .iter()
            .map(|sku| (sku.clone(), args.copies))
            .collect(),
    };
    // All of them could be printed, or none is.
    let mut tenths_mm: u64 = 0;
    for (sku, copies) in &wanted {
        let one = u64::try_from(paper(desk, sku, args.printer.as_deref())?.tenths_mm)?;
        tenths_mm = tenths_mm.saturating_add(one.saturating_mul((*copies).into()));
    }
    tell(&format!("{} cm of paper", tenths_mm.div_ceil(100)));
    let mut prints = Vec::new();
    for (sku, copies) in &wanted {
        let command = PaperCommand::Stickers {
            of: of_sku(desk, sku)?,
            copies: *copies,
            place: args.place.clone(),
            printer: args.printer.clone(),
        };
        let reply = accept(desk.command(Command::Paper(command))?)?;
        let Reply::Prints { prints: some } = reply else {
            anyhow::bail!("the till did not say what it prints: see `tillcode printer queue`");
        };
        prints.extend(some);
    }
    report_of(desk, &prints, args.wait)
}

fn goods(file: &Path) -> anyhow::Result<Vec<(String, u32)>> {
    let read = || -> anyhow::Result<Vec<(String, u32)>> {
        let mut text = String::new();
        let opened = std::fs::File::open(file)?;
        opened.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
        Ok(read_stock(&text, COPIES_MAX)?)
    };
    read().with_context(|| format!("{} cannot be taken", file.display()))
}
