//! Goods that go out without proof: up to the owner's caps, beyond them by PIN, and a PIN that cannot
//! be guessed.

use super::world::{World, eur, setup};
use crate::domain::id::SaleId;
use crate::domain::money::{Amount, Currency};
use crate::terminal::{Command, Notice, Pin, PinCheck, Reply, RiskSetup, Setup};

const RIGHT: &str = "2468";
/// With it the bytes in which the digest of 0002 differs from the right one cancel each other out.
const SALT: [u8; 32] = [6; 32];
const LOCKED_MS: u64 = 30_000;

fn till(risk: RiskSetup) -> World {
    let setup = Setup { risk, ..setup() };
    let mut world = World::with_setup(1, setup);
    world.settle();
    world
}

fn caps(per_sale: Option<i64>, total: Option<i64>) -> RiskSetup {
    RiskSetup {
        per_sale: per_sale.map(eur),
        total: total.map(eur),
        pin: None,
    }
}

/// Nothing goes out without the PIN.
fn with_pin() -> World {
    till(RiskSetup {
        pin: Some(PinCheck::new(RIGHT, SALT)),
        ..caps(Some(0), None)
    })
}

fn begin(world: &mut World, minor: i64) -> SaleId {
    world.command(Command::PayAmount { amount: eur(minor) });
    world.pay().sale.id
}

/// Hands the goods of a sale over; says what stood in the way.
fn hand_over(world: &mut World, sale: SaleId, pin: Option<&str>) -> Option<Notice> {
    let reply = world.reply(Command::ClaimSale {
        sale,
        reason: "a regular".to_owned(),
        pin: pin.map(|pin| Pin(pin.to_owned())),
    });
    match reply {
        Reply::Refused { notice } => Some(notice),
        Reply::Sale { .. } => None,
        Reply::Done
        | Reply::Link { .. }
        | Reply::Remote { .. }
        | Reply::Prints { .. }
        | Reply::Patrol { .. }
        | Reply::Stickers { .. } => {
            panic!("{reply:?}")
        }
    }
}

fn goes_out(world: &mut World, minor: i64) -> Option<Notice> {
    let sale = begin(world, minor);
    hand_over(world, sale, None)
}

#[test]
fn goods_go_out_unproven_up_to_the_cap_of_one_sale() {
    let above = Notice::AboveCap { cap: eur(200) };
    for (cap, minor, said) in [
        (Some(200), 200, None),
        (Some(200), 201, Some(above)),
        (None, 1_000_000, None),
    ] {
        let mut world = till(caps(cap, None));
        assert_eq!(goes_out(&mut world, minor), said, "{cap:?} {minor}");
    }
}

#[test]
fn goods_go_out_unproven_up_to_the_cap_of_all_sales_even_after_a_restart() {
    let mut world = till(caps(None, Some(500)));
    let above = Some(Notice::AboveCap { cap: eur(500) });
    assert_eq!(goes_out(&mut world, 501), above);
    assert_eq!(goes_out(&mut world, 200), None);
    assert_eq!(goes_out(&mut world, 301), above);
    assert_eq!(goes_out(&mut world, 300), None);
    assert_eq!(goes_out(&mut world, 1), above);
    world.restart();
    assert_eq!(goes_out(&mut world, 1), above);
    let risk = world.snapshot().risk;
    assert_eq!((risk.handed_over, risk.sales), (eur(500), 2));
    assert_eq!((risk.per_sale, risk.total), (None, Some(eur(500))));
    assert!(!risk.has_pin);
}

#[test]
fn a_cap_in_another_currency_lets_nothing_out() {
    let usd = Currency::from_code("USD").unwrap();
    let cap = Amount::new(1_000, usd);
    let mut world = till(RiskSetup {
        per_sale: Some(cap),
        ..RiskSetup::default()
    });
    let above = Some(Notice::AboveCap { cap });
    assert_eq!(goes_out(&mut world, 1), above);
}

