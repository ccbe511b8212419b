//! Random steps, and what must hold after each of them, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::world::{World, eur, product_id};
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose};
use crate::domain::sale::{Fact, SaleState};
use crate::terminal::snapshot::CodeView;
use crate::terminal::{Command, Screen, SellMode};

/// Something that people, the network or the power do.
#[derive(Clone, Debug)]
enum Deed {
    Tap(usize),
    DoubleTap(usize),
    Mode(SellMode),
    PayCart,
    Hold,
    Recall,
    Back,
    OnSale(usize, SaleDeed),
    Network(bool),
    Answers(bool),
    LoseAnswers(u32),
    Wait(u64),
    Reprice { product: usize, minor: i64 },
    PowerCut,
}

/// Something that is done to one of the sales.
#[derive(Clone, Debug)]
enum SaleDeed {
    Open,
    Cash,
    Cancel,
    Claim,
    Notify { minor: i64, status: &'static str },
}

fn sale_deed() -> impl Strategy<Value = SaleDeed> {
    let status = prop_oneof![
        Just("charged"),
        Just("failed"),
        Just("created"),
        Just("refunded")
    ];
    prop_oneof![
        2 => Just(SaleDeed::Open),
        1 => Just(SaleDeed::Cash),
        2 => Just(SaleDeed::Cancel),
        1 => Just(SaleDeed::Claim),
        4 => (prop_oneof![3 => Just(0_i64), 1 => -50..50_i64], status)
            .prop_map(|(minor, status)| SaleDeed::Notify { minor, status }),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => (0..4_usize).prop_map(Deed::Tap),
        2 => (0..4_usize).prop_map(Deed::DoubleTap),
        1 => prop_oneof![Just(SellMode::OneItem), Just(SellMode::SeveralItems)].prop_map(Deed::Mode),
        2 => Just(Deed::PayCart),
        1 => Just(Deed::Hold),
        1 => Just(Deed::Recall),
        4 => Just(Deed::Back),
        10 => (0..8_usize, sale_deed()).prop_map(|(sale, deed)| Deed::OnSale(sale, deed)),
        2 => any::<bool>().prop_map(Deed::Network),
        1 => any::<bool>().prop_map(Deed::Answers),
        1 => (0..3_u32).prop_map(Deed::LoseAnswers),
        4 => prop_oneof![0..500_u64, 1_000..60_000_u64].prop_map(Deed::Wait),
        1 => (0..4_usize, 1..900_i64).prop_map(|(product, minor)| Deed::Reprice { product, minor }),
        2 => Just(Deed::PowerCut),
    ]
}

/// What an onlooker knows: every code that was on the screen, and whose it was.
#[derive(Default)]
struct Onlooker {
    codes: BTreeMap<String, (SaleId, Purpose)>,
    money: BTreeMap<SaleId, i64>,
}

fn nth_sale(world: &World, number: usize) -> Option<SaleId> {
    let count = world.disk.sales.len();
    world.disk.sales.keys().nth(number % count.max(1)).copied()
}

fn act(world: &mut World, onlooker: &mut Onlooker, deed: &Deed) {
    match deed {
        Deed::Tap(product) => world.tap(*product),
        Deed::DoubleTap(product) => {
            let seen = world.snapshot().screen_seq;
            let before = world.stored_sales();
            for _ in 0..2 {
                world.command_seen(
                    Command::Tap {
                        product: product_id(*product),
                    },
                    seen,
                );
            }
            assert!(
                world.stored_sales() <= before + 1,
                "a double tap sold twice"
            );
        }
        Deed::Mode(mode) => world.command(Command::SetMode { mode: *mode }),
        Deed::PayCart => world.command(Command::PayCart),
        Deed::Hold => world.command(Command::HoldCart),
        Deed::Recall => {
            if let Some(held) = world.snapshot().held.first() {
                world.command(Command::RecallCart { cart: held.id });
            }
        }
        Deed::Back => world.command(Command::Go {
            screen: Screen::Sell,
        }),
        Deed::Network(online) => world.online = *online,
        Deed::Answers(held) => {
            world.hold_answers = *held;
            world.deliver();
        }
        Deed::LoseAnswers(count) => world.lose_answers = *count,
        Deed::Wait(millis) => world.wait_ms(*millis),
        Deed::Reprice { product, minor } => {
            let mut product = world.product_row(*product);
            product.price = eur(*minor);
            world.command(Command::PutProducts {
                products: vec![product],
                source: String::new(),
            });
        }
        Deed::PowerCut => world.restart(),
        Deed::OnSale(sale, deed) => {
            if let Some(sale) = nth_sale(world, *sale) {
                act_on_sale(world, onlooker, deed, sale);
            }
        }
    }
}

fn act_on_sale(world: &mut World, onlooker: &mut Onlooker, deed: &SaleDeed, sale: SaleId) {
    let record = world.disk.record(sale);
    match deed {
        SaleDeed::Open => world.command(Command::OpenSale { sale }),
        SaleDeed::Cash => world.command(Command::PayInCash {
            sale,
            given: eur(10_000),
        }),
        SaleDeed::Cancel => world.command(Command::CancelSale { sale }),
        SaleDeed::Claim => world.command(Command::ClaimSale {
            sale,
            reason: "regular".to_owned(),
            pin: None,
        }),
        SaleDeed::Notify { minor, status } => {
            let single = record
                .last_shown()
                .is_some_and(|link| world.disk.links[&link].purpose == Purpose::Single);
            if single {
                let minor = (record.sale.total.minor + minor).max(1);
                world.notify(sale, minor, status);
                if *status == "charged" {
                    onlooker.money.insert(sale, minor);
                }
            }
        }
    }
}

/// Looks at the screen and at the rows, as somebody outside would.
fn check(world: &World, onlooker: &mut Onlooker) {
    let snapshot = world.snapshot();
    if let Some(pay) = &snapshot.pay
        && let CodeView::Ready {
            url, purpose, part, ..
        } = &pay.code
    {
        let facts = world.disk.record(pay.sale.id);
        let shown: Vec<LinkId> = facts.shown_links().map(|(link, _)| link).collect();
        let link = shown
            .iter()
            .map(|id| &world.disk.links[id])
            .find(|link| link.url() == Some(url));
        let link = link.expect("a code is on the screen that is not on disk as shown");
        let asked = if part.is_some() {
            let parts = facts.last_codes();
            let amounts = parts.iter().map(|(id, _)| world.disk.links[id].amount);
            crate::domain::money::sum(amounts).unwrap().unwrap()
        } else {
            link.amount
        };
        assert_eq!(asked, pay.sale.total, "the code asks for another sum");
        let first = onlooker
            .codes
            .entry(url.clone())
            .or_insert((pay.sale.id, *purpose));
        if *purpose == Purpose::Single {
            assert_eq!(
                first.0, pay.sale.id,
                "a single code was shown for two sales"
            );
        }
    }
    let mut references = BTreeMap::new();
    for id in world.disk.sales.keys() {
        check_sale(world, *id);
        let record = world.disk.record(*id);
        let other = references.insert(record.sale.reference.clone(), *id);
        assert_eq!(other, None, "two sales with one reference");
    }
    check_links(world);
    check_counts(world);
}

fn check_sale(world: &World, id: SaleId) {
    let record = world.disk.record(id);
    let standing = record.standing();
    let cash = record.facts().any(|fact| matches!(fact, Fact::Cash { .. }));
    let best: i64 = record
        .facts()
        .filter_map(|fact| match fact {
            Fact::Reported(report) => Some(report.amount.minor),
            Fact::Shown { .. }
            | Fact::Cash { .. }
            | Fact::Claimed { .. }
            | Fact::Checked { .. }
            | Fact::Cancelled { .. }
            | Fact::Expired { .. } => None,
        })
        .max()
        .unwrap_or(0);
    if standing.state == SaleState::Paid {
        assert!(
            cash || best >= record.sale.total.minor,
            "paid without money: {record:?}"
        );
    }
    let waits = world.snapshot().waiting.iter().any(|sale| sale.id == id);
    let open = matches!(standing.state, SaleState::Open | SaleState::Awaiting);
    assert!(!waits || open, "a closed sale waits");
}

/// Nothing that was wanted from the backend is forgotten, in memory or on disk.
fn check_links(world: &World) {
    for link in world
        .links()
        .filter(|link| link.state == LinkState::Requested)
    {
        let waits = world
            .disk
            .jobs
            .values()
            .any(|job| job.link == Some(link.id));
        assert!(
            waits,
            "a link waits for an answer that nobody asks for: {link:?}"
        );
    }
}

/// The status bar counts what is there.
fn check_counts(world: &World) {
    let lives = |link: &&Link| link.purpose == Purpose::Permanent && link.state == LinkState::Live;
    let with_code: BTreeSet<_> = world
        .links()
        .filter(lives)
        .map(|link| link.product)
        .collect();
    let counted = world.snapshot().status.products_with_code;
    assert_eq!(usize::try_from(counted).unwrap(), with_code.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_till_stays_right(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut world = World::with_products(4);
        let mut onlooker = Onlooker::default();
        for deed in &deeds {
            act(&mut world, &mut onlooker, deed);
            check(&world, &mut onlooker);
        }
        // Faults end: everything that waits is done within a day.
        world.online = true;
        world.hold_answers = false;
        world.lose_answers = 0;
        world.deliver();
        world.wait_ms(3_600_000);
        check(&world, &mut onlooker);
        prop_assert!(world.disk.jobs.is_empty(), "work is left over: {:?}", world.disk.jobs);
        for (sale, minor) in onlooker.money {
            let known = world.disk.record(sale);
            let reported = known.facts().any(|fact| matches!(fact, Fact::Reported(report) if report.amount.minor == minor));
            prop_assert!(reported, "money was dropped");
        }
    }
}
