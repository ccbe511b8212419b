//! What a printer's test page asks, and what somebody answered who saw the paper.

use serde::{Deserialize, Serialize};

use super::setup::PrinterSetup;
use crate::domain::document::{Block, CodeSize, Document, DrawnBy};
use crate::proto::print::{Letters, Profile, encode};

/// Characters of the usual lines.
const COLUMNS: [u8; 4] = [32, 42, 48, 64];
/// Characters that a line may have: heads have 200 to 2,000 dots.
const COLUMNS_RANGE: std::ops::RangeInclusive<u8> = 17..=166;
/// Dots of the modules that are tried.
const MODULES: [u8; 5] = [3, 4, 5, 6, 8];
/// Dots that a module may have.
const MODULES_RANGE: std::ops::RangeInclusive<u8> = 2..=8;
/// Dots of a module, from and to, of printers of which only a test page says that they draw codes.
const NATIVE_DOTS: (u8, u8) = (1, 8);
/// Dots of a character.
const CHARACTER_DOTS: usize = 12;
/// What the codes of all test pages begin with: addresses that nobody serves.
const CODES: &str = "https://example.com/tillcode/test/";

/// What somebody read off a printer's test page: said of this very printer, so each goes before what is
/// known of its kind, and before the configuration. Where nothing was answered those are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterAnswers {
    /// Characters of a line, 17 to 166.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<u8>,
    /// Who draws codes: the printer where both are read, since that is a hundred times less to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<DrawnBy>,
    /// Dots of the smallest module that is read, 2 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_module: Option<u8>,
    /// Which code pages print what they should.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letters: Option<Letters>,
    /// Whether it cuts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutter: Option<bool>,
}

impl PrinterAnswers {
    /// Whether nothing was answered.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// These, and of the earlier ones what these say nothing about.
    #[must_use]
    pub fn after(self, earlier: Self) -> Self {
        Self {
            columns: self.columns.or(earlier.columns),
            code: self.code.or(earlier.code),
            least_module: self.least_module.or(earlier.least_module),
            letters: self.letters.or(earlier.letters),
            cutter: self.cutter.or(earlier.cutter),
        }
    }

    /// Whether they can be answers about such a printer.
    pub fn fit(self, profile: &Profile) -> bool {
        let is_page = |letters| match letters {
            Letters::Page(number) => profile.page(number).is_some(),
            Letters::All | Letters::None => true,
        };
        let of_receipts = self.columns.is_none()
            && self.code.is_none()
            && self.letters.is_none()
            && self.cutter.is_none();
        (of_receipts || !profile.is_for_labels())
            && self.columns.is_none_or(|it| COLUMNS_RANGE.contains(&it))
            && self
                .least_module
                .is_none_or(|it| MODULES_RANGE.contains(&it))
            && self.letters.is_none_or(is_page)
    }

    /// What is known of the printer with these. Those that cannot be about it change nothing.
    pub fn over(self, known: &Profile) -> Profile {
        let mut profile = known.clone();
        if !self.fit(known) {
            return profile;
        }
        // A line of 42 characters does not fill every head that prints no more.
        let columns = self.columns.map(usize::from);
        if let Some(columns) = columns.filter(|columns| *columns != known.columns()) {
            profile.dots = columns.saturating_mul(CHARACTER_DOTS);
        }
        profile.native_code = match self.code {
            Some(DrawnBy::Printer) => known.native_code.or(Some(NATIVE_DOTS)),
            Some(DrawnBy::Till) => None,
            None => known.native_code,
        };
        profile.least_module = self.least_module.unwrap_or(known.least_module);
        profile.letters = self.letters.unwrap_or(known.letters);
        profile.cutter = self.cutter.unwrap_or(known.cutter);
        profile
    }
}

/// What a printer's test page shows and asks. What is no matter of its kind is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestQuestions {
    /// Characters of its rows; none for labels, whose size stands in the configuration.
    pub columns: Vec<u8>,
    /// Dots of a module of the two codes of which one is drawn by the printer and one by the till; none
    /// for labels, where both are the same.
    pub codes: Option<u8>,
    /// Dots of the modules of its other codes.
    pub modules: Vec<u8>,
    /// Numbers of its code pages; none for labels, which take any letter.
    pub pages: Vec<u8>,
    /// Whether it is cut.
    pub cut: bool,
    /// Whether a cash drawer can be opened.
    pub drawer: bool,
}

impl TestQuestions {
    /// What can be asked of this printer, whatever was answered before.
    pub fn of(setup: &PrinterSetup) -> Self {
        let profile = &setup.profile;
        let modules = MODULES.into_iter().filter(|dots| has_room(*dots, setup));
        let modules = modules.collect();
        if profile.is_for_labels() {
            return Self {
                modules,
                ..Self::default()
            };
        }
        let mut columns = COLUMNS.to_vec();
        columns.extend(u8::try_from(profile.columns()));
        columns.sort_unstable();
        columns.dedup();
        let (_, most) = profile.native_code.unwrap_or(NATIVE_DOTS);
        Self {
            columns,
            codes: Some(most.min(6)),
            modules,
            pages: profile
                .code_pages
                .iter()
                .map(|(number, _)| *number)
                .collect(),
            cut: true,
            drawer: setup.has_drawer,
        }
    }
}

/// Whether a code of such modules has room on what lies in the printer, with a line above it.
fn has_room(dots: u8, setup: &PrinterSetup) -> bool {
    let mut document = Document::default();
    document.center("8", false).add(Block::Code {
        text: Scanned::Module(dots).code(),
        size: CodeSize::Proof {
            dots,
            drawn_by: DrawnBy::Till,
        },
    });
    encode(&document, &setup.profile, setup.media, 1).is_ok()
}

/// Which code of a test page was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terminal) enum Scanned {
    /// One of the two.
    Code(DrawnBy),
    /// One with modules of so many dots.
    Module(u8),
}

impl Scanned {
    /// What the code says.
    pub(in crate::terminal) fn code(self) -> String {
        match self {
            Self::Code(DrawnBy::Printer) => format!("{CODES}native"),
            Self::Code(DrawnBy::Till) => format!("{CODES}raster"),
            Self::Module(dots) => format!("{CODES}{dots}"),
        }
    }

    /// What was read, if it is a code of a test page.
    pub(in crate::terminal) fn read(text: &str) -> Option<Self> {
        match text.trim().strip_prefix(CODES)? {
            "native" => Some(Self::Code(DrawnBy::Printer)),
            "raster" => Some(Self::Code(DrawnBy::Till)),
            dots => {
                let dots = dots.parse().ok().filter(|dots| MODULES.contains(dots));
                dots.map(Self::Module)
            }
        }
    }

    /// By what it is called on paper.
    pub(in crate::terminal) fn label(self) -> String {
        match self {
            Self::Code(DrawnBy::Printer) => "1".to_owned(),
            Self::Code(DrawnBy::Till) => "2".to_owned(),
            Self::Module(dots) => dots.to_string(),
        }
    }
}
