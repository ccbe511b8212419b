//! The hub's feed: one question is kept open, what it brings is on disk before the next one.
//!
//! A question names how far the till has read, and is the receipt for it. So the cursors are written
//! in the step that takes the items in, and the next question is an effect of that step: a crash in
//! between asks for the same items again, which changes nothing.

use serde_json::json;

use super::snapshot::{HubReach, HubView, Reach};
use super::step::Effect;
use super::turn::Turn;
use super::{HubProblem, Rows, Terminal, recover};
use crate::domain::id::{Entropy, LinkId};
use crate::domain::link::Purpose;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::time::Timestamp;
use crate::proto::hub::feed::OtherHistory;
use crate::proto::hub::{
    Cursor, Feed, FeedRequest, Hook, LinkAddress, Page, Scope, Token, WAIT_SECS_MAX,
};

/// The first and the longest pause after a question that failed.
const PAUSE_MS: (u64, u64) = (1_000, 60_000);
/// The longest pause that a hub may ask for, in seconds.
const RETRY_AFTER_SECS_MAX: u32 = 600;
/// How long a till that does not know where providers post to waits with links that nobody needs yet,
/// for the hub to say so.
const HOOKS_WAIT_MS: u64 = 15_000;
/// Doublings after which the longest pause is reached in any case.
const DOUBLINGS_MAX: u32 = 6;

/// The address of a link's notifications.
pub(super) fn address_of(hook: &str, purpose: Purpose, link: LinkId, token: &Token) -> String {
    let scope = match purpose {
        Purpose::Single => Scope::Own,
        // It hangs on a wall: whichever till is there when it is paid.
        Purpose::Permanent => Scope::Shop,
    };
    let token = token.clone();
    format!("{hook}/{}", LinkAddress { scope, link, token })
}

/// What the last question showed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing yet: the program has just started.
    Unknown,
    /// It answers.
    Heard,
    /// It does not, or not as a hub does.
    Silent { since: Timestamp },
    /// It does not know this till.
    Refusing { since: Timestamp },
}

/// How far the feed was read, and how it goes.
#[derive(Debug)]
pub(super) struct HubFeed {
    own: Cursor,
    shop: Cursor,
    /// The question that is open.
    asked: Option<FeedRequest>,
    asked_mono: u64,
    next_mono: u64,
    pause: Pause,
    standing: Standing,
    heard_at: Option<Timestamp>,
    problem: Option<String>,
    /// Until when links wait for the addresses that the hub has to name first; none once it has, or
    /// cannot be asked.
    holds_until_mono: Option<u64>,
}

impl HubFeed {
    /// Goes on after what is on disk; asks at once.
    pub(super) const fn new(own: Cursor, shop: Cursor, has_hooks: bool, mono_ms: u64) -> Self {
        let holds_until_mono = if has_hooks {
            None
        } else {
            Some(mono_ms.saturating_add(HOOKS_WAIT_MS))
        };
        Self {
            own,
            shop,
            asked: None,
            asked_mono: mono_ms,
            next_mono: mono_ms,
            pause: Pause::new(),
            standing: Standing::Unknown,
            heard_at: None,
            problem: None,
            holds_until_mono,
        }
    }

    /// When the next question is due; none while one is open.
    pub(super) fn due_mono(&self) -> Option<u64> {
        self.asked.is_none().then_some(self.next_mono)
    }

    /// Somebody wants to know now.
    pub(super) fn try_now(&mut self, mono_ms: u64) {
        self.next_mono = self.next_mono.min(mono_ms);
    }

    /// The next question. One that shows whether the hub is there is answered at once; only then one
    /// is kept open.
    fn ask(&mut self, register: Option<&Cursor>, mono_ms: u64) -> FeedRequest {
        let wait = match self.standing {
            Standing::Heard => WAIT_SECS_MAX,
            Standing::Unknown | Standing::Silent { .. } | Standing::Refusing { .. } => 0,
        };
        let request = FeedRequest::new(&self.own, &self.shop, wait).with_register(register);
        self.asked = Some(request.clone());
        self.asked_mono = mono_ms;
        request
    }

    /// Says whether it was not heard before.
    fn heard(&mut self, mono_ms: u64, at: Timestamp) -> bool {
        let is_back = self.standing != Standing::Heard;
        self.pause.end();
        self.next_mono = mono_ms;
        self.standing = Standing::Heard;
        self.heard_at = Some(at);
        self.problem = None;
        is_back
    }

    /// Says whether that is news.
    fn failed(&mut self, problem: &HubProblem, at: Timestamp) -> bool {
        self.holds_until_mono = None;
        let before = self.problem.replace(problem.to_string());
        self.standing = match (problem, &self.standing) {
            (HubProblem::Refused, Standing::Refusing { since }) => {
                Standing::Refusing { since: *since }
            }
            (HubProblem::Refused, _) => Standing::Refusing { since: at },
            (_, Standing::Silent { since }) => Standing::Silent { since: *since },
            (_, _) => Standing::Silent { since: at },
        };
        before != self.problem
    }
}

