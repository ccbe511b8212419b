//! `tillcode sticker`: the register of what was printed.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;

use super::catalog::ShopContext;
use super::{Desk, accept, table, to_json, unexpected, word};
use crate::domain::sticker::Verdict;
use crate::terminal::printing::{StickerChange, said_of};
use crate::terminal::query::StickerView;
use crate::terminal::{Answer, Command, PaperCommand, PaperNotice, PaperQuery, Query, Reply};

mod share;

/// The most stickers that are listed.
const STICKERS_MAX: usize = 100_000;

#[derive(Debug, Subcommand)]
pub(super) enum StickerTask {
    /// Lists the stickers that were printed, newest first, and which of them are wrong now.
    List {
        /// Only those that are wrong now: another price, another code, or none.
        #[arg(long)]
        wrong: bool,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Says what a scanned code is: fails unless it is a sticker of this shop that is right.
    Verify {
        /// What the scanner read.
        code: String,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// A sticker was taken down.
    Retire {
        /// Its serial number, as printed on it, or its id.
        sticker: String,
    },
    /// Says where a sticker hangs.
    Place {
        /// Its serial number, as printed on it, or its id.
        sticker: String,
        /// Where, in a few words: "window, left".
        place: String,
    },
    /// Writes all stickers into a file for the other tills of the shop.
    Export {
        /// The file; `-` for the standard output.
        file: PathBuf,
    },
    /// Takes in the stickers of another till of the shop, as it exported them. Twice is as good as once.
    Import {
        /// The file.
        file: PathBuf,
    },
}

pub(super) fn run(
    shop: &ShopContext,
    desk: &mut dyn Desk,
    task: &StickerTask,
) -> anyhow::Result<String> {
    match task {
        StickerTask::List { wrong, json } => {
            let mut stickers = all(desk)?;
            stickers.retain(|view| !wrong || view.verdict.is_wrong());
            list(&stickers, *json)
        }
        StickerTask::Verify { code, json } => verify(desk, code, *json),
        StickerTask::Retire { sticker } => change(desk, sticker, StickerChange::Retire),
        StickerTask::Place { sticker, place } => {
            let place = place.clone();
            change(desk, sticker, StickerChange::Place { place })
        }
        StickerTask::Export { file } => share::export(desk, file, shop),
        StickerTask::Import { file } => share::import(desk, file, shop),
    }
}

/// Says beside what was asked for that stickers are wrong now, where some are.
pub(super) fn tell_wrong(desk: &mut dyn Desk) -> anyhow::Result<()> {
    let count = super::status::ask(desk)?.stickers_wrong;
    if count > 0 {
        let notice = PaperNotice::StickersWrong {
            count: usize::try_from(count)?,
        };
        super::tell(&notice.to_string());
    }
    Ok(())
}

fn all(desk: &mut dyn Desk) -> anyhow::Result<Vec<StickerView>> {
    let answer = desk.query(Query::Paper(PaperQuery::Stickers {
        limit: STICKERS_MAX,
    }))?;
    let Answer::Stickers { stickers } = answer else {
        return Err(unexpected(answer));
    };
    Ok(stickers)
}

fn list(stickers: &[StickerView], json: bool) -> anyhow::Result<String> {
    if json {
        return to_json(&stickers);
    }
    let rows: Vec<[String; 6]> = stickers.iter().map(row).collect();
    Ok(table(&rows))
}

fn row(view: &StickerView) -> [String; 6] {
    let sticker = &view.sticker;
    let price = sticker.price.map_or_else(
        || "open".to_owned(),
        |price| format!("{} {}", price.to_decimal(), price.currency),
    );
    let state = match view.price_now {
        Some(now) => format!("{} (now {})", word(&view.verdict), now.to_decimal()),
        None => word(&view.verdict),
    };
    [
        sticker.serial.clone(),
        sticker.printed_at.to_rfc3339(),
        price,
        state,
        sticker.title.clone(),
        sticker.place.clone(),
    ]
}

/// Offline too: all that it needs is on this till.
fn verify(desk: &mut dyn Desk, code: &str, json: bool) -> anyhow::Result<String> {
    let code = code.to_owned();
    let Reply::Patrol { patrol } =
        accept(desk.command(Command::Paper(PaperCommand::CheckSticker { code }))?)?
    else {
        anyhow::bail!("the till answered something else: is another version of it running?");
    };
    let said = said_of(&patrol);
    let text = if json {
        to_json(&patrol)?
    } else {
        format!("{said}\n")
    };
    if patrol.verdict == Verdict::Good {
        return Ok(text);
    }
    if json {
        let _: std::process::ExitCode = super::print(&text);
    }
    anyhow::bail!(said)
}

fn change(desk: &mut dyn Desk, name: &str, change: StickerChange) -> anyhow::Result<String> {
    let stickers = all(desk)?;
    let found = stickers
        .iter()
        .find(|view| view.sticker.serial == name || view.sticker.id.to_string() == name)
        .with_context(|| {
            format!("there is no sticker {name:?}: `tillcode sticker list` shows them")
        })?;
    accept(desk.command(Command::Paper(PaperCommand::SetSticker {
        sticker: found.sticker.id,
        change,
    }))?)?;
    Ok(String::new())
}
