//! How often a provider is asked what was paid: about the code on the screen every few seconds, about
//! one that waits ever more rarely, about one whose sale was closed for three days more.

use uuid::Uuid;

use super::asking::{NOTHING, answer, asks_about, link, now, sale, sent, till, wakes};
use super::world::{eur, setup};
use crate::domain::id::{Entropy, SaleId};
use crate::domain::link::{Link, LinkState, Purpose};
use crate::terminal::snapshot::Reach;
use crate::terminal::{Actor, Command, Event, Recovered, Rows, SendError, Step, Terminal, Why};

const DAY_MS: u64 = 24 * 3_600_000;
/// A little more than three days.
const LONG_MS: u64 = 3 * DAY_MS + 3_600_000;

/// A code of the sale that [`sale`] makes; it never ends.
fn shown(number: u128) -> Link {
    Link {
        expires_at: None,
        ..link(number, Some(SaleId(Uuid::from_u128(9))))
    }
}

/// A till that waits for the payment of one code.
fn waiting() -> (Terminal, Link) {
    let shown = shown(1);
    let (till, _) = till(vec![shown.clone()], vec![sale(&[&shown])], Vec::new());
    (till, shown)
}

fn obeys(till: &mut Terminal, command: Command, at: u64) -> Step {
    let event = Event::Command {
        command,
        actor: Actor::Cashier,
        seen: None,
        reply_to: None,
    };
    till.handle(event, Rows::default(), now(at))
}

/// Wakes the till whenever it wants to until then, says that nothing was paid, and notes when it asked.
fn questions(till: &mut Terminal, about: &Link, until: u64) -> Vec<u64> {
    let mut times = Vec::new();
    for _ in 0..60_000 {
        let due = till.poll_timeout().map(|(at, _)| at);
        let Some(at) = due.filter(|at| *at <= until) else {
            return times;
        };
        let step = wakes(till, at);
        if asks_about(&step, about) {
            times.push(at);
        }
        for (question, _) in sent(&step) {
            answer(till, question, at, 200, &[], NOTHING);
        }
    }
    panic!("the till never rests");
}

fn unreachable(till: &mut Terminal, step: &Step, at: u64) {
    for (question, _) in sent(step) {
        let event = Event::Answered {
            question,
            backend: "main".to_owned(),
            result: Err(SendError::NotSent("no network".to_owned())),
        };
        till.handle(event, Rows::default(), now(at));
    }
}

fn asking(till: &Terminal, at: u64) -> usize {
    till.sync_report(now(at)).asking
}

#[test]
fn a_code_that_waits_is_asked_about_ever_more_rarely_and_as_long_as_it_waits() {
    let (mut till, shown) = waiting();
    let times = questions(&mut till, &shown, LONG_MS);
    let pauses: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(times[0], 10_001);
    assert_eq!(
        pauses[..7],
        [20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]
    );
    assert!(pauses[7..].iter().all(|pause| *pause == 600_000));
    assert!(times.last().is_some_and(|last| *last > LONG_MS - 600_000));
}

#[test]
fn the_code_on_the_screen_is_asked_about_every_three_seconds() {
    let (mut till, shown) = waiting();
    let times = questions(&mut till, &shown, 10_001);
    assert_eq!(times, [10_001]);
    let sale = SaleId(Uuid::from_u128(9));
    obeys(&mut till, Command::OpenSale { sale }, 20_000);
    let times = questions(&mut till, &shown, 40_000);
    assert_eq!(times.last().map(|last| 40_000 - last < 3_000), Some(true));
    let pauses = times.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(pauses.into_iter().all(|pause| pause == 3_000), "{times:?}");
}

#[test]
fn a_code_is_asked_about_for_three_days_after_its_sale_was_closed_and_no_longer() {
    let (mut till, shown) = waiting();
    let pays = Command::PayInCash {
        sale: SaleId(Uuid::from_u128(9)),
        given: eur(350),
    };
    obeys(&mut till, pays, 2);
    let times = questions(&mut till, &shown, LONG_MS);
    let last = times.last().copied().expect("it is asked about");
    let end = 10_001 + 3 * DAY_MS;
    assert!((end - 600_000..end).contains(&last), "{last}");
    assert_eq!(asking(&till, 6 * DAY_MS), 0);
}

