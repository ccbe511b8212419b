//! What waits, sticker codes and the day: lists that are read from the till.

use egui_kittest::kittest::Queryable as _;
use tillcode::domain::link::{Asking, LinkState, Purpose};
use tillcode::proto::backend::Learns;
use tillcode::terminal::query::{DayTotal, SyncReport};
use tillcode::terminal::snapshot::Reach;
use tillcode::terminal::{Command, Query, Screen as Which, Snapshot};

use crate::support::fake_till::{
    FakeTill, account, euro, morning, sale, snapshot, sticker, sync, waits,
};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;

fn on(which: Which) -> Snapshot {
    let mut start = snapshot();
    start.screen = which;
    start.screen_seq = 3;
    start
}

fn till(report: SyncReport) -> FakeTill {
    let till = FakeTill::new(on(Which::Sync));
    *till.sync.lock().unwrap() = Some(report);
    till
}

fn some_rows() -> SyncReport {
    sync(vec![
        waits(1, "create", None),
        waits(2, "update", Some("the amount is above the limit")),
    ])
}

#[test]
fn three_states_of_an_account_are_told_apart() {
    let since = morning();
    for (reach, words) in [
        (Reach::Online, "main: online"),
        (
            Reach::Offline { since },
            "main: no network, or no answer, since 10:32",
        ),
        (
            Reach::Refusing { since },
            "main: refuses our key since 10:32: check the key",
        ),
        (Reach::Unknown, "main: checking the network"),
    ] {
        for panel in PANELS {
            let mut start = on(Which::Sync);
            let mut main = account("main", Learns::Notified);
            main.reach = reach;
            start.accounts = [main, account("second", Learns::Never)].into();
            let screen = Screen::on(panel, start);
            assert!(screen.shows(words), "{}: {words}", panel.name);
            assert!(screen.shows("second: online"), "{}", panel.name);
        }
    }
}

#[test]
fn a_wrong_clock_is_said_with_its_remedy() {
    for (off, words) in [
        (400, "The clock of this till is 6 min fast: set it right"),
        (-121, "The clock of this till is 2 min slow: set it right"),
        (
            -200_000,
            "The clock of this till is 2 days slow: set it right",
        ),
        (8_000, "The clock of this till is 2 h fast: set it right"),
    ] {
        let report = SyncReport {
            clock_off_secs: Some(off),
            ..some_rows()
        };
        assert!(Screen::of(PANELS[2], till(report)).shows(words), "{words}");
    }
    let screen = Screen::of(PANELS[2], till(some_rows()));
    assert!(!screen.shows_part("clock"));
}

#[test]
fn what_was_refused_stands_first_and_is_tried_again_or_given_up() {
    let job = waits(2, "update", None).job;
    for panel in PANELS {
        let mut screen = Screen::of(panel, till(some_rows()));
        let place = |screen: &Screen, words: &str| screen.harness.get_by_label(words).rect().min.y;
        let refused = place(&screen, "Change a price · Thing 2 · 2.50 €");
        assert!(screen.shows_part("refused: the amount is above the limit"));
        let waiting = "Get a code · Thing 1 · 2.50 €";
        let scrolled = !screen.shows(waiting);
        if scrolled {
            screen.press("Scroll down");
            screen.harness.run_steps(20);
        }
        assert!(scrolled || refused < place(&screen, waiting));
        assert!(screen.shows_part("since 2026-03-02 10:32 · tried 3 × · next try in 12 s"));
        assert!(screen.shows_part("did not answer in time"));
        if scrolled {
            screen.press("Scroll up");
            screen.harness.run_steps(20);
        }
        screen.press("Try again: Change a price · Thing 2 · 2.50 €");
        assert_eq!(screen.till.taken(), [Command::RetryJob { job }]);
        screen.press("Give up: Change a price · Thing 2 · 2.50 €");
        screen.press("Keep it");
        assert!(screen.till.taken().is_empty(), "it asks first");
        screen.press("Give up: Change a price · Thing 2 · 2.50 €");
        screen.press("Not needed any more");
        let reason = "Not needed any more".to_owned();
        assert_eq!(screen.till.taken(), [Command::GiveUpJob { job, reason }]);
        assert!(screen.shows("Send now"), "{}", panel.name);
    }
}

