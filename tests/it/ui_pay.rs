//! Pay, Paid and Recent: what the two people at the counter read and do.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use tillcode::domain::link::Purpose;
use tillcode::domain::payment::Proof;
use tillcode::domain::sale::SaleState;
use tillcode::terminal::snapshot::{CodeView, ShopView};
use tillcode::terminal::{Command, Notice, Screen as Which, Snapshot};

use crate::support::fake_till::{FakeTill, euro, hub, pay, sale, snapshot};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;

fn paying() -> Snapshot {
    let mut start = snapshot();
    start.screen = Which::Pay;
    start.screen_seq = 7;
    start.pay = Some(pay(sale(42, 350)));
    start
}

#[test]
fn pay_says_everything_in_words_on_every_panel() {
    for panel in PANELS {
        let screen = Screen::on(panel, paying());
        for words in [
            "Payment code K7-0042, 3.50 €",
            "Espresso",
            "to Market stall",
            "Opens pay.example",
            "K7-0042 · river 42",
            "Waiting for payment",
        ] {
            assert!(screen.shows(words), "{}: {words}", panel.name);
        }
        assert!(!screen.shows("Customer pays"), "only in the demo");
    }
}

#[test]
fn a_sale_at_an_old_price_says_so_on_every_panel() {
    let words = "At the old price: the new one is 4.00 €";
    for panel in PANELS {
        let mut start = paying();
        if let Some(pay) = start.pay.as_mut() {
            pay.total_now = Some(euro(400));
            pay.sale.by_hand = true;
        }
        let mut screen = Screen::on(panel, start);
        assert!(screen.shows(words), "{}", panel.name);
        assert!(screen.shows_part("match by hand"), "{}", panel.name);
        screen.change(|start| {
            if let Some(pay) = start.pay.as_mut() {
                pay.total_now = None;
            }
        });
        assert!(!screen.shows(words), "{}", panel.name);
    }
}

#[test]
fn a_demo_customer_pays_once() {
    let mut start = paying();
    let demo = ShopView {
        demo: true,
        ..ShopView::clone(&start.shop)
    };
    start.shop = Arc::new(demo);
    let mut screen = Screen::new(start);
    assert!(screen.shows("Demo: no real money"));
    screen.press("Customer pays");
    screen.press("Customer pays");
    let id = sale(42, 350).id;
    assert_eq!(screen.till.taken(), [Command::CustomerPays { sale: id }]);
}

#[test]
fn the_payers_language_is_chosen_on_this_screen_only() {
    for panel in [PANELS[0], PANELS[3], PANELS[4]] {
        let mut screen = Screen::on(panel, paying());
        if !screen.shows("Polski") {
            screen.press("Language");
        }
        screen.press("Українська");
        assert!(screen.shows("для Market stall"), "{}", panel.name);
        assert!(
            screen.shows("Waiting for payment"),
            "the cashier's words stay"
        );
        screen.change(|snapshot| {
            snapshot.screen_seq += 1;
            snapshot.pay = Some(pay(sale(43, 100)));
        });
        assert!(
            screen.shows("to Market stall"),
            "the next payer starts anew"
        );
    }
}

#[test]
fn cancelling_and_claiming_ask_first() {
    let id = sale(42, 350).id;
    let mut screen = Screen::new(paying());
    screen.press("Cancel sale");
    screen.press("Keep waiting");
    screen.press("Cancel sale");
    assert!(screen.till.taken().is_empty());
    screen.press("Yes, cancel it");
    assert_eq!(screen.till.taken(), [Command::CancelSale { sale: id }]);
    let mut screen = Screen::new(paying());
    screen.press("Hand over without proof…");
    screen.press("Regular customer");
    screen.press("Hand over");
    let reason = "Regular customer".to_owned();
    assert_eq!(
        screen.till.taken(),
        [Command::ClaimSale {
            sale: id,
            reason,
            pin: None
        }]
    );
}

#[test]
fn a_waiting_sale_is_paid_in_cash() {
    let mut screen = Screen::new(paying());
    screen.press("Cash");
    screen.press("Exact");
    screen.press("Take cash");
    let command = Command::PayInCash {
        sale: sale(42, 350).id,
        given: euro(350),
    };
    assert_eq!(screen.till.taken(), [command]);
}

#[test]
fn going_back_leaves_the_sale_waiting() {
    let mut screen = Screen::new(paying());
    screen.press("Whole screen");
    screen.press("Back");
    assert!(screen.till.taken().is_empty());
    screen.press("Back");
    let go = Command::Go {
        screen: Which::Sell,
    };
    assert_eq!(screen.till.taken(), [go]);
}

#[test]
fn a_code_that_is_not_there_yet_or_never_is_said_so() {
    let mut start = paying();
    let since = sale(42, 350).created_at;
    let mut view = pay(sale(42, 350));
    view.code = CodeView::Minting { since };
    start.pay = Some(view.clone());
    let mut screen = Screen::new(start);
    assert!(screen.shows("Getting a code…") && screen.shows("Back"));
    screen.change(|snapshot| {
        view.code = CodeView::None {
            notice: Notice::NoBackend,
        };
        snapshot.pay = Some(view);
    });
    assert!(
        screen.shows(
            "No payment account is set up: take cash, or add an account to the configuration"
        )
    );
}

#[test]
fn a_sticker_code_says_that_it_is_matched_by_hand() {
    let mut start = paying();
    let mut view = pay(sale(42, 350));
    if let CodeView::Ready { purpose, .. } = &mut view.code {
        *purpose = Purpose::Permanent;
    }
    start.pay = Some(view);
    for panel in PANELS {
        let screen = Screen::on(panel, start.clone());
        let words = "Sticker code, paid by anyone who scans: match by hand";
        assert!(screen.shows(words), "{}", panel.name);
    }
}