#[test]
fn a_question_that_is_not_answered_is_not_asked_twice() {
    let (mut till, shown) = waiting();
    let asked = sent(&wakes(&mut till, 10_001));
    let [(question, _)] = asked[..] else {
        panic!("{asked:?}")
    };
    for at in [40_000, 120_000, 300_000] {
        assert!(!asks_about(&wakes(&mut till, at), &shown));
        assert_eq!(asking(&till, at), 1);
    }
    let answered = answer(&mut till, question, 300_001, 200, &[], NOTHING);
    assert_eq!(sent(&answered), []);
    assert_eq!(asking(&till, 300_001), 0);
}

#[test]
fn without_a_network_a_question_waits_and_is_asked_at_once_when_it_is_back() {
    let (mut till, shown) = waiting();
    let step = wakes(&mut till, 10_001);
    unreachable(&mut till, &step, 10_002);
    while let Some((due, _)) = till.poll_timeout().filter(|(due, _)| *due <= 300_000) {
        let is_online = till.snapshot().status.reach == Reach::Online;
        let step = wakes(&mut till, due);
        assert!(is_online || !asks_about(&step, &shown), "{due}");
        unreachable(&mut till, &step, due);
    }
    assert!(
        asking(&till, 300_000) <= 1,
        "one question, however long it waits"
    );
    // Once might be chance; the second answer says that the network is back.
    let once = answer(&mut till, None, 300_001, 200, &[], "{}");
    assert!(!asks_about(&once, &shown));
    let back = answer(&mut till, None, 300_002, 200, &[], "{}");
    assert!(asks_about(&back, &shown));
}

#[test]
fn send_now_asks_about_every_code_at_once() {
    let codes = [shown(1), shown(2)];
    let record = sale(&[&codes[0], &codes[1]]);
    let (mut till, _) = till(codes.to_vec(), vec![record], Vec::new());
    let step = obeys(&mut till, Command::SendNow, 100);
    for code in &codes {
        assert!(asks_about(&step, code), "{step:?}");
    }
}

/// A till that has just begun, with these codes on disk; nothing answered yet.
fn begun(kind: &str, links: Vec<Link>) -> Terminal {
    let mut setup = setup();
    kind.clone_into(&mut setup.backends[0].kind);
    let rows = Recovered {
        links,
        ..Recovered::default()
    };
    Terminal::recover(setup, rows, Entropy::new([1; 32]), now(0)).0
}

#[test]
fn only_a_sales_own_code_is_asked_about_and_only_where_the_provider_wants_to_be_asked() {
    let sticker = Link {
        purpose: Purpose::Permanent,
        state: LinkState::Live,
        ..shown(1)
    };
    let nowhere = Link {
        remote: None,
        ..shown(1)
    };
    for (kind, link, count) in [
        ("altapay", shown(1), 1),
        ("4pay", shown(1), 0),
        ("altapay", sticker, 0),
        ("altapay", nowhere, 0),
    ] {
        let till = begun(kind, vec![link.clone()]);
        assert_eq!(asking(&till, 3_000), count, "{kind} {link:?}");
    }
}

#[test]
fn questions_are_due_three_seconds_after_a_start_and_counted() {
    let till = begun("altapay", vec![shown(1), shown(2)]);
    assert_eq!((asking(&till, 2_999), asking(&till, 3_000)), (0, 2));
    let mut till = till;
    wakes(&mut till, 0);
    let due = till.poll_timeout();
    assert!(due.is_some_and(|(at, _)| at <= 3_000), "{due:?}");
    let mut reasons = Vec::new();
    while let Some((at, why)) = till.poll_timeout().filter(|(at, _)| *at <= 3_000) {
        reasons.push(why);
        wakes(&mut till, at);
    }
    assert!(reasons.contains(&Why::LookUp), "{reasons:?}");
}

#[test]
fn five_thousand_codes_are_asked_about_and_not_more() {
    for (codes, count) in [(5_000, 5_000), (5_001, 5_000)] {
        let till = begun("altapay", (1..=codes).map(shown).collect());
        assert_eq!(asking(&till, 3_000), count);
    }
}
