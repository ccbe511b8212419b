//! `tillcode label`: stickers on paper.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use image::{GrayImage, ImageFormat, Luma};

use super::printing::{outcome, wait};
use super::{Desk, to_json, unexpected};
use crate::domain::bitmap::Bitmap;
use crate::domain::id::{PrintId, ProductId};
use crate::terminal::printing::StickerOf;
use crate::terminal::query::PaperView;
use crate::terminal::{Answer, PaperQuery, Query, Reply};

#[derive(Debug, Subcommand)]
pub(super) enum LabelTask {
    /// Prints stickers of products and waits until they are there.
    Print(super::label_print::PrintArgs),
    /// Writes stickers as a PDF for sheets of labels, or one as SVG or PNG, and takes them into the
    /// register.
    Sheet(Box<super::label_sheet::SheetArgs>),
    /// Shows a sticker before it is printed: its lines, its length, and what the printer lacks.
    Preview(PreviewArgs),
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
        LabelTask::Print(args) => super::label_print::run(desk, args),
        LabelTask::Sheet(args) => super::label_sheet::run(desk, args),
        LabelTask::Preview(args) => preview(desk, args),
    }
}

/// Waits where it is wanted, and says what came of it.
pub(super) fn report(desk: &mut dyn Desk, reply: Reply, args: WaitArgs) -> anyhow::Result<String> {
    let Reply::Prints { prints } = reply else {
        anyhow::bail!("the till did not say what it prints: see `tillcode printer queue`");
    };
    report_of(desk, &prints, args)
}

/// The same of these sheets.
pub(super) fn report_of(
    desk: &mut dyn Desk,
    prints: &[PrintId],
    args: WaitArgs,
) -> anyhow::Result<String> {
    let WaitArgs { no_wait, json } = args;
    if no_wait {
        return if json {
            to_json(&prints)
        } else {
            Ok(prints.iter().map(|id| id.to_string() + "\n").collect())
        };
    }
    let found = wait(desk, prints)?;
    let text = outcome(&found)?;
    if json { to_json(&found) } else { Ok(text) }
}

/// What a sticker would be on paper.
pub(super) fn paper(
    desk: &mut dyn Desk,
    sku: &str,
    printer: Option<&str>,
) -> anyhow::Result<Box<PaperView>> {
    let query = Query::Paper(PaperQuery::StickerPaper {
        of: of_sku(desk, sku)?,
        printer: printer.map(str::to_owned),
    });
    let answer = desk.query(query)?;
    let Answer::Paper { paper } = answer else {
        return Err(unexpected(answer));
    };
    Ok(paper)
}

fn preview(desk: &mut dyn Desk, args: &PreviewArgs) -> anyhow::Result<String> {
    let paper = paper(desk, &args.sku, args.printer.as_deref())?;
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
