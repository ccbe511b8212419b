//! Values of the snapshot as words, with the icon and the tone that go with them.

use super::cx::Cx;
use super::icon::Icon;
use super::theme::Tone;
use crate::domain::link::LinkState;
use crate::domain::payment::Proof;
use crate::domain::sale::{Line, SaleState};
use crate::proto::backend::Learns;
use crate::proto::translation::Words;
use crate::terminal::snapshot::{AccountView, HubReach, HubView, Reach};
use crate::terminal::{Notice, SaleView};

pub(crate) mod paper;

/// A state for people: never a color alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The picture.
    pub(crate) icon: Icon,
    /// The color.
    pub(crate) tone: Tone,
    /// The words.
    pub(crate) words: String,
}

impl Said {
    fn new(icon: Icon, tone: Tone, words: String) -> Self {
        Self { icon, tone, words }
    }
}

/// Whether the payment account can be reached.
pub(crate) fn reach(cx: &Cx<'_>) -> Said {
    match cx.snap.status.reach {
        Reach::NoBackend => Said::new(Icon::Warning, Tone::Waiting, cx.say("reach-none")),
        Reach::Unknown => Said::new(Icon::Clock, Tone::Plain, cx.say("reach-unknown")),
        Reach::Online => Said::new(Icon::Online, Tone::Good, cx.say("reach-online")),
        Reach::Offline { since } => {
            let time = cx.clock(since);
            let words = cx.say_with("reach-offline", &[("time", &time)]);
            Said::new(Icon::Offline, Tone::Waiting, words)
        }
        Reach::Refusing { since } => {
            let time = cx.clock(since);
            let words = cx.say_with("reach-refusing", &[("time", &time)]);
            Said::new(Icon::Warning, Tone::Alarm, words)
        }
    }
}

/// What the status bar says: of the message server where only that is in trouble.
pub(crate) fn network(cx: &Cx<'_>) -> Said {
    let hub = cx.snap.status.hub.as_ref().map(|hub| hub.reach);
    match (cx.snap.status.reach, hub) {
        (Reach::Online, Some(HubReach::Unreachable { since } | HubReach::NoNetwork { since })) => {
            let time = cx.clock(since);
            let words = cx.say_with("reach-no-hub", &[("time", &time)]);
            Said::new(Icon::Warning, Tone::Waiting, words)
        }
        (Reach::Online, Some(HubReach::Refusing { .. })) => {
            Said::new(Icon::Warning, Tone::Alarm, cx.say("reach-hub-refuses"))
        }
        _ => reach(cx),
    }
}

/// How the message server is, with what helps.
pub(crate) fn hub(cx: &Cx<'_>, hub: &HubView) -> Said {
    let timed = |key, at| cx.say_with(key, &[("time", &cx.clock(at))]);
    match (hub.reach, hub.heard_at) {
        (HubReach::Heard, Some(at)) => Said::new(Icon::Online, Tone::Good, timed("hub-heard", at)),
        (HubReach::Unknown | HubReach::Heard, _) => {
            Said::new(Icon::Clock, Tone::Plain, cx.say("hub-unknown"))
        }
        (HubReach::NoNetwork { since }, _) => {
            Said::new(Icon::Offline, Tone::Waiting, timed("hub-no-network", since))
        }
        (HubReach::Unreachable { since }, _) => Said::new(
            Icon::Warning,
            Tone::Waiting,
            timed("hub-unreachable", since),
        ),
        (HubReach::Refusing { since }, _) => {
            Said::new(Icon::Warning, Tone::Alarm, timed("hub-refusing", since))
        }
    }
}

/// Whether one of several accounts can be reached, and what helps.
pub(crate) fn account(cx: &Cx<'_>, name: &str, reach: Reach) -> Said {
    let with_time = |key: &str, since| {
        let time = cx.clock(since);
        cx.say_with(key, &[("name", name), ("time", &time)])
    };
    match reach {
        Reach::NoBackend => Said::new(Icon::Warning, Tone::Waiting, cx.say("reach-none")),
        Reach::Unknown => {
            let words = with(cx, "account-unknown", "name", name);
            Said::new(Icon::Clock, Tone::Plain, words)
        }
        Reach::Online => {
            let words = with(cx, "account-online", "name", name);
            Said::new(Icon::Online, Tone::Good, words)
        }
        Reach::Offline { since } => {
            let words = with_time("account-offline", since);
            Said::new(Icon::Offline, Tone::Waiting, words)
        }
        Reach::Refusing { since } => {
            let words = with_time("account-refusing", since);
            Said::new(Icon::Warning, Tone::Alarm, words)
        }
    }
}

