//! What waits, why, and what a person decides on it.

use super::home::Stall;

#[test]
fn what_waits_is_listed_tried_and_decided() {
    let mut stall = Stall::with_products();
    stall.ok(&["link", "mint"]);
    assert_eq!(
        stall.ok(&["sync", "--once"]).lines().last(),
        Some("nothing waits")
    );

    stall.provider.stop();
    stall.ok(&[
        "link",
        "new",
        "--title",
        "Roof",
        "--amount",
        "5",
        "--no-wait",
    ]);
    let waits = stall.json(&["sync", "--json"]);
    assert_eq!(waits["waiting"], 1, "{waits}");
    let row = &waits["rows"][0];
    assert_eq!(
        (&row["what"], &row["title"]),
        (&"create".into(), &"Roof".into())
    );
    assert_eq!(row["amount"]["minor"], 500);
    let job = row["job"].as_str().unwrap();
    let text = stall.ok(&["sync"]);
    for part in ["next try", job, "Roof, main", "5.00 EUR", "retry"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let ran = stall.run(&["sync", "--once"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(
        ran.out.contains(job) && ran.err.contains("1 still wait"),
        "{}{}",
        ran.out,
        ran.err
    );
    let said = stall.fails(&["sync", "give-up", job, "--reason", "no roof"]);
    assert!(said.contains("still being tried"), "{said}");

    stall.provider.resume();
    let done = stall.json(&["sync", "--once", "--json"]);
    assert_eq!(
        (&done["waiting"], &done["accounts"][0]["reach"]),
        (&0.into(), &"online".into())
    );
}

#[test]
fn what_was_refused_waits_for_a_person() {
    let stall = Stall::with_products();
    stall.ok(&["link", "mint"]);
    stall
        .provider
        .ask("PUT", "/sandbox/fault", "{\"status\":422}");
    let said = stall.fails(&["link", "new", "--title", "Door", "--amount", "6"]);
    assert!(
        said.contains("422") && said.contains("sync give-up"),
        "{said}"
    );
    stall.provider.ask("DELETE", "/sandbox/fault", "");
    let waits = stall.json(&["sync", "--json"]);
    let row = &waits["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["title"] == "Door")
        .unwrap();
    assert_eq!(row["can"], serde_json::json!(["retry", "give_up"]));
    assert_eq!(row["refusal"]["status"], 422);
    let job = row["job"].as_str().unwrap();
    let said = stall.fails(&["sync", "give-up", job, "--reason", " "]);
    assert!(said.contains("say why"), "{said}");
    stall.ok(&["sync", "retry", job]);
    stall.ok(&["sync", "--once"]);
    let said = stall.fails(&["sync", "retry", job]);
    assert!(said.contains("does not wait any more"), "{said}");
    assert_eq!(
        stall.json(&["link", "list", "--state", "refused", "--json"]),
        serde_json::json!([])
    );
    assert_eq!(
        stall.run(&["sync", "give-up", job]).code,
        Some(2),
        "not without a reason"
    );
}
