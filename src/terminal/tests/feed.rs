//! The hub's feed: what it brings counts once, what was read is on disk with it, and what does not
//! belong together is kept for a person.

use uuid::Uuid;

use super::notified::{body, item, notification};
use super::world::{World, eur, setup};
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::Link;
use crate::domain::payment::Proof;
use crate::domain::sale::SaleState;
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::feed::OtherHistory;
use crate::proto::hub::{Cursor, Feed, FeedRequest, Item, Notification, Page, WAIT_SECS_MAX, What};
use crate::terminal::snapshot::HubReach;
use crate::terminal::{Command, Event, HubProblem, HubSetup, SendError, Setup};

pub(super) type Answer = Result<Box<Feed>, HubProblem>;

/// A till with a hub that has a first sale on its screen.
pub(super) fn joined() -> (World, SaleId) {
    let hub = Some(HubSetup {
        address: "https://hub.example".to_owned(),
    });
    let mut world = World::with_setup(1, Setup { hub, ..setup() });
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    (world, sale)
}

/// Numbers as a stream has them.
fn page(first: u64, items: Vec<impl Into<What>>) -> Page {
    let numbered = (first..).zip(items).map(|(seq, what)| Item {
        seq,
        mark: format!("m{seq}"),
        ..item(what)
    });
    Page {
        items: numbered.collect(),
        more: false,
        first: 0,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "an answer as the till hears it")]
fn brings(own: Page, shop: Page) -> Answer {
    let now = Timestamp::from_millis(1_800_000_000_000);
    Ok(Box::new(Feed {
        now,
        own,
        shop,
        register: None,
    }))
}

/// A feed without news.
pub(super) const NOTHING: Vec<Notification> = Vec::new();

pub(super) fn own(first: u64, items: Vec<impl Into<What>>) -> Answer {
    brings(page(first, items), Page::default())
}

pub(super) fn shop(first: u64, items: Vec<impl Into<What>>) -> Answer {
    brings(Page::default(), page(first, items))
}

pub(super) fn silent() -> Answer {
    let why = SendError::NotSent("no network".to_owned());
    Err(HubProblem::Silent(why))
}

impl World {
    /// The hub answers the question that is open.
    pub(super) fn hub_answers(&mut self, answer: Answer) {
        let asked = self.asked.last().cloned().expect("a question is open");
        self.event(Event::Fed { asked, answer });
        self.deliver();
    }

    fn open_question(&self) -> &FeedRequest {
        self.asked.last().expect("a question")
    }

    pub(super) fn kept(&self) -> Vec<String> {
        let kept = self.disk.journal.iter();
        let kept = kept.filter(|entry| entry.what == "payment_unmatched");
        kept.map(|entry| {
            let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
            detail["why"].as_str().unwrap_or("report").to_owned()
        })
        .collect()
    }

    pub(super) fn paid_item(&self, sale: SaleId) -> Notification {
        let link = self.link_of(sale);
        notification(&link, "4pay", &body(&link, "p1", 100, "charged"))
    }
}

#[test]
fn what_the_feed_brings_is_paid_once_and_read_in_the_same_step() {
    let (mut world, sale) = joined();
    assert_eq!(
        *world.open_question(),
        FeedRequest::new(&Cursor::default(), &Cursor::default(), 0)
    );
    let paid = world.paid_item(sale);
    let asked = world.open_question().clone();
    let answer = own(1, vec![paid.clone(), paid.clone()]);
    let event = Event::Fed { asked, answer };
    let rows = crate::terminal::Rows::default();
    let now = world.now();
    let step = world.terminal.handle(event, rows, now);
    let writes = format!("{:?}", step.writes);
    for part in ["Reported", "hub_cursor_own", r#"\"seq\":2"#] {
        assert!(writes.contains(part), "{part}: {writes}");
    }
    assert!(!writes.contains("hub_cursor_shop"), "{writes}");
    let effects = format!("{:?}", step.effects);
    assert!(
        effects.contains("AskHub(FeedRequest { after: 2, mark: \"m2\""),
        "{effects}"
    );
}

