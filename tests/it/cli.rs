//! The program as a script runs it: what goes where, what it ends with, and that a running kiosk
//! answers what the database would.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command as Process;

use serde_json::Value;
use tillcode::io::lock::ProcessLock;

use crate::support::sandbox::{KEY, Provider};
use home::{Home, collect, fixture, kiosk, wait};

mod check;
mod four;
mod full;
mod home;
mod links;
mod products;
mod sync;
mod trip;

#[test]
fn help_is_an_answer_and_wrong_usage_is_not() {
    let home = Home::new();
    for args in [
        &["--help"][..],
        &["--version"],
        &["sale", "--help"],
        &["catalog", "import", "-h"],
    ] {
        let ran = home.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{args:?}");
        assert!(!ran.out.is_empty(), "{args:?}");
    }
    for args in [
        &["nonsense"][..],
        &["sale", "new"],
        &["sale", "list", "--limit", "many"],
        &["qr", "text"],
        &["sale", "new", "--sku", "A", "--amount", "1"],
    ] {
        let ran = home.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(ran.err.contains("try '--help'"), "{args:?}: {}", ran.err);
    }
    assert!(!home.data().exists(), "a question for help makes no data");
}

#[test]
fn a_failure_says_in_one_sentence_what_helps() {
    let home = Home::new();
    let missing = home.path("missing.toml");
    for (args, says) in [
        (
            &["--config", missing.to_str().unwrap(), "sale", "list"][..],
            "missing.toml",
        ),
        (
            &["catalog", "import", "/nowhere/list.csv"],
            "/nowhere/list.csv",
        ),
        (
            &["catalog", "export", "/nowhere/list.csv"],
            "/nowhere/list.csv",
        ),
        (&["sale", "show", "Q9-0001"], "tillcode sale list"),
        (&["sale", "new", "--sku", "NOPE"], "check the catalog"),
        (&["sale", "new", "--amount", "many"], "many"),
        (
            &["sale", "new", "--amount", "1", "--backend", "other"],
            "[[backend]]",
        ),
        (
            &["link", "show", "00000000-0000-0000-0000-000000000001"],
            "tillcode link list",
        ),
        (
            &["qr", "text", "--out", "/nowhere/code.png"],
            "check its folder",
        ),
        (&["qr", "text", "--out", "code.jpeg"], ".png"),
    ] {
        let said = home.fails(args);
        assert!(said.contains(says), "{args:?}: {said}");
    }
}

#[test]
fn a_bad_configuration_is_named_by_file_line_and_field() {
    let home = Home::new();
    let file = home.path("terminal.toml");
    std::fs::write(&file, "[shop]\nname = \"Stall\"\ncurrency = \"DOLLAR\"\n").unwrap();
    let file = file.to_str().unwrap();
    for args in [
        &["--config", file, "product", "list"][..],
        &["product", "list", "--config", file],
        &["--config", file, "run"],
    ] {
        let said = home.fails(args);
        for part in ["terminal.toml", "line 3", "shop.currency"] {
            assert!(said.contains(part), "{said} does not name {part}");
        }
    }
    std::fs::write(file, "[shop]\nnmae = \"Stall\"\n").unwrap();
    let said = home.fails(&["--config", file, "product", "list"]);
    assert!(said.contains("nmae") && said.contains("name"), "{said}");
    assert!(
        !home.data().exists(),
        "nothing is made for a shop that cannot be read"
    );
}

