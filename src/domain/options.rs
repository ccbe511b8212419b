//! Settings that only one kind of payment account understands, by the name that the owner writes.
//!
//! An account has some in the configuration, a product or a link may have its own; which names there
//! are, and what each may hold, the account's codec knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The most options in one place.
pub const OPTIONS_MAX: usize = 40;

/// What an option is set to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OptionValue {
    /// Yes or no.
    Switch(bool),
    /// A whole number.
    Whole(i64),
    /// A text.
    Text(String),
    /// Names with texts.
    Table(BTreeMap<String, String>),
}

/// Options by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Options(BTreeMap<String, OptionValue>);

impl Options {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets one.
    pub fn set(&mut self, name: &str, value: OptionValue) {
        self.0.insert(name.to_owned(), value);
    }

    /// Takes one away.
    pub fn unset(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// What one is set to.
    pub fn get(&self, name: &str) -> Option<&OptionValue> {
        self.0.get(name)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OptionValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A yes or no that is set.
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(OptionValue::Switch(on)) => Some(*on),
            Some(OptionValue::Whole(_) | OptionValue::Text(_) | OptionValue::Table(_)) | None => {
                None
            }
        }
    }

    /// A whole number that is set.
    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(OptionValue::Whole(number)) => Some(*number),
            Some(OptionValue::Switch(_) | OptionValue::Text(_) | OptionValue::Table(_)) | None => {
                None
            }
        }
    }

    /// A text that is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(OptionValue::Text(text)) => Some(text),
            Some(OptionValue::Switch(_) | OptionValue::Whole(_) | OptionValue::Table(_)) | None => {
                None
            }
        }
    }

    /// Names with texts that are set.
    pub fn table(&self, name: &str) -> Option<&BTreeMap<String, String>> {
        match self.get(name) {
            Some(OptionValue::Table(table)) => Some(table),
            Some(OptionValue::Switch(_) | OptionValue::Whole(_) | OptionValue::Text(_)) | None => {
                None
            }
        }
    }

    /// These over `base`: what is set here counts.
    #[must_use]
    pub fn over(&self, base: &Self) -> Self {
        let mut all = base.0.clone();
        all.extend(self.0.clone());
        Self(all)
    }
}

impl FromIterator<(String, OptionValue)> for Options {
    fn from_iter<I: IntoIterator<Item = (String, OptionValue)>>(options: I) -> Self {
        Self(options.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_products_own_option_stands_above_the_accounts() {
        let read = |text| serde_json::from_str::<Options>(text).unwrap();
        let account = read(r#"{"size":500,"collect_tax":true}"#);
        let product = read(r#"{"size":300,"cover_image":"https://a.example/b.png"}"#);
        let both = product.over(&account);
        assert_eq!(both.whole("size"), Some(300));
        assert_eq!(both.switch("collect_tax"), Some(true));
        assert_eq!(both.text("cover_image"), Some("https://a.example/b.png"));
        assert_eq!(both.text("size"), None, "of another kind");
    }
}
