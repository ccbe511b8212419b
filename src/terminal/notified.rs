//! Providers' notifications: which link each is about, and whether it is worth money.
//!
//! A notification is kept in any case; what belongs to no link that is known here is kept whole, for a
//! person.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Terminal;
use super::accounts::Account;
use super::step::{Keys, Rows, Write};
use super::turn::Turn;
use crate::domain::id::hex;
use crate::domain::link::{Link, LinkState, RemoteLink};
use crate::domain::options::Options;
use crate::domain::payment::PaymentRow;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, Learns, Reported, Verdict};
use crate::proto::hub::{Item, Notification, ShopLink, Token, TokenHash, What};

impl Terminal {
    /// The rows that an item needs besides those in memory.
    pub(super) fn keys_of(&self, item: &Item, keys: &mut Keys) {
        match &item.what {
            What::Notification(posted) => self.keys_of_notification(posted, keys),
            What::Claim(claimed) => self.keys_of_claim(claimed, keys),
        }
    }

    fn keys_of_notification(&self, item: &Notification, keys: &mut Keys) {
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

    /// What the hub hands over.
    pub(super) fn take_item(&mut self, turn: &mut Turn, item: &Item, rows: &Rows) {
        match &item.what {
            What::Claim(claimed) => self.claimed(turn, claimed),
            What::Notification(posted) if self.is_hub_test(posted, turn.now.mono_ms) => {}
            What::Notification(posted) => {
                if let Err(why) = self.take_notification(turn, posted, rows) {
                    keep(turn, posted, item.received_at, rows, why);
                }
            }
        }
    }

    /// It is taken as money where its address and its signature are worth that.
    fn take_notification(
        &mut self,
        turn: &mut Turn,
        posted: &Notification,
        rows: &Rows,
    ) -> Result<(), Why> {
        let (link, till) = self.link_of(posted, rows)?;
        let reported = read(posted).ok_or(Why::Unreadable)?;
        if !names(&link, &reported) {
            return Err(Why::AnotherLink);
        }
        // The same payment on two links is nobody's to decide but a person's.
        let is_same = |row: &&PaymentRow| {
            let known = &row.report;
            known.backend == link.backend && known.payment == reported.payment
        };
        let all = rows.payments.iter().chain(written(turn));
        let known: Vec<PaymentRow> = all.filter(is_same).cloned().collect();
        if known.iter().any(|row| row.report.link != link.id) {
            return Err(Why::AnotherLink);
        }
        let is_believed = self.is_believed(&link, posted);
        if is_believed {
            self.take_report(turn, &link, &reported, &known, till.as_deref());
        }
        // Where it is not believed it is a reason to ask, and no more.
        self.ask_now(&link, turn.now.mono_ms);
        if is_believed {
            Ok(())
        } else {
            Err(Why::Unproven)
        }
    }

    /// The link that a notification is about, and the till that made it where that was another one.
    fn link_of(&self, posted: &Notification, rows: &Rows) -> Result<(Link, Option<String>), Why> {
        let ours = match posted.link {
            Some(_) => self.link_of_address(posted, rows),
            None => self.link_of_content(posted, rows),
        };
        match (ours, &posted.published) {
            (Err(Why::NoLink), Some(told)) => {
                let link = self.link_of_shop(posted, told)?;
                Ok((link, Some(told.till.clone())))
            }
            (ours, _) => ours.map(|link| (link, None)),
        }
    }

    /// By the address, which holds the link and its token.
    fn link_of_address(&self, posted: &Notification, rows: &Rows) -> Result<Link, Why> {
        let id = posted.link.ok_or(Why::NoLink)?;
        let in_rows = || rows.links.iter().find(|link| link.id == id);
        let link = self.links.link(id).or_else(in_rows).ok_or(Why::NoLink)?;
        let token: Token = link.token.parse().map_err(|_none| Why::WrongToken)?;
        if !posted.token.as_ref().is_some_and(|hash| hash.is_of(&token)) {
            return Err(Why::WrongToken);
        }
        if self.is_of_kind(link, posted) {
            Ok(link.clone())
        } else {
            Err(Why::AnotherKind)
        }
    }

    /// By the link that the content names, where it came to the account's own address.
    fn link_of_content(&self, posted: &Notification, rows: &Rows) -> Result<Link, Why> {
        let reported = read(posted).ok_or(Why::Unreadable)?;
        let mut links = rows.links.iter().filter(|link| {
            self.is_of_kind(link, posted)
                && reported.remote_link.is_some()
                && names(link, &reported)
        });
        match (links.next(), links.next()) {
            (Some(only), None) => Ok(only.clone()),
            (Some(_), Some(_)) => Err(Why::AnotherLink),
            (None, _) => Err(Why::NoLink),
        }
    }

    /// The link of another till of the shop, as that till published it.
    fn link_of_shop(&self, posted: &Notification, told: &ShopLink) -> Result<Link, Why> {
        let published = &told.published;
        let same_link = posted.link.is_none_or(|id| id == published.link);
        if !same_link || published.kind != posted.kind {
            return Err(Why::NoLink);
        }
        if posted.link.is_some() && posted.token.as_ref() != Some(&published.token) {
            return Err(Why::WrongToken);
        }
        let mut accounts = self.accounts.iter();
        let account = accounts.find(|account| account.setup.kind == posted.kind);
        let account = account.ok_or(Why::NoLink)?;
        Ok(Link {
            id: published.link,
            backend: account.name().to_owned(),
            account: account.setup.account.clone(),
            purpose: published.purpose,
            product: published.product,
            amount: published.amount,
            asking: published.asking,
            title: published.title.clone(),
            word: String::new(),
            description: String::new(),
            token: String::new(),
            state: LinkState::Live,
            remote: Some(RemoteLink {
                id: published.remote.clone(),
                url: String::new(),
            }),
            sale: None,
            is_custom: false,
            reports_to: None,
            options: Options::default(),
            created_at: Timestamp::from_millis(0),
            expires_at: None,
        })
    }

    fn is_of_kind(&self, link: &Link, posted: &Notification) -> bool {
        let account = self.accounts.get(&link.backend);
        account.is_some_and(|account| account.setup.kind == posted.kind)
    }

    /// Whether a notification says as much as its provider's document allows: its signature is right
    /// and fresh, or nothing is signed and it came to the link's unguessable address. On the account's
    /// address only what the owner has tried out is believed unsigned, and what is no proof by itself.
    fn is_believed(&self, link: &Link, posted: &Notification) -> bool {
        let Some(account) = self.accounts.get(&link.backend) else {
            return false;
        };
        let unsigned = match account.can().learns {
            Learns::Notified => posted.link.is_some(),
            Learns::LookedUp | Learns::Hinted | Learns::Never => true,
        };
        match posted.verdict {
            Verdict::Signed => true,
            Verdict::Unsigned => unsigned,
            Verdict::Stale | Verdict::Forged => false,
        }
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
fn read(item: &Notification) -> Option<Reported> {
    let body = std::str::from_utf8(&item.body).ok()?;
    backend::codec(&item.kind)?.read_notification(body).ok()
}

/// What a notification is kept under: the same for one that comes again.
fn key_of(item: &Notification) -> String {
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
fn keep(turn: &mut Turn, item: &Notification, received_at: Timestamp, rows: &Rows, why: Why) {
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
        "received_at": received_at,
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
