//! A configuration file with the environment over it, handed out section by section.
//!
//! What was asked for is what is known; what is left over at the end is a mistake.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Place};
use super::nearest::nearest;
use super::secret::SecretRef;
use super::section::{Environment, Section};
use super::{OTHER_VARIABLES, TEXT_BYTES_MAX};

/// The most sections of one name.
const SECTIONS_MAX: usize = 100;
/// What our variables begin with.
const PREFIX: &str = "TILLCODE_";

/// A file that is being read, with the environment over it.
pub(super) struct Document<'a> {
    file: &'a str,
    text: &'a str,
    root: DeTable<'a>,
    env: &'a BTreeMap<String, String>,
    /// Variables that are asked for.
    known: BTreeSet<String>,
}

impl<'a> Document<'a> {
    /// Parses the text; nothing of it is understood yet.
    pub(super) fn parse(
        text: &'a str,
        file: &'a str,
        env: &'a BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut document = Self {
            file,
            text,
            root: DeTable::new(),
            env,
            known: OTHER_VARIABLES
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
        };
        if text.len() > TEXT_BYTES_MAX {
            let problem = format!("the file is larger than {TEXT_BYTES_MAX} bytes; shorten it");
            return Err(document.error(0, "", problem));
        }
        document.root = match DeTable::parse(text) {
            Ok(root) => root.into_inner(),
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start);
                let problem = format!("{}; see the examples in config/", error.message().trim());
                return Err(document.error(start, "", problem));
            }
        };
        Ok(document)
    }

    /// The section of a name, empty where the file has none.
    pub(super) fn section(&mut self, name: &'static str) -> Result<Section<'a>, ConfigError> {
        let table = match self.root.remove(name) {
            None => DeTable::new(),
            Some(found) => self.table(name, found)?,
        };
        Ok(self.over(name, table, Environment::Above))
    }

    /// The sections of a name that may come several times.
    pub(super) fn sections(&mut self, name: &'static str) -> Result<Vec<Section<'a>>, ConfigError> {
        let Some(found) = self.root.remove(name) else {
            return Ok(Vec::new());
        };
        let start = found.span().start;
        let tables = match found.into_inner() {
            DeValue::Array(tables) if tables.len() <= SECTIONS_MAX => tables,
            DeValue::Array(_) => {
                return Err(self.error(
                    start,
                    name,
                    format!("at most {SECTIONS_MAX}; take some away"),
                ));
            }
            // One may be written as a plain section.
            one @ (DeValue::Table(_)
            | DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)) => std::iter::once(Spanned::new(start..start, one)).collect(),
        };
        let mut sections = Vec::new();
        for table in tables {
            let table = self.table(name, table)?;
            sections.push(self.over(name, table, Environment::Ignored));
        }
        Ok(sections)
    }

    /// Ends a section: what was not asked for is a mistake.
    pub(super) fn finish(&mut self, section: &Section<'a>) -> Result<(), ConfigError> {
        if let Some((key, _)) = section.table.iter().next() {
            let asked: Vec<&str> = section.asked.iter().copied().collect();
            let problem = format!("there is no such key; {}", meant(key.get_ref(), &asked));
            let field = format!("{}.{}", section.name, key.get_ref());
            return Err(self.error(key.span().start, &field, problem));
        }
        if section.environment == Environment::Above {
            self.known
                .extend(section.asked.iter().map(|key| variable(section.name, key)));
        }
        Ok(())
    }

    /// A variable that the configuration itself names is no mistake.
    pub(super) fn know(&mut self, secret: &SecretRef) {
        if let SecretRef::Env(name) = secret {
            self.known.insert(name.clone());
        }
    }

    /// Ends the file: sections and variables that nobody asked for are mistakes.
    pub(super) fn end(self, sections: &[&str], later: &[&str]) -> Result<(), ConfigError> {
        if let Some((key, _)) = self.root.iter().next() {
            let name = key.get_ref().as_ref();
            let problem = if later.contains(&name) {
                "this release does not have it yet; take the section out".to_owned()
            } else {
                format!("there is no such section; {}", meant(name, sections))
            };
            return Err(self.error(key.span().start, name, problem));
        }
        let unknown = self
            .env
            .keys()
            .find(|name| name.starts_with(PREFIX) && !self.known.contains(*name));
        if let Some(name) = unknown {
            let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
            return Err(ConfigError {
                place: Place::Variable { name: name.clone() },
                field: String::new(),
                problem: format!("there is no such setting; {}", meant(name, &known)),
            });
        }
        Ok(())
    }

    fn over(
        &self,
        name: &'static str,
        table: DeTable<'a>,
        environment: Environment,
    ) -> Section<'a> {
        Section {
            name,
            table,
            file: self.file,
            text: self.text,
            env: self.env,
            environment,
            asked: BTreeSet::new(),
        }
    }

    fn table(&self, name: &str, value: Spanned<DeValue<'a>>) -> Result<DeTable<'a>, ConfigError> {
        let start = value.span().start;
        match value.into_inner() {
            DeValue::Table(table) => Ok(table),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                let problem = format!("this is a section; write [{name}] and its keys below it");
                Err(self.error(start, name, problem))
            }
        }
    }

    fn error(&self, start: usize, field: &str, problem: String) -> ConfigError {
        ConfigError {
            place: line(self.file, self.text, start),
            field: field.to_owned(),
            problem,
        }
    }
}

/// The variable of a key.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{section}__{key}").to_ascii_uppercase()
}

fn meant(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("is {near} meant?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// The place of a byte.
pub(super) fn line(file: &str, text: &str, start: usize) -> Place {
    let before = text.as_bytes().iter().take(start);
    Place::Line {
        file: file.to_owned(),
        line: before
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_add(1),
    }
}
