//! The till as a whole: scripted scenes here, random steps against a model in `tests/model.rs`.

mod asking;
mod carts;
mod checking;
mod choosing;
mod custom;
mod demand;
mod feed;
mod hooks;
mod hub;
mod jobs;
mod links;
mod listing;
mod loose;
mod minting;
mod model;
mod notified;
mod old_prices;
mod pace;
mod patrol;
mod paying;
mod planning;
mod printing;
mod products;
mod redraws;
mod refusals;
mod reports;
mod risk;
mod selling;
mod sharing;
mod sorting;
mod starting;
mod stickers;
mod subscribing;
mod telling;
mod test_page;
mod trip;
mod views;
mod watching;
mod world;

use world::{World, eur, product_id};

use super::snapshot::{CodeView, Reach};
use super::{Actor, Command, Notice, Reply, Screen, SellMode};
use crate::domain::link::{LinkState, Purpose};
use crate::domain::payment::Proof;
use crate::domain::sale::{Part, SaleState};

#[test]
fn an_online_tap_shows_a_code_of_its_own_without_waiting() {
    let mut world = World::with_products(3);
    world.settle();
    let before = world.requests_sent();
    world.tap(0);
    let (url, purpose) = world.code().expect("a code at once");
    assert_eq!(purpose, Purpose::Single);
    assert!(world.provider_has(&url));
    assert_eq!(
        world.requests_sent(),
        before + 1,
        "only the spare that was used is made anew"
    );
}

#[test]
fn a_nervous_finger_sells_once() {
    let mut world = World::with_products(1);
    world.settle();
    let seen = world.snapshot().screen_seq;
    for _ in 0..5 {
        world.command_seen(
            Command::Tap {
                product: product_id(0),
            },
            seen,
        );
    }
    assert_eq!(world.stored_sales(), 1);
    assert_eq!(world.snapshot().screen, Screen::Pay);
}

#[test]
fn offline_first_the_spares_then_the_sticker_code_marked_by_hand() {
    let mut world = World::with_products(1);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    assert!(matches!(
        world.snapshot().status.reach,
        Reach::Offline { .. }
    ));
    let mut purposes = Vec::new();
    for _ in 0..4 {
        world.tap(0);
        purposes.push(world.code().expect("offline the code is there at once").1);
        world.command(Command::Go {
            screen: Screen::Sell,
        });
    }
    let (single, permanent) = (Purpose::Single, Purpose::Permanent);
    assert_eq!(purposes, [single, single, permanent, permanent]);
    let by_hand: Vec<_> = world
        .snapshot()
        .waiting
        .iter()
        .map(|sale| sale.by_hand)
        .collect();
    assert_eq!(by_hand, [false, false, true, true]);
}

#[test]
fn offline_a_cart_is_paid_by_a_typed_sum_then_in_parts_then_refused_with_the_remedy_and_kept() {
    let mut world = World::with_open_codes(2, 2);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    world.command(Command::SetMode {
        mode: SellMode::SeveralItems,
    });
    let sell = |world: &mut World| {
        world.tap(0);
        world.tap(1);
        world.command(Command::PayCart);
        let code = world.snapshot().pay.map(|pay| pay.code);
        world.command(Command::Go {
            screen: Screen::Sell,
        });
        code
    };
    for _ in 0..2 {
        let code = sell(&mut world);
        let Some(CodeView::Ready { asks, part, .. }) = code else {
            panic!("{code:?}")
        };
        assert_eq!((asks, part), (None, None), "the payer types the sum");
    }
    for _ in 0..2 {
        let code = sell(&mut world);
        let Some(CodeView::Ready { asks, part, .. }) = code else {
            panic!("{code:?}")
        };
        assert_eq!(part, Some(Part { number: 1, of: 2 }));
        assert!(asks.is_some());
    }
    let before = world.stored_sales();
    assert!(sell(&mut world).is_none());
    let snapshot = world.snapshot();
    assert!(matches!(
        snapshot.notice,
        Some((_, Notice::OfflineNoCode { .. }))
    ));
    assert_eq!(
        (snapshot.screen, snapshot.cart.lines.len()),
        (Screen::Sell, 2)
    );
    assert_eq!(
        world.stored_sales(),
        before,
        "nothing was begun that cannot be paid"
    );
}

