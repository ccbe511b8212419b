//! Rows on their way to the disk: what they may say, and what became of their sales.

use tillcode::domain::id::SaleId;
use tillcode::domain::link::{Link, LinkState, Purpose};
use tillcode::domain::loose::{LoosePayment, LooseState};
use tillcode::domain::payment::{PaymentStatus, Proof};
use tillcode::domain::sale::{Fact, SaleRecord, SaleState};
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend;
use tillcode::terminal::Write;
use tillcode::terminal::step::Entry;

use super::{Charge, DATE_TOLERANCE_MS, News, Oracle, Outcome, require};
use crate::disk::Disk;
use crate::tally::Tally;

impl Oracle {
    /// Rows are about to be on disk.
    pub fn committed(
        &mut self,
        writes: &[Write],
        disk: &Disk,
        server: Timestamp,
        tally: &mut Tally,
    ) -> Outcome {
        for write in writes {
            match write {
                Write::Sale(sale) => {
                    tally.sales += 1;
                    self.began.entry(sale.id).or_insert(server);
                    let other = self.references.insert(sale.reference.clone(), sale.id);
                    require(
                        other.is_none_or(|other| other == sale.id),
                        "a reference names one sale",
                        || sale.reference.clone(),
                    )?;
                }
                Write::Fact { sale, fact } => self.fact(*sale, fact, disk, server, tally)?,
                Write::Link(link) => {
                    tally.state(link_word(link.state));
                    let before = self.links.insert(link.id, link.state);
                    require(
                        before.is_none_or(|before| may_become(before, link)),
                        "a link goes from state to state as it may",
                        || format!("{before:?} to {link:?}"),
                    )?;
                }
                Write::Journal(entry) => self.entry(entry, tally),
                Write::Payment(row) => {
                    let charge = self.charges.get(&row.report.payment);
                    require(
                        row.sale == charge.and_then(Charge::goes_to),
                        "a payment's row names its sale",
                        || format!("{row:?}, but {charge:?}"),
                    )?;
                }
                Write::Loose(loose) => self.loose(loose, disk, tally)?,
                Write::Job(job) if job.refusal.is_some() => tally.state("work refused"),
                _ => {}
            }
        }
        Ok(())
    }

    fn fact(
        &mut self,
        sale: SaleId,
        fact: &Fact,
        disk: &Disk,
        server: Timestamp,
        tally: &mut Tally,
    ) -> Outcome {
        match fact {
            Fact::Shown { link, purpose, .. } if *purpose == Purpose::Single => {
                let first = *self.given.entry(*link).or_insert(sale);
                require(first == sale, "a single link belongs to one sale", || {
                    format!("link {link} of {first} and {sale}")
                })
            }
            Fact::Cash { .. } => {
                tally.state("paid in cash");
                self.cash.insert(sale);
                require(self.cash_is_offered, "cash is what somebody took", || {
                    sale.to_string()
                })
            }
            Fact::Expired { .. } => {
                let shown = disk.sales.get(&sale).and_then(SaleRecord::last_shown);
                let link = shown.and_then(|link| disk.links.get(&link));
                let end = link.and_then(|link| link.expires_at);
                require(
                    end.is_some_and(|end| server.since(end) > -DATE_TOLERANCE_MS),
                    "no clock but the provider's ends a sale",
                    || format!("{sale} ended at {server:?}, its link ends at {end:?}"),
                )
            }
            Fact::Reported(report) => {
                if report.status == PaymentStatus::Charged && report.proof == Proof::Open {
                    tally.state("hint that is no proof");
                }
                let charge = self.charges.get(&report.payment);
                let detail = || format!("{report:?} on {sale}, but {charge:?}");
                let known = charge.is_some_and(|charge| {
                    charge.goes_to() == Some(sale)
                        && charge.amount.currency == report.amount.currency
                        && charge.told.contains(&(report.status, report.amount.minor))
                });
                require(known, "a sale has the money that was paid for it", detail)?;
                let sales = self.booked_on.entry(report.payment.clone()).or_default();
                sales.insert(sale);
                self.news.push(News::Counts(report.payment.clone(), sale));
                require(sales.len() == 1, "a payment counts for one sale", || {
                    report.payment.clone()
                })
            }
            Fact::Shown { .. }
            | Fact::Claimed { .. }
            | Fact::Checked { .. }
            | Fact::Cancelled { .. } => Ok(()),
        }
    }

