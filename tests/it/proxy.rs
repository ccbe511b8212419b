//! The till's client and 4pay's codec against the sandbox, with a network in between that loses,
//! cuts, delays and repeats. Whatever happens, what the till believes is what the provider holds.

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tillcode::domain::id::{Entropy, LinkId};
use tillcode::domain::link::{Asking, Link, LinkState, Purpose};
use tillcode::domain::options::Options;
use tillcode::domain::time::Timestamp;
use tillcode::io::http::{AccountAccess, HttpClient, Timeouts};
use tillcode::io::secret::Secret;
use tillcode::proto::backend::{AccountView, Action, LinkJob, Next, Outcome, Response, codec};
use tillcode::sandbox::shell::{SharedSandbox, serve, with};
use tillcode::sandbox::{Request, Sandbox};
use tillcode::terminal::SendError;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::fault_proxy::{FaultProxy, Harm, Met};
use crate::support::shop::eur;

/// Stories that are told, and requests in each.
const SEEDS: std::ops::RangeInclusive<u8> = 1..=8;
const REQUESTS: i64 = 30;
/// How long a request may take, and how late a busy machine may notice.
const TOTAL: Duration = Duration::from_secs(1);
const SLACK: Duration = Duration::from_secs(2);
const NOW: Timestamp = Timestamp::from_millis(1_772_359_200_000);

/// A request and what the till made of it.
struct Deed {
    action: Action,
    said: Result<Next, SendError>,
    took: Duration,
}

impl Deed {
    fn link_made(&self) -> Option<&str> {
        match &self.said {
            Ok(Next::Done(Outcome::Link(state))) => Some(&state.link.id),
            _ => None,
        }
    }
}

fn link(minor: i64) -> Box<Link> {
    let mut entropy = Entropy::new([1; 32]);
    Box::new(Link {
        id: LinkId(entropy.uuid(NOW)),
        backend: "main".to_owned(),
        account: "fingerprint".to_owned(),
        purpose: Purpose::Single,
        product: None,
        amount: eur(minor),
        asking: Asking::default(),
        title: "Tea".to_owned(),
        word: "tulip".to_owned(),
        description: "Tea".to_owned(),
        token: "t".to_owned(),
        state: LinkState::Requested,
        remote: None,
        sale: None,
        is_custom: false,
        reports_to: None,
        options: Options::default(),
        created_at: NOW,
        expires_at: None,
    })
}

/// What the codec wants next.
fn next(action: &Action, answers: &[Response]) -> Next {
    codec("4pay").unwrap().next(LinkJob {
        action,
        answers,
        account: AccountView {
            shop: "Corner shop",
            options: &Options::default(),
        },
        first_sent: (!answers.is_empty()).then_some(NOW),
        now: NOW,
    })
}

async fn act(client: &HttpClient, action: Action) -> Deed {
    let Next::Send(request) = next(&action, &[]) else {
        panic!("{action:?} needs no request")
    };
    let began = Instant::now();
    let sent = client.send("main", &request).await;
    let took = began.elapsed();
    let said = sent.map(|received| next(&action, &[received.response]));
    Deed { action, said, took }
}

fn client(base_url: &str) -> HttpClient {
    let access = AccountAccess {
        backend: "main".to_owned(),
        kind: "4pay".to_owned(),
        base_url: base_url.to_owned(),
        secrets: BTreeMap::from([("api_key".to_owned(), Secret::new("key"))]),
    };
    let timeouts = Timeouts {
        connect: TOTAL,
        total: TOTAL,
    };
    HttpClient::new(vec![access], timeouts).unwrap()
}

async fn provider() -> (SharedSandbox, SocketAddr) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sandbox = Sandbox::new(&format!("http://{address}"), [7; 32]);
    let sandbox = Arc::new(Mutex::new(sandbox));
    let clock = Arc::new(|| NOW);
    tokio::spawn(serve(listener, Arc::clone(&sandbox), clock, pending()));
    (sandbox, address)
}

/// A link as the provider holds it.
#[derive(Debug)]
struct Held {
    url: String,
    minor: i64,
    currency: String,
    state: String,
}

/// All that the provider holds, by id.
fn held(sandbox: &SharedSandbox) -> BTreeMap<String, Held> {
    let inspect = Request {
        method: "GET".to_owned(),
        path: "/sandbox/links".to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: String::new(),
    };
    let body = with(sandbox, |sandbox| {
        sandbox.handle(&inspect, NOW).response.body
    });
    let links: Vec<Value> = serde_json::from_str(&body).unwrap();
    let text = |link: &Value, name: &str| link[name].as_str().unwrap().to_owned();
    links
        .iter()
        .map(|link| {
            let held = Held {
                url: text(link, "url"),
                minor: link["amount"].as_i64().unwrap(),
                currency: text(link, "currency"),
                state: text(link, "state"),
            };
            (text(link, "id"), held)
        })
        .collect()
}