/// How long the hub is left alone after a failure.
#[derive(Debug, Default)]
pub(super) struct Pause {
    failures: u32,
    until_mono: Option<u64>,
}

impl Pause {
    const fn new() -> Self {
        Self {
            failures: 0,
            until_mono: None,
        }
    }

    /// A random part of a pause that grows, so that tills that failed together do not come back
    /// together; or what the hub asked for. Returns its end.
    pub(super) fn begin(
        &mut self,
        now_mono: u64,
        retry_after_secs: Option<u32>,
        entropy: &mut Entropy,
    ) -> u64 {
        let doublings = self.failures.min(DOUBLINGS_MAX);
        self.failures = self.failures.saturating_add(1);
        let growth = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
        let longest = PAUSE_MS.0.saturating_mul(growth).min(PAUSE_MS.1);
        let pause = match retry_after_secs {
            Some(secs) => u64::from(secs.min(RETRY_AFTER_SECS_MAX)).saturating_mul(1_000),
            None => 0,
        };
        let pause = pause.saturating_add(entropy.below(longest).saturating_add(1));
        let until = now_mono.saturating_add(pause);
        self.until_mono = Some(until);
        until
    }

    /// It went well.
    pub(super) const fn end(&mut self) {
        self.failures = 0;
        self.until_mono = None;
    }

    /// When to try again; none where nothing failed.
    pub(super) const fn retry_mono(&self) -> Option<u64> {
        self.until_mono
    }

    /// Whether it may be tried.
    pub(super) fn is_over(&self, now_mono: u64) -> bool {
        self.until_mono.is_none_or(|until| until <= now_mono)
    }
}

/// A till that was restored or replaced begins where the hub's memory does: that is said, for whoever
/// wonders about an old payment.
fn note_forgotten(turn: &mut Turn, asked: &FeedRequest, feed: &Feed) {
    let (own, shop) = (
        feed.own.forgotten(&asked.own()),
        feed.shop.forgotten(&asked.shop()),
    );
    if own > 0 && !feed.own.items.is_empty() || shop > 0 && !feed.shop.items.is_empty() {
        turn.journal("hub_forgot", "", &json!({ "own": own, "shop": shop }));
    }
}

impl Terminal {
    /// When the hub is asked next; never once the program is about to end.
    pub(super) fn hub_due_mono(&self) -> Option<u64> {
        let hub = self.hub.as_ref().filter(|_| !self.is_closing)?;
        hub.due_mono().into_iter().chain(hub.holds_until_mono).min()
    }

    /// Whether links that nobody needs yet wait for the address of their notifications.
    pub(super) fn waits_for_hooks(&self) -> bool {
        let hub = self.hub.as_ref();
        hub.is_some_and(|hub| hub.holds_until_mono.is_some())
    }

    /// Whether the hub answered last.
    pub(super) fn hub_is_heard(&self) -> bool {
        let hub = self.hub.as_ref();
        hub.is_some_and(|hub| hub.standing == Standing::Heard)
    }

    /// Somebody presses "send now", or the network is back.
    pub(super) fn try_hub_now(&mut self, mono_ms: u64) {
        if let Some(hub) = &mut self.hub {
            hub.try_now(mono_ms);
        }
    }

    /// Asks the hub, where none of its answers is awaited and the time has come.
    pub(super) fn ask_hub_when_due(&mut self, turn: &mut Turn) {
        let is_closing = self.is_closing;
        let Some(hub) = self.hub.as_mut().filter(|_| !is_closing) else {
            return;
        };
        let mono_ms = turn.now.mono_ms;
        hub.holds_until_mono = hub.holds_until_mono.filter(|ends| *ends > mono_ms);
        if hub.due_mono().is_some_and(|due| due <= mono_ms) {
            let register = self.sharing.register();
            turn.effect(Effect::AskHub(hub.ask(register, mono_ms)));
        }
    }

    /// How it goes, for people.
    pub(super) fn hub_view(&self) -> Option<HubView> {
        let (hub, setup) = self.hub.as_ref().zip(self.setup.hub.as_ref())?;
        let has_network = self.accounts.iter().any(|account| {
            let reach = account.reach.reach();
            matches!(reach, Reach::Online | Reach::Refusing { .. })
        });
        let reach = match hub.standing {
            Standing::Unknown => HubReach::Unknown,
            Standing::Heard => HubReach::Heard,
            Standing::Refusing { since } => HubReach::Refusing { since },
            Standing::Silent { since } if has_network => HubReach::Unreachable { since },
            Standing::Silent { since } => HubReach::NoNetwork { since },
        };
        Some(HubView {
            address: setup.address.clone(),
            reach,
            heard_at: hub.heard_at,
            problem: hub.problem.clone(),
        })
    }