    /// Rows are on disk: what was paid stays paid, whatever comes later, unless money went back.
    pub fn stays_paid(&mut self, writes: &[Write], disk: &Disk) -> Outcome {
        for write in writes {
            let Write::Fact { sale, fact } = write else {
                continue;
            };
            if disk.sales[sale].standing().state == SaleState::Paid {
                self.were_paid.insert(*sale);
                continue;
            }
            require(
                !self.were_paid.contains(sale) || self.was_given_back(*sale),
                "what was paid stays paid",
                || format!("{sale} by {fact:?}"),
            )?;
        }
        Ok(())
    }

    /// What a person or another till says of a payment that names no sale.
    fn loose(&mut self, loose: &LoosePayment, disk: &Disk, tally: &mut Tally) -> Outcome {
        let report = &loose.report;
        let key = (report.backend.clone(), report.payment.clone());
        let before = disk.loose.get(&key).map(|before| &before.state);
        let was_wanted = matches!(before, Some(LooseState::Wanted { .. }));
        let taken = before.and_then(LooseState::sale);
        require(
            taken.is_none() || taken == loose.state.sale(),
            "a payment that was taken stays taken",
            || format!("{before:?}, then {loose:?}"),
        )?;
        match &loose.state {
            LooseState::Taken { sale } if taken.is_none() => {
                if loose.till.is_some() {
                    tally.state("payment of another till's sticker taken");
                }
                tally.state(if loose.shared {
                    "claim won"
                } else {
                    "payment taken without asking"
                });
                if let Some(charge) = self.charges.get_mut(&report.payment) {
                    charge.taken = Some(*sale);
                }
            }
            LooseState::Elsewhere { .. } if was_wanted => tally.state("claim lost"),
            LooseState::Elsewhere { .. } => tally.state("payment taken elsewhere"),
            _ => {}
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, tally: &mut Tally) {
        match entry.what {
            "payment_unmatched" => {
                let detail: serde_json::Value =
                    serde_json::from_str(&entry.detail).unwrap_or_default();
                let body = detail.get("body").and_then(|body| body.as_str());
                let mut codecs = self.kinds.iter().filter_map(|kind| backend::codec(kind));
                let read = body
                    .and_then(|body| codecs.find_map(|codec| codec.read_notification(body).ok()));
                let named = detail.pointer("/report/payment");
                let named = named
                    .and_then(|payment| payment.as_str())
                    .map(str::to_owned);
                if let Some(payment) = named.or(read.map(|read| read.payment)) {
                    tally.state("payment unmatched");
                    self.unmatched.insert(payment);
                }
            }
            "hub_other_history" => tally.state("stream restarted after a restore"),
            "link_repriced" => tally.state("link repriced"),
            "possible_stray" => tally.state("possible stray"),
            _ => {}
        }
    }
}

/// A link is given to a sale and shown in one step.
fn may_become(before: LinkState, link: &Link) -> bool {
    let (purpose, next) = (link.purpose, link.state);
    before == next
        || before.may_become(purpose, next)
        || (before, next) == (LinkState::Live, LinkState::Shown)
}

const fn sale_word(state: SaleState) -> &'static str {
    match state {
        SaleState::Open => "sale open",
        SaleState::Awaiting => "sale awaiting",
        SaleState::Paid => "sale paid",
        SaleState::Cancelled => "sale cancelled",
        SaleState::Expired => "sale expired",
    }
}

const fn link_word(state: LinkState) -> &'static str {
    match state {
        LinkState::Wanted | LinkState::Requested => "link requested",
        LinkState::Live | LinkState::Reserved => "link live",
        LinkState::Shown => "link shown",
        LinkState::Paid => "link paid",
        LinkState::Burned => "link burned",
        LinkState::Expired => "link expired",
        LinkState::Withdrawn => "link withdrawn",
        LinkState::Retired => "link retired",
        LinkState::Refused => "link refused",
    }
}

/// Rows are on disk: what became of their sales.
pub fn stored(writes: &[Write], disk: &Disk, tally: &mut Tally) {
    for write in writes {
        let id = match write {
            Write::Fact { sale, .. } => *sale,
            Write::Sale(sale) => sale.id,
            _ => continue,
        };
        let standing = disk.sales[&id].standing();
        tally.state(sale_word(standing.state));
        tally.state(match standing.proof {
            Proof::Claimed => "proof claimed",
            Proof::Confirmed => "proof confirmed",
            Proof::Open | Proof::Proven => "proof open",
        });
        for (holds, word) in [
            (standing.late, "sale late"),
            (standing.over.is_some(), "sale overpaid"),
            (standing.under.is_some(), "sale underpaid"),
            (standing.failed, "sale with a failed attempt"),
            (standing.by_hand, "sale to be matched by hand"),
            (
                standing.late && standing.state != SaleState::Open,
                "paid after it was given up",
            ),
        ] {
            if holds {
                tally.state(word);
            }
        }
    }
}
