//! Plan a trip: days and sums are chosen with fingers, and the till says whether one can leave.

use tillcode::domain::locale::Language;
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::Learns;
use tillcode::terminal::pool_view::PoolReport;
use tillcode::terminal::snapshot::Reach;
use tillcode::terminal::trip::{Trip, TripTarget};
use tillcode::terminal::{Command, Query, Screen as Which, Theme};

use crate::support::fake_till::{FakeTill, account, euro, morning, pool, snapshot, sold, sync};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;
use crate::ui_sizes::{check, letters};

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

/// The end of the third day, in the shop's zone and at its cut-off.
fn third_day() -> Timestamp {
    at("2026-03-05T03:00:00Z")
}

fn targets(sums: &[(i64, u32)]) -> Vec<TripTarget> {
    let targets = sums.iter().map(|(minor, count)| TripTarget {
        amount: euro(*minor),
        count: *count,
    });
    targets.collect()
}

fn plan(sums: &[(i64, u32)], until: Timestamp) -> Command {
    Command::PlanTrip {
        backend: Some("main".to_owned()),
        targets: targets(sums),
        until,
    }
}

fn on_a_trip(report: PoolReport, sums: &[(i64, u32)]) -> PoolReport {
    let trip = Trip {
        backend: "main".to_owned(),
        targets: targets(sums),
        until: third_day(),
    };
    PoolReport {
        trip: Some(trip),
        ..report
    }
}

/// A shop that sold thirty of one sum and ten of another on ten days.
fn till(report: PoolReport) -> FakeTill {
    let mut start = snapshot();
    (start.screen, start.screen_seq) = (Which::Trip, 3);
    start.accounts = [account("main", Learns::Never)].into();
    let till = FakeTill::new(start);
    *till.pool.lock().unwrap() = Some(report);
    *till.sold.lock().unwrap() = (10, vec![sold(250, 30), sold(350, 10)]);
    till
}

fn usual() -> PoolReport {
    pool(&[(250, 2), (350, 2), (120, 2)])
}

#[test]
fn days_and_sales_are_suggested_and_prepared_with_one_press() {
    for panel in PANELS {
        let mut screen = Screen::of(panel, till(usual()));
        // Three a day and one a day, for three days; a sum that was not sold is offered too.
        for words in [
            "Until 2026-03-04",
            "Days: 3",
            "2.50 €: 9 sales",
            "3.50 €: 3 sales",
            "15 codes for 12 sales, reserve included",
            "11 codes to get: about 11 s",
            "2 of 11 codes · Espresso",
        ] {
            assert!(screen.shows(words), "{}: {words}", panel.name);
        }
        assert!(screen.till.taken().is_empty());
        screen.press("Prepare");
        let wanted = [
            plan(&[(250, 11), (350, 4)], third_day()),
            Command::MintLinks,
        ];
        assert_eq!(screen.till.taken(), wanted, "{}", panel.name);
    }
}

#[test]
fn what_it_means_is_said_before_it_is_prepared() {
    let mut report = usual();
    report.rows[0].lasting = 1;
    let screen = Screen::of(PANELS[4], till(report));
    for words in [
        "Up to 41.50 € at stake if all codes were lost",
        "Codes of 4geeks cannot be switched off: what is left over still takes money",
        "Codes of 4geeks never end by themselves",
        "1 spare codes end earlier and do not count",
        "Suggested from the sales of the last 28 days",
    ] {
        assert!(screen.shows(words), "{words}");
    }
    let till = till(usual());
    *till.sold.lock().unwrap() = (0, Vec::new());
    let screen = Screen::of(PANELS[4], till);
    for words in [
        "Nothing was sold yet: two a day of each price are assumed",
        "2.50 €: 6 sales",
        "1.20 €: 6 sales",
    ] {
        assert!(screen.shows(words), "{words}");
    }
}

