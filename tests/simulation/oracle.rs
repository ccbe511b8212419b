//! What somebody outside knows, and what must be true for them: codes that were on a screen, replies,
//! and the money that the provider moved.

use std::collections::{BTreeMap, BTreeSet};

use tillcode::domain::id::{JobId, LinkId, SaleId};
use tillcode::domain::link::{Link, LinkState, Purpose};
use tillcode::domain::money::Amount;
use tillcode::domain::payment::{PaymentStatus, Proof};
use tillcode::domain::sale::{Fact, SaleState};
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend;
use tillcode::terminal::snapshot::{CodeView, PayView, Reach};
use tillcode::terminal::step::Entry;
use tillcode::terminal::{Command, Reply, SaleView, Snapshot, Write};

use super::dice::Dice;
use super::disk::Disk;
use super::provider::{Booked, Provider};
use super::setup::short;
use super::tally::Tally;

/// The clock of the provider and what the till makes of its dates may differ by so much.
const DATE_TOLERANCE_MS: i64 = 120_000;

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise: the same words for every seed.
    pub what: &'static str,
    pub detail: String,
}

impl Violation {
    pub fn new(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            detail: detail.into(),
        }
    }
}

pub type Outcome<T = ()> = Result<T, Violation>;

pub fn require(holds: bool, what: &'static str, detail: impl FnOnce() -> String) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Violation::new(what, detail()))
    }
}

/// A payment at the provider.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The sale whose single code was paid; none for a permanent one.
    pub sale: Option<SaleId>,
    pub amount: Amount,
    /// The furthest that became of it.
    pub status: PaymentStatus,
    /// What reached the till of it.
    pub told: BTreeSet<PaymentStatus>,
    /// What the till acknowledged of it.
    acknowledged: BTreeSet<PaymentStatus>,
}

/// What somebody outside knows.
#[derive(Debug)]
pub struct Oracle {
    kind: &'static str,
    /// Every code that was shown: the first sale that it was shown for.
    codes: BTreeMap<String, (SaleId, Purpose)>,
    /// The same, in the order in which they were shown.
    pub addresses: Vec<String>,
    given: BTreeMap<LinkId, SaleId>,
    links: BTreeMap<LinkId, LinkState>,
    pub charges: BTreeMap<String, Charge>,
    pub unmatched: BTreeSet<String>,
    /// On which sales a payment is.
    pub booked_on: BTreeMap<String, BTreeSet<SaleId>>,
    references: BTreeMap<String, SaleId>,
    seen: BTreeSet<SaleId>,
    cash_is_offered: bool,
    cash: BTreeSet<SaleId>,
    /// Links that the provider made, and jobs whose answer reached the till whole.
    pub created: u64,
    pub delivered: BTreeSet<JobId>,
}

impl Oracle {
    pub const fn new(kind: &'static str) -> Self {
        Self {
            kind,
            codes: BTreeMap::new(),
            addresses: Vec::new(),
            given: BTreeMap::new(),
            links: BTreeMap::new(),
            charges: BTreeMap::new(),
            unmatched: BTreeSet::new(),
            booked_on: BTreeMap::new(),
            references: BTreeMap::new(),
            seen: BTreeSet::new(),
            cash_is_offered: false,
            cash: BTreeSet::new(),
            created: 0,
            delivered: BTreeSet::new(),
        }
    }

    /// A command is about to be handled.
    pub const fn asked(&mut self, command: &Command) {
        self.cash_is_offered = matches!(
            command,
            Command::PayInCash { .. } | Command::PayCartInCash { .. }
        );
    }

    pub const fn asked_no_more(&mut self) {
        self.cash_is_offered = false;
    }

    /// A payer paid.
    pub fn booked(&mut self, address: &str, booked: &Booked) -> Outcome {
        let (sale, purpose) = self.codes[address];
        let charge = Charge {
            sale: (purpose == Purpose::Single).then_some(sale),
            amount: booked.amount,
            status: booked.status,
            told: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
        };
        let other = self.charges.insert(booked.payment.clone(), charge);
        require(other.is_none(), "the provider numbers payments", || {
            booked.payment.clone()
        })
    }

    /// The provider says something else of a payment, too.
    pub fn restated(&mut self, payment: &str, status: PaymentStatus) {
        if let Some(charge) = self.charges.get_mut(payment) {
            charge.status = charge.status.max(status);
        }
    }

    /// A notification is about to be handled.
    pub fn told(&mut self, payment: &str, status: PaymentStatus) {
        if let Some(charge) = self.charges.get_mut(payment) {
            charge.told.insert(status);
        }
    }

