//! The catalog as the owner changes it: what a product may be, and when the index follows.

use std::sync::Arc;

use super::asking::{now, till};
use super::world::{World, eur, product_id};
use crate::domain::catalog::{Catalog, Product};
use crate::domain::id::ProductId;
use crate::domain::options::OptionValue;
use crate::terminal::cart::SALE_MINOR_MAX;
use crate::terminal::command::PRODUCTS_PER_COMMAND_MAX;
use crate::terminal::{Actor, Command, Effect, Event, Notice, Reply, Rows, Step, Terminal, Why};

fn put(products: Vec<Product>) -> Command {
    Command::PutProducts {
        products,
        source: "test".to_owned(),
    }
}

fn with_sku(world: &World, sku: &str) -> Product {
    Product {
        id: ProductId::of_sku("Corner", sku),
        sku: sku.to_owned(),
        ..world.product_row(0)
    }
}

fn is_taken(world: &mut World, product: Product) -> bool {
    let reply = world.reply(put(vec![product]));
    let bad = |reply: &Reply| {
        matches!(
            reply,
            Reply::Refused {
                notice: Notice::BadProduct { .. }
            }
        )
    };
    assert!(reply == Reply::Done || bad(&reply), "{reply:?}");
    reply == Reply::Done
}

#[test]
fn a_product_is_taken_up_to_its_bounds_and_not_beyond() {
    let mut world = World::with_products(1);
    for (length, is_good) in [(0, false), (1, true), (64, true), (65, false)] {
        let product = with_sku(&world, &"é".repeat(length));
        assert_eq!(is_taken(&mut world, product), is_good, "SKU {length}");
    }
    for (name, is_good) in [
        (String::new(), false),
        ("   ".to_owned(), false),
        ("é".repeat(200), true),
        ("é".repeat(201), false),
    ] {
        let product = Product {
            name: name.clone(),
            ..world.product_row(0)
        };
        assert_eq!(is_taken(&mut world, product), is_good, "{name:?}");
    }
    for (length, is_good) in [(0, true), (2_000, true), (2_001, false)] {
        let product = Product {
            description: "é".repeat(length),
            ..world.product_row(0)
        };
        assert_eq!(is_taken(&mut world, product), is_good, "text {length}");
    }
    for (count, length, is_good) in [
        (0, 1, true),
        (16, 64, true),
        (17, 1, false),
        (1, 0, false),
        (1, 65, false),
    ] {
        let product = Product {
            barcodes: vec!["9".repeat(length); count],
            ..world.product_row(0)
        };
        assert_eq!(is_taken(&mut world, product), is_good, "{count} {length}");
    }
    for (minor, is_good) in [
        (0, false),
        (1, true),
        (SALE_MINOR_MAX, true),
        (SALE_MINOR_MAX + 1, false),
    ] {
        let product = Product {
            price: eur(minor),
            ..world.product_row(0)
        };
        assert_eq!(is_taken(&mut world, product), is_good, "{minor}");
    }
    for (count, is_good) in [(40, true), (41, false)] {
        let mut product = world.product_row(0);
        for number in 0..count {
            let name = number.to_string();
            product.options.set(&name, OptionValue::Switch(true));
        }
        assert_eq!(is_taken(&mut world, product), is_good, "{count} options");
    }
    let stranger = Product {
        id: product_id(7),
        ..world.product_row(0)
    };
    assert!(!is_taken(&mut world, stranger), "another shop's");
}

#[test]
fn so_many_products_come_at_once_and_none_of_more() {
    for (count, is_good) in [
        (PRODUCTS_PER_COMMAND_MAX, true),
        (PRODUCTS_PER_COMMAND_MAX + 1, false),
    ] {
        let mut world = World::with_products(1);
        let products = (0..count).map(|number| with_sku(&world, &format!("N{number}")));
        let all = put(products.collect());
        assert_eq!(world.reply(all) == Reply::Done, is_good, "{count}");
        world.settle();
        let there = world.snapshot().catalog.products().len();
        assert_eq!(there, if is_good { count + 1 } else { 1 });
    }
}

