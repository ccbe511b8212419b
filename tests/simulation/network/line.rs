//! The line between a till and its hub, as `runtime::hub` keeps it: one question for the feed at a
//! time, and whatever can happen to a message.

use std::collections::BTreeSet;
use std::rc::Rc;

use tillcode::proto::hub::{Cursor, Feed, FeedRequest, Hook};
use tillcode::terminal::{Event, HubProblem, HubSaid, SendError, Told};

use super::Parcel;
use crate::hub::About;
use crate::oracle::{Outcome, require};
use crate::tally::Fault;
use crate::world::World;

/// When the till gives up on an answer, in milliseconds, besides the time that it asked to be held.
const TILL_WAITS_MS: u64 = 15_000;
/// A question is held so many times longer than it asks for: an empty answer shows nothing.
const HELD_TIMES: u64 = 20;

/// What a till wants of its hub.
#[derive(Clone, Debug)]
pub enum Ask {
    Feed(FeedRequest),
    Tell(Told),
    Hooks,
}

/// One message to the hub.
#[derive(Clone, Debug)]
pub struct Call {
    pub till: usize,
    /// Which run of the program waits for its answer.
    pub process: u64,
    pub number: u64,
    pub ask: Ask,
}

impl Call {
    /// How long it asks to be held, in milliseconds.
    const fn held_ms(&self) -> u64 {
        match &self.ask {
            Ask::Feed(request) => request.wait as u64 * 1_000 * HELD_TIMES,
            Ask::Tell(_) | Ask::Hooks => 0,
        }
    }
}

/// What comes back.
#[derive(Debug)]
pub enum HubAnswer {
    Feed(Result<Box<Feed>, HubProblem>),
    Told(Result<HubSaid, HubProblem>),
    /// None where there is no answer.
    Hooks(Option<Vec<Hook>>),
}

impl HubAnswer {
    pub fn failed(call: &Call, problem: HubProblem) -> Self {
        match &call.ask {
            Ask::Feed(_) => Self::Feed(Err(problem)),
            Ask::Tell(_) => Self::Told(Err(problem)),
            Ask::Hooks => Self::Hooks(None),
        }
    }
}

/// The messages whose answers are awaited.
#[derive(Debug, Default)]
pub struct Line {
    calls: u64,
    waiting: BTreeSet<u64>,
    /// The question for the feed.
    feed: Option<u64>,
    /// Where the hub's memory of the two streams began when it answered last.
    firsts: [u64; 2],
}

impl Line {
    /// How far the two streams are known, with their cursors: to there, or all before it is forgotten.
    pub fn read_to(&self, cursors: &[Cursor; 2]) -> [u64; 2] {
        let [own, shop] = cursors;
        let [first_own, first_shop] = self.firsts;
        [
            own.seq.max(first_own.saturating_sub(1)),
            shop.seq.max(first_shop.saturating_sub(1)),
        ]
    }
}

const FATES: [Fault; 7] = [
    Fault::HubUnreached,
    Fault::HubAskLost,
    Fault::HubAnswerLost,
    Fault::HubAnswerLate,
    Fault::HubAskedAgain,
    Fault::HubBusy,
    Fault::HubPortal,
];

fn no_answer() -> HubProblem {
    HubProblem::Silent(SendError::NoAnswer("too late".to_owned()))
}

fn not_sent() -> HubProblem {
    HubProblem::Silent(SendError::NotSent("refused".to_owned()))
}

impl World {
    /// The program sends a message to its hub.
    pub fn calls_hub(&mut self, ask: Ask) {
        if self.hub.is_none() {
            return;
        }
        self.line.calls += 1;
        let number = self.line.calls;
        self.line.waiting.insert(number);
        if matches!(ask, Ask::Feed(_))
            && let Some(earlier) = self.line.feed.replace(number)
        {
            self.line.waiting.remove(&earlier);
        }
        let call = Call {
            till: self.number,
            process: self.process,
            number,
            ask,
        };
        self.tell(|| format!("  to the hub, {number}: {:?}", call.ask));
        if self.clock.true_ms < self.no_network_until_ms {
            return self.hears_nothing(call, 50, not_sent());
        }
        let there = self.dice.between(1, self.plan.latency_ms);
        let back = self.dice.between(1, self.plan.latency_ms);
        match FATES.into_iter().find(|fate| self.strikes(*fate)) {
            None => self.goes_to_hub(call, there, Some(back)),
            Some(fate) => self.meets_on_line(fate, call, there, back),
        }
    }

