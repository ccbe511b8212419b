//! What the hub is told, when, and when again.

use uuid::Uuid;

use super::feed::{NOTHING, joined, own, silent};
use super::loose::{claimed, take};
use super::world::{World, setup};
use crate::domain::id::SaleId;
use crate::domain::loose::LooseState;
use crate::proto::hub::OpenSale;
use crate::proto::hub::feed::OtherHistory;
use crate::proto::hub::shop::LINKS_MAX;
use crate::terminal::{Command, HubProblem, HubSaid, HubSetup, Notice, Setup, Told};

/// A till whose hub was heard and knows all that there was to tell.
fn told_all() -> World {
    let (mut world, _) = joined();
    world.hub_answers(own(1, NOTHING));
    world.settle_telling();
    assert!(world.told.is_empty());
    world
}

fn busy() -> HubProblem {
    HubProblem::Busy {
        status: 503,
        retry_after_secs: Some(7),
    }
}

/// In how many milliseconds the till wakes to tell something again.
fn wakes_to_tell(world: &World) -> Option<u64> {
    let due = world.terminal.telling_due_mono()?;
    let first = world.terminal.poll_timeout().map(|(at, _)| at);
    assert!(first.is_some_and(|first| first <= due), "{first:?} {due}");
    Some(due.saturating_sub(world.now().mono_ms))
}

#[test]
fn sales_that_wait_by_sticker_are_told_at_once_and_each_change_of_them() {
    let mut world = told_all();
    let first = world.sell_by_sticker(0);
    let product = world.product_row(0).id;
    let open = |sales: &[SaleId]| {
        let mut open: Vec<_> = sales
            .iter()
            .map(|sale| OpenSale {
                sale: *sale,
                product,
            })
            .collect();
        open.sort_unstable();
        Told::OpenSales(open)
    };
    assert_eq!(world.told, [open(&[first])], "within the step of the tap");
    world.settle_telling();
    let second = world.sell_by_sticker(0);
    assert_eq!(world.told, [open(&[first, second])]);
    world.settle_telling();
    world.command(Command::CancelSale { sale: first });
    assert_eq!(world.told, [open(&[second])]);
    world.settle_telling();
    world.wait_ms(60_000);
    assert!(world.told.is_empty(), "once");
}

#[test]
fn the_till_wakes_to_tell_again_only_while_nothing_is_under_way_and_the_hub_is_heard() {
    let mut world = told_all();
    world.sell_by_sticker(0);
    let told = world.told.pop().expect("an open sale");
    assert_eq!(wakes_to_tell(&world), None, "it is under way");
    world.hub_hears(told, Err(busy()));
    let due = wakes_to_tell(&world);
    assert!(
        due.is_some_and(|due| (7_000..=8_001).contains(&due)),
        "{due:?}"
    );
    world.wait_ms(8_001);
    assert_eq!(world.told.len(), 1, "it woke, and told");
    assert_eq!(wakes_to_tell(&world), None, "it is under way again");
    // A hub that is silent is told nothing: the feed says when it is back.
    let told = world.told.pop().unwrap();
    world.hub_hears(told, Err(busy()));
    world.hub_answers(silent());
    assert_eq!(wakes_to_tell(&world), None);
    world.wait_ms(8_001);
    assert!(world.told.is_empty());
    world.hub_answers(own(1, NOTHING));
    assert_eq!(world.told.len(), 1);
}

#[test]
fn a_hub_with_another_history_is_told_all_again() {
    let mut world = told_all();
    let sale = world.sell_by_sticker(0);
    let open = world.settle_telling();
    let lost = OtherHistory {
        own: true,
        shop: true,
    };
    world.hub_answers(Err(HubProblem::OtherHistory(lost)));
    world.wait_ms(2_000);
    world.hub_answers(own(1, NOTHING));
    let again = world.settle_telling();
    assert!(again.contains(&open[0]), "{sale} {again:?}");
    assert!(again.iter().any(|told| matches!(told, Told::Links(_))));
}

#[test]
fn links_are_told_in_parts() {
    let hub = Some(HubSetup {
        address: "https://hub.example".to_owned(),
    });
    let setup = Setup { hub, ..setup() };
    let mut world = World::with_setup(LINKS_MAX + 1, setup);
    world.wait_ms(10_000);
    world.hub_answers(own(1, NOTHING));
    let links = world.links().filter(|link| link.remote.is_some()).count();
    assert!(links > LINKS_MAX);
    let mut sizes = Vec::new();
    while let Some(Told::Links(part)) = world.told.pop() {
        sizes.push(part.len());
        world.hub_hears(Told::Links(part), Ok(HubSaid::Stored));
    }
    assert_eq!(sizes[0], LINKS_MAX);
    assert_eq!(sizes.iter().sum::<usize>(), links);
}

#[test]
fn a_hub_that_forgot_who_has_a_payment_is_told_again_and_two_tills_that_have_it_are_said() {
    let lost = OtherHistory {
        own: true,
        shop: true,
    };
    for other in [None, Some(SaleId(Uuid::from_u128(77)))] {
        let (mut world, sale) = World::paid_by_sticker();
        world.command(take("p9", Some(sale)));
        let told = world.claim_under_way();
        let ours = claimed(&told, "Till 1", None);
        world.hub_hears(told.clone(), Ok(HubSaid::Claimed(ours)));
        world.hub_answers(Err(HubProblem::OtherHistory(lost)));
        world.wait_ms(2_000);
        world.hub_answers(own(1, NOTHING));
        let again = world.told.pop().expect("before all else");
        assert_eq!(again, told);
        let till = if other.is_some() { "Till 2" } else { "Till 1" };
        let said = claimed(&again, till, other);
        world.hub_hears(again, Ok(HubSaid::Claimed(said)));
        assert_eq!(world.loose_state("p9"), LooseState::Taken { sale });
        let notice = world.snapshot().notice.map(|(_, notice)| notice);
        let till = till.to_owned();
        let wanted = other.map(|_| Notice::PaymentTakenTwice { till });
        assert_eq!(notice, wanted);
        assert_eq!(world.journal_says("payment_taken_twice"), other.is_some());
        let rest = world.settle_telling();
        assert!(world.told.is_empty(), "once: {rest:?}");
    }
}