fn obeys(till: &mut Terminal, command: Command, at: u64) -> Step {
    let event = Event::Command {
        command,
        actor: Actor::Script,
        seen: None,
        reply_to: None,
    };
    till.handle(event, Rows::default(), now(at))
}

fn index_of(step: &Step) -> Option<(u64, Vec<Arc<Product>>)> {
    step.effects.iter().find_map(|effect| {
        let Effect::Index { revision, products } = effect else {
            return None;
        };
        Some((*revision, products.clone()))
    })
}

/// When the till that was given products at these times wants to index them.
fn index_due(times: &[u64]) -> Option<u64> {
    let (mut till, _) = till(Vec::new(), Vec::new(), Vec::new());
    let product = World::with_products(1).product_row(0);
    for at in times {
        obeys(&mut till, put(vec![product.clone()]), *at);
    }
    let due = till.poll_timeout().filter(|(_, why)| *why == Why::Index);
    due.map(|(at, _)| at)
}

#[test]
fn an_import_is_indexed_when_it_is_quiet_and_within_two_seconds_in_any_case() {
    assert_eq!(index_due(&[100]), Some(300));
    assert_eq!(index_due(&[100, 250]), Some(450));
    let steady: Vec<u64> = (0..14).map(|number| 100 + number * 150).collect();
    assert_eq!(index_due(&steady), Some(2_100));
}

#[test]
fn one_index_is_made_at_a_time_and_an_older_one_replaces_no_newer() {
    let (mut till, _) = till(Vec::new(), Vec::new(), Vec::new());
    let product = World::with_products(1).product_row(0);
    obeys(&mut till, put(vec![product.clone()]), 100);
    let wakes = |till: &mut Terminal, at| till.handle(Event::Woke, Rows::default(), now(at));
    assert!(index_of(&wakes(&mut till, 299)).is_none());
    let (first, products) = index_of(&wakes(&mut till, 300)).expect("it was quiet");
    obeys(&mut till, put(vec![product]), 400);
    assert!(
        index_of(&wakes(&mut till, 5_000)).is_none(),
        "one is on its way"
    );
    let indexed = |till: &mut Terminal, revision, at| {
        let catalog = Catalog::index(revision, products.clone());
        till.handle(Event::Indexed(Arc::new(catalog)), Rows::default(), now(at))
    };
    let next = indexed(&mut till, first, 5_001);
    let (second, _) = index_of(&next).expect("what came meanwhile");
    assert!(second > first);
    indexed(&mut till, second, 5_002);
    indexed(&mut till, first, 5_003);
    assert_eq!(till.snapshot().catalog.revision(), second);
}

fn fetched(step: &Step) -> Option<Vec<String>> {
    step.effects.iter().find_map(|effect| {
        let Effect::FetchPictures { sources } = effect else {
            return None;
        };
        Some(sources.clone())
    })
}

#[test]
fn every_picture_is_fetched_once_and_none_where_there_are_none() {
    let world = World::with_products(3);
    let pictures = [Some("b.png"), Some("a.png"), Some("b.png")];
    for (pictures, expected) in [
        (pictures, Some(vec!["a.png".to_owned(), "b.png".to_owned()])),
        ([None; 3], None),
    ] {
        let products = pictures.iter().zip(0..).map(|(picture, number)| {
            Arc::new(Product {
                picture: picture.map(str::to_owned),
                ..world.product_row(number)
            })
        });
        let catalog = Arc::new(Catalog::index(5, products.collect()));
        let rows = crate::terminal::Recovered {
            catalog: Arc::clone(&catalog),
            ..Default::default()
        };
        let setup = super::world::setup();
        let entropy = crate::domain::id::Entropy::new([1; 32]);
        let (_, first) = Terminal::recover(setup, rows, entropy, now(0));
        assert_eq!(fetched(&first), expected, "at the start");
        let (mut till, _) = till(Vec::new(), Vec::new(), Vec::new());
        let step = till.handle(Event::Indexed(catalog), Rows::default(), now(5));
        assert_eq!(fetched(&step), expected, "after an import");
    }
}