#[test]
fn catalogs_come_in_once_and_go_out_as_they_are() {
    let files = [
        "shopify.csv",
        "square.csv",
        "woocommerce.csv",
        "loyverse.csv",
        "price-list.xlsx",
    ];
    for name in files {
        let home = Home::new();
        let config = home.path("terminal.toml");
        std::fs::write(&config, "[shop]\nname = \"Stall\"\n").unwrap();
        let config = config.to_str().unwrap();
        let call = |home: &Home, args: &[&str]| home.json(&[&["--config", config], args].concat());
        let export = |home: &Home, to: &str| {
            let file = home.path(to);
            let to = file.to_str().unwrap();
            home.ok(&["--config", config, "catalog", "export", to]);
            std::fs::read(file).unwrap()
        };
        let file = fixture(name);
        let dry = call(&home, &["catalog", "import", &file, "--dry-run", "--json"]);
        let count = dry["added"].as_array().unwrap().len();
        assert!(count > 0 && dry["outcome"] == "dry_run", "{name}: {dry}");
        let listed = call(&home, &["product", "list", "--json"]);
        assert_eq!(
            listed,
            Value::Array(Vec::new()),
            "{name}: a dry run changes nothing"
        );

        let done = call(&home, &["catalog", "import", &file, "--json"]);
        assert_eq!(
            (&done["added"], &done["outcome"]),
            (&dry["added"], &"done".into()),
            "{name}"
        );
        let first = export(&home, "first.json");
        let again = call(&home, &["catalog", "import", &file, "--json"]);
        assert_eq!(again["unchanged"], count, "{name}: {again}");
        for changes in ["added", "changed", "archived"] {
            assert_eq!(
                again[changes],
                Value::Array(Vec::new()),
                "{name}: {changes}"
            );
        }
        assert_eq!(export(&home, "second.json"), first, "{name}");

        let other = Home::new();
        let ours = home.path("first.json");
        let done = call(
            &other,
            &["catalog", "import", ours.to_str().unwrap(), "--json"],
        );
        assert_eq!(
            done["added"].as_array().map(Vec::len),
            Some(count),
            "{name}: {done}"
        );
        assert_eq!(
            export(&other, "third.json"),
            first,
            "{name}: there and back again"
        );
    }
}

