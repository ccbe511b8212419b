//! A hub whose disk fails under it: at every write and every sync, and because it is full. What it
//! acknowledged is there once, what it did not is there once after its sender repeated it.

mod calls;
mod full;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use serde_json::Value;

use crate::support::{HubProcess, Place, path_of};

/// Two addresses of an account, one for each of a terminal's streams, and the terminal's token.
#[derive(Clone)]
struct Shop {
    paths: [String; 2],
    token: String,
}

impl Shop {
    fn new(place: &Place, hub: &HubProcess) -> Self {
        let account = place.endpoint("Corner", "4pay");
        let (token, joined) = place.terminal(hub, "Corner", "till 1");
        let hook = path_of(joined["hooks"][0]["address"].as_str().unwrap());
        // A link's address, so that only this terminal hears of it.
        let link = format!("{hook}/o{:032x}{}", 8, "5".repeat(64));
        Self {
            paths: [account, link],
            token,
        }
    }

    /// Everything in both streams: how often each number was heard. There is no gap in either.
    fn heard(&self, hub: &HubProcess) -> BTreeMap<u32, u32> {
        let mut heard = BTreeMap::new();
        let mut read = Read::default();
        while read.next(self, hub, &mut heard) {}
        heard
    }
}

/// How far both streams are read.
#[derive(Default)]
struct Read([(u64, String); 2]);

impl Read {
    /// Whether there was anything more.
    fn next(&mut self, shop: &Shop, hub: &HubProcess, heard: &mut BTreeMap<u32, u32>) -> bool {
        let [(own, own_mark), (all, all_mark)] = &self.0;
        let query = format!("after={own}&mark={own_mark}&shop_after={all}&shop_mark={all_mark}");
        let feed = hub.feed(&shop.token, &query);
        assert_eq!(feed.status, 200, "{feed:?}");
        let feed = feed.json();
        let mut more = false;
        for (name, (seq, mark)) in ["own", "shop"].into_iter().zip(&mut self.0) {
            for item in feed[name]["items"].as_array().unwrap() {
                assert_eq!(item["seq"], *seq + 1, "a gap: {feed}");
                *seq += 1;
                item["mark"].as_str().unwrap().clone_into(mark);
                *heard.entry(number_of(item)).or_default() += 1;
                more = true;
            }
        }
        more
    }
}

fn number_of(item: &Value) -> u32 {
    let body = item["body"].as_str().unwrap();
    let engine = base64::engine::general_purpose::STANDARD;
    let body: Value = serde_json::from_slice(&engine.decode(body).unwrap()).unwrap();
    u32::try_from(body["number"].as_u64().unwrap()).unwrap()
}

/// What was posted, and what came of it.
#[derive(Clone)]
struct Sent {
    shop: Shop,
    /// In bytes, of what makes a notification large.
    padding: usize,
    acknowledged: BTreeSet<u32>,
    refused: BTreeSet<u32>,
}

impl Sent {
    fn new(shop: Shop, padding: usize) -> Self {
        Self {
            shop,
            padding,
            acknowledged: BTreeSet::new(),
            refused: BTreeSet::new(),
        }
    }

    /// Whether it was acknowledged. There is no third answer.
    fn post(&mut self, hub: &HubProcess, number: u32) -> bool {
        let path = &self.shop.paths[number as usize % 2];
        let more = padding(number, self.padding);
        let body = format!(r#"{{"number":{number},"more":"{more}"}}"#);
        let answer = hub.post(path, &body);
        let is_taken = answer.status == 200;
        if is_taken {
            self.refused.remove(&number);
            self.acknowledged.insert(number);
        } else {
            assert_eq!(answer.status, 503, "{answer:?}");
            assert!(answer.head.contains("retry-after: "), "{answer:?}");
            // What was acknowledged once stays so, whatever a repetition is told.
            if !self.acknowledged.contains(&number) {
                self.refused.insert(number);
            }
        }
        is_taken
    }

    /// The next that was not sent.
    fn next(&self) -> u32 {
        let last = self.acknowledged.iter().chain(&self.refused).max();
        last.map_or(0, |last| last + 1)
    }

    /// Nothing that was acknowledged is lost, and nothing is there twice. Then everybody repeats what
    /// was not, and all is there.
    fn check(&mut self, hub: &HubProcess) {
        let heard = self.shop.heard(hub);
        let lost: Vec<_> = self.acknowledged.iter().collect();
        let lost = lost.iter().filter(|number| !heard.contains_key(number));
        let lost: Vec<_> = lost.collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        for number in self.refused.clone() {
            assert!(self.post(hub, number), "{number} is refused still");
        }
        let heard = self.shop.heard(hub);
        assert!(heard.values().all(|count| *count == 1), "{heard:?}");
        let heard: BTreeSet<_> = heard.into_keys().collect();
        assert_eq!(heard, self.acknowledged);
    }
}

/// So many digits that no database makes them much less.
fn padding(number: u32, length: usize) -> String {
    let mut state = u64::from(number);
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        format!("{:08x}", state >> 32)
    };
    let digits: String = (0..length.div_ceil(8)).map(|_| next()).collect();
    digits[..length].to_owned()
}

fn is_ready(hub: &HubProcess) -> bool {
    hub.ask("GET", "/readyz", "", "").status == 200
}
