//! Payments to sort out: stickers, other tills, and a person's word.

use uuid::Uuid;

use super::feed::{NOTHING, joined, own, shop, silent};
use super::notified::{body, notification};
use super::world::{World, eur, setup};
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::Link;
use crate::domain::loose::LooseState;
use crate::domain::payment::Proof;
use crate::domain::sale::SaleState;
use crate::proto::hub::{Claimed, Notification, OpenSale, Published, ShopLink};
use crate::terminal::{
    Command, HubProblem, HubSaid, HubSetup, Notice, Reply, Screen, SendError, Setup, Told,
};

const OTHER_TILL: &str = "Till 2";

/// The notification of a payment on a till's sticker.
pub(super) fn on_sticker(sticker: &Link, payment: &str, minor: i64, status: &str) -> Notification {
    notification(sticker, "4pay", &body(sticker, payment, minor, status))
}

pub(super) fn take(payment: &str, sale: Option<SaleId>) -> Command {
    Command::TakePayment {
        backend: "main".to_owned(),
        payment: payment.to_owned(),
        sale,
    }
}

/// What the hub says of a claim.
pub(super) fn claimed(told: &Told, till: &str, sale: Option<SaleId>) -> Claimed {
    let Told::Claim(claim) = told else {
        panic!("{told:?}");
    };
    Claimed {
        kind: claim.kind.clone(),
        payment: claim.payment.clone(),
        link: claim.link,
        sale: sale.unwrap_or(claim.sale),
        terminal: Uuid::from_u128(2),
        till: till.to_owned(),
    }
}

impl World {
    pub(super) fn sticker(&self) -> Link {
        let mut links = self.links();
        let sticker = links.find(|link| link.product.is_some());
        sticker.cloned().expect("a sticker")
    }

    /// A till with a hub that has heard of a payment of 1.00 by sticker.
    pub(super) fn paid_by_sticker() -> (Self, SaleId) {
        let (mut world, sale) = joined();
        let paid = on_sticker(&world.sticker(), "p9", 100, "charged");
        world.hub_answers(shop(1, vec![paid]));
        world.settle_telling();
        (world, sale)
    }

    /// The hub takes in all that it is told, but claims. Gives back what that was.
    pub(super) fn settle_telling(&mut self) -> Vec<Told> {
        let mut heard = Vec::new();
        while let Some(told) = self.told.pop_if(|told| !matches!(told, Told::Claim(_))) {
            heard.push(told.clone());
            self.hub_hears(told, Ok(HubSaid::Stored));
        }
        heard
    }

    pub(super) fn hub_hears(&mut self, told: Told, answer: Result<HubSaid, HubProblem>) {
        self.event(crate::terminal::Event::HubTold { told, answer });
    }

    pub(super) fn claim_under_way(&mut self) -> Told {
        self.settle_telling();
        self.told.pop().expect("a claim")
    }

    pub(super) fn loose_state(&self, payment: &str) -> LooseState {
        let key = ("main".to_owned(), payment.to_owned());
        self.disk.loose[&key].state.clone()
    }

    pub(super) fn to_sort(&self) -> usize {
        let snapshot = self.snapshot();
        let listed = snapshot.loose.len();
        assert_eq!(snapshot.status.payments_to_sort as usize, listed);
        listed
    }

    /// Sells a product without a network until nothing is left but its sticker's code.
    pub(super) fn sell_by_sticker(&mut self, product: usize) -> SaleId {
        self.online = false;
        loop {
            self.wait_ms(120_000);
            self.command(Command::Go {
                screen: Screen::Sell,
            });
            self.tap(product);
            let pay = self.pay();
            if pay.sale.by_hand {
                break pay.sale.id;
            }
        }
    }

    /// The payment that Pay offers to take.
    fn offered(&self) -> Option<String> {
        self.pay().offer.map(|offer| offer.report.payment)
    }
}

#[test]
fn the_first_that_takes_a_payment_has_it_and_only_the_hub_says_who_that_is() {
    let (mut world, sale) = World::paid_by_sticker();
    assert_eq!(
        (world.to_sort(), world.loose_state("p9")),
        (1, LooseState::Open)
    );
    world.command(take("p9", Some(sale)));
    assert_eq!(
        world.stored_sale(sale).state,
        SaleState::Awaiting,
        "not yet"
    );
    assert!(matches!(world.loose_state("p9"), LooseState::Wanted { .. }));
    let told = world.claim_under_way();
    let ours = claimed(&told, "Till 1", None);
    world.hub_hears(told, Ok(HubSaid::Claimed(ours.clone())));
    let view = world.stored_sale(sale);
    assert_eq!(
        (view.state, view.proof),
        (SaleState::Paid, Proof::Confirmed)
    );
    assert_eq!(world.to_sort(), 0);
    // All tills hear of it, this one too.
    world.hub_answers(shop(2, vec![ours]));
    assert_eq!(world.loose_state("p9"), LooseState::Taken { sale });
    assert_eq!(world.stored_sale(sale).over, None);
}

