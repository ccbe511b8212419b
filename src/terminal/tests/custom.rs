//! Links by hand.

use super::world::{World, eur};
use crate::domain::id::LinkId;
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::options::{OptionValue, Options};
use crate::terminal::{Command, CustomLink, LinkChange, Notice, Reply, Screen};

pub(super) fn wish(title: &str, minor: i64) -> CustomLink {
    CustomLink {
        backend: None,
        title: title.to_owned(),
        amount: eur(minor),
        asking: Asking::Fixed,
        purpose: Purpose::Single,
        expires_at: None,
        options: Options::default(),
    }
}

pub(super) fn world() -> World {
    let mut world = World::with_products(2);
    world.settle();
    world
}

pub(super) fn make(world: &mut World, wish: CustomLink) -> Result<LinkId, Notice> {
    answer(world.reply(Command::NewLink { wish }))
}

fn change(world: &mut World, link: LinkId, change: LinkChange) -> Result<LinkId, Notice> {
    answer(world.reply(Command::SetLink { link, change }))
}

fn answer(reply: Reply) -> Result<LinkId, Notice> {
    match reply {
        Reply::Link { link } => Ok(link),
        Reply::Refused { notice } => Err(notice),
        // What no test expects.
        Reply::Done
        | Reply::Sale { .. }
        | Reply::Remote { .. }
        | Reply::Prints { .. }
        | Reply::Patrol { .. }
        | Reply::Stickers { .. } => Err(Notice::NotNow),
    }
}

fn row(world: &World, id: LinkId) -> Link {
    world.disk.links[&id].clone()
}

fn switch(name: &str) -> Options {
    let mut options = Options::default();
    options.set(name, OptionValue::Switch(true));
    options
}

#[test]
fn a_link_by_hand_has_a_title_of_some_length_and_a_sum_or_a_payer_who_says_how_much() {
    let bad_title = Err(Notice::BadTitle { limit: 200 });
    for (title, expected) in [
        (String::new(), bad_title.clone()),
        ("  ".to_owned(), bad_title.clone()),
        ("ü".repeat(201), bad_title),
        ("ü".repeat(200), Ok(())),
        (" x ".to_owned(), Ok(())),
    ] {
        let mut world = world();
        let made = make(&mut world, wish(&title, 100));
        let said = made.map(|id| assert_eq!(row(&world, id).title, title.trim()));
        assert_eq!(said, expected, "{title:?}");
    }
    for (minor, asking, is_good) in [
        (1, Asking::Fixed, true),
        (0, Asking::Fixed, false),
        (-1, Asking::Fixed, false),
        (0, Asking::Open, true),
    ] {
        let wish = CustomLink {
            asking,
            ..wish("Invoice 7", minor)
        };
        let made = make(&mut world(), wish);
        assert_eq!(made.is_ok(), is_good, "{minor} {asking:?} {made:?}");
    }
    let elsewhere = CustomLink {
        backend: Some("other".to_owned()),
        ..wish("Invoice 7", 100)
    };
    let name = "other".to_owned();
    let unknown = Err(Notice::UnknownBackend { name });
    assert_eq!(make(&mut world(), elsewhere), unknown);
}

#[test]
fn a_link_by_hand_ends_as_it_was_asked_to_and_is_nobodys_spare_even_after_a_power_cut() {
    for days in [None, Some(90)] {
        let mut world = World::with_products(0);
        world.settle();
        let wall = world.now().wall;
        let expires_at = days.map(|days: i64| wall.plus_millis(days * 86_400_000));
        world.hold_answers = true;
        let wish = CustomLink {
            expires_at,
            options: switch("fee"),
            ..wish("Invoice 7", 777)
        };
        let id = make(&mut world, wish).unwrap();
        let asked = row(&world, id);
        assert!(asked.is_custom);
        assert_eq!(
            (asked.expires_at, &asked.options),
            (expires_at, &switch("fee"))
        );
        world.restart();
        world.hold_answers = false;
        world.deliver();
        world.wait_ms(10_000);
        let made = row(&world, id);
        assert_eq!((made.state, made.is_custom), (LinkState::Live, true));
        assert_eq!((made.expires_at, made.options), (expires_at, switch("fee")));
        world.command(Command::PayAmount { amount: eur(777) });
        assert_ne!(
            world.code().map(|code| code.0),
            made.remote.map(|it| it.url)
        );
        world.command(Command::Go {
            screen: Screen::Sell,
        });
        world.wait_ms(15 * 86_400_000);
        assert_eq!(row(&world, id).state, LinkState::Live, "no sweep ends it");
    }
}

#[test]
fn what_is_changed_on_a_link_changes_and_the_rest_stays() {
    let mut world = world();
    let made = CustomLink {
        options: switch("fee"),
        ..wish("Invoice 7", 777)
    };
    let id = make(&mut world, made).unwrap();
    world.settle();
    let price = LinkChange {
        amount: Some(eur(888)),
        ..LinkChange::default()
    };
    assert_eq!(change(&mut world, id, price), Ok(id));
    world.settle();
    let link = row(&world, id);
    assert_eq!((link.amount, link.title.as_str()), (eur(888), "Invoice 7"));
    assert_eq!(link.options, switch("fee"));
    assert_eq!(world.provider_minor(link.url().unwrap()), Some(888));
    let words = LinkChange {
        title: Some(" Invoice 8 ".to_owned()),
        options: switch("tip"),
        ..LinkChange::default()
    };
    assert_eq!(change(&mut world, id, words), Ok(id));
    world.settle();
    let link = row(&world, id);
    assert_eq!((link.amount, link.title.as_str()), (eur(888), "Invoice 8"));
    assert!(
        link.description.contains("Invoice 8"),
        "{}",
        link.description
    );
    assert_eq!(link.options.iter().count(), 2);
}

#[test]
fn a_link_is_not_changed_into_nonsense_nor_one_that_is_not_there_or_in_use() {
    let mut world = world();
    let id = make(&mut world, wish("Invoice 7", 777)).unwrap();
    world.settle();
    let amount = |minor| LinkChange {
        amount: Some(eur(minor)),
        ..LinkChange::default()
    };
    let title = LinkChange {
        title: Some("  ".to_owned()),
        ..LinkChange::default()
    };
    let limit = 200;
    assert_eq!(
        change(&mut world, id, amount(0)),
        Err(Notice::AmountNotPositive)
    );
    assert_eq!(
        change(&mut world, id, title),
        Err(Notice::BadTitle { limit })
    );
    let nobody = LinkId(uuid::Uuid::from_u128(1));
    assert_eq!(
        change(&mut world, nobody, amount(1)),
        Err(Notice::UnknownLink)
    );
    world.tap(0);
    let shown = world.link_of(world.pay().sale.id).id;
    assert_eq!(change(&mut world, shown, amount(1)), Err(Notice::LinkInUse));
    world.settle();
    assert_eq!(row(&world, id).amount, eur(777));
}

#[test]
fn where_the_account_changes_no_links_it_is_said() {
    let mut world = world();
    let id = make(&mut world, wish("Invoice 7", 777)).unwrap();
    world.settle();
    let kind = "4geeks".to_owned();
    kind.clone_into(&mut world.setup_mut().backends[0].kind);
    world.restart();
    let changed = change(&mut world, id, LinkChange::default());
    assert_eq!(changed, Err(Notice::CannotChange { kind }));
}
