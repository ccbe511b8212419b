//! What the till goes through: a new shop is furnished, and a day is sold. Both look first what is
//! done already, so that they can be begun again at any point.

use tillcode::domain::catalog::Product;
use tillcode::domain::id::ProductId;
use tillcode::domain::link::LinkState;
use tillcode::domain::payment::Proof;
use tillcode::domain::sale::{Line, SaleState};
use tillcode::terminal::query::ROWS_MAX;
use tillcode::terminal::snapshot::Reach;
use tillcode::terminal::{
    Answer, Command, NewLine, Query, Reply, SaleView, Screen, SellMode, Snapshot, Theme,
};

use super::is_off;
use crate::support::shop::{Cut, LiveTill, code_on, eur, item};

const SHOP_KEY: &str = "Demo shop";
pub(super) const PRICES: [i64; 5] = [101, 102, 103, 104, 105];

fn sku(number: usize) -> String {
    format!("T{number}")
}

fn id(number: usize) -> ProductId {
    ProductId::of_sku(SHOP_KEY, &sku(number))
}

/// Products come in, favorites are arranged, and every code is fetched.
pub(super) fn furnish(till: &LiveTill) -> Result<(), Cut> {
    let products: Vec<Product> = (0..PRICES.len())
        .map(|number| item(SHOP_KEY, &sku(number), PRICES[number]))
        .collect();
    till.command(Command::PutProducts {
        products,
        source: "the test".to_owned(),
    })?;
    let favorites = vec![id(0), id(1), id(2)];
    if *till.now().favorites != *favorites {
        let wanted = favorites.clone();
        till.press(
            Command::SetFavorites {
                products: favorites,
            },
            move |snapshot| *snapshot.favorites == *wanted,
        )?;
    }
    till.until("all codes", |snapshot| {
        let status = &snapshot.status;
        snapshot.catalog.products().len() >= 24 + PRICES.len()
            && status.products_with_code == status.products
            && status.spare_codes >= 3
            && status.waiting_to_send == 0
    })?;
    Ok(())
}

/// A day: every way to sell and to end a sale. Each step looks first whether it is done already,
/// and each sale has a sum of its own.
pub(super) fn day(till: &LiveTill) -> Result<(), Cut> {
    till.until("the network", |snapshot| {
        snapshot.status.reach == Reach::Online
    })?;

    sell_single_items(till)?;
    sell_carts(till)?;
    keep_house(till)
}

/// Paid, cancelled, and handed over without proof.
fn sell_single_items(till: &LiveTill) -> Result<(), Cut> {
    let sale = begin(till, 101, |till| tap_one(till, 0))?;
    settle(till, &sale, SaleState::Paid, |sale| Command::CustomerPays {
        sale: sale.id,
    })?;

    let sale = begin(till, 102, |till| tap_one(till, 1))?;
    settle(till, &sale, SaleState::Cancelled, |sale| {
        Command::CancelSale { sale: sale.id }
    })?;

    let sale = begin(till, 103, |till| tap_one(till, 2))?;
    if sale.proof != Proof::Claimed {
        open(till, &sale)?;
        let claim = Command::ClaimSale {
            sale: sale.id,
            reason: "a regular".to_owned(),
            pin: None,
        };
        till.press(claim, |snapshot| {
            snapshot.waiting.iter().all(|other| other.id != sale.id)
        })?;
    }
    Ok(())
}

/// A cart is put aside, others are sold by code and for cash, and it is taken back.
fn sell_carts(till: &LiveTill) -> Result<(), Cut> {
    let recalled = sale_of(till, 333).is_some();
    if till.now().held.is_empty() && !recalled {
        fill(till, &[0, 1])?;
        till.press(Command::HoldCart, |snapshot| snapshot.held.len() == 1)?;
    }

    begin(till, 209, |till| {
        fill(till, &[3, 4])?;
        till.press(Command::PayCart, |snapshot| snapshot.screen == Screen::Pay)
            .map(drop)
    })?;

    let sale = begin(till, 777, |till| {
        sell_screen(till)?;
        till.press(Command::PayAmount { amount: eur(777) }, |snapshot| {
            code_on(snapshot).is_some()
        })
        .map(drop)
    })?;
    let cash = |sale: &SaleView| Command::PayInCash {
        sale: sale.id,
        given: eur(1_000),
    };
    settle(till, &sale, SaleState::Paid, cash)?;

    if sale_of(till, 333).is_none() {
        sell_screen(till)?;
        if !till.now().cart.lines.is_empty() {
            till.press(Command::ClearCart, |snapshot| {
                snapshot.cart.lines.is_empty()
            })?;
        }
        till.press(Command::AddAmount { amount: eur(333) }, |snapshot| {
            snapshot.cart.total == Some(eur(333))
        })?;
        till.press(Command::PayCartInCash { given: eur(500) }, |snapshot| {
            snapshot.screen == Screen::Paid
        })?;
    }
    sell_screen(till)?;
    if let Some(held) = till.now().held.first() {
        let cart = held.id;
        till.press(Command::RecallCart { cart }, |snapshot| {
            snapshot.held.is_empty()
        })?;
    }
    Ok(())
}

