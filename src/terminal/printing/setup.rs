//! What the owner decided about printers and paper.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use crate::domain::document::CodeSize;
use crate::domain::print::PrintKind;
use crate::domain::tax::TaxRule;
use crate::proto::print::{Media, Profile};

/// A printer of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterSetup {
    /// Its name.
    pub name: String,
    /// What it is used for; a test is for any.
    pub uses: Vec<PrintKind>,
    /// What is known of its kind.
    pub profile: Profile,
    /// What lies in it, where it prints labels; none for a roll.
    pub media: Option<Media>,
    /// Where it is, for people.
    pub place: String,
    /// Whether others send to it too: it is let go once nothing waits for it.
    pub is_shared: bool,
    /// Whether a cash drawer hangs on it.
    pub has_drawer: bool,
}

/// What stands on paper, and how.
#[derive(Clone, Debug, Default)]
pub struct PaperSetup {
    /// The words, in the shop's language.
    pub words: PaperWords,
    /// The taxes that prices include.
    pub taxes: Vec<TaxRule>,
    /// What lies in label printers; none for a roll.
    pub media: Option<Media>,
    /// How large the code on a sticker is.
    pub sticker_size: CodeSize,
    /// Whether a sticker says no price, since only its code is to be right.
    pub hides_price: bool,
}

/// The words on paper, in the shop's language.
#[derive(Clone)]
pub struct PaperWords(Arc<Say>);

/// The words for a key, with values in them.
type Say = dyn Fn(&str, &[(&str, &str)]) -> String + Send + Sync;

impl PaperWords {
    /// As `say` has them.
    pub fn new(say: impl Fn(&str, &[(&str, &str)]) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(say))
    }

    pub(super) fn say(&self, key: &str) -> String {
        (self.0)(key, &[])
    }

    pub(super) fn with_all(&self, key: &str, values: &[(&str, &str)]) -> String {
        (self.0)(key, values)
    }

    pub(super) fn with(&self, key: &str, name: &str, value: &str) -> String {
        (self.0)(key, &[(name, value)])
    }
}

impl Debug for PaperWords {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("PaperWords(…)")
    }
}

/// The keys themselves, for tests.
impl Default for PaperWords {
    fn default() -> Self {
        Self::new(|key, values| {
            let values = values.iter().map(|(_, value)| format!(" {value}"));
            format!("{key}{}", values.collect::<String>())
        })
    }
}
