//! Money that a backend reports: matched to a link and its sale, and kept in any case.
//!
//! A report is a row of its own before it is a fact of a sale. What belongs to no sale stays in the
//! list of payments to sort out; nothing that arrived is dropped.

use serde_json::json;

use super::Terminal;
use super::step::Write;
use super::turn::Turn;
use crate::domain::id::SaleId;
use crate::domain::link::{Link, Purpose};
use crate::domain::money::Amount;
use crate::domain::payment::{PaymentReport, PaymentRow, Proof};
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::Fact;
#[cfg(planted)]
use crate::domain::sale::SaleState;
use crate::proto::backend::{Learns, Reported};

impl Terminal {
    /// One report of one payment on a link; `known` is what is known of that payment, `till` the till
    /// that made the link where that was another one of the shop.
    pub(super) fn take_report(
        &mut self,
        turn: &mut Turn,
        link: &Link,
        reported: &Reported,
        known: &[PaymentRow],
        till: Option<&str>,
    ) {
        #[cfg(planted)]
        let reported = &misread(reported, turn);
        let Some(report) = self.read_report(turn, link, reported) else {
            turn.journal(
                "payment_unreadable",
                link.id,
                &json!({ "payment": reported.payment, "minor": reported.minor }),
            );
            return;
        };
        // A permanent link names a product, not a customer: never matched by itself, but by whom a
        // person gave it to.
        let by_hand = self.loose.sale_of(&report);
        let sale = link.sale.filter(|_| link.purpose == Purpose::Single);
        let sale = sale
            .or(by_hand)
            .filter(|sale| self.sales.contains_key(sale));
        #[cfg(planted)]
        if sale.is_some_and(|sale| self.is_deaf(sale)) {
            return;
        }
        let is_known = match sale {
            Some(sale) => !self.is_news(sale, &report),
            None => known.iter().any(|row| says_the_same(&row.report, &report)),
        };
        if is_known {
            return;
        }
        turn.write(Write::Payment(PaymentRow {
            report: report.clone(),
            account: link.account.clone(),
            sale,
        }));
        match sale {
            Some(sale) => self.add_fact(turn, sale, Fact::Reported(report)),
            None => self.note_loose(turn, link, &report, till),
        }
    }

    #[cfg(planted)]
    fn is_deaf(&self, sale: SaleId) -> bool {
        let Some(record) = self.sales.get(&sale) else {
            return false;
        };
        let standing = record.standing();
        let told = record.facts().any(|fact| matches!(fact, Fact::Reported(_)));
        planted::is(Bug::PaymentBySale) && told
            || planted::is(Bug::CancelledIsDeaf) && standing.state == SaleState::Cancelled
            || planted::is(Bug::ClaimedIsDeaf) && standing.proof == Proof::Claimed
    }

    fn is_news(&self, sale: SaleId, report: &PaymentReport) -> bool {
        let fact = Fact::Reported(report.clone());
        let key = fact.key();
        self.sales
            .get(&sale)
            .is_some_and(|record| !record.facts().any(|known| known.key() == key))
    }

    fn read_report(&self, turn: &Turn, link: &Link, reported: &Reported) -> Option<PaymentReport> {
        let account = self.accounts.get(&link.backend)?;
        // Where the provider names no currency, the one that was minted counts (design.md 4.2).
        let currency = reported.currency.unwrap_or(link.amount.currency);
        let minor = account.codec.minor_units(reported.minor, currency)?;
        Some(PaymentReport {
            backend: link.backend.clone(),
            payment: reported.payment.clone(),
            link: link.id,
            status: reported.status,
            amount: Amount::new(minor, currency),
            proof: match account.can().learns {
                Learns::Notified | Learns::LookedUp => Proof::Confirmed,
                Learns::Hinted if account.setup.options.switch("commissioned") == Some(true) => {
                    Proof::Confirmed
                }
                // A hint: said on the screen, never money.
                Learns::Hinted | Learns::Never => Proof::Open,
            },
            heard_at: turn.at(),
        })
    }
}

fn says_the_same(one: &PaymentReport, other: &PaymentReport) -> bool {
    (one.link, one.status, one.amount) == (other.link, other.status, other.amount)
}

#[cfg(planted)]
fn misread(reported: &Reported, turn: &Turn) -> Reported {
    use crate::domain::payment::PaymentStatus;
    let mut reported = reported.clone();
    if planted::is(Bug::PaymentByDelivery) {
        reported.payment = format!("{}-{}", reported.payment, turn.now.mono_ms);
    }
    if planted::is(Bug::PendingIsPaid) && reported.status == PaymentStatus::Pending {
        reported.status = PaymentStatus::Charged;
    }
    reported
}
