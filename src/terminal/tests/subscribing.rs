//! Codes from before the message server: they report to it once the till has joined.

use uuid::Uuid;

use super::feed::{NOTHING, own};
use super::world::{World, setup};
use crate::domain::id::SaleId;
use crate::domain::link::{Link, LinkState, Purpose};
use crate::proto::hub::Hook;
use crate::terminal::hub::address_of;
use crate::terminal::snapshot::ShopView;
use crate::terminal::subscribing::mark_of;
use crate::terminal::{Command, Event, HubSetup, Screen, Setup};

const FIRST: &str = "https://h/hooks/4pay/first";
const SECOND: &str = "https://h/hooks/4pay/second";

/// A till that joins a hub after it has made stickers and spare codes, and shown one of them.
fn joins_late() -> (World, SaleId) {
    let mut alone = of_kind("4pay");
    alone.backends[0].hook = None;
    let mut world = World::with_setup(2, alone);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.settle();
    assert_eq!(marks(&world), [None]);
    world.setup_mut().hub = Some(HubSetup {
        address: "https://hub.example".to_owned(),
    });
    world.restart();
    assert!(is_to_compare(&world, sale));
    world.hub_answers(own(1, NOTHING));
    (world, sale)
}

fn hooked(world: &mut World, address: &str) {
    world.event(Event::Hooked(vec![Hook {
        kind: "4pay".to_owned(),
        name: "main".to_owned(),
        endpoint: Uuid::nil(),
        address: address.to_owned(),
    }]));
}

/// The addresses that the codes report to, each once.
fn marks(world: &World) -> Vec<Option<u32>> {
    let mut marks: Vec<_> = world.links().map(|link| link.reports_to).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

fn is_to_compare(world: &World, sale: SaleId) -> bool {
    let listed = &world.snapshot().to_check;
    listed.iter().any(|listed| listed.id == sale)
}

/// Whether the provider reports each code to its own address at this hook.
fn all_report_to(world: &World, hook: &str) -> bool {
    world.links().all(|link| {
        let remote = &link.remote.as_ref().unwrap().id;
        let address = address_of(hook, link.purpose, link.id, &link.token.parse().unwrap());
        world.reports.get(remote) == Some(&address)
    })
}

#[test]
fn codes_from_before_the_hub_report_to_it_each_at_its_own_address() {
    let (mut world, sale) = joins_late();
    let (codes, sent) = (world.links().count(), world.requests_sent());
    assert!(world.reports.is_empty());
    hooked(&mut world, FIRST);
    world.settle();
    assert_eq!(world.requests_sent(), sent + codes, "each once");
    assert!(all_report_to(&world, FIRST));
    assert_eq!(marks(&world), [Some(mark_of(FIRST))]);
    assert!(!is_to_compare(&world, sale));
    // A restart knows, and an address that has changed is told again.
    world.restart();
    hooked(&mut world, FIRST);
    world.settle();
    assert_eq!(world.requests_sent(), sent + codes);
    hooked(&mut world, SECOND);
    world.settle();
    assert_eq!(world.requests_sent(), sent + 2 * codes);
    assert!(all_report_to(&world, SECOND));
    assert_eq!(marks(&world), [Some(mark_of(SECOND))]);
}

#[test]
fn what_cannot_be_paid_or_belongs_to_another_account_is_left_alone() {
    let (mut world, sale) = joins_late();
    world.command(Command::CancelSale { sale });
    world.settle();
    let sent = world.requests_sent();
    let payable = world
        .links()
        .filter(|link| link.state == LinkState::Live)
        .count();
    assert!(payable < world.links().count());
    hooked(&mut world, FIRST);
    world.settle();
    assert_eq!(world.requests_sent(), sent + payable);
    let (mut other, sale) = joins_late();
    other.setup_mut().backends[0].account = "another".to_owned();
    other.restart();
    hooked(&mut other, FIRST);
    other.settle();
    assert_eq!(marks(&other), [None, Some(mark_of(FIRST))], "only new ones");
    assert_eq!(other.link_of(sale).reports_to, None);
}

#[test]
fn a_provider_that_refuses_is_asked_once_until_somebody_asks_for_codes() {
    let (mut world, sale) = joins_late();
    let sent = world.requests_sent();
    world.refused_minor = Some(100);
    for again in 0..2 {
        hooked(&mut world, FIRST);
        world.settle();
        assert_eq!(world.requests_sent(), sent + 1, "{again}");
    }
    assert!(is_to_compare(&world, sale));
    let waiting = world.terminal.sync_report(world.now()).rows;
    assert_eq!(
        waiting.len(),
        0,
        "no row that a person would have to decide"
    );
    world.refused_minor = None;
    world.command(Command::MintLinks);
    world.settle();
    assert!(all_report_to(&world, FIRST));
    assert!(!is_to_compare(&world, sale));
}

#[test]
fn a_stickers_code_serves_while_its_address_is_on_the_way_and_its_sales_are_heard_of_after_that() {
    let mut alone = of_kind("4pay");
    alone.backends[0].hook = None;
    alone.pool.per_amount = 0;
    alone.pool.open_amount = 0;
    let mut world = World::with_setup(2, alone);
    world.settle();
    world.setup_mut().hub = Some(HubSetup {
        address: "https://hub.example".to_owned(),
    });
    world.restart();
    world.hub_answers(own(1, NOTHING));
    world.online = false;
    hooked(&mut world, FIRST);
    world.wait_ms(60_000);
    let sales = [0, 1].map(|product| {
        world.tap(product);
        assert_eq!(world.code().map(|code| code.1), Some(Purpose::Permanent));
        let sale = world.pay().sale.id;
        world.command(Command::Go {
            screen: Screen::Sell,
        });
        assert!(is_to_compare(&world, sale));
        sale
    });
    world.online = true;
    world.wait_ms(3_600_000);
    assert!(all_report_to(&world, FIRST));
    for sale in sales {
        assert!(!is_to_compare(&world, sale));
    }
}

#[test]
fn without_a_network_they_wait_for_it() {
    let (mut world, sale) = joins_late();
    world.online = false;
    hooked(&mut world, FIRST);
    world.settle();
    assert!(is_to_compare(&world, sale));
    world.online = true;
    world.wait_ms(3_600_000);
    assert!(all_report_to(&world, FIRST));
}

#[test]
fn only_a_provider_that_reports_by_link_and_changes_links_is_told() {
    let (world, sale) = joins_late();
    let link = world.link_of(sale);
    assert!(!world.terminal.is_reported(&link));
    let elsewhere = Link {
        backend: "gone".to_owned(),
        ..link.clone()
    };
    assert!(
        world.terminal.is_reported(&elsewhere),
        "nobody could report"
    );
    for (kind, is_told) in [
        ("4pay", true),
        ("4geeks", false),
        ("devdraft", false),
        ("altapay", false),
    ] {
        let mut world = World::with_setup(0, of_kind(kind));
        world.terminal.links.put(Link {
            state: LinkState::Live,
            sale: None,
            ..link.clone()
        });
        let unreported = world.terminal.unreported("main");
        assert_eq!(!unreported.is_empty(), is_told, "{kind}");
        assert_eq!(world.terminal.is_reported(&link), !is_told, "{kind}");
    }
}

fn of_kind(kind: &str) -> Setup {
    let shop = ShopView {
        demo: false,
        ..setup().shop
    };
    let mut setup = Setup { shop, ..setup() };
    setup.backends[0].kind = kind.to_owned();
    setup
}
