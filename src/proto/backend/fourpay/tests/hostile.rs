//! Whatever somebody may send.

use proptest::prelude::*;

use super::*;
use crate::proto::backend::sample::hostile;

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(status in 0..700_u16, body in hostile(NAMES)) {
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

/// Names of 4pay's documents.
pub(super) const NAMES: &[&str] = &[
    "id", "url", "qr_url", "amount", "default", "data", "links", "error", "errors", "details",
    "message", "type", "link", "status", "currency", "source", "pointer",
];