    /// The till acknowledged a notification: from here on it must know of it.
    pub fn acknowledged(&mut self, payment: &str, status: PaymentStatus, disk: &Disk) -> Outcome {
        if let Some(charge) = self.charges.get_mut(payment) {
            charge.acknowledged.insert(status);
        }
        let charge = &self.charges[payment];
        let detail = || format!("payment {payment} {status:?} of {charge:?}");
        let Some(sale) = charge.sale else {
            return require(
                self.unmatched.contains(payment),
                "a payment on a permanent code stays in sight",
                detail,
            );
        };
        let on_sale = disk.sales.get(&sale).is_some_and(|record| {
            record.facts().any(|fact| {
                matches!(fact, Fact::Reported(report) if report.payment == payment && report.status == status)
            })
        });
        require(on_sale, "an acknowledged payment is on its sale", detail)?;
        let Some(record) = disk.sales.get(&sale).filter(|_| !self.was_given_back(sale)) else {
            return Ok(());
        };
        let state = record.standing().state;
        let paid = self.paid(sale, |charge| &charge.acknowledged);
        require(
            matches!(state, SaleState::Paid | SaleState::Cancelled)
                || paid < record.sale.total.minor,
            "a sale that was paid says so",
            || format!("{state:?} with {paid} of {:?}", record.sale.total),
        )
    }