    fn goes_to_hub(&mut self, call: Call, there: u64, back: Option<u64>) {
        self.post(there, Parcel::ToHub { call, back });
    }

    fn hears_nothing(&mut self, call: Call, after: u64, problem: HubProblem) {
        let answer = HubAnswer::failed(&call, problem);
        self.post(after, Parcel::FromHub { call, answer });
    }

    fn meets_on_line(&mut self, fate: Fault, call: Call, there: u64, back: u64) {
        let gives_up = TILL_WAITS_MS + call.held_ms();
        match fate {
            Fault::HubUnreached => self.hears_nothing(call, there, not_sent()),
            Fault::HubAskLost => self.hears_nothing(call, gives_up, no_answer()),
            Fault::HubAnswerLost => {
                self.goes_to_hub(call.clone(), there, None);
                self.hears_nothing(call, gives_up, no_answer());
            }
            Fault::HubAnswerLate => {
                let late = TILL_WAITS_MS.saturating_sub(there + 1);
                self.goes_to_hub(call, there, Some(late));
            }
            Fault::HubAskedAgain => {
                let later = self.dice.between(1, 600_000);
                self.goes_to_hub(call.clone(), there + later, None);
                self.goes_to_hub(call, there, Some(back));
            }
            Fault::HubBusy => {
                let secs = u32::try_from(self.dice.between(0, 300)).unwrap_or(0);
                let busy = HubProblem::Busy {
                    status: 503,
                    retry_after_secs: (secs > 0).then_some(secs),
                };
                self.hears_nothing(call, there + back, busy);
            }
            _ => self.hears_nothing(call, there + back, HubProblem::Foreign { status: 200 }),
        }
    }

    /// A message reached the hub.
    pub(super) fn hub_is_called(&mut self, call: Call, back: Option<u64>) {
        let Some(hub) = self.hub.clone() else { return };
        let (now_ms, at) = (self.clock.true_ms, self.clock.server());
        if hub.borrow().is_out_of_reach(now_ms) {
            if let Some(back) = back {
                self.hears_nothing(call, back, not_sent());
            }
            return;
        }
        let is_early = self.strikes(Fault::HubCrashBefore);
        let is_late = !is_early && self.strikes(Fault::HubCrashAfter);
        let answer = if is_early {
            None
        } else {
            hub.borrow_mut().does(&call, back, now_ms, at)
        };
        if is_early || is_late {
            self.hub_dies();
            if let Some(back) = back.filter(|_| is_early || answer.is_some()) {
                self.hears_nothing(call, back, no_answer());
            }
            return;
        }
        match (answer, back) {
            (Some(answer), Some(back)) => self.post(back, Parcel::FromHub { call, answer }),
            (None, Some(_)) => self.post(call.held_ms(), Parcel::HeldLongEnough { call }),
            (_, None) => {}
        }
    }

    /// Its process ends; somebody starts it again.
    pub(super) fn hub_dies(&mut self) {
        let Some(hub) = self.hub.clone() else { return };
        let pause = self.dice.between(500, 60_000);
        let now_ms = self.clock.true_ms;
        self.tell(|| "the hub ends".to_owned());
        hub.borrow_mut().dies(now_ms, now_ms + pause);
    }

    pub(super) fn hub_lets_go(&mut self, call: &Call) {
        if let Some(hub) = &self.hub {
            let (now_ms, at) = (self.clock.true_ms, self.clock.server());
            hub.borrow_mut().lets_go(call, now_ms, at);
        }
    }

