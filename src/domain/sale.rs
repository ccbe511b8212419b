//! A sale: what one customer buys, and the facts that say how it went.
//!
//! Facts are only ever added, each under a key that makes a second copy harmless; the state is a
//! fold over them that is the same in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::{LinkId, ProductId, SaleId};
use super::link::Purpose;
use super::money::{Amount, MoneyError};
use super::payment::{PaymentReport, PaymentStatus, Proof};
use super::time::Timestamp;

/// The most lines of one sale.
pub const LINES_MAX: usize = 200;
/// The most pieces of one line.
pub const QUANTITY_MAX: u32 = 9_999;

/// One row of a cart or a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which product; none for an amount that was typed.
    pub product: Option<ProductId>,
    /// The article number at the time; empty for an amount that was typed.
    pub sku: String,
    /// The name at the time; empty for an amount that was typed.
    pub name: String,
    /// What one piece cost at the time.
    pub unit: Amount,
    /// How many; at least one.
    pub quantity: u32,
}

impl Line {
    /// What the line costs.
    pub fn total(&self) -> Result<Amount, MoneyError> {
        self.unit.times(self.quantity)
    }
}

/// Adds up lines; `None` where there are none.
pub fn total(lines: &[Line]) -> Result<Option<Amount>, MoneyError> {
    lines.iter().try_fold(None, |sum: Option<Amount>, line| {
        let line = line.total()?;
        Ok(Some(match sum {
            None => line,
            Some(sum) => sum.plus(line)?,
        }))
    })
}

/// How the customer is to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tender {
    /// A payment link as a code.
    Code,
    /// Notes and coins.
    Cash,
}

/// What was decided when the sale began. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Made at the till.
    pub id: SaleId,
    /// For people: `K7-0042`.
    pub reference: String,
    /// When it began.
    pub created_at: Timestamp,
    /// What is bought; never empty.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub total: Amount,
    /// The backend whose link is shown; empty for cash.
    pub backend: String,
}

/// One of several codes for one sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// From 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// Something that happened to a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A link was put on the screen for it.
    Shown {
        /// Which.
        link: LinkId,
        /// A permanent one names no customer: match by hand.
        purpose: Purpose,
        /// Which of several codes that are paid one after the other; none for a code by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        part: Option<Part>,
        /// When.
        at: Timestamp,
    },
    /// A backend reported money.
    Reported(PaymentReport),
    /// Cash was taken.
    Cash {
        /// What the customer gave.
        given: Amount,
        /// What went back.
        change: Amount,
        /// When.
        at: Timestamp,
    },
    /// A person accepted it without proof.
    Claimed {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// Somebody compared it with the provider's own list.
    Checked {
        /// Whether its payment is there.
        found: bool,
        /// When.
        at: Timestamp,
    },
    /// A person ended it.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// Its time ran out.
    Expired {
        /// When.
        at: Timestamp,
    },
}

impl Fact {
    /// A second fact with the same key is the same fact.
    pub fn key(&self) -> String {
        match self {
            Self::Shown { link, .. } => format!("shown/{link}"),
            Self::Reported(report) => format!(
                "payment/{}/{}/{:?}/{}{}",
                report.backend,
                report.payment,
                report.status,
                report.amount.minor,
                report.amount.currency
            ),
            Self::Cash { .. } => "cash".to_owned(),
            Self::Claimed { .. } => "claimed".to_owned(),
            Self::Checked { found, .. } => format!("checked/{found}"),
            Self::Cancelled { .. } => "cancelled".to_owned(),
            Self::Expired { .. } => "expired".to_owned(),
        }
    }

    /// When it happened.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Shown { at, .. }
            | Self::Cash { at, .. }
            | Self::Claimed { at, .. }
            | Self::Checked { at, .. }
            | Self::Cancelled { at }
            | Self::Expired { at } => *at,
            Self::Reported(report) => report.heard_at,
        }
    }
}

/// Where a sale stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SaleState {
    /// Begun; no code shown yet.
    Open,
    /// A code is or was on the screen.
    Awaiting,
    /// The money is there.
    Paid,
    /// A person ended it.
    Cancelled,
    /// Its time ran out, or somebody looked for its payment in vain.
    Expired,
}

