//! The payment accounts: the sandbox called directly, and what its book says.

mod kinds;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tillcode::domain::money::Amount;
use tillcode::domain::payment::PaymentStatus;
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::{self, Capabilities, PaymentBackend, Response};
use tillcode::sandbox::{Account, Outgoing, Pay, PayError, Request, Sandbox};

pub use kinds::{KINDS, Kind, Posts};

use super::setup::eur;

/// The host of all payers' pages.
pub const HOST: &str = "pay.example";
/// Requests that Devdraft takes in a minute.
const QUOTA: usize = 100;
/// A token that no provider gave out.
const NOBODYS: &str = "of-nobody";

/// What a payer's page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Minor units.
    Sum(i64),
    /// Whatever the payer types.
    Open,
}

/// One account at one provider.
#[derive(Debug)]
pub struct Access {
    /// Its name in the configuration.
    pub name: String,
    pub kind: &'static Kind,
    pub codec: &'static dyn PaymentBackend,
    account: Account,
}

impl Access {
    pub fn can(&self) -> Capabilities {
        self.codec.capabilities()
    }
}

/// A link as a provider's book has it.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: String,
    kind: &'static Kind,
    asks: Asks,
    is_off: bool,
    payments: Vec<Value>,
}

/// All providers with the accounts of this till.
#[derive(Debug)]
pub struct Provider {
    pub accounts: Vec<Access>,
    sandbox: Sandbox,
    /// By the payer's address, as of a revision of the sandbox.
    book: (u64, BTreeMap<String, Held>),
    /// Tokens that accounts got, and those that took the place of one at its end.
    pub sign_ins: u64,
    pub tokens_ended: u64,
}

/// A payment as the provider booked it.
#[derive(Clone, Debug)]
pub struct Booked {
    /// Of which account.
    pub backend: String,
    pub kind: &'static Kind,
    pub payment: String,
    pub status: PaymentStatus,
    pub amount: Amount,
    pub notices: Vec<Outgoing>,
}