#[test]
fn what_is_settled_counts_no_more_and_the_same_sale_never_twice() {
    for settled in ["paid", "cash", "cancelled"] {
        let mut world = till(caps(None, Some(300)));
        let first = begin(&mut world, 300);
        assert_eq!(hand_over(&mut world, first, None), None);
        assert_eq!(hand_over(&mut world, first, None), None, "the same sale");
        let second = begin(&mut world, 300);
        assert!(hand_over(&mut world, second, None).is_some());
        match settled {
            "paid" => world.notify(first, 300, "charged"),
            "cash" => world.command(Command::PayInCash {
                sale: first,
                given: eur(300),
            }),
            _ => world.command(Command::CancelSale { sale: first }),
        }
        assert_eq!(world.snapshot().risk.sales, 0, "{settled}");
        assert_eq!(hand_over(&mut world, second, None), None, "{settled}");
    }
}

#[test]
fn goods_whose_code_ran_out_unpaid_count_still() {
    let mut world = till(caps(None, Some(300)));
    let sale = begin(&mut world, 300);
    assert_eq!(hand_over(&mut world, sale, None), None);
    world.wait_ms(15 * 24 * 3_600_000);
    assert_eq!(world.snapshot().risk.handed_over, eur(300));
    assert!(goes_out(&mut world, 1).is_some());
}

#[test]
fn the_pin_goes_beyond_a_cap_and_its_use_is_written_down() {
    let mut world = with_pin();
    assert!(world.snapshot().risk.has_pin);
    let sale = begin(&mut world, 300);
    let needed = Notice::PinNeeded { cap: eur(0) };
    assert_eq!(hand_over(&mut world, sale, None), Some(needed));
    let wrong = Some(Notice::PinWrong);
    assert_eq!(hand_over(&mut world, sale, Some("2469")), wrong);
    assert!(!world.journal_says("pin_used"));
    assert_eq!(hand_over(&mut world, sale, Some(RIGHT)), None);
    assert!(world.journal_says("pin_used"));
}

#[test]
fn three_wrong_pins_cost_half_a_minute_and_so_does_each_one_after_them() {
    let mut world = with_pin();
    let sale = begin(&mut world, 300);
    let (wrong, locked) = (Some(Notice::PinWrong), Some(Notice::PinLocked));
    for _ in 0..3 {
        assert_eq!(hand_over(&mut world, sale, Some("0000")), wrong);
    }
    for _ in 0..2 {
        assert_eq!(hand_over(&mut world, sale, Some(RIGHT)), locked);
        world.wait_ms(LOCKED_MS - 1);
        assert_eq!(hand_over(&mut world, sale, Some(RIGHT)), locked);
        world.wait_ms(1);
        assert_eq!(hand_over(&mut world, sale, Some("0000")), wrong);
    }
    world.wait_ms(LOCKED_MS);
    assert_eq!(hand_over(&mut world, sale, Some(RIGHT)), None);
    // Forgiven: three free tries again.
    let next = begin(&mut world, 300);
    for _ in 0..3 {
        assert_eq!(hand_over(&mut world, next, Some("0000")), wrong);
    }
}

#[test]
fn a_restart_forgives_no_wrong_pin() {
    for (tries, is_locked) in [(2, false), (3, true)] {
        let mut world = with_pin();
        let sale = begin(&mut world, 300);
        for _ in 0..tries {
            hand_over(&mut world, sale, Some("0000"));
        }
        world.wait_ms(LOCKED_MS);
        world.restart();
        let said = hand_over(&mut world, sale, Some(RIGHT));
        assert_eq!(said, is_locked.then_some(Notice::PinLocked), "{tries}");
        world.wait_ms(LOCKED_MS);
        assert_eq!(hand_over(&mut world, sale, Some(RIGHT)), None);
    }
}

#[test]
fn fifty_wrong_pins_open_nothing() {
    let mut world = with_pin();
    let sale = begin(&mut world, 300);
    for number in 0..50 {
        let said = hand_over(&mut world, sale, Some(&format!("{number:04}")));
        assert_eq!(said, Some(Notice::PinWrong), "{number:04}");
        world.wait_ms(LOCKED_MS);
    }
}

#[test]
fn a_pin_is_not_in_the_log() {
    let said = format!("{:?}", PinCheck::new(RIGHT, SALT));
    assert_eq!(said, "PinCheck { .. }");
    assert_eq!(format!("{:?}", Pin(RIGHT.to_owned())), "Pin(…)");
}
