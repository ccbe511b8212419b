//! What somebody outside knows, and what must be true for them: codes that were on a screen, replies,
//! and the money that the provider moved.

pub mod rows;
pub mod screen;

use std::collections::{BTreeMap, BTreeSet};

use tillcode::domain::id::{JobId, LinkId, SaleId};
use tillcode::domain::link::{LinkState, Purpose};
use tillcode::domain::money::Amount;
use tillcode::domain::payment::PaymentStatus;
use tillcode::domain::sale::{Fact, SaleState};
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::Learns;
use tillcode::terminal::Command;

use super::disk::Disk;
use super::provider::Booked;

/// The clock of the provider and what the till makes of its dates may differ by so much.
const DATE_TOLERANCE_MS: i64 = 120_000;

/// How long after a sale's beginning a till asks for its payments at least: it goes on asking for
/// three days once the sale is closed.
const ASKED_FOR_MS: i64 = 3 * 24 * 3_600_000;

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

/// A word about a payment, and the sum that goes with it in minor units.
pub type Word = (PaymentStatus, i64);

/// Something that concerns the other tills too.
#[derive(Debug)]
pub enum News {
    /// A payer paid, or more became of it.
    Charge(String, Charge),
    /// A payment is on a sale.
    Counts(String, SaleId),
}

/// A payment at the provider.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Whether this till showed the code.
    pub is_own: bool,
    /// The sale of this till that a person gave it to.
    pub taken: Option<SaleId>,
    /// The account.
    pub backend: String,
    pub learns: Learns,
    /// Whether what is heard of it is proof.
    proves: bool,
    /// The sale whose single code was paid; none for a permanent one.
    pub sale: Option<SaleId>,
    /// Whether that code was a single one.
    pub is_single: bool,
    pub amount: Amount,
    /// The furthest that became of it.
    pub status: PaymentStatus,
    /// When it was made, by the provider's clock.
    at: Timestamp,
    /// What reached the till of it.
    pub told: BTreeSet<Word>,
    /// What the till acknowledged of it.
    acknowledged: BTreeSet<Word>,
}

impl Charge {
    /// The sale that it is for, by its code or by a person.
    pub fn goes_to(&self) -> Option<SaleId> {
        self.sale.or(self.taken)
    }

    /// Whether the till is to know what became of it: it was told, or found out.
    pub fn is_known(&self, payment: &str, disk: &Disk) -> bool {
        match self.learns {
            Learns::Notified | Learns::Hinted => true,
            Learns::LookedUp => self.is_found(payment, disk),
            Learns::Never => false,
        }
    }

    /// Whether the till took in what became of it.
    fn is_found(&self, payment: &str, disk: &Disk) -> bool {
        let key = disk_key(&self.backend, payment, (self.status, self.amount.minor));
        disk.payments.contains_key(&key)
    }
}

fn disk_key(backend: &str, payment: &str, (status, minor): Word) -> (String, String, String) {
    let said = format!("{status:?}/{minor}");
    (backend.to_owned(), payment.to_owned(), said)
}

/// What somebody outside knows.
#[derive(Debug)]
pub struct Oracle {
    /// Accounts whose word is proof.
    proving: BTreeSet<String>,
    kinds: Vec<&'static str>,
    /// Every code that was shown: the first sale that it was shown for.
    codes: BTreeMap<String, (SaleId, Purpose)>,
    /// The same, in the order in which they were shown.
    pub addresses: Vec<String>,
    given: BTreeMap<LinkId, SaleId>,
    links: BTreeMap<LinkId, LinkState>,
    pub charges: BTreeMap<String, Charge>,
    pub news: Vec<News>,
    pub unmatched: BTreeSet<String>,
    /// On which sales a payment is.
    pub booked_on: BTreeMap<String, BTreeSet<SaleId>>,
    references: BTreeMap<String, SaleId>,
    /// When sales began, by the provider's clock.
    began: BTreeMap<SaleId, Timestamp>,
    seen: BTreeSet<SaleId>,
    /// Sales that were paid once.
    were_paid: BTreeSet<SaleId>,
    cash_is_offered: bool,
    cash: BTreeSet<SaleId>,
    /// Jobs whose link reached the till whole.
    pub delivered: BTreeSet<JobId>,
}