/// What an account can, in sentences.
pub(crate) fn abilities(cx: &Cx<'_>, account: &AccountView) -> String {
    let mut words = account.can.in_words();
    // How payments are heard of matters most.
    words.rotate_right(1);
    let mut said: Vec<String> = words.iter().map(|word| cx.say(word.key)).collect();
    if needs_hub(cx, account) {
        said.insert(0, cx.say("learns-no-hub"));
    }
    format!("{}.", said.join(". "))
}

/// Whether a message server would tell what nobody tells this till now.
pub(crate) fn needs_hub(cx: &Cx<'_>, account: &AccountView) -> bool {
    let reports = matches!(account.can.learns, Learns::Notified | Learns::Hinted);
    reports && !account.is_heard && cx.snap.status.hub.is_none() && !cx.snap.shop.demo
}

/// How long something takes, in the largest unit that it fills.
pub(crate) fn duration(cx: &Cx<'_>, secs: u64) -> String {
    let (key, unit) = match secs {
        ..120 => ("duration-secs", 1),
        120..7_200 => ("duration-mins", 60),
        7_200..172_800 => ("duration-hours", 3_600),
        172_800.. => ("duration-days", 86_400),
    };
    let count = secs.div_euclid(unit).to_string();
    with(cx, key, "count", &count)
}

/// Where a sticker's code stands.
pub(crate) fn sticker(cx: &Cx<'_>, state: LinkState) -> Said {
    match state {
        LinkState::Live | LinkState::Reserved | LinkState::Shown | LinkState::Paid => {
            Said::new(Icon::Check, Tone::Good, cx.say("sticker-live"))
        }
        LinkState::Wanted | LinkState::Requested => {
            Said::new(Icon::Clock, Tone::Waiting, cx.say("sticker-coming"))
        }
        LinkState::Refused => Said::new(Icon::Warning, Tone::Alarm, cx.say("sticker-refused")),
        LinkState::Retired => Said::new(Icon::Clock, Tone::Plain, cx.say("sticker-retired")),
        LinkState::Burned | LinkState::Expired | LinkState::Withdrawn => {
            Said::new(Icon::Cross, Tone::Plain, cx.say("sticker-off"))
        }
    }
}

/// Where a sale stands.
pub(crate) fn sale(cx: &Cx<'_>, sale: &SaleView) -> Said {
    let amount = |key: &str, amount| {
        let amount = cx.money(amount);
        cx.say_with(key, &[("amount", &amount)])
    };
    if let Some(over) = sale.over {
        let key = if sale.state == SaleState::Paid {
            "sale-over"
        } else {
            "sale-refund"
        };
        return Said::new(Icon::Warning, Tone::Alarm, amount(key, over));
    }
    if let Some(under) = sale.under {
        return Said::new(Icon::Warning, Tone::Alarm, amount("sale-under", under));
    }
    if sale.late {
        return Said::new(Icon::Warning, Tone::Alarm, cx.say("sale-late"));
    }
    match sale.state {
        SaleState::Paid => paid(cx, sale),
        SaleState::Open | SaleState::Awaiting if sale.proof == Proof::Claimed => {
            Said::new(Icon::Hand, Tone::Waiting, cx.say("sale-claimed"))
        }
        SaleState::Open | SaleState::Awaiting if sale.failed => {
            Said::new(Icon::Warning, Tone::Alarm, cx.say("sale-failed"))
        }
        SaleState::Open | SaleState::Awaiting if sale.hinted => {
            Said::new(Icon::Clock, Tone::Waiting, cx.say("sale-hinted"))
        }
        SaleState::Open | SaleState::Awaiting => {
            Said::new(Icon::Clock, Tone::Waiting, cx.say("sale-waiting"))
        }
        SaleState::Cancelled => Said::new(Icon::Cross, Tone::Plain, cx.say("sale-cancelled")),
        SaleState::Expired if sale.missing => {
            Said::new(Icon::Cross, Tone::Alarm, cx.say("sale-missing"))
        }
        SaleState::Expired => Said::new(Icon::Cross, Tone::Plain, cx.say("sale-expired")),
    }
}

fn paid(cx: &Cx<'_>, sale: &SaleView) -> Said {
    let key = match sale.proof {
        Proof::Confirmed if sale.cash => "sale-cash",
        Proof::Confirmed => "sale-paid",
        Proof::Proven => "sale-proven",
        Proof::Claimed | Proof::Open => {
            return Said::new(Icon::Hand, Tone::Waiting, cx.say("sale-claimed"));
        }
    };
    Said::new(Icon::Check, Tone::Good, cx.say(key))
}

/// What is bought, in one line.
pub(crate) fn lines(words: &Words, lines: &[Line]) -> String {
    let named: Vec<String> = lines
        .iter()
        .take(4)
        .map(|line| {
            let name = if line.name.is_empty() {
                words.say("line-amount", &[])
            } else {
                line.name.clone()
            };
            match line.quantity {
                1 => name,
                pieces => format!("{pieces} × {name}"),
            }
        })
        .collect();
    let more = if lines.len() > named.len() {
        " …"
    } else {
        ""
    };
    format!("{}{more}", named.join(", "))
}

