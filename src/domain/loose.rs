//! Payments that belong to no sale by themselves: a person says what each is for.

use serde::{Deserialize, Serialize};

use super::id::{ProductId, SaleId};
use super::payment::{PaymentReport, PaymentStatus};

/// A payment to sort out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoosePayment {
    /// The surest of what was reported of it.
    #[serde(flatten)]
    pub report: PaymentReport,
    /// What its link sells, where it is for a product.
    pub product: Option<ProductId>,
    /// What its link sells, in a few words.
    pub title: String,
    /// The till of the shop that made its link; none where it was this one.
    pub till: Option<String>,
    /// Whether other tills of the shop see it too: the first that takes it has it.
    pub shared: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub state: LooseState,
}

/// Where a payment to sort out stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LooseState {
    /// Nobody has said anything.
    Open,
    /// It was taken here; whether another till was first is not known yet.
    Wanted {
        /// For this sale.
        sale: SaleId,
        /// That sale is only made once the payment is this till's: the goods were handed over.
        is_new: bool,
    },
    /// It belongs to a sale of this till.
    Taken {
        /// Which.
        sale: SaleId,
    },
    /// Another till was first.
    Elsewhere {
        /// Its name. Stored beside [`LoosePayment::till`], so under another name.
        #[serde(rename = "taken_by")]
        till: String,
    },
    /// A person decided that it is for no sale.
    SetAside {
        /// Why.
        reason: String,
    },
}

impl LooseState {
    /// The word that is stored and listed.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Wanted { .. } => "wanted",
            Self::Taken { .. } => "taken",
            Self::Elsewhere { .. } => "elsewhere",
            Self::SetAside { .. } => "set_aside",
        }
    }

    /// Whether somebody has to look at it.
    pub const fn is_undecided(&self) -> bool {
        matches!(self, Self::Open | Self::Wanted { .. })
    }

    /// The sale that it belongs to.
    pub const fn sale(&self) -> Option<SaleId> {
        match self {
            Self::Taken { sale } => Some(*sale),
            Self::Open | Self::Wanted { .. } | Self::Elsewhere { .. } | Self::SetAside { .. } => {
                None
            }
        }
    }
}

impl LoosePayment {
    /// Whether there is money that a person has to say something about.
    pub fn is_to_sort(&self) -> bool {
        self.state.is_undecided() && self.report.status >= PaymentStatus::Charged
    }

    /// Learns more of the same payment; says whether that is surer than what was known.
    pub fn hear(&mut self, report: &PaymentReport) -> bool {
        let sureness = |report: &PaymentReport| (report.status, report.proof, report.amount);
        let is_surer = sureness(report) > sureness(&self.report);
        if is_surer {
            let heard_at = self.report.heard_at;
            self.report = PaymentReport {
                heard_at,
                ..report.clone()
            };
        }
        is_surer
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::LinkId;
    use crate::domain::money::{Amount, Currency};
    use crate::domain::payment::Proof;
    use crate::domain::time::Timestamp;

    #[test]
    fn in_every_state_it_is_read_as_it_was_written() {
        let sale = SaleId(Uuid::from_u128(7));
        for state in [
            LooseState::Open,
            LooseState::Wanted { sale, is_new: true },
            LooseState::Taken { sale },
            LooseState::Elsewhere {
                till: "Till 2".to_owned(),
            },
            LooseState::SetAside {
                reason: "a gift".to_owned(),
            },
        ] {
            for till in [None, Some("Till 3".to_owned())] {
                let payment = LoosePayment {
                    report: PaymentReport {
                        backend: "main".to_owned(),
                        payment: "p1".to_owned(),
                        link: LinkId(Uuid::from_u128(8)),
                        status: PaymentStatus::Charged,
                        amount: Amount::new(100, Currency::from_code("EUR").unwrap()),
                        proof: Proof::Confirmed,
                        heard_at: Timestamp::from_millis(9),
                    },
                    product: None,
                    title: "Tea".to_owned(),
                    till,
                    shared: true,
                    state: state.clone(),
                };
                let text = serde_json::to_string(&payment).unwrap();
                let read: Result<LoosePayment, _> = serde_json::from_str(&text);
                assert_eq!(
                    read.map_err(|error| error.to_string()),
                    Ok(payment),
                    "{text}"
                );
            }
        }
    }
}