#[test]
fn whoever_was_second_is_told_and_its_sale_goes_on_waiting() {
    let (mut world, sale) = World::paid_by_sticker();
    world.command(take("p9", Some(sale)));
    let told = world.claim_under_way();
    let theirs = claimed(&told, OTHER_TILL, Some(SaleId(Uuid::from_u128(77))));
    world.hub_hears(told, Ok(HubSaid::Claimed(theirs)));
    assert_eq!(world.stored_sale(sale).state, SaleState::Awaiting);
    let till = OTHER_TILL.to_owned();
    assert_eq!(
        world.loose_state("p9"),
        LooseState::Elsewhere { till: till.clone() }
    );
    assert_eq!(
        world.snapshot().notice.unwrap().1,
        Notice::PaymentTaken { till }
    );
    assert_eq!(world.to_sort(), 0);
}

#[test]
fn a_claim_outlives_the_power_and_an_answer_that_was_lost() {
    let (mut world, sale) = World::paid_by_sticker();
    world.command(take("p9", Some(sale)));
    let told = world.claim_under_way();
    let lost = SendError::NoAnswer("cut off".to_owned());
    world.hub_hears(told.clone(), Err(HubProblem::Silent(lost)));
    world.wait_ms(1_001);
    assert_eq!(world.claim_under_way(), told, "the same again");
    world.restart();
    assert!(world.told.is_empty(), "nothing while the hub is not heard");
    world.hub_answers(own(1, NOTHING));
    assert_eq!(world.told.last(), Some(&told));
    let told = world.told.pop().unwrap();
    let ours = claimed(&told, "Till 1", None);
    world.hub_hears(told, Ok(HubSaid::Claimed(ours)));
    assert_eq!(world.stored_sale(sale).state, SaleState::Paid);
}

#[test]
fn what_another_till_takes_leaves_the_list() {
    let (mut world, _) = World::paid_by_sticker();
    let theirs = Claimed {
        kind: "4pay".to_owned(),
        payment: "p9".to_owned(),
        link: world.sticker().id,
        sale: SaleId(Uuid::from_u128(77)),
        terminal: Uuid::from_u128(2),
        till: OTHER_TILL.to_owned(),
    };
    world.hub_answers(shop(2, vec![theirs]));
    assert_eq!(world.to_sort(), 0);
    world.restart();
    assert_eq!(world.to_sort(), 0);
    let reply = world.reply(take("p9", None));
    let till = OTHER_TILL.to_owned();
    let notice = Notice::PaymentTaken { till };
    assert_eq!(reply, Reply::Refused { notice });
}

/// A payment on another till's sticker, as the hub hands it over.
fn on_their_sticker(world: &World) -> Notification {
    let sticker = Link {
        id: LinkId(Uuid::from_u128(41)),
        title: "Green tea".to_owned(),
        amount: eur(250),
        product: Some(crate::domain::id::ProductId(Uuid::from_u128(42))),
        ..world.sticker()
    };
    let published = Published::of(&sticker, "4pay").expect("a link to publish");
    Notification {
        published: Some(ShopLink {
            published,
            terminal: Uuid::from_u128(2),
            till: OTHER_TILL.to_owned(),
        }),
        ..on_sticker(&sticker, "p5", 250, "charged")
    }
}

#[test]
fn a_payment_on_another_tills_sticker_can_be_taken_here_for_goods_that_were_handed_over() {
    let (mut world, _) = joined();
    let posted = on_their_sticker(&world);
    world.hub_answers(shop(1, vec![posted]));
    world.settle_telling();
    let view = world.snapshot().loose[0].payment.clone();
    assert_eq!(
        (
            view.title.as_str(),
            view.till.as_deref(),
            view.report.amount
        ),
        ("Green tea", Some(OTHER_TILL), eur(250))
    );
    world.command(take("p5", None));
    let told = world.claim_under_way();
    let ours = claimed(&told, "Till 1", None);
    let sale = ours.sale;
    world.hub_hears(told, Ok(HubSaid::Claimed(ours)));
    let view = world.stored_sale(sale);
    assert_eq!(
        (view.state, view.proof, view.total),
        (SaleState::Paid, Proof::Confirmed, eur(250))
    );
    assert_eq!(view.lines[0].name, "Green tea");
}