#[test]
fn an_online_cart_gets_its_code_when_the_answer_is_on_disk() {
    let mut world = World::with_products(2);
    world.settle();
    world.command(Command::SetMode {
        mode: SellMode::SeveralItems,
    });
    world.tap(0);
    world.tap(1);
    world.hold_answers = true;
    world.command(Command::PayCart);
    assert!(matches!(world.pay().code, CodeView::Minting { .. }));
    world.hold_answers = false;
    world.deliver();
    let (url, purpose) = world.code().expect("the answer came");
    assert_eq!(purpose, Purpose::Single);
    assert!(world.provider_has(&url));
    assert!(world.snapshot().cart.lines.is_empty());
}

#[test]
fn a_code_that_takes_too_long_gives_way_to_the_sticker_code() {
    let mut world = World::with_products(1);
    world.settle();
    world.hold_answers = true;
    // Two spares are used up, the third tap has to wait.
    for _ in 0..2 {
        world.tap(0);
        world.command(Command::Go {
            screen: Screen::Sell,
        });
    }
    world.tap(0);
    assert!(matches!(world.pay().code, CodeView::Minting { .. }));
    world.wait_ms(3_500);
    assert_eq!(
        world.code().map(|(_, purpose)| purpose),
        Some(Purpose::Permanent)
    );
    world.hold_answers = false;
    world.deliver();
    assert_eq!(
        world.code().map(|(_, purpose)| purpose),
        Some(Purpose::Permanent)
    );
}

#[test]
fn paid_comes_from_the_notification_and_leaves_by_itself() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    world.notify(sale, 100, "charged");
    assert_eq!(world.snapshot().screen, Screen::Paid);
    let view = world.pay().sale;
    assert_eq!(
        (view.state, view.proof),
        (SaleState::Paid, Proof::Confirmed)
    );
    // The provider repeats itself, and then says something older: nothing changes.
    world.notify(sale, 100, "charged");
    world.notify(sale, 100, "created");
    world.wait_ms(5_000);
    assert_eq!(world.snapshot().screen, Screen::Sell);
    assert!(world.snapshot().waiting.is_empty());
    assert!(
        world.withdrawn_at_provider(sale),
        "a used code is switched off"
    );
}

#[test]
fn a_notification_with_a_wrong_sum_is_not_paid() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    world.notify(sale, 99, "charged");
    let view = world.pay().sale;
    assert_eq!(
        (view.state, view.under),
        (SaleState::Awaiting, Some(eur(1)))
    );
    assert_eq!(world.snapshot().screen, Screen::Pay);
}

#[test]
fn another_sales_payment_never_moves_this_screen() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let first = world.pay().sale.id;
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.tap(0);
    let second = world.pay().sale.id;
    world.notify(first, 100, "charged");
    let pay = world.pay();
    assert_eq!(
        (pay.sale.id, world.snapshot().screen),
        (second, Screen::Pay)
    );
    let waiting: Vec<_> = world
        .snapshot()
        .waiting
        .iter()
        .map(|sale| sale.id)
        .collect();
    assert_eq!(waiting, [second]);
}

#[test]
fn cash_ends_a_sale_with_its_change_and_its_code() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    let refused = world.reply(Command::PayInCash {
        sale,
        given: eur(50),
    });
    assert_eq!(
        refused,
        Reply::Refused {
            notice: Notice::CashTooLittle { missing: eur(50) }
        }
    );
    world.command(Command::PayInCash {
        sale,
        given: eur(500),
    });
    let view = world.pay().sale;
    assert_eq!(
        (view.state, view.cash, view.change),
        (SaleState::Paid, true, Some(eur(400)))
    );
    world.wait_ms(1_000);
    assert!(world.withdrawn_at_provider(sale));
    // Somebody pays the code all the same: to be given back, never dropped.
    world.notify(sale, 100, "charged");
    let view = world.stored_sale(sale);
    assert_eq!((view.state, view.over), (SaleState::Paid, Some(eur(100))));
}

#[test]
fn a_cancelled_sale_that_is_paid_late_is_not_silent() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    world.command(Command::CancelSale { sale });
    assert_eq!(world.snapshot().screen, Screen::Sell);
    world.notify(sale, 100, "charged");
    let view = world.stored_sale(sale);
    assert_eq!(
        (view.state, view.late, view.over),
        (SaleState::Cancelled, true, Some(eur(100)))
    );
}

