//! Sales whose payment nobody reports: a person compares them with the provider's list.

use super::world::{World, eur, setup};
use crate::domain::id::SaleId;
use crate::domain::link::{LinkState, Purpose};
use crate::domain::options::OptionValue;
use crate::domain::payment::Proof;
use crate::domain::sale::SaleState;
use crate::terminal::command::Pin;
use crate::terminal::snapshot::ShopView;
use crate::terminal::{
    Actor, Command, HubSetup, Notice, PinCheck, Reply, RiskSetup, Screen, Setup, Sound,
};

/// A shop that no hub tells anything.
fn unheard() -> World {
    unheard_with(RiskSetup::default())
}

fn unheard_with(risk: RiskSetup) -> World {
    let shop = ShopView {
        demo: false,
        ..setup().shop
    };
    let setup = Setup {
        shop,
        risk,
        ..setup()
    };
    let mut world = World::with_setup(2, setup);
    world.settle();
    world
}

fn sold(world: &mut World) -> SaleId {
    world.tap(0);
    let sale = world.pay().sale.id;
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    sale
}

fn handed_over(world: &mut World) -> SaleId {
    let sale = sold(world);
    world.command(Command::ClaimSale {
        sale,
        reason: "seen".to_owned(),
        pin: None,
    });
    sale
}

fn listed(world: &World) -> Vec<SaleId> {
    let snapshot = world.snapshot();
    let shown: Vec<_> = snapshot.to_check.iter().map(|sale| sale.id).collect();
    assert_eq!(snapshot.status.sales_to_check as usize, shown.len());
    let all = world.terminal.to_check_report();
    assert_eq!(all.iter().map(|sale| sale.id).collect::<Vec<_>>(), shown);
    shown
}

fn check(world: &mut World, sale: SaleId, found: bool) -> Reply {
    world.reply(Command::CheckSale {
        sale,
        found,
        pin: None,
    })
}

#[test]
fn what_nobody_reports_is_listed_newest_first_and_not_while_it_is_on_the_screen() {
    let mut world = unheard();
    let first = handed_over(&mut world);
    world.wait_ms(10);
    let second = sold(&mut world);
    world.wait_ms(10);
    world.tap(1);
    let shown = world.pay().sale.id;
    assert!(!world.pay().is_heard);
    assert_eq!(listed(&world), [second, first]);
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    assert_eq!(listed(&world), [shown, second, first]);
    world.restart();
    assert_eq!(listed(&world), [shown, second, first]);
}

#[test]
fn what_is_found_is_paid_once_and_its_code_is_for_nobody_else() {
    let mut world = unheard();
    let sale = handed_over(&mut world);
    assert!(matches!(check(&mut world, sale, true), Reply::Sale { .. }));
    let stored = world.stored_sale(sale);
    assert_eq!(
        (stored.state, stored.proof, stored.over, stored.late),
        (SaleState::Paid, Proof::Confirmed, None, false)
    );
    assert_eq!(world.snapshot().risk.handed_over, eur(0));
    assert_eq!(listed(&world), []);
    let link = world.link_of(sale);
    assert_eq!(
        (link.purpose, link.state),
        (Purpose::Single, LinkState::Withdrawn)
    );
    let notice = Notice::AlreadyPaid;
    assert_eq!(
        check(&mut world, sale, false),
        Reply::Refused { notice },
        "a person's word does not unsay it"
    );
    // The provider's own word comes after all: it is the same money.
    world.notify(sale, 100, "charged");
    let stored = world.stored_sale(sale);
    assert_eq!(
        (stored.state, stored.proof, stored.over),
        (SaleState::Paid, Proof::Confirmed, None)
    );
}

#[test]
fn what_is_not_there_is_off_the_list_and_off_the_gauge_and_counts_if_it_comes_after_all() {
    let mut world = unheard();
    let sale = handed_over(&mut world);
    assert_eq!(world.snapshot().risk.handed_over, eur(100));
    check(&mut world, sale, false);
    for _ in 0..2 {
        let stored = world.stored_sale(sale);
        assert_eq!((stored.state, stored.missing), (SaleState::Expired, true));
        assert_eq!(world.snapshot().risk.handed_over, eur(0));
        assert_eq!(listed(&world), []);
        world.restart();
    }
    world.notify(sale, 100, "charged");
    let stored = world.stored_sale(sale);
    assert_eq!(
        (stored.state, stored.proof, stored.missing, stored.late),
        (SaleState::Paid, Proof::Confirmed, false, true)
    );
}

#[test]
fn a_cancelled_sale_that_was_paid_after_all_is_to_be_given_back() {
    let mut world = unheard();
    let sale = sold(&mut world);
    world.command(Command::CancelSale { sale });
    let notice = Notice::AlreadyClosed;
    assert_eq!(check(&mut world, sale, false), Reply::Refused { notice });
    check(&mut world, sale, true);
    let stored = world.stored_sale(sale);
    assert_eq!(
        (stored.state, stored.over, stored.late),
        (SaleState::Cancelled, Some(eur(100)), true)
    );
}

