//! Who guesses, floods, dawdles or sends too much.

use std::io::{Read as _, Write as _};

use crate::support::{Place, read_answer};

#[test]
fn an_unknown_address_is_like_an_unknown_path_whatever_is_wrong_with_it() {
    let place = Place::new();
    let hub = place.serve();
    let path = place.endpoint("Corner", "4pay");
    let token = path.rsplit('/').next().unwrap();
    let link = format!("o{}", "0".repeat(96));
    let wrong = [
        "/nothing".to_owned(),
        format!("/hooks/paypal/{token}"),
        format!("/hooks/devdraft/{token}"),
        format!("/hooks/4pay/{}", "0".repeat(64)),
        "/hooks/4pay/short".to_owned(),
        format!("/hooks/4pay/{}/{link}", "0".repeat(64)),
        format!("{path}/short"),
    ];
    let answers: Vec<_> = wrong.iter().map(|path| hub.post(path, "{}")).collect();
    for (path, answer) in wrong.iter().zip(&answers) {
        assert_eq!(
            (answer.status, &answer.body),
            (404, &answers[0].body),
            "{path}"
        );
    }
    assert_eq!(hub.post(&format!("{path}/{link}"), "{}").status, 200);
    assert_eq!(hub.ask("GET", &path, "", "").status, 405);
}

#[test]
fn whoever_guesses_too_often_is_not_heard_for_a_while() {
    let place = Place::new();
    let hub = place.serve();
    let guesses: Vec<_> = (0..40)
        .map(|number| hub.feed(&format!("{number:064x}"), "").status)
        .collect();
    assert_eq!(guesses[0], 401);
    assert_eq!(guesses[39], 429, "{guesses:?}");
    let last = hub.feed(&"0".repeat(64), "");
    assert!(last.head.contains("retry-after: "), "{last:?}");
}

#[test]
fn a_terminal_says_of_two_hundred_tokens_that_it_knows_them_and_not_of_more() {
    let place = Place::new();
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (token, _) = place.terminal(&hub, "Corner", "till 1");
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let asked = |count: usize| {
        let tokens: Vec<_> = (0..count).map(|number| format!("{number:064x}")).collect();
        let body = serde_json::json!({ "tokens": tokens }).to_string();
        hub.ask("POST", "/v1/hooks", &bearer, &body).status
    };
    assert_eq!((asked(200), asked(201)), (200, 400));
}

#[test]
fn a_body_is_taken_up_to_its_bound_and_not_beyond() {
    let place = Place::new();
    let hub = place.serve();
    let path = place.endpoint("Corner", "4pay");
    let largest = "x".repeat(64 * 1024);
    assert_eq!(hub.post(&path, &largest).status, 200);
    assert_eq!(hub.post(&path, &format!("{largest}x")).status, 413);
    let mut stream = hub.connect();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
         10001\r\n{largest}x\r\n0\r\n\r\n"
    )
    .unwrap();
    assert_eq!(read_answer(&mut stream).unwrap().status, 413);
    let nested = "[".repeat(10_000);
    assert_eq!(
        hub.post(&path, &nested).status,
        200,
        "what cannot be read is kept"
    );
}

#[test]
fn a_client_that_dawdles_is_left() {
    let place = Place::new();
    let hub = place.serve();
    let path = place.endpoint("Corner", "4pay");
    let unfinished = [
        String::new(),
        "POST /ho".to_owned(),
        "POST /hooks HTTP/1.1\r\nHost: h".to_owned(),
    ];
    let mut streams: Vec<_> = unfinished
        .iter()
        .map(|text| {
            let mut stream = hub.connect();
            stream.write_all(text.as_bytes()).unwrap();
            stream
        })
        .collect();
    let mut half = hub.connect();
    write!(
        half,
        "POST {path} HTTP/1.1\r\nHost: hub\r\nContent-Length: 10\r\n\r\nhalf"
    )
    .unwrap();
    for stream in &mut streams {
        let mut rest = Vec::new();
        // Closed, with or without a word; the read would time out otherwise.
        let read = stream.read_to_end(&mut rest);
        assert!(read.is_ok() || rest.is_empty(), "{read:?}");
    }
    let mut text = [0; 12];
    half.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"HTTP/1.1 408");
    assert_eq!(hub.post(&path, "{}").status, 200);
}

#[test]
fn headers_have_a_bound_and_secrets_among_them_are_not_kept() {
    let place = Place::new();
    let hub = place.serve();
    let path = place.endpoint("Corner", "4pay");
    let many: String = (0..40).fold(String::new(), |all, number| {
        all + &format!("x-{number}: 1\r\n")
    });
    assert_eq!(hub.ask("POST", &path, &many, "{}").status, 431);
    let long = format!("x-long: {}\r\n", "y".repeat(9_000));
    assert_eq!(hub.ask("POST", &path, &long, "{}").status, 431);
    let secret = "Authorization: Basic c2VjcmV0\r\nCookie: secret\r\nX-Kept: yes\r\n";
    assert_eq!(hub.ask("POST", &path, secret, "{}").status, 200);
    let (token, _) = place.terminal(&hub, "Corner", "till 1");
    let feed = hub.feed(&token, "");
    assert!(feed.body.contains("x-kept"));
    assert!(!feed.body.contains("secret") && !feed.body.contains("c2VjcmV0"));
}
