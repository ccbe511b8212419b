//! Codes by hand, as lists, as pictures to be sent, and as the provider has them.

use serde_json::Value;
use tillcode::io::lock::ProcessLock;

use super::home::Stall;

fn ids(list: &Value) -> Vec<&str> {
    let links = list.as_array().unwrap().iter();
    links.map(|link| link["id"].as_str().unwrap()).collect()
}

#[test]
fn a_code_by_hand_is_made_changed_shared_and_switched_off() {
    let stall = Stall::open();
    let made = stall.json(&[
        "link",
        "new",
        "--title",
        "Roof <repair> & \"paint\"",
        "--amount",
        "120.00",
        "--expires",
        "14d",
        "--json",
    ]);
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        (&made["state"], &made["purpose"]),
        (&"live".into(), &"single".into())
    );
    assert_eq!(
        (&made["is_custom"], &made["token"]),
        (&true.into(), &"".into())
    );
    assert_eq!(
        made["amount"],
        serde_json::json!({ "minor": 12_000, "currency": "EUR" })
    );
    let url = made["remote"]["url"].as_str().unwrap();
    let life = made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap();
    let day = 24 * 3_600_000;
    assert!((13 * day..15 * day).contains(&life), "{life}");

    let page = stall.home.path("invoice.html");
    stall.ok(&["link", "show", id, "--qr", page.to_str().unwrap()]);
    let page = std::fs::read_to_string(page).unwrap();
    for part in [
        "<svg role=\"img\"",
        &format!("<a href=\"{url}\">"),
        "Roof &lt;repair&gt; &amp; &quot;paint&quot;",
        "120.00",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        !page.contains("<repair>") && !page.contains("src="),
        "{page}"
    );
    let said = stall.fails(&["link", "show", id, "--qr", "code.jpeg"]);
    assert!(said.contains(".svg"), "{said}");

    let changed = stall.json(&[
        "link", "set", id, "--amount", "99.50", "--title", "Roof", "--json",
    ]);
    assert_eq!(changed["amount"]["minor"], 9_950);
    assert_eq!(
        (&changed["title"], &changed["state"]),
        (&"Roof".into(), &"live".into())
    );
    assert_eq!(changed["remote"], made["remote"], "the code stays the same");

    stall.ok(&["link", "withdraw", id]);
    let said = stall.fails(&["link", "set", id, "--amount", "1"]);
    assert!(said.contains("code"), "{said}");
    stall.ok(&["sync", "--once"]);
    let after = stall.json(&["link", "show", id, "--json"]);
    assert_eq!(after["state"], "withdrawn");
}

#[test]
fn a_code_that_cannot_be_is_refused_in_one_sentence() {
    let mut stall = Stall::open();
    let new = ["link", "new", "--title", "Roof"];
    for (more, says) in [
        (&["--amount", "0"][..], "above zero"),
        (&["--amount", "many"], "many"),
        (&["--amount", "1", "--expires", "tomorrow"], "14d"),
        (&["--amount", "1", "--expires", "2020-01-01"], "past"),
        (&["--amount", "1", "--backend", "other"], "[[backend]]"),
        (
            &["--amount", "1", "--option", "colour=red"],
            "not known here",
        ),
        (&["--amount", "1", "--option", "colour"], "name=value"),
    ] {
        let said = stall.fails(&[&new[..], more].concat());
        assert!(said.contains(says), "{more:?}: {said}");
    }
    let said = stall.fails(&["link", "new", "--title", " ", "--amount", "1"]);
    assert!(said.contains("1 to 200"), "{said}");
    for wrong in [
        &["link", "new", "--title", "x"][..],
        &["link", "new", "--title", "x", "--amount", "1", "--open"],
        &[
            "link",
            "new",
            "--title",
            "x",
            "--open",
            "--single",
            "--permanent",
        ],
        &["link", "list", "--remote", "--stats"],
        &["link", "set", "00000000-0000-0000-0000-000000000001"],
    ] {
        assert_eq!(stall.run(wrong).code, Some(2), "{wrong:?}");
    }
    let made = stall.json(&["link", "list", "--json"]);
    let by_hand = |link: &&Value| link["is_custom"] == true;
    assert_eq!(made.as_array().unwrap().iter().find(by_hand), None);

    // With nobody there the wish is kept, and made once the account is back.
    stall.provider.stop();
    let made = stall.json(&[
        "link",
        "new",
        "--title",
        "Later",
        "--open",
        "--no-wait",
        "--json",
    ]);
    assert_eq!(
        (&made["state"], &made["asking"]),
        (&"requested".into(), &"open".into())
    );
    stall.provider.resume();
    stall.ok(&["sync", "--once"]);
    let after = stall.json(&["link", "show", made["id"].as_str().unwrap(), "--json"]);
    assert_eq!(after["state"], "live");
}

