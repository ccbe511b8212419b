//! Words for people, from the translation files. No other file holds any.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::domain::locale::Language;

/// Languages that the cashier's whole screen speaks; the others speak to payers only.
pub const CASHIER_LANGUAGES: [Language; 3] = [Language::En, Language::De, Language::Es];

const fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../assets/lang/en.ftl"),
        Language::De => include_str!("../../assets/lang/de.ftl"),
        Language::Es => include_str!("../../assets/lang/es.ftl"),
        Language::Fr => include_str!("../../assets/lang/fr.ftl"),
        Language::It => include_str!("../../assets/lang/it.ftl"),
        Language::Pl => include_str!("../../assets/lang/pl.ftl"),
        Language::Uk => include_str!("../../assets/lang/uk.ftl"),
    }
}

/// What a language calls itself.
pub const fn native_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
        Language::Es => "Español",
        Language::Fr => "Français",
        Language::It => "Italiano",
        Language::Pl => "Polski",
        Language::Uk => "Українська",
    }
}

/// The words of one language, with English where it has none.
pub struct Words {
    language: Language,
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl Words {
    /// Reads the language's file, which is part of the program.
    pub fn of(language: Language) -> Self {
        let mut languages = vec![language];
        if language != Language::En {
            languages.push(Language::En);
        }
        let bundles = languages.into_iter().map(bundle).collect();
        Self { language, bundles }
    }

    /// Which language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The words for `key`, with values in them; the key itself where there are none.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let args: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.bundles
            .iter()
            .find_map(|bundle| {
                let pattern = bundle.get_message(key)?.value()?;
                let mut errors = Vec::new();
                Some(
                    bundle
                        .format_pattern(pattern, Some(&args), &mut errors)
                        .into_owned(),
                )
            })
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether the language's own file has the key.
    pub fn has(&self, key: &str) -> bool {
        self.bundles
            .first()
            .is_some_and(|bundle| bundle.has_message(key))
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // The marks around values are for mixed writing directions, which egui does not draw.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(source(language).to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}
