//! The sandbox is as strict as the pages, and the codec passes it.

use proptest::prelude::*;

use super::*;
use crate::domain::options::Options;
use crate::domain::payment::PaymentStatus;
use crate::proto::backend::{Action, Next, Outcome, codec, sample};
use crate::sandbox::{Account, Sandbox};

mod strict;

const NOW: Timestamp = sample::NOW;
const MINUTE: i64 = 60_000;
const CODE: &str = r#"{"order":{"orderId":"abc-1","amount":{"value":20.50,"currency":"EUR"},"orderLines":[{"itemId":"1","description":"Tea <b>","quantity":2,"unitPrice":10.00},{"itemId":"2","description":"Cup","quantity":1,"unitPrice":0.5}],"customer":{"firstName":"A","lastName":"B","email":"a@b.example","billingAddress":{"street":"S 1","city":"C","country":"DK","zipCode":"1"}},"transactionInfo":{"word":"tulip"}},"callbacks":{"notification":"http://127.0.0.1:9/hook","bodyFormat":"XML"},"configuration":{"paymentType":"PAYMENT","autoCapture":true,"country":"DK","language":"da","paymentDisplayType":"REDIRECT"}}"#;

fn sandbox() -> Sandbox {
    Sandbox::new("http://127.0.0.1:1234", [7; 32])
}

fn request(method: &str, path: &str, access: &str, body: &str) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![
            header("authorization", access),
            header("content-type", "application/json"),
        ],
        body: body.to_owned(),
    }
}

fn ask(sandbox: &mut Sandbox, asked: &Request) -> (u16, String) {
    let response = sandbox.handle(asked, NOW).response;
    (response.status, response.body)
}