/// Makes, lists and withdraws links through a proxy of this seed; gives back the harm that it met.
async fn story(seed: u8) -> BTreeSet<Harm> {
    let (sandbox, address) = provider().await;
    let proxy = FaultProxy::start(address, seed).await;
    let client = client(&proxy.url);
    let mut entropy = Entropy::new([seed, 99].repeat(16).try_into().unwrap());
    let mut known: Vec<String> = Vec::new();
    let mut deeds = Vec::new();
    for number in 0..REQUESTS {
        let action = match entropy.below(10) {
            0..2 => Action::List { from: 0 },
            2..4 if !known.is_empty() => Action::Withdraw {
                remote_id: known.remove(0),
            },
            // A sum of its own, by which the provider's links are told apart.
            _ => Action::Create {
                link: link(1_000 + number),
                notify_url: None,
            },
        };
        let deed = act(&client, action).await;
        known.extend(deed.link_made().map(str::to_owned));
        deeds.push(deed);
    }
    let port = proxy.url.rsplit_once(':').unwrap().1.parse().unwrap();
    let record = proxy.finish().await;
    // Nobody else is to listen there meanwhile.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.set_reuseaddr(true).unwrap();
    let is_ours = silent.bind((Ipv4Addr::LOCALHOST, port).into()).is_ok();
    let held = held(&sandbox);
    // The client repeats nothing by itself.
    assert_eq!(record.len(), deeds.len(), "seed {seed}");
    for (number, (deed, met)) in deeds.iter().zip(&record).enumerate() {
        let place = format!("seed {seed}, request {number}, {met:?}: {:?}", deed.said);
        judge(deed, *met, &held, &place);
    }
    count_strays(&deeds, &record, &held, seed);
    // Nobody listens any more: surely not sent.
    let after = act(&client, Action::List { from: 0 }).await;
    let is_not_sent = matches!(after.said, Err(SendError::NotSent(_)));
    assert!(is_not_sent || !is_ours, "{:?}", after.said);
    record.iter().map(|met| met.harm).collect()
}

/// One request: what the till believes of it is true.
fn judge(deed: &Deed, met: Met, held: &BTreeMap<String, Held>, place: &str) {
    assert!(deed.took <= TOTAL + SLACK, "{place} took {:?}", deed.took);
    match (&deed.said, &deed.action) {
        (Err(SendError::NotSent(_)), _) => assert_eq!(met.forwarded, 0, "{place}"),
        (Err(SendError::NoAnswer(_)), _) => {}
        (Ok(Next::Done(Outcome::Link(state))), Action::Create { link, .. }) => {
            let there = &held[&state.link.id];
            assert_eq!(state.link.url, there.url, "{place}");
            assert_eq!(link.amount, eur(there.minor), "{place}");
            assert_eq!(state.minor, Some(there.minor), "{place}");
            assert_eq!(there.currency, "EUR", "{place}");
        }
        (Ok(Next::Done(Outcome::Links { links, .. })), Action::List { .. }) => {
            for state in links {
                let there = &held[&state.link.id];
                assert_eq!(state.minor, Some(there.minor), "{place}");
            }
        }
        (Ok(Next::Done(Outcome::Withdrawn)), Action::Withdraw { remote_id }) => {
            assert_eq!(held[remote_id].state, "deleted", "{place}");
        }
        (Ok(Next::Later(refusal)), _) => {
            let expected = match met.harm {
                Harm::Busy => (Some(429), Some(2)),
                Harm::Portal => (Some(200), None),
                other => panic!("{other:?} is no answer: {place}"),
            };
            let found = (refusal.status, refusal.retry_after_secs);
            assert_eq!(found, expected, "{place}");
        }
        _ => panic!("{place}"),
    }
    let is_answer = matches!(deed.said, Ok(Next::Done(_)));
    let may_be_answered = matches!(met.harm, Harm::None | Harm::Replay);
    assert!(may_be_answered || !is_answer, "{place}");
    let is_later = matches!(met.harm, Harm::Portal | Harm::Busy);
    assert!(may_be_answered || is_later || deed.said.is_err(), "{place}");
}

/// Each request that arrived made a link, and only harm makes one of which no answer tells.
fn count_strays(deeds: &[Deed], record: &[Met], held: &BTreeMap<String, Held>, seed: u8) {
    let answered: BTreeSet<&str> = deeds.iter().filter_map(Deed::link_made).collect();
    let mut allowed = 0;
    for (deed, met) in deeds.iter().zip(record) {
        let Action::Create { link, .. } = &deed.action else {
            continue;
        };
        let made = held.values().filter(|held| held.minor == link.amount.minor);
        assert_eq!(made.count(), met.forwarded, "seed {seed}, {met:?}");
        let harms = [Harm::Cut, Harm::Lost, Harm::Late, Harm::Drip, Harm::Replay];
        // A machine that is too busy loses answers too.
        allowed += usize::from(harms.contains(&met.harm) || deed.took >= TOTAL);
    }
    let strays = held.keys().filter(|id| !answered.contains(id.as_str()));
    let strays = strays.count();
    assert!(strays <= allowed, "seed {seed}: {strays} of {allowed}");
    assert_eq!(strays + answered.len(), held.len(), "seed {seed}");
}

#[tokio::test]
async fn what_the_till_believes_is_what_the_provider_holds() {
    let mut stories: JoinSet<BTreeSet<Harm>> = SEEDS.map(story).collect();
    let mut met = BTreeSet::new();
    while let Some(told) = stories.join_next().await {
        met.extend(told.unwrap());
    }
    for harm in Harm::ALL {
        assert!(met.contains(&harm), "no story met {harm:?}");
    }
}
