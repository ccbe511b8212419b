//! `[[tax]]`: taxes that prices include.

use super::document::Document;
use super::error::ConfigError;
use super::section::Section;
use crate::domain::tax::{NAME_CHARS_MAX, TAXES_MAX, TaxRule};

pub(super) fn taxes(document: &mut Document<'_>) -> Result<Vec<TaxRule>, ConfigError> {
    let mut taxes: Vec<TaxRule> = Vec::new();
    for mut section in document.sections("tax")? {
        let start = section.start();
        let tax = tax(&mut section)?;
        document.finish(&section)?;
        if taxes.len() == TAXES_MAX {
            let problem = format!("there are more than {TAXES_MAX} taxes; leave some out");
            return Err(section.error("name", start, problem));
        }
        if let Some(problem) = clash(&taxes, &tax) {
            return Err(section.error("categories", start, problem));
        }
        taxes.push(tax);
    }
    Ok(taxes)
}

fn tax(section: &mut Section<'_>) -> Result<TaxRule, ConfigError> {
    let start = section.start();
    let name = section.text("name", |name| match name.trim() {
        "" => Err("the name is empty; write what receipts call the tax: \"VAT\"".to_owned()),
        name if name.chars().count() > NAME_CHARS_MAX => Err(format!(
            "the name is too long; at most {NAME_CHARS_MAX} characters"
        )),
        name => Ok(name.to_owned()),
    })?;
    let percent = section.text("percent", |percent| {
        TaxRule::basis_points_of(percent).ok_or_else(|| {
            format!(
                "{percent:?} is no rate; write percent of the price without tax: \"20\" or \"5.5\""
            )
        })
    })?;
    let missing = "the rate is missing; write percent of the price without tax: percent = \"20\"";
    Ok(TaxRule {
        name: name.unwrap_or_else(|| "VAT".to_owned()),
        basis_points: percent.ok_or_else(|| section.error("percent", start, missing))?,
        categories: section
            .list("categories", |name| Ok(name.trim().to_owned()))?
            .unwrap_or_default(),
    })
}

/// Each line of a receipt has one tax.
fn clash(taxes: &[TaxRule], tax: &TaxRule) -> Option<String> {
    if tax.categories.is_empty() {
        let another = taxes.iter().find(|other| other.categories.is_empty())?;
        return Some(format!(
            "{} is for all categories that no other tax names, and so is this one; name the categories of one",
            another.name
        ));
    }
    let of = |name: &String| taxes.iter().any(|other| other.categories.contains(name));
    let twice = tax.categories.iter().find(|name| of(name))?;
    Some(format!("two taxes are for {twice:?}; a category has one"))
}