/// What the facts say together.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is true beside the state, each by itself"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where the sale stands.
    pub state: SaleState,
    /// How sure that is.
    pub proof: Proof,
    /// Money came after it was closed.
    pub late: bool,
    /// What came in too much, to be given back.
    pub over: Option<Amount>,
    /// What is missing of a sale that was paid in part.
    pub under: Option<Amount>,
    /// The payer's last attempt failed and no other succeeded.
    pub failed: bool,
    /// A permanent link was shown: whoever paid must be matched by hand.
    pub by_hand: bool,
    /// Somebody looked for its payment in the provider's list, and it was not there.
    pub missing: bool,
    /// A payment was reported by somebody whose word is no proof, and nothing surer is known.
    pub hinted: bool,
}

impl Standing {
    /// Whether goods went out for it and nobody knows of any money.
    pub fn is_claimed(&self) -> bool {
        let is_undecided = matches!(
            self.state,
            SaleState::Open | SaleState::Awaiting | SaleState::Expired
        );
        self.proof == Proof::Claimed && is_undecided && !self.missing
    }
}

/// A sale and all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRecord {
    /// What was decided at its beginning.
    pub sale: Sale,
    facts: BTreeMap<String, Fact>,
}

impl SaleRecord {
    /// A sale with the facts that are known; repeated ones fall together.
    pub fn new(sale: Sale, facts: impl IntoIterator<Item = Fact>) -> Self {
        Self {
            sale,
            facts: facts.into_iter().map(|fact| (fact.key(), fact)).collect(),
        }
    }

    /// Adds a fact; says whether it was news.
    pub fn add(&mut self, fact: Fact) -> bool {
        let key = fact.key();
        if self.facts.contains_key(&key) {
            return false;
        }
        self.facts.insert(key, fact).is_none()
    }

    /// The facts, by key.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.values()
    }

    /// The link that was shown last.
    pub fn last_shown(&self) -> Option<LinkId> {
        self.shown_links()
            .max_by_key(|(link, at)| (*at, *link))
            .map(|(link, _)| link)
    }

    /// The links that belong to the code that was shown last: itself, or all parts, in their order.
    pub fn last_codes(&self) -> Vec<(LinkId, Option<Part>)> {
        let Some(last) = self.last_shown() else {
            return Vec::new();
        };
        let shown = |fact: &Fact| match fact {
            Fact::Shown { link, part, at, .. } => Some((*link, *part, *at)),
            Fact::Reported(_)
            | Fact::Cash { .. }
            | Fact::Claimed { .. }
            | Fact::Checked { .. }
            | Fact::Cancelled { .. }
            | Fact::Expired { .. } => None,
        };
        let Some((_, Some(part), at)) = self
            .facts
            .values()
            .filter_map(shown)
            .find(|(link, ..)| *link == last)
        else {
            return vec![(last, None)];
        };
        let mut parts: Vec<_> = self
            .facts
            .values()
            .filter_map(shown)
            .filter(|(_, other, then)| {
                *then == at && other.is_some_and(|other| other.of == part.of)
            })
            .map(|(link, part, _)| (link, part))
            .collect();
        parts.sort_by_key(|(link, part)| (*part, *link));
        parts
    }

    /// The links that were shown for it, and when.
    pub fn shown_links(&self) -> impl Iterator<Item = (LinkId, Timestamp)> {
        self.facts.values().filter_map(|fact| match fact {
            Fact::Shown { link, at, .. } => Some((*link, *at)),
            Fact::Reported(_)
            | Fact::Cash { .. }
            | Fact::Claimed { .. }
            | Fact::Checked { .. }
            | Fact::Cancelled { .. }
            | Fact::Expired { .. } => None,
        })
    }

    /// What the facts say together: the same in any order and after any repetition.
    pub fn standing(&self) -> Standing {
        let mut tally = Tally::default();
        for fact in self.facts.values() {
            tally.add(fact);
        }
        tally.standing(self.sale.total)
    }
}

