//! Rows and files that cannot be taken, and article numbers that are missing.

use super::*;

#[test]
fn bad_rows_are_named_and_good_ones_come_in() {
    let text = "sku,name,price,barcode\nA,\"two\nlines\",1.00,\nB,,2.00,\nC,Tea,\"1.299,50\",\nA,Again,3.00,\n\
                D,Green, tea,4.00,123\nE,Zero,0,\nF,Last,5.00,\n";
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    let skus: Vec<&str> = file.products.iter().map(|p| p.sku.as_str()).collect();
    assert_eq!(skus, ["A", "F"]);
    assert_eq!(file.products[0].name, "two lines");
    assert_eq!(
        lines(&file.problems),
        [
            "line 4, name: there is no name",
            "line 5, price: \"1.299,50\": the separators do not fit the locale, which writes 1,234.50: say how the file writes numbers with --locale",
            "line 6, sku: \"A\": line 2 has the same article number: give each product its own",
            "line 7: the row has more cells than there are headings: put quotation marks around a value that has the separator in it",
            "line 8, price: \"0\": the price is zero: there is nothing to pay",
        ]
    );
    let long = format!("name,price\n{},1\nTea,1\n", "x".repeat(NAME + 1));
    let file = ENGLISH.read(long.as_bytes()).unwrap();
    assert_eq!(
        file.problems[0].reason,
        "201 characters are too many: shorten it to 200"
    );
    let open = ENGLISH
        .read(b"name,price\nTea,1\n\"Cake,2\nMilk,3\n")
        .unwrap();
    assert_eq!((open.products.len(), open.problems[0].line), (1, 3));
}

#[test]
fn a_mapping_and_a_stated_locale_go_before_every_guess() {
    let text = "Name,Ware,\"VK, brutto\"\nx,Tee,\"3,50\"\n";
    let ask = Ask {
        map: "name=ware,price=\"VK, brutto\"",
        stated: Some("de"),
        ..ENGLISH
    };
    assert_eq!(ask.rows(text.as_bytes()), ["tee|Tee|||3.50 EUR|||Shown"]);
    let ask = Ask {
        map: "name=Sorte",
        ..ENGLISH
    };
    assert_eq!(
        ask.read(text.as_bytes()).unwrap_err().to_string(),
        "there is no column \"Sorte\": the headings are \"Name\", \"Ware\", \"VK, brutto\""
    );
}

#[test]
fn files_that_are_no_catalogs_say_so() {
    for (bytes, part) in [
        (&b" \n"[..], "the file is empty"),
        (b"\xd0\xcf\x11\xe0....", "save the list as .xlsx"),
        (b"PK\x03\x04....", "the spreadsheet cannot be read"),
        (
            b"date;sum\n1;2\n",
            "among \"date\", \"sum\": name them with --map",
        ),
        (b"{\"tillcode_catalog\":2,\"products\":[]}", "has version 2"),
        (b"{\n\"products\":[}", "line 2: this is not the JSON"),
    ] {
        let error = ENGLISH.read(bytes).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let ask = Ask {
        format: Some(Format::Square),
        ..ENGLISH
    };
    let error = ask.read(b"name,price\nTea,1\n").unwrap_err().to_string();
    assert!(error.starts_with("this is not a square file"), "{error}");
}

#[test]
fn a_missing_article_number_is_made_the_same_every_time_and_never_taken_twice() {
    let text =
        "sku,name,price,ean\n,Tea,1,\n,Tea,2,4006381333931\n,Tea,3,\ntea-3,Other,4,\n,!!!,5,\n";
    let rows = ENGLISH.rows(text.as_bytes());
    let skus: Vec<&str> = rows
        .iter()
        .map(|row| row.split('|').next().unwrap())
        .collect();
    assert_eq!(skus[..4], ["tea", "tea-4006381333931", "tea-2", "tea-3"]);
    assert_eq!(skus[4].len(), 8, "a hash of what has no letters");
    assert_eq!(ENGLISH.rows(text.as_bytes()), rows);
    let long = format!("name,price\n{0}a,1\n{0}b,1\n", "long ".repeat(30));
    let rows = ENGLISH.rows(long.as_bytes());
    let skus: Vec<&str> = rows
        .iter()
        .map(|row| row.split('|').next().unwrap())
        .collect();
    assert!(
        skus.iter().all(|sku| sku.len() == CODE) && skus[0] != skus[1],
        "{skus:?}"
    );
}

#[test]
fn thousands_of_rows_of_one_name_stay_quick() {
    let text = format!("name,price\n{}", "Tea,1\n".repeat(20_000));
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    assert_eq!(file.products[19_999].sku, "tea-20000");
}

#[test]
fn a_currency_that_is_none_is_named_in_its_own_column() {
    let file = ENGLISH.read(b"name,price,currency\nTea,1,money\nCake,2 xx,EUR\nMilk,3,usd\n");
    let file = file.unwrap();
    assert_eq!(
        lines(&file.problems),
        [
            "line 2, currency: \"money\": \"money\" is neither part of a number nor a known currency, such as EUR",
            "line 3, price: \"2 xx\": \"xx\" is neither part of a number nor a known currency, such as EUR",
        ]
    );
    assert_eq!(row(&file.products[0]), "milk|Milk|||3.00 USD|||Shown");
}

#[test]
fn a_bad_product_in_json_is_named_by_its_line() {
    let text = "{\"tillcode_catalog\":1,\"products\":[\n\
        {\"sku\":\"A\",\"name\":\"Tea\",\"price\":{\"minor\":350,\"currency\":\"EUR\"}},\n\
        {\"sku\":\"B\",\n \"name\":\"Cake\",\n \"prize\":1},\n\
        {\"sku\":\"C\",\"name\":\"Milk\",\"price\":{\"minor\":0,\"currency\":\"EUR\"}},\n\
        {\"sku\":\"D\",\"name\":\"Oats\",\"price\":{\"minor\":200,\"currency\":\"EUR\"}}]}";
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    let skus: Vec<&str> = file.products.iter().map(|p| p.sku.as_str()).collect();
    assert_eq!(skus, ["A", "D"]);
    assert_eq!((file.problems[0].line, file.problems[1].line), (5, 6));
    assert!(file.problems[0].reason.contains("unknown field `prize`"));
    assert_eq!(
        file.problems[1].to_string(),
        "line 6, price: \"0.00\": the price must be above zero"
    );
}