#[test]
fn a_stranger_cannot_pass_for_another_tills_sticker() {
    let (mut world, _) = joined();
    let good = on_their_sticker(&world);
    let token = Notification {
        token: Some("a".repeat(64).parse().unwrap()),
        ..good.clone()
    };
    let mut told = good.published.clone().unwrap();
    told.published.link = LinkId(Uuid::from_u128(43));
    let another = Notification {
        published: Some(told),
        ..good.clone()
    };
    let unknown = Notification {
        link: Some(LinkId(Uuid::from_u128(44))),
        published: None,
        ..good
    };
    world.hub_answers(shop(1, vec![token, another, unknown]));
    assert_eq!(world.to_sort(), 0);
    assert_eq!(world.kept(), ["wrong_token", "no_link", "no_link"]);
}

#[test]
fn a_refund_follows_the_payment_to_the_sale_that_it_was_given_to() {
    let (mut world, sale) = World::paid_by_sticker();
    world.command(take("p9", Some(sale)));
    let told = world.claim_under_way();
    let ours = claimed(&told, "Till 1", None);
    world.hub_hears(told, Ok(HubSaid::Claimed(ours)));
    world.restart();
    let refund = on_sticker(&world.sticker(), "p9", 100, "refunded");
    world.hub_answers(shop(2, vec![refund]));
    assert_ne!(world.stored_sale(sale).state, SaleState::Paid);
    assert_eq!(world.to_sort(), 0);
}

#[test]
fn without_a_hub_a_payment_is_the_tills_own_at_once() {
    let mut world = World::with_products(1);
    world.settle();
    let sticker = world.sticker();
    let paid = on_sticker(&sticker, "p9", 100, "charged");
    world.event(crate::terminal::Event::Notified(Box::new(
        super::notified::item(paid),
    )));
    assert_eq!(world.to_sort(), 1);
    let Reply::Sale { sale } = world.reply(take("p9", None)) else {
        panic!("no sale");
    };
    assert_eq!((sale.state, sale.total), (SaleState::Paid, eur(100)));
    assert_eq!(sale.lines[0].product, sticker.product);
}

#[test]
fn what_was_set_aside_has_a_reason_and_can_be_taken_up_again() {
    let (mut world, sale) = World::paid_by_sticker();
    let aside = |reason: &str| Command::SetPaymentAside {
        backend: "main".to_owned(),
        payment: "p9".to_owned(),
        reason: reason.to_owned(),
    };
    let refused = |notice| Reply::Refused { notice };
    assert_eq!(world.reply(aside(" ")), refused(Notice::ReasonMissing));
    assert_eq!(world.reply(aside("given back")), Reply::Done);
    assert_eq!(world.to_sort(), 0);
    assert_eq!(
        world.reply(take("p8", None)),
        refused(Notice::UnknownPayment)
    );
    world.restart();
    assert_eq!(world.reply(take("p9", Some(sale))), Reply::Done);
    assert_eq!(
        world.reply(take("p9", Some(sale))),
        refused(Notice::PaymentWanted)
    );
}

#[test]
fn a_sale_that_is_paid_takes_no_other_payment() {
    let (mut world, sale) = World::paid_by_sticker();
    world.notify(sale, 100, "charged");
    let reply = world.reply(take("p9", Some(sale)));
    let notice = Notice::AlreadyPaid;
    assert_eq!(reply, Reply::Refused { notice });
    assert_eq!(world.loose_state("p9"), LooseState::Open);
}

#[test]
fn a_payment_is_offered_to_the_sale_that_shows_its_product_for_its_sum() {
    let (mut world, _) = joined();
    let sale = world.sell_by_sticker(0);
    assert_eq!(world.offered(), None);
    let sticker = world.sticker();
    world.hub_answers(shop(1, vec![on_sticker(&sticker, "p7", 99, "charged")]));
    assert_eq!(world.offered(), None, "another sum");
    world.hub_answers(shop(2, vec![on_sticker(&sticker, "p8", 100, "failed")]));
    assert_eq!(world.offered(), None, "no money");
    world.hub_answers(shop(3, vec![on_sticker(&sticker, "p9", 100, "charged")]));
    assert_eq!(world.offered().as_deref(), Some("p9"));
    let loose = world.snapshot().loose;
    let of_p9 = loose
        .iter()
        .find(|view| view.payment.report.payment == "p9");
    let first = of_p9.unwrap().suggestions[0].id;
    assert_eq!(first, sale, "before sales that showed codes of their own");
    let product = sticker.product.unwrap();
    let waits = Told::OpenSales(vec![OpenSale { sale, product }]);
    assert!(world.settle_telling().contains(&waits));
}