#[test]
fn lists_are_filtered_and_counted() {
    let stall = Stall::with_products();
    let progress = stall.run(&["link", "mint"]);
    assert_eq!(progress.code, Some(0), "{}", progress.err);
    assert!(
        progress.out.starts_with("2 of 2 products"),
        "{}",
        progress.out
    );
    let permanent = stall.json(&["link", "list", "--purpose", "permanent", "--json"]);
    assert_eq!(ids(&permanent).len(), 2);
    let live = stall.json(&[
        "link",
        "list",
        "--purpose",
        "permanent",
        "--state",
        "live",
        "--json",
    ]);
    assert_eq!(live, permanent);
    let one = stall.json(&[
        "link",
        "list",
        "--purpose",
        "permanent",
        "--limit",
        "1",
        "--json",
    ]);
    assert_eq!(ids(&one), ids(&permanent)[..1]);
    for nothing in [
        &["--state", "refused"][..],
        &["--backend", "other"],
        &["--limit", "0"],
    ] {
        let args = [&["link", "list", "--json"][..], nothing].concat();
        assert_eq!(stall.json(&args), Value::Array(Vec::new()), "{nothing:?}");
    }
    let sale = stall.json(&["sale", "new", "--sku", "TEA", "--json"]);
    let shown = sale["link"].as_str().unwrap();
    let counted = stall.json(&["link", "list", "--stats", "--json"]);
    for link in counted.as_array().unwrap() {
        let times = i64::from(link["id"] == shown);
        assert_eq!(link["stats"]["shown"], times, "{link}");
        assert_eq!(
            (&link["stats"]["paid"], &link["stats"]["last_paid"]),
            (&0.into(), &Value::Null)
        );
    }
    let text = stall.ok(&["link", "list", "--stats"]);
    assert!(
        text.contains("shown 1, paid 0") && text.contains("\"Cake\""),
        "{text}"
    );
    assert_eq!(
        stall.json(&["payment", "list", "--json"]),
        Value::Array(Vec::new())
    );
    assert_eq!(stall.ok(&["payment", "list", "--to-sort"]), "");
}

#[test]
fn the_providers_own_list_tells_ours_from_others() {
    let stall = Stall::with_products();
    stall.ok(&["link", "mint"]);
    let ours = stall.json(&["link", "new", "--title", "Roof", "--amount", "5", "--json"]);
    // Another till's, on the same account.
    let other = Stall::open();
    let config = stall.provider.config_text(other.home.folder());
    std::fs::write(other.home.path("terminal.toml"), config).unwrap();
    let foreign = other.json(&[
        "link", "new", "--title", "Theirs", "--amount", "7", "--json",
    ]);

    let found = stall.json(&["link", "list", "--remote", "--json"]);
    let row = |id: &Value| {
        let rows = found["links"].as_array().unwrap();
        rows.iter()
            .find(|row| row["id"] == *id)
            .cloned()
            .unwrap_or_else(|| panic!("{found}"))
    };
    let known = row(&ours["remote"]["id"]);
    assert_eq!(
        (&known["whose"], &known["link"]),
        (&"ours".into(), &ours["id"])
    );
    let unknown = row(&foreign["remote"]["id"]);
    assert_eq!(
        (&unknown["whose"], &unknown["link"]),
        (&"unknown".into(), &Value::Null)
    );
    assert_eq!(found["gone"], Value::Array(Vec::new()));
    assert_eq!(found["no_longer_pay"], Value::Array(Vec::new()));
    let text = stall.ok(&["link", "list", "--remote"]);
    assert!(
        text.contains("another till's, perhaps; never switched off by itself"),
        "{text}"
    );
    let again = stall.json(&["link", "list", "--remote", "--json"]);
    assert_eq!(
        again["links"].as_array().map(Vec::len),
        found["links"].as_array().map(Vec::len)
    );

    // The wrong key: one sentence with the remedy, and no endless wait.
    stall
        .provider
        .ask("PUT", "/sandbox/fault", "{\"status\":401}");
    let said = stall.fails(&["link", "list", "--remote"]);
    assert!(said.contains("main (4pay)"), "{said}");
}

#[test]
fn the_new_lists_are_the_same_with_and_without_a_kiosk() {
    let stall = Stall::with_products();
    let till = stall.kiosk();
    stall.ok(&["sale", "new", "--amount", "3.21"]);
    till.until("nothing to send", |snapshot| {
        snapshot.status.waiting_to_send == 0
    })
    .unwrap();
    let calls: [&[&str]; 7] = [
        &["link", "list", "--stats"],
        &["link", "list", "--stats", "--json"],
        &["link", "list", "--remote"],
        &["link", "list", "--remote", "--json"],
        &["link", "pool"],
        &["payment", "list", "--json"],
        &["link", "list", "--purpose", "single", "--state", "shown"],
    ];
    let with: Vec<String> = calls.iter().map(|args| stall.ok(args)).collect();
    till.stop();
    // A till that was just opened makes sure first that the account is there.
    drop(ProcessLock::of_folder(&stall.home.data(), "Tillcode").unwrap());
    for (args, with) in calls.iter().zip(&with) {
        assert_eq!(&stall.ok(args), with, "{args:?}");
    }
    let pool = stall.json(&["link", "pool", "--json"]);
    let first = &pool["rows"][0];
    assert_eq!(
        (&first["there"], &first["wanted"]),
        (&1.into(), &1.into()),
        "{pool}"
    );
}
