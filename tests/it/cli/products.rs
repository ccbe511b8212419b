//! Products that the payer prices, and what only a provider understands of them.

use super::home::Stall;

#[test]
fn an_open_product_is_kept_exported_and_not_sold_for_nothing() {
    let stall = Stall::open();
    let gift = stall.json(&[
        "product", "add", "--sku", "GIFT", "--name", "Gift", "--open", "--json",
    ]);
    assert_eq!(
        (&gift["asking"], &gift["price"]["minor"]),
        (&"open".into(), &0.into())
    );
    stall.ok(&[
        "product", "add", "--sku", "TEA", "--name", "Tea", "--price", "2.50",
    ]);
    let said = stall.fails(&["sale", "new", "--sku", "GIFT"]);
    assert!(
        said.contains("Gift") && said.contains("type the amount"),
        "{said}"
    );
    for name in ["all.json", "all.csv"] {
        let file = stall.home.path(name);
        let file = file.to_str().unwrap();
        stall.ok(&["catalog", "export", file]);
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("asking") && text.contains("open"), "{text}");
        let again = stall.json(&["catalog", "import", file, "--json"]);
        assert_eq!(again["unchanged"], 2, "{name}: {again}");
    }
    // Somebody's list of prices knows nothing of it and takes nothing away.
    let list = stall.home.path("list.csv");
    std::fs::write(
        &list,
        "Article number;Name;Price\nGIFT;Gift;5,00\nTEA;Tea;2,60\n",
    )
    .unwrap();
    stall.ok(&[
        "catalog",
        "import",
        list.to_str().unwrap(),
        "--map",
        "sku=Article number,name=Name,price=Price",
        "--locale",
        "de",
    ]);
    let gift = stall.json(&["product", "show", "GIFT", "--json"]);
    assert_eq!(
        (&gift["asking"], &gift["price"]["minor"]),
        (&"open".into(), &500.into())
    );

    let said = stall.fails(&["product", "set", "TEA", "--option", "colour=red"]);
    assert!(said.contains("not known here"), "{said}");
    stall.ok(&["product", "set", "TEA", "--open"]);
    let said = stall.fails(&["product", "set", "TEA", "--fixed"]);
    assert!(said.contains("above zero"), "{said}");
    let tea = stall.json(&[
        "product", "set", "TEA", "--fixed", "--price", "2.50", "--json",
    ]);
    assert_eq!(
        (&tea["asking"], &tea["price"]["minor"]),
        (&serde_json::Value::Null, &250.into())
    );
    assert_eq!(stall.run(&["product", "add", "--name", "x"]).code, Some(2));
    assert_eq!(
        stall
            .run(&["product", "set", "TEA", "--open", "--fixed"])
            .code,
        Some(2)
    );
}