#[test]
fn a_payment_is_confirmed_and_what_comes_again_changes_nothing() {
    let (mut world, sale) = joined();
    let paid = world.paid_item(sale);
    world.hub_answers(own(1, vec![paid.clone()]));
    let view = world.stored_sale(sale);
    assert_eq!(
        (view.state, view.proof),
        (SaleState::Paid, Proof::Confirmed)
    );
    assert_eq!(world.open_question().wait, WAIT_SECS_MAX, "it is kept open");
    assert_eq!(world.open_question().after, 1);
    let facts = world.disk.facts.len();
    let rows = world.disk.payments.len();
    // The hub lost its memory: all of it comes once more.
    world.hub_answers(Err(HubProblem::OtherHistory(OtherHistory {
        own: true,
        shop: false,
    })));
    assert!(world.journal_says("hub_other_history"));
    world.wait_ms(1_001);
    assert_eq!(world.open_question().own(), Cursor::default());
    world.hub_answers(own(1, vec![paid.clone(), paid]));
    assert_eq!(
        (world.disk.facts.len(), world.disk.payments.len()),
        (facts, rows)
    );
    assert_eq!(world.kept(), [""; 0]);
    world.restart();
    assert_eq!(
        world.open_question().own(),
        Cursor {
            seq: 2,
            mark: "m2".to_owned()
        }
    );
}

#[test]
fn a_gap_is_never_skipped_and_nothing_of_such_an_answer_is_taken() {
    let (mut world, sale) = joined();
    let paid = world.paid_item(sale);
    let gaps = [
        own(2, vec![paid.clone()]),
        brings(Page::default(), page(3, vec![paid.clone()])),
        brings(page(1, vec![paid.clone()]), page(2, vec![paid.clone()])),
    ];
    for gap in gaps {
        world.hub_answers(gap);
        assert_eq!(world.stored_sale(sale).state, SaleState::Awaiting);
        assert!(
            world
                .disk
                .settings
                .keys()
                .all(|key| !key.starts_with("hub_cursor"))
        );
        world.wait_ms(60_001);
        assert_eq!(world.open_question().own(), Cursor::default());
    }
    let said = world
        .disk
        .journal
        .iter()
        .filter(|entry| entry.what == "hub_problem");
    assert_eq!(said.count(), 1, "once, not with each try");
    world.hub_answers(own(1, vec![paid]));
    assert_eq!(world.stored_sale(sale).state, SaleState::Paid);
}

#[test]
fn an_answer_to_another_question_is_not_taken() {
    let (mut world, sale) = joined();
    let paid = world.paid_item(sale);
    let first = world.open_question().clone();
    world.hub_answers(own(1, vec![world.paid_item(sale)]));
    let questions = world.asked.len();
    let events = [own(1, vec![paid]), silent()];
    for answer in events {
        let asked = first.clone();
        world.event(Event::Fed { asked, answer });
    }
    assert_eq!(world.asked.len(), questions, "one question at a time");
    assert_eq!(world.open_question().after, 1);
}

/// What does not belong together, and why.
fn strangers(link: &Link, good: &Notification) -> Vec<(&'static str, Notification)> {
    let other = |change: &dyn Fn(&mut Notification)| {
        let mut item = good.clone();
        change(&mut item);
        item
    };
    let named =
        body(link, "p1", 100, "charged").replace(&link.remote.as_ref().unwrap().id, "another");
    vec![
        (
            "no_link",
            other(&|item| item.link = Some(LinkId(Uuid::from_u128(5)))),
        ),
        (
            "wrong_token",
            other(&|item| item.token = Some("a".repeat(64).parse().unwrap())),
        ),
        ("wrong_token", other(&|item| item.token = None)),
        (
            "another_kind",
            other(&|item| item.kind = "devdraft".to_owned()),
        ),
        ("another_kind", other(&|item| item.kind = "9pay".to_owned())),
        ("unreadable", other(&|item| item.body = b"{".to_vec())),
        ("unreadable", other(&|item| item.body = vec![0xff, 0])),
        (
            "another_link",
            other(&|item| item.body = named.clone().into_bytes()),
        ),
        ("unproven", other(&|item| item.verdict = Verdict::Stale)),
        (
            "unproven",
            other(&|item| {
                item.verdict = Verdict::Forged;
                item.body = body(link, "p2", 100, "charged").into_bytes();
            }),
        ),
        // On the account's own address anybody could have posted it.
        (
            "unproven",
            other(&|item| (item.link, item.token) = (None, None)),
        ),
        (
            "no_link",
            other(&|item| {
                (item.link, item.token) = (None, None);
                item.body = named.clone().into_bytes();
            }),
        ),
    ]
}