    /// What came for a sale, in minor units, as far as somebody heard of it.
    fn paid(&self, sale: SaleId, heard: fn(&Charge) -> &BTreeSet<PaymentStatus>) -> i64 {
        let mine = self.charges.values().filter(|charge| {
            charge.sale == Some(sale) && heard(charge).contains(&PaymentStatus::Charged)
        });
        mine.map(|charge| charge.amount.minor).sum()
    }

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
                let shown = disk.sales.get(&sale).and_then(|record| record.last_shown());
                let link = shown.and_then(|link| disk.links.get(&link));
                let end = link.and_then(|link| link.expires_at);
                require(
                    end.is_some_and(|end| server.since(end) > -DATE_TOLERANCE_MS),
                    "no clock but the provider's ends a sale",
                    || format!("{sale} ended at {server:?}, its link ends at {end:?}"),
                )
            }
            Fact::Reported(report) => {
                let charge = self.charges.get(&report.payment);
                let detail = || format!("{report:?} on {sale}, but {charge:?}");
                let known = charge.is_some_and(|charge| {
                    charge.sale == Some(sale)
                        && charge.amount == report.amount
                        && charge.told.contains(&report.status)
                });
                require(known, "a sale has the money that was paid for it", detail)?;
                let sales = self.booked_on.entry(report.payment.clone()).or_default();
                sales.insert(sale);
                require(sales.len() == 1, "a payment counts for one sale", || {
                    report.payment.clone()
                })
            }
            Fact::Shown { .. } | Fact::Claimed { .. } | Fact::Cancelled { .. } => Ok(()),
        }
    }

    fn entry(&mut self, entry: &Entry, tally: &mut Tally) {
        match entry.what {
            "payment_unmatched" => {
                let detail: serde_json::Value =
                    serde_json::from_str(&entry.detail).unwrap_or_default();
                let body = detail.get("body").and_then(|body| body.as_str());
                let codec = backend::codec(self.kind);
                let read = codec
                    .zip(body)
                    .and_then(|(codec, body)| codec.read_notification(body).ok());
                if let Some(read) = read {
                    tally.state("payment unmatched");
                    self.unmatched.insert(read.payment);
                }
            }
            "link_repriced" => tally.state("link repriced"),
            "possible_stray" => tally.state("possible stray"),
            _ => {}
        }
    }

    /// Rows are on disk: what became of their sales.
    pub fn stored(&self, writes: &[Write], disk: &Disk, tally: &mut Tally) -> Outcome {
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
        Ok(())
    }

    /// A reply reached whoever asked; a script prints the code.
    pub fn replied(&mut self, reply: &Reply, disk: &Disk) -> Outcome {
        if let Reply::Sale { sale } = reply {
            self.view(sale, disk)?;
            if let Some(url) = &sale.url {
                let link = sale.link.and_then(|link| disk.links.get(&link));
                let purpose = link.map_or(Purpose::Single, |link| link.purpose);
                self.code(url, sale.id, purpose)?;
            }
        }
        Ok(())
    }

    /// A script looks a sale up, as `sale show` does, and prints its code.
    pub fn looks(&mut self, disk: &Disk, dice: &mut Dice) -> Outcome {
        let all: Vec<_> = disk.sales.keys().copied().collect();
        let Some(record) = dice.pick(&all).and_then(|id| disk.sales.get(id)) else {
            return Ok(());
        };
        let link = record.last_shown().and_then(|link| disk.links.get(&link));
        let purpose = link.map_or(Purpose::Single, |link| link.purpose);
        match link.and_then(|link| link.url()) {
            Some(url) => self.code(url, record.sale.id, purpose),
            None => Ok(()),
        }
    }

    fn code(&mut self, url: &str, sale: SaleId, purpose: Purpose) -> Outcome {
        let (first, _) = *self.codes.entry(url.to_owned()).or_insert_with(|| {
            self.addresses.push(url.to_owned());
            (sale, purpose)
        });
        require(
            purpose == Purpose::Permanent || first == sale,
            "a single code is shown for one sale",
            || format!("{url} for {first} and {sale}"),
        )
    }

    /// Whatever is said of a sale is on disk.
    fn view(&mut self, view: &SaleView, disk: &Disk) -> Outcome {
        let record = disk.sales.get(&view.id);
        let stored = record.map(|record| record.standing());
        require(
            stored.is_some_and(|stored| (stored.state, stored.proof) == (view.state, view.proof)),
            "what is shown is on disk",
            || format!("shown {view:?}, stored {stored:?}"),
        )?;
        self.seen.insert(view.id);
        if view.state != SaleState::Paid || self.cash.contains(&view.id) {
            return Ok(());
        }
        let paid = self.paid(view.id, |charge| &charge.told);
        require(
            paid >= view.total.minor,
            "PAID is said of money only",
            || format!("{view:?}, but {paid} came"),
        )
    }

    /// The screen changed.
    pub fn saw(
        &mut self,
        screen: &Snapshot,
        before: Option<&Snapshot>,
        disk: &Disk,
        provider: &mut Provider,
        at: Timestamp,
        tally: &mut Tally,
    ) -> Outcome<Option<String>> {
        tally.checks += 1;
        tally.state(match screen.status.reach {
            Reach::NoBackend | Reach::Unknown => "reach unknown",
            Reach::Online => "reach online",
            Reach::Offline { .. } => "reach offline",
            Reach::Refusing { .. } => "reach refusing",
        });
        for view in screen.waiting.iter() {
            self.view(view, disk)?;
        }
        let listed: BTreeSet<_> = screen.waiting.iter().map(|view| view.id).collect();
        let missing = disk
            .waiting()
            .find(|id| !listed.contains(id) && !self.was_given_back(*id));
        require(
            missing.is_none() || listed.len() >= 60,
            "a sale that waits is in sight",
            || format!("{missing:?} is not"),
        )?;
        let Some(pay) = &screen.pay else {
            return Ok(None);
        };
        self.view(&pay.sale, disk)?;
        let shown_before = before.and_then(|before| shown(before.pay.as_ref()));
        let now = shown(Some(pay));
        if now == shown_before {
            return Ok(None);
        }
        if let CodeView::Ready { url, purpose, .. } = &pay.code {
            self.code(url, pay.sale.id, *purpose)?;
            self.code_is_good(pay, url, *purpose, disk, provider, at, tally)?;
        }
        Ok(Some(format!(
            "sale {} {:?} {:?}",
            short(pay.sale.id),
            pay.sale.state,
            now.map(|(_, url)| short(url))
        )))
    }

    fn code_is_good(
        &self,
        pay: &PayView,
        url: &str,
        purpose: Purpose,
        disk: &Disk,
        provider: &mut Provider,
        at: Timestamp,
        tally: &mut Tally,
    ) -> Outcome {
        let record = &disk.sales[&pay.sale.id];
        let stored = record.shown_links().any(|(link, _)| {
            disk.links
                .get(&link)
                .is_some_and(|link| link.url() == Some(url))
        });
        require(
            stored,
            "a code is on the screen after it is on disk",
            || format!("{url} for {}", pay.sale.id),
        )?;
        let at_once = record
            .shown_links()
            .any(|(_, at)| at == record.sale.created_at);
        tally.state(match (purpose, at_once) {
            (Purpose::Permanent, _) => "permanent code",
            (Purpose::Single, true) => "code from the pool",
            (Purpose::Single, false) => "code made for the sale",
        });
        let asks = provider.asks(url, at);
        require(
            asks == Some(pay.sale.total.minor),
            "a code on the screen takes the sum that is due",
            || format!("{url} asks for {asks:?}, due is {}", pay.sale.total.minor),
        )
    }

    /// Whether money of a sale went back: what its state is then is not settled, so nothing is
    /// required of it but the sums.
    fn was_given_back(&self, sale: SaleId) -> bool {
        let mut mine = self.charges.values().filter(|it| it.sale == Some(sale));
        mine.any(|charge| charge.told.contains(&PaymentStatus::Refunded))
    }

    /// What the payer in front of the till can scan.
    pub fn in_front(&self, screen: Option<&Snapshot>) -> Option<String> {
        shown(screen?.pay.as_ref()).map(|(_, url)| url)
    }

    /// After a start: what somebody saw is there.
    pub fn still_there(&self, disk: &Disk) -> Outcome {
        let gone = self.seen.iter().find(|sale| !disk.sales.contains_key(sale));
        require(gone.is_none(), "a sale that was seen is never lost", || {
            format!("{gone:?}")
        })
    }

    pub fn at_most_one_more(&self, before: usize, after: usize) -> Outcome {
        require(after <= before + 1, "a double tap sells once", || {
            format!("{before} sales, then {after}")
        })
    }
}

/// A link is given to a sale and shown in one step.
fn may_become(before: LinkState, link: &Link) -> bool {
    let (purpose, next) = (link.purpose, link.state);
    before == next
        || before.may_become(purpose, next)
        || (before, next) == (LinkState::Live, LinkState::Shown)
}

fn shown(pay: Option<&PayView>) -> Option<(SaleId, String)> {
    let pay = pay?;
    match &pay.code {
        CodeView::Ready { url, .. } => Some((pay.sale.id, url.clone())),
        CodeView::Minting { .. } | CodeView::None { .. } => None,
    }
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
