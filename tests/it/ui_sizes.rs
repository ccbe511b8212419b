//! Everything that is touched is as large as a finger, in millimeters, on every panel.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tillcode::domain::link::LinkState;
use tillcode::domain::locale::Language;
use tillcode::domain::sale::Part;
use tillcode::proto::backend::Learns;
use tillcode::proto::translation::Words;
use tillcode::terminal::query::DayTotal;
use tillcode::terminal::snapshot::{CodeView, HubReach, RiskView};
use tillcode::terminal::{Notice, Screen as Which, SellMode, Snapshot, Theme};

use crate::support::fake_till::{
    FakeTill, account, cart, euro, hub, line, pay, sale, snapshot, sticker, sync, waits,
};
use crate::support::panels::{PANELS, Panel};
use crate::support::screen::Screen;

fn selling() -> Snapshot {
    let mut start = snapshot();
    start.mode = SellMode::SeveralItems;
    start.cart = cart(vec![line("Espresso", 250, 2)]);
    start.waiting = vec![sale(42, 350), sale(43, 100)].into();
    start
}

pub fn check(panel: Panel, screen: &Screen, what: &str) {
    let points_per_mm = 96.0 / 25.4;
    let mut count = 0;
    let buttons = screen
        .harness
        .query_all_by_role(egui::accesskit::Role::Button);
    for node in buttons {
        let rect = node.rect();
        let label = node.accesskit_node().label().unwrap_or_default();
        assert!(
            !label.is_empty(),
            "{} {what}: a button without a name",
            panel.name
        );
        let (width, height) = (rect.width() / points_per_mm, rect.height() / points_per_mm);
        assert!(
            width >= 11.99 && height >= 11.99,
            "{} {what}: {label:?} has {width} x {height} mm",
            panel.name
        );
        if label.starts_with("Pay ") || label.starts_with("Cart ") {
            assert!(
                height >= 14.99,
                "{} {what}: {label:?} is {height} mm high",
                panel.name
            );
        }
        if label == "Espresso, 2.50 €" {
            assert!(
                width >= 20.0 && height >= 19.99,
                "{}: a tile is {width} x {height}",
                panel.name
            );
        }
        count += 1;
    }
    assert!(count > 0, "{} {what}: {count}", panel.name);
}

#[test]
fn buttons_are_as_large_as_fingers() {
    for panel in PANELS {
        check(panel, &Screen::on(panel, selling()), "Sell");
        let mut demo = selling();
        let shop = tillcode::terminal::snapshot::ShopView::clone(&demo.shop);
        demo.shop =
            std::sync::Arc::new(tillcode::terminal::snapshot::ShopView { demo: true, ..shop });
        demo.notice = Some((1, Notice::EmptyCart));
        check(panel, &Screen::on(panel, demo), "Sell in the demo");
        let mut paying = snapshot();
        paying.screen = Which::Pay;
        paying.pay = Some(pay(sale(42, 350)));
        check(panel, &Screen::on(panel, paying), "Pay");
        for which in [Which::Settings, Which::Sync, Which::Stickers, Which::Trip] {
            let mut other = snapshot();
            other.screen = which;
            check(panel, &Screen::on(panel, other), "other");
        }
        let mut keys = Screen::on(panel, selling());
        keys.press("Amount");
        check(panel, &keys, "Amount");
        keys.press("Back");
        check(panel, &keys, "Sell again");
        keys.press("Amount");
        let seven = keys.harness.get_by_label("7").rect().height() / (96.0 / 25.4);
        assert!(seven >= 17.9, "{}: a key is {seven} mm high", panel.name);
    }
}

/// The smallest letters of a window in millimeters, and what was cut.
pub fn letters(screen: &Screen) -> (f32, Vec<String>) {
    let mut smallest = f32::MAX;
    let mut cut = Vec::new();
    for clipped in &screen.harness.output().shapes {
        if let egui::Shape::Text(text) = &clipped.shape {
            let galley = &text.galley;
            for section in &galley.job.sections {
                smallest = smallest.min(section.format.font_id.size / (96.0 / 25.4));
            }
            if galley.elided {
                cut.push(galley.job.text.clone());
            }
        }
    }
    (smallest, cut)
}

fn paying() -> Snapshot {
    let mut start = snapshot();
    start.screen = Which::Pay;
    start.pay = Some(pay(sale(42, 2_350)));
    start.accounts = [
        account("main", Learns::Notified),
        account("second", Learns::Never),
    ]
    .into();
    start.risk = RiskView {
        handed_over: euro(3_000),
        sales: 2,
        per_sale: Some(euro(2_000)),
        total: Some(euro(5_000)),
        has_pin: true,
    };
    start
}

fn on(which: Which) -> Snapshot {
    let mut start = paying();
    start.screen = which;
    start
}

