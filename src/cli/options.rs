//! What only one kind of payment account understands, as somebody types it: `--option name=value`.

use anyhow::{Context as _, bail};

use crate::domain::options::Options;
use crate::proto::backend::{self, OptionField, Scope};
use crate::terminal::query::AccountReport;

/// One `--option`, checked by the accounts that know it. An empty value takes the option away.
fn apply(options: &mut Options, pair: &str, fields: &[OptionField]) -> anyhow::Result<()> {
    let (name, text) = pair
        .split_once('=')
        .with_context(|| format!("--option {pair:?} is not of the form name=value"))?;
    let name = name.trim();
    if text.is_empty() {
        options.unset(name);
        return Ok(());
    }
    let known: Vec<&OptionField> = fields.iter().filter(|field| field.name == name).collect();
    if known.is_empty() {
        bail!("--option {name:?} is not known here: {}", names(fields));
    }
    for field in known {
        let value = field.read(text);
        let value =
            value.map_err(|reason| anyhow::anyhow!("--option {name}={text:?}: {reason}"))?;
        options.set(name, value);
    }
    Ok(())
}

/// Sets and takes away what was typed.
pub(super) fn set(
    options: &mut Options,
    typed: &[String],
    fields: &[OptionField],
) -> anyhow::Result<()> {
    typed
        .iter()
        .try_for_each(|pair| apply(options, pair, fields))
}

fn names(fields: &[OptionField]) -> String {
    if fields.is_empty() {
        return "this kind of payment account has no options for single codes".to_owned();
    }
    let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    names.sort_unstable();
    names.dedup();
    format!("use one of {}", names.join(", "))
}

/// What a link or a product may have at a kind of account.
pub(super) fn fields_of(kind: &str) -> Vec<OptionField> {
    let Some(codec) = backend::codec(kind) else {
        return Vec::new();
    };
    let fields = codec.options().iter();
    fields
        .copied()
        .filter(|field| field.scope == Scope::Link)
        .collect()
}

/// What a product may have at any account of the till.
pub(super) fn fields_of_all(accounts: &[AccountReport]) -> Vec<OptionField> {
    let mut kinds: Vec<&str> = accounts
        .iter()
        .map(|account| account.kind.as_str())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().flat_map(fields_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::backend::OptionKind;

    const FIELDS: &[OptionField] = &[
        OptionField {
            name: "size",
            kind: OptionKind::Whole(100, 2_000),
            scope: Scope::Link,
        },
        OptionField {
            name: "collect_tax",
            kind: OptionKind::Switch,
            scope: Scope::Link,
        },
    ];

    fn typed(pairs: &[&str]) -> Result<String, String> {
        let mut options = Options::default();
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        set(&mut options, &pairs, FIELDS)
            .map(|()| serde_json::to_string(&options).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_option_is_read_by_its_kind_and_taken_away_by_nothing() {
        assert_eq!(
            typed(&["size=500", "collect_tax=true"]).unwrap(),
            r#"{"collect_tax":true,"size":500}"#
        );
        assert_eq!(typed(&["size=500", "size="]).unwrap(), "{}");
        for (pair, says) in [
            ("size", "name=value"),
            ("size=99", "100 to 2000"),
            ("size=5.0", "100 to 2000"),
            ("collect_tax=yes", "true or false"),
            ("colour=red", "use one of collect_tax, size"),
        ] {
            let said = typed(&[pair]).unwrap_err();
            assert!(said.contains(says), "{pair}: {said}");
        }
        let mut options = Options::default();
        let refused = set(&mut options, &["a=b".to_owned()], &[]).unwrap_err();
        assert!(refused.to_string().contains("no options"), "{refused}");
    }
}
