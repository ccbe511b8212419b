//! Whatever somebody may send.

use proptest::prelude::*;

use super::*;
use crate::proto::backend::sample::{answer, hostile};

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(
        status in 0..700_u16,
        body in hostile(NAMES),
        from in any::<u64>(),
    ) {
        let response = answer(status, &body);
        for action in [documented(), Action::List { from }] {
            drop(next(&action, std::slice::from_ref(&response)));
        }
        let _: bool = FourGeeks.recognizes(&response);
    }
}

/// Names of 4Geeks' documents.
const NAMES: &[&str] = &[
    "id",
    "url",
    "object",
    "active",
    "items",
    "total_items",
    "limit",
    "offset",
    "detail",
    "loc",
    "msg",
    "type",
    "data",
    "link",
    "code",
    "title",
    "content",
];
