//! Fingers, scanners and letters on the glass.

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tillcode::terminal::{Command, Screen as Which};

use crate::support::fake_till::{FakeTill, catalog, pay, product, sale, snapshot};
use crate::support::panels::PANELS;
use crate::support::screen::Screen;

/// As fast as a scanner: all within one frame, since the harness's clock moves with each pass.
fn type_fast(screen: &mut Screen, text: &str) {
    let end = Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let events = &mut screen.harness.input_mut().events;
    events.extend([Event::Text(text.to_owned()), end]);
    screen.harness.run();
}

#[test]
fn a_scan_is_heard_with_and_without_a_focused_field() {
    let mut screen = Screen::new(snapshot());
    let scan = Command::Scan {
        text: "4006381333931".to_owned(),
    };
    type_fast(&mut screen, "4006381333931");
    assert_eq!(screen.till.taken(), std::slice::from_ref(&scan));
    screen.harness.get_by_label("Search").click();
    screen.harness.run();
    screen.press("q");
    screen.harness.run_steps(10);
    screen.harness.get_by_label("Search").click();
    screen.harness.run();
    assert!(screen.harness.get_by_label("Search").is_focused());
    type_fast(&mut screen, "4006381333931");
    assert_eq!(screen.till.taken(), [scan]);
    let field = screen.harness.get_by_label("Search");
    assert_eq!(
        field.value().as_deref(),
        Some("q"),
        "the field keeps its own text"
    );
}

#[test]
fn the_keyboard_on_the_glass_types_and_closes() {
    for panel in [PANELS[0], PANELS[2]] {
        let mut screen = Screen::on(panel, snapshot());
        screen.harness.get_by_label("Search").click();
        screen.harness.run();
        screen.press("q");
        screen.press("Space");
        screen.press("7");
        let field = screen.harness.get_by_label("Search");
        assert_eq!(field.value().as_deref(), Some("q 7"), "{}", panel.name);
        screen.press("Backspace");
        screen.press("Close");
        assert!(!screen.shows("Space"), "{}", panel.name);
    }
}

#[test]
fn of_fifty_thousand_products_only_what_is_seen_is_drawn() {
    let products = (0..50_000)
        .map(|number| product(&format!("Thing {number:05}"), "Things", 100))
        .collect();
    let mut start = snapshot();
    start.catalog = catalog(2, products);
    for panel in PANELS {
        let screen = Screen::of(panel, FakeTill::new(start.clone()));
        let tiles = screen
            .harness
            .query_all_by(|node| {
                node.label()
                    .is_some_and(|label| label.starts_with("Thing "))
            })
            .count();
        assert!((4..200).contains(&tiles), "{}: {tiles}", panel.name);
    }
}

#[test]
fn a_screen_at_rest_asks_for_no_repaint() {
    for which in [
        Which::Sell,
        Which::Recent,
        Which::Sync,
        Which::Stickers,
        Which::Settings,
        Which::Pay,
        Which::Paid,
        Which::Fault,
    ] {
        let mut start = snapshot();
        start.screen = which;
        start.pay = Some(pay(sale(42, 350)));
        let mut screen = Screen::new(start);
        screen.harness.run_steps(20);
        let output = screen.harness.output();
        let delays = output
            .viewport_output
            .values()
            .map(|viewport| viewport.repaint_delay);
        let soonest = delays.min().unwrap();
        // What waits is read again every two seconds while it is looked at.
        let least = if which == Which::Sync { 100 } else { 3_600_000 };
        assert!(soonest.as_millis() >= least, "{which:?}: {soonest:?}");
    }
}

fn touch(screen: &mut Screen, phase: egui::TouchPhase, pos: egui::Pos2) {
    let button = |pressed| Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let finger = Event::Touch {
        device_id: egui::TouchDeviceId(1),
        id: egui::TouchId(1),
        phase,
        pos,
        force: None,
    };
    screen.harness.event(finger);
    match phase {
        egui::TouchPhase::Start => {
            screen.harness.event(Event::PointerMoved(pos));
            screen.harness.event(button(true));
        }
        egui::TouchPhase::Move => screen.harness.event(Event::PointerMoved(pos)),
        egui::TouchPhase::End | egui::TouchPhase::Cancel => {
            screen.harness.event(button(false));
            screen.harness.event(Event::PointerGone);
        }
    }
    screen.harness.run_steps(1);
}

#[test]
fn a_finger_and_the_buttons_move_the_grid_and_sell_nothing() {
    let products = (0..500)
        .map(|number| product(&format!("Thing {number:05}"), "Things", 100))
        .collect();
    let mut start = snapshot();
    start.catalog = catalog(2, products);
    let mut screen = Screen::new(start);
    let top = |screen: &Screen| {
        let tiles = screen.harness.query_all_by(|node| {
            node.label()
                .is_some_and(|label| label.starts_with("Thing "))
        });
        let first =
            tiles.min_by(|a, b| a.accesskit_node().label().cmp(&b.accesskit_node().label()));
        let first = first.unwrap();
        (first.accesskit_node().label().unwrap(), first.rect().min.y)
    };
    let before = top(&screen);
    screen.press("Scroll down");
    screen.harness.run_steps(20);
    let paged = top(&screen);
    assert!(paged.0 > before.0, "{before:?} {paged:?}");
    let middle = egui::pos2(150.0, 400.0);
    touch(&mut screen, egui::TouchPhase::Start, middle);
    for step in 1..8 {
        let pos = middle - egui::vec2(0.0, 30.0 * step as f32);
        touch(&mut screen, egui::TouchPhase::Move, pos);
    }
    touch(
        &mut screen,
        egui::TouchPhase::End,
        middle - egui::vec2(0.0, 210.0),
    );
    screen.harness.run_steps(60);
    let dragged = top(&screen);
    assert!(dragged.0 > paged.0, "{paged:?} {dragged:?}");
    assert!(screen.till.taken().is_empty());
}