#[test]
fn fingers_change_days_and_sales() {
    for panel in PANELS {
        let mut screen = Screen::of(panel, till(usual()));
        screen.press("One day more");
        assert!(screen.shows("Until 2026-03-05"), "{}", panel.name);
        assert!(screen.shows("2.50 €: 12 sales"), "it follows the days");
        screen.press("More sales of 2.50 €");
        screen.press("Fewer sales of 3.50 €");
        screen.press("One day less");
        screen.press("One day less");
        assert!(screen.shows("2.50 €: 13 sales"), "what was chosen stays");
        screen.press("Prepare");
        let until = at("2026-03-04T03:00:00Z");
        let wanted = [plan(&[(250, 16), (350, 4)], until), Command::MintLinks];
        assert_eq!(screen.till.taken(), wanted, "{}", panel.name);
        for _ in 0..5 {
            screen.press("One day less");
        }
        assert!(screen.shows("Until 2026-03-02"), "today at least");
        let until = at("2026-03-03T03:00:00Z");
        let asked = screen.till.asked.lock().unwrap().clone();
        assert_eq!(asked.last(), Some(&Query::Pool { until: Some(until) }));
    }
}

#[test]
fn nothing_chosen_is_nothing_to_prepare() {
    let mut screen = Screen::of(PANELS[0], till(usual()));
    for sum in ["2.50 €", "3.50 €"] {
        for _ in 0..9 {
            screen.press(&format!("Fewer sales of {sum}"));
        }
        assert!(screen.shows(&format!("{sum}: 0 sales")));
    }
    assert!(screen.shows("Choose with the plus buttons what will be sold"));
    screen.press("Prepare");
    assert!(screen.till.taken().is_empty());
}

#[test]
fn a_sum_that_needs_too_many_codes_is_said_and_not_prepared() {
    let till = till(usual());
    *till.sold.lock().unwrap() = (1, vec![sold(250, u32::MAX)]);
    let mut screen = Screen::of(PANELS[2], till);
    assert!(
        screen.shows("2.50 €: 4166 sales"),
        "as many as there can be"
    );
    screen.press("More sales of 2.50 €");
    assert!(screen.shows("2.50 €: 4166 sales"));
    screen.press("Fewer sales of 2.50 €");
    assert!(screen.shows("2.50 €: 4141 sales"), "by a larger step");
}

#[test]
fn a_trip_shows_its_progress_and_then_that_one_can_leave() {
    let sums = [(250, 12), (350, 6)];
    for panel in PANELS {
        let half = pool(&[(250, 9), (350, 2)]);
        let mut screen = Screen::of(panel, till(on_a_trip(half, &sums)));
        for words in [
            "11 of 18 codes are ready",
            "Codes are being got: about 7 s left",
            "2.50 €: 10 sales",
            "9 of 12 codes · Espresso",
        ] {
            assert!(screen.shows(words), "{}: {words}", panel.name);
        }
        assert!(!screen.shows_part("Ready to leave"));
        let whole = pool(&[(250, 12), (350, 7)]);
        *screen.till.pool.lock().unwrap() = Some(on_a_trip(whole, &sums));
        screen.change(|_| {});
        screen.harness.run_steps(60);
        assert!(
            screen.shows("Ready to leave: all codes are there"),
            "{}",
            panel.name
        );
        screen.press("Prepare");
        assert!(screen.till.taken().is_empty(), "there is nothing to do");
        screen.press("End the trip");
        let end = Command::PlanTrip {
            backend: None,
            targets: Vec::new(),
            until: Timestamp::default(),
        };
        assert_eq!(screen.till.taken(), [end], "{}", panel.name);
    }
}

#[test]
fn a_trip_that_is_longer_than_the_buttons_reach_is_shortened_and_never_by_plus() {
    let mut report = on_a_trip(pool(&[(250, 12)]), &[(250, 12)]);
    if let Some(trip) = &mut report.trip {
        trip.until = at("2026-06-30T02:00:00Z");
    }
    let mut screen = Screen::of(PANELS[2], till(report));
    assert!(screen.shows("Days: 120"));
    screen.press("One day more");
    assert!(screen.shows("Days: 120"));
    screen.press("One day less");
    assert!(screen.shows("Days: 119"));
}

#[test]
fn a_changed_trip_is_prepared_anew() {
    let report = on_a_trip(pool(&[(250, 12)]), &[(250, 12)]);
    let mut screen = Screen::of(PANELS[2], till(report));
    assert!(screen.shows("Ready to leave: all codes are there"));
    screen.press("One day more");
    assert!(!screen.shows_part("Ready to leave"));
    assert!(screen.shows("The plan was changed: press “Prepare”"));
    assert!(
        screen.shows("2.50 €: 14 sales"),
        "ten on three days, rounded up"
    );
    screen.press("Prepare");
    let until = at("2026-03-06T03:00:00Z");
    let wanted = [plan(&[(250, 17)], until), Command::MintLinks];
    assert_eq!(screen.till.taken(), wanted);
}

