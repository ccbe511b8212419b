//! Nothing that comes from outside makes the codec fall.

use proptest::prelude::*;

use super::*;
use crate::proto::backend::sample::hostile;

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(status in status(), body in hostile(NAMES)) {
        let response = answer(status, &body);
        for action in [create(2_999, "USD"), update(), fetch(), Action::List { from: 0 }] {
            for answers in [vec![response.clone()], vec![response.clone(); 3]] {
                drop(next(&action, &answers));
            }
        }
        let _: bool = Devdraft.recognizes(&response);
        drop(Devdraft.read_notification(&body));
    }

    #[test]
    fn no_other_amount_is_ever_shown(asked in 1_i64..10_000_000, answered in 1_i64..10_000_000) {
        let number = format!("{}.{:02}", answered / 100, answered % 100);
        let body = CREATED.replace("29.99", &number);
        let found = next(&create(asked, "USD"), &[answer(201, &body)]);
        prop_assert_eq!(matches!(found, Next::Done(_)), asked == answered);
        let same = CREATED.replace("29.99", &format!("{}.{:02}", asked / 100, asked % 100));
        let found = next(&create(asked, "USD"), &[answer(201, &same)]);
        prop_assert!(matches!(found, Next::Done(_)));
    }
}

fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        0..700_u16,
        prop::sample::select(vec![200, 201, 204, 400, 404, 409, 429]),
    ]
}

/// Names of Devdraft's documents.
const NAMES: &[&str] = &[
    "id",
    "url",
    "amount",
    "status",
    "currency",
    "paymentForId",
    "linkType",
    "message",
    "error",
    "details",
    "event",
    "data",
    "maxPayments",
    "retryAfter",
];
