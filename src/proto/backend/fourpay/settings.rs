//! What the owner may set for a 4pay account beside its keys.
//!
//! 4pay has published its page on links twice, without dates. `l1` is the contract; `l2` is a switch
//! for accounts that turn out to be of the other one.

use super::super::url::{URL_BYTES_MAX, host_of};
use super::super::{OptionField, OptionKind, Refusal, Scope};
use crate::domain::link::{Asking, Link, Purpose};
use crate::domain::options::Options;

const LINK_FLAVOR: &str = "link_flavor";
const PAY_METHODS: &str = "pay_methods";
const URL_TEMPLATE: &str = "url_template";
const IMAGE: &str = "image";
const USE_PRODUCTS: &str = "use_products";

/// All of them.
pub(super) const FIELDS: &[OptionField] = &[
    OptionField {
        name: LINK_FLAVOR,
        kind: OptionKind::Word(&["l1", "l2"]),
        scope: Scope::Account,
    },
    OptionField {
        name: PAY_METHODS,
        kind: OptionKind::Text(1, 200),
        scope: Scope::Account,
    },
    OptionField {
        name: URL_TEMPLATE,
        kind: OptionKind::Text(1, 1_000),
        scope: Scope::Account,
    },
    OptionField {
        name: IMAGE,
        kind: OptionKind::PublicUrl,
        scope: Scope::Link,
    },
    OptionField {
        name: USE_PRODUCTS,
        kind: OptionKind::Switch,
        scope: Scope::Account,
    },
];

/// Where a link's page is, as the contract shows it.
const USUAL_TEMPLATE: &str = "https://4pay.online/pay/link/{id}";

/// Which of the two published forms links have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    /// The contract: wrapped in `link`, amounts `static` or `dynamic`, an address in the answer.
    L1,
    /// The other page: no wrapper, amounts `fixed` or `dynamic`, ways to pay, no address.
    L2,
}

/// An account's options, read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings<'a>(&'a Options);

impl<'a> Settings<'a> {
    /// Of an account.
    pub(super) const fn of(options: &'a Options) -> Self {
        Self(options)
    }

    /// The form of links.
    pub(super) fn flavor(self) -> Flavor {
        match self.0.text(LINK_FLAVOR) {
            Some("l2") => Flavor::L2,
            _ => Flavor::L1,
        }
    }

    /// Whether there are products among what the account's stickers lead to.
    pub(super) fn uses_products(self) -> bool {
        self.0.switch(USE_PRODUCTS) == Some(true)
    }

    /// Whether a link is made as a product. A product has a price, so no open amount is one.
    pub(super) fn is_product(self, link: &Link) -> bool {
        self.uses_products() && link.purpose == Purpose::Permanent && link.asking == Asking::Fixed
    }

    /// How a payer may pay: `card`, `sbp`.
    pub(super) fn methods(self) -> Result<Vec<&'a str>, Refusal> {
        let text = self.0.text(PAY_METHODS).unwrap_or("card");
        let methods: Vec<&str> = text.split(',').map(str::trim).collect();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let is_method = |text: &&str| !text.is_empty() && text.bytes().all(plain);
        if methods.iter().all(is_method) {
            Ok(methods)
        } else {
            Err(Refusal::of(format!(
                "{PAY_METHODS} names a way to pay that is none: write words with commas between \
                 them, such as card, sbp"
            )))
        }
    }

    /// A picture for the payer's page: the link's own, else the account's.
    pub(super) fn image(self, link: &'a Link) -> Option<&'a str> {
        link.options.text(IMAGE).or_else(|| self.0.text(IMAGE))
    }

    /// The address of a link whose answer names none.
    pub(super) fn address(self, id: &str) -> Result<String, Refusal> {
        let template = self.0.text(URL_TEMPLATE).unwrap_or(USUAL_TEMPLATE);
        let address = template.replace("{id}", id);
        let is_usable = address.len() <= URL_BYTES_MAX && host_of(&address).is_some();
        if template.contains("{id}") && is_usable {
            Ok(address)
        } else {
            Err(Refusal::of(format!(
                "{URL_TEMPLATE} makes no address of a link: write one like {USUAL_TEMPLATE}"
            )))
        }
    }
}