#[test]
fn why_codes_do_not_come_is_said_in_words() {
    let sums = [(250, 12), (350, 6)];
    let mut report = on_a_trip(pool(&[(250, 12), (350, 0)]), &sums);
    report.rows[1].is_refused = true;
    report.accounts[0].last_problem = Some("HTTP 422: below the least amount".to_owned());
    let till = till(report);
    till.change(|start| {
        let mut main = account("main", Learns::Never);
        main.reach = Reach::Offline { since: morning() };
        start.accounts = [main].into();
    });
    let screen = Screen::of(PANELS[3], till);
    for words in [
        "main: no network, or no answer, since 10:32",
        "The account makes no codes for 3.50 €",
        "Last problem: HTTP 422: below the least amount",
    ] {
        assert!(screen.shows(words), "{words}");
    }
}

#[test]
fn one_of_several_accounts_is_chosen() {
    let mut report = usual();
    let mut second = report.accounts[0].clone();
    "second".clone_into(&mut second.name);
    report.accounts.push(second);
    for panel in PANELS {
        let mut screen = Screen::of(panel, till(report.clone()));
        screen.press("Account: main");
        assert!(screen.shows("Choose with the plus buttons what will be sold"));
        screen.press("Account: second");
        assert!(screen.shows("2.50 €: 9 sales"), "{}", panel.name);
    }
}

#[test]
fn it_is_reached_from_codes_and_left_again() {
    let go = |screen| Command::Go { screen };
    for panel in PANELS {
        let till = till(usual());
        till.change(|start| start.screen = Which::Sync);
        *till.sync.lock().unwrap() = Some(sync(Vec::new()));
        let mut screen = Screen::of(panel, till);
        screen.press("Plan a trip");
        assert_eq!(screen.till.taken(), [go(Which::Trip)], "{}", panel.name);
        screen.change(|start| (start.screen, start.screen_seq) = (Which::Trip, 4));
        screen.harness.run_steps(3);
        screen.press("More sales of 2.50 €");
        screen.press("Back");
        assert_eq!(screen.till.taken(), [go(Which::Sync)], "{}", panel.name);
        screen.change(|start| (start.screen, start.screen_seq) = (Which::Sync, 5));
        screen.change(|start| (start.screen, start.screen_seq) = (Which::Trip, 6));
        screen.harness.run_steps(3);
        assert!(
            screen.shows("2.50 €: 9 sales"),
            "what was left is forgotten"
        );
    }
}

#[test]
fn without_an_answer_or_an_account_it_says_so() {
    let silent = till(usual());
    *silent.pool.lock().unwrap() = None;
    assert!(Screen::of(PANELS[0], silent).shows("Counting the codes…"));
    let mut report = usual();
    report.accounts.clear();
    report.rows.clear();
    assert!(Screen::of(PANELS[0], till(report)).shows_part("No payment account"));
}

#[test]
fn it_is_large_enough_and_not_cut_in_every_language_and_light() {
    let mut two = on_a_trip(pool(&[(250, 9), (350, 2)]), &[(250, 12), (350, 600)]);
    two.accounts.push(two.accounts[0].clone());
    "second".clone_into(&mut two.accounts[1].name);
    for panel in PANELS {
        for (language, theme) in [
            (Language::En, Theme::Light),
            (Language::De, Theme::Dark),
            (Language::Es, Theme::Sunlight),
        ] {
            for report in [usual(), two.clone()] {
                let till = till(report);
                till.change(|start| (start.language, start.theme) = (language, theme));
                let screen = Screen::of(panel, till);
                let page = format!("Trip {language:?}");
                check(panel, &screen, &page);
                let (smallest, cut) = letters(&screen);
                assert!(cut.is_empty(), "{} {page}: {cut:?}", panel.name);
                assert!(smallest >= 1.9, "{} {page}: {smallest} mm", panel.name);
            }
        }
    }
}
