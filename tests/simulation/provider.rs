//! The payment accounts: the sandbox called directly, and what the simulation must know of each kind.

use tillcode::domain::money::Amount;
use tillcode::domain::payment::PaymentStatus;
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::{self, Response};
use tillcode::sandbox::{Account, Outgoing, Pay, PayError, Request, Sandbox};

/// The host of all payers' pages.
pub const HOST: &str = "pay.example";

/// What a payer's page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Minor units.
    Sum(i64),
    /// Whatever the payer types.
    Open,
}

/// What the simulation must know of a kind of account. One row for each.
#[derive(Debug)]
pub struct Kind {
    pub word: &'static str,
    pub keys: &'static [(&'static str, &'static str)],
    /// A token that a sign-in would have brought, where requests carry one.
    pub token: Option<&'static str>,
    /// The provider's id of the link behind a payer's address.
    pub remote_id: fn(&str) -> Option<&str>,
    /// The path that tells what a link asks for.
    pub read_path: fn(&str) -> String,
    /// What a link asks for, by that answer; none for an answer that is no link's.
    pub asks: fn(&serde_json::Value) -> Option<Asks>,
    /// The same notification with another status.
    pub restated: fn(&str, PaymentStatus) -> Option<String>,
}

pub const KINDS: &[Kind] = &[Kind {
    word: "4pay",
    keys: &[("api_key", "key-of-the-simulation")],
    token: None,
    remote_id: |url| url.rsplit('/').next(),
    read_path: |id| format!("/api/v1/links/{id}"),
    asks: |link| {
        let sum = link.get("amount").and_then(|amount| amount.get("default"));
        Some(
            sum.and_then(serde_json::Value::as_i64)
                .map_or(Asks::Open, Asks::Sum),
        )
    },
    restated: |body, status| {
        let word = match status {
            PaymentStatus::Pending => "created",
            PaymentStatus::Refunded => "refunded",
            _ => return None,
        };
        let mut body: serde_json::Value = serde_json::from_str(body).ok()?;
        body["status"] = word.into();
        Some(body.to_string())
    },
}];

/// One provider with one account.
#[derive(Debug)]
pub struct Provider {
    pub kind: &'static Kind,
    sandbox: Sandbox,
    account: Account,
}

/// A payment as the provider booked it.
#[derive(Clone, Debug)]
pub struct Booked {
    pub payment: String,
    pub status: PaymentStatus,
    pub amount: Amount,
    pub notices: Vec<Outgoing>,
}

impl Provider {
    pub fn new(kind: &'static Kind, seed: [u8; 32]) -> Self {
        let keys = kind
            .keys
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            kind,
            sandbox: Sandbox::new(&format!("https://{HOST}"), seed),
            account: Account {
                keys: keys.collect(),
                token: kind.token.map(str::to_owned),
            },
        }
    }

    pub fn handle(&mut self, request: &backend::Request, at: Timestamp) -> Response {
        let request = Request::of(request, &self.account);
        self.sandbox.handle(&request, at).response
    }

    /// The payer pays what is behind an address.
    pub fn pay(
        &mut self,
        url: &str,
        how: Pay,
        at: Timestamp,
        asked: Amount,
    ) -> Result<Booked, PayError> {
        let id = (self.kind.remote_id)(url).ok_or(PayError::Unknown)?;
        let notices = self.sandbox.pay(id, how, at)?;
        let codec = backend::codec(self.kind.word).expect("a codec for each row");
        let first = notices.first().expect("every link names an address");
        let reported = codec.read_notification(&first.body).expect("our own form");
        let currency = reported.currency.unwrap_or(asked.currency);
        let minor = codec.minor_units(reported.minor, currency);
        Ok(Booked {
            payment: reported.payment,
            status: reported.status,
            amount: Amount::new(minor.expect("a currency that is counted"), currency),
            notices,
        })
    }

    /// What a link asks for; none once it is switched off.
    pub fn asks(&mut self, url: &str, at: Timestamp) -> Option<Asks> {
        let path = (self.kind.read_path)((self.kind.remote_id)(url)?);
        let request = backend::Request {
            method: backend::Method::Get,
            path,
            headers: vec![("x-api-key", backend::HeaderValue::Credential("api_key"))],
            body: None,
        };
        let answer = self.handle(&request, at);
        if answer.status != 200 {
            return None;
        }
        (self.kind.asks)(&serde_json::from_str(&answer.body).ok()?)
    }

    /// The ids of all links that were ever made.
    pub fn all(&mut self, at: Timestamp) -> Vec<String> {
        let request = Request {
            method: "GET".to_owned(),
            path: "/sandbox/links".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: String::new(),
        };
        let answer = self.sandbox.handle(&request, at).response;
        let links: Vec<serde_json::Value> =
            serde_json::from_str(&answer.body).expect("a list of links");
        links
            .iter()
            .filter_map(|link| Some(link.get("id")?.as_str()?.to_owned()))
            .collect()
    }
}
