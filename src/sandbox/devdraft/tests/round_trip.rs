//! The codec and the sandbox together, as a till uses them.

use super::*;
use crate::domain::id::LinkId;
use crate::domain::link::{Asking, Link, Purpose};
use crate::domain::options::Options;
use crate::domain::payment::PaymentStatus;
use crate::proto::backend::devdraft::Devdraft;
use crate::proto::backend::{
    self, AccountView, Action, LinkJob, Next, Outcome, PaymentBackend as _, RemoteStanding,
    RemoteState, sample,
};
use crate::sandbox::Account;

const HOUR_MS: i64 = 3_600_000;

fn account() -> Account {
    Account {
        keys: ["client_key", "client_secret"]
            .map(|name| (name.to_owned(), name.to_owned()))
            .into(),
        token: None,
    }
}

/// A link of its own id, as a till would want it.
fn link(number: u128, minor: i64, purpose: Purpose) -> Box<Link> {
    let mut link = sample::link(minor, "EUR");
    link.id = LinkId(uuid::Uuid::from_u128(
        0x0195_5a3c_1234_7abc_8000_0000_0000_0000 | (number * 0x1_0001_0001),
    ));
    link.purpose = purpose;
    link.expires_at = None;
    link
}

fn create(link: Box<Link>) -> Action {
    Action::Create {
        link,
        notify_url: None,
    }
}

