//! Payments to sort out: the way there, what each is for, and the offer on Pay.

use tillcode::domain::id::ProductId;
use tillcode::domain::locale::Language;
use tillcode::domain::loose::{LoosePayment, LooseState};
use tillcode::domain::payment::{PaymentReport, PaymentStatus, Proof};
use tillcode::terminal::snapshot::LooseView;
use tillcode::terminal::{Command, Pin, Screen as Which, Snapshot, Theme};

use crate::support::fake_till::{euro, line, morning, pay, sale, snapshot, sticker};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;
use crate::ui_sizes::{check, letters};

fn payment(number: u8, title: &str, state: LooseState) -> LoosePayment {
    let link = sticker(
        number,
        title,
        2_350,
        tillcode::domain::link::LinkState::Live,
    );
    LoosePayment {
        report: PaymentReport {
            backend: "main".to_owned(),
            payment: format!("p{number}"),
            link: link.id,
            status: PaymentStatus::Charged,
            amount: euro(2_350),
            proof: Proof::Confirmed,
            heard_at: morning(),
        },
        product: Some(ProductId::of_sku("Corner", "T0")),
        title: title.to_owned(),
        till: Some("Till at the back entrance".to_owned()),
        shared: true,
        state,
    }
}

fn to_sort() -> Snapshot {
    let mut start = snapshot();
    start.screen = Which::Payments;
    start.screen_seq = 3;
    start.status.payments_to_sort = 2;
    let mut long = sale(43, 2_350);
    long.lines = vec![line("Strawberry cheesecake with cream, large", 1_175, 2)];
    let asking = LooseState::Wanted {
        sale: sale(42, 2_350).id,
        is_new: false,
    };
    start.loose = [
        LooseView {
            payment: payment(1, "Strawberry cheesecake with cream", LooseState::Open),
            suggestions: [sale(42, 2_350), long, sale(44, 2_350)].into(),
        },
        LooseView {
            payment: payment(2, "Espresso", asking),
            suggestions: [].into(),
        },
        LooseView {
            payment: payment(3, "Lemonade", LooseState::Open),
            suggestions: [].into(),
        },
    ]
    .into();
    start
}

#[test]
fn a_payment_is_given_to_a_sale_or_to_goods_or_put_aside() {
    let take = |number: u8, sale| Command::TakePayment {
        backend: "main".to_owned(),
        payment: format!("p{number}"),
        sale,
    };
    let mut screen = Screen::new(to_sort());
    screen.press_part("Strawberry cheesecake with cream, ");
    screen.press("Back");
    screen.press_part("Strawberry cheesecake with cream, ");
    let first = sale(42, 2_350);
    let time = "10:32";
    screen.press_part(&format!("It is for {} · {time}", first.reference));
    screen.press_part("Lemonade, ");
    assert!(screen.shows_part("No waiting sale asks for this sum"));
    screen.press("Goods were handed over");
    screen.press_part("Lemonade, ");
    screen.press("Money was given back");
    let aside = Command::SetPaymentAside {
        backend: "main".to_owned(),
        payment: "p3".to_owned(),
        reason: "Money was given back".to_owned(),
    };
    assert_eq!(
        screen.till.taken(),
        [take(1, Some(first.id)), take(3, None), aside]
    );
}

fn to_compare() -> Snapshot {
    let mut start = to_sort();
    start.status.sales_to_check = 2;
    let mut claimed = sale(51, 1_250);
    claimed.proof = Proof::Claimed;
    let mut hinted = sale(52, 700);
    hinted.hinted = true;
    hinted.lines = vec![line("Strawberry cheesecake with cream, large", 700, 1)];
    start.to_check = [claimed, hinted].into();
    start
}

#[test]
fn a_sale_that_nobody_reports_is_compared_with_the_providers_list() {
    let check = |number, minor, found| Command::CheckSale {
        sale: sale(number, minor).id,
        found,
        pin: None,
    };
    for panel in PANELS {
        let mut start = to_compare();
        start.loose = [].into();
        let mut screen = Screen::on(panel, start);
        screen.press_part("K7-0051 · ");
        assert!(screen.shows_part("Is this payment there, with this sum?"));
        screen.press("Back");
        screen.press_part("K7-0051 · ");
        screen.press("It is there: paid");
        screen.press("Back");
        screen.press_part("K7-0052 · ");
        screen.press("It is not there");
        let both = [check(51, 1_250, true), check(52, 700, false)];
        assert_eq!(screen.till.taken(), both, "{}", panel.name);
        // The till has taken it, or somebody else has decided it meanwhile.
        screen.change(|start| start.to_check = [].into());
        assert!(!screen.shows_part("Is this payment there"));
    }
}