#[test]
fn carts_and_settings_survive_a_restart() {
    let mut world = World::with_products(2);
    world.settle();
    world.command(Command::SetMode {
        mode: SellMode::SeveralItems,
    });
    world.tap(0);
    world.command(Command::HoldCart);
    world.tap(1);
    world.tap(1);
    world.command(Command::SetFavorites {
        products: vec![product_id(1)],
    });
    world.restart();
    let snapshot = world.snapshot();
    assert_eq!(snapshot.mode, SellMode::SeveralItems);
    assert_eq!(&*snapshot.favorites, [product_id(1)]);
    assert_eq!(snapshot.held.len(), 1);
    assert_eq!(snapshot.cart.total, Some(eur(400)));
    world.command(Command::RecallCart {
        cart: snapshot.held[0].id,
    });
    let snapshot = world.snapshot();
    assert_eq!(
        (snapshot.cart.total, snapshot.held[0].total),
        (Some(eur(100)), eur(400))
    );
}

#[test]
fn a_new_price_changes_the_sticker_code_and_leaves_no_old_one_on_the_screen() {
    let mut world = World::with_products(1);
    world.settle();
    let mut product = world.product_row(0);
    product.price = eur(250);
    let put = Command::PutProducts {
        products: vec![product],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    for _ in 0..3 {
        world.tap(0);
        let (url, _) = world.code().expect("a code");
        assert_eq!(world.provider_minor(&url), Some(250));
        world.command(Command::Go {
            screen: Screen::Sell,
        });
    }
}

#[test]
fn a_link_that_points_elsewhere_is_not_shown() {
    let mut world = World::with_products(1);
    world.host = "https://4pay.online.evil.example".to_owned();
    world.settle();
    world.tap(0);
    assert!(world.code().is_none());
    let problem = world
        .snapshot()
        .status
        .last_problem
        .clone()
        .expect("it is said");
    assert!(problem.contains("evil.example"), "{problem}");
}

#[test]
fn a_warning_about_a_code_is_said_and_kept_and_the_code_is_shown() {
    for (picture, is_warned) in [("/qr", false), ("/another", true)] {
        let mut world = World::with_products(1);
        world.picture = picture;
        world.settle();
        world.tap(0);
        assert!(world.code().is_some(), "{picture}");
        let problem = world.snapshot().status.last_problem.unwrap_or_default();
        assert_eq!(
            problem.contains("own picture of the code"),
            is_warned,
            "{problem}"
        );
        assert_eq!(world.journal_says("link_warning"), is_warned);
    }
}

#[test]
fn a_script_sells_without_moving_the_screen() {
    let mut world = World::with_products(1);
    world.settle();
    let lines = vec![super::NewLine::Sku {
        sku: "P0".to_owned(),
        quantity: 2,
    }];
    let reply = world.reply_as(
        Actor::Script,
        Command::NewSale {
            lines,
            backend: None,
            offline: false,
        },
    );
    assert!(matches!(reply, Reply::Sale { .. }), "{reply:?}");
    assert_eq!(world.snapshot().screen, Screen::Sell);
    world.wait_ms(100);
    assert_eq!(world.snapshot().waiting[0].total, eur(200));
}

#[test]
fn a_lost_answer_is_asked_for_again_and_named_as_a_possible_stray() {
    let mut world = World::with_products(1);
    world.lose_answers = 1;
    world.settle();
    world.wait_ms(10_000);
    assert!(world.journal_says("possible_stray"));
    let live = world
        .links()
        .filter(|link| link.state == LinkState::Live)
        .count();
    assert_eq!(live, 3, "two spares and the sticker code");
}

#[test]
fn our_own_sticker_adds_its_product() {
    let mut world = World::with_products(2);
    world.settle();
    world.command(Command::SetMode {
        mode: SellMode::SeveralItems,
    });
    let url = world
        .links()
        .find(|link| link.product == Some(product_id(1)))
        .and_then(|link| link.url().map(str::to_owned))
        .expect("a sticker code");
    world.command(Command::Scan { text: url });
    world.command(Command::Scan {
        text: "P0".to_owned(),
    });
    assert_eq!(world.snapshot().cart.lines.len(), 2);
    let reply = world.reply(Command::Scan {
        text: "4006381333931".to_owned(),
    });
    assert!(matches!(
        reply,
        Reply::Refused {
            notice: Notice::UnknownCode { .. }
        }
    ));
}