#[test]
fn what_frees_the_caps_is_the_owners_to_say() {
    let pin = |text: &str| Some(Pin(text.to_owned()));
    let capped = RiskSetup {
        total: Some(eur(500)),
        ..RiskSetup::default()
    };
    let with_pin = RiskSetup {
        pin: Some(PinCheck::new("2468", [7; 32])),
        ..capped.clone()
    };
    for (risk, typed, refused) in [
        (capped.clone(), None, Some(Notice::OwnerOnly)),
        (capped, pin("2468"), Some(Notice::OwnerOnly)),
        (with_pin.clone(), None, Some(Notice::OwnerPin)),
        (with_pin.clone(), pin("1357"), Some(Notice::PinWrong)),
        (with_pin.clone(), pin("2468"), None),
    ] {
        let mut world = unheard_with(risk);
        let sale = handed_over(&mut world);
        for found in [false, true] {
            let pin = typed.clone();
            let check = Command::CheckSale { sale, found, pin };
            let said = world.reply_as(Actor::Cashier, check);
            let Some(notice) = &refused else {
                assert!(matches!(said, Reply::Sale { .. }), "{said:?}");
                continue;
            };
            let notice = notice.clone();
            assert_eq!(said, Reply::Refused { notice });
            assert_eq!(listed(&world), [sale]);
            assert_eq!(world.snapshot().risk.handed_over, eur(100));
        }
    }
    // What was said of a wrong PIN is over with the right one.
    let mut world = unheard_with(with_pin);
    let sale = handed_over(&mut world);
    for (typed, wanted) in [("1357", Some(Notice::PinWrong)), ("2468", None)] {
        let (found, pin) = (true, pin(typed));
        world.command(Command::CheckSale { sale, found, pin });
        let said = world.snapshot().notice.map(|(_, notice)| notice);
        assert_eq!(said, wanted);
    }
    // Whatever else is said stays.
    let sale = handed_over(&mut world);
    let (nobody, pin) = (SaleId(uuid::Uuid::nil()), pin("2468"));
    world.command(Command::CancelSale { sale: nobody });
    let other = world.snapshot().notice;
    assert!(other.is_some());
    let found = true;
    world.command(Command::CheckSale { sale, found, pin });
    assert_eq!(world.snapshot().notice, other);
    // Who has the commands has the configuration.
    let mut world = unheard_with(RiskSetup {
        total: Some(eur(500)),
        ..RiskSetup::default()
    });
    let sale = handed_over(&mut world);
    let check = Command::CheckSale {
        sale,
        found: true,
        pin: None,
    };
    let said = world.reply_as(Actor::Script, check);
    assert!(matches!(said, Reply::Sale { .. }), "{said:?}");
}

#[test]
fn what_is_heard_of_by_itself_is_for_nobody_to_compare() {
    for (kind, commissioned, has_hub, is_heard) in [
        ("4pay", false, false, false),
        ("4pay", false, true, true),
        ("altapay", false, false, true),
        ("4geeks", false, true, false),
        ("devdraft", false, true, false),
        ("devdraft", true, true, true),
        ("devdraft", true, false, false),
    ] {
        let mut setup = setup();
        setup.shop.demo = false;
        setup.hub = has_hub.then(|| HubSetup {
            address: "https://hub.example".to_owned(),
        });
        let account = &mut setup.backends[0];
        kind.clone_into(&mut account.kind);
        let switch = OptionValue::Switch(commissioned);
        account.options.set("commissioned", switch);
        let world = World::with_setup(0, setup);
        assert_eq!(world.terminal.hears_of("main"), is_heard, "{kind}");
        assert!(
            !world.terminal.hears_of("gone"),
            "an account that is no more"
        );
    }
}

#[test]
fn the_demo_hears_of_its_own_customer() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    assert!(world.pay().is_heard);
    sold(&mut world);
    assert_eq!(listed(&world), []);
}

#[test]
fn what_becomes_of_the_sale_on_the_screen_is_heard_and_of_no_other() {
    let mut world = World::with_products(2);
    world.settle();
    let away = sold(&mut world);
    world.tap(1);
    let shown = world.pay().sale.id;
    world.notify(away, 100, "failed");
    world.notify(away, 100, "charged");
    assert_eq!(world.sounds, []);
    world.notify(shown, 200, "failed");
    assert_eq!(world.sounds, [Sound::Failed]);
    assert!(world.code().is_some(), "the code stays");
    world.notify(shown, 200, "charged");
    assert_eq!(world.sounds, [Sound::Failed, Sound::Paid]);
    world.notify(shown, 200, "charged");
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.tap(0);
    let cash = world.pay().sale.id;
    world.command(Command::PayInCash {
        sale: cash,
        given: eur(100),
    });
    assert_eq!(world.sounds.len(), 2, "who takes cash knows it");
}