fn with_lists(start: Snapshot) -> FakeTill {
    let till = FakeTill::new(start);
    let reason = "4pay refused to change the link (HTTP 422, request 7f3a): the amount is above \
                  the limit of the account: ask 4pay to raise it";
    *till.sync.lock().unwrap() = Some(sync(vec![
        waits(1, "create", None),
        waits(2, "update", Some(reason)),
    ]));
    *till.sales.lock().unwrap() = vec![sale(42, 2_350)];
    *till.day.lock().unwrap() = vec![DayTotal {
        paid: euro(1_234_567),
        cash: euro(234_567),
        unknown: euro(34_567),
        sales: 99,
        open_sales: 3,
    }];
    *till.links.lock().unwrap() = vec![
        sticker(1, "Espresso", 250, LinkState::Live),
        sticker(2, "Espresso", 240, LinkState::Retired),
    ];
    till
}

fn as_it_is(_: &mut Snapshot) {}

fn one_of_three(start: &mut Snapshot) {
    let code = start.pay.as_mut().map(|pay| &mut pay.code);
    if let Some(CodeView::Ready { asks, part, .. }) = code {
        (*asks, *part) = (Some(euro(200)), Some(Part { number: 2, of: 3 }));
    }
}

fn typed_by_the_payer(start: &mut Snapshot) {
    let code = start.pay.as_mut().map(|pay| &mut pay.code);
    if let Some(CodeView::Ready { asks, .. }) = code {
        *asks = None;
    }
}

fn past_its_end(start: &mut Snapshot) {
    if let Some(pay) = start.pay.as_mut() {
        pay.code = CodeView::None {
            notice: Notice::CodeEnded,
        };
    }
}

fn at_an_old_price(start: &mut Snapshot) {
    if let Some(pay) = start.pay.as_mut() {
        pay.total_now = Some(euro(2_500));
    }
}

fn without_a_pin(start: &mut Snapshot) {
    start.risk.has_pin = false;
}

/// A screen, what is changed about it, and the key of the button that leads to a page before it.
type Page = (Which, fn(&mut Snapshot), &'static str);

fn refused_by_the_hub(start: &mut Snapshot) {
    start.status.waiting_to_send = 3;
    start.status.hub = Some(hub(HubReach::Refusing {
        since: sale(1, 1).created_at,
    }));
}

fn without_its_hub(start: &mut Snapshot) {
    start.status.hub = Some(hub(HubReach::Unreachable {
        since: sale(1, 1).created_at,
    }));
}

const PAGES: [Page; 16] = [
    (Which::Recent, refused_by_the_hub, ""),
    (Which::Recent, without_its_hub, ""),
    (Which::Settings, refused_by_the_hub, ""),
    (Which::Pay, as_it_is, ""),
    (Which::Pay, at_an_old_price, ""),
    (Which::Pay, one_of_three, ""),
    (Which::Pay, typed_by_the_payer, ""),
    (Which::Pay, past_its_end, ""),
    (Which::Pay, as_it_is, "pay-claim"),
    (Which::Pay, without_a_pin, "pay-claim"),
    (Which::Pay, as_it_is, "pay-other-way"),
    (Which::Sync, as_it_is, ""),
    (Which::Stickers, as_it_is, ""),
    (Which::Stickers, as_it_is, "sticker-live"),
    (Which::Recent, as_it_is, ""),
    (Which::Settings, as_it_is, "settings-accounts-open"),
];

#[test]
fn pages_are_large_enough_and_not_cut_in_every_language_and_light() {
    for panel in PANELS {
        for (language, theme) in [
            (Language::En, Theme::Light),
            (Language::De, Theme::Dark),
            (Language::Es, Theme::Sunlight),
        ] {
            let words = Words::of(language);
            for (which, change, press) in PAGES {
                let mut start = on(which);
                (start.language, start.theme) = (language, theme);
                change(&mut start);
                let mut screen = Screen::of(panel, with_lists(start));
                match press {
                    "" => {}
                    "sticker-live" => {
                        let live = words.say(press, &[]);
                        screen.press(&format!("Espresso · main, 2.50 €, {live}"));
                    }
                    key => screen.press(&words.say(key, &[])),
                }
                let page = format!("{which:?} {press} {language:?}");
                check(panel, &screen, &page);
                let (smallest, cut) = letters(&screen);
                assert!(cut.is_empty(), "{} {page}: {cut:?}", panel.name);
                assert!(smallest >= 1.9, "{} {page}: {smallest} mm", panel.name);
            }
        }
    }
}

#[test]
fn on_a_high_panel_hands_stay_in_the_lower_two_thirds() {
    let panel = PANELS[4];
    let screen = Screen::on(panel, selling());
    for node in screen
        .harness
        .query_all_by_role(egui::accesskit::Role::Button)
    {
        let top = node.rect().min.y;
        assert!(
            top >= panel.points().y / 3.0 - 1.0,
            "{:?}",
            node.accesskit_node().label()
        );
    }
}