impl Oracle {
    /// `proving`: the accounts whose word is proof.
    pub const fn new(kinds: Vec<&'static str>, proving: BTreeSet<String>) -> Self {
        Self {
            kinds,
            proving,
            codes: BTreeMap::new(),
            addresses: Vec::new(),
            given: BTreeMap::new(),
            links: BTreeMap::new(),
            charges: BTreeMap::new(),
            news: Vec::new(),
            unmatched: BTreeSet::new(),
            booked_on: BTreeMap::new(),
            references: BTreeMap::new(),
            began: BTreeMap::new(),
            seen: BTreeSet::new(),
            were_paid: BTreeSet::new(),
            cash_is_offered: false,
            cash: BTreeSet::new(),
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

    /// The sale for which a code was shown first.
    pub fn sale_of(&self, address: &str) -> Option<SaleId> {
        self.codes.get(address).map(|(sale, _)| *sale)
    }

    /// A payer paid.
    pub fn booked(
        &mut self,
        address: &str,
        booked: &Booked,
        learns: Learns,
        at: Timestamp,
    ) -> Outcome {
        let (sale, purpose) = self.codes[address];
        let charge = Charge {
            is_own: true,
            taken: None,
            is_single: purpose == Purpose::Single,
            backend: booked.backend.clone(),
            learns,
            proves: self.proving.contains(&booked.backend),
            at,
            sale: (purpose == Purpose::Single).then_some(sale),
            amount: booked.amount,
            status: booked.status,
            told: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
        };
        let news = News::Charge(booked.payment.clone(), charge.clone());
        self.news.push(news);
        let other = self.charges.insert(booked.payment.clone(), charge);
        require(other.is_none(), "the provider numbers payments", || {
            booked.payment.clone()
        })
    }

    /// A payer paid a code of another till, or more became of it.
    pub fn heard_of(&mut self, payment: &str, theirs: &Charge) {
        let charge = self.charges.entry(payment.to_owned());
        let charge = charge.or_insert_with(|| Charge {
            is_own: false,
            taken: None,
            sale: None,
            told: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            ..theirs.clone()
        });
        charge.status = charge.status.max(theirs.status);
    }

    /// Whether the till has not found out yet what it can only learn by asking, and is to ask for.
    pub fn is_hidden(&self, payment: &str, charge: &Charge, disk: &Disk) -> bool {
        let began = charge.sale.and_then(|sale| self.began.get(&sale));
        let asked_for = began.is_none_or(|began| charge.at.since(*began) < ASKED_FOR_MS);
        charge.is_own
            && asked_for
            && charge.learns == Learns::LookedUp
            && !charge.is_found(payment, disk)
    }

    /// The provider says something else of a payment, too.
    pub fn restated(&mut self, payment: &str, status: PaymentStatus) {
        if let Some(charge) = self.charges.get_mut(payment) {
            charge.status = charge.status.max(status);
            let news = News::Charge(payment.to_owned(), charge.clone());
            self.news.push(news);
        }
    }

    /// Something that is said of a payment is about to be handled.
    pub fn told(&mut self, payment: &str, word: Word) {
        if let Some(charge) = self.charges.get_mut(payment) {
            charge.told.insert(word);
        }
    }

    /// The till took in what was said: from here on it must know of it.
    pub fn acknowledged(&mut self, payment: &str, word: Word, disk: &Disk) -> Outcome {
        if let Some(charge) = self.charges.get_mut(payment) {
            charge.acknowledged.insert(word);
        }
        let charge = &self.charges[payment];
        let (status, _) = word;
        let detail = || format!("payment {payment} {status:?} of {charge:?}");
        if !charge.is_own {
            return require(
                self.unmatched.contains(payment),
                "a payment on a code of another till stays in sight",
                detail,
            );
        }
        let row = disk.payments.get(&disk_key(&charge.backend, payment, word));
        require(
            row.is_some_and(|row| row.sale == charge.goes_to()),
            "an acknowledged payment is a row",
            || format!("{row:?} for {}", detail()),
        )?;
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
    fn paid(&self, sale: SaleId, heard: fn(&Charge) -> &BTreeSet<Word>) -> i64 {
        let mine = self.charges.values().filter(|charge| {
            charge.goes_to() == Some(sale) && charge.proves && is_charged(heard(charge))
        });
        mine.map(|charge| charge.amount.minor).sum()
    }
    /// Whether money of a sale went back: what its state is then is not settled, so nothing is
    /// required of it but the sums.
    fn was_given_back(&self, sale: SaleId) -> bool {
        let mut mine = self
            .charges
            .values()
            .filter(|it| it.goes_to() == Some(sale));
        let back = |(status, _): &Word| *status == PaymentStatus::Refunded;
        mine.any(|charge| charge.told.iter().any(back))
    }

    /// After a start: what somebody saw is there.
    pub fn still_there(&self, disk: &Disk) -> Outcome {
        let gone = self.seen.iter().find(|sale| !disk.sales.contains_key(sale));
        require(gone.is_none(), "a sale that was seen is never lost", || {
            format!("{gone:?}")
        })
    }
}

fn is_charged(words: &BTreeSet<Word>) -> bool {
    words
        .iter()
        .any(|(status, _)| *status == PaymentStatus::Charged)
}

/// A finger that hit twice meant it once.
pub fn at_most_one_more(before: usize, after: usize) -> Outcome {
    require(after <= before + 1, "a double tap sells once", || {
        format!("{before} sales, then {after}")
    })
}
