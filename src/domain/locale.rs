//! How a country writes numbers. Words are translated elsewhere (`ui::tr`).

use serde::{Deserialize, Serialize};

/// How numbers are written, under a tag such as `de-AT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    decimal: char,
    group: char,
}

impl Locale {
    /// The number style of a language tag; `None` for a language that is not known here.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let (language, region) = match tag.split_once(['-', '_']) {
            Some((language, region)) => (language, region),
            None => (tag, ""),
        };
        let style = |decimal, group| Some(Self { decimal, group });
        match (
            language.to_ascii_lowercase().as_str(),
            region.to_ascii_uppercase().as_str(),
        ) {
            ("de" | "fr" | "it", "CH" | "LI") => style('.', '\u{2019}'),
            ("es", "MX" | "US" | "GT" | "PE" | "DO")
            | ("en" | "ja" | "zh" | "ko" | "th" | "he" | "hi", _) => style('.', ','),
            (
                "de" | "es" | "it" | "nl" | "pt" | "da" | "tr" | "el" | "id" | "ro" | "hr" | "sl",
                _,
            ) => style(',', '.'),
            (
                "fr" | "pl" | "cs" | "sk" | "uk" | "ru" | "bg" | "fi" | "sv" | "nb" | "no" | "hu"
                | "et" | "lt" | "lv",
                _,
            ) => style(',', '\u{202f}'),
            _ => None,
        }
    }

    /// The style of the United States and of most machines.
    pub const fn english() -> Self {
        Self {
            decimal: '.',
            group: ',',
        }
    }

    /// The sign before the fraction.
    pub const fn decimal(self) -> char {
        self.decimal
    }

    /// The sign between groups of three digits.
    pub const fn group(self) -> char {
        self.group
    }

    /// A number in this style, for messages.
    pub fn example(self) -> String {
        format!("1{}234{}50", self.group, self.decimal)
    }
}

/// The languages that the customer's side of the Pay screen speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Italian.
    It,
    /// Polish.
    Pl,
    /// Ukrainian.
    Uk,
}

impl Language {
    /// All seven, in the order in which a screen offers them.
    pub const ALL: [Self; 7] = [
        Self::En,
        Self::De,
        Self::Es,
        Self::Fr,
        Self::It,
        Self::Pl,
        Self::Uk,
    ];

    /// The two-letter code, which is also the name of its translation file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Pl => "pl",
            Self::Uk => "uk",
        }
    }

    /// The language of a tag such as `de-AT`; `None` where there is no translation.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let code = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }
}