/// A code is switched off, a script sells, the screen is arranged, and all work gets done.
fn keep_house(till: &LiveTill) -> Result<(), Cut> {
    withdraw(till)?;
    if sale_of(till, 999).is_none() {
        let lines = vec![NewLine::Amount(eur(999))];
        let reply = till.command(Command::NewSale {
            lines,
            backend: None,
            offline: false,
        })?;
        assert!(matches!(reply, Reply::Sale { .. }), "{reply:?}");
    }
    let favorites = vec![id(2), id(0)];
    if *till.now().favorites != *favorites {
        let wanted = favorites.clone();
        till.press(
            Command::SetFavorites {
                products: favorites,
            },
            move |snapshot| *snapshot.favorites == *wanted,
        )?;
    }
    till.press(
        Command::SetTheme {
            theme: Theme::Sunlight,
        },
        |snapshot| snapshot.theme == Theme::Sunlight,
    )?;
    till.until("everything sent", |snapshot| {
        let status = &snapshot.status;
        let shown = snapshot.waiting.iter().all(|sale| sale.url.is_some());
        shown
            && status.waiting_to_send == 0
            && status.products_with_code == status.products
            && status.spare_codes >= 3
    })?;
    Ok(())
}

/// The one sale of this sum.
fn sale_of(till: &LiveTill, minor: i64) -> Option<SaleView> {
    let mut found = till
        .sales()
        .into_iter()
        .filter(|sale| sale.total == eur(minor));
    let sale = found.next();
    assert!(found.next().is_none(), "{minor} was sold twice");
    sale
}

/// The sale of this sum with its code, begun now where there is none.
fn begin(
    till: &LiveTill,
    minor: i64,
    how: impl Fn(&LiveTill) -> Result<(), Cut>,
) -> Result<SaleView, Cut> {
    if sale_of(till, minor).is_none() {
        how(till)?;
    }
    let sale = sale_of(till, minor).expect("what was begun is on disk");
    let ended = !matches!(sale.state, SaleState::Open | SaleState::Awaiting);
    if ended || sale.proof == Proof::Claimed {
        return Ok(sale);
    }
    till.until("the code", |snapshot| {
        let mut waiting = snapshot.waiting.iter();
        waiting.any(|waiting| waiting.id == sale.id && waiting.url.is_some())
    })?;
    Ok(sale)
}

fn settle(
    till: &LiveTill,
    sale: &SaleView,
    state: SaleState,
    how: impl Fn(&SaleView) -> Command,
) -> Result<(), Cut> {
    if sale.state == state {
        return Ok(());
    }
    open(till, sale)?;
    till.press(how(sale), |snapshot| {
        snapshot.waiting.iter().all(|other| other.id != sale.id)
    })?;
    let settled = sale_of(till, sale.total.minor).expect("it was there");
    assert_eq!(settled.state, state, "{}", sale.reference);
    Ok(())
}

fn open(till: &LiveTill, sale: &SaleView) -> Result<(), Cut> {
    let is_open = |snapshot: &Snapshot| code_on(snapshot).is_some_and(|(id, _)| id == sale.id);
    if !is_open(&till.now()) {
        till.press(Command::OpenSale { sale: sale.id }, is_open)?;
    }
    Ok(())
}

fn sell_screen(till: &LiveTill) -> Result<(), Cut> {
    if till.now().screen != Screen::Sell {
        let screen = Screen::Sell;
        till.press(Command::Go { screen }, |snapshot| {
            snapshot.screen == Screen::Sell
        })?;
    }
    Ok(())
}

fn mode(till: &LiveTill, mode: SellMode) -> Result<(), Cut> {
    sell_screen(till)?;
    if till.now().mode != mode {
        till.press(Command::SetMode { mode }, move |snapshot| {
            snapshot.mode == mode
        })?;
    }
    Ok(())
}

fn tap_one(till: &LiveTill, number: usize) -> Result<(), Cut> {
    mode(till, SellMode::OneItem)?;
    let product = id(number);
    till.press(Command::Tap { product }, |snapshot| {
        code_on(snapshot).is_some()
    })?;
    Ok(())
}

/// Brings the cart to one piece of each of these products.
fn fill(till: &LiveTill, numbers: &[usize]) -> Result<(), Cut> {
    mode(till, SellMode::SeveralItems)?;
    let skus = |lines: &[Line]| -> Vec<String> {
        lines
            .iter()
            .map(|line| format!("{}x{}", line.sku, line.quantity))
            .collect()
    };
    let wanted: Vec<String> = numbers
        .iter()
        .map(|number| format!("{}x1", sku(*number)))
        .collect();
    let have = skus(&till.now().cart.lines);
    if !wanted.starts_with(&have) {
        till.press(Command::ClearCart, |snapshot| {
            snapshot.cart.lines.is_empty()
        })?;
    }
    let have = till.now().cart.lines.len();
    for (done, number) in numbers.iter().enumerate().skip(have) {
        let product = id(*number);
        till.press(Command::Tap { product }, |snapshot| {
            snapshot.cart.lines.len() == done + 1
        })?;
    }
    assert_eq!(skus(&till.now().cart.lines), wanted);
    Ok(())
}

/// Switches the permanent code of the fifth product off, once.
fn withdraw(till: &LiveTill) -> Result<(), Cut> {
    let Answer::Links { links } = till.query(Query::Links {
        limit: ROWS_MAX,
        purpose: None,
    }) else {
        panic!()
    };
    let mut own = links.iter().filter(|link| link.product == Some(id(4)));
    if own.clone().any(|link| is_off(link.state)) {
        return Ok(());
    }
    let live = own
        .find(|link| link.state == LinkState::Live)
        .expect("it has a code");
    let reply = till.command(Command::WithdrawLink { link: live.id })?;
    assert_eq!(reply, Reply::Done);
    till.command(Command::MintLinks)?;
    Ok(())
}
