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
    /// A provider's notification, on the unguessable address of one link.
    pub(super) fn notified(
        &mut self,
        turn: &mut Turn,
        backend: &str,
        token: &str,
        body: &str,
        known: &[PaymentRow],
    ) {
        let Some(link) = self.links.by_token(token).cloned() else {
            turn.journal("payment_unmatched", backend, &json!({ "body": body }));
            return;
        };
        let read = self
            .accounts
            .get(&link.backend)
            .map(|account| account.codec.read_notification(body));
        let Some(Ok(reported)) = read else {
            // Kept whole: it is sorted out by a person.
            turn.journal("payment_unmatched", link.id, &json!({ "body": body }));
            return;
        };
        let ours = link.remote.as_ref().map(|remote| remote.id.as_str());
        // Some providers name our reference in place of their id.
        let own = link.id.to_string();
        let named = reported.remote_link.as_deref();
        #[cfg(planted)]
        let named = named.filter(|_| !planted::is(Bug::StrangerBelieved));
        let names_another = named.is_some() && named != ours && named != Some(own.as_str());
        // The same payment on two links is nobody's to decide but a person's.
        let is_conflict = known.iter().any(|row| row.report.link != link.id);
        if names_another || is_conflict {
            turn.journal("payment_unmatched", link.id, &json!({ "body": body }));
        } else {
            self.take_report(turn, &link, &reported);
            self.ask_now(&link, turn.now.mono_ms);
        }
    }

    /// One report of one payment on a link of ours.
    pub(super) fn take_report(&mut self, turn: &mut Turn, link: &Link, reported: &Reported) {
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
        // A permanent link names a product, not a customer: never matched by itself.
        let sale = link
            .sale
            .filter(|sale| link.purpose == Purpose::Single && self.sales.contains_key(sale));
        #[cfg(planted)]
        if sale.is_some_and(|sale| self.is_deaf(sale)) {
            return;
        }
        if let Some(sale) = sale
            && !self.is_news(sale, &report)
        {
            return;
        }
        turn.write(Write::Payment(PaymentRow {
            report: report.clone(),
            account: link.account.clone(),
            sale,
        }));
        match sale {
            Some(sale) => self.add_fact(turn, sale, Fact::Reported(report)),
            None => turn.journal("payment_unmatched", link.id, &json!({ "report": report })),
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
