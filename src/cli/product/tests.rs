//! The commands as somebody types them.

use super::super::catalog::tests::{Shop, context};
use super::*;

fn run(shop: &mut Shop, words: &[&str], output: Output) -> anyhow::Result<String> {
    #[derive(clap::Parser)]
    struct Line {
        #[command(subcommand)]
        command: ProductCommand,
    }
    let words = std::iter::once("product").chain(words.iter().copied());
    let parsed = <Line as clap::Parser>::try_parse_from(words)?;
    super::run(shop, &parsed.command, &context("de"), output)
}

#[test]
fn products_are_added_shown_changed_and_archived() {
    let mut shop = Shop::default();
    let add = [
        "add",
        "--name",
        " Grüner  Tee ",
        "--price",
        "3,50",
        "--category",
        "Tee",
    ];
    let said = run(&mut shop, &add, Output::Text).unwrap();
    assert!(
        said.starts_with("gruner-tee ") && said.contains("3,50\u{a0}€"),
        "{said}"
    );
    let again = run(
        &mut shop,
        &["add", "--name", "x", "--price", "1", "--sku", "gruner-tee"],
        Output::Text,
    );
    assert!(again.unwrap_err().to_string().contains("already a product"));
    let set = [
        "set",
        "gruner-tee",
        "--price",
        "4",
        "--category",
        "",
        "--barcode",
        "123",
        "--visibility",
        "hidden",
    ];
    run(&mut shop, &set, Output::Text).unwrap();
    let shown = run(&mut shop, &["show", "gruner-tee"], Output::Json).unwrap();
    let product: Product = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (product.name.as_str(), product.price.minor),
        ("Grüner Tee", 400)
    );
    assert_eq!(
        (product.category, product.visibility),
        (None, Visibility::Hidden)
    );
    let list = |shop: &mut Shop, words: &[&str]| run(shop, words, Output::Text).unwrap();
    assert_eq!(
        list(&mut shop, &["list", "--search", "gru 12"])
            .lines()
            .count(),
        1
    );
    assert_eq!(list(&mut shop, &["list", "--search", "kaffee"]), "");
    run(&mut shop, &["archive", "gruner-tee"], Output::Text).unwrap();
    assert_eq!(list(&mut shop, &["list"]), "");
    assert!(list(&mut shop, &["list", "--all"]).ends_with("(archived)\n"));
}

#[test]
fn what_cannot_be_is_refused_with_a_remedy() {
    let mut shop = Shop::default();
    for (words, part) in [
        (&["show", "x"][..], "there is no product \"x\""),
        (&["add", "--name", "x", "--price", "0"], "above zero"),
        (&["add", "--name", " ", "--price", "1"], "there is no name"),
        (&["add", "--name", "x", "--price", "1.5"], "--price \"1.5\""),
    ] {
        let error = run(&mut shop, words, Output::Text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(shop.commands, 0);
}
