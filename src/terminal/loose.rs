//! Payments to sort out: money that names no sale, until a person says what it is for.
//!
//! Of a payment that several tills of a shop see, the first that takes it has it. Who that is the hub
//! says, in the stream that all of them read; until then it is wanted, which outlives a restart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::command::Reply;
use super::notice::Notice;
use super::query::SaleView;
use super::step::{Keys, Write};
use super::turn::Turn;
use super::{Terminal, cart};
use crate::domain::id::SaleId;
use crate::domain::link::{Link, Purpose};
use crate::domain::loose::{LoosePayment, LooseState};
use crate::domain::payment::PaymentReport;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{Fact, Line, SaleRecord};
use crate::proto::hub::{Claim, Claimed};

/// The longest reason, in characters.
const REASON_CHARS_MAX: usize = 200;
/// The most payments on the screen; the newest. The rest is in `tillcode payment list`.
const SHOWN_MAX: usize = 50;
/// The most sales that are suggested for one payment.
const SUGGESTIONS_MAX: usize = 5;
/// How long before a sale began its payment may have come, in milliseconds: a customer who scans the
/// sticker first.
pub(super) const EARLY_MS: i64 = 10 * 60 * 1_000;
/// Decided ones that stay in memory.
pub(super) const DECIDED_MAX: usize = 1_000;

/// Payments by account and the provider's id.
#[derive(Debug, Default)]
pub(super) struct LooseBook {
    payments: BTreeMap<(String, String), LoosePayment>,
    /// Those that this till has and that the hub may have forgotten.
    to_claim_again: BTreeSet<(String, String)>,
}

impl LooseBook {
    /// Takes one from its row. Of what is in memory already, memory is right.
    pub(super) fn adopt(&mut self, payment: LoosePayment) {
        self.payments
            .entry(key_of(&payment.report))
            .or_insert(payment);
    }

    pub(super) fn put(&mut self, payment: LoosePayment) {
        self.payments.insert(key_of(&payment.report), payment);
        if self.payments.len() > DECIDED_MAX {
            self.payments
                .retain(|_, payment| payment.state.is_undecided());
        }
    }

    pub(super) fn get(&self, backend: &str, payment: &str) -> Option<&LoosePayment> {
        self.payments.get(&(backend.to_owned(), payment.to_owned()))
    }

    /// The sale that a person gave a payment to.
    pub(super) fn sale_of(&self, report: &PaymentReport) -> Option<SaleId> {
        self.get(&report.backend, &report.payment)?.state.sale()
    }

    /// Those that somebody has to look at, newest first.
    pub(super) fn to_sort(&self) -> Vec<&LoosePayment> {
        let payments = self.payments.values();
        let mut payments: Vec<_> = payments.filter(|payment| payment.is_to_sort()).collect();
        payments.sort_by_key(|payment| std::cmp::Reverse(payment.report.heard_at));
        payments
    }

    /// The hub lost its memory: it is told again what this till has taken lately, before another one
    /// takes it.
    pub(super) fn claim_again(&mut self) {
        let taken = self.payments.iter().filter(|(_, payment)| {
            payment.shared && matches!(payment.state, LooseState::Taken { .. })
        });
        self.to_claim_again = taken.map(|(key, _)| key.clone()).collect();
    }

    /// The first that is to be told again.
    fn taken_again(&self) -> Option<(&LoosePayment, SaleId)> {
        let mut taken = self.to_claim_again.iter();
        taken.find_map(|key| {
            let payment = self.payments.get(key)?;
            Some((payment, payment.state.sale()?))
        })
    }

    /// The first that waits to hear whether it is this till's.
    pub(super) fn wanted(&self) -> Option<(&LoosePayment, SaleId)> {
        self.payments
            .values()
            .find_map(|payment| match payment.state {
                LooseState::Wanted { sale, .. } => Some((payment, sale)),
                LooseState::Open
                | LooseState::Taken { .. }
                | LooseState::Elsewhere { .. }
                | LooseState::SetAside { .. } => None,
            })
    }
}

fn key_of(report: &PaymentReport) -> (String, String) {
    (report.backend.clone(), report.payment.clone())
}

impl Terminal {
    /// A payment that belongs to no sale by itself, or more of one that is known.
    pub(super) fn note_loose(
        &mut self,
        turn: &mut Turn,
        link: &Link,
        report: &PaymentReport,
        till: Option<&str>,
    ) {
        turn.journal("payment_unmatched", link.id, &json!({ "report": report }));
        let known = self.loose.get(&report.backend, &report.payment).cloned();
        let loose = match known {
            Some(mut known) => {
                known.hear(report);
                known
            }
            None => LoosePayment {
                report: report.clone(),
                product: link.product,
                title: link.title.clone(),
                till: till.map(str::to_owned),
                shared: link.purpose == Purpose::Permanent && self.hub.is_some(),
                state: LooseState::Open,
            },
        };
        self.put_loose(turn, loose);
    }

