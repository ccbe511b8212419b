//! Answers about printers, sheets and stickers.

use serde::{Deserialize, Serialize};

use crate::domain::bitmap::Bitmap;
use crate::domain::document::Document;
use crate::domain::id::{LinkId, PrintId};
use crate::domain::money::Amount;
use crate::domain::print::{Print, PrintKind};
use crate::domain::sticker::{Sticker, Verdict};
use crate::domain::time::Timestamp;
use crate::terminal::printing::{
    Doubt, Evidence, PaperNotice, PrinterAnswers, Standing, TestQuestions,
};

/// A sheet in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintView {
    /// Our id of it.
    pub id: PrintId,
    /// The printer's name.
    pub printer: String,
    /// What it is.
    pub kind: PrintKind,
    /// Which sale or sticker, by id; empty for a test.
    pub subject: String,
    /// What people call it.
    pub title: String,
    /// Zero for the first, then counted.
    pub copy: u32,
    /// When it was wanted.
    pub wanted_at: Timestamp,
    /// How it stands.
    pub state: PrintState,
    /// Why nobody knows whether it came out.
    pub why: Option<Doubt>,
    /// How it is known that it came out.
    pub evidence: Option<Evidence>,
    /// Why it cannot be printed, in one sentence.
    pub problem: Option<PaperNotice>,
}

/// What would be on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperView {
    /// Whose code is on it.
    pub link: LinkId,
    /// The printer's name.
    pub printer: String,
    /// What is on it.
    pub document: Document,
    /// The same in the printer's own dots.
    pub picture: Bitmap,
    /// How long it is, in tenths of a millimeter.
    pub tenths_mm: usize,
    /// Characters that the printer has not, with what is printed for them.
    pub replaced: Vec<(char, String)>,
}

/// How a sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// It goes out as soon as the printer can.
    Waiting,
    /// It has become old, and goes out only if a person says so.
    Held,
    /// Something of it is out.
    Printing,
    /// A person is asked whether it is there.
    Unconfirmed,
    /// It was sent to a printer that says nothing.
    Sent,
    /// It came out.
    Printed,
    /// Nobody wants it any more.
    Forgotten,
}

impl PrintView {
    /// A sheet as its facts say that it stands.
    pub fn new(print: &Print, standing: Standing) -> Self {
        let (state, why, evidence) = match standing {
            Standing::Waiting => (PrintState::Waiting, None, None),
            Standing::UnderWay => (PrintState::Printing, None, None),
            Standing::Doubtful(doubt) => (PrintState::Unconfirmed, Some(doubt), None),
            Standing::Sent => (PrintState::Sent, None, None),
            Standing::Printed(evidence) => (PrintState::Printed, None, Some(evidence)),
            Standing::Forgotten => (PrintState::Forgotten, None, None),
        };
        Self {
            id: print.id,
            printer: print.printer.clone(),
            kind: print.kind,
            subject: print.subject.clone(),
            title: print.title.clone(),
            copy: print.copy,
            wanted_at: print.wanted_at,
            state,
            why,
            evidence,
            problem: None,
        }
    }

    /// Whether it waits for a person.
    pub const fn asks(&self) -> bool {
        self.problem.is_some() || matches!(self.state, PrintState::Held | PrintState::Unconfirmed)
    }
}

/// Something plugged in that a printer may be behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortView {
    /// What chooses it, and finds it again: `usb:A50285BI`.
    pub port: String,
    /// Its device file.
    pub path: String,
    /// What it calls itself; may be empty.
    pub title: String,
    /// Whether it has a speed.
    pub is_serial: bool,
    /// All that [`PrinterView::place`] may be where a printer is here.
    pub places: Vec<String>,
}

/// A kind of printers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterKind {
    /// What chooses it: `epson-tm-t20`.
    pub profile: String,
    /// For people.
    pub title: String,
}

/// A printer of the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterView {
    /// Its name.
    pub name: String,
    /// What it is used for.
    pub uses: Vec<PrintKind>,
    /// What kind it is, for people.
    pub title: String,
    /// Where it is.
    pub place: String,
    /// How it is.
    pub state: PrinterWord,
    /// What it says of itself.
    pub troubles: Vec<Trouble>,
    /// Why its port is not open, in one sentence.
    pub problem: Option<String>,
    /// Whether it says by itself that a sheet came out.
    pub confirms: bool,
    /// What was read off its test page, and goes before the configuration.
    #[serde(default)]
    pub answers: PrinterAnswers,
    /// What its test page asks.
    #[serde(default)]
    pub questions: TestQuestions,
    /// Whether it was chosen at the till, which goes before the configuration.
    #[serde(default)]
    pub is_chosen: bool,
    /// Sheets that go out by themselves.
    pub waiting: u32,
    /// Sheets that wait for a person.
    pub asking: u32,
}

/// How a printer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterWord {
    /// It could print.
    Ready,
    /// It prints.
    Printing,
    /// It is not there.
    NotThere,
    /// It is there and says nothing.
    Silent,
    /// It said why it does not print.
    Trouble,
    /// It takes no bytes.
    Blocked,
}

/// What a printer says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// There is no paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    CutterStuck,
    /// There is no ribbon.
    RibbonOut,
    /// Labels are stuck.
    Jammed,
    /// It is too hot, and goes on by itself.
    Overheated,
    /// Something that only switching off and on, or repair, helps.
    Broken,
    /// It does not print now, and did not say why.
    Offline,
    /// The roll ends soon.
    PaperLow,
}

/// A sticker in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickerView {
    /// What was printed.
    #[serde(flatten)]
    pub sticker: Sticker,
    /// Whether it is right as it hangs.
    pub verdict: Verdict,
    /// What its product costs now, where that is another price.
    pub price_now: Option<Amount>,
}