impl Provider {
    /// One account for each name and kind. Where a provider posts to an account's address, it knows it.
    pub fn new(accounts: &[(&str, &'static Kind)], seed: [u8; 32], at: Timestamp) -> Self {
        let access = |(name, kind): &(&str, &'static Kind)| {
            let keys = kind.keys.iter();
            let keys = keys.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Access {
                name: (*name).to_owned(),
                kind,
                codec: backend::codec(kind.word).expect("a codec for each row"),
                account: Account {
                    keys: keys.collect(),
                    token: None,
                },
            }
        };
        let mut provider = Self {
            accounts: accounts.iter().map(access).collect(),
            sandbox: Sandbox::new(&format!("https://{HOST}"), seed),
            book: (u64::MAX, BTreeMap::new()),
            sign_ins: 0,
            tokens_ended: 0,
        };
        if accounts
            .iter()
            .any(|(_, kind)| kind.posts == Posts::ToAccount)
        {
            let hook = json!({
                "name": "the hub", "url": "https://hub.example/devdraft",
                "isActive": true, "encrypted": false,
            });
            let answer = provider.devdraft("POST", "/api/v0/webhooks", &hook.to_string(), at);
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        provider
    }

    fn devdraft(&mut self, method: &str, path: &str, body: &str, at: Timestamp) -> Response {
        let keys = ["client_key", "client_secret"];
        let found = self
            .accounts
            .iter()
            .find(|own| own.kind.posts == Posts::ToAccount);
        let account = &found.expect("such an account").account;
        let [key, secret] = keys.map(|key| account.keys[key].clone());
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("x-client-key", key),
            ("x-client-secret", secret),
        ];
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: body.to_owned(),
        };
        self.sandbox.handle(&request, at).response
    }

    /// Another till with the same key sends all that the provider takes in this minute.
    pub fn use_up(&mut self, at: Timestamp) {
        for _ in 0..QUOTA {
            self.devdraft("GET", "/api/v0/health", "", at);
        }
    }

    /// The account of a name.
    pub fn access(&self, name: &str) -> &Access {
        let found = self.accounts.iter().find(|access| access.name == name);
        found.expect("an account that is configured")
    }

    /// Whether an account holds a token now.
    pub fn has_token(&self, name: &str) -> bool {
        self.access(name).account.token.is_some()
    }

    /// The provider forgets an account's token before its end.
    pub fn forget_token(&mut self, name: &str) {
        let found = self.accounts.iter_mut().find(|access| access.name == name);
        if let Some(access) = found {
            access.account.token = Some(NOBODYS.to_owned());
        }
    }

    pub fn handle(&mut self, name: &str, request: &backend::Request, at: Timestamp) -> Response {
        let found = self.accounts.iter_mut().find(|access| access.name == name);
        let Access { account, codec, .. } = found.expect("an account that is configured");
        let before = account.token.clone();
        let answer = account.answer(&mut self.sandbox, *codec, request, at);
        if account.token.is_some() && account.token != before {
            self.sign_ins += 1;
            self.tokens_ended += u64::from(before.is_some_and(|before| before != NOBODYS));
        }
        answer
    }

    /// The payer pays what is behind an address.
    pub fn pay(&mut self, url: &str, how: Pay, at: Timestamp) -> Result<Booked, PayError> {
        let held = self.held(url, at).ok_or(PayError::Unknown)?;
        let (remote_id, kind) = (held.id.clone(), held.kind);
        let how = match how {
            Pay::Typed { minor } => Pay::Typed {
                minor: minor * kind.cent,
            },
            how => how,
        };
        let notices = self.sandbox.pay(&remote_id, how, at)?;
        let held = self.held(url, at).ok_or(PayError::Unknown)?;
        let last = held.payments.last().expect("a payment in the book");
        let (status, wire) = (kind.paid)(last).expect("a payment that is read");
        let payment = last["id"].as_str().expect("a payment's id").to_owned();
        let account = self
            .accounts
            .iter()
            .find(|access| access.kind.word == kind.word);
        Ok(Booked {
            backend: account.expect("an account of this kind").name.clone(),
            kind,
            payment,
            status,
            amount: eur(wire / kind.cent),
            notices,
        })
    }

    /// What a link asks for; none once it is switched off.
    pub fn asks(&mut self, url: &str, at: Timestamp) -> Option<Asks> {
        let held = self.held(url, at)?;
        (!held.is_off).then_some(held.asks)
    }

    fn held(&mut self, url: &str, at: Timestamp) -> Option<&Held> {
        self.book(at).get(url)
    }

    /// All links that were ever made, by the payer's address.
    pub fn book(&mut self, at: Timestamp) -> &BTreeMap<String, Held> {
        if self.book.0 != self.sandbox.revision {
            let request = Request {
                method: "GET".to_owned(),
                path: "/sandbox/links".to_owned(),
                query: String::new(),
                headers: Vec::new(),
                body: String::new(),
            };
            let answer = self.sandbox.handle(&request, at).response;
            let links: Vec<Value> = serde_json::from_str(&answer.body).expect("a list of links");
            let book = links.into_iter().map(|link| {
                let url = link["url"].as_str().expect("an address").to_owned();
                (url, Held::of(link))
            });
            self.book = (self.sandbox.revision, book.collect());
        }
        &self.book.1
    }
}

impl Held {
    fn of(mut link: Value) -> Self {
        let word = link["kind"].as_str().expect("a kind");
        let kind = KINDS.iter().find(|kind| kind.word == word).expect("a row");
        let sum = link["amount"]
            .as_i64()
            .or_else(|| link["amount"]["minor"].as_i64());
        Self {
            id: link["id"].as_str().expect("an id").to_owned(),
            kind,
            asks: sum.map_or(Asks::Open, |wire| Asks::Sum(wire / kind.cent)),
            is_off: link["state"] == "deleted",
            payments: match link["payments"].take() {
                Value::Array(payments) => payments,
                _ => Vec::new(),
            },
        }
    }
}