    fn put_loose(&mut self, turn: &mut Turn, loose: LoosePayment) {
        turn.write(Write::Loose(loose.clone()));
        self.loose.put(loose);
    }

    /// The rows that a claim needs besides those in memory.
    pub(super) fn keys_of_claim(&self, claimed: &Claimed, keys: &mut Keys) {
        for account in self.accounts.iter() {
            if account.setup.kind == claimed.kind {
                let name = account.name().to_owned();
                keys.payments.push((name, claimed.payment.clone()));
            }
        }
        if !self.sales.contains_key(&claimed.sale) {
            keys.sales.push(claimed.sale);
        }
    }

    /// A person says what a payment is for: a sale, or goods that were handed over for it.
    pub(super) fn take_payment(
        &mut self,
        turn: &mut Turn,
        backend: &str,
        payment: &str,
        sale: Option<SaleId>,
    ) -> Result<Reply, Notice> {
        let mut loose = self.undecided(backend, payment)?;
        if let Some(sale) = sale
            && self.unpaid(sale)?.currency != loose.report.amount.currency
        {
            return Err(Notice::PaymentCurrency);
        }
        loose.state = LooseState::Wanted {
            sale: sale.unwrap_or_else(|| SaleId(self.entropy.uuid(turn.at()))),
            is_new: sale.is_none(),
        };
        let subject = format!("{backend}/{payment}");
        turn.journal("payment_wanted", subject, &json!({ "state": loose.state }));
        #[cfg(planted)]
        let is_asked = !planted::is(Bug::TakenUnasked);
        #[cfg(not(planted))]
        let is_asked = true;
        if is_asked && loose.shared && self.hub.is_some() {
            self.put_loose(turn, loose);
            return Ok(Reply::Done);
        }
        let sale = self.settle(turn, loose);
        Ok(sale.map_or(Reply::Done, |sale| self.sale_reply(sale)))
    }

    /// A person decides that a payment is for no sale of this till.
    pub(super) fn set_payment_aside(
        &mut self,
        turn: &mut Turn,
        backend: &str,
        payment: &str,
        reason: &str,
    ) -> Result<(), Notice> {
        let mut loose = self.undecided(backend, payment)?;
        let reason: String = reason.trim().chars().take(REASON_CHARS_MAX).collect();
        if reason.is_empty() {
            return Err(Notice::ReasonMissing);
        }
        loose.state = LooseState::SetAside { reason };
        let subject = format!("{backend}/{payment}");
        turn.journal(
            "payment_set_aside",
            subject,
            &json!({ "state": loose.state }),
        );
        self.put_loose(turn, loose);
        Ok(())
    }

    /// One that may still be decided. What was set aside may be taken up again.
    fn undecided(&self, backend: &str, payment: &str) -> Result<LoosePayment, Notice> {
        let loose = self.loose.get(backend, payment);
        let loose = loose.ok_or(Notice::UnknownPayment)?;
        match &loose.state {
            LooseState::Open | LooseState::SetAside { .. } => Ok(loose.clone()),
            LooseState::Wanted { .. } => Err(Notice::PaymentWanted),
            LooseState::Taken { .. } => Err(Notice::PaymentTaken {
                till: self.shop.terminal.clone(),
            }),
            LooseState::Elsewhere { till } => Err(Notice::PaymentTaken { till: till.clone() }),
        }
    }

    /// Somebody of the shop has a payment: this till, or another one.
    pub(super) fn claimed(&mut self, turn: &mut Turn, claimed: &Claimed) {
        let is_it = |loose: &&LoosePayment| {
            loose.report.payment == claimed.payment && loose.report.link == claimed.link
        };
        let Some(mut loose) = self.loose.payments.values().find(is_it).cloned() else {
            return;
        };
        let wanted = match loose.state {
            LooseState::Wanted { sale, .. } => Some(sale),
            LooseState::Open | LooseState::SetAside { .. } => None,
            LooseState::Taken { sale } => return self.claimed_again(turn, &loose, sale, claimed),
            LooseState::Elsewhere { .. } => return,
        };
        #[cfg(planted)]
        if wanted.is_some() && planted::is(Bug::ClaimBelieved) {
            self.settle(turn, loose);
            return;
        }
        // Of a till that was restored from a backup it may have forgotten that it asked.
        if wanted == Some(claimed.sale) || self.sales.contains_key(&claimed.sale) {
            if wanted != Some(claimed.sale) {
                loose.state = LooseState::Wanted {
                    sale: claimed.sale,
                    is_new: false,
                };
            }
            self.settle(turn, loose);
            return;
        }
        loose.state = LooseState::Elsewhere {
            till: claimed.till.clone(),
        };
        let subject = format!("{}/{}", loose.report.backend, claimed.payment);
        turn.journal("payment_elsewhere", subject, &json!(claimed));
        self.put_loose(turn, loose);
        if wanted.is_some() {
            self.say(Notice::PaymentTaken {
                till: claimed.till.clone(),
            });
        }
    }

