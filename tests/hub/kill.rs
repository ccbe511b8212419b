//! A hub that is killed under load: what it acknowledged is in a feed, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;

use crate::support::{HubProcess, Place};

/// How often, where `HUB_KILLS` does not say otherwise.
const KILLS: u32 = 5;
const SENDERS: u32 = 4;
/// Notifications of one sender between two kills, at most: an endpoint takes so many a second.
const PAUSE: Duration = Duration::from_millis(2);

#[test]
fn what_was_acknowledged_is_in_the_feed_once_however_often_the_hub_is_killed() {
    let kills = std::env::var("HUB_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let place = Place::new();
    let mut hub = place.serve();
    let paths: Vec<_> = (0..SENDERS)
        .map(|number| {
            let name = format!("account {number}");
            let args = [
                "endpoint", "add", "--shop", "Corner", "--kind", "4pay", "--name", &name, "--json",
            ];
            let added = place.told(&args);
            crate::support::path_of(added["address"].as_str().unwrap())
        })
        .collect();
    let (token, _) = place.terminal(&hub, "Corner", "till 1");
    let acknowledged = Mutex::new(BTreeSet::new());
    let next = AtomicU32::new(0);
    for kill in 0..kills {
        let ends = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for path in &paths {
                scope.spawn(|| flood(&hub, path, &ends, &next, &acknowledged));
            }
            std::thread::sleep(Duration::from_millis(20 + u64::from(kill * 37 % 200)));
            hub.crash();
            ends.store(true, Ordering::Relaxed);
        });
        hub = place.serve();
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(
        acknowledged.len() > 5 * usize::try_from(kills).unwrap(),
        "{}",
        acknowledged.len()
    );
    let mut heard: BTreeMap<u32, u32> = BTreeMap::new();
    for item in everything(&hub, &token) {
        *heard.entry(item).or_default() += 1;
    }
    let missing: Vec<_> = acknowledged
        .iter()
        .filter(|number| !heard.contains_key(number))
        .collect();
    assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");
    assert!(heard.values().all(|count| *count == 1), "{heard:?}");
    println!(
        "{kills} kills, {} acknowledged, {} in the feed",
        acknowledged.len(),
        heard.len()
    );
}

fn flood(
    hub: &HubProcess,
    path: &str,
    ends: &AtomicBool,
    next: &AtomicU32,
    acknowledged: &Mutex<BTreeSet<u32>>,
) {
    while !ends.load(Ordering::Relaxed) {
        post(hub, path, next, acknowledged);
    }
}

fn post(hub: &HubProcess, path: &str, next: &AtomicU32, acknowledged: &Mutex<BTreeSet<u32>>) {
    let number = next.fetch_add(1, Ordering::Relaxed);
    let body = format!(r#"{{"number":{number}}}"#);
    let answer = hub.try_ask("POST", path, "", &body);
    if answer.is_ok_and(|answer| answer.status == 200) {
        acknowledged.lock().unwrap().insert(number);
    }
    std::thread::sleep(PAUSE);
}

/// The numbers of all items of the shop's stream, page by page.
fn everything(hub: &HubProcess, token: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut query = String::new();
    loop {
        let feed = hub.feed(token, &query).json();
        let items = feed["shop"]["items"].as_array().unwrap();
        let Some(last) = items.last() else {
            return numbers;
        };
        numbers.extend(items.iter().map(number_of));
        let mark = last["mark"].as_str().unwrap();
        query = format!("shop_after={}&shop_mark={mark}", last["seq"]);
    }
}

fn number_of(item: &Value) -> u32 {
    let body = item["body"].as_str().unwrap();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(body)
        .unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    u32::try_from(body["number"].as_u64().unwrap()).unwrap()
}