#[test]
fn a_sale_prints_a_link_that_its_code_holds() {
    let home = Home::new();
    let products = home.json(&["product", "list", "--json"]);
    let sku = products[0]["sku"]
        .as_str()
        .expect("the demo has products at once")
        .to_owned();
    let sale = home.json(&["sale", "new", "--sku", &format!("{sku}x2"), "--json"]);
    let url = sale["url"].as_str().unwrap();
    assert_eq!(sale["lines"][0]["quantity"], 2);
    let price = products[0]["price"]["minor"].as_i64().unwrap();
    assert_eq!(
        sale["total"],
        serde_json::json!({ "minor": price * 2, "currency": "EUR" })
    );
    let line = home.ok(&["sale", "new", "--amount", "12.50"]);
    assert!(line.contains("https://demo.tillcode.invalid/"), "{line}");

    let picture = home.path("code.png");
    home.ok(&["qr", url, "--out", picture.to_str().unwrap()]);
    let gray = image::open(&picture).unwrap().to_luma8();
    let (width, height) = gray.dimensions();
    let size = (
        usize::try_from(width).unwrap(),
        usize::try_from(height).unwrap(),
    );
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(size.0, size.1, |x, y| {
        gray.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap())
            .0[0]
    });
    let grids = prepared.detect_grids();
    assert_eq!(grids.len(), 1);
    assert_eq!(grids[0].decode().unwrap().1, url);
    let svg = home.ok(&["qr", url, "--out", "-"]);
    assert!(svg.starts_with("<svg"), "{svg}");

    let reference = sale["reference"].as_str().unwrap();
    let cancelled = home.json(&["sale", "cancel", reference, "--json"]);
    assert_eq!(cancelled["state"], "cancelled");
    let said = home.fails(&["sale", "cancel", reference]);
    assert!(said.contains("closed"), "{said}");
    let sales = home.json(&["sale", "list", "--json"]);
    assert_eq!(sales.as_array().map(Vec::len), Some(2));
    assert!(
        !home
            .json(&["link", "list", "--json"])
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_running_kiosk_answers_what_the_database_would() {
    let home = Home::new();
    let till = kiosk(&home);
    let sale = home.json(&["sale", "new", "--amount", "3.21", "--json"]);
    let id = sale["id"].as_str().unwrap();
    let shown = till.until("the script's sale", |snapshot| {
        snapshot
            .waiting
            .iter()
            .any(|sale| sale.id.to_string() == id && sale.url.is_some())
    });
    shown.unwrap();
    let calls: [&[&str]; 8] = [
        &["sale", "list"],
        &["sale", "list", "--json"],
        &["sale", "show", id, "--json"],
        &["link", "list"],
        &["link", "list", "--json"],
        &["product", "list"],
        &["product", "list", "--json"],
        &["sale", "list", "--limit", "0", "--json"],
    ];
    till.until("nothing to send", |snapshot| {
        snapshot.status.waiting_to_send == 0
    })
    .unwrap();
    let with: Vec<String> = calls.iter().map(|args| home.ok(args)).collect();
    let refused = home.fails(&["sale", "new", "--sku", "NOPE"]);
    till.stop();
    let without: Vec<String> = calls.iter().map(|args| home.ok(args)).collect();
    for ((args, with), without) in calls.iter().zip(&with).zip(&without) {
        assert_eq!(with, without, "{args:?}");
    }
    assert_eq!(home.fails(&["sale", "new", "--sku", "NOPE"]), refused);
    assert!(with[0].contains("3.21 EUR"), "{}", with[0]);
}

#[test]
fn a_second_till_names_the_first_and_ends() {
    let home = Home::new();
    let us = format!("(process {})", std::process::id());
    let till = kiosk(&home);
    // No display is needed to find out.
    for args in [&["run"][..], &["run", "--windowed"], &["--demo"]] {
        let said = home.fails(args);
        assert!(said.contains(&us), "{args:?}: {said}");
    }
    till.stop();
    // A till that runs and has no socket yet, or could not make one.
    let lock = ProcessLock::of_folder(&home.data(), "Tillcode").unwrap();
    for args in [&["sale", "list"][..], &["status"], &["run"]] {
        let said = home.fails(args);
        assert!(said.contains(&us), "{args:?}: {said}");
    }
    drop(lock);
    home.ok(&["sale", "list"]);
}

#[test]
fn no_output_gives_the_key_away() {
    let home = Home::new();
    let provider = Provider::start();
    let config = home.path("terminal.toml");
    std::fs::write(&config, provider.config_text(home.folder())).unwrap();
    let config = config.to_str().unwrap();
    provider.ask("PUT", "/sandbox/fault", "{\"status\":401}");
    let export = home.path("all.json");
    for args in [
        &["status", "--json"][..],
        &["status"],
        &["product", "add", "TEA", "--name", "Tea", "--price", "2.50"],
        &["sale", "new", "--sku", "TEA"],
        &["sale", "list", "--json"],
        &["link", "list", "--json"],
        &["catalog", "export", export.to_str().unwrap()],
    ] {
        let args = [&["--config", config], args].concat();
        let mut child = home
            .program()
            .args(&args)
            .env("RUST_LOG", "trace")
            .spawn()
            .unwrap();
        let out = collect(child.stdout.take().unwrap());
        let err = collect(child.stderr.take().unwrap());
        wait(&mut child);
        let said = out.join().unwrap() + &err.join().unwrap();
        assert!(!said.contains(KEY), "{args:?}: {said}");
    }
    for entry in std::fs::read_dir(home.data()).unwrap() {
        let file = entry.unwrap().path();
        let bytes = if file.is_file() {
            std::fs::read(&file).unwrap_or_default()
        } else {
            continue;
        };
        let found = bytes
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes());
        assert!(!found, "the key is in {}", file.display());
    }
    // A key that others can read is refused, and not shown either.
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(home.path("4pay.key"), open).unwrap();
    let said = home.fails(&["--config", config, "sale", "list"]);
    assert!(said.contains("4pay.key") && !said.contains(KEY), "{said}");
}

#[test]
fn the_sandbox_says_where_it_is_and_ends_when_told() {
    let home = Home::new();
    let mut child = home
        .program()
        .args(["sandbox", "--seed", "1"])
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let address = said["listening"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    drop(std::net::TcpStream::connect(&address).unwrap());
    let told = Process::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert_eq!(wait(&mut child), Some(0));
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "one line and no more");
}