    /// An answer of the hub, or of what stands in its place.
    pub(super) fn hub_answered(&mut self, call: Call, answer: HubAnswer) -> Outcome {
        if call.process != self.process || !self.line.waiting.remove(&call.number) {
            return Ok(());
        }
        self.tell(|| format!("  from the hub, {}: {answer:?}", call.number));
        match (call.ask, answer) {
            (Ask::Feed(asked), HubAnswer::Feed(answer)) => self.fed(asked, answer),
            (Ask::Tell(told), HubAnswer::Told(answer)) => {
                match (&told, &answer) {
                    (Told::OpenSales(sales), Ok(_)) if !sales.is_empty() => {
                        self.tally.state("open sale told");
                    }
                    (Told::Links(_), Ok(_)) => self.tally.state("link published"),
                    (_, _) => {}
                }
                self.handle(Event::HubTold { told, answer }, false)?;
                Ok(())
            }
            (_, HubAnswer::Hooks(Some(hooks))) => {
                self.handle(Event::Hooked(hooks), false)?;
                Ok(())
            }
            (_, _) => Ok(()),
        }
    }

    fn fed(&mut self, asked: FeedRequest, answer: Result<Box<Feed>, HubProblem>) -> Outcome {
        let pages = answer.as_ref().ok().map(|feed| self.pages(feed));
        if let Ok(feed) = &answer {
            self.clock.heard(feed.now);
            self.line.firsts = [feed.own.first, feed.shop.first];
            if self.disk.is_mirrored() {
                let text = serde_json::to_string(feed).expect("a feed as JSON");
                let read: Feed = serde_json::from_str(&text).expect("a feed from JSON");
                assert_eq!(read, **feed, "a feed is read as it was written");
            }
            let forgot = |first: u64, after: u64, is_empty: bool| first > after + 1 && !is_empty;
            if forgot(feed.own.first, asked.after, feed.own.items.is_empty())
                || forgot(
                    feed.shop.first,
                    asked.shop_after,
                    feed.shop.items.is_empty(),
                )
            {
                self.tally.state("page that begins after forgotten items");
            }
        }
        for (_, about) in pages.iter().flatten().flat_map(|page| &page.items) {
            if let Some((payment, word)) = about {
                self.oracle.told(payment, *word);
            }
        }
        let before = self.cursors();
        self.handle(Event::Fed { asked, answer }, false)?;
        let after = self.cursors();
        let Some(pages) = pages else { return Ok(()) };
        for ((page, before), after) in pages.iter().zip(before).zip(after) {
            self.nothing_is_skipped(page, &before, &after)?;
        }
        Ok(())
    }

    /// How far the two streams were read, by what is on disk.
    pub fn cursors(&self) -> [Cursor; 2] {
        ["hub_cursor_own", "hub_cursor_shop"].map(|key| {
            let kept = self.disk.setting(key);
            let kept = kept.map(|kept| serde_json::from_str(kept).expect("a cursor"));
            kept.unwrap_or_default()
        })
    }

    /// What the two streams of an answer say.
    fn pages(&self, feed: &Feed) -> [Page; 2] {
        let hub = self
            .hub
            .as_ref()
            .map(Rc::clone)
            .expect("a hub that answered");
        let hub = hub.borrow();
        [&feed.own, &feed.shop].map(|page| {
            let items = page.items.iter();
            Page {
                first: page.first,
                items: items
                    .map(|item| (item.seq, hub.about(item).cloned()))
                    .collect(),
            }
        })
    }

    /// Where a cursor moved, everything before it is on disk.
    fn nothing_is_skipped(&mut self, page: &Page, before: &Cursor, after: &Cursor) -> Outcome {
        if after.seq <= before.seq {
            return Ok(());
        }
        let start = before.seq.max(page.first.saturating_sub(1));
        let read = page.items.iter().filter(|(seq, _)| *seq <= after.seq);
        require(
            read.clone().map(|(seq, _)| *seq).eq(start + 1..=after.seq),
            "a cursor skips nothing",
            || format!("{before:?}, then {after:?} by {page:?}"),
        )?;
        for (payment, word) in read.filter_map(|(_, about)| about.as_ref()) {
            self.oracle.acknowledged(payment, *word, &self.disk)?;
        }
        Ok(())
    }
}

/// A part of a stream as it was handed over.
#[derive(Debug)]
struct Page {
    first: u64,
    items: Vec<(u64, Option<About>)>,
}
