//! What a provider's server answers, to each kind of work of each kind of account: a number for the
//! work, one for the status, then the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tillcode::domain::link::Link;
use tillcode::domain::options::Options;
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::{AccountView, Action, CODECS, LinkJob, Response};

const STATUSES: [u16; 12] = [200, 200, 200, 201, 204, 302, 400, 401, 404, 409, 422, 429];

fn link() -> Box<Link> {
    let link = serde_json::json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057", "backend": "main", "account": "f00d",
        "purpose": "single", "product": null, "amount": { "minor": 1000, "currency": "EUR" },
        "title": "Tea", "word": "river 42", "description": "Corner · Tea · river 42",
        "token": "b".repeat(64), "state": "requested", "remote": null, "sale": null,
        "created_at": 1_788_434_490_000_i64, "expires_at": null,
    });
    serde_json::from_value(link).expect("a link")
}

fn action(number: u8) -> Action {
    let remote_id = "abc12345".to_owned();
    match number % 7 {
        0 => Action::Create {
            link: link(),
            notify_url: None,
        },
        1 => Action::Fetch { remote_id },
        2 => Action::List { from: 0 },
        3 => Action::LookUp { link: link() },
        4 => Action::Update {
            remote_id,
            link: link(),
        },
        5 => Action::Withdraw { remote_id },
        _ => Action::CreateProduct {
            link: link(),
            notify_url: None,
        },
    }
}

fuzz_target!(|data: &[u8]| {
    let [work, status, body @ ..] = data else {
        return;
    };
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let response = Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: String::from_utf8_lossy(body).into_owned(),
    };
    let (action, options) = (action(*work), Options::default());
    // Some work takes several answers.
    let answers = vec![response.clone(); 3];
    for codec in CODECS {
        let _: bool = codec.recognizes(&response);
        drop(codec.read_token(&response));
        for count in 0..=answers.len() {
            drop(codec.next(LinkJob {
                action: &action,
                answers: &answers[..count],
                account: AccountView {
                    shop: "Corner",
                    options: &options,
                },
                first_sent: Some(Timestamp::from_millis(1_788_434_490_000)),
                now: Timestamp::from_millis(1_788_434_491_000),
            }));
        }
    }
});