#[test]
fn a_payment_by_sticker_is_not_offered_to_a_code_of_its_own_or_to_another_product() {
    let (world, _) = World::paid_by_sticker();
    assert_eq!(world.to_sort(), 1);
    assert_eq!(
        world.offered(),
        None,
        "the screen shows a code for one sale"
    );
    let hub = Some(HubSetup {
        address: "https://hub.example".to_owned(),
    });
    let mut world = World::with_setup(2, Setup { hub, ..setup() });
    world.settle();
    world.sell_by_sticker(1);
    let sticker_of = |number| {
        let product = Some(world.product_row(number).id);
        let found = world.links().find(|link| link.product == product);
        found.cloned().expect("a sticker")
    };
    // A euro too much on the sticker of what costs one, and then the right one's.
    let items = [
        on_sticker(&sticker_of(0), "p8", 200, "charged"),
        on_sticker(&sticker_of(1), "p9", 200, "charged"),
    ];
    for (seq, (item, wanted)) in (1..).zip(items.into_iter().zip([None, Some("p9")])) {
        world.hub_answers(shop(seq, vec![item]));
        assert_eq!(world.offered().as_deref(), wanted);
    }
}

#[test]
fn a_claim_is_of_one_of_the_payments_on_a_sticker() {
    let (mut world, _) = joined();
    let sticker = world.sticker();
    let paid = ["p7", "p8", "p9"].map(|payment| on_sticker(&sticker, payment, 100, "charged"));
    world.hub_answers(shop(1, paid.to_vec()));
    let theirs = Claimed {
        kind: "4pay".to_owned(),
        payment: "p8".to_owned(),
        link: sticker.id,
        sale: SaleId(Uuid::from_u128(77)),
        terminal: Uuid::from_u128(2),
        till: OTHER_TILL.to_owned(),
    };
    world.hub_answers(shop(4, vec![theirs]));
    let till = OTHER_TILL.to_owned();
    for (payment, state) in [
        ("p7", LooseState::Open),
        ("p8", LooseState::Elsewhere { till }),
        ("p9", LooseState::Open),
    ] {
        assert_eq!(world.loose_state(payment), state, "{payment}");
    }
    assert_eq!(world.to_sort(), 2);
}

#[test]
fn the_hub_is_told_of_links_and_of_sales_that_wait_for_a_sticker() {
    let (mut world, _) = joined();
    assert!(world.told.is_empty(), "nothing before the hub is heard");
    world.hub_answers(own(1, NOTHING));
    let Some(Told::Links(links)) = world.told.pop() else {
        panic!("{:?}", world.told);
    };
    let remote = world.links().filter(|link| link.remote.is_some());
    assert_eq!(links.len(), remote.count());
    let told = Told::Links(links.clone());
    world.hub_hears(
        told,
        Err(HubProblem::Busy {
            status: 503,
            retry_after_secs: Some(7),
        }),
    );
    world.wait_ms(6_999);
    assert!(world.told.is_empty(), "the hub wants to be left alone");
    world.wait_ms(1_002);
    assert_eq!(world.told.pop(), Some(Told::Links(links.clone())));
    world.hub_hears(Told::Links(links), Ok(HubSaid::Stored));
    world.wait_ms(60_000);
    assert!(world.told.is_empty(), "once is enough");
    world.hub_answers(silent());
    world.wait_ms(2_000);
    world.hub_answers(own(1, NOTHING));
    assert!(world.told.is_empty(), "nor after a pause");
}

#[test]
fn a_claim_that_failed_and_is_out_of_date_wakes_the_till_no_more() {
    let (mut world, sale) = World::paid_by_sticker();
    world.command(take("p9", Some(sale)));
    let told = world.claim_under_way();
    let theirs = claimed(&told, OTHER_TILL, Some(SaleId(Uuid::from_u128(77))));
    let lost = SendError::NoAnswer("too late".to_owned());
    world.hub_hears(told, Err(HubProblem::Silent(lost)));
    world.hub_answers(shop(2, vec![theirs]));
    world.wait_ms(120_000);
    let due = world.terminal.poll_timeout().map(|(at, _)| at);
    let now = world.now().mono_ms;
    assert!(due.is_none_or(|due| due > now), "{due:?} at {now}");
}