#[test]
fn send_now_is_one_press_on_every_panel() {
    for panel in PANELS {
        let mut screen = Screen::of(panel, till(sync(Vec::new())));
        assert!(screen.shows("Nothing waits to be sent"), "{}", panel.name);
        screen.press("Send now");
        assert_eq!(screen.till.taken(), [Command::SendNow], "{}", panel.name);
    }
}

#[test]
fn spare_codes_are_counted() {
    for count in [0, 3, 40] {
        let mut start = on(Which::Sync);
        start.status.spare_codes = count;
        start.status.spare_codes_wanted = count;
        let words = format!("Spare codes: {count} left");
        assert!(Screen::new(start).shows(&words));
    }
}

#[test]
fn few_spare_codes_are_a_share_of_what_there_should_be() {
    for (count, wanted, words) in [
        (20, 40, "Spare codes: 20 left"),
        (19, 40, "Few spare codes: 19 left of 40"),
        (1, 2, "Spare codes: 1 left"),
        (0, 0, "Spare codes: 0 left"),
    ] {
        let mut start = on(Which::Sync);
        start.status.spare_codes = count;
        start.status.spare_codes_wanted = wanted;
        assert!(Screen::new(start).shows(words), "{words}");
    }
}

#[test]
fn of_a_thousand_rows_only_what_is_seen_is_drawn() {
    let rows = (0..1_000).map(|_| waits(1, "create", None)).collect();
    let screen = Screen::of(PANELS[2], till(sync(rows)));
    let drawn = screen
        .harness
        .query_all_by_label("Get a code · Thing 1 · 2.50 €")
        .count();
    assert!((2..30).contains(&drawn), "{drawn}");
}

#[test]
fn the_list_is_read_again_every_two_seconds_and_not_more() {
    let mut screen = Screen::of(PANELS[2], till(some_rows()));
    let asked = |screen: &Screen| {
        let asked = screen.till.asked.lock().unwrap();
        asked.iter().filter(|query| **query == Query::Sync).count()
    };
    // A frame takes a twentieth of a second here.
    let before = asked(&screen);
    screen.harness.run_steps(150);
    let polls = asked(&screen) - before;
    assert!((2..=5).contains(&polls), "{polls}");
    screen.change(|snapshot| snapshot.screen = Which::Sell);
    let before = asked(&screen);
    screen.harness.run_steps(150);
    assert_eq!(asked(&screen), before, "only while it is looked at");
}

fn stickers() -> FakeTill {
    let till = FakeTill::new(on(Which::Stickers));
    let mut open = sticker(5, "Tip", 0, LinkState::Live);
    open.asking = Asking::Open;
    let mut single = sticker(9, "For one sale", 100, LinkState::Shown);
    single.purpose = Purpose::Single;
    *till.links.lock().unwrap() = vec![
        sticker(1, "Espresso", 240, LinkState::Retired),
        sticker(2, "Espresso", 250, LinkState::Live),
        sticker(3, "Apple", 120, LinkState::Wanted),
        sticker(4, "Cake", 320, LinkState::Refused),
        open,
        single,
    ];
    till
}

#[test]
fn stickers_are_listed_with_their_state_in_words() {
    for panel in PANELS {
        let mut screen = Screen::of(panel, stickers());
        let mut before = None;
        for words in [
            "Espresso, 2.50 €, In use",
            "Tip, Payer types the sum, In use",
            "Cake, 3.20 €, Refused by the account",
            "Apple, 1.20 €, Being made",
            "Espresso, 2.40 €, Retired: still listened to",
        ] {
            if !screen.shows(words) {
                screen.press("Scroll down");
                screen.harness.run_steps(20);
                before = None;
            }
            let place = screen.harness.get_by_label(words).rect().min.y;
            assert!(before.is_none_or(|before| place > before), "{words}");
            before = Some(place);
        }
        assert!(!screen.shows_part("For one sale"));
        let asked = screen.till.asked.lock().unwrap().clone();
        let all_are_for_stickers = asked.iter().all(|query| match query {
            Query::Links { purpose, .. } => *purpose == Some(Purpose::Permanent),
            _ => true,
        });
        assert!(
            all_are_for_stickers,
            "the rest may be a hundred times as much"
        );
        assert!(screen.shows("4 of 4 products have a code"));
        screen.press("Get codes");
        assert_eq!(screen.till.taken(), [Command::MintLinks], "{}", panel.name);
    }
}

