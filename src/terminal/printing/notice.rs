//! Sentences about paper, as codes with values. Each names the reason and a remedy.

use serde::{Deserialize, Serialize};

use super::command::Patrol;
use crate::domain::print::PrintKind;
use crate::domain::sticker::Verdict;
use crate::proto::print::PrintError;

/// One sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "paper", rename_all = "snake_case")]
pub enum PaperNotice {
    /// No printer is configured for this.
    #[error("no printer is set up for {}: add a [[printer]] with this use to the configuration", use_of(*kind))]
    NoPrinter {
        /// What was to be printed.
        kind: PrintKind,
    },
    /// The printer's name is not in the configuration.
    #[error("there is no printer named {name:?}: see [[printer]] in the configuration")]
    UnknownPrinter {
        /// What was asked for.
        name: String,
    },
    /// It would not serve on this paper.
    #[error("this cannot be printed: {why}")]
    CannotPrint {
        /// Why, and what helps.
        why: PrintError,
    },
    /// It waits for a printer that there is no more.
    #[error(
        "the printer {name:?} is not in the configuration any more: forget this sheet and print it on another printer, or write the printer into the configuration again"
    )]
    PrinterGone {
        /// Which.
        name: String,
    },
    /// Nobody knows whether it came out.
    #[error("did {title:?} print? look, then say so: `tillcode printer queue`")]
    DidItPrint {
        /// What people call it.
        title: String,
    },
    /// No such sheet.
    #[error("there is no such print: see `tillcode printer queue`")]
    UnknownPrint,
    /// Its bytes are on their way.
    #[error("this is being printed: wait until it is done")]
    PrintUnderWay,
    /// Nothing of it was sent yet.
    #[error("this was not sent to the printer yet: print it, or forget it")]
    PrintNotSent,
    /// No such sticker.
    #[error("there is no such sticker: see `tillcode sticker list`")]
    UnknownSticker,
    /// A new price, or a code that was switched off, made stickers wrong.
    #[error(
        "printed stickers that are wrong now: {count}; `tillcode sticker list --wrong` shows them"
    )]
    StickersWrong {
        /// How many, with those that were before.
        count: usize,
    },
    /// What somebody scanned on the screen of sticker codes.
    #[error("{}", said_of(patrol))]
    StickerScanned {
        /// What it is.
        patrol: Box<Patrol>,
    },
    /// The drawer was to open.
    #[error(
        "the printer {name:?} has no cash drawer: where one hangs on it, write `drawer = true`"
    )]
    NoDrawer {
        /// Which.
        name: String,
    },
    /// It cannot be about such a printer.
    #[error(
        "this is no answer to the test page of {name:?}: print it with `tillcode printer test`, and answer what it asks"
    )]
    WrongAnswer {
        /// Which.
        name: String,
    },
    /// Somebody scanned a code of a test page.
    #[error("the code {code} of the test page was read")]
    TestCodeRead {
        /// What it is called on paper.
        code: String,
    },
    /// No kind of printer has this name.
    #[error("no kind of printer is called {name:?}: `tillcode printer kinds` shows all")]
    UnknownProfile {
        /// What was asked for.
        name: String,
    },
    /// Nobody said where a printer is.
    #[error("no port was named: `tillcode printer list` shows what is plugged in")]
    NoPort,
    /// There is nothing to print yet.
    #[error("there is no sticker code for this yet: get codes first, or wait for the network")]
    NoStickerCode,
}

impl From<PaperNotice> for crate::terminal::Notice {
    fn from(notice: PaperNotice) -> Self {
        Self::Paper(notice)
    }
}

/// As the configuration writes it.
const fn use_of(kind: PrintKind) -> &'static str {
    match kind {
        PrintKind::Sticker => "stickers",
        PrintKind::Receipt => "receipts",
        PrintKind::Test => "anything",
    }
}

/// One sentence with the remedy.
pub fn said_of(patrol: &Patrol) -> String {
    let title = &patrol.title;
    match (patrol.verdict, patrol.price_now) {
        (Verdict::Good, _) => format!("{title:?}: the sticker is right"),
        (Verdict::Superseded, Some(price)) => format!(
            "{title:?} costs {} {} now: print the sticker anew, and take this one down",
            price.to_decimal(),
            price.currency
        ),
        (Verdict::Superseded, None) => {
            format!("{title:?} has a newer code: print the sticker anew, and take this one down")
        }
        (Verdict::Dead, _) => format!(
            "nobody can pay with this sticker of {title:?}: print it anew, and take this one down"
        ),
        (Verdict::TakenDown, _) => {
            format!("this sticker of {title:?} was taken down, and hangs here: take it down")
        }
        (Verdict::Foreign, _) => {
            "this is none of this till's codes: take it down, unless another till \
            of the shop printed it"
                .to_owned()
        }
    }
}
