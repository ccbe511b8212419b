//! Screens and replies: what somebody sees must be on disk, and take the sum that is due.

use std::collections::BTreeSet;

use tillcode::domain::id::SaleId;
use tillcode::domain::link::Purpose;
use tillcode::domain::sale::{Part, SaleRecord, SaleState};
use tillcode::domain::time::Timestamp;
use tillcode::terminal::snapshot::{CodeView, PayView, Reach};
use tillcode::terminal::{Notice, Reply, SaleView, Snapshot};

use super::{Oracle, Outcome, require};
use crate::dice::Dice;
use crate::disk::Disk;
use crate::provider::{Asks, Provider};
use crate::setup::short;
use crate::tally::Tally;

impl Oracle {
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
        let stored = record.map(SaleRecord::standing);
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
        if pay.offer.is_some() {
            tally.state("payment offered");
        }
        let shown_before = before.and_then(|before| shown(before.pay.as_ref()));
        let now = shown(Some(pay));
        if now == shown_before {
            return Ok(None);
        }
        if let CodeView::Ready { url, purpose, .. } = &pay.code {
            self.code(url, pay.sale.id, *purpose)?;
            code_is_good(pay, disk, provider, at, tally)?;
        }
        if matches!(
            &pay.code,
            CodeView::None {
                notice: Notice::CodeEnded
            }
        ) {
            tally.state("code ended on the screen");
        }
        Ok(Some(format!(
            "sale {} {:?} {:?}",
            short(pay.sale.id),
            pay.sale.state,
            now.map(|(_, url)| short(url))
        )))
    }
}

/// A code that was just put on the screen.
fn code_is_good(
    pay: &PayView,
    disk: &Disk,
    provider: &mut Provider,
    at: Timestamp,
    tally: &mut Tally,
) -> Outcome {
    let CodeView::Ready {
        url,
        purpose,
        asks,
        part,
        ..
    } = &pay.code
    else {
        return Ok(());
    };
    let record = &disk.sales[&pay.sale.id];
    let stored = record.shown_links().any(|(link, _)| {
        disk.links
            .get(&link)
            .is_some_and(|link| link.url() == Some(url.as_str()))
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
    let total = pay.sale.total;
    let due = match (asks, part) {
        (None, None) => {
            tally.state("payer types the sum");
            Asks::Open
        }
        (Some(asked), Some(part)) => {
            tally.state("several codes");
            parts_are_whole(record, *part, disk)?;
            Asks::Sum(asked.minor)
        }
        (_, _) => Asks::Sum(total.minor),
    };
    let theirs = provider.asks(url, at);
    require(
        theirs == Some(due) && asks.is_none_or(|asked| due == Asks::Sum(asked.minor)),
        "a code on the screen takes the sum that is due",
        || format!("{url} asks for {theirs:?}, the screen says {asks:?}, due is {due:?}"),
    )
}

/// Several codes for one sale ask for its sum together, each for its own part.
fn parts_are_whole(record: &SaleRecord, part: Part, disk: &Disk) -> Outcome {
    let codes = record.last_codes();
    let links = codes.iter().filter_map(|(id, _)| disk.links.get(id));
    let sum: i64 = links.map(|link| link.amount.minor).sum();
    let count = u32::try_from(codes.len()).unwrap_or(0);
    require(
        sum == record.sale.total.minor && count == part.of && (1..=count).contains(&part.number),
        "several codes ask for the sum together",
        || format!("{sum} on {codes:?} for {:?}", record.sale),
    )
}

/// What the payer in front of the till can scan.
pub fn in_front(screen: Option<&Snapshot>) -> Option<String> {
    shown(screen?.pay.as_ref()).map(|(_, url)| url)
}

fn shown(pay: Option<&PayView>) -> Option<(SaleId, String)> {
    let pay = pay?;
    match &pay.code {
        CodeView::Ready { url, .. } => Some((pay.sale.id, url.clone())),
        CodeView::Minting { .. } | CodeView::None { .. } => None,
    }
}
