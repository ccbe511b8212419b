//! Terminals that wait: what each costs, and how soon it hears of a payment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::line::{Line, block_on, once};
use super::load;
use super::process::{Hub, Place};
use super::row;
use super::shop::Shop;
use super::spread::{Spread, millis};

/// Polls that are parked at the same time.
const POLLS: usize = 10_000;
/// Posts of which each is timed until a terminal has it.
const ROUNDS: usize = 200;

pub(crate) fn run() {
    let place = Place::sqlite();
    let hub = place.serve();
    let shop = Arc::new(Shop::open(&place, &hub));
    // One terminal reads, none of the parked ones is its.
    drop(waits(&hub, &shop));
    let before = hub.memory();
    block_on(async {
        let mut lines = Vec::new();
        for number in 0..POLLS {
            // Asks at once: the hub cuts whoever says nothing for five seconds.
            let mut line = Line::open(hub.address, number).await;
            let token = &shop.tokens[1 + number % (shop.tokens.len() - 1)];
            line.send(ask(token, "wait=55").as_bytes()).await;
            lines.push(line);
        }
        until_parked(&hub, POLLS).await;
        let each = (hub.memory() - before) as f64 / POLLS as f64 / 1_024.0;
        row(
            &format!("hub: memory of a parked poll, of {POLLS}"),
            &format!("{each:.1} KiB"),
            "–",
            None,
        );
        let heard = rounds(&hub, &shop, POLLS).await;
        row(
            &format!(
                "hub on SQLite: from a post to a waiting terminal beside {POLLS} others, p50 and p99"
            ),
            &format!("{}, {}", millis(heard.at(50)), millis(heard.at(99))),
            "–",
            None,
        );
    });
}

/// How long a waiting terminal waits for what is posted.
pub(crate) fn waits(hub: &Hub, shop: &Shop) -> Spread {
    block_on(rounds(hub, shop, 0))
}

async fn rounds(hub: &Hub, shop: &Shop, others: usize) -> Spread {
    let mut terminal = Line::open(hub.address, 10_001).await;
    let mut provider = Line::open(hub.address, 10_001).await;
    let mut spread = Spread::default();
    let mut after = end(&mut terminal, &shop.tokens[0]).await;
    let mut request = Vec::new();
    for round in 0..ROUNDS {
        let query = format!("wait=55&{after}");
        terminal.send(ask(&shop.tokens[0], &query).as_bytes()).await;
        until_parked(hub, others + 1).await;
        let links = &shop.links[0];
        links[round % links.len()].write(&mut request);
        let began = Instant::now();
        provider.send(&request).await;
        let feed = terminal.answer().await;
        spread.add(began.elapsed());
        after = cursor(feed.body).unwrap();
        assert_eq!(provider.answer().await.status, 200);
        load::acknowledge();
    }
    spread
}

/// Where a terminal stands that has read everything.
async fn end(terminal: &mut Line, token: &str) -> String {
    let mut after = String::new();
    loop {
        let feed = terminal.ask(ask(token, &after).as_bytes()).await;
        match cursor(feed.body) {
            Some(next) => after = next,
            None => return after,
        }
    }
}

/// Behind the last item of an answer.
fn cursor(feed: &[u8]) -> Option<String> {
    let feed: serde_json::Value = serde_json::from_slice(feed).unwrap();
    let last = feed["own"]["items"].as_array().unwrap().last()?;
    Some(format!(
        "after={}&mark={}",
        last["seq"],
        last["mark"].as_str().unwrap()
    ))
}

pub(crate) fn ask(token: &str, query: &str) -> String {
    format!(
        "GET /v1/feed?{query} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {token}\r\n\
         accept: application/json\r\n\r\n"
    )
}

/// The hub counts a poll when it comes; a moment later it is parked.
async fn until_parked(hub: &Hub, count: usize) {
    let wanted = format!("tillcode_hub_feeds_open {count}\n");
    let question = b"GET /metrics HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n";
    loop {
        let (_, text) = once(hub.address, question).await;
        if String::from_utf8(text).unwrap().contains(&wanted) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
}
