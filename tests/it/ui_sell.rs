//! Sell: what taps tell the till.

use tillcode::domain::id::{CartId, ProductId};
use tillcode::terminal::snapshot::HeldCartView;
use tillcode::terminal::{Command, Screen as Which, SellMode};

use crate::support::fake_till::{cart, euro, line, sale, snapshot};
use crate::support::screen::Screen;

fn espresso() -> ProductId {
    ProductId::of_sku("test", "Espresso")
}

#[test]
fn a_nervous_finger_sells_one_piece() {
    let mut screen = Screen::new(snapshot());
    for _ in 0..3 {
        screen.press("Espresso, 2.50 €");
    }
    assert_eq!(
        screen.till.taken(),
        [Command::Tap {
            product: espresso()
        }]
    );
    // The next screen takes a press again.
    screen.change(|snapshot| snapshot.screen_seq += 1);
    screen.press("Espresso, 2.50 €");
    assert_eq!(screen.till.taken().len(), 1);
}

#[test]
fn with_several_items_every_tap_counts() {
    let mut start = snapshot();
    start.mode = SellMode::SeveralItems;
    let mut screen = Screen::new(start);
    for _ in 0..3 {
        screen.press("Espresso, 2.50 €");
    }
    assert_eq!(screen.till.taken().len(), 3);
    screen.press("One item");
    let mode = SellMode::OneItem;
    assert_eq!(screen.till.taken(), [Command::SetMode { mode }]);
}

#[test]
fn the_cart_is_changed_paid_and_held() {
    let mut start = snapshot();
    start.mode = SellMode::SeveralItems;
    start.cart = cart(vec![line("Espresso", 250, 2), line("Croissant", 200, 1)]);
    let mut screen = Screen::new(start);
    screen.press("One more: Espresso");
    screen.press("One less: Croissant");
    screen.press("Hold");
    screen.press("Pay 7.00 €");
    screen.press("Pay 7.00 €");
    assert_eq!(
        screen.till.taken(),
        [
            Command::SetQuantity {
                line: 0,
                quantity: 3
            },
            Command::SetQuantity {
                line: 1,
                quantity: 0
            },
            Command::HoldCart,
            Command::PayCart,
        ]
    );
    screen.press("Clear");
    assert!(screen.till.taken().is_empty(), "it asks first");
    screen.press("Clear cart");
    assert_eq!(screen.till.taken(), [Command::ClearCart]);
}

#[test]
fn a_held_cart_is_recalled() {
    let id = CartId(sale(3, 1).id.0);
    let mut start = snapshot();
    start.held = vec![HeldCartView {
        id,
        at: sale(3, 1).created_at,
        pieces: 3,
        total: euro(700),
    }]
    .into();
    let mut screen = Screen::new(start);
    screen.press("On hold: 1");
    screen.press("10:32 · items: 3 · 7.00 €");
    assert_eq!(screen.till.taken(), [Command::RecallCart { cart: id }]);
}

#[test]
fn a_chip_leads_back_to_its_code() {
    let mut start = snapshot();
    start.waiting = vec![sale(42, 350)].into();
    let mut screen = Screen::new(start);
    screen.press("K7-0042, 3.50 €, Waiting for payment");
    let id = sale(42, 350).id;
    assert_eq!(screen.till.taken(), [Command::OpenSale { sale: id }]);
}

#[test]
fn an_amount_is_typed_with_a_running_sum() {
    let mut screen = Screen::new(snapshot());
    screen.press("Amount");
    for key in ["3", "5", "0", "Plus", "1", "2", "0"] {
        screen.press(key);
    }
    assert!(screen.shows("3.50 + 1.20"));
    screen.press("Show code");
    assert_eq!(
        screen.till.taken(),
        [Command::PayAmount { amount: euro(470) }]
    );
}

#[test]
fn cash_shows_the_change() {
    let mut start = snapshot();
    start.mode = SellMode::SeveralItems;
    start.cart = cart(vec![line("Espresso", 350, 2)]);
    let mut screen = Screen::new(start);
    screen.press("Cash");
    screen.press("Take cash");
    assert!(screen.till.taken().is_empty(), "nothing was given yet");
    screen.press("10.00 €");
    assert!(screen.shows("Change 3.00 €"));
    screen.press("Take cash");
    let given = euro(1_000);
    assert_eq!(screen.till.taken(), [Command::PayCartInCash { given }]);
}

#[test]
fn favorites_move_only_when_the_owner_moves_them() {
    let mut start = snapshot();
    let croissant = ProductId::of_sku("test", "Croissant");
    let apple = ProductId::of_sku("test", "Apple");
    start.favorites = vec![espresso(), croissant].into();
    start.screen = Which::Settings;
    let mut screen = Screen::new(start);
    screen.press("Arrange favorites");
    let go = Command::Go {
        screen: Which::Sell,
    };
    assert_eq!(screen.till.taken(), [go]);
    screen.change(|snapshot| {
        snapshot.screen = Which::Sell;
        snapshot.screen_seq += 1;
    });
    screen.press("Espresso, 2.50 €");
    screen.press("Move right");
    screen.press("Remove");
    screen.press("All");
    screen.press("Apple, 1.20 €");
    screen.press("Done");
    let set = |products: &[ProductId]| Command::SetFavorites {
        products: products.to_vec(),
    };
    assert_eq!(
        screen.till.taken(),
        [
            set(&[croissant, espresso()]),
            set(&[croissant]),
            set(&[espresso(), croissant, apple]),
        ]
    );
}
