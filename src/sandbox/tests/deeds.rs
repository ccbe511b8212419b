//! The five deeds on the page of each kind.

use super::*;
use crate::domain::link::Purpose;
use crate::proto::backend::{Action, Next, Outcome, codec, sample};

/// A kind of account, and what a link of 3.50 is there.
struct Kind {
    name: &'static str,
    currency: &'static str,
    /// 3.50 on the page, and half of it.
    asked: &'static str,
    half: &'static str,
    /// The same in the units of the provider.
    units: (i64, i64),
    /// The words for money and for none.
    words: (&'static str, &'static str),
    /// Whether the merchant is told of a payment.
    tells: bool,
    /// Whether the link is for one payment, where that is to be had.
    takes_one: bool,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "4pay",
        currency: "EUR",
        asked: "3.50 EUR",
        half: "1.75 EUR",
        units: (350, 175),
        words: ("charged", "failed"),
        tells: true,
        takes_one: false,
    },
    Kind {
        name: "4geeks",
        currency: "EUR",
        asked: "3.50 EUR",
        half: "1.75 EUR",
        units: (350, 175),
        words: ("succeeded", "canceled"),
        tells: false,
        takes_one: false,
    },
    Kind {
        name: "devdraft",
        currency: "USDC",
        asked: "3.50 USDC",
        half: "1.75 USDC",
        units: (3_500_000, 1_750_000),
        words: ("charged", "failed"),
        tells: true,
        takes_one: false,
    },
    Kind {
        name: "altapay",
        currency: "EUR",
        asked: "3.50 EUR",
        half: "1.75 EUR",
        units: (350, 175),
        words: ("captured", "epayment_cancelled"),
        tells: true,
        takes_one: false,
    },
];

impl Kind {
    /// A link as the codec makes it; gives back the path of its page.
    fn made(&self, sandbox: &mut Sandbox) -> String {
        let codec = codec(self.name).unwrap();
        let keys = codec
            .keys()
            .iter()
            .map(|key| (key.name.to_owned(), "k".to_owned()));
        let mut account = Account {
            keys: keys.collect(),
            token: None,
        };
        let hook =
            r#"{"name":"till","url":"https://hub.example/h","isActive":true,"encrypted":false}"#;
        let mut register = request("POST", "/api/v0/webhooks", hook);
        for name in ["x-client-key", "x-client-secret"] {
            register.headers.push((name.to_owned(), "k".to_owned()));
        }
        assert_eq!(sandbox.handle(&register, NOW).response.status, 201);
        let mut link = sample::link(self.units.0, self.currency);
        // A single link at Devdraft takes one payment, a permanent one as many as come.
        if self.name == "devdraft" && !self.takes_one {
            link.purpose = Purpose::Permanent;
        }
        let action = Action::Create {
            link,
            notify_url: Some("https://hub.example/h".to_owned()),
        };
        let mut answers = Vec::new();
        loop {
            match sample::next(codec, &action, &answers) {
                Next::Send(request) => {
                    answers.push(account.answer(sandbox, codec, &request, NOW));
                }
                Next::Done(Outcome::Link(state)) => {
                    assert_eq!(state.warning, None);
                    let base = "http://127.0.0.1:1234";
                    return state.link.url.strip_prefix(base).unwrap().to_owned();
                }
                other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => {
                    panic!("{}: {other:?}", self.name)
                }
            }
        }
    }

    /// Status and amount of each payment on the only link.
    fn payments(&self, sandbox: &mut Sandbox) -> Vec<(String, i64)> {
        let (_, links) = ask(sandbox, "GET", "/sandbox/links", "");
        let paid = links[0]["payments"].as_array().unwrap().iter();
        let amount = if self.name == "altapay" {
            "captured"
        } else {
            "amount"
        };
        paid.map(|paid| {
            let status = paid["status"].as_str().unwrap().to_owned();
            (status, paid[amount].as_i64().unwrap())
        })
        .collect()
    }
}

