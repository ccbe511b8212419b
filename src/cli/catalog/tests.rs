//! Imports into a till that is a list.

use super::*;
use crate::domain::catalog::Visibility;

/// A till that holds products and nothing else.
#[derive(Default)]
pub(crate) struct Shop {
    products: BTreeMap<String, Product>,
    /// How many commands came.
    pub(crate) commands: usize,
}

#[expect(
    clippy::panic_in_result_fn,
    reason = "a test's till falls over where an import breaks its rules"
)]
impl Desk for Shop {
    fn command(&mut self, command: Command) -> anyhow::Result<Reply> {
        let Command::PutProducts { products, .. } = command else {
            bail!("a catalog command puts products only");
        };
        assert!((1..=PRODUCTS_PER_COMMAND_MAX).contains(&products.len()));
        self.commands += 1;
        for product in products {
            self.products.insert(product.sku.clone(), product);
        }
        Ok(Reply::Done)
    }

    fn query(&mut self, query: Query) -> anyhow::Result<Answer> {
        assert_eq!(query, Query::Products);
        let products = self.products.values().cloned().collect();
        Ok(Answer::Products { products })
    }
}

pub(crate) fn context(locale: &str) -> ShopContext {
    ShopContext {
        currency: Currency::from_code("EUR").unwrap(),
        locale: Locale::from_tag(locale).unwrap(),
        shop_key: "shop".to_owned(),
        today: NaiveDate::from_ymd_opt(2026, 3, 15).unwrap(),
        day: DayRule {
            zone: chrono_tz::UTC,
            cutoff: chrono::NaiveTime::MIN,
        },
        now: Timestamp::from_millis(1_773_576_000_000),
    }
}

fn try_import(shop: &mut Shop, file: &Path, options: &[&str]) -> anyhow::Result<ImportReport> {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: ImportArgs,
    }
    let words = ["import", file.to_str().unwrap()]
        .into_iter()
        .chain(options.iter().copied());
    let parsed = <Line as clap::Parser>::try_parse_from(words)?;
    import(shop, &parsed.args, &context("en"))
}

/// Writes `text` to a file of its own and imports it.
fn imported(shop: &mut Shop, text: &str, options: &[&str]) -> ImportReport {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, text).unwrap();
    try_import(shop, &file, options).unwrap()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    for name in [
        "shopify.csv",
        "square.csv",
        "woocommerce.csv",
        "loyverse.csv",
        "price-list.xlsx",
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/catalogs")
            .join(name);
        let mut shop = Shop::default();
        let first = try_import(&mut shop, &file, &["--locale", "en"]).unwrap();
        assert!(first.is_done() && !first.added.is_empty(), "{name}");
        let (before, commands) = (shop.products.clone(), shop.commands);
        let second = try_import(&mut shop, &file, &["--locale", "en"]).unwrap();
        assert_eq!((second.added.len(), second.changed.len()), (0, 0), "{name}");
        assert_eq!(second.unchanged, first.added.len(), "{name}");
        assert_eq!((shop.products, shop.commands), (before, commands), "{name}");
    }
}

#[test]
fn a_dry_run_says_exactly_what_would_change_and_changes_nothing() {
    let mut shop = Shop::default();
    imported(
        &mut shop,
        "sku,name,price\nA,Tea,1.00\nB,Cake,2.00\nC,Old,3.00\n",
        &[],
    );
    let commands = shop.commands;
    let text = "sku,name,price,category\nA,Tea,1.50,Hot\nB,Cake,2.00,\nD,New,1299.50,\n";
    let report = imported(&mut shop, text, &["--dry-run", "--replace"]);
    let said = report.to_text();
    let said: Vec<&str> = said.lines().skip(1).collect();
    assert_eq!(
        said,
        [
            "columns: sku=\"sku\", name=\"name\", category=\"category\", price=\"price\"",
            "+ D \"New\" 1,299.50\u{a0}€",
            "~ A \"Tea\"",
            "    category: nothing → \"Hot\"",
            "    price: 1.00\u{a0}€ → 1.50\u{a0}€",
            "- C \"Old\": archived",
            "would be imported: 1 added, 1 changed, 1 archived, 1 unchanged; 0 problems, 0 skipped",
        ]
    );
    assert_eq!(shop.commands, commands);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["changed"][0]["fields"][1]["new"],
        serde_json::json!({"minor": 150, "currency": "EUR"})
    );
    assert_eq!(
        (&json["outcome"], &json["changed"][0]["fields"][0]["old"]),
        (&"dry_run".into(), &().into())
    );
    imported(&mut shop, text, &["--replace"]);
    assert_eq!(shop.products["C"].visibility, Visibility::Archived);
    let back = imported(&mut shop, "sku,name,price\nC,Old,3.00\n", &[]);
    assert_eq!(back.changed.len(), 1, "what is named again is sold again");
    assert_eq!(shop.products["C"].visibility, Visibility::Shown);
    assert_eq!(
        shop.products["A"].category.as_deref(),
        Some("Hot"),
        "no --replace, no loss"
    );
}

