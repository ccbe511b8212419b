//! `tillcode qr`: a code as the screen draws it, into a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use image::{GrayImage, ImageFormat, Luma};

use crate::proto::qr::{QUIET_ZONE_MODULES, QrGrid};

/// Pixels for each module of a PNG.
const PIXELS_PER_MODULE: u32 = 10;

#[derive(Debug, Args)]
pub(super) struct QrArgs {
    /// What the code is to hold.
    text: String,
    /// A file that ends with .png or .svg, or - for an SVG on standard output.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(args: &QrArgs) -> anyhow::Result<String> {
    if args.out.as_os_str() == "-" {
        return Ok(svg(&QrGrid::encode(&args.text)?));
    }
    draw(&args.text, &args.out)?;
    Ok(String::new())
}

/// Draws a text into a file, by its ending.
pub(super) fn draw(text: &str, file: &Path) -> anyhow::Result<()> {
    let grid = QrGrid::encode(text)?;
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("");
    let bytes = match ending.to_ascii_lowercase().as_str() {
        "png" => png(&grid)?,
        "svg" => svg(&grid).into_bytes(),
        _ => anyhow::bail!(
            "{} is neither .png nor .svg: name the file so",
            file.display()
        ),
    };
    write_file(file, &bytes)
}

/// Writes what was drawn.
pub(super) fn write_file(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = std::fs::File::create(file).and_then(|mut file| file.write_all(bytes));
    written.with_context(|| format!("{} cannot be written: check its folder", file.display()))
}

fn png(grid: &QrGrid) -> anyhow::Result<Vec<u8>> {
    let side = u32::try_from(grid.side_with_quiet_zone())?.saturating_mul(PIXELS_PER_MODULE);
    let image = GrayImage::from_fn(side, side, |x, y| {
        let module = |pixel: u32| {
            let module = usize::try_from(pixel.checked_div(PIXELS_PER_MODULE)?).ok()?;
            module.checked_sub(QUIET_ZONE_MODULES)
        };
        let dark = matches!((module(x), module(y)), (Some(column), Some(row)) if grid.is_dark(column, row));
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// The code as one picture without outside parts.
pub(super) fn svg(grid: &QrGrid) -> String {
    let side = grid.side_with_quiet_zone();
    let mut path = String::new();
    for row in 0..grid.side() {
        for column in (0..grid.side()).filter(|column| grid.is_dark(*column, row)) {
            let (x, y) = (
                column.saturating_add(QUIET_ZONE_MODULES),
                row.saturating_add(QUIET_ZONE_MODULES),
            );
            path.extend(["M", &x.to_string(), " ", &y.to_string(), "h1v1h-1z"]);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n"
    )
}
