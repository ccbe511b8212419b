//! The way out, and that nothing on the screen is there twice.

use egui::ViewportCommand;
use egui_kittest::kittest::Queryable as _;
use tillcode::domain::id::CartId;
use tillcode::terminal::snapshot::{HeldCartView, ShopView};
use tillcode::terminal::{Screen as Which, SellMode, Snapshot};

use crate::support::fake_till::{cart, euro, line, snapshot};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;

fn settings(demo: bool) -> Snapshot {
    let mut start = snapshot();
    let shop = ShopView::clone(&start.shop);
    start.shop = std::sync::Arc::new(ShopView { demo, ..shop });
    start.screen = Which::Settings;
    start
}

/// Whether the frame in which `name` is pressed ends the window.
fn press_ends(screen: &mut Screen, name: &str) -> bool {
    screen.harness.get_by_label(name).click();
    (0..3).any(|_| {
        screen.harness.step();
        let outputs = &screen.harness.output().viewport_output;
        outputs
            .values()
            .any(|output| output.commands.contains(&ViewportCommand::Close))
    })
}

#[test]
fn the_window_is_closed_after_one_question_on_every_panel() {
    for panel in PANELS {
        for demo in [true, false] {
            let mut screen = Screen::on(panel, settings(demo));
            assert_eq!(screen.shows("Leave the demo"), demo, "{}", panel.name);
            assert!(!press_ends(&mut screen, "Close Tillcode"), "{}", panel.name);
            assert!(!press_ends(&mut screen, "Keep open"), "{}", panel.name);
            assert!(!screen.shows("Close Tillcode?"));
            assert!(!press_ends(&mut screen, "Close Tillcode"), "{}", panel.name);
            assert!(press_ends(&mut screen, "Yes, close"), "{}", panel.name);
            assert!(screen.till.taken().is_empty());
        }
    }
}

#[test]
fn carts_on_hold_have_one_button() {
    for panel in PANELS {
        for lines in [vec![], vec![line("Espresso", 250, 1)]] {
            let mut start = snapshot();
            start.mode = SellMode::SeveralItems;
            start.held = vec![HeldCartView {
                id: CartId(uuid::Uuid::nil()),
                at: tillcode::domain::time::Timestamp::from_millis(0),
                pieces: 2,
                total: euro(500),
            }]
            .into();
            start.cart = cart(lines);
            let mut screen = Screen::on(panel, start);
            for name in ["Cart", "Cart 1 · 2.50 €"] {
                if screen.shows(name) {
                    screen.press(name);
                }
            }
            let count = screen.harness.query_all_by_label("On hold: 1").count();
            assert_eq!(count, 1, "{}", panel.name);
        }
    }
}