#[test]
fn where_the_owner_has_a_pin_it_is_typed_for_that() {
    for panel in PANELS {
        let mut start = to_compare();
        start.loose = [].into();
        start.risk.has_pin = true;
        let mut screen = Screen::on(panel, start);
        screen.press_part("K7-0051 · ");
        screen.press("It is there: paid");
        assert_eq!(screen.till.taken(), [], "not without one");
        for digit in ["2", "4"] {
            screen.press(digit);
        }
        screen.press("It is there: paid");
        let pin = Some(Pin("24".to_owned()));
        let sale = sale(51, 1_250).id;
        let found = true;
        assert_eq!(
            screen.till.taken(),
            [Command::CheckSale { sale, found, pin }]
        );
        // It was a wrong one: the page stays, and another may be typed.
        assert!(screen.shows_part("Is this payment there"), "{}", panel.name);
        let (smallest, cut) = letters(&screen);
        assert!(cut.is_empty() && smallest >= 1.9, "{} {cut:?}", panel.name);
        check(panel, &screen, "Compare with a PIN");
    }
}

#[test]
fn recent_leads_to_what_is_to_be_compared() {
    let mut start = to_compare();
    (start.screen, start.status.payments_to_sort) = (Which::Recent, 0);
    let mut screen = Screen::new(start);
    screen.press("To compare: 2");
    let screen_of_payments = Command::Go {
        screen: Which::Payments,
    };
    assert_eq!(screen.till.taken(), [screen_of_payments]);
}

#[test]
fn pay_says_where_no_payment_is_reported_and_what_was_only_hinted() {
    for panel in PANELS {
        let mut start = snapshot();
        start.screen = Which::Pay;
        let mut paying = pay(sale(42, 2_350));
        paying.is_heard = false;
        start.pay = Some(paying);
        let mut screen = Screen::on(panel, start);
        assert!(screen.shows_part("Not reported here"), "{}", panel.name);
        screen.change(|start| {
            let mut paying = pay(sale(42, 2_350));
            (paying.is_heard, paying.sale.hinted) = (false, true);
            start.pay = Some(paying);
        });
        assert!(screen.shows_part("Payment reported, not confirmed"));
    }
}

#[test]
fn one_that_the_hub_was_asked_about_can_only_be_waited_for() {
    let mut screen = Screen::new(to_sort());
    screen.press_part("Espresso, ");
    assert!(screen.shows_part("Asking the message server"));
    assert_eq!(screen.count("Goods were handed over"), 0);
    assert_eq!(screen.count("Money was given back"), 0);
}

#[test]
fn sell_and_recent_lead_there_only_where_there_is_something() {
    for which in [Which::Sell, Which::Recent] {
        for panel in PANELS {
            let mut start = to_sort();
            start.screen = which;
            let mut screen = Screen::on(panel, start);
            screen.press("To sort out: 2");
            let go = Command::Go {
                screen: Which::Payments,
            };
            assert_eq!(screen.till.taken(), [go]);
            screen.change(|start| start.status.payments_to_sort = 0);
            assert!(!screen.shows_part("To sort out"), "{}", panel.name);
        }
    }
}

#[test]
fn pay_offers_the_payment_as_the_main_thing_to_press() {
    for panel in PANELS {
        let mut start = snapshot();
        start.screen = Which::Pay;
        let mut paying = pay(sale(42, 2_350));
        paying.offer = Some(payment(1, "Espresso", LooseState::Open));
        start.pay = Some(paying);
        let mut screen = Screen::on(panel, start);
        screen.press("Paid by sticker at 10:32: take it");
        let take = Command::TakePayment {
            backend: "main".to_owned(),
            payment: "p1".to_owned(),
            sale: Some(sale(42, 2_350).id),
        };
        assert_eq!(screen.till.taken(), [take]);
    }
}

#[test]
fn the_pages_are_large_enough_and_not_cut_in_every_language_and_light() {
    for panel in PANELS {
        for (language, theme) in [
            (Language::En, Theme::Light),
            (Language::De, Theme::Dark),
            (Language::Es, Theme::Sunlight),
        ] {
            for title in [
                None,
                Some("Strawberry cheesecake with cream, "),
                Some("Espresso, "),
                Some("Lemonade, "),
                Some("K7-0052 · "),
            ] {
                let mut start = to_compare();
                if title.is_some_and(|title| title.starts_with("K7")) {
                    start.loose = [].into();
                }
                (start.language, start.theme) = (language, theme);
                let mut screen = Screen::on(panel, start);
                if let Some(title) = title {
                    screen.press_part(title);
                }
                let page = format!("Payments {title:?} {language:?}");
                check(panel, &screen, &page);
                let (smallest, cut) = letters(&screen);
                // A row of the list may cut a long name; the page says it whole.
                let is_cut = title.is_some() && !cut.is_empty();
                assert!(!is_cut, "{} {page}: {cut:?}", panel.name);
                assert!(smallest >= 1.9, "{} {page}: {smallest} mm", panel.name);
            }
        }
    }
}
