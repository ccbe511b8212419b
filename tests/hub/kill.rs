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

fn kills() -> u32 {
    std::env::var("HUB_KILLS").map_or(KILLS, |text| text.parse().unwrap())
}

#[test]
fn what_was_acknowledged_is_in_the_feed_once_however_often_the_hub_is_killed() {
    let test = "what_was_acknowledged_is_in_the_feed_once_however_often_the_hub_is_killed";
    for place in crate::places::each(test) {
        let flood = Flood::new(&place);
        let mut hub = place.serve();
        for kill in 0..kills() {
            flood.during(&[&hub], || {
                // However slow the machine is, it is killed under load.
                flood.wait_for_more();
                std::thread::sleep(pause(kill));
                hub.crash();
            });
            hub = place.serve();
        }
        flood.check(&hub);
    }
}

/// One of two is killed, the other serves on: that is what a proxy in front of them counts on.
#[cfg(feature = "postgres")]
#[test]
fn two_hubs_on_one_database_lose_and_repeat_nothing_when_either_is_killed() {
    let test = "two_hubs_on_one_database_lose_and_repeat_nothing_when_either_is_killed";
    let Some(server) = crate::postgres::shared(test) else {
        return;
    };
    let place = crate::places::on(server);
    let flood = Flood::new(&place);
    let mut hubs = [place.serve(), place.serve()];
    for kill in 0..kills() {
        flood.during(&[&hubs[0], &hubs[1]], || {
            flood.wait_for_more();
            std::thread::sleep(pause(kill));
            hubs[kill as usize % 2].crash();
        });
        hubs[kill as usize % 2] = place.serve();
    }
    flood.check(&hubs[0]);
    flood.check(&hubs[1]);
}

/// The hub outlives its database, and finds it again by itself.
#[cfg(feature = "postgres")]
#[test]
fn what_was_acknowledged_is_in_the_feed_once_however_often_postgresql_is_killed() {
    let test = "what_was_acknowledged_is_in_the_feed_once_however_often_postgresql_is_killed";
    let Some(server) = crate::postgres::own(test) else {
        return;
    };
    let place = crate::places::on(&server);
    let flood = Flood::new(&place);
    let hub = place.serve();
    for kill in 0..kills() {
        flood.during(&[&hub], || {
            // Killed while something is stored, not while it is still beginning.
            flood.wait_for_more();
            // At once, and in the manner of a machine that is switched off in haste.
            server.crash(if kill % 2 == 0 { "-KILL" } else { "-QUIT" });
            flood.wait_for_more();
        });
    }
    flood.check(&hub);
}

fn pause(kill: u32) -> Duration {
    Duration::from_millis(20 + u64::from(kill * 37 % 200))
}

/// Notifications without end, from several senders.
struct Flood {
    paths: Vec<String>,
    token: String,
    next: AtomicU32,
    acknowledged: Mutex<BTreeSet<u32>>,
}

impl Flood {
    fn new(place: &Place) -> Self {
        let hub = place.serve();
        let path = |number| {
            let name = format!("account {number}");
            let args = [
                "endpoint", "add", "--shop", "Corner", "--kind", "4pay", "--name", &name, "--json",
            ];
            let added = place.told(&args);
            crate::support::path_of(added["address"].as_str().unwrap())
        };
        Self {
            paths: (0..SENDERS).map(path).collect(),
            token: place.terminal(&hub, "Corner", "till 1").0,
            next: AtomicU32::new(0),
            acknowledged: Mutex::default(),
        }
    }

    /// Posts to the hubs in turn while something is done.
    fn during(&self, hubs: &[&HubProcess], deed: impl FnOnce()) {
        let ends = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for path in &self.paths {
                scope.spawn(|| self.post_until(&ends, hubs, path));
            }
            deed();
            ends.store(true, Ordering::Relaxed);
        });
    }

    fn post_until(&self, ends: &AtomicBool, hubs: &[&HubProcess], path: &str) {
        let hubs = hubs.iter().cycle();
        for hub in hubs.take_while(|_| !ends.load(Ordering::Relaxed)) {
            self.post(hub, path);
        }
    }

    fn post(&self, hub: &HubProcess, path: &str) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"number":{number}}}"#);
        let answer = hub.try_ask("POST", path, "", &body);
        if answer.is_ok_and(|answer| answer.status == 200) {
            self.acknowledged.lock().unwrap().insert(number);
        }
        std::thread::sleep(PAUSE);
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Until some more were acknowledged.
    fn wait_for_more(&self) {
        let before = self.count();
        while self.count() < before + 10 {
            std::thread::sleep(PAUSE);
        }
    }

    /// Every one that was acknowledged is there, and none twice.
    fn check(&self, hub: &HubProcess) {
        let least = 5 * usize::try_from(kills()).unwrap();
        assert!(self.count() > least, "{}", self.count());
        let mut heard: BTreeMap<u32, u32> = BTreeMap::new();
        for item in everything(hub, &self.token) {
            *heard.entry(item).or_default() += 1;
        }
        let acknowledged = self.acknowledged.lock().unwrap();
        let missing: Vec<_> = acknowledged
            .iter()
            .filter(|number| !heard.contains_key(number))
            .collect();
        assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");
        assert!(heard.values().all(|count| *count == 1), "{heard:?}");
        println!(
            "{} kills, {} acknowledged, {} in the feed",
            kills(),
            acknowledged.len(),
            heard.len()
        );
    }
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