/// A sentence for the cashier.
pub(crate) fn notice(cx: &Cx<'_>, notice: &Notice) -> String {
    match notice {
        Notice::OfflineNoCode { amount } => {
            with(cx, "notice-offline-no-code", "amount", &cx.money(*amount))
        }
        Notice::NewPriceNoCode { amount } => {
            with(cx, "notice-new-price-no-code", "amount", &cx.money(*amount))
        }
        Notice::NoBackend => cx.say("notice-no-backend"),
        Notice::UnknownBackend { name } => with(cx, "notice-unknown-backend", "name", name),
        Notice::BackendRefused { reason } => with(cx, "notice-backend-refused", "reason", reason),
        Notice::UnknownCode { code } => with(cx, "notice-unknown-code", "code", code),
        Notice::UnknownProduct => cx.say("notice-unknown-product"),
        Notice::PayerSetsAmount { product } => {
            with(cx, "notice-payer-sets-amount", "product", product)
        }
        Notice::UnknownSale => cx.say("notice-unknown-sale"),
        Notice::NoHub => cx.say("notice-no-hub"),
        Notice::UnknownPayment => cx.say("notice-unknown-payment"),
        Notice::PaymentWanted => cx.say("notice-payment-wanted"),
        Notice::PaymentTaken { till } => with(cx, "notice-payment-taken", "till", till),
        Notice::PaymentTakenTwice { till } => with(cx, "notice-payment-twice", "till", till),
        Notice::PaymentCurrency => cx.say("notice-payment-currency"),
        Notice::UnknownLink => cx.say("notice-unknown-link"),
        Notice::EmptyCart => cx.say("notice-empty-cart"),
        Notice::AmountNotPositive => cx.say("notice-amount-not-positive"),
        Notice::AmountTooLarge => cx.say("notice-amount-too-large"),
        Notice::WrongCurrency {
            product,
            found,
            expected,
        } => cx.say_with(
            "notice-wrong-currency",
            &[
                ("product", product),
                ("found", found),
                ("expected", expected),
            ],
        ),
        Notice::CartFull => cx.say("notice-cart-full"),
        Notice::CashTooLittle { missing } => {
            with(cx, "notice-cash-too-little", "amount", &cx.money(*missing))
        }
        Notice::AlreadyPaid => cx.say("notice-already-paid"),
        Notice::AlreadyClosed => cx.say("notice-already-closed"),
        Notice::ReasonMissing => cx.say("notice-reason-missing"),
        Notice::DemoOnly => cx.say("notice-demo-only"),
        Notice::TooMany { limit } => with(cx, "notice-too-many", "limit", &limit.to_string()),
        Notice::BadProduct { sku, reason } => {
            cx.say_with("notice-bad-product", &[("sku", sku), ("reason", reason)])
        }
        Notice::AboveCap { cap } => with(cx, "notice-above-cap", "amount", &cx.money(*cap)),
        Notice::PinNeeded { cap } => with(cx, "notice-pin-needed", "amount", &cx.money(*cap)),
        Notice::OwnerPin => cx.say("notice-owner-pin"),
        Notice::OwnerOnly => cx.say("notice-owner-only"),
        Notice::PinWrong => cx.say("notice-pin-wrong"),
        Notice::PinLocked => cx.say("notice-pin-locked"),
        Notice::CodeEnded => cx.say("notice-code-ended"),
        Notice::UnknownJob => cx.say("notice-unknown-job"),
        Notice::JobUnderWay => cx.say("notice-job-under-way"),
        Notice::CannotChange { kind } => with(cx, "notice-cannot-change", "kind", kind),
        Notice::CannotList { kind } => with(cx, "notice-cannot-list", "kind", kind),
        Notice::Paper(notice) => paper::notice(cx, notice),
        Notice::NotNow => cx.say("notice-not-now"),
        Notice::BadTitle { limit } => with(cx, "notice-bad-title", "limit", &limit.to_string()),
        Notice::LinkInUse => cx.say("notice-link-in-use"),
        Notice::DiskFull => cx.say("notice-disk-full"),
        Notice::StoreReopened => cx.say("notice-store-reopened"),
    }
}

fn with(cx: &Cx<'_>, key: &str, name: &str, value: &str) -> String {
    cx.say_with(key, &[(name, value)])
}

/// A name as assistive technology and tests get it: with ordinary spaces.
pub(crate) fn plain(name: &str) -> String {
    name.replace(['\u{a0}', '\u{202f}'], " ")
}
