//! A shop with enough terminals and accounts that no address of them is asked too often.

use serde_json::{Value, json};

use super::line::{block_on, once};
use super::notification::Template;
use super::process::{Hub, Place};

/// With an address for each pair of them, 50 a second each: 30,000 notifications a second.
const TERMINALS: usize = 24;
const ACCOUNTS: usize = 25;

/// Who posts to whom.
pub(crate) struct Shop {
    /// Of each terminal: its token.
    pub(crate) tokens: Vec<String>,
    /// Of each terminal: its links' addresses, one for each account.
    pub(crate) links: Vec<Vec<Template>>,
}

impl Shop {
    pub(crate) fn open(place: &Place, hub: &Hub) -> Self {
        for number in 0..ACCOUNTS {
            let name = format!("account {number}");
            place.told(&[
                "endpoint", "add", "--shop", "Corner", "--kind", "4pay", "--name", &name, "--json",
            ]);
        }
        let mut shop = Self {
            tokens: Vec::new(),
            links: Vec::new(),
        };
        for number in 0..TERMINALS {
            let name = format!("till {number}");
            let added = place.told(&[
                "terminal", "add", "--shop", "Corner", "--name", &name, "--json",
            ]);
            let token = format!("{number:064x}");
            let body = json!({ "code": added["code"], "token": token }).to_string();
            let joined = join(hub, &body);
            let hooks = joined["hooks"].as_array().unwrap().iter();
            let links = hooks.map(|hook| Template::new(&link(hook["address"].as_str().unwrap())));
            shop.links.push(links.collect());
            shop.tokens.push(token);
        }
        shop
    }

    /// All addresses in turn: each connection begins elsewhere.
    pub(crate) fn template(&self, turn: usize) -> &Template {
        let links = &self.links[turn % TERMINALS];
        &links[turn / TERMINALS % ACCOUNTS]
    }
}

fn join(hub: &Hub, body: &str) -> Value {
    let length = body.len();
    let request =
        format!("POST /v1/pair HTTP/1.1\r\nhost: hub\r\ncontent-length: {length}\r\n\r\n{body}");
    let (status, body) = block_on(once(hub.address, request.as_bytes()));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

/// A single link's address beneath a hook's.
fn link(address: &str) -> String {
    let rest = address.split_once("://").unwrap().1;
    let path = &rest[rest.find('/').unwrap()..];
    format!("{path}/o{:032x}{:064x}", 0x17, 0x23)
}