/// Does a job from the first request to its end, with the answers before it.
fn finish(
    sandbox: &mut Sandbox,
    action: &Action,
    first_sent: Option<Timestamp>,
    now: Timestamp,
) -> Outcome {
    let options = Options::default();
    let mut answers = Vec::new();
    for _step in 0..40 {
        let next = Devdraft.next(LinkJob {
            action,
            answers: &answers,
            account: AccountView {
                shop: "Café Ärger",
                options: &options,
            },
            first_sent,
            now,
        });
        let request = match next {
            Next::Send(request) => Request::of(&request, &account()),
            Next::Done(outcome) => return outcome,
            other @ (Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
        };
        answers.push(sandbox.handle(&request, now).response);
    }
    panic!("a job without end")
}

fn link_of(outcome: Outcome) -> RemoteState {
    match outcome {
        Outcome::Link(state) => state,
        other @ (Outcome::Links { .. } | Outcome::Withdrawn | Outcome::Payments(_)) => {
            panic!("{other:?}")
        }
    }
}

fn mint(sandbox: &mut Sandbox, action: &Action, now: Timestamp) -> RemoteState {
    link_of(finish(sandbox, action, None, now))
}

#[test]
fn single_permanent_and_open_links_live_are_changed_and_paid() {
    let mut sandbox = sandbox();
    let hook =
        r#"{"name":"till","url":"https://hub.example/hooks","isActive":true,"encrypted":false}"#;
    let mut register = request("POST", "/api/v0/webhooks", hook);
    register.headers[0].1 = "client_key".to_owned();
    assert_eq!(sandbox.handle(&register, NOW).response.status, 201);
    let single = mint(&mut sandbox, &create(link(1, 350, Purpose::Single)), NOW);
    assert_eq!((single.minor, &single.warning), (Some(3_500_000), &None));
    assert_eq!(single.standing, RemoteStanding::Active);
    let sticker = create(link(2, 350, Purpose::Permanent));
    let sticker = mint(&mut sandbox, &sticker, NOW);
    assert_eq!(
        sticker.link.url,
        "http://127.0.0.1:1234/checkout/cafe-arger/tea"
    );
    let mut donation = link(3, 0, Purpose::Single);
    donation.asking = Asking::Open;
    let donation = mint(&mut sandbox, &create(donation), NOW);
    assert_eq!((donation.minor, &donation.warning), (None, &None));
    let update = Action::Update {
        remote_id: sticker.link.id.clone(),
        link: link(2, 400, Purpose::Permanent),
    };
    let changed = mint(&mut sandbox, &update, NOW);
    assert_eq!(changed.minor, Some(4_000_000));
    assert_eq!(changed.link, sticker.link);
    let told = sandbox.pay(&sticker.link.id, Pay::Once, NOW).unwrap();
    let reported = Devdraft.read_notification(&told[0].body).unwrap();
    assert_eq!(
        (reported.status, reported.minor, reported.remote_link),
        (PaymentStatus::Charged, 4_000_000, Some(sticker.link.id))
    );
    let typed = Pay::Typed { minor: 1_230_000 };
    let told = sandbox.pay(&donation.link.id, typed, NOW).unwrap();
    let reported = Devdraft.read_notification(&told[0].body).unwrap();
    let euro = crate::domain::money::Currency::from_code("EUR").unwrap();
    assert_eq!(Devdraft.minor_units(reported.minor, euro), Some(123));
    let fetch = Action::Fetch {
        remote_id: single.link.id.clone(),
    };
    assert_eq!(mint(&mut sandbox, &fetch, NOW), single);
    sandbox.pay(&single.link.id, Pay::Once, NOW).unwrap();
    let used = mint(&mut sandbox, &fetch, NOW);
    assert_eq!(used.standing, RemoteStanding::Inactive);
}

#[test]
fn two_hundred_and_fifty_links_are_listed_to_the_end() {
    let mut sandbox = sandbox();
    let mut ids = Vec::new();
    for number in 0..250_u32 {
        // Fifty in each minute: the others are for whoever shares the key.
        let now = NOW.plus_millis(i64::from(number / 50) * 60_000);
        let action = create(link(u128::from(number), 350, Purpose::Single));
        ids.push(mint(&mut sandbox, &action, now).link.id);
    }
    let later = NOW.plus_millis(HOUR_MS);
    let (mut found, mut pages, mut from) = (Vec::new(), 0, Some(0));
    while let Some(start) = from {
        let listed = finish(&mut sandbox, &Action::List { from: start }, None, later);
        let Outcome::Links { links, next } = listed else {
            panic!("no list")
        };
        found.extend(links.into_iter().map(|state| state.link.id));
        pages += 1;
        from = next;
    }
    assert_eq!((pages, found.len()), (3, 250));
    ids.sort();
    found.sort();
    assert_eq!(ids, found);
}

#[test]
fn a_lost_answer_makes_no_second_link() {
    for purpose in [Purpose::Single, Purpose::Permanent] {
        let mut sandbox = sandbox();
        let action = create(link(1, 350, purpose));
        let first = mint(&mut sandbox, &action, NOW);
        for age_ms in [
            1_000,
            23 * HOUR_MS - 1,
            23 * HOUR_MS,
            25 * HOUR_MS,
            400 * HOUR_MS,
        ] {
            let now = NOW.plus_millis(age_ms);
            let again = link_of(finish(&mut sandbox, &action, Some(NOW), now));
            assert_eq!(again, first, "{age_ms} {purpose:?}");
        }
        // Even where nobody remembers when it began.
        let now = NOW.plus_millis(100 * HOUR_MS);
        assert_eq!(mint(&mut sandbox, &action, now), first);
        let held: Value = serde_json::to_value(sandbox.state.devdraft.inspect("", NOW)).unwrap();
        assert_eq!(held.as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_create_that_never_arrived_is_made_after_the_search() {
    let mut sandbox = sandbox();
    let action = create(link(1, 350, Purpose::Single));
    let now = NOW.plus_millis(30 * HOUR_MS);
    let state = link_of(finish(&mut sandbox, &action, Some(NOW), now));
    assert_eq!(state.standing, RemoteStanding::Active);
}

#[test]
fn two_tills_have_stickers_for_the_same_product() {
    let mut sandbox = sandbox();
    let mut urls = Vec::new();
    for number in 1..=3 {
        let action = create(link(number, 350, Purpose::Permanent));
        let state = mint(&mut sandbox, &action, NOW);
        assert_eq!(mint(&mut sandbox, &action, NOW), state, "made again");
        urls.push(state.link.url);
    }
    let base = "http://127.0.0.1:1234/checkout/cafe-arger/tea";
    assert_eq!(urls[0], base);
    assert_eq!(urls[1], format!("{base}-tulip"));
    assert!(urls[2].starts_with(base) && urls[2].len() == base.len() + 13);
}

#[test]
fn the_quota_is_waited_for() {
    let mut sandbox = sandbox();
    let options = Options::default();
    let action = Action::List { from: 0 };
    let job = |answers| LinkJob {
        action: &action,
        answers,
        account: AccountView {
            shop: "Kiosk",
            options: &options,
        },
        first_sent: Some(NOW),
        now: NOW,
    };
    let Next::Send(list) = Devdraft.next(job(&[])) else {
        panic!()
    };
    let list = Request::of(&list, &account());
    for _request in 0..quota::LIMIT {
        sandbox.handle(&list, NOW);
    }
    let answers = [sandbox.handle(&list, NOW).response];
    let Next::Later(refusal) = Devdraft.next(job(&answers)) else {
        panic!()
    };
    let wait = backend::account::pause_secs(&answers[0], NOW).unwrap();
    assert_eq!(refusal.retry_after_secs, Some(wait));
}
