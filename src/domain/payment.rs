//! Money that a backend reported, and how sure a till may be of it.

use serde::{Deserialize, Serialize};

use super::id::{LinkId, SaleId};
use super::money::Amount;
use super::time::Timestamp;

/// How far a payment is known. Later is surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Proof {
    /// Shown, nothing known yet.
    Open,
    /// A person accepted it, with a reason.
    Claimed,
    /// A code or signed receipt on the customer's phone, checked with no network.
    Proven,
    /// The backend said so, or the cash is in the drawer.
    Confirmed,
}

impl Proof {
    /// Whether the till may say PAID.
    pub const fn is_paid(self) -> bool {
        match self {
            Self::Open | Self::Claimed => false,
            Self::Proven | Self::Confirmed => true,
        }
    }
}

/// What became of one payment. Later words win; an earlier one that arrives late changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Begun, or a word that is not known here: never money.
    Pending,
    /// Refused by the payer's bank, or given up.
    Failed,
    /// The money moved.
    Charged,
    /// A part of it went back.
    PartRefunded,
    /// All of it went back.
    Refunded,
    /// The payer's bank took it back.
    ChargedBack,
}

/// A report as it is kept: once for each (backend, payment, status, amount).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// What was reported.
    #[serde(flatten)]
    pub report: PaymentReport,
    /// Fingerprint of the account that it came from.
    pub account: String,
    /// The sale that it belongs to; none for one to be sorted out.
    pub sale: Option<SaleId>,
}

/// One report of one payment. What a backend reported is never edited, only added to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PaymentReport {
    /// The backend's name in the configuration.
    pub backend: String,
    /// The provider's id of the payment; unique with `backend`.
    pub payment: String,
    /// The link it was paid on.
    pub link: LinkId,
    /// What became of it.
    pub status: PaymentStatus,
    /// What the payer gave; the provider's fee on top is not in it.
    pub amount: Amount,
    /// How sure this report is.
    pub proof: Proof,
    /// When it was heard here.
    pub heard_at: Timestamp,
}
