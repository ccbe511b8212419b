//! The register of stickers that the terminals of a shop share.

use serde_json::{Value, json};

use crate::shop::{LINK, tell};
use crate::support::Place;

const PATH: &str = "/v1/stickers";

fn sticker(number: u32) -> Value {
    json!({
        "id": format!("00000000-0000-0000-0000-{number:012}"), "serial": format!("K7-S{number}"),
        "link": LINK, "title": "Tea", "url": "https://pay.example/8", "printed_at": 1_800_000_000_000_u64,
        "told": { "verdict": "good", "at": 1_800_000_000_000_u64 },
    })
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut sticker = sticker(1);
    sticker[name] = value.into();
    sticker
}

/// With texts that are as long as they may be, and twice as long in JSON.
fn longest_sticker() -> Value {
    let mut sticker = with("url", "\\".repeat(3_000));
    for (name, length) in [("serial", 40), ("title", 200), ("place", 80)] {
        sticker[name] = "ü".repeat(length).into();
    }
    sticker
}

fn stickers(stickers: &[Value]) -> Value {
    json!({ "after": { "seq": 0, "mark": "" }, "stickers": stickers })
}

#[test]
fn stickers_are_taken_up_to_their_bounds_and_from_terminals_only() {
    let test = "stickers_are_taken_up_to_their_bounds_and_from_terminals_only";
    for place in crate::places::each(test) {
        tell_up_to_the_bounds(&place);
    }
}

fn tell_up_to_the_bounds(place: &Place) {
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (token, _) = place.terminal(&hub, "Corner", "till 1");
    let mut unknown = stickers(&[]);
    unknown["more"] = 1.into();
    let cases = [
        (stickers(&[]), 200),
        (stickers(&vec![longest_sticker(); 50]), 200),
        (stickers(&vec![longest_sticker(); 51]), 400),
        (stickers(&[with("title", "two\nlines")]), 400),
        (stickers(&[with("url", "u".repeat(3_001))]), 400),
        (stickers(&[with("told", Value::Null)]), 400),
        (unknown, 400),
        (json!({ "stickers": [] }), 400),
        (json!("x".repeat(1024 * 1024)), 413),
    ];
    for (body, status) in cases {
        let answer = tell(&hub, &token, PATH, &body);
        let body = body.to_string();
        assert_eq!(answer.status, status, "{body:.300} {answer:?}");
    }
    let (stranger, told) = ("9".repeat(64), stickers(&[sticker(1)]));
    assert_eq!(tell(&hub, &stranger, PATH, &told).status, 401);
    assert_eq!(hub.post(PATH, &told.to_string()).status, 401);
}

#[test]
fn stickers_that_one_terminal_tells_of_another_one_hears() {
    let test = "stickers_that_one_terminal_tells_of_another_one_hears";
    for place in crate::places::each(test) {
        tell_and_hear(&place);
    }
}

fn tell_and_hear(place: &Place) {
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (one, _) = place.terminal(&hub, "Corner", "till 1");
    let (two, _) = place.terminal(&hub, "Corner", "till 2");
    let register = |token: &str| hub.feed(token, "wait=0").json()["register"]["seq"].clone();
    assert_eq!(register(&two), 0);
    let told = stickers(&[sticker(1), sticker(2)]);
    // Whoever waits hears at once that there is something.
    let told = std::thread::scope(|scope| {
        let waits = scope.spawn(|| hub.feed(&two, "wait=50&register=").json());
        // Asked and answered: by then the other is parked, or about to be.
        hub.feed(&one, "wait=0");
        let told = tell(&hub, &one, PATH, &told).json();
        assert_eq!(waits.join().unwrap()["register"], told["until"]);
        told
    });
    assert_eq!(register(&two), 2);
    let heard = tell(&hub, &two, PATH, &stickers(&[])).json();
    assert_eq!(heard, told);
    let serials = [
        &heard["stickers"][0]["serial"],
        &heard["stickers"][1]["serial"],
    ];
    assert_eq!(serials, ["K7-S1", "K7-S2"]);
    assert_eq!(
        (&heard["until"]["seq"], &heard["more"]),
        (&2.into(), &false.into())
    );
    // All of what the longest texts fill is read by a terminal.
    let longest = (1..=50).map(|number| {
        let mut sticker = longest_sticker();
        sticker["id"] = format!("00000000-0000-0000-0001-{number:012}").into();
        sticker
    });
    let longest = stickers(&longest.collect::<Vec<_>>());
    assert_eq!(tell(&hub, &two, PATH, &longest).status, 200);
    let after = json!({ "after": heard["until"], "stickers": [] });
    let answer = tell(&hub, &one, PATH, &after);
    assert_eq!(answer.json()["stickers"].as_array().unwrap().len(), 50);
    assert!(answer.body.len() <= tillcode::proto::hub::ANSWER_BYTES_MAX);
    // What nobody has said here is another history: all of it from the start.
    let unknown = json!({ "after": { "seq": 2, "mark": "elsewhere" }, "stickers": [] });
    let anew = tell(&hub, &one, PATH, &unknown).json();
    assert_eq!(
        (&anew["is_other_history"], &anew["stickers"][0]["serial"]),
        (&true.into(), &"K7-S1".into())
    );
}
