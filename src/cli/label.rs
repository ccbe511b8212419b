//! `tillcode label`: stickers on paper.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use image::{GrayImage, ImageFormat, Luma};

use super::printing::{outcome, wait};
use super::{Desk, accept, to_json, unexpected};
use crate::domain::bitmap::Bitmap;
use crate::domain::id::ProductId;
use crate::terminal::printing::StickerOf;
use crate::terminal::{Answer, Command, PaperCommand, PaperQuery, Query, Reply};

#[derive(Debug, Subcommand)]
pub(super) enum LabelTask {
    /// Prints stickers of a product and waits until they are there.
    Print(PrintArgs),
    /// Writes stickers as a PDF for sheets of labels, or one as SVG or PNG, and takes them into the
    /// register.
    Sheet(Box<super::label_sheet::SheetArgs>),
    /// Shows a sticker before it is printed: its lines, its length, and what the printer lacks.
    Preview(PreviewArgs),
}

#[derive(Debug, Args)]
pub(super) struct PrintArgs {
    /// The product.
    #[arg(long)]
    sku: String,
    /// How many.
    #[arg(long, default_value_t = 1)]
    copies: u32,
    /// Where they will hang, for the register.
    #[arg(long, default_value = "")]
    place: String,
    /// The printer's name; without it the first that is used for stickers.
    #[arg(long, value_name = "NAME")]
    printer: Option<String>,
    #[command(flatten)]
    wait: WaitArgs,
}

/// How what comes of it is told.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct WaitArgs {
    /// Does not wait for the paper.
    #[arg(long)]
    pub(super) no_wait: bool,
    /// One JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct PreviewArgs {
    /// The product.
    #[arg(long)]
    sku: String,
    /// The printer's name; without it the first that is used for stickers.
    #[arg(long, value_name = "NAME")]
    printer: Option<String>,
    /// A file that ends with .png: the sticker in the printer's own dots.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(desk: &mut dyn Desk, task: &LabelTask) -> anyhow::Result<String> {
    match task {
        LabelTask::Print(args) => print(desk, args),
        LabelTask::Sheet(args) => super::label_sheet::run(desk, args),
        LabelTask::Preview(args) => preview(desk, args),
    }
}

fn print(desk: &mut dyn Desk, args: &PrintArgs) -> anyhow::Result<String> {
    let command = Command::Paper(PaperCommand::Stickers {
        of: of_sku(desk, &args.sku)?,
        copies: args.copies,
        place: args.place.clone(),
        printer: args.printer.clone(),
    });
    let reply = accept(desk.command(command)?)?;
    report(desk, reply, args.wait)
}

/// Waits where it is wanted, and says what came of it.
pub(super) fn report(desk: &mut dyn Desk, reply: Reply, args: WaitArgs) -> anyhow::Result<String> {
    let WaitArgs { no_wait, json } = args;
    let Reply::Prints { prints } = reply else {
        anyhow::bail!("the till did not say what it prints: see `tillcode printer queue`");
    };
    if no_wait {
        return if json {
            to_json(&prints)
        } else {
            Ok(prints.iter().map(|id| id.to_string() + "\n").collect())
        };
    }
    let found = wait(desk, &prints)?;
    let text = outcome(&found)?;
    if json { to_json(&found) } else { Ok(text) }
}

fn preview(desk: &mut dyn Desk, args: &PreviewArgs) -> anyhow::Result<String> {
    let query = Query::Paper(PaperQuery::StickerPaper {
        of: of_sku(desk, &args.sku)?,
        printer: args.printer.clone(),
    });
    let answer = desk.query(query)?;
    let Answer::Paper { paper } = answer else {
        return Err(unexpected(answer));
    };
    if let Some(file) = &args.out {
        draw(&paper.picture, file)?;
    }
    if args.json {
        return to_json(&paper);
    }
    let millimeters = paper.tenths_mm.div_ceil(10);
    let mut text = format!("{}: {millimeters} mm of paper\n", paper.printer);
    for (character, instead) in &paper.replaced {
        text.extend([&character.to_string(), " is printed as ", instead, "\n"]);
    }
    Ok(text)
}

/// The dots of the printer, one pixel each.
fn draw(picture: &Bitmap, file: &Path) -> anyhow::Result<()> {
    let is_png = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    anyhow::ensure!(is_png, "{} is no .png: name the file so", file.display());
    let (width, height) = (
        u32::try_from(picture.width())?,
        u32::try_from(picture.height())?,
    );
    let image = GrayImage::from_fn(width, height, |x, y| {
        let dot = usize::try_from(x).ok().zip(usize::try_from(y).ok());
        let is_black = dot.is_some_and(|(x, y)| picture.is_black(x, y));
        Luma([if is_black { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png)?;
    super::qr::write_file(file, &bytes.into_inner())
}

pub(super) fn of_sku(desk: &mut dyn Desk, sku: &str) -> anyhow::Result<StickerOf> {
    Ok(StickerOf::Product {
        product: product(desk, sku)?,
    })
}

pub(super) fn product(desk: &mut dyn Desk, sku: &str) -> anyhow::Result<ProductId> {
    let answer = desk.query(Query::Products)?;
    let Answer::Products { products } = answer else {
        return Err(unexpected(answer));
    };
    products
        .iter()
        .find(|product| product.sku == sku)
        .map(|product| product.id)
        .with_context(|| format!("there is no product {sku:?}: `tillcode product list` shows them"))
}