#[test]
fn a_stickers_code_is_shown_and_switched_off_after_one_question() {
    let live = sticker(2, "Espresso", 250, LinkState::Live);
    for panel in PANELS {
        let mut screen = Screen::of(panel, stickers());
        screen.press("Espresso, 2.50 €, In use");
        assert!(
            screen.shows("Sticker code Espresso, 2.50 €"),
            "{}",
            panel.name
        );
        assert!(screen.shows(live.url().unwrap()), "{}", panel.name);
        let picture = format!("tillcode link show {} --qr FILE", live.id);
        assert!(screen.shows_part(&picture), "{}", panel.name);
        screen.press("Switch off");
        screen.press("Keep it");
        assert!(screen.till.taken().is_empty());
        screen.press("Espresso, 2.50 €, In use");
        screen.press("Switch off");
        assert!(screen.shows("Stickers with it take no more money. Take them down."));
        screen.press("Yes, switch it off");
        let command = Command::WithdrawLink { link: live.id };
        assert_eq!(screen.till.taken(), [command], "{}", panel.name);
    }
}

#[test]
fn a_code_that_cannot_be_switched_off_is_said_to_take_money_still() {
    let till = stickers();
    till.change(|snapshot| snapshot.accounts = [account("main", Learns::Never)].into());
    let mut screen = Screen::of(PANELS[0], till);
    screen.press("Espresso, 2.50 €, In use");
    screen.press("Switch off");
    assert!(screen.shows_part("stickers with it still take money"));
}

#[test]
fn a_retired_code_is_only_looked_at() {
    let mut screen = Screen::of(PANELS[4], stickers());
    screen.press("Espresso, 2.40 €, Retired: still listened to");
    screen.press("Switch off");
    assert!(screen.shows("Retired: still listened to"));
    screen.press("Back");
    assert!(screen.till.taken().is_empty());
}

#[test]
fn one_walks_from_codes_to_stickers_and_back() {
    let go = |screen| Command::Go { screen };
    for panel in PANELS {
        let mut screen = Screen::of(panel, till(some_rows()));
        screen.press("Sticker codes");
        assert_eq!(screen.till.taken(), [go(Which::Stickers)], "{}", panel.name);
        let mut screen = Screen::of(panel, stickers());
        screen.press("Back");
        assert_eq!(screen.till.taken(), [go(Which::Sync)], "{}", panel.name);
    }
}

#[test]
fn recent_begins_with_what_the_day_brought() {
    for panel in PANELS {
        let till = FakeTill::new(on(Which::Recent));
        *till.sales.lock().unwrap() = vec![sale(42, 350)];
        *till.day.lock().unwrap() = vec![DayTotal {
            paid: euro(12_345),
            cash: euro(4_520),
            unknown: euro(350),
            sales: 9,
            open_sales: 1,
        }];
        let screen = Screen::of(panel, till);
        for words in [
            "Day 2026-03-02",
            "Paid 123.45 €",
            "Cash 45.20 €",
            "Not known yet 3.50 €",
        ] {
            assert!(screen.shows(words), "{}: {words}", panel.name);
        }
        let since = tillcode::domain::time::Timestamp::parse_rfc3339("2026-03-02T03:00:00Z");
        let day = Query::Day {
            since: since.unwrap(),
        };
        assert!(screen.till.asked.lock().unwrap().contains(&day));
    }
}
