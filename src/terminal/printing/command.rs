//! What people and scripts may ask about paper.

use serde::{Deserialize, Serialize};

use super::answers::PrinterAnswers;
use super::chosen::PrinterChoice;
use crate::domain::id::{LinkId, PrintId, ProductId, SaleId, StickerId};
use crate::domain::money::Amount;
use crate::domain::sticker::{Sticker, Verdict};

/// Stickers that are taken in at once.
pub const LEARN_MAX: usize = 500;

/// One intent about paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "snake_case")]
pub enum PaperCommand {
    /// Prints the receipt of a sale as it stands: `sale receipt`. A later one is marked as a copy.
    Receipt {
        /// Which.
        sale: SaleId,
        /// The printer's name; none for the first that is used for receipts.
        #[serde(default)]
        printer: Option<String>,
    },
    /// Prints stickers of one code, each with a serial number of its own: `label print`.
    Stickers {
        /// Of which.
        of: StickerOf,
        /// At least one, at most [`crate::domain::print::COPIES_MAX`].
        copies: u32,
        /// Where they will hang; empty where nobody said.
        #[serde(default)]
        place: String,
        /// The printer's name; none for the first that is used for stickers.
        #[serde(default)]
        printer: Option<String>,
    },
    /// Takes stickers into the register that an office printer is to print: `label sheet`.
    Register {
        /// Of which.
        of: StickerOf,
        /// At least one, at most [`crate::domain::print::COPIES_MAX`].
        copies: u32,
        /// Where they will hang; empty where nobody said.
        #[serde(default)]
        place: String,
    },
    /// Prints a page that shows what a printer can do: `printer test`.
    Test {
        /// The printer's name; none for the first.
        #[serde(default)]
        printer: Option<String>,
        /// Whether the cash drawer is to open.
        #[serde(default)]
        drawer: bool,
    },
    /// Says what came out on a printer's test page: `printer tune`. What was said before about the same
    /// is replaced.
    Tune {
        /// The printer's name.
        printer: String,
        /// What somebody saw.
        answers: PrinterAnswers,
    },
    /// Forgets all that was said of it: `printer tune --forget`.
    Untune {
        /// The printer's name.
        printer: String,
    },
    /// Says where a printer is, and what it is: `printer choose`. It goes before the configuration.
    Choose {
        /// What was chosen.
        choice: PrinterChoice,
    },
    /// The printer is again what the configuration says: `printer choose --forget`.
    Unchoose {
        /// Its name.
        printer: String,
    },
    /// Says what is to become of a sheet: `printer queue`.
    Settle {
        /// Which.
        print: PrintId,
        /// What.
        decision: PrintDecision,
    },
    /// Changes what the register knows of a sticker: `sticker retire`.
    SetSticker {
        /// Which.
        sticker: StickerId,
        /// What changes.
        change: StickerChange,
    },
    /// Takes in what another till of the shop knows of stickers: `sticker import`.
    LearnStickers {
        /// At most [`LEARN_MAX`].
        stickers: Vec<Sticker>,
    },
    /// Says what a scanned code is, and whether it is right where it hangs: `sticker verify`.
    CheckSticker {
        /// What the scanner read.
        code: String,
    },
}

/// Which code is wanted on stickers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StickerOf {
    /// That of a product, at the default account.
    Product {
        /// Which.
        product: ProductId,
    },
    /// A permanent link.
    Link {
        /// Which.
        link: LinkId,
    },
}

/// What stands on a sticker that another program draws, in the shop's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickerText {
    /// What is sold.
    pub title: String,
    /// With its currency, or that the payer types it.
    pub price: String,
    /// What the code holds.
    pub url: String,
    /// Whose page it opens.
    pub host: String,
    /// That no real money moves; empty where it does.
    pub mark: String,
    /// Which one it is.
    pub serial: String,
    /// Until when it can be used; empty where it has no end.
    pub valid_until: String,
}

/// What is to become of a sheet that waits, or of which nobody knows whether it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintDecision {
    /// A person sees it.
    ItIsHere,
    /// It is to be printed: one that waits as it is, any other as a copy.
    Again,
    /// Nobody wants it any more.
    Forget,
}

/// What a scanned code is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patrol {
    /// Whether it is right where it hangs.
    pub verdict: Verdict,
    /// What it sells; empty for a foreign one.
    pub title: String,
    /// What its code asks for; none where the payer types it.
    pub price: Option<Amount>,
    /// What its product costs now, where that is another price.
    pub price_now: Option<Amount>,
    /// The serial numbers of the stickers that bear it and were not taken down.
    pub serials: Vec<String>,
}

/// A change of what the register knows of a sticker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum StickerChange {
    /// It hangs somewhere.
    Place {
        /// Where; at most [`crate::domain::sticker::PLACE_CHARS_MAX`] characters count.
        place: String,
    },
    /// It was taken down.
    Retire,
}

/// A question about paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "snake_case")]
pub enum PaperQuery {
    /// The printers, and the sheets that are not at their end.
    Printers,
    /// What is plugged in, and which kinds of printers there are.
    Ports,
    /// Prints a line with its name on a port, to find the printer behind it.
    TryPort {
        /// As [`PrinterChoice::port`].
        port: String,
    },
    /// Sheets that were ever wanted, newest first.
    Sheets {
        /// At most so many.
        limit: usize,
    },
    /// Stickers, newest first.
    Stickers {
        /// At most so many.
        limit: usize,
    },
    /// What a sticker would be on paper.
    StickerPaper {
        /// Of which code.
        of: StickerOf,
        /// The printer's name; none for the first that is used for stickers.
        #[serde(default)]
        printer: Option<String>,
    },
}
