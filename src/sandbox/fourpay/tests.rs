//! Open amounts: the codec's requests are what the sandbox takes.

use serde_json::Value;

use crate::domain::link::Asking;
use crate::proto::backend::fourpay::FourPay;
use crate::proto::backend::sample::{NOW, answer, link, next, sent};
use crate::proto::backend::{Action, Next, Outcome, PaymentBackend as _};
use crate::sandbox::{Account, Pay, PayError, Request, Sandbox};

fn account() -> Account {
    Account {
        keys: [("api_key".to_owned(), "key".to_owned())].into(),
        token: None,
    }
}

#[test]
fn a_payer_names_the_amount_of_an_open_link() {
    for suggested in [0, 500] {
        let mut sandbox = Sandbox::new("http://127.0.0.1:1234", [7; 32]);
        let mut wanted = link(suggested, "EUR");
        wanted.asking = Asking::Open;
        wanted.expires_at = Some(NOW.plus_millis(60_000));
        let action = Action::Create {
            link: wanted,
            notify_url: Some("https://hub.example/hooks/4pay/e/t".to_owned()),
        };
        let request = Request::of(&sent(&FourPay, &action), &account());
        let made = sandbox.handle(&request, NOW).response;
        let Next::Done(Outcome::Link(state)) = next(&FourPay, &action, std::slice::from_ref(&made))
        else {
            panic!("{made:?}")
        };
        assert_eq!((state.minor, state.warning), (None, None));
        let id = state.link.id;
        let told = sandbox.pay(&id, Pay::Typed { minor: 700 }, NOW).unwrap();
        let reported = FourPay.read_notification(&told[0].body).unwrap();
        assert_eq!(
            (reported.minor, reported.remote_link.as_deref()),
            (700, Some(id.as_str()))
        );
        // Without a word of the payer the suggestion counts, where there is one.
        let untyped = sandbox.pay(&id, Pay::Once, NOW).err();
        assert_eq!(untyped, (suggested == 0).then_some(PayError::Amount));
    }
}

#[test]
fn who_suggests_nothing_leaves_the_amount_out() {
    for amount_type in ["static", "dynamic"] {
        let mut sandbox = Sandbox::new("http://127.0.0.1:1234", [7; 32]);
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = Request {
            method: "POST".to_owned(),
            path: "/api/v1/links".to_owned(),
            query: String::new(),
            headers: vec![
                header("x-api-key", "key"),
                header("content-type", "application/json"),
            ],
            body: format!(r#"{{"link":{{"amount":{{}},"amount_type":"{amount_type}"}}}}"#),
        };
        let refused = sandbox.handle(&request, NOW).response;
        assert_eq!(refused.status, 422);
        let said: Value = serde_json::from_str(&refused.body).unwrap();
        assert_eq!(said["details"]["link.amount.default"][0], "can't be blank");
        let next = next(
            &FourPay,
            &Action::List { from: 0 },
            &[answer(422, &refused.body)],
        );
        assert!(matches!(next, Next::Refused(refusal)
            if refusal.reason.contains("link.amount.default")));
    }
}
