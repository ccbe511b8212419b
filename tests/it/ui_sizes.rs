//! Everything that is touched is as large as a finger, in millimeters, on every panel.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tillcode::terminal::{Screen as Which, SellMode, Snapshot};

use crate::support::fake_till::{cart, line, pay, sale, snapshot};
use crate::support::panels::{PANELS, Panel};
use crate::support::screen::Screen;

fn selling() -> Snapshot {
    let mut start = snapshot();
    start.mode = SellMode::SeveralItems;
    start.cart = cart(vec![line("Espresso", 250, 2)]);
    start.waiting = vec![sale(42, 350), sale(43, 100)].into();
    start
}

fn check(panel: Panel, screen: &Screen, what: &str) {
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
    assert!(count > 3, "{} {what}: {count}", panel.name);
}

#[test]
fn buttons_are_as_large_as_fingers() {
    for panel in PANELS {
        check(panel, &Screen::on(panel, selling()), "Sell");
        let mut demo = selling();
        let shop = tillcode::terminal::snapshot::ShopView::clone(&demo.shop);
        demo.shop =
            std::sync::Arc::new(tillcode::terminal::snapshot::ShopView { demo: true, ..shop });
        demo.notice = Some((1, tillcode::terminal::Notice::EmptyCart));
        check(panel, &Screen::on(panel, demo), "Sell in the demo");
        let mut paying = snapshot();
        paying.screen = Which::Pay;
        paying.pay = Some(pay(sale(42, 350)));
        check(panel, &Screen::on(panel, paying), "Pay");
        for which in [Which::Settings, Which::Sync, Which::Stickers] {
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
