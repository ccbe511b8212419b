//! What nobody should ever send.

use proptest::prelude::*;

use super::*;
use crate::proto::backend::sample::hostile as documents;

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(status in 0..700_u16, body in hostile()) {
        let response = answer(status, &body);
        let look_up = Action::LookUp { link: link(350, "EUR") };
        for action in [create(350, "EUR"), look_up, Action::List { from: 0 }] {
            for answers in [
                vec![response.clone()],
                vec![answer(200, SESSION), response.clone()],
                vec![response.clone(); 3],
            ] {
                drop(next(&action, &answers, &Options::default()));
            }
        }
        let _: bool = AltaPay.recognizes(&response);
        drop(AltaPay.read_token(&response));
        drop(AltaPay.read_notification(&body));
    }
}

/// Names of AltaPay's JSON documents.
const NAMES: &[&str] = &[
    "sessionId",
    "order",
    "orderId",
    "amount",
    "value",
    "currency",
    "id",
    "paymentLink",
    "qrCode",
    "token",
    "error",
    "errors",
    "message",
    "code",
];

/// The same in XML and in forms.
fn hostile() -> impl Strategy<Value = String> {
    let tags = prop::sample::select(vec![
        "<APIResponse>",
        "</APIResponse>",
        "<Header>",
        "</Header>",
        "<ErrorCode>0</ErrorCode>",
        "<Body>",
        "</Body>",
        "<Transactions>",
        "</Transactions>",
        "<Transaction>",
        "</Transaction>",
        "<ShopOrderId>01955a3c-1234-7abc-8def-0123456789ab</ShopOrderId>",
        "<CapturedAmount>",
        "</CapturedAmount>",
        "<TransactionId>1</TransactionId>",
        "-1.5",
        "9e99",
        "&#x41;",
        "&lt;",
    ]);
    prop_oneof![
        documents(NAMES),
        prop::collection::vec(tags, 0..20).prop_map(|tags| tags.concat()),
        "(shop_orderid=|transaction_id=|&|%|a|4){0,12}",
    ]
}
