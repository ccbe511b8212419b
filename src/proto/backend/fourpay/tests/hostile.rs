//! Whatever somebody may send.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(status in 0..700_u16, body in hostile()) {
        let response = answer(status, &body);
        for action in [create(1_000, "USD"), update(), withdraw(), Action::List { from: 0 }] {
            for answers in [vec![response.clone()], vec![response.clone(); 2]] {
                drop(next(&action, &answers));
            }
        }
        let _: bool = FourPay.recognizes(&response);
        drop(FourPay.read_notification(&body));
    }
}

/// Texts, and documents of the right names with the wrong things in them.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(|text| json!(text)),
    ];
    let names = prop::sample::select(vec![
        "id", "url", "qr_url", "amount", "default", "data", "links", "error", "errors", "details",
        "message", "type", "link", "status", "currency", "source", "pointer",
    ]);
    let tree = leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(Value::from_iter),
        ]
    });
    prop_oneof![tree.prop_map(|tree| tree.to_string()), ".{0,60}"]
}
