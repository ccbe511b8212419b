//! What stands on paper: taxes, and how stickers are.

use super::parse;
use crate::domain::document::CodeSize;

#[test]
fn taxes_are_read_and_each_category_has_one() {
    let text = "[[tax]]\nname = \"VAT\"\npercent = \"20\"\n\
        [[tax]]\npercent = \"5.5\"\ncategories = [\"Food\", \" Bread \"]\n";
    let config = parse(text).unwrap();
    let found: Vec<_> = config
        .taxes
        .iter()
        .map(|tax| (tax.name.as_str(), tax.basis_points, tax.categories.len()))
        .collect();
    assert_eq!(found, [("VAT", 2_000, 0), ("VAT", 550, 2)]);
    assert_eq!(config.taxes[1].categories[1], "Bread");
    for (wrong, says) in [
        ("name = \"VAT\"\n", "the rate is missing"),
        ("percent = \"twenty\"\n", "is no rate"),
        ("percent = 20\n", "quotes"),
        ("name = \" \"\npercent = \"20\"\n", "the name is empty"),
        ("percent = \"20\"\nrate = \"5\"\n", "rate"),
    ] {
        let problem = parse(&format!("[[tax]]\n{wrong}")).unwrap_err().to_string();
        assert!(problem.contains(says), "{problem}");
    }
    for twice in [
        "[[tax]]\npercent = \"20\"\n[[tax]]\npercent = \"5\"\n",
        "[[tax]]\npercent = \"20\"\ncategories = [\"Food\"]\n\
         [[tax]]\npercent = \"5\"\ncategories = [\"Tea\", \"Food\"]\n",
    ] {
        assert!(parse(twice).is_err(), "{twice}");
    }
}

#[test]
fn stickers_are_as_large_as_the_owner_says_with_a_price_or_without() {
    let usual = parse("").unwrap().label;
    assert_eq!((usual.size, usual.hides_price), (CodeSize::Hand, false));
    let own = parse("[label]\nsize = \"full\"\ntemplate = \"plain\"\n")
        .unwrap()
        .label;
    assert_eq!((own.size, own.hides_price), (CodeSize::Full, true));
    for wrong in ["size = \"big\"", "template = \"\""] {
        let problem = parse(&format!("[label]\n{wrong}\n"))
            .unwrap_err()
            .to_string();
        assert!(problem.contains("write"), "{problem}");
    }
}
