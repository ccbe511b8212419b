//! Rules: which are taken, which requests they meet, and what becomes of the answer.

use super::*;
use crate::sandbox::fault::{CLOCK_SECS_MAX, DELAY_MILLIS_MAX, RETRY_AFTER_SECS_MAX, RULES_MAX};

const LINKS: &str = "/api/v1/links";

fn broken_by(rules: &str) -> Sandbox {
    let mut sandbox = sandbox();
    sandbox.set_faults(rules).unwrap();
    sandbox
}

fn send(sandbox: &mut Sandbox, method: &str, path: &str) -> Answer {
    let body = if method == "POST" { LINK } else { "" };
    sandbox.handle(&request(method, path, body), NOW)
}

fn held(sandbox: &mut Sandbox) -> usize {
    let (_, links) = ask(sandbox, "GET", "/sandbox/links", "");
    links.as_array().unwrap().len()
}

#[test]
fn one_fault_for_all_requests_comes_and_goes() {
    let mut sandbox = sandbox();
    for (fault, status) in [(r#"{"status":503}"#, 503), (r#""portal""#, 200)] {
        assert_eq!(ask(&mut sandbox, "PUT", "/sandbox/fault", fault).0, 200);
        let (found, body) = ask(&mut sandbox, "GET", "/api/v1/health", "");
        assert_eq!(found, status);
        assert!(body.get("core_status").is_none());
    }
    assert_eq!(
        ask(&mut sandbox, "PUT", "/sandbox/fault", r#"{"status":99}"#).0,
        422
    );
    ask(&mut sandbox, "DELETE", "/sandbox/fault", "");
    assert_eq!(
        ask(&mut sandbox, "GET", "/api/v1/health", "").1["core_status"],
        "ok"
    );
}

#[test]
fn rules_are_listed_replaced_added_and_cleared() {
    let mut sandbox = sandbox();
    let faults = "/sandbox/faults";
    let portal = json!({"chance_permille": 1000, "fault": "portal"});
    let busy = json!({
        "kind": "4pay", "method": "POST", "path": "/api/", "chance_permille": 1, "times": 2,
        "fault": {"status": {"status": 429, "retry_after_secs": 7}},
    });
    assert_eq!(ask(&mut sandbox, "GET", faults, ""), (200, json!([])));
    let both = json!([portal, busy]);
    let put = ask(&mut sandbox, "PUT", faults, &json!([portal]).to_string());
    assert_eq!(put, (200, json!([portal])));
    let added = ask(&mut sandbox, "POST", faults, &busy.to_string());
    assert_eq!(added, (200, both.clone()));
    assert_eq!(ask(&mut sandbox, "PUT", faults, "[{}]").0, 422);
    assert_eq!(ask(&mut sandbox, "POST", faults, "[]").0, 422);
    assert_eq!(ask(&mut sandbox, "GET", faults, ""), (200, both));
    assert_eq!(ask(&mut sandbox, "DELETE", faults, ""), (200, json!([])));
    assert_eq!(ask(&mut sandbox, "PATCH", faults, "").0, 404);
}

#[test]
fn a_rule_that_can_never_fire_is_refused() {
    let longest = "a".repeat(199);
    let rows = [
        (r#"{"fault":"portal"}"#.to_owned(), true),
        (r#"{"fault":"flood"}"#.to_owned(), false),
        (r#"{"fault":"portal","x":1}"#.to_owned(), false),
        (r#"{"fault":{"cut":{"bytes":0}}}"#.to_owned(), true),
        (r#"{"fault":{"cut":{"bytes":-1}}}"#.to_owned(), false),
        (r#"{"fault":{"status":299}}"#.to_owned(), false),
        (r#"{"fault":{"status":300}}"#.to_owned(), true),
        (r#"{"fault":{"status":599}}"#.to_owned(), true),
        (r#"{"fault":{"status":600}}"#.to_owned(), false),
        (retry(RETRY_AFTER_SECS_MAX), true),
        (retry(RETRY_AFTER_SECS_MAX + 1), false),
        (delay(0), false),
        (delay(1), true),
        (delay(DELAY_MILLIS_MAX), true),
        (delay(DELAY_MILLIS_MAX + 1), false),
        (clock(-CLOCK_SECS_MAX - 1), false),
        (clock(-CLOCK_SECS_MAX), true),
        (clock(CLOCK_SECS_MAX), true),
        (clock(CLOCK_SECS_MAX + 1), false),
        (portal(r#""kind":"4pay""#), true),
        (portal(r#""kind":"5pay""#), false),
        (portal(r#""method":"PUT""#), true),
        (portal(r#""method":"put""#), false),
        (portal(r#""path":"api""#), false),
        (portal(&format!(r#""path":"/{longest}""#)), true),
        (portal(&format!(r#""path":"/{longest}a""#)), false),
        (portal(r#""chance_permille":0"#), false),
        (portal(r#""chance_permille":1"#), true),
        (portal(r#""chance_permille":1000"#), true),
        (portal(r#""chance_permille":1001"#), false),
        (portal(r#""times":0"#), false),
        (portal(r#""times":1"#), true),
    ];
    for (rule, is_taken) in rows {
        let set = sandbox().set_faults(&format!("[{rule}]"));
        assert_eq!(set.is_ok(), is_taken, "{rule}: {set:?}");
    }
}

fn portal(more: &str) -> String {
    format!(r#"{{"fault":"portal",{more}}}"#)
}

fn retry(secs: u32) -> String {
    format!(r#"{{"fault":{{"status":{{"status":503,"retry_after_secs":{secs}}}}}}}"#)
}

fn delay(millis: u32) -> String {
    format!(r#"{{"fault":{{"delay":{{"millis":{millis}}}}}}}"#)
}

fn clock(secs: i64) -> String {
    format!(r#"{{"fault":{{"wrong_clock":{{"secs":{secs}}}}}}}"#)
}

#[test]
fn there_are_only_so_many_rules() {
    let rules = |count| format!("[{}]", vec![r#"{"fault":"lost"}"#; count].join(","));
    assert!(sandbox().set_faults(&rules(RULES_MAX + 1)).is_err());
    let mut full = broken_by(&rules(RULES_MAX));
    let (status, said) = ask(&mut full, "POST", "/sandbox/faults", r#"{"fault":"lost"}"#);
    assert_eq!(status, 422);
    assert!(said["error"].as_str().unwrap().contains("clear them"));
}

#[test]
fn a_rule_meets_the_requests_that_it_names() {
    // Rule, and whether it meets: making a link, listing links, the health page.
    let rows = [
        ("{}", [true, true, true]),
        (r#"{"kind":"4pay"}"#, [true, true, true]),
        (r#"{"method":"POST"}"#, [true, false, false]),
        (r#"{"method":"DELETE"}"#, [false, false, false]),
        (r#"{"path":"/api/v1/links"}"#, [true, true, false]),
        (
            r#"{"path":"/api/v1/links","method":"GET"}"#,
            [false, true, false],
        ),
    ];
    let requests = [("POST", LINKS), ("GET", LINKS), ("GET", "/api/v1/health")];
    for (rule, expected) in rows {
        let mut rule: Value = serde_json::from_str(rule).unwrap();
        rule["fault"] = json!({"status": 503});
        let mut sandbox = broken_by(&json!([rule]).to_string());
        let met =
            requests.map(|(method, path)| send(&mut sandbox, method, path).response.status == 503);
        assert_eq!(met, expected, "{rule}");
        // A payer's page and the inspection are nobody's business.
        assert_eq!(page(&mut sandbox, "GET", "/pay/link/x", "").0, 404);
        assert_eq!(ask(&mut sandbox, "GET", "/sandbox/links", "").0, 200);
    }
}

#[test]
fn the_first_rule_that_fires_wins_and_is_used_up() {
    let mut sandbox = broken_by(
        r#"[{"fault":{"status":500},"times":2,"method":"GET"},{"fault":{"status":501},"times":1}]"#,
    );
    let statuses: Vec<u16> = ["POST", "GET", "GET", "GET"]
        .map(|method| send(&mut sandbox, method, LINKS).response.status)
        .to_vec();
    assert_eq!(statuses, [501, 500, 500, 200]);
    assert_eq!(ask(&mut sandbox, "GET", "/sandbox/faults", "").1, json!([]));
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let rules = r#"[{"fault":{"status":500},"chance_permille":200},
                    {"fault":"portal","chance_permille":300}]"#;
    let story = |seed: u8| -> Vec<(u16, String)> {
        let mut sandbox = Sandbox::new("http://127.0.0.1:1234", [seed; 32]);
        sandbox.set_faults(rules).unwrap();
        let answers = (0..1_000).map(|_| send(&mut sandbox, "POST", LINKS).response);
        answers.map(|answer| (answer.status, answer.body)).collect()
    };
    let one = story(1);
    assert_eq!(one, story(1));
    assert_ne!(one, story(2));
    let count = |status| one.iter().filter(|(found, _)| *found == status).count();
    // 200, then 300 of the 800 that are left, of a thousand.
    assert!((150..250).contains(&count(500)), "{}", count(500));
    assert!((180..300).contains(&count(200)), "{}", count(200));
}

#[test]
fn each_fault_does_the_work_or_does_not() {
    // Fault, status, how it travels, and links held afterwards.
    let rows = [
        (r#"{"status":503}"#, 503, Delivery::Send, 0),
        (r#""portal""#, 200, Delivery::Send, 0),
        (r#""broken_json""#, 200, Delivery::Send, 1),
        (
            r#"{"delay":{"millis":9}}"#,
            201,
            Delivery::After { millis: 9 },
            1,
        ),
        (r#""lost""#, 201, Delivery::Cut { bytes: 0 }, 1),
        (
            r#"{"cut":{"bytes":70}}"#,
            201,
            Delivery::Cut { bytes: 70 },
            1,
        ),
        (r#""refused_before""#, 503, Delivery::Cut { bytes: 0 }, 0),
        (r#"{"wrong_clock":{"secs":60}}"#, 201, Delivery::Send, 1),
        // 4pay has no tokens that could expire.
        (r#""expired_token""#, 201, Delivery::Send, 1),
    ];
    for (fault, status, delivery, links) in rows {
        let mut sandbox = broken_by(&format!(r#"[{{"fault":{fault},"times":1}}]"#));
        let answer = send(&mut sandbox, "POST", LINKS);
        assert_eq!(
            (answer.response.status, answer.delivery),
            (status, delivery),
            "{fault}"
        );
        assert_eq!(held(&mut sandbox), links, "{fault}");
    }
}

#[test]
fn an_expired_token_is_met_by_whoever_carries_one() {
    let mut sandbox = broken_by(r#"[{"fault":"expired_token","times":1}]"#);
    for (value, status) in [
        (None, 200),
        (Some("Basic eDp5"), 200),
        (Some("Bearer t"), 401),
        (Some("Bearer t"), 200),
    ] {
        let mut list = request("GET", LINKS, "");
        let header = value.map(|value| ("authorization".to_owned(), value.to_owned()));
        list.headers.extend(header);
        let answer = sandbox.handle(&list, NOW);
        assert_eq!(answer.response.status, status, "{value:?}");
    }
}

#[test]
fn half_an_answer_is_no_json() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, LINK);
    sandbox.set_faults(r#"[{"fault":"broken_json"}]"#).unwrap();
    for (method, path) in [
        ("POST", LINKS.to_owned()),
        ("GET", LINKS.to_owned()),
        ("DELETE", format!("{LINKS}/{id}")),
        ("GET", "/api/v1/health".to_owned()),
    ] {
        let body = send(&mut sandbox, method, &path).response.body;
        assert!(!body.is_empty());
        assert!(serde_json::from_str::<Value>(&body).is_err(), "{body}");
    }
}

#[test]
fn the_date_is_the_sandboxes_own() {
    let date = |sandbox: &mut Sandbox, path: &str| {
        let dates: Vec<String> = send(sandbox, "GET", path)
            .response
            .headers
            .into_iter()
            .filter(|(name, _)| name == "date")
            .map(|(_, value)| value)
            .collect();
        assert_eq!(dates.len(), 1, "{path}");
        dates[0].clone()
    };
    let mut sandbox = broken_by(r#"[{"fault":{"wrong_clock":{"secs":-3600}},"path":"/api/v1/h"}]"#);
    for path in [LINKS, "/pay/link/x", "/sandbox/links", "/"] {
        assert_eq!(date(&mut sandbox, path), "Mon, 02 Feb 2026 02:40:00 GMT");
    }
    assert_eq!(
        date(&mut sandbox, "/api/v1/health"),
        "Mon, 02 Feb 2026 01:40:00 GMT"
    );
}

#[test]
fn a_wrong_picture_leads_elsewhere_and_only_requests_for_one_meet_it() {
    let mut sandbox = broken_by(r#"[{"fault":"wrong_picture","times":1}]"#);
    let id = made(&mut sandbox, LINK);
    let path = format!("/pay/link/{id}");
    assert_eq!(page(&mut sandbox, "GET", &path, "").0, 200);
    for text in [
        "https://elsewhere.invalid/",
        &format!("http://127.0.0.1:1234{path}"),
    ] {
        let drawn = send(&mut sandbox, "GET", &format!("{path}/qr"))
            .file
            .unwrap();
        let read = crate::proto::qr::picture::read(&drawn);
        assert_eq!(read.as_deref(), Ok(text));
    }
    // It is fetched by a program, so it meets other faults too.
    let mut sandbox = broken_by(r#"[{"fault":"broken_json"},{"fault":"portal"}]"#);
    let broken = send(&mut sandbox, "GET", "/pay/link/x/qr");
    assert_eq!((broken.response.status, broken.file), (200, None));
    let mut sandbox = broken_by(r#"[{"fault":"portal"}]"#);
    let portal = send(&mut sandbox, "GET", "/pay/link/x/qr");
    assert!(portal.file.is_none() && portal.response.body.contains("Wi-Fi"));
}

proptest! {
    #[test]
    fn no_rule_makes_the_sandbox_fall(
        fault in prop::sample::select(vec![
            r#""broken_json""#, r#""lost""#, r#""wrong_picture""#, r#"{"wrong_clock":{"secs":-3155760000}}"#,
            r#"{"wrong_clock":{"secs":3155760000}}"#, r#"{"cut":{"bytes":4294967295}}"#,
        ]),
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        path in "/api/v1/(links|products|health)[a-z/]{0,3}",
        now in any::<i64>(),
    ) {
        let mut sandbox = broken_by(&format!(r#"[{{"fault":{fault}}}]"#));
        let answer = sandbox.handle(&request(method, &path, LINK), Timestamp::from_millis(now));
        prop_assert!((200..500).contains(&answer.response.status));
    }
}
