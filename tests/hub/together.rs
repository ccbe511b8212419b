//! Several hubs on one PostgreSQL.

use std::sync::mpsc;

use crate::support::HubProcess;

/// More than fit into a long wait if each had to wait until the other hub looks by itself.
const ROUNDS: usize = 40;

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
                assert_eq!(here.post(&path, &body).status, 200);
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
