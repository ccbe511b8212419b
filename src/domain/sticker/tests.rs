use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::money::Currency;

fn eur(minor: i64) -> Amount {
    Amount::new(minor, Currency::from_code("EUR").unwrap())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn sticker(price: Option<i64>) -> Sticker {
    Sticker {
        id: StickerId(Uuid::nil()),
        serial: "K7-S1".to_owned(),
        link: LinkId(Uuid::nil()),
        product: None,
        title: "Tea".to_owned(),
        price: price.map(eur),
        url: "https://4pay.online/pay/1".to_owned(),
        place: String::new(),
        printed_at: at(0),
        valid_until: None,
        placed_at: None,
        checked_at: None,
        retired_at: None,
        told: None,
        said: None,
        is_thermal: false,
    }
}

fn code(state: LinkState, asks: i64) -> CodeNow {
    let asks = (asks > 0).then(|| eur(asks));
    CodeNow { state, asks }
}

#[test]
fn a_sticker_is_right_while_its_code_lives_and_its_price_is_the_products() {
    use LinkState::{Live, Retired, Withdrawn};
    use Verdict::{Dead, Foreign, Good, Superseded};
    // What the paper says, what its code asks for, what the product costs; zero where nobody says.
    for (says, asks, costs, verdict, price_now) in [
        (250, Some((Live, 250)), 250, Good, 0),
        // Its product is sold no more, or was never one.
        (250, Some((Live, 250)), 0, Good, 0),
        (250, Some((Live, 250)), 300, Superseded, 300),
        // The provider changed the link in place: only the paper is wrong.
        (250, Some((Live, 300)), 300, Superseded, 300),
        // The paper is right, the code is not yet.
        (250, Some((Live, 300)), 250, Superseded, 250),
        (250, Some((Retired, 250)), 250, Superseded, 0),
        (250, Some((Withdrawn, 250)), 250, Dead, 0),
        (0, Some((Live, 0)), 300, Good, 0),
        (250, None, 250, Dead, 0),
    ] {
        let printed = sticker((says > 0).then_some(says));
        let code = asks.map(|(state, asks)| code(state, asks));
        let costs = (costs > 0).then(|| eur(costs));
        let now = (price_now > 0).then(|| eur(price_now));
        let found = judge(Some(&printed), code, costs);
        assert_eq!(found, (verdict, now), "{says} {asks:?} {costs:?}");
    }
    // Codes without a sticker.
    let (now, live) = (Some(eur(300)), Some(code(Live, 250)));
    assert_eq!(judge(None, live, now), (Superseded, now));
    assert_eq!(judge(None, live, Some(eur(250))), (Good, None));
    assert_eq!(judge(None, None, now), (Foreign, None));
}

#[test]
fn a_sticker_of_another_till_is_as_that_till_said_and_no_better_than_its_price() {
    for (said, costs, verdict) in [
        (Verdict::Good, 250, Verdict::Good),
        (Verdict::Good, 300, Verdict::Superseded),
        (Verdict::Dead, 300, Verdict::Dead),
        (Verdict::Superseded, 250, Verdict::Superseded),
    ] {
        let mut theirs = sticker(Some(250));
        theirs.told = Some(Told {
            verdict: said,
            at: at(9),
        });
        assert_eq!(judge(Some(&theirs), None, Some(eur(costs))).0, verdict);
        theirs.retired_at = Some(at(10));
        let down = judge(Some(&theirs), None, Some(eur(costs)));
        assert_eq!(down, (Verdict::TakenDown, None));
    }
}

prop_compose! {
    fn known()(
        place in prop::sample::select(vec!["", "door", "window"]),
        times in prop::array::uniform4(prop::option::of(0_i64..4)),
        verdict in prop::sample::select(vec![Verdict::Good, Verdict::Dead]),
    ) -> Sticker {
        let [placed, checked, retired, told] = times.map(|time| time.map(at));
        Sticker {
            place: place.to_owned(),
            placed_at: placed,
            checked_at: checked,
            retired_at: retired,
            told: told.map(|at| Told { verdict, at }),
            ..sticker(Some(250))
        }
    }
}

proptest! {
    #[test]
    fn what_tills_know_comes_together_in_any_order(a in known(), b in known(), c in known()) {
        let one_way = a.clone().merged(&b).merged(&c).merged(&a);
        let other = a.clone().merged(&c).merged(&b).merged(&b);
        // Of what was told at the same instant, the first stays.
        let facts = |it: &Sticker| (it.place.clone(), it.placed_at, it.checked_at, it.retired_at);
        prop_assert_eq!(facts(&one_way), facts(&other));
        prop_assert_eq!(one_way.told.map(|told| told.at), other.told.map(|told| told.at));
        prop_assert_eq!(one_way.told.is_some(), a.told.is_some());
    }
}