    /// What the hub says of a payment that this till has. Where the hub forgot that in between, another
    /// till may have got it, too: a person has to know.
    fn claimed_again(
        &mut self,
        turn: &mut Turn,
        loose: &LoosePayment,
        sale: SaleId,
        claimed: &Claimed,
    ) {
        self.loose.to_claim_again.remove(&key_of(&loose.report));
        if claimed.sale != sale {
            let subject = format!("{}/{}", loose.report.backend, claimed.payment);
            turn.journal("payment_taken_twice", subject, &json!(claimed));
            self.say(Notice::PaymentTakenTwice {
                till: claimed.till.clone(),
            });
        }
    }

    /// The payment is this till's: it becomes a fact of its sale.
    fn settle(&mut self, turn: &mut Turn, mut loose: LoosePayment) -> Option<SaleId> {
        let LooseState::Wanted { sale, is_new } = loose.state else {
            return None;
        };
        if is_new {
            let total = loose.report.amount;
            let backend = loose.report.backend.clone();
            self.record_sale_as(turn, sale, vec![self.line_of(&loose)], total, &backend);
        }
        loose.state = LooseState::Taken { sale };
        let report = loose.report.clone();
        self.put_loose(turn, loose);
        self.add_fact(turn, sale, Fact::Reported(report));
        Some(sale)
    }

    /// What was handed over for a payment.
    fn line_of(&self, loose: &LoosePayment) -> Line {
        let unit = loose.report.amount;
        let product = loose.product.and_then(|id| self.products.get(&id));
        match product {
            Some(product) => Line {
                product: Some(product.id),
                sku: product.sku.clone(),
                name: product.name.clone(),
                unit,
                quantity: 1,
            },
            None => Line {
                name: loose.title.clone(),
                ..cart::line_of_amount(unit)
            },
        }
    }

    /// What the till tells the hub of a payment that it wants.
    pub(super) fn next_claim(&self) -> Option<Claim> {
        let (loose, sale) = self.loose.wanted().or_else(|| self.loose.taken_again())?;
        let account = self.accounts.get(&loose.report.backend)?;
        Some(Claim {
            kind: account.setup.kind.clone(),
            payment: loose.report.payment.clone(),
            link: loose.report.link,
            sale,
        })
    }

    /// Payments to sort out, each with the sales that it may be for.
    pub(super) fn loose_views(&self) -> Vec<super::snapshot::LooseView> {
        let shown = self.loose.to_sort().into_iter().take(SHOWN_MAX);
        let views = shown.map(|payment| super::snapshot::LooseView {
            payment: payment.clone(),
            suggestions: self.suggestions(payment).into(),
        });
        views.collect()
    }

    /// How many there are.
    pub(super) fn loose_count(&self) -> usize {
        self.loose.to_sort().len()
    }

    /// Sales that wait for just this sum, those first that showed a code of its product.
    fn suggestions(&self, loose: &LoosePayment) -> Vec<SaleView> {
        let ids = self.waiting.iter().chain(&self.claimed);
        let sales = ids.filter_map(|id| self.sales.get(id));
        let mut sales: Vec<_> = sales
            .filter(|record| record.sale.total == loose.report.amount)
            .map(|record| (!is_for(record, loose), record))
            .collect();
        sales.sort_by_key(|(is_other, record)| {
            (*is_other, std::cmp::Reverse(record.sale.created_at))
        });
        let views = sales.into_iter().take(SUGGESTIONS_MAX);
        views
            .filter_map(|(_, record)| self.view_of(record.sale.id))
            .collect()
    }

    /// The payment that is most likely this sale's: it came on a code of the product that the sale
    /// shows, with its sum, and not long before the sale began.
    pub(super) fn offer_for(&self, record: &SaleRecord) -> Option<LoosePayment> {
        let begins = record.sale.created_at;
        let fits = |loose: &&LoosePayment| {
            record.sale.total == loose.report.amount
                && loose.report.heard_at.since(begins) > -EARLY_MS
                && is_for(record, loose)
        };
        self.loose.to_sort().into_iter().find(fits).cloned()
    }
}

/// Whether a sale showed a permanent code of the product that a payment is for.
fn is_for(record: &SaleRecord, loose: &LoosePayment) -> bool {
    let is_it = |line: &Line| line.product.is_some() && line.product == loose.product;
    record.standing().by_hand && record.sale.lines.iter().any(is_it)
}
