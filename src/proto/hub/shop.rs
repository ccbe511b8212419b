//! What the terminals of a shop tell the hub, so that payments which several of them could have find
//! one: links that they made, sales that wait for a sticker to be paid, and who takes a payment.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::token::TokenHash;
use crate::domain::id::{LinkId, ProductId, SaleId};
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::Amount;

/// The most links of one [`PublishedLinks`].
pub const LINKS_MAX: usize = 500;
/// The most sales of one [`OpenSales`].
pub const OPEN_SALES_MAX: usize = 200;
/// The longest of a provider's ids, in characters.
pub const REMOTE_CHARS_MAX: usize = 300;
/// The longest name of a kind of account, in characters.
const KIND_CHARS_MAX: usize = 40;
/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;

/// One link, as the terminal that made it tells its shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Its id.
    pub link: LinkId,
    /// The kind of its account: `4pay`.
    pub kind: String,
    /// The provider's id of it.
    pub remote: String,
    /// The hash of the token in its notifications' address.
    pub token: TokenHash,
    /// For a product or for one sale.
    pub purpose: Purpose,
    /// Which product, where it is for one. The same on all tills of a shop.
    pub product: Option<ProductId>,
    /// What is bought, in a few words.
    pub title: String,
    /// What it asks for; zero where the payer types it.
    pub amount: Amount,
    /// Who says how much.
    pub asking: Asking,
}

impl Published {
    /// What is told of a link; none of one that its provider does not have, or that has no token.
    pub fn of(link: &Link, kind: &str) -> Option<Self> {
        let remote = link.remote.as_ref()?;
        let token: super::Token = link.token.parse().ok()?;
        let told = Self {
            link: link.id,
            kind: kind.to_owned(),
            remote: remote.id.clone(),
            token: token.hash(),
            purpose: link.purpose,
            product: link.product,
            title: line_of(&link.title),
            amount: link.amount,
            asking: link.asking,
        };
        (link.state != LinkState::Refused && told.is_sound()).then_some(told)
    }

    /// Whether every text of it is within its bound.
    pub fn is_sound(&self) -> bool {
        is_kind(&self.kind) && is_remote(&self.remote) && is_line(&self.title, TITLE_CHARS_MAX)
    }
}

/// A title in one line, cut at its bound.
fn line_of(title: &str) -> String {
    let letters = title
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.take(TITLE_CHARS_MAX).collect()
}

/// Posted to [`super::LINKS_PATH`]. A link that is known is replaced, if it is this terminal's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedLinks {
    /// At most [`LINKS_MAX`].
    pub links: Vec<Published>,
}

/// A published link, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopLink {
    /// What was told of it.
    #[serde(flatten)]
    pub published: Published,
    /// The terminal that told it.
    pub terminal: Uuid,
    /// That terminal's name.
    pub till: String,
}

/// A sale that shows a permanent link and waits for it to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSale {
    /// Which sale.
    pub sale: SaleId,
    /// What it shows the code of.
    pub product: ProductId,
}

/// Posted to [`super::OPEN_SALES_PATH`]: all of the terminal's, in place of those told before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSales {
    /// At most [`OPEN_SALES_MAX`].
    pub sales: Vec<OpenSale>,
}

/// Posted to [`super::CLAIMS_PATH`]: this terminal takes a payment for a sale of its own. The first
/// of the shop has it; whoever asks is answered with a [`Claimed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The kind of the payment account: `4pay`.
    pub kind: String,
    /// The provider's id of the payment.
    pub payment: String,
    /// The link that was paid.
    pub link: LinkId,
    /// The sale that it is for.
    pub sale: SaleId,
}

impl Claim {
    /// Whether every text of it is within its bound.
    pub fn is_sound(&self) -> bool {
        is_kind(&self.kind) && is_remote(&self.payment)
    }
}

/// Who has a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The kind of the payment account.
    pub kind: String,
    /// The provider's id of the payment.
    pub payment: String,
    /// The link that was paid.
    pub link: LinkId,
    /// The sale that it is for.
    pub sale: SaleId,
    /// The terminal that took it.
    pub terminal: Uuid,
    /// That terminal's name.
    pub till: String,
}

fn is_kind(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    !text.is_empty() && text.len() <= KIND_CHARS_MAX && text.bytes().all(is_letter)
}

fn is_remote(text: &str) -> bool {
    !text.is_empty() && is_line(text, REMOTE_CHARS_MAX)
}

/// No control characters, and not too long.
fn is_line(text: &str, chars_max: usize) -> bool {
    text.chars().count() <= chars_max && !text.chars().any(char::is_control)
}
