//! Answers as the document prints them, and those that could cheat a payer.

use super::*;

#[test]
fn the_documents_answer_is_a_live_link() {
    let wrapped = format!(r#"{{"data": {CREATED}, "more": [1.5]}}"#);
    for (status, text) in [(200, CREATED), (201, CREATED), (201, wrapped.as_str())] {
        let done = next(&create(1_000, "USD"), &[answer(status, text)]);
        let Next::Done(Outcome::Link(state)) = done else {
            panic!("{done:?}")
        };
        assert_eq!(state.link.id, "abc12345-...");
        assert_eq!(state.link.url, "https://4pay.online/pay/link/abc12345-...");
        assert_eq!((state.minor, state.warning), (Some(1_000), None));
    }
}

#[test]
fn an_answer_that_could_cheat_a_payer_is_refused() {
    let swap = |from: &str, to: &str| {
        assert!(CREATED.contains(from), "{from}");
        CREATED.replace(from, to)
    };
    let rows = [
        (swap("1000", "10000"), "another amount"),
        (swap("1000", "1000.0"), "another amount"),
        (swap("\"static\"", "\"dynamic\""), "another kind"),
        (swap("{ \"default\"", "{ \"currency\": 1, \"default\""), ""),
        (
            swap("\"amount_type\"", "\"currency\": \"EUR\", \"amount_type\""),
            "another currency",
        ),
        (swap("\"abc12345-...\"", "\"\""), "usable id"),
        (swap("\"abc12345-...\"", "\"a/../b\""), "usable id"),
        (swap("\"abc12345-...\"", "7"), "usable id"),
        (
            swap("\"url\": \"https", "\"url\": \"javascript"),
            "usable address",
        ),
        (swap("\"url\"", "\"link\""), "usable address"),
        ("[]".to_owned(), "describes no link"),
        (String::new(), "not JSON"),
    ];
    for (text, said) in rows {
        let found = next(&create(1_000, "USD"), &[answer(201, &text)]);
        if said.is_empty() {
            assert!(matches!(found, Next::Done(_)), "{found:?}");
            continue;
        }
        assert!(matches!(found, Next::Refused(_)), "{text}: {found:?}");
        assert!(reason(&found).contains(said), "{text}: {}", reason(&found));
    }
    let odd = swap("/qr\"", "/qr2\"");
    let found = next(&create(1_000, "USD"), &[answer(201, &odd)]);
    let Next::Done(Outcome::Link(state)) = found else {
        panic!("{found:?}")
    };
    assert!(state.warning.unwrap().contains("own picture"));
}

#[test]
fn an_update_without_an_answers_body_is_read_back() {
    let empty = answer(204, "");
    let Next::Send(request) = next(&update(), std::slice::from_ref(&empty)) else {
        panic!("not read back")
    };
    assert_eq!(request.method, Method::Get);
    let changed = answer(200, &CREATED.replace("1000", "2000"));
    for answers in [vec![changed.clone()], vec![empty.clone(), changed]] {
        let done = next(&update(), &answers);
        assert!(matches!(done, Next::Done(Outcome::Link(_))), "{done:?}");
    }
    let unchanged = next(&update(), &[empty, answer(200, CREATED)]);
    assert!(reason(&unchanged).contains("another amount"));
}

#[test]
fn what_is_gone_is_withdrawn() {
    for response in [
        answer(200, "{}"),
        answer(204, ""),
        answer(404, r#"{"error":"not found"}"#),
        answer(410, ""),
    ] {
        let done = next(&withdraw(), std::slice::from_ref(&response));
        assert_eq!(done, Next::Done(Outcome::Withdrawn), "{response:?}");
    }
    // A login page says nothing about the link.
    let portal = next(&withdraw(), &[answer(404, "<html>")]);
    assert!(matches!(portal, Next::Later(_)));
}

#[test]
fn a_list_is_read_in_every_wrapping() {
    for text in [
        format!("[{CREATED}, {{\"id\": 5}}]"),
        format!("{{\"data\": [{CREATED}]}}"),
        format!("{{\"links\": [{CREATED}]}}"),
    ] {
        let done = next(&Action::List { from: 0 }, &[answer(200, &text)]);
        let Next::Done(Outcome::Links { links, .. }) = done else {
            panic!("{done:?}")
        };
        assert_eq!(links.len(), 1, "{text}");
    }
}