#[test]
fn paid_is_large_and_says_what_goes_back() {
    let mut start = paying();
    start.screen = Which::Paid;
    let mut paid = sale(42, 350);
    paid.state = SaleState::Paid;
    paid.proof = Proof::Confirmed;
    paid.cash = true;
    paid.change = Some(euro(650));
    start.pay = Some(pay(paid));
    let mut screen = Screen::new(start);
    for words in ["Paid in cash", "3.50 €", "K7-0042", "Change 6.50 €"] {
        assert!(screen.shows(words), "{words}");
    }
    screen.press("Next");
    let go = Command::Go {
        screen: Which::Sell,
    };
    assert_eq!(screen.till.taken(), [go]);
}

#[test]
fn recent_follows_the_till_and_leads_back() {
    let mut start = snapshot();
    start.screen = Which::Recent;
    let till = FakeTill::new(start);
    *till.sales.lock().unwrap() = vec![sale(42, 350)];
    let mut screen = Screen::of(PANELS[0], till);
    let mut paid = sale(42, 350);
    paid.state = SaleState::Paid;
    paid.proof = Proof::Confirmed;
    assert!(screen.shows("K7-0042, 3.50 €, Waiting for payment"));
    *screen.till.sales.lock().unwrap() = vec![paid];
    screen.change(|_| {});
    screen.press("K7-0042, 3.50 €, Paid");
    let id = sale(42, 350).id;
    assert_eq!(screen.till.taken(), [Command::OpenSale { sale: id }]);
}

#[test]
fn the_bar_says_reach_and_what_waits() {
    use tillcode::terminal::snapshot::Reach;
    let mut start = snapshot();
    start.status.waiting_to_send = 3;
    let since = sale(1, 1).created_at;
    for (reach, words) in [
        (Reach::Online, "Online"),
        (Reach::Offline { since }, "Offline since 10:32"),
        (Reach::Refusing { since }, "Account refuses since 10:32"),
        (Reach::NoBackend, "No payment account"),
        (Reach::Unknown, "Checking the network"),
    ] {
        start.status.reach = reach;
        for panel in PANELS {
            let screen = Screen::on(panel, start.clone());
            assert!(screen.shows(words), "{}: {words}", panel.name);
            assert!(screen.shows("3 waiting to send"), "{}", panel.name);
        }
    }
}

#[test]
fn the_bar_says_that_only_the_message_server_is_away_and_settings_say_when_it_was_heard() {
    use tillcode::terminal::snapshot::{HubReach, Reach};
    let since = sale(1, 1).created_at;
    let mut start = snapshot();
    for (reach, bar, settings) in [
        (
            HubReach::Heard,
            "Online",
            "Message server heard from at 10:32",
        ),
        (HubReach::Unknown, "Online", "Asking the message server"),
        (
            HubReach::Unreachable { since },
            "No message server since 10:32",
            "Message server not reached since 10:32",
        ),
        (
            HubReach::Refusing { since },
            "Message server refuses",
            "pair again",
        ),
    ] {
        start.status.reach = Reach::Online;
        start.status.hub = Some(hub(reach));
        start.screen = tillcode::terminal::Screen::Settings;
        for panel in PANELS {
            let screen = Screen::on(panel, start.clone());
            assert!(screen.shows(bar), "{}: {bar}", panel.name);
            let said = screen.harness.query_all_by_label_contains(settings);
            assert!(said.count() > 0, "{}: {settings}", panel.name);
        }
        // Without a network that is what there is to say.
        start.status.reach = Reach::Offline { since };
        let screen = Screen::new(start.clone());
        assert!(screen.shows("Offline since 10:32"), "{reach:?}");
    }
}

#[test]
fn every_state_of_a_sale_has_its_words() {
    type Change = fn(&mut tillcode::terminal::SaleView);
    let rows: [(Change, &str); 12] = [
        (|_| {}, "Waiting for payment"),
        (|sale| sale.state = SaleState::Open, "Waiting for payment"),
        (|sale| sale.failed = true, "Payment failed, still waiting"),
        (
            |sale| sale.proof = Proof::Claimed,
            "Handed over, not checked yet",
        ),
        (|sale| paid(sale, Proof::Confirmed), "Paid"),
        (
            |sale| paid(sale, Proof::Proven),
            "Paid (phone code checked)",
        ),
        (
            |sale| {
                paid(sale, Proof::Confirmed);
                sale.cash = true;
            },
            "Paid in cash",
        ),
        (|sale| sale.state = SaleState::Cancelled, "Cancelled"),
        (|sale| sale.state = SaleState::Expired, "Expired"),
        (
            |sale| {
                paid(sale, Proof::Confirmed);
                sale.late = true;
            },
            "Paid after it was closed",
        ),
        (|sale| sale.under = Some(euro(200)), "2.00 € missing"),
        (
            |sale| {
                paid(sale, Proof::Confirmed);
                sale.over = Some(euro(200));
            },
            "2.00 € too much",
        ),
    ];
    let mut start = snapshot();
    start.screen = Which::Recent;
    for (change, words) in rows {
        let mut changed = sale(42, 350);
        change(&mut changed);
        let till = FakeTill::new(start.clone());
        *till.sales.lock().unwrap() = vec![changed];
        let screen = Screen::of(PANELS[0], till);
        assert!(
            screen.shows(&format!("K7-0042, 3.50 €, {words}")),
            "{words}"
        );
    }
}

fn paid(sale: &mut tillcode::terminal::SaleView, proof: Proof) {
    sale.state = SaleState::Paid;
    sale.proof = proof;
}
