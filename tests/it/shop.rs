//! A configured shop and its provider over real HTTP, with the provider going away and coming back.

use tillcode::domain::id::ProductId;
use tillcode::domain::link::Purpose;
use tillcode::io::store::Fault;
use tillcode::terminal::snapshot::{CodeView, Reach};
use tillcode::terminal::{Command, NewLine, Notice, Reply, Screen, SellMode, Snapshot};

use crate::support::books::Books;
use crate::support::sandbox::Provider;
use crate::support::shop::{LiveTill, code_on, eur, item};

const SHOP: &str = "Corner shop";
/// One more product than there are sums with spare codes.
const PRICES: [i64; 4] = [101, 102, 103, 104];

fn id(number: usize) -> ProductId {
    ProductId::of_sku(SHOP, &format!("T{number}"))
}

/// A till with products, every code that it wants, and nothing left to do.
fn furnished(provider: &Provider, folder: &std::path::Path) -> LiveTill {
    let till = LiveTill::start(&provider.shop(folder), folder, Fault::None).unwrap();
    let products = (0..PRICES.len())
        .map(|number| item(SHOP, &format!("T{number}"), PRICES[number]))
        .collect();
    let source = "the test".to_owned();
    till.command(Command::PutProducts { products, source })
        .unwrap();
    till.until("every code", has_all).unwrap();
    till
}

fn has_all(snapshot: &Snapshot) -> bool {
    let status = &snapshot.status;
    status.reach == Reach::Online
        && snapshot.catalog.products().len() == PRICES.len()
        && status.products_with_code == 4
        && status.spare_codes == 3
        && status.waiting_to_send == 0
        && snapshot.waiting.iter().all(|sale| sale.url.is_some())
}

/// Taps a product and goes back once its code is there.
fn tap(till: &LiveTill, number: usize) -> (String, Purpose) {
    let product = id(number);
    let shown = till.press(Command::Tap { product }, |snapshot| {
        code_on(snapshot).is_some()
    });
    let shown = shown.unwrap();
    let Some(CodeView::Ready { url, purpose, .. }) = shown.pay.as_ref().map(|pay| &pay.code) else {
        panic!()
    };
    let screen = Screen::Sell;
    till.press(Command::Go { screen }, |snapshot| {
        snapshot.screen == Screen::Sell
    })
    .unwrap();
    (url.clone(), *purpose)
}

#[test]
fn a_shop_sells_on_while_its_provider_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut provider = Provider::start();
    let till = furnished(&provider, folder.path());
    let (url, purpose) = tap(&till, 0);
    assert_eq!(purpose, Purpose::Single);
    let held = provider.ask("GET", "/sandbox/links", "");
    assert!(held.contains(&url), "{url} is not one of {held}");
    till.until("the spare code to be replaced", has_all)
        .unwrap();

    provider.stop();
    let (second, purpose) = tap(&till, 0);
    assert_eq!(purpose, Purpose::Single, "a spare code needs no network");
    assert_ne!(second, url);
    till.until("offline", |snapshot| {
        matches!(snapshot.status.reach, Reach::Offline { .. })
    })
    .unwrap();
    let (permanent, purpose) = tap(&till, 0);
    assert_eq!(
        purpose,
        Purpose::Permanent,
        "the last resort is marked as such"
    );
    assert_eq!(tap(&till, 0), (permanent, Purpose::Permanent));
    assert_eq!(tap(&till, 3).1, Purpose::Permanent);
    let by_hand = till.sales().iter().filter(|sale| sale.by_hand).count();
    assert_eq!(by_hand, 3);

    let mode = SellMode::SeveralItems;
    till.press(Command::SetMode { mode }, |snapshot| snapshot.mode == mode)
        .unwrap();
    for pieces in 1..=2 {
        let product = id(2 + pieces - 1);
        till.press(Command::Tap { product }, |snapshot| {
            snapshot.cart.lines.len() == pieces
        })
        .unwrap();
    }
    let refused = till
        .press(Command::PayCart, |snapshot| {
            matches!(&snapshot.notice, Some((_, Notice::OfflineNoCode { .. })))
        })
        .unwrap();
    assert_eq!(refused.screen, Screen::Sell);
    assert_eq!(refused.cart.lines.len(), 2, "a refused cart stays");
    let said = refused.notice.as_ref().unwrap().1.to_string();
    assert!(said.contains("take cash"), "{said} names no remedy");

    provider.resume();
    till.until("everything sent", has_all).unwrap();
    till.press(Command::PayCart, |snapshot| code_on(snapshot).is_some())
        .unwrap();
    let seen = till.stop();
    let books = Books::open(folder.path());
    books.check();
    for (url, sales) in &seen.codes {
        for sale in sales {
            books.check_shown(*sale, url);
        }
    }
}

#[test]
fn a_shop_knows_a_portal_a_wrong_key_and_a_provider_in_trouble() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Provider::start();
    let till = furnished(&provider, folder.path());
    let sale = |minor| {
        let lines = vec![NewLine::Amount(eur(minor))];
        let (backend, offline) = (None, false);
        till.command(Command::NewSale {
            lines,
            backend,
            offline,
        })
        .unwrap()
    };

    provider.ask("PUT", "/sandbox/fault", "{\"status\":500}");
    assert!(
        matches!(sale(5_001), Reply::Sale { .. }),
        "it was online a moment ago"
    );
    for (fault, is_known) in [
        (
            "\"portal\"",
            (|reach| matches!(reach, Reach::Offline { .. })) as fn(Reach) -> bool,
        ),
        ("{\"status\":401}", |reach| {
            matches!(reach, Reach::Refusing { .. })
        }),
    ] {
        provider.ask("PUT", "/sandbox/fault", fault);
        let known = (0..600).any(|_| {
            // As somebody does who wants to know now.
            till.command(Command::MintLinks).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(50));
            is_known(till.now().status.reach)
        });
        assert!(known, "{fault} was taken for {:?}", till.now().status.reach);
        let refused = sale(5_002);
        assert!(
            matches!(refused, Reply::Refused { .. }),
            "{fault}: {refused:?}"
        );
    }

    provider.ask("DELETE", "/sandbox/fault", "");
    till.command(Command::MintLinks).unwrap();
    till.until("everything sent", has_all).unwrap();
    till.stop();
    let books = Books::open(folder.path());
    books.check();
    assert_eq!(books.sales.len(), 1, "a refused sale leaves nothing");
    let sale = &books.sales.values().next().unwrap().sale;
    let held = provider.ask("GET", "/sandbox/links", "");
    assert!(held.contains(sale.url.as_deref().unwrap()), "{sale:?}");
}
