//! A link's place in the checkout: letters, digits, `-`, `_`, `/` and `.`, unique in the account.

use crate::domain::fold::{fold, words};
use crate::domain::link::{Link, Purpose};

/// The longest part between two slashes, in characters.
const PART_CHARS_MAX: usize = 60;
/// The longest slug that is believed, in characters.
const SLUG_CHARS_MAX: usize = 200;
/// Signs of a random slug, five bits each: no `l` and no `o`, which look like digits.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Signs of a random slug: sixty bits.
const RANDOM_CHARS: u32 = 12;
/// How many slugs a link has at most.
pub(super) const TRIES: usize = 3;

/// The slug of a link's first, second and third try; `None` after that.
///
/// A sticker's says what it is for, `kiosk/tea`; another till may have it already, and then the
/// link's word, or else something random, tells them apart. A single link's is random from the start.
pub(super) fn of(link: &Link, shop: &str, attempt: usize) -> Option<String> {
    let random = random(link);
    let base = match link.purpose {
        Purpose::Single => random.clone(),
        Purpose::Permanent => {
            let shop = part(shop);
            let product = [part(&link.title), part(&link.word)]
                .into_iter()
                .find(|part| !part.is_empty())
                .unwrap_or_else(|| random.clone());
            if shop.is_empty() {
                product
            } else {
                format!("{shop}/{product}")
            }
        }
    };
    match attempt {
        0 => Some(base),
        1 => {
            let word = part(&link.word);
            let word = if word.is_empty() { "again" } else { &word };
            Some(format!("{base}-{word}"))
        }
        2 => Some(format!("{base}-{random}")),
        _ => None,
    }
}

/// Whether a text is a slug: of the charset, without a separator at an end or beside another one.
pub(crate) fn is_slug(text: &str) -> bool {
    let is_separator = |byte: u8| b"-_/.".contains(&byte);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || is_separator(byte);
    let parts = |text: &str| {
        text.split(['-', '_', '/', '.'])
            .all(|part| !part.is_empty())
    };
    text.len() <= SLUG_CHARS_MAX && text.bytes().all(allowed) && parts(text)
}

/// A name in plain letters and digits, with dashes between its words.
fn part(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::new();
    for word in words(&folded) {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if plain.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&plain);
    }
    out.truncate(PART_CHARS_MAX);
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// The last sixty bits of the link's id, which are random.
fn random(link: &Link) -> String {
    let (_, bits) = link.id.0.as_u64_pair();
    (0..RANDOM_CHARS)
        .filter_map(|index| {
            let five = bits.checked_shr(index.saturating_mul(5))? & 31;
            let sign = SIGNS.get(usize::try_from(five).ok()?)?;
            Some(char::from(*sign))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::sample;
    use super::*;

    fn slug(purpose: Purpose, shop: &str, title: &str, word: &str, attempt: usize) -> String {
        let mut link = sample::link(350, "EUR");
        link.purpose = purpose;
        title.clone_into(&mut link.title);
        word.clone_into(&mut link.word);
        of(&link, shop, attempt).unwrap()
    }

    #[test]
    fn a_stickers_slug_says_what_it_is_for() {
        let of = |shop, title, attempt| slug(Purpose::Permanent, shop, title, "tulip", attempt);
        assert_eq!(of("Café Ärger", "Grüner Tee", 0), "cafe-arger/gruner-tee");
        assert_eq!(
            of("Café Ärger", "Grüner Tee", 1),
            "cafe-arger/gruner-tee-tulip"
        );
        assert_eq!(of("", "Tea", 0), "tea");
        assert_eq!(of("Kiosk", "", 0), "kiosk/tulip");
        assert_eq!(of("Kiosk", "чай", 0), "kiosk/tulip");
        assert_eq!(of("Kiosk", "a/../b", 0), "kiosk/a-b");
        let single = slug(Purpose::Single, "Kiosk", "Tea", "tulip", 0);
        assert_eq!(single.len(), 12);
        assert!(of("Kiosk", "Tea", 2).ends_with(&single));
        for (length, kept) in [(1, 1), (60, 60), (61, 60)] {
            let title = "a".repeat(length);
            let slug = slug(Purpose::Permanent, "", &title, "tulip", 0);
            assert_eq!(slug.len(), kept, "{length}");
        }
    }

    #[test]
    fn a_slug_has_no_separator_at_an_end_or_beside_another() {
        for good in ["a", "premium-subscription", "a/b.c_d", "A9"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in [
            "", "-a", "a-", "a--b", "a/-b", "/a", "a/", "a b", "ä", "a?b",
        ] {
            assert!(!is_slug(bad), "{bad}");
        }
        assert!(is_slug(&"a".repeat(SLUG_CHARS_MAX)));
        assert!(!is_slug(&"a".repeat(SLUG_CHARS_MAX + 1)));
    }

    proptest! {
        #[test]
        fn every_slug_fits_the_charset(
            shop in ".{0,90}", title in ".{0,90}", word in ".{0,20}",
            is_single in any::<bool>(), attempt in 0..TRIES, id in any::<u128>(),
        ) {
            let mut link = sample::link(350, "EUR");
            link.purpose = if is_single { Purpose::Single } else { Purpose::Permanent };
            link.id = crate::domain::id::LinkId(uuid::Uuid::from_u128(id));
            link.title = title;
            link.word = word;
            let slug = of(&link, &shop, attempt).unwrap();
            prop_assert!(is_slug(&slug), "{}", slug);
        }
    }
}
