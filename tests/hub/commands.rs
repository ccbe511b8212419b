//! The owner's commands, while the hub serves.

use serde_json::Value;

use crate::support::Place;

#[test]
fn endpoints_and_terminals_are_added_and_shown_while_the_hub_serves() {
    let test = "endpoints_and_terminals_are_added_and_shown_while_the_hub_serves";
    for place in crate::places::each(test) {
        add_and_show(&place);
    }
}

fn add_and_show(place: &Place) {
    let hub = place.serve();
    let path = place.endpoint("Corner café", "4pay");
    assert!(path.starts_with("/hooks/4pay/"), "{path}");
    let (token, joined) = place.terminal(&hub, "Corner café", "till 1");
    assert_eq!(joined["shop"], "Corner café");
    assert_eq!(joined["hooks"][0]["kind"], "4pay");
    assert_eq!(hub.post(&path, "{}").status, 200);
    let listed = place.told(&["terminal", "list", "--json"]);
    assert_eq!(listed[0]["state"], "paired");
    assert_eq!(listed[0]["waiting"], 1);
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(hub.feed(&token, "").status, 200);
    place.told(&["terminal", "revoke", id, "--json"]);
    assert_eq!(hub.feed(&token, "").status, 401);
    let endpoints = place.command(&["endpoint", "list"]);
    let shown = String::from_utf8(endpoints.stdout).unwrap();
    assert!(
        shown.ends_with("Corner café  4pay (4pay), not signed\n"),
        "{shown}"
    );
    assert!(hub.stop());
}

#[test]
fn an_address_that_leaked_is_replaced_while_the_hub_serves() {
    let test = "an_address_that_leaked_is_replaced_while_the_hub_serves";
    for place in crate::places::each(test) {
        rotate_and_retire(&place);
    }
}

fn rotate_and_retire(place: &Place) {
    let hub = place.serve();
    let leaked = place.endpoint("Corner", "4pay");
    let (token, joined) = place.terminal(&hub, "Corner", "till 1");
    let path = |hook: &Value| crate::support::path_of(hook["address"].as_str().unwrap());
    let older = path(&joined["hooks"][0]);
    let listed = place.told(&["endpoint", "list", "--json"]);
    let id = listed[0]["id"].as_str().unwrap();
    // The hub knows both by now.
    for path in [&leaked, &older] {
        assert_eq!(hub.post(path, "{}").status, 200);
    }
    let fresh = path(&place.told(&["endpoint", "rotate", id, "--json"]));
    for path in [&leaked, &older, &fresh] {
        assert_eq!(hub.post(path, "{}").status, 200);
    }
    let retired = place.told(&["endpoint", "retire", id, "--json"]);
    assert_eq!(retired["retired"], 1);
    assert_eq!(retired["waiting_for"], serde_json::json!(["till 1"]));
    assert_eq!(hub.post(&leaked, "{}").status, 404);
    assert_eq!(hub.post(&older, "{}").status, 200);
    let known = older.rsplit('/').next().unwrap();
    let known = serde_json::json!({ "tokens": [known] }).to_string();
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let hooks = hub.ask("POST", "/v1/hooks", &bearer, &known).json();
    let newer = path(&hooks[0]);
    assert_ne!(newer, older);
    let shown = place.command(&["endpoint", "retire", id]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown, "Corner: 4pay has 1 older address less.\n");
    for (path, status) in [(&older, 404), (&newer, 200), (&fresh, 200)] {
        assert_eq!(hub.post(path, "{}").status, status);
    }
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    for place in crate::places::each("what_cannot_be_done_is_said_in_one_sentence") {
        fail(&place);
    }
}

fn fail(place: &Place) {
    place.endpoint("Corner", "4pay");
    let secret = place.folder().join("secret");
    std::fs::write(&secret, "of another form").unwrap();
    let secret = secret.to_str().unwrap();
    let cases: [(&[&str], &str); 6] = [
        (
            &["endpoint", "add", "--shop", "Corner", "--kind", "4pay"],
            "Corner has an endpoint \"4pay\" already: choose another name",
        ),
        (
            &["endpoint", "add", "--shop", "Corner", "--kind", "paypal"],
            "there is no kind \"paypal\" of payment account: use one of 4pay, 4geeks, devdraft, altapay",
        ),
        (
            &[
                "endpoint",
                "add",
                "--shop",
                "Corner",
                "--kind",
                "devdraft",
                "--secret-file",
                secret,
            ],
            "the endpoint's secret: how this provider signs is not documented; only Standard Webhooks \
             can be checked, whose secret is whsec_ and 24 to 64 bytes in base64",
        ),
        (
            &["terminal", "add", "--shop", "Corner", "--name", " "],
            "the terminal's name \" \" cannot be used: give one to 60 characters in one line",
        ),
        (
            &["endpoint", "rotate", "00000000-0000-0000-0000-000000000000"],
            "there is no endpoint 00000000-0000-0000-0000-000000000000: see `tillcode-hub endpoint list`",
        ),
        (
            &["terminal", "revoke", "00000000-0000-0000-0000-000000000000"],
            "there is no terminal 00000000-0000-0000-0000-000000000000: see `tillcode-hub terminal list`",
        ),
    ];
    for (args, wanted) in cases {
        let output = place.command(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said, format!("tillcode-hub: {wanted}\n"));
    }
}

#[test]
fn a_file_is_served_by_one_process() {
    let place = Place::new();
    let hub = place.serve();
    let second = place.command(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.starts_with("tillcode-hub: another message server (process ")
            && said.ends_with("stop it first, or use PostgreSQL, where several may\n"),
        "{said}"
    );
    // The owner's commands work meanwhile, and the file is free again however its server ended.
    place.endpoint("Corner", "4pay");
    hub.crash();
    assert!(place.serve().stop());
}

// The independent reader comes with the till.
#[cfg(feature = "terminal")]
#[test]
fn an_invitation_is_shown_as_text_and_as_a_code() {
    let place = Place::new();
    let url = "https://hub.example";
    let add = [
        "terminal",
        "add",
        "--shop",
        "Corner",
        "--name",
        "till 1",
        "--public-url",
        url,
    ];
    let output = place.command(&add);
    let shown = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(
        lines[0],
        "Corner: till 1 may join within ten minutes, once:"
    );
    let invitation = lines
        .last()
        .unwrap()
        .strip_prefix("tillcode pair ")
        .unwrap();
    assert!(
        invitation.starts_with("https://hub.example#"),
        "{invitation}"
    );
    assert_eq!(read_code(&lines[1..lines.len() - 1]), invitation);
}

/// What an independent reader makes of the half blocks.
#[cfg(feature = "terminal")]
fn read_code(lines: &[&str]) -> String {
    const PIXELS: usize = 4;
    let rows: Vec<Vec<char>> = lines.iter().map(|line| line.chars().collect()).collect();
    let is_light = |x: usize, y: usize| {
        let letter = rows[y / 2][x];
        matches!((letter, y % 2), ('█', _) | ('▀', 0) | ('▄', 1))
    };
    let (width, height) = (rows[0].len(), rows.len() * 2);
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width * PIXELS, height * PIXELS, |x, y| {
            if is_light(x / PIXELS, y / PIXELS) {
                255
            } else {
                0
            }
        });
    let grids = picture.detect_grids();
    grids[0].decode().unwrap().1
}