    /// What came of a question to the hub.
    pub(super) fn fed(
        &mut self,
        turn: &mut Turn,
        asked: &FeedRequest,
        answer: Result<Box<Feed>, HubProblem>,
        rows: &Rows,
    ) {
        let Some(hub) = &mut self.hub else { return };
        // The answer to a question that is not asked any more: whatever is in it comes again.
        if hub.asked.as_ref() != Some(asked) {
            return;
        }
        hub.asked = None;
        match answer {
            Ok(feed) if feed.own.follows(&asked.own()) && feed.shop.follows(&asked.shop()) => {
                note_forgotten(turn, asked, &feed);
                self.take_feed(turn, asked.wait, &feed, rows);
            }
            // A gap is never skipped: what is missing may be money.
            Ok(_) => self.hub_failed(turn, &HubProblem::Gap),
            Err(HubProblem::OtherHistory(which)) => self.begin_again(turn, which),
            Err(problem) => self.hub_failed(turn, &problem),
        }
    }

    fn take_feed(&mut self, turn: &mut Turn, waited: u32, feed: &Feed, rows: &Rows) {
        for item in feed.own.items.iter().chain(&feed.shop.items) {
            #[cfg(planted)]
            if planted::is(Bug::StreamSkipped)
                && !feed.own.items.is_empty()
                && feed.shop.items.last() == Some(item)
            {
                continue;
            }
            self.take_item(turn, item, rows);
        }
        self.sharing.hub_has(feed.register.as_ref());
        let Some(hub) = &mut self.hub else { return };
        // Endpoints may have come while it was away.
        if hub.heard(turn.now.mono_ms, turn.at()) {
            turn.effect(Effect::AskHooks);
        }
        let is_empty = feed.own.items.is_empty() && feed.shop.items.is_empty();
        let took_ms = turn.now.mono_ms.saturating_sub(hub.asked_mono);
        // Something in between does not let a question be kept open: not asked without end.
        if is_empty && waited > 0 && took_ms < PAUSE_MS.0 {
            hub.next_mono = turn.now.mono_ms.saturating_add(PAUSE_MS.0);
        }
        let moves =
            |page: &Page, cursor: &mut Cursor| page.end().map(|end| *cursor = end).is_some();
        if moves(&feed.own, &mut hub.own) {
            recover::save(turn, recover::HUB_CURSOR_OWN, &hub.own);
        }
        if moves(&feed.shop, &mut hub.shop) {
            recover::save(turn, recover::HUB_CURSOR_SHOP, &hub.shop);
        }
    }

    /// The hub was restored, or is another one: its streams are read from their beginning, and what
    /// is known already falls away.
    fn begin_again(&mut self, turn: &mut Turn, which: OtherHistory) {
        let Some(hub) = &mut self.hub else { return };
        #[cfg(planted)]
        let which = OtherHistory {
            shop: which.shop && !planted::is(Bug::HalfBegunAgain),
            ..which
        };
        let is_new = |cursor: &Cursor| *cursor != Cursor::default();
        let moves = (which.own && is_new(&hub.own)) || (which.shop && is_new(&hub.shop));
        if moves {
            let read = json!({ "own": hub.own.seq, "shop": hub.shop.seq });
            turn.journal("hub_other_history", "", &read);
        }
        if which.own {
            hub.own = Cursor::default();
            recover::save(turn, recover::HUB_CURSOR_OWN, &hub.own);
        }
        if which.shop {
            hub.shop = Cursor::default();
            recover::save(turn, recover::HUB_CURSOR_SHOP, &hub.shop);
        }
        // What it was told is gone as well.
        self.telling.forget();
        self.links.tell_all_again();
        self.loose.claim_again();
        self.hub_lost_stickers(turn);
        self.hub_failed(turn, &HubProblem::OtherHistory(which));
    }

    fn hub_failed(&mut self, turn: &mut Turn, problem: &HubProblem) {
        let Some(hub) = &mut self.hub else { return };
        let is_news = hub.failed(problem, turn.at());
        let retry_after = problem.retry_after_secs();
        let mono_ms = turn.now.mono_ms;
        hub.next_mono = hub.pause.begin(mono_ms, retry_after, &mut self.entropy);
        if is_news && matches!(problem, HubProblem::Gap | HubProblem::Refused) {
            turn.journal(
                "hub_problem",
                "",
                &json!({ "problem": problem.to_string() }),
            );
        }
    }

    /// Where providers post to: links that are made from now on carry it.
    pub(super) fn hooked(&mut self, hooks: &[Hook]) {
        if let Some(hub) = &mut self.hub {
            hub.holds_until_mono = None;
        }
        for account in self.accounts.iter_mut() {
            account.setup.take_hook(hooks);
        }
        self.find_unreported();
    }
}
