//! New codes, other accounts, several codes and handing over: what Pay offers besides waiting.

use tillcode::domain::sale::{Part, SaleState};
use tillcode::proto::backend::Learns;
use tillcode::terminal::snapshot::{CodeView, RiskView};
use tillcode::terminal::{Command, Notice, Pin, Screen as Which, Snapshot};

use crate::support::fake_till::{account, euro, pay, sale, snapshot};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;

fn paying() -> Snapshot {
    let mut start = snapshot();
    start.screen = Which::Pay;
    start.screen_seq = 7;
    start.pay = Some(pay(sale(42, 350)));
    start
}

/// The same with two accounts.
fn two_accounts() -> Snapshot {
    let mut start = paying();
    let accounts = [
        account("main", Learns::Notified),
        account("second", Learns::Never),
    ];
    start.accounts = accounts.into();
    start
}

fn with_code(mut start: Snapshot, asks: Option<i64>, of_several: Option<Part>) -> Snapshot {
    let code = start.pay.as_mut().map(|pay| &mut pay.code);
    if let Some(CodeView::Ready {
        asks: place, part, ..
    }) = code
    {
        *place = asks.map(euro);
        *part = of_several;
    }
    start
}

fn risk(start: &mut Snapshot, per_sale: Option<i64>, total: Option<i64>, has_pin: bool) {
    start.risk = RiskView {
        handed_over: euro(1_200),
        sales: 3,
        per_sale: per_sale.map(euro),
        total: total.map(euro),
        has_pin,
    };
}

#[test]
fn another_code_is_one_press_away_on_every_panel() {
    let sale = sale(42, 350).id;
    for panel in PANELS {
        let mut screen = Screen::on(panel, two_accounts());
        screen.press("New code");
        assert_eq!(
            screen.till.taken(),
            [Command::NewCode { sale }],
            "{}",
            panel.name
        );
        screen.press("New code");
        assert!(screen.till.taken().is_empty(), "a nervous finger asks once");
    }
}

#[test]
fn a_code_past_its_end_makes_another_one_the_main_action() {
    let id = sale(42, 350).id;
    for panel in PANELS {
        let mut start = two_accounts();
        let mut view = pay(sale(42, 350));
        view.code = CodeView::None {
            notice: Notice::CodeEnded,
        };
        start.pay = Some(view);
        let mut screen = Screen::on(panel, start);
        let buttons = screen.count("New code");
        assert_eq!(buttons, 1, "{}", panel.name);
        assert!(screen.shows("Back"));
        assert!(screen.height_mm("New code") >= 14.99, "{}", panel.name);
        screen.press("New code");
        assert_eq!(screen.till.taken(), [Command::NewCode { sale: id }]);
    }
}

#[test]
fn a_closed_sale_gets_no_new_code() {
    let mut start = paying();
    let mut closed = sale(42, 350);
    closed.state = SaleState::Cancelled;
    start.pay = Some(pay(closed));
    let mut screen = Screen::new(start);
    screen.press("New code");
    assert!(screen.till.taken().is_empty());
}

#[test]
fn another_account_is_chosen_by_what_it_can() {
    let id = sale(42, 350).id;
    assert!(!Screen::new(paying()).shows("Other way to pay"));
    for panel in PANELS {
        let mut screen = Screen::on(panel, two_accounts());
        assert!(screen.shows("Waiting for payment · main"), "{}", panel.name);
        screen.press_or_more("Other way to pay");
        assert!(!screen.shows("Pay with main"), "it is shown already");
        assert!(screen.shows("second: online"), "{}", panel.name);
        let can = screen.shows_part(
            "Payments are not reported: compare with the provider’s console. Codes never end",
        );
        assert!(can, "{}", panel.name);
        screen.press("Pay with second");
        let command = Command::PayOtherWay {
            sale: id,
            backend: "second".to_owned(),
        };
        assert_eq!(screen.till.taken(), [command]);
        assert!(
            screen.shows("Payment code K7-0042, 3.50 €"),
            "back to the code"
        );
    }
}

#[test]
fn a_sum_that_the_payer_types_is_spelled_out_in_the_payers_words() {
    for panel in PANELS {
        let mut screen = Screen::on(panel, with_code(paying(), None, None));
        assert!(screen.shows("Please type 3.50 €"), "{}", panel.name);
        if !screen.shows("Polski") {
            screen.press_or_more("Language");
        }
        screen.press("Polski");
        assert!(screen.shows("Proszę wpisać 3.50 €"), "{}", panel.name);
    }
}

#[test]
fn several_codes_are_shown_one_after_the_other() {
    let id = sale(42, 350).id;
    for panel in PANELS {
        let part = |number| Some(Part { number, of: 3 });
        let mut screen = Screen::on(panel, with_code(two_accounts(), Some(100), part(1)));
        for words in [
            "Code 1 of 3: 1.00 €",
            "3.50 € in all",
            "Payment code K7-0042, 1.00 €",
        ] {
            assert!(screen.shows(words), "{}: {words}", panel.name);
        }
        screen.press("Previous code");
        assert!(screen.till.taken().is_empty(), "there is none before it");
        screen.press("Next code");
        let show = |number| Command::ShowPart { sale: id, number };
        assert_eq!(screen.till.taken(), [show(2)], "{}", panel.name);
        screen.change(|snapshot| {
            *snapshot = with_code(snapshot.clone(), Some(50), part(3));
        });
        screen.press("Next code");
        assert!(screen.till.taken().is_empty(), "it is the last");
        screen.press("Previous code");
        assert_eq!(screen.till.taken(), [show(2)]);
    }
}