/// Presses a button of a page.
fn done(sandbox: &mut Sandbox, path: &str, deed: &str) -> Answer {
    sandbox.handle(&request("POST", &format!("{path}/{deed}"), ""), NOW)
}

#[test]
fn each_deed_does_what_it_says_on_the_page_of_each_kind() {
    for kind in &KINDS {
        let (all, half) = kind.units;
        let (good, bad) = kind.words;
        // What failed was meant to be all of it, except at AltaPay, which counts what was taken.
        let nothing = if kind.name == "altapay" { 0 } else { all };
        let rows = [
            ("pay", format!("{} paid.", kind.asked), vec![(good, all)]),
            ("fail", "The bank refused.".to_owned(), vec![(bad, nothing)]),
            ("less", format!("{} paid.", kind.half), vec![(good, half)]),
            (
                "twice",
                format!("{} paid, and once more.", kind.asked),
                vec![(good, all), (good, all)],
            ),
            ("expire", "past its end".to_owned(), vec![]),
        ];
        for (deed, said, payments) in rows {
            let at = format!("{} {deed}", kind.name);
            let mut sandbox = sandbox();
            let path = kind.made(&mut sandbox);
            let (status, shown) = page(&mut sandbox, "GET", &path, "");
            assert_eq!(status, 200, "{at}");
            let button = format!("<button>Pay {}</button>", kind.asked);
            let action = format!("action=\"{path}/{deed}\"");
            for part in [button, action] {
                assert!(shown.contains(&part), "{at}: {part} in {shown}");
            }
            let opened = page(&mut sandbox, "GET", &format!("{path}/{deed}"), "");
            assert_eq!(opened.0, 405, "{at}");
            let answer = done(&mut sandbox, &path, deed);
            let Response { status, body, .. } = &answer.response;
            assert_eq!(*status, 200, "{at}: {body}");
            for part in [said, format!("href=\"{path}\"")] {
                assert!(body.contains(&part), "{at}: {part} in {body}");
            }
            let told = if kind.tells { payments.len() } else { 0 };
            assert_eq!(answer.notifications.len(), told, "{at}");
            let found = kind.payments(&mut sandbox);
            let found: Vec<_> = found
                .iter()
                .map(|(word, sum)| (word.as_str(), *sum))
                .collect();
            assert_eq!(found, payments, "{at}");
            // AltaPay's order is paid once; the others' links take money until their end.
            let closes = deed == "expire" || (kind.name == "altapay" && deed != "fail");
            let later = page(&mut sandbox, "GET", &path, "").0;
            assert_eq!(later, if closes { 410 } else { 200 }, "{at}");
        }
    }
}

#[test]
fn a_page_that_takes_no_money_refuses_every_deed_and_books_nothing() {
    for kind in &KINDS {
        let mut sandbox = sandbox();
        let path = kind.made(&mut sandbox);
        assert_eq!(done(&mut sandbox, &path, "expire").response.status, 200);
        for deed in ["pay", "fail", "less", "twice", "expire"] {
            let answer = done(&mut sandbox, &path, deed);
            assert_eq!(answer.response.status, 410, "{} {deed}", kind.name);
            assert!(answer.notifications.is_empty());
        }
        assert!(kind.payments(&mut sandbox).is_empty());
        let (_, links) = ask(&mut sandbox, "GET", "/sandbox/links", "");
        assert_eq!(links[0]["state"], "expired", "{}", kind.name);
    }
}

#[test]
fn a_link_that_takes_one_payment_is_not_paid_twice() {
    let mut sandbox = sandbox();
    let mut devdraft = KINDS
        .into_iter()
        .find(|kind| kind.name == "devdraft")
        .unwrap();
    devdraft.takes_one = true;
    let path = devdraft.made(&mut sandbox);
    let answer = done(&mut sandbox, &path, "twice");
    // What was paid stays paid, and is told.
    assert_eq!(
        (answer.response.status, answer.notifications.len()),
        (410, 1)
    );
    assert_eq!(devdraft.payments(&mut sandbox).len(), 1);
}
