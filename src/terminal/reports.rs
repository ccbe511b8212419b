//! Money that a backend reports: matched to a link and its sale, and kept in any case.
//!
//! A report is a row of its own before it is a fact of a sale. What belongs to no sale stays in the
//! list of payments to sort out; nothing that arrived is dropped.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Terminal;
use super::accounts::Account;
use super::step::{Keys, Rows, Write};
use super::turn::Turn;
use crate::domain::id::{SaleId, hex};
use crate::domain::link::{Link, Purpose};
use crate::domain::money::Amount;
use crate::domain::payment::{PaymentReport, PaymentRow, Proof};
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::Fact;
#[cfg(planted)]
use crate::domain::sale::SaleState;
use crate::proto::backend::{self, Learns, Reported, Verdict};
use crate::proto::hub::{Item, Token, TokenHash};

impl Terminal {
    /// The rows that a notification needs besides those in memory.
    pub(super) fn keys_of(&self, item: &Item, keys: &mut Keys) {
        // A link of the last days comes back at a start, its closed sale does not.
        match item.link.map(|id| (id, self.links.link(id))) {
            Some((id, None)) => keys.links.push(id),
            Some((_, Some(link))) => {
                let sale = link.sale.filter(|sale| !self.sales.contains_key(sale));
                keys.sales.extend(sale);
            }
            None => {}
        }
        keys.kept.push(key_of(item));
        let Some(reported) = read(item) else { return };
        let named = reported.remote_link.filter(|_| item.link.is_none());
        if let Some(own) = named.as_deref().and_then(|named| named.parse().ok()) {
            keys.links.push(own);
        }
        let of_kind = |account: &&Account| account.setup.kind == item.kind;
        for account in self.accounts.iter().filter(of_kind) {
            let name = || account.name().to_owned();
            keys.payments.push((name(), reported.payment.clone()));
            keys.remotes
                .extend(named.clone().map(|named| (name(), named)));
        }
    }

    /// A provider's notification. It is taken as money where its address and its signature are worth
    /// that, and else kept for a person; nothing that arrived is dropped.
    pub(super) fn take_item(&mut self, turn: &mut Turn, item: &Item, rows: &Rows) {
        let link = match self.link_of(item, rows) {
            Ok(link) => link,
            Err(why) => return keep(turn, item, rows, why),
        };
        let Some(reported) = read(item) else {
            return keep(turn, item, rows, Why::Unreadable);
        };
        if !names(&link, &reported) {
            return keep(turn, item, rows, Why::AnotherLink);
        }
        // The same payment on two links is nobody's to decide but a person's.
        let is_same = |row: &&PaymentRow| {
            let known = &row.report;
            known.backend == link.backend && known.payment == reported.payment
        };
        let all = rows.payments.iter().chain(written(turn));
        let known: Vec<PaymentRow> = all.filter(is_same).cloned().collect();
        if known.iter().any(|row| row.report.link != link.id) {
            return keep(turn, item, rows, Why::AnotherLink);
        }
        if self.is_believed(&link, item) {
            self.take_report(turn, &link, &reported, &known);
        } else {
            // A reason to ask, and no more.
            keep(turn, item, rows, Why::Unproven);
        }
        self.ask_now(&link, turn.now.mono_ms);
    }

    /// The link that a notification is about: the one in its address, with the token of that address,
    /// else the one that it names.
    fn link_of(&self, item: &Item, rows: &Rows) -> Result<Link, Why> {
        let is_of_kind = |link: &Link| {
            let account = self.accounts.get(&link.backend);
            account.is_some_and(|account| account.setup.kind == item.kind)
        };
        if let Some(id) = item.link {
            let in_rows = || rows.links.iter().find(|link| link.id == id);
            let link = self.links.link(id).or_else(in_rows).ok_or(Why::NoLink)?;
            let token: Token = link.token.parse().map_err(|_none| Why::WrongToken)?;
            let is_right = item.token.as_ref().is_some_and(|hash| hash.is_of(&token));
            return match (is_right, is_of_kind(link)) {
                (false, _) => Err(Why::WrongToken),
                (true, false) => Err(Why::AnotherKind),
                (true, true) => Ok(link.clone()),
            };
        }
        let reported = read(item).ok_or(Why::Unreadable)?;
        let mut links = rows.links.iter().filter(|link| {
            is_of_kind(link) && reported.remote_link.is_some() && names(link, &reported)
        });
        match (links.next(), links.next()) {
            (Some(only), None) => Ok(only.clone()),
            (Some(_), Some(_)) => Err(Why::AnotherLink),
            (None, _) => Err(Why::NoLink),
        }
    }