#[test]
fn what_belongs_to_no_link_here_is_kept_and_read_past() {
    let (mut world, sale) = joined();
    let good = world.paid_item(sale);
    let strangers = strangers(&world.link_of(sale), &good);
    for (number, (why, item)) in (1..).zip(strangers) {
        world.hub_answers(own(number, vec![item]));
        assert_eq!(
            world.kept().last().map(String::as_str),
            Some(why),
            "{number}"
        );
        assert_eq!(world.kept().len(), usize::try_from(number).unwrap());
        assert_eq!(world.open_question().after, number);
        let view = world.stored_sale(sale);
        assert_eq!(
            (view.state, view.proof),
            (SaleState::Awaiting, Proof::Open),
            "{why}"
        );
    }
    let bytes = world
        .disk
        .journal
        .iter()
        .find(|entry| entry.detail.contains("body_base64"));
    assert!(bytes.is_some(), "kept whole, byte for byte");
    // None of it stands in the way of what is right.
    world.hub_answers(own(13, vec![good]));
    assert_eq!(world.stored_sale(sale).state, SaleState::Paid);
}

#[test]
fn what_is_kept_is_kept_once_in_whatever_step_it_comes_again() {
    let (mut world, sale) = joined();
    let unknown = |number| Notification {
        link: Some(LinkId(Uuid::from_u128(number))),
        ..world.paid_item(sale)
    };
    let (first, second) = (unknown(5), unknown(6));
    world.hub_answers(own(1, vec![first.clone()]));
    world.hub_answers(own(2, vec![first, second.clone(), second]));
    assert_eq!(world.kept(), ["no_link", "no_link"]);
    assert_eq!(world.open_question().after, 4);
}

#[test]
fn on_the_accounts_own_address_a_signature_is_what_counts() {
    let (mut world, sale) = joined();
    let signed = Notification {
        link: None,
        token: None,
        verdict: Verdict::Signed,
        ..world.paid_item(sale)
    };
    world.hub_answers(own(1, vec![signed]));
    let view = world.stored_sale(sale);
    assert_eq!(
        (view.state, view.proof),
        (SaleState::Paid, Proof::Confirmed)
    );
}

#[test]
fn a_stickers_payment_is_for_a_person_and_kept_once() {
    let (mut world, _) = joined();
    let sticker = world
        .links()
        .find(|link| link.product.is_some())
        .cloned()
        .unwrap();
    let paid = notification(&sticker, "4pay", &body(&sticker, "p9", 100, "charged"));
    world.hub_answers(brings(
        Page::default(),
        page(1, vec![paid.clone(), paid.clone()]),
    ));
    world.hub_answers(Err(HubProblem::OtherHistory(OtherHistory {
        own: true,
        shop: true,
    })));
    world.wait_ms(2_001);
    world.hub_answers(brings(Page::default(), page(1, vec![paid])));
    let [row] = &world.disk.payments[..] else {
        panic!("{:?}", world.disk.payments);
    };
    assert_eq!((row.sale, row.report.amount), (None, eur(100)));
    assert_eq!(world.kept(), ["report"]);
    let cursor = &world.disk.settings["hub_cursor_shop"];
    assert!(cursor.contains("\"seq\":1"), "{cursor}");
}

#[test]
fn two_links_with_one_payment_are_nobodys_to_decide_even_on_one_page() {
    let (mut world, first) = joined();
    world.command(Command::Go {
        screen: crate::terminal::Screen::Sell,
    });
    world.tap(0);
    let second = world.pay().sale.id;
    let items = vec![world.paid_item(first), world.paid_item(second)];
    world.hub_answers(own(1, items));
    let states = [first, second].map(|sale| world.stored_sale(sale).state);
    assert_eq!(states, [SaleState::Paid, SaleState::Awaiting]);
    assert_eq!(world.kept(), ["another_link"]);
}

