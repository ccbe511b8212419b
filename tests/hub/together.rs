//! Several hubs on one PostgreSQL.

use std::sync::mpsc;

use crate::support::{Answer, HubProcess};

/// More than fit into a long wait if each had to wait until the other hub looks by itself.
const ROUNDS: usize = 50;
const CLAIMS: usize = 50;

#[test]
fn what_one_hub_takes_wakes_who_is_parked_at_another() {
    let Some(server) = crate::postgres::shared("what_one_hub_takes_wakes_who_is_parked_at_another")
    else {
        return;
    };
    let place = crate::places::on(server);
    let (here, there) = (place.serve(), place.serve());
    let path = place.endpoint("Corner", "4pay");
    place.endpoint("Bakery", "4pay");
    let (token, _) = place.terminal(&here, "Corner", "till 1");
    let (stranger, _) = place.terminal(&here, "Bakery", "till 2");
    let (ends, ended) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        // Nothing comes for it: it is answered when its wait is over.
        scope.spawn(|| ends.send(there.feed(&stranger, "wait=25").status).unwrap());
        let mut query = String::from("wait=55");
        for round in 0..ROUNDS {
            let body = format!(r#"{{"round":{round}}}"#);
            let item = hear(&there, &token, &query, || {
                let answer = if round % 2 == 0 {
                    here.post(&path, &body)
                } else {
                    claim(&here, &token, round, 1)
                };
                assert_eq!(answer.status, 200, "{answer:?}");
            });
            assert_eq!(item["seq"], round + 1);
            let mark = item["mark"].as_str().unwrap();
            query = format!("wait=55&shop_after={}&shop_mark={mark}", item["seq"]);
        }
        assert!(ended.try_recv().is_err(), "parked feeds were woken late");
    });
    assert_eq!(ended.recv().unwrap(), 200);
}

/// Parks a feed, does something, and gives back the one item of the shop that this brought.
fn hear(hub: &HubProcess, token: &str, query: &str, deed: impl FnOnce()) -> serde_json::Value {
    std::thread::scope(|scope| {
        let parked = scope.spawn(|| hub.feed(token, query).json());
        // Asked and answered: by then the other is parked, or about to be.
        assert_eq!(hub.ask("GET", "/readyz", "", "").status, 200);
        deed();
        let feed = parked.join().unwrap();
        assert_eq!(feed["shop"]["items"].as_array().unwrap().len(), 1, "{feed}");
        feed["shop"]["items"][0].clone()
    })
}

#[test]
fn hubs_that_begin_at_once_on_an_empty_database_both_serve() {
    let Some(server) = crate::postgres::shared("hubs_that_begin_at_once_on_an_empty_database")
    else {
        return;
    };
    let place = crate::places::on(server);
    let hubs = std::thread::scope(|scope| {
        let begun: Vec<_> = (0..4).map(|_| scope.spawn(|| place.serve())).collect();
        let hubs: Vec<_> = begun.into_iter().map(|hub| hub.join().unwrap()).collect();
        hubs
    });
    let path = place.endpoint("Corner", "4pay");
    for hub in &hubs {
        // The first stores it, the others know it.
        assert_eq!(hub.post(&path, "{}").status, 200);
    }
    let (token, _) = place.terminal(&hubs[0], "Corner", "till 1");
    for hub in hubs {
        let feed = hub.feed(&token, "").json();
        assert_eq!(feed["shop"]["items"].as_array().unwrap().len(), 1);
        assert!(hub.stop());
    }
}

/// Of two tills that want the same payment at the same moment, at two hubs, one has it.
#[test]
fn one_of_two_hubs_gives_a_payment_away_when_both_are_asked_at_once() {
    let test = "one_of_two_hubs_gives_a_payment_away_when_both_are_asked_at_once";
    let Some(server) = crate::postgres::shared(test) else {
        return;
    };
    let place = crate::places::on(server);
    let hubs = [place.serve(), place.serve()];
    place.endpoint("Corner", "4pay");
    let tokens = [("till 1", &hubs[0]), ("till 2", &hubs[1])]
        .map(|(name, hub)| place.terminal(hub, "Corner", name).0);
    let mut winners = Vec::new();
    for round in 0..CLAIMS {
        let ask = |till: usize| claim(&hubs[till], &tokens[till], round, till).json();
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| ask(0));
            (ask(1), one.join().unwrap())
        });
        assert_eq!(one, two);
        winners.push(one);
    }
    let claims: usize = hubs.iter().map(claims).sum();
    assert_eq!(claims, CLAIMS, "each of them was won once");
    for (hub, token) in hubs.iter().zip(tokens.iter().rev()) {
        let feed = hub.feed(token, "").json();
        let items = feed["shop"]["items"].as_array().unwrap();
        assert_eq!(items.len(), winners.len());
        for (item, winner) in items.iter().zip(&winners) {
            for name in ["payment", "sale", "till"] {
                assert_eq!(item[name], winner[name], "{item}");
            }
        }
    }
}

/// A terminal asks for a payment.
fn claim(hub: &HubProcess, token: &str, payment: usize, sale: usize) -> Answer {
    let uuid = |number: usize| format!("00000000-0000-0000-0000-{number:012}");
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let claim = serde_json::json!({
        "kind": "4pay", "payment": format!("p{payment}"), "link": uuid(8), "sale": uuid(sale),
    });
    hub.ask("POST", "/v1/claims", &bearer, &claim.to_string())
}

/// How many claims were won at a hub.
fn claims(hub: &HubProcess) -> usize {
    let text = hub.ask("GET", "/metrics", "", "").body;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("tillcode_hub_claims_total "));
    line.unwrap().parse().unwrap()
}