    /// Whether a notification says as much as its provider's document allows: its signature is right
    /// and fresh, or nothing is signed and it came to the link's unguessable address. On the account's
    /// address only what the owner has tried out is believed unsigned, and what is no proof by itself.
    fn is_believed(&self, link: &Link, item: &Item) -> bool {
        let Some(account) = self.accounts.get(&link.backend) else {
            return false;
        };
        let unsigned = match account.can().learns {
            Learns::Notified => item.link.is_some(),
            Learns::LookedUp | Learns::Hinted | Learns::Never => true,
        };
        match item.verdict {
            Verdict::Signed => true,
            Verdict::Unsigned => unsigned,
            Verdict::Stale | Verdict::Forged => false,
        }
    }

    /// One report of one payment on a link of ours; `known` is what is known of that payment.
    pub(super) fn take_report(
        &mut self,
        turn: &mut Turn,
        link: &Link,
        reported: &Reported,
        known: &[PaymentRow],
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
        // A permanent link names a product, not a customer: never matched by itself.
        let sale = link
            .sale
            .filter(|sale| link.purpose == Purpose::Single && self.sales.contains_key(sale));
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

/// Why a notification is not taken as a payment on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// No link of this till is meant, as far as is known here.
    NoLink,
    /// Whoever posted it knew the link and not its token.
    WrongToken,
    /// The link belongs to an account of another kind.
    AnotherKind,
    /// It is not what the account's provider writes.
    Unreadable,
    /// Address and content, or two notifications of one payment, mean different links.
    AnotherLink,
    /// Anybody could have posted it.
    Unproven,
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Self::NoLink => "no_link",
            Self::WrongToken => "wrong_token",
            Self::AnotherKind => "another_kind",
            Self::Unreadable => "unreadable",
            Self::AnotherLink => "another_link",
            Self::Unproven => "unproven",
        }
    }
}

/// What the codec of its kind makes of a notification.
fn read(item: &Item) -> Option<Reported> {
    let body = std::str::from_utf8(&item.body).ok()?;
    backend::codec(&item.kind)?.read_notification(body).ok()
}

/// What a notification is kept under: the same for one that comes again.
fn key_of(item: &Item) -> String {
    let mut hash = Sha256::new();
    let link = item.link.map(|id| id.to_string()).unwrap_or_default();
    let token = item.token.as_ref().map_or("", TokenHash::as_str);
    for part in [&item.kind, &link, token] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.update(&item.body);
    format!("{} {}", item.kind, hex(&hash.finalize()))
}

/// Keeps a notification whole and once: it is sorted out by a person.
fn keep(turn: &mut Turn, item: &Item, rows: &Rows, why: Why) {
    let subject = key_of(item);
    let mut written = turn.step.writes.iter();
    let is_it = |write: &Write| matches!(write, Write::Journal(row) if row.subject == subject);
    if rows.kept.contains(&subject) || written.any(is_it) {
        return;
    }
    let body = match std::str::from_utf8(&item.body) {
        Ok(text) => json!({ "body": text }),
        Err(_no_text) => json!({ "body_base64": BASE64_STANDARD.encode(&item.body) }),
    };
    let mut detail = json!({
        "why": why.word(),
        "kind": item.kind,
        "link": item.link,
        "endpoint": item.endpoint,
        "verdict": item.verdict,
        "received_at": item.received_at,
    });
    if let (Some(detail), serde_json::Value::Object(body)) = (detail.as_object_mut(), body) {
        detail.extend(body);
    }
    turn.journal("payment_unmatched", subject, &detail);
}

/// Whether a notification that names a link means this one. Some providers name our reference in
/// place of their id.
fn names(link: &Link, reported: &Reported) -> bool {
    let named = reported.remote_link.as_deref();
    #[cfg(planted)]
    let named = named.filter(|_| !planted::is(Bug::StrangerBelieved));
    let ours = link.remote.as_ref().map(|remote| remote.id.as_str());
    named.is_none() || named == ours || named == Some(link.id.to_string().as_str())
}

/// Payments that the step has written already.
fn written(turn: &Turn) -> impl Iterator<Item = &PaymentRow> {
    turn.step.writes.iter().filter_map(|write| {
        let Write::Payment(row) = write else {
            return None;
        };
        Some(row)
    })
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