#[test]
fn whatever_has_no_button_is_found_behind_more() {
    let all = [
        "New code",
        "Cash",
        "Hand over without proof…",
        "Previous code",
        "Next code",
        "Other way to pay",
        "Turn the picture",
        "Whole screen",
        "Cancel sale",
    ];
    for panel in PANELS {
        for notice in [None, Some((1, Notice::AlreadyPaid))] {
            let part = Some(Part { number: 2, of: 3 });
            let mut start = with_code(two_accounts(), Some(100), part);
            start.notice = notice;
            let mut screen = Screen::on(panel, start);
            let mut found: Vec<&str> = all.into_iter().filter(|name| screen.shows(name)).collect();
            if found.len() < all.len() {
                screen.press("More…");
                found.extend(all.into_iter().filter(|name| screen.shows(name)));
                screen.press("Back");
            }
            found.sort_unstable();
            let mut wanted = all.to_vec();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{}", panel.name);
            assert!(screen.till.taken().is_empty());
        }
    }
}

#[test]
fn handing_over_says_what_is_out_already() {
    for panel in PANELS {
        let mut start = paying();
        risk(&mut start, Some(2_000), Some(5_000), true);
        let mut screen = Screen::on(panel, start);
        screen.press("Hand over without proof…");
        let words =
            "Handed over, not checked yet: 12.00 € of 50.00 € · at most 20.00 € for one sale";
        assert!(screen.shows(words), "{}", panel.name);
        screen.press("Hand over");
        assert!(screen.till.taken().is_empty(), "a reason is needed");
        screen.press("Seen on the customer’s phone");
        assert!(!screen.shows("Owner’s PIN"), "it is within the caps");
        screen.press("Hand over");
        let command = Command::ClaimSale {
            sale: sale(42, 350).id,
            reason: "Seen on the customer’s phone".to_owned(),
            pin: None,
        };
        assert_eq!(screen.till.taken(), [command], "{}", panel.name);
    }
}

#[test]
fn above_a_cap_the_owner_types_a_pin_that_nobody_reads() {
    for (per_sale, total) in [(Some(349), None), (None, Some(1_549)), (Some(1), Some(1))] {
        for panel in PANELS {
            let mut start = paying();
            risk(&mut start, per_sale, total, true);
            let mut screen = Screen::on(panel, start);
            screen.press("Hand over without proof…");
            screen.press("Regular customer");
            screen.press("Hand over");
            assert!(screen.till.taken().is_empty(), "a PIN is needed");
            for key in ["4", "7", "1", "9", "0", "Backspace", "1"] {
                screen.press(key);
            }
            assert!(screen.shows("•••••") && !screen.shows("47191"));
            assert!(!format!("{:?}", screen.harness.state()).contains("47191"));
            screen.press("Hand over");
            let command = Command::ClaimSale {
                sale: sale(42, 350).id,
                reason: "Regular customer".to_owned(),
                pin: Some(Pin("47191".to_owned())),
            };
            assert_eq!(screen.till.taken(), [command], "{}", panel.name);
            assert!(screen.shows("Owner’s PIN"), "nothing of it stays");
            screen.change(|snapshot| snapshot.notice = Some((9, Notice::PinWrong)));
            assert!(screen.shows("This is not the owner's PIN: type it again"));
            screen.press("5");
            screen.press("Hand over");
            assert_eq!(screen.till.taken().len(), 1, "{}", panel.name);
        }
    }
}

#[test]
fn just_within_the_caps_no_pin_is_asked() {
    let mut start = paying();
    risk(&mut start, Some(350), Some(1_550), true);
    let mut screen = Screen::new(start);
    screen.press("Hand over without proof…");
    assert!(!screen.shows("Owner’s PIN"));
}

#[test]
fn above_a_cap_without_a_pin_nothing_is_handed_over() {
    for panel in PANELS {
        let mut start = paying();
        risk(&mut start, Some(349), None, false);
        let mut screen = Screen::on(panel, start);
        screen.press("Hand over without proof…");
        let words =
            "At most 3.49 € may be handed over without proof: wait for the payment, or take cash";
        assert!(screen.shows(words), "{}", panel.name);
        screen.press("Regular customer");
        screen.press("Hand over");
        assert!(screen.till.taken().is_empty(), "{}", panel.name);
        screen.press("Back");
        assert!(screen.shows("Payment code K7-0042, 3.50 €"));
    }
}

#[test]
fn settings_say_what_each_account_can() {
    for panel in PANELS {
        let mut start = two_accounts();
        start.screen = Which::Settings;
        let mut screen = Screen::on(panel, start);
        screen.press("What they can");
        for words in ["main: online", "second: online", "4pay", "4geeks"] {
            assert!(screen.shows(words), "{}: {words}", panel.name);
        }
        assert!(screen.shows_part("Payments are reported by themselves."));
        screen.press("Back");
        assert!(screen.shows("What they can"));
    }
}

#[test]
fn settings_and_the_accounts_say_what_is_lost_without_a_message_server() {
    let mut start = two_accounts();
    start.screen = Which::Settings;
    std::sync::Arc::make_mut(&mut start.shop).demo = false;
    let mut accounts = start.accounts.to_vec();
    accounts[0].is_heard = false;
    start.accounts = accounts.into();
    let lost = "No message server: payments at main are not heard of here";
    let mut screen = Screen::new(start);
    assert!(
        screen.shows_part(lost),
        "4geeks reports nothing in any case"
    );
    screen.press_part("What they can");
    assert!(screen.shows_part("Without a message server this till hears of no payment"));
    let mut heard = two_accounts();
    heard.screen = Which::Settings;
    std::sync::Arc::make_mut(&mut heard.shop).demo = false;
    assert!(!Screen::new(heard).shows_part("No message server"));
}
