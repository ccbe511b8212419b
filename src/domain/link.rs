//! Payment links and the states they may take.

use serde::{Deserialize, Serialize};

use super::id::{LinkId, ProductId, SaleId};
use super::money::{Amount, Currency};
use super::options::Options;
use super::time::Timestamp;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Belongs to a product and is shown or printed as often as wanted. It names no customer.
    Permanent,
    /// Belongs to one sale. Once shown it is never shown for another.
    Single,
}

/// Who says how much is paid on a link.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Asking {
    /// The shop: the link's amount.
    #[default]
    Fixed,
    /// The payer types it.
    Open,
}

/// What a link asks a payer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// How much; zero where the payer types it.
    pub amount: Amount,
    /// Who says how much.
    pub asking: Asking,
}

impl Ask {
    /// Just this sum.
    pub const fn fixed(amount: Amount) -> Self {
        Self {
            amount,
            asking: Asking::Fixed,
        }
    }

    /// Whatever the payer types.
    pub const fn open(currency: Currency) -> Self {
        Self {
            amount: Amount::new(0, currency),
            asking: Asking::Open,
        }
    }
}

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// Decided, on disk, not sent.
    Wanted,
    /// Sent; the answer is not known.
    Requested,
    /// The backend has it.
    Live,
    /// Given to a sale, not yet on the screen.
    Reserved,
    /// A payer may have it.
    Shown,
    /// Money came.
    Paid,
    /// Shown and not needed any more; never shown again.
    Burned,
    /// Past its end.
    Expired,
    /// Switched off at the backend.
    Withdrawn,
    /// A permanent link that is not shown any more, but still listened to.
    Retired,
    /// The backend refused to make it.
    Refused,
}

impl LinkState {
    /// Whether a link of this purpose may go from here to `next`.
    pub const fn may_become(self, purpose: Purpose, next: Self) -> bool {
        use LinkState::{
            Burned, Expired, Live, Paid, Refused, Requested, Reserved, Retired, Shown, Wanted,
            Withdrawn,
        };
        match (self, next) {
            (Wanted, Requested)
            | (Requested, Live | Wanted | Refused | Expired)
            | (Refused, Wanted | Requested)
            | (Live, Withdrawn) => true,
            (Live, Retired) | (Retired, Withdrawn | Live) => matches!(purpose, Purpose::Permanent),
            (Live, Reserved | Expired | Burned)
            | (Reserved, Shown | Live | Burned | Withdrawn | Expired)
            | (Shown, Paid | Burned | Expired | Withdrawn)
            | (Burned | Expired, Withdrawn | Paid)
            | (Withdrawn, Paid) => matches!(purpose, Purpose::Single),
            _ => false,
        }
    }
}

/// What the backend answered when it made the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteLink {
    /// The backend's id.
    pub id: String,
    /// What the payer opens, and what the code holds.
    pub url: String,
}

/// A payment page at a backend, from the decision to make it until its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Ours, made before anything is sent.
    pub id: LinkId,
    /// The backend's name in the configuration.
    pub backend: String,
    /// Fingerprint of the account: a changed key freezes its links.
    pub account: String,
    /// For a product or for one sale.
    pub purpose: Purpose,
    /// Which product, where it is for one.
    pub product: Option<ProductId>,
    /// What it asks for; zero where the payer types it.
    pub amount: Amount,
    /// Who says how much.
    #[serde(default)]
    pub asking: Asking,
    /// What is bought, in a few words: the product's name.
    #[serde(default)]
    pub title: String,
    /// A short word for people; phone and till show the same.
    pub word: String,
    /// What the payer's page says.
    pub description: String,
    /// The unguessable part of its notification address; secret.
    pub token: String,
    /// Where it stands.
    pub state: LinkState,
    /// What the backend made of it.
    pub remote: Option<RemoteLink>,
    /// The sale it was given to.
    pub sale: Option<SaleId>,
    /// Whether an owner made it by hand: no tap takes it.
    #[serde(default)]
    pub is_custom: bool,
    /// Which address the provider was told to report its payments to, as a fingerprint; none where it
    /// was told of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports_to: Option<u32>,
    /// What only its provider understands, above the account's own.
    #[serde(default, skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When the backend stops taking money on it.
    pub expires_at: Option<Timestamp>,
}

impl Link {
    /// Whether a payer could be given this now, with `margin_ms` to spare before its end.
    pub fn is_fresh(&self, at: Timestamp, margin_ms: i64) -> bool {
        self.expires_at.is_none_or(|end| end.since(at) > margin_ms)
    }

    /// What it asks a payer for.
    pub const fn ask(&self) -> Ask {
        Ask {
            amount: self.amount,
            asking: self.asking,
        }
    }

    /// The address that the code holds, once the backend has made the link.
    pub fn url(&self) -> Option<&str> {
        self.remote.as_ref().map(|remote| remote.url.as_str())
    }
}
