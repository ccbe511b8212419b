//! A notification's way: posted, on disk, acknowledged, in a terminal's feed.

use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Place, path_of};

const LINK: &str = "o00000000000000000000000000000007";

fn link_path(hook: &str) -> String {
    format!("{hook}/{LINK}{}", "5".repeat(64))
}

fn bodies(page: &Value) -> Vec<String> {
    use base64::Engine as _;
    let text = |item: &Value| {
        let body = item["body"].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(body);
        String::from_utf8(bytes.unwrap()).unwrap()
    };
    page["items"].as_array().unwrap().iter().map(text).collect()
}

#[test]
fn each_kind_hears_what_it_wants_to_hear() {
    let place = Place::new();
    let hub = place.serve();
    for (kind, wanted) in [
        ("4pay", r#"{"success":"true"}"#),
        ("4geeks", "{}"),
        ("devdraft", "{}"),
        ("altapay", "{}"),
    ] {
        let path = place.endpoint("Corner", kind);
        // The second time it is a repetition.
        for _ in 0..2 {
            let answer = hub.post(&path, r#"{"id":"1"}"#);
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (200, wanted),
                "{kind}"
            );
            assert!(answer.head.contains("content-type: application/json"));
        }
    }
}

#[test]
fn a_parked_feed_is_woken_by_a_notification_and_outlives_a_restart() {
    let test = "a_parked_feed_is_woken_by_a_notification_and_outlives_a_restart";
    for place in crate::places::each(test) {
        park_and_wake(&place);
    }
}

fn park_and_wake(place: &Place) {
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (token, joined) = place.terminal(&hub, "Corner", "till 1");
    let (other, _) = place.terminal(&hub, "Corner", "till 2");
    let hook = path_of(joined["hooks"][0]["address"].as_str().unwrap());
    let (heard, waiting) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(|| heard.send(hub.feed(&token, "wait=55")).unwrap());
        // It is parked: nothing comes by itself.
        assert!(waiting.recv_timeout(Duration::from_millis(300)).is_err());
        assert_eq!(hub.post(&link_path(&hook), "paid").status, 200);
        let feed = waiting.recv().unwrap().json();
        assert_eq!(bodies(&feed["own"]), ["paid"]);
        let item = &feed["own"]["items"][0];
        assert_eq!(item["link"], "00000000-0000-0000-0000-000000000007");
        assert_eq!(item["verdict"], "unsigned");
    });
    let feed = hub.feed(&other, "").json();
    assert_eq!(feed["own"]["items"].as_array().unwrap().len(), 0);
    assert!(hub.stop());
    let hub = place.serve();
    let feed = hub.feed(&token, "").json();
    assert_eq!(bodies(&feed["own"]), ["paid"]);
    let mark = feed["own"]["items"][0]["mark"].as_str().unwrap();
    let read = hub.feed(&token, &format!("after=1&mark={mark}")).json();
    assert_eq!(bodies(&read["own"]), [""; 0]);
    let wrong = hub.feed(&token, "after=1&mark=0000000000000000");
    assert_eq!(wrong.status, 409);
    assert_eq!(wrong.json()["own"], true);
}

#[test]
fn a_hub_that_stops_answers_whoever_waits() {
    let place = Place::new();
    let hub = place.serve();
    let (token, _) = place.terminal(&hub, "Corner", "till 1");
    let mut stream = hub.connect();
    {
        use std::io::Write as _;
        write!(
            stream,
            "GET /v1/feed?wait=55 HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        )
        .unwrap();
    }
    // Answered one after the other: by then the first is parked.
    assert_eq!(hub.feed(&token, "wait=1").status, 200);
    assert!(hub.stop());
    let answer = crate::support::read_answer(&mut stream).unwrap();
    assert_eq!(answer.status, 200);
}

/// A proxy that asks every second sends nothing new here; what it sent before it knew is taken.
#[test]
fn a_hub_that_is_told_to_stop_as_it_begins_ends_in_order() {
    let places = [(); 5].map(|()| Place::new());
    let hubs = places.each_ref().map(|place| {
        let hub = place.serve();
        hub.terminate();
        hub
    });
    for hub in hubs {
        assert!(hub.ended());
    }
}

#[test]
fn a_hub_that_is_to_stop_says_so_first_and_takes_what_still_comes() {
    let place = Place::new();
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (token, joined) = place.terminal(&hub, "Corner", "till 1");
    let hook = path_of(joined["hooks"][0]["address"].as_str().unwrap());
    let (heard, waiting) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        let hub = &hub;
        scope.spawn(move || heard.send(hub.feed(&token, "wait=55")).unwrap());
        assert!(waiting.recv_timeout(Duration::from_millis(300)).is_err());
        hub.leave();
        assert_eq!(hub.ask("GET", "/healthz", "", "").status, 200);
        assert_eq!(hub.post(&link_path(&hook), "late").status, 200);
        let feed = waiting.recv().unwrap().json();
        assert_eq!(bodies(&feed["own"]), ["late"]);
    });
    assert!(hub.ended(), "it closes by itself");
}