#[test]
fn a_hub_that_is_silent_is_asked_ever_more_rarely_and_at_once_when_somebody_wants_to_know() {
    let (mut world, _) = joined();
    let hub = |world: &World| world.snapshot().status.hub.unwrap();
    assert_eq!(hub(&world).reach, HubReach::Unknown);
    world.hub_answers(own(1, NOTHING));
    assert_eq!(hub(&world).reach, HubReach::Heard);
    assert!(hub(&world).heard_at.is_some());
    for longest in [
        1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ] {
        let questions = world.asked.len();
        world.hub_answers(silent());
        assert!(matches!(hub(&world).reach, HubReach::Unreachable { .. }));
        assert_eq!(world.asked.len(), questions, "not at once");
        world.wait_ms(longest);
        assert_eq!(world.asked.len(), questions + 1, "within {longest} ms");
        assert_eq!(
            world.open_question().wait,
            0,
            "a quick one, to see whether it is there"
        );
    }
    world.hub_answers(silent());
    let questions = world.asked.len();
    world.command(Command::SendNow);
    assert_eq!(world.asked.len(), questions + 1);
    world.online = false;
    world.wait_ms(60_000);
    world.hub_answers(silent());
    assert!(matches!(hub(&world).reach, HubReach::NoNetwork { .. }));
}

#[test]
fn a_question_that_is_not_kept_open_is_not_asked_without_end() {
    let (mut world, sale) = joined();
    world.hub_answers(own(1, NOTHING));
    assert_eq!((world.asked.len(), world.open_question().wait), (2, 55));
    world.hub_answers(own(1, NOTHING));
    world.wait_ms(999);
    assert_eq!(
        world.asked.len(),
        2,
        "it was answered at once, with nothing"
    );
    world.wait_ms(1);
    assert_eq!(world.asked.len(), 3);
    world.hub_answers(own(1, vec![world.paid_item(sale)]));
    assert_eq!(world.asked.len(), 4, "with something");
    world.wait_ms(1_000);
    world.hub_answers(own(2, NOTHING));
    assert_eq!(world.asked.len(), 5, "in its time");
}

#[test]
fn a_hub_that_wants_a_pause_gets_it_and_one_that_refuses_is_said_once() {
    let (mut world, _) = joined();
    let busy = |secs| {
        Err(HubProblem::Busy {
            status: 429,
            retry_after_secs: Some(secs),
        })
    };
    for (asks, pause) in [(30, 30_000), (u32::MAX, 600_000)] {
        let questions = world.asked.len();
        world.hub_answers(busy(asks));
        world.wait_ms(pause);
        assert_eq!(world.asked.len(), questions, "{asks}");
        world.wait_ms(2_000);
        assert_eq!(world.asked.len(), questions + 1, "{asks}");
    }
    for _ in 0..3 {
        world.hub_answers(Err(HubProblem::Refused));
        let reach = world.snapshot().status.hub.unwrap().reach;
        assert!(matches!(reach, HubReach::Refusing { .. }), "{reach:?}");
        world.wait_ms(60_000);
    }
    let said = world
        .disk
        .journal
        .iter()
        .filter(|entry| entry.what == "hub_problem");
    assert_eq!(said.count(), 1);
}

#[test]
fn a_till_begins_where_the_hubs_memory_does_and_says_so() {
    let (mut world, sale) = joined();
    let mut later = page(41, vec![world.paid_item(sale)]);
    world.hub_answers(brings(later.clone(), Page::default()));
    assert_eq!(world.stored_sale(sale).state, SaleState::Awaiting, "a gap");
    later.first = 41;
    world.wait_ms(1_001);
    world.hub_answers(brings(later, Page::default()));
    assert_eq!(world.stored_sale(sale).state, SaleState::Paid);
    assert_eq!(world.open_question().after, 41);
    assert!(world.journal_says("hub_forgot"));
}