#[test]
fn a_list_without_a_column_takes_nothing_away() {
    let mut shop = Shop::default();
    imported(
        &mut shop,
        "sku,name,price,category,ean\nA,Tea,1.00,Hot,123\n",
        &[],
    );
    imported(&mut shop, "sku,name,price\nA,Tea,2.00\n", &[]);
    let tea = &shop.products["A"];
    assert_eq!(
        (tea.price.minor, tea.category.as_deref()),
        (200, Some("Hot"))
    );
    assert_eq!(tea.barcodes, ["123"]);
}

#[test]
fn strict_takes_all_or_nothing_and_replace_spares_what_it_could_not_read() {
    let text = "sku,name,price\nA,Tea,x\nB,Cake,2.00\n";
    let mut shop = Shop::default();
    let report = imported(&mut shop, text, &["--strict"]);
    assert!(!report.is_done() && shop.commands == 0);
    assert!(
        report
            .to_text()
            .contains("list.csv, line 2, price: \"x\": this is not a number"),
        "{}",
        report.to_text()
    );
    imported(&mut shop, "sku,name,price\nA,Tea,1.00\n", &[]);
    let report = imported(&mut shop, text, &["--replace"]);
    assert!(report.is_done() && report.archived.is_empty() && report.notes.len() == 1);
    assert_eq!(shop.products["A"].visibility, Visibility::Shown);
    let report = imported(&mut shop, "sku,name,price\nA,Tea,x\n", &[]);
    assert!(!report.is_done(), "a file of bad rows only is a failure");
}

#[test]
fn a_long_list_goes_in_small_commands() {
    let mut shop = Shop::default();
    let rows: Vec<String> = (0..1_001)
        .map(|n| format!("S{n},Name {n},1.00\n"))
        .collect();
    imported(
        &mut shop,
        &format!("sku,name,price\n{}", rows.concat()),
        &[],
    );
    assert_eq!((shop.commands, shop.products.len()), (3, 1_001));
}

#[test]
fn pictures_are_found_beside_the_file_and_other_currencies_are_named() {
    let mut shop = Shop::default();
    let text = "sku,name,price,image\nA,Tea,$1.00,tea.png\nB,Cake,2.00,https://x.example/c.png\n";
    let report = imported(&mut shop, text, &[]);
    let picture = shop.products["A"].picture.clone().unwrap();
    assert!(
        picture.starts_with('/') && picture.ends_with("/tea.png"),
        "{picture}"
    );
    assert_eq!(
        shop.products["B"].picture.as_deref(),
        Some("https://x.example/c.png")
    );
    assert_eq!(
        report.notes,
        ["1 products have prices in USD: this till sells in EUR only"]
    );
}

#[test]
fn what_is_exported_comes_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::default();
    imported(
        &mut shop,
        "sku,name,price,image,ean\nB,\"Tea \"\"x\"\"\",1.00,tea.png,1|2\nA,Käse,2.00,,\n",
        &[],
    );
    for name in ["out.json", "out.csv"] {
        let file = folder.path().join(name);
        assert_eq!(export(&mut shop, &file).unwrap(), 2);
        let bytes = std::fs::read(&file).unwrap();
        let mut other = Shop::default();
        try_import(&mut other, &file, &[]).unwrap();
        assert_eq!(other.products, shop.products, "{name}");
        export(&mut other, &file).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "{name}");
    }
    let error = export(&mut shop, &folder.path().join("out.txt")).unwrap_err();
    assert!(error.to_string().ends_with("use .json or .csv"));
}

#[test]
fn wrong_files_and_options_are_named_with_a_remedy() {
    let mut shop = Shop::default();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, "name,price\nTea,1\n").unwrap();
    for (file, options, part) in [
        (
            folder.path().join("none.csv"),
            &[][..],
            "none.csv: the file cannot be read",
        ),
        (
            file.clone(),
            &["--locale", "xx"],
            "use a language such as de",
        ),
        (file.clone(), &["--map", "name"], "is not a mapping"),
        (file, &["--format", "shopify"], "this is not a shopify file"),
    ] {
        let error = try_import(&mut shop, &file, options).unwrap_err();
        assert!(format!("{error:#}").contains(part), "{error:#}");
    }
}
