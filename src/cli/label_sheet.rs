//! `tillcode label sheet`: stickers for an office printer.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::label::of_sku;
use super::qr::write_file;
use super::{Desk, accept, tell};
use crate::proto::print::sheet::{LAYOUTS, SheetLayout, SheetOptions, Sticker, pdf, png, svg};
use crate::terminal::printing::StickerText;
use crate::terminal::{Command, PaperCommand, Reply};

/// Dots of an inch of a PNG.
const DPI: u16 = 600;

#[derive(Debug, Args)]
pub(super) struct SheetArgs {
    /// A product, or several.
    #[arg(long, required = true, num_args = 1..)]
    sku: Vec<String>,
    /// How many of each.
    #[arg(long, default_value_t = 1)]
    copies: u32,
    /// The sheet of labels, as its packet calls it: "Avery L7160".
    #[arg(long, default_value = "Avery L7160", value_name = "NAME")]
    layout: String,
    /// The first free place of the first sheet, from 1, row by row.
    #[arg(long, default_value_t = 1)]
    start: usize,
    /// Moves all to the right, in tenths of a millimeter; -20 is two to the left.
    #[arg(
        long,
        default_value_t = 0,
        allow_negative_numbers = true,
        value_name = "TENTHS"
    )]
    right: i16,
    /// Moves all down, in tenths of a millimeter.
    #[arg(
        long,
        default_value_t = 0,
        allow_negative_numbers = true,
        value_name = "TENTHS"
    )]
    down: i16,
    /// How large all is: 1000 is right; 1002 where the check line measures 99.8 mm.
    #[arg(long, default_value_t = 1_000, value_name = "PER MILLE")]
    scale: u16,
    /// Draws a line that must measure 100.0 mm.
    #[arg(long)]
    check_line: bool,
    /// Draws the edges of stickers, to hold a page against the sheet of labels.
    #[arg(long)]
    outlines: bool,
    /// Where they will hang, for the register.
    #[arg(long, default_value = "")]
    place: String,
    /// A file that ends with .pdf; for one sticker also .svg or .png.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Pdf,
    Svg,
    Png,
}

impl Form {
    fn of(file: &Path) -> anyhow::Result<Self> {
        let ending = file.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("pdf") => Ok(Self::Pdf),
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            Some(_) | None => anyhow::bail!(
                "{} is neither .pdf nor .svg nor .png: name the file so",
                file.display()
            ),
        }
    }
}

/// All that can be wrong is found before a sticker is in the register.
pub(super) fn run(desk: &mut dyn Desk, args: &SheetArgs) -> anyhow::Result<String> {
    let form = Form::of(&args.out)?;
    let layout = SheetLayout::named(&args.layout).with_context(|| {
        let names = LAYOUTS.map(|(name, _)| name).join(", ");
        format!(
            "there is no layout {:?}: choose one of {names}",
            args.layout
        )
    })?;
    let options = SheetOptions {
        start: args.start.saturating_sub(1),
        right_tenths_mm: args.right,
        down_tenths_mm: args.down,
        scale_per_mille: args.scale,
        has_check_line: args.check_line,
        has_outlines: args.outlines,
    };
    pdf(&[], &layout, &options)?;
    let is_one = args.sku.len() == 1 && args.copies == 1;
    anyhow::ensure!(
        form == Form::Pdf || is_one,
        "a picture holds one sticker: name one product and one copy, or a file that ends with .pdf"
    );
    let mut stickers = Vec::new();
    for sku in &args.sku {
        stickers.extend(register(desk, sku, args)?);
    }
    let (bytes, missing) = match (form, stickers.first()) {
        (Form::Svg, Some(one)) => (svg(one, &layout)?.into_bytes(), Vec::new()),
        (Form::Png, Some(one)) => (png(one, &layout, DPI)?, Vec::new()),
        (Form::Pdf | Form::Svg | Form::Png, _) => {
            let printed = pdf(&stickers, &layout, &options)?;
            (printed.bytes, printed.missing)
        }
    };
    write_file(&args.out, &bytes)?;
    if !missing.is_empty() {
        let missing: String = missing.into_iter().collect();
        tell(&format!(
            "question marks stand for what the letters lack: {missing}"
        ));
    }
    Ok(format!(
        "{} stickers in {}: print it without fitting it to the page\n",
        stickers.len(),
        args.out.display()
    ))
}

fn register(desk: &mut dyn Desk, sku: &str, args: &SheetArgs) -> anyhow::Result<Vec<Sticker>> {
    let command = PaperCommand::Register {
        of: of_sku(desk, sku)?,
        copies: args.copies,
        place: args.place.clone(),
    };
    let reply = accept(desk.command(Command::Paper(command))?)?;
    let Reply::Stickers { stickers } = reply else {
        anyhow::bail!("the till answered something else: is another version of it running?");
    };
    Ok(stickers.into_iter().map(drawn).collect())
}

fn drawn(text: StickerText) -> Sticker {
    let notes = [text.mark, text.valid_until];
    let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    Sticker {
        title: text.title,
        price: text.price,
        link: text.url,
        host: text.host,
        serial: text.serial,
        valid_until: notes.join(" · "),
    }
}
