//! Days without a network, planned from the command line.

use super::home::Stall;

/// Far enough ahead that no clock of a test machine is past it.
const DAYS: [&str; 4] = ["--from", "2099-07-01", "--to", "2099-07-03"];

#[test]
fn a_trip_is_planned_minted_and_sold_from() {
    let mut stall = Stall::with_products();
    stall.ok(&["link", "mint"]);
    let ask = [
        &["trip"][..],
        &DAYS,
        &[
            "--sales", "10", "--sku", "TEA", "--sku", "TEA", "--amount", "4.00",
        ],
    ]
    .concat();
    let plan = stall.json(&[&ask[..], &["--json"]].concat());
    assert_eq!(plan["rows"][0]["amount"]["minor"], 250, "{plan}");
    assert_eq!(
        (&plan["rows"][0]["expected"], &plan["rows"][0]["needed"]),
        (&7.into(), &9.into())
    );
    assert_eq!(
        (&plan["rows"][1]["expected"], &plan["rows"][1]["needed"]),
        (&4.into(), &5.into())
    );
    assert_eq!(
        (&plan["needed"], &plan["there"], &plan["to_get"]),
        (&14.into(), &0.into(), &14.into())
    );
    assert_eq!(plan["exposes"]["minor"], 9 * 250 + 5 * 400);
    assert_eq!(
        plan["end_before"], 1,
        "the spare that is there ends in two weeks: {plan}"
    );
    assert_eq!(
        (&plan["in_time"], &plan["can_withdraw"]),
        (&true.into(), &true.into())
    );
    let text = stall.ok(&ask);
    assert!(
        text.contains("14 codes are missing") && text.contains("42.50 EUR"),
        "{text}"
    );
    assert_eq!(
        stall.json(&["link", "pool", "--json"])["trip"],
        serde_json::Value::Null,
        "asking changes nothing"
    );

    let ran = stall.run(&[&ask[..], &["--mint"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("all 14 codes are there"), "{}", ran.out);
    assert!(ran.err.contains("of 14 codes are there"), "{}", ran.err);
    let text = stall.ok(&["link", "pool"]);
    assert!(text.contains("tillcode trip --stop"), "{text}");
    let again = stall.json(&[&ask[..], &["--json"]].concat());
    assert_eq!(again["to_get"], 0);

    stall.provider.stop();
    let mut links = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let sale = stall.json(&["sale", "new", "--amount", "4.00", "--offline", "--json"]);
        assert_eq!(sale["by_hand"], false);
        links.insert(sale["link"].to_string());
    }
    assert_eq!(links.len(), 5, "a code of its own for each sale");
    stall.ok(&["trip", "--stop"]);
    let pool = stall.json(&["link", "pool", "--json"]);
    assert_eq!(pool["trip"], serde_json::Value::Null);
}

#[test]
fn a_trip_that_cannot_be_is_refused_in_one_sentence() {
    let stall = Stall::open();
    let trip = [&["trip"][..], &DAYS].concat();
    for (more, says) in [
        (&["--sales", "10"][..], "--sku or --amount"),
        (&["--sales", "10", "--sku", "NOPE"], "tillcode product list"),
        (&["--sales", "10", "--amount", "0"], "above zero"),
        (&["--sales", "100000", "--amount", "1"], "at most 5000"),
        (
            &["--sales", "1", "--amount", "1", "--backend", "other"],
            "[[backend]]",
        ),
    ] {
        let said = stall.fails(&[&trip[..], more].concat());
        assert!(said.contains(says), "{more:?}: {said}");
    }
    let late = [
        "trip",
        "--from",
        "2020-01-01",
        "--to",
        "2020-01-02",
        "--sales",
        "1",
        "--amount",
        "1",
    ];
    assert!(stall.fails(&late).contains("past"));
    let wrong = [
        "trip",
        "--from",
        "2099-01-02",
        "--to",
        "2099-01-01",
        "--sales",
        "1",
    ];
    assert!(stall.fails(&wrong).contains("first day"));
    for usage in [
        &["trip"][..],
        &["trip", "--stop", "--mint"],
        &[&trip[..], &["--sales", "0"]].concat(),
    ] {
        assert_eq!(stall.run(usage).code, Some(2), "{usage:?}");
    }
}