/// What one pass over the facts gathers; every step commutes.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other"
)]
struct Tally<'a> {
    shown: bool,
    by_hand: bool,
    cash: bool,
    claimed: bool,
    found: bool,
    missing_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    expired_at: Option<Timestamp>,
    payments: BTreeMap<(&'a str, &'a str), &'a PaymentReport>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, fact: &'a Fact) {
        match fact {
            Fact::Shown { purpose, .. } => {
                self.shown = true;
                self.by_hand |= *purpose == Purpose::Permanent;
            }
            Fact::Cash { .. } => self.cash = true,
            Fact::Claimed { .. } => self.claimed = true,
            Fact::Checked { found: true, .. } => self.found = true,
            Fact::Checked { found: false, at } => self.missing_at = Some(*at),
            Fact::Cancelled { at } => self.cancelled_at = Some(*at),
            Fact::Expired { at } => self.expired_at = Some(*at),
            Fact::Reported(report) => {
                let key = (report.backend.as_str(), report.payment.as_str());
                let best = self.payments.entry(key).or_insert(report);
                #[cfg(planted)]
                if crate::domain::planted::is(crate::domain::planted::Bug::LowerStatusWins) {
                    *best = report;
                    return;
                }
                if (report.status, report.proof, report.amount)
                    > (best.status, best.proof, best.amount)
                {
                    *best = report;
                }
            }
        }
    }

    fn standing(&self, due: Amount) -> Standing {
        let charged = self.charged(due);
        let confirmed =
            self.cash || self.found || charged.is_some_and(|sum| sum.minor >= due.minor);
        let closings = [self.cancelled_at, self.expired_at, self.missing_at];
        let closed_at = closings.into_iter().flatten().min();
        let state = if self.cancelled_at.is_some() {
            SaleState::Cancelled
        } else if (self.expired_at.is_some() || self.missing_at.is_some()) && !confirmed {
            SaleState::Expired
        } else if confirmed {
            SaleState::Paid
        } else if self.shown {
            SaleState::Awaiting
        } else {
            SaleState::Open
        };
        Standing {
            state,
            proof: self.proof(confirmed),
            late: closed_at.is_some() && (confirmed || charged.is_some()),
            over: self.over(due, charged),
            under: charged
                .filter(|sum| !confirmed && sum.minor < due.minor)
                .and_then(|sum| due.minus(sum).ok()),
            failed: !confirmed
                && !self.payments.is_empty()
                && self
                    .payments
                    .values()
                    .all(|report| report.status == PaymentStatus::Failed),
            by_hand: self.by_hand,
            missing: self.missing_at.is_some() && !confirmed,
            hinted: !confirmed
                && self.payments.values().any(|report| {
                    report.status == PaymentStatus::Charged && !report.proof.is_paid()
                }),
        }
    }

    fn proof(&self, confirmed: bool) -> Proof {
        if self.cash || self.found {
            return Proof::Confirmed;
        }
        let reported = self
            .payments
            .values()
            .filter(|report| report.status == PaymentStatus::Charged)
            .map(|report| report.proof)
            .max();
        match reported {
            Some(proof) if confirmed => proof,
            _ if self.claimed => Proof::Claimed,
            _ => Proof::Open,
        }
    }

    /// Money that is here now, in the sale's currency; other currencies wait for a person.
    fn charged(&self, due: Amount) -> Option<Amount> {
        self.payments
            .values()
            .filter(|report| report.status == PaymentStatus::Charged)
            .filter(|report| report.proof.is_paid() && report.amount.currency == due.currency)
            .try_fold(None, |sum: Option<Amount>, report| match sum {
                None => Some(Some(report.amount)),
                Some(sum) => sum.plus(report.amount).ok().map(Some),
            })
            .flatten()
    }

    fn over(&self, due: Amount, charged: Option<Amount>) -> Option<Amount> {
        // What a person found in the provider's list is what the sale asked for.
        let charged = charged.or_else(|| self.found.then_some(due))?;
        let due = if self.cash || self.cancelled_at.is_some() {
            Amount::new(0, due.currency)
        } else {
            due
        };
        charged.minus(due).ok().filter(|over| over.minor > 0)
    }
}
