//! When the window has to be drawn at once.

use std::sync::Arc;

use super::world::{World, eur, product_id};
use crate::domain::catalog::Catalog;
use crate::domain::locale::Language;
use crate::domain::time::Timestamp;
use crate::terminal::snapshot::{CodeView, HubReach, HubView, Reach, Snapshot};
use crate::terminal::{Command, Notice, SellMode, Theme};

/// A till with a code on its screen, a sale that waits, a cart and one that was put aside.
pub(super) fn busy() -> World {
    let mut world = World::with_products(2);
    world.settle();
    world.tap(1);
    world.command(Command::SetMode {
        mode: SellMode::SeveralItems,
    });
    world.command(Command::AddAmount { amount: eur(5) });
    world.command(Command::HoldCart);
    world.command(Command::AddAmount { amount: eur(7) });
    world
}

type Change = Box<dyn Fn(&mut Snapshot)>;

fn change(change: impl Fn(&mut Snapshot) + 'static) -> Change {
    Box::new(change)
}

fn set_code(code: CodeView) -> Change {
    change(move |snapshot| snapshot.pay.as_mut().unwrap().code = code.clone())
}

/// What a cashier or a customer would see, one change each.
fn changes_to_see() -> Vec<Change> {
    let since = Timestamp::from_millis(5);
    vec![
        change(|snapshot| snapshot.screen_seq += 1),
        change(move |snapshot| snapshot.status.reach = Reach::Offline { since }),
        change(|snapshot| {
            snapshot.status.hub = Some(HubView {
                address: String::new(),
                reach: HubReach::Heard,
                heard_at: None,
                problem: None,
            });
        }),
        change(|snapshot| snapshot.catalog = Arc::new(Catalog::index(99, Vec::new()))),
        change(|snapshot| snapshot.language = Language::De),
        change(|snapshot| snapshot.theme = Theme::Sunlight),
        change(|snapshot| snapshot.mode = SellMode::OneItem),
        change(|snapshot| snapshot.cart.total = None),
        change(|snapshot| snapshot.held = Arc::default()),
        change(|snapshot| snapshot.waiting = Arc::default()),
        change(|snapshot| snapshot.favorites = vec![product_id(1)].into()),
        change(|snapshot| snapshot.risk.sales += 1),
        change(|snapshot| snapshot.accounts = Arc::default()),
        change(|snapshot| snapshot.notice = Some((9, Notice::NotNow))),
        change(|snapshot| snapshot.fault = Some("disk full".to_owned())),
        change(|snapshot| snapshot.pay = None),
        change(|snapshot| snapshot.pay.as_mut().unwrap().sale.total = eur(1)),
        change(|snapshot| snapshot.pay.as_mut().unwrap().total_now = Some(eur(1))),
        change(|snapshot| {
            let code = &mut snapshot.pay.as_mut().unwrap().code;
            let CodeView::Ready { url, .. } = code else {
                panic!("{code:?}")
            };
            url.push('x');
        }),
        set_code(CodeView::Minting { since }),
        set_code(CodeView::None {
            notice: Notice::CodeEnded,
        }),
    ]
}

#[test]
fn what_a_person_would_see_is_drawn_at_once_and_counters_are_not() {
    let base = busy().snapshot();
    let all = changes_to_see().into_iter().map(|change| {
        let mut changed = base.clone();
        change(&mut changed);
        changed
    });
    for (number, changed) in all.enumerate() {
        assert!(!changed.differs_in_counters_only(&base), "{number}");
        assert!(!base.differs_in_counters_only(&changed), "{number}");
    }
    let mut counted = base.clone();
    counted.revision += 1;
    counted.status.spare_codes += 1;
    counted.status.waiting_to_send += 1;
    assert!(counted.differs_in_counters_only(&base));
    counted.pay = None;
    let mut nobody = base;
    nobody.pay = None;
    assert!(counted.differs_in_counters_only(&nobody));
}

#[test]
fn a_code_that_is_still_being_made_and_a_reason_that_is_the_same_are_not_drawn_anew() {
    let mut base = busy().snapshot();
    let since = Timestamp::from_millis;
    let none = |notice| CodeView::None { notice };
    for (before, after, is_same) in [
        (
            CodeView::Minting { since: since(1) },
            CodeView::Minting { since: since(2) },
            true,
        ),
        (none(Notice::CodeEnded), none(Notice::CodeEnded), true),
        (none(Notice::CodeEnded), none(Notice::AlreadyPaid), false),
    ] {
        set_code(before)(&mut base);
        let mut next = base.clone();
        set_code(after)(&mut next);
        assert_eq!(next.differs_in_counters_only(&base), is_same);
    }
}