fn basic(pair: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

fn bearer(sandbox: &mut Sandbox) -> String {
    let path = "/checkout/v1/api/authenticate";
    let (status, body) = ask(sandbox, &request("POST", path, &basic("shop:pass"), ""));
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    format!("Bearer {}", body["token"].as_str().unwrap())
}

fn post(sandbox: &mut Sandbox, path: &str, body: &str) -> (u16, Value) {
    let access = bearer(sandbox);
    let path = format!("/checkout/v1/api/{path}");
    let (status, body) = ask(sandbox, &request("POST", &path, &access, body));
    (status, serde_json::from_str(&body).unwrap())
}

/// Begins a session; gives back where its links are posted to.
fn begun(sandbox: &mut Sandbox, session: &str) -> String {
    let (status, answer) = post(sandbox, "session", session);
    assert_eq!(status, 201, "{answer}");
    format!("session/{}/link", answer["sessionId"].as_str().unwrap())
}

/// A session and a link of it; gives back the link's id.
fn made(sandbox: &mut Sandbox, session: &str, link: &str) -> String {
    let path = begun(sandbox, session);
    let (status, answer) = post(sandbox, &path, link);
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

fn account(password: &str) -> Account {
    let keys = [("username", "shop"), ("password", password)];
    Account {
        keys: keys
            .map(|(name, key)| (name.to_owned(), key.to_owned()))
            .into(),
        token: None,
    }
}

fn work(sandbox: &mut Sandbox, account: &mut Account, action: &Action) -> Outcome {
    let altapay = codec("altapay").unwrap();
    let mut answers = Vec::new();
    loop {
        let next = altapay.next(sample::job(action, &answers, &Options::default()));
        match next {
            Next::Send(request) => answers.push(account.answer(sandbox, altapay, &request, NOW)),
            Next::Done(outcome) => return outcome,
            other @ (Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_codec_makes_a_link_hears_of_its_payment_and_finds_it() {
    let mut sandbox = sandbox();
    let mut account = account("pass");
    let mut link = sample::link(350, "EUR");
    let create = Action::Create {
        link: link.clone(),
        notify_url: Some("https://hub.example.com/hooks/altapay/e/t".to_owned()),
    };
    let Outcome::Link(made) = work(&mut sandbox, &mut account, &create) else {
        panic!("no link")
    };
    assert_eq!((made.minor, &made.warning), (Some(350), &None));
    let id = made.link.id.clone();
    assert_eq!(
        made.link.url,
        format!("http://127.0.0.1:1234/altapay/pay/{id}")
    );
    link.remote = Some(made.link);
    let look_up = Action::LookUp { link };
    let nothing = Outcome::Payments(Vec::new());
    assert_eq!(work(&mut sandbox, &mut account, &look_up), nothing);
    sandbox.pay(&id, Pay::Fail, NOW).unwrap();
    let [told] = <[_; 1]>::try_from(sandbox.pay(&id, Pay::Once, NOW).unwrap()).unwrap();
    assert_eq!(told.url, "https://hub.example.com/hooks/altapay/e/t");
    let Outcome::Payments(payments) = work(&mut sandbox, &mut account, &look_up) else {
        panic!("no payments")
    };
    let mut found: Vec<_> = payments
        .iter()
        .map(|paid| (paid.status, paid.minor))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [(PaymentStatus::Failed, 0), (PaymentStatus::Charged, 350)]
    );
    assert!(
        payments
            .iter()
            .all(|paid| paid.remote_link.as_ref() == Some(&id))
    );
    let hint = codec("altapay")
        .unwrap()
        .read_notification(&told.body)
        .unwrap();
    assert_eq!(hint.status, PaymentStatus::Pending);
    assert!(payments.iter().any(|paid| paid.payment == hint.payment));
    // Another account sees nothing of it.
    let mut other = self::account("another");
    assert_eq!(work(&mut sandbox, &mut other, &look_up), nothing);
}

#[test]
fn an_account_signs_in_once_and_again_when_its_token_ended() {
    let mut sandbox = sandbox();
    let altapay = codec("altapay").unwrap();
    let create = Action::Create {
        link: sample::link(350, "EUR"),
        notify_url: None,
    };
    let session = sample::sent(altapay, &create);
    let mut account = account("pass");
    let mut tokens = Vec::new();
    // The last moment of the first token, then its end.
    for minutes in [0, 29, 30] {
        let at = NOW.plus_millis(minutes * MINUTE);
        let response = account.answer(&mut sandbox, altapay, &session, at);
        assert_eq!(response.status, 201);
        tokens.push(account.token.clone().unwrap());
    }
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    let mut nobody = Account::default();
    let refused = nobody.answer(&mut sandbox, altapay, &session, NOW);
    assert_eq!((refused.status, &nobody.token), (401, &None));
    let probe = account.answer(&mut sandbox, altapay, &altapay.probe(), NOW);
    assert!(probe.status == 200 && altapay.recognizes(&probe));
}

#[test]
fn a_session_repeats_its_order_letter_by_letter() {
    let mut sandbox = sandbox();
    let access = bearer(&mut sandbox);
    let asked = request("POST", "/checkout/v1/api/session", &access, CODE);
    let (status, body) = ask(&mut sandbox, &asked);
    assert_eq!(status, 201);
    assert!(
        body.contains(r#""amount":{"value":20.50,"currency":"EUR"}"#),
        "{body}"
    );
}

#[test]
fn opening_a_link_starts_its_last_minutes() {
    let mut sandbox = sandbox();
    let times = r#"{"validityTime":60,"activationTime":10}"#;
    let at = |minutes: i64| NOW.plus_millis(minutes * MINUTE);
    // Never opened: its whole validity, and not a moment more.
    let id = made(&mut sandbox, CODE, times);
    let page = request("GET", &format!("/altapay/pay/{id}"), "", "");
    let late = sandbox.handle(&page, at(60)).response;
    assert!(late.status == 410 && late.body.contains("past its end"));
    let before = sandbox.revision;
    let opened = sandbox.handle(&page, at(20)).response;
    assert_eq!(opened.status, 200);
    assert!(sandbox.revision > before, "an opened page is kept");
    assert!(opened.body.contains("Pay 20.50 EUR") && opened.body.contains("SANDBOX"));
    assert!(
        opened.body.contains("Tea &lt;b&gt;, Cup"),
        "{}",
        opened.body
    );
    // Looking again does not begin anew.
    assert_eq!(sandbox.handle(&page, at(29)).response.status, 200);
    assert_eq!(sandbox.handle(&page, at(30)).response.status, 410);
    assert_eq!(sandbox.pay(&id, Pay::Once, at(30)), Err(PayError::Expired));
    // Near its end the validity counts.
    let id = made(&mut sandbox, CODE, times);
    let page = request("GET", &format!("/altapay/pay/{id}"), "", "");
    assert_eq!(sandbox.handle(&page, at(55)).response.status, 200);
    assert_eq!(sandbox.handle(&page, at(60)).response.status, 410);
}

#[test]
fn a_payer_pays_once_and_the_merchant_is_called() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, CODE, "{}");
    let button = request("POST", &format!("/altapay/pay/{id}/pay"), "", "");
    let reply = sandbox.handle(&button, NOW);
    assert_eq!(reply.response.status, 200);
    let [told] = reply.notifications.as_slice() else {
        panic!("{reply:?}")
    };
    assert_eq!(told.url, "http://127.0.0.1:9/hook");
    assert!(told.body.starts_with("shop_orderid=abc-1&transaction_id="));
    assert!(
        told.body
            .contains("&status=succeeded&payment_status=captured&amount=20.50&currency=978&")
    );
    let again = sandbox.handle(&button, NOW);
    assert!(again.response.status == 410 && again.notifications.is_empty());
    assert_eq!(sandbox.pay(&id, Pay::Once, NOW), Err(PayError::Gone));
    assert_eq!(sandbox.pay("x", Pay::Once, NOW), Err(PayError::Unknown));
    let reserved = CODE.replace("\"autoCapture\":true", "\"autoCapture\":false");
    let id = made(&mut sandbox, &reserved, "{}");
    assert_eq!(
        sandbox.pay(&id, Pay::Typed { minor: 1 }, NOW),
        Err(PayError::Amount)
    );
    let told = sandbox.pay(&id, Pay::Once, NOW).unwrap();
    assert!(told[0].body.contains("payment_status=preauth"));
    let held = request("GET", "/sandbox/links", "", "");
    let (_, held) = ask(&mut sandbox, &held);
    let held: Value = serde_json::from_str(&held).unwrap();
    assert_eq!(
        (&held[0]["state"], &held[0]["order"]),
        (&json!("paid"), &json!("abc-1"))
    );
    for (method, path, status) in [
        ("PUT", format!("/altapay/pay/{id}"), 405),
        ("GET", format!("/altapay/pay/{id}/x"), 404),
        ("GET", "/altapay/pay/x".to_owned(), 404),
    ] {
        assert_eq!(
            ask(&mut sandbox, &request(method, &path, "", "")).0,
            status,
            "{path}"
        );
    }
}

#[test]
fn a_restart_forgets_nothing() {
    let mut before = sandbox();
    let access = bearer(&mut before);
    let id = made(&mut before, CODE, "{}");
    let kept = serde_json::to_string(&before.state).unwrap();
    assert!(!kept.contains("pass") && !kept.contains(&access[7..]));
    let mut after = sandbox();
    after.state = serde_json::from_str(&kept).unwrap();
    let asked = request("POST", "/checkout/v1/api/session", &access, CODE);
    assert_eq!(ask(&mut after, &asked).0, 201);
    assert!(after.pay(&id, Pay::Once, NOW).is_ok());
}

#[test]
fn the_picture_is_as_large_as_was_asked_and_leads_to_the_link() {
    for (link, side) in [
        ("{}", 500),
        (r#"{"size":450}"#, 450),
        (r#"{"size":150}"#, 150),
        (r#"{"size":2000}"#, 2_000),
    ] {
        let mut sandbox = sandbox();
        let path = begun(&mut sandbox, CODE);
        let (_, made) = post(&mut sandbox, &path, link);
        let picture = BASE64_STANDARD.decode(made["qrCode"].as_str().unwrap());
        let picture = picture.unwrap();
        let size = image::load_from_memory(&picture).unwrap();
        assert_eq!((size.width(), size.height()), (side, side));
        let read = crate::proto::qr::picture::read(&picture);
        assert_eq!(read.as_deref().ok(), made["paymentLink"].as_str(), "{link}");
    }
}

#[test]
fn the_codec_warns_of_a_picture_that_leads_elsewhere_and_makes_the_link_all_the_same() {
    let mut sandbox = sandbox();
    let rules = r#"[{"fault":"wrong_picture","times":1}]"#;
    sandbox.set_faults(rules).unwrap();
    let mut account = account("pass");
    let create = Action::Create {
        link: sample::link(350, "EUR"),
        notify_url: None,
    };
    for is_wrong in [true, false] {
        let Outcome::Link(made) = work(&mut sandbox, &mut account, &create) else {
            panic!("no link")
        };
        assert!(made.link.url.starts_with("http://127.0.0.1:1234/altapay/"));
        let said = made.warning.unwrap_or_default();
        assert_eq!(
            said.contains("leads to https://elsewhere.invalid/"),
            is_wrong,
            "{said}"
        );
        assert_eq!(said.is_empty(), !is_wrong);
    }
}

proptest! {
    #[test]
    fn no_request_makes_the_sandbox_fall(
        method in prop::sample::select(vec!["GET", "POST", "PUT"]),
        path in "(/checkout/v1/api/(session|authenticate)|/altapay/pay|/merchant/API/payments)[a-z/?=&]{0,12}",
        body in "(\\{\"order\":)?.{0,40}",
    ) {
        let mut sandbox = sandbox();
        for access in [bearer(&mut sandbox), basic("shop:pass")] {
            let reply = sandbox.handle(&request(method, &path, &access, &body), NOW);
            prop_assert!((200..500).contains(&reply.response.status));
        }
    }
}
