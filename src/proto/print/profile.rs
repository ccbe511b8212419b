//! What is known of a printer, as data.

use std::collections::BTreeMap;

use super::CodePage;
use super::code::MODULE_DOTS_MIN;
use super::glyphs::CHARACTER_ROWS;

/// The profiles that come with the till.
const BUILT_IN: &str = include_str!("../../../assets/printers.toml");
/// A character's width in dots, in the font that every printer has.
pub(super) const CHARACTER_DOTS: usize = 12;
/// From the head to where paper is torn off.
pub(super) const TEAR_OFF_LINES: u8 = 4;

/// A printer, as far as layout and language go.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an ability of its own"
)]
pub struct Profile {
    /// What people call it.
    pub title: String,
    /// What it understands.
    #[serde(default)]
    pub language: Language,
    /// How wide the head prints, in dots.
    pub dots: usize,
    /// Dots of an inch.
    pub dpi: usize,
    /// Numbers by which code pages are chosen, in the order of preference. Text begins in the first.
    pub code_pages: Vec<(u8, CodePage)>,
    /// Dots of a module, from and to, where it draws codes by itself.
    #[serde(default)]
    pub native_code: Option<(u8, u8)>,
    /// How it says that a sheet has come out.
    pub confirms: Confirms,
    /// Whether it says how it is.
    pub answers: bool,
    /// Whether it cuts.
    pub cutter: bool,
    /// Bytes that it takes before it has printed them.
    pub buffer: usize,
    /// Whether it reads two bytes as one character until it is told not to.
    #[serde(default)]
    pub two_bytes: bool,
    /// Whether it sounds at `ESC B`; others would print a letter.
    #[serde(default)]
    pub buzzer: bool,
    /// Whether it takes the first line feed after a picture for itself.
    #[serde(default)]
    pub eats_a_feed: bool,
    /// Dots of the smallest module that is read from its paper; only a test page says another one.
    #[serde(skip, default = "module_min")]
    pub least_module: u8,
    /// Which of its code pages print what they should; only a test page says so.
    #[serde(skip)]
    pub letters: Letters,
}

/// Which code pages of a printer are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letters {
    /// All that are known.
    #[default]
    All,
    /// The one of this number.
    Page(u8),
    /// None: all but ASCII is drawn as dots.
    None,
}

const fn module_min() -> u8 {
    MODULE_DOTS_MIN
}

/// What printers understand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Epson's, for receipts: line after line.
    #[default]
    EscPos,
    /// Zebra's, for labels: everything at its place.
    Zpl,
    /// TSC's, for labels.
    Tspl,
}

/// How a printer says that a sheet has come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirms {
    /// It repeats a number once all before it is printed.
    ProcessId,
    /// It answers a question once all before it is processed.
    QueuedStatus,
    /// It says nothing: a person looks.
    Nothing,
}

/// All profiles by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profiles(BTreeMap<String, Profile>);

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// It is not written as profiles are.
    #[error("{0}")]
    Unread(String),
    /// A head of no known kind.
    #[error(
        "the printer {0} has {1} dots at {2} dpi: a head has 200 to 2000 dots at 100 to 600 dpi"
    )]
    Head(String, usize, usize),
    /// More than its language can say.
    #[error(
        "the printer {0} draws codes with modules of up to {1} dots: its language knows 1 to 10"
    )]
    Module(String, u8),
    /// Nothing to write text in.
    #[error("the printer {0} has no code page: give it one, such as [0, \"cp437\"]")]
    NoCodePage(String),
}

impl Profiles {
    /// Those that come with the till.
    ///
    /// # Errors
    /// None; a test reads them.
    pub fn built_in() -> Result<Self, ProfileError> {
        Self::parse(BUILT_IN)
    }

    /// From a file of profiles.
    ///
    /// # Errors
    /// Where one cannot be.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profiles: BTreeMap<String, Profile> =
            toml::from_str(text).map_err(|error| ProfileError::Unread(error.to_string()))?;
        for (name, profile) in &profiles {
            profile.check(name)?;
        }
        Ok(Self(profiles))
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.0.get(name)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Profile {
    fn check(&self, name: &str) -> Result<(), ProfileError> {
        if !(200..=2_000).contains(&self.dots) || !(100..=600).contains(&self.dpi) {
            return Err(ProfileError::Head(name.to_owned(), self.dots, self.dpi));
        }
        if let Some((_, most)) = self.native_code
            && self.is_for_labels()
            && most > 10
        {
            return Err(ProfileError::Module(name.to_owned(), most));
        }
        if self.code_pages.is_empty() {
            return Err(ProfileError::NoCodePage(name.to_owned()));
        }
        Ok(())
    }

    /// The code pages that are written in. ASCII is the same in all.
    pub(super) fn pages(&self) -> impl Iterator<Item = &(u8, CodePage)> {
        let known = self
            .code_pages
            .iter()
            .filter(|(number, _)| match self.letters {
                Letters::All => true,
                Letters::Page(only) => *number == only,
                Letters::None => false,
            });
        known.chain(&[(0, CodePage::Ascii)])
    }

    /// One of its code pages, by its number.
    pub fn page(&self, number: u8) -> Option<CodePage> {
        let mut pages = self.code_pages.iter();
        pages.find_map(|(known, page)| (*known == number).then_some(*page))
    }

    /// Characters of a line.
    pub const fn columns(&self) -> usize {
        self.dots / CHARACTER_DOTS
    }

    /// Dots as tenths of a millimeter.
    pub const fn tenths_mm(&self, dots: usize) -> usize {
        let inches = dots.saturating_mul(254);
        match inches.checked_div(self.dpi) {
            Some(tenths) => tenths,
            None => 0,
        }
    }

    /// Tenths of a millimeter as dots, rounded down.
    pub const fn dots_of(&self, tenths_mm: usize) -> usize {
        tenths_mm.saturating_mul(self.dpi) / 254
    }

    /// Dots from one line of text to the next: a sixth of an inch.
    pub const fn line_dots(&self) -> usize {
        self.dpi / 6
    }

    /// Whether sheets have a size of their own.
    pub const fn is_for_labels(&self) -> bool {
        match self.language {
            Language::EscPos => false,
            Language::Zpl | Language::Tspl => true,
        }
    }

    /// Dots from the top of a line of text to the top of the next. Large letters push theirs down; labels
    /// have no room between lines.
    pub(super) const fn text_rows(&self, is_large: bool) -> usize {
        let large = CHARACTER_ROWS.saturating_mul(2);
        let line = if self.is_for_labels() {
            CHARACTER_ROWS
        } else {
            self.line_dots()
        };
        if is_large && large > line {
            large
        } else {
            line
        }
    }

    /// White between the last line and where the sheet ends, in dots. Those that cut do it by themselves.
    pub(super) const fn end_rows(&self) -> usize {
        if self.cutter || self.is_for_labels() {
            0
        } else {
            self.line_dots().saturating_mul(TEAR_OFF_LINES as usize)
        }
    }
}
