//! Stickers of one till for the others of its shop, by a file.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use super::all;
use crate::cli::catalog::ShopContext;
use crate::cli::{Desk, accept};
use crate::domain::sticker::{Sticker, Told};
use crate::proto::register::{FILE_BYTES_MAX, read_register, write_register};
use crate::terminal::printing::LEARN_MAX;
use crate::terminal::query::StickerView;
use crate::terminal::{Command, PaperCommand};

pub(super) fn export(
    desk: &mut dyn Desk,
    file: &Path,
    shop: &ShopContext,
) -> anyhow::Result<String> {
    let stickers: Vec<_> = all(desk)?
        .into_iter()
        .map(|view| told(view, shop))
        .collect();
    let count = stickers.len();
    let text = write_register(&shop.shop_key, stickers);
    if file.as_os_str() == "-" {
        return Ok(text);
    }
    // Written beside and renamed, so that a full disk leaves the old file as it was.
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
    written.with_context(|| format!("{} cannot be written: is there room?", file.display()))?;
    Ok(format!("{count} stickers written to {}\n", file.display()))
}

/// One of this till says how this till finds it; what another till said of its own is passed on.
fn told(view: StickerView, shop: &ShopContext) -> Sticker {
    let own = Told {
        verdict: view.verdict,
        at: shop.now,
    };
    Sticker {
        told: view.sticker.told.or(Some(own)),
        ..view.sticker
    }
}

pub(super) fn import(
    desk: &mut dyn Desk,
    file: &Path,
    shop: &ShopContext,
) -> anyhow::Result<String> {
    let text = read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let stickers = read_register(&shop.shop_key, &text)
        .with_context(|| format!("{} is not taken in", file.display()))?;
    for some in stickers.chunks(LEARN_MAX) {
        let stickers = some.to_vec();
        accept(desk.command(Command::Paper(PaperCommand::LearnStickers { stickers }))?)?;
    }
    Ok(format!(
        "{} stickers read from {}\n",
        stickers.len(),
        file.display()
    ))
}

fn read(file: &Path) -> anyhow::Result<String> {
    let limit = u64::try_from(FILE_BYTES_MAX)?;
    let mut text = String::new();
    let opened = std::fs::File::open(file)?;
    let count = opened
        .take(limit.saturating_add(1))
        .read_to_string(&mut text)?;
    anyhow::ensure!(
        count <= FILE_BYTES_MAX,
        "it is longer than {FILE_BYTES_MAX} bytes: this is no register of stickers"
    );
    Ok(text)
}
