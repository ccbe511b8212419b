//! The files in `config/` are the reference, and every mistake is answered with its place.

mod paper;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::domain::options::OptionValue;
use crate::domain::print::PrintKind;
use crate::proto::backend::CODECS;
use crate::proto::print::Media;

const WORKING: &str = r#"
[shop]
name = "Kiosk am Eck"
currency = "EUR"
locale = "de-AT"
timezone = "Europe/Vienna"

[[backend]]
kind = "4pay"
api_key = { file = "/etc/tillcode/4pay.key" }
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, "terminal.toml", &BTreeMap::new())
}

fn env(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
    rows.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn the_documented_defaults_are_the_defaults() {
    assert_eq!(parse(TERMINAL_DEFAULTS).unwrap(), Config::default());
    assert_eq!(parse("").unwrap(), Config::default());
    let hub = |text| HubConfig::parse(text, "hub.toml", &BTreeMap::new()).unwrap();
    assert_eq!(hub(HUB_DEFAULTS), HubConfig::default());
    assert_eq!(hub(""), HubConfig::default());
}

#[test]
fn every_example_of_the_documented_file_is_right_too() {
    let mut uncommented = String::new();
    for line in TERMINAL_DEFAULTS.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let is_code = bare.starts_with('[')
            || bare
                .split_once(" = ")
                .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        uncommented.push_str(if is_code { bare } else { line });
        uncommented.push('\n');
    }
    let config =
        parse(&uncommented.replace("organization_id = \"…\"", "organization_id = \"7\"")).unwrap();
    assert_eq!(config.backends[0].name, "main");
    let kinds: Vec<&str> = config
        .backends
        .iter()
        .map(|row| row.kind.as_str())
        .collect();
    assert!(kinds.starts_with(&["4pay", "4geeks"]), "{kinds:?}");
    // Every option of these kinds is among the examples.
    for backend in &config.backends {
        let codec = crate::proto::backend::codec(&backend.kind).unwrap();
        for field in codec.options() {
            let found = backend.options.get(field.name);
            assert!(found.is_some(), "{} of {}", field.name, backend.kind);
        }
    }
    assert!(
        config.hub.is_some() && config.display.width_mm.is_some() && config.scanner.port.is_some()
    );
}

#[test]
fn a_shop_and_a_backend_are_a_working_till() {
    let config = parse(WORKING).unwrap();
    assert_eq!(config.shop.language.code(), "de");
    assert_eq!(config.shop.day.zone, chrono_tz::Europe::Vienna);
    let backend = &config.backends[0];
    assert_eq!((backend.name.as_str(), backend.mode), ("4pay", Mode::Test));
    assert_eq!(backend.base_url.to_string(), "https://4pay.online");
    let key = PathBuf::from("/etc/tillcode/4pay.key");
    assert_eq!(
        backend.keys["api_key"],
        KeyValue::Secret(SecretRef::File(key))
    );
    assert_eq!(config.pool, PoolConfig::default());
}

#[test]
fn a_4geeks_account_wants_its_key_and_knows_one_option() {
    let section = |more: &str| format!("[[backend]]\nkind = \"4geeks\"\n{more}");
    let key = "api_key = { env = \"K\" }\n";
    let config = parse(&section(&format!("{key}any_currency = true"))).unwrap();
    let backend = &config.backends[0];
    assert_eq!(backend.name, "4geeks");
    assert_eq!(backend.base_url.to_string(), "https://api.4geeks.io");
    let any = backend.options.get("any_currency");
    assert_eq!(any, Some(&OptionValue::Switch(true)));
    let refused = |more: &str| parse(&section(more)).unwrap_err().to_string();
    assert!(refused("").contains("backend.api_key: the key is missing"));
    assert!(refused(&format!("{key}any_currency = 1")).contains("write true or false"));
    assert!(refused(&format!("{key}organization_id = \"7\"")).contains("there is no such key"));
}

#[test]
fn a_4pay_accounts_options_hold_what_they_may() {
    let section =
        |more: &str| format!("[[backend]]\nkind = \"4pay\"\napi_key = {{ env = \"K\" }}\n{more}");
    for (line, said) in [
        ("link_flavor = \"l2\"", ""),
        ("link_flavor = \"l3\"", "write one of l1, l2"),
        ("pay_methods = \"card, sbp\"", ""),
        ("pay_methods = \"\"", "write a text of 1 to 200 characters"),
        ("url_template = \"https://4pay.online/pay/link/{id}\"", ""),
        ("url_template = 7", "write a text of 1 to 1000 characters"),
        ("image = \"https://shop.example/tea.jpg\"", ""),
        (
            "image = \"http://shop.example/tea.jpg\"",
            "begins with https://",
        ),
        ("use_products = true", ""),
        ("use_products = \"yes\"", "write true or false"),
    ] {
        let found = parse(&section(line)).map_err(|error| error.to_string());
        match found {
            Ok(config) => assert!(
                said.is_empty() && !config.backends[0].options.is_empty(),
                "{line}"
            ),
            Err(error) => assert!(!said.is_empty() && error.contains(said), "{line}: {error}"),
        }
    }
}

#[test]
fn the_environment_stands_above_the_file() {
    let env = env(&[
        ("TILLCODE_SHOP__CURRENCY", "CHF"),
        ("TILLCODE_SHOP__NAME", "12"),
        ("TILLCODE_POOL__PER_AMOUNT", "5"),
        ("TILLCODE_DISPLAY__FULLSCREEN", "false"),
        ("TILLCODE_HUB__URL", "http://10.0.0.2:8080"),
        ("TILLCODE_HUB__TOKEN", "{ env = \"TILLCODE_TOKEN\" }"),
        ("TILLCODE_TOKEN", "s3cret"),
        ("TILLCODE_LOG", "debug"),
        ("HOME", "/root"),
    ]);
    let config = Config::parse(WORKING, "terminal.toml", &env).unwrap();
    assert_eq!(config.shop.currency.code(), "CHF");
    assert_eq!(config.shop.name, "12");
    assert_eq!(
        (config.pool.per_amount, config.display.fullscreen),
        (5, false)
    );
    let hub = config.hub.unwrap();
    assert_eq!(hub.url.to_string(), "http://10.0.0.2:8080");
    assert_eq!(hub.token, Some(SecretRef::Env("TILLCODE_TOKEN".to_owned())));
}

#[test]
fn printers_are_read_with_what_each_is_used_for_and_what_it_can() {
    let config = parse(
        "[[printer]]\nname = \"counter\"\nuse = [\"receipt\"]\nport = \"usb:A1B2\"\nbaud = 19200\n\
         flow = \"xonxoff\"\nprofile = \"epson-tm-t20\"\ndrawer = true\n\
         [[printer]]\nname = \"labels\"\nuse = [\"sticker\"]\ntransport = \"tcp\"\n\
         port = \"192.168.1.50\"\nprofile = \"generic-58\"\nnative_code = true\ncutter = true\n",
    )
    .unwrap();
    let [counter, labels] = config.printers.as_slice() else {
        panic!("{:?}", config.printers);
    };
    assert_eq!(counter.uses, [PrintKind::Receipt]);
    assert!(counter.has_drawer && counter.profile.title == "Epson TM-T20");
    assert_eq!(
        counter.port,
        PrinterPort::Serial(SerialPort {
            place: "usb:A1B2".to_owned(),
            baud: 19_200,
            parity: ParityConfig::None,
            flow: FlowConfig::XonXoff,
        })
    );
    assert_eq!(
        labels.port,
        PrinterPort::Tcp {
            host: "192.168.1.50".to_owned(),
            port: 9_100
        }
    );
    assert_eq!(labels.profile.native_code, Some((1, 8)));
    assert!(labels.profile.cutter);

    let one = parse("[printer]\ntransport = \"file\"\nport = \"jobs.bin\"\n").unwrap();
    assert_eq!(one.printers[0].port, PrinterPort::File("jobs.bin".into()));
    assert_eq!(
        one.printers[0].uses,
        [PrintKind::Receipt, PrintKind::Sticker]
    );
    let ipv6 = parse("[printer]\ntransport = \"tcp\"\nport = \"[fd00::7]:9101\"\n").unwrap();
    let expected = PrinterPort::Tcp {
        host: "fd00::7".to_owned(),
        port: 9_101,
    };
    assert_eq!(ipv6.printers[0].port, expected);

    for (text, part) in [
        ("transport = \"serial\"", "the printer's port is missing; "),
        (
            "transport = \"usb\"",
            "write serial, tcp, device, file or none",
        ),
        ("use = [\"menu\"]", "write receipt or sticker"),
        (
            "profile = \"epson-tm-t2\"",
            "did you mean \"epson-tm-t20\"? ",
        ),
        (
            "transport = \"tcp\"\nport = \"host:x\"",
            "\"x\" is not a port; ",
        ),
        ("dots = 5", "from 200 to 2000"),
        ("flow = \"dtr\"", "write none, xonxoff or rtscts"),
        ("[[printer]]\n", "two printers are called \"printer\"; "),
    ] {
        let problem = parse(&format!("[[printer]]\n{text}\n"))
            .unwrap_err()
            .to_string();
        assert!(problem.contains(part), "{text}: {problem}");
    }
}

#[test]
fn a_labels_size_is_in_millimeters() {
    let media = |width_tenths_mm, height_tenths_mm| {
        Some(Media {
            width_tenths_mm,
            height_tenths_mm,
        })
    };
    for (text, expected) in [
        ("50x40", media(500, Some(400))),
        ("57.5x32", media(575, Some(320))),
        ("80", media(800, None)),
    ] {
        let config = parse(&format!("[label]\nmedia = \"{text}\"\n")).unwrap();
        assert_eq!(config.label.media, expected, "{text}");
    }
    for text in ["", "x", "9x40", "50x501", "50x40x3", "5o"] {
        let problem = parse(&format!("[label]\nmedia = \"{text}\"\n")).unwrap_err();
        assert!(
            problem.to_string().contains("in millimeters, such as"),
            "{text}: {problem}"
        );
    }
}

#[test]
fn a_mistake_is_answered_with_file_line_field_and_remedy() {
    let key = "api_key = { env = \"K\" }";
    let kinds: Vec<&str> = CODECS.iter().map(|codec| codec.kind()).collect();
    let kinds = kinds.join(", ");
    let rows: &[(&str, String)] = &[
        ("[shop]\nname = \"A\"\ncurency = \"EUR\"", "terminal.toml line 3, shop.curency: there is no such key; is currency meant?".to_owned()),
        ("[shop]\ncurrency = \"XXX\"", "terminal.toml line 2, shop.currency: \"XXX\" is not a known currency; write its code, such as EUR".to_owned()),
        ("[shop]\ncurrency = 7", "terminal.toml line 2, shop.currency: this is not a text; put it in quotes".to_owned()),
        ("\n\n[shpo]", "terminal.toml line 3, shpo: there is no such section; is shop meant?".to_owned()),
        ("[security]\nattempts = 3", "terminal.toml line 1, security: this release does not have it yet; take the section out".to_owned()),
        ("[pool]\nper_product = 2", "terminal.toml line 2, pool.per_product: there is no such key; is per_amount meant?".to_owned()),
        ("[pool]\nin_flight = 17", "terminal.toml line 2, pool.in_flight: this is not a whole number that fits; write one from 1 to 16".to_owned()),
        ("[display]\nfullscreen = 1", "terminal.toml line 2, display.fullscreen: this is neither yes nor no; write true or false".to_owned()),
        ("[shop]\nlocale = \"xx\"", "terminal.toml line 2, shop.locale: \"xx\" is not a known locale; write one such as de-AT".to_owned()),
        ("[shop]\ntimezone = \"Mars\"", "terminal.toml line 2, shop.timezone: \"Mars\" is not a known time zone; write one such as Europe/Vienna".to_owned()),
        ("[shop]\nday_cutoff = \"4 am\"", "terminal.toml line 2, shop.day_cutoff: \"4 am\" is not a time of day; write one such as 04:00".to_owned()),
        ("shop = 7", "terminal.toml line 1, shop: this is a section; write [shop] and its keys below it".to_owned()),
        ("[hub]\ntoken = { env = \"T\" }", "terminal.toml line 2, hub.url: a token is of no use without the hub; write its url too".to_owned()),
        ("[[backend]]\nkind = \"9pay\"", format!("terminal.toml line 2, backend.kind: \"9pay\" is not a kind of payment account here; write one of {kinds}")),
        ("[[backend]]\nkind = \"4pay\"\n", "terminal.toml line 2, backend.api_key: the key is missing; write api_key = { file = \"…\" }".to_owned()),
    ];
    for (text, expected) in rows {
        assert_eq!(&parse(text).unwrap_err().to_string(), expected);
    }
    let backend = |more: &str| format!("[[backend]]\nkind = \"4pay\"\n{key}\n{more}\n");
    for (more, line, part) in [
        (
            "base_url = \"https://4pay.online/api\"",
            4,
            "only scheme and host belong here; ",
        ),
        ("pay_hosts = [\"https://x\"]", 4, "is not a host's name; "),
        ("mode = \"prod\"", 4, "write test or live"),
        (
            "[[backend]]\nkind = \"4pay\"\napi_key = { env = \"K\" }",
            5,
            "two backends are called \"4pay\"; ",
        ),
    ] {
        let found = parse(&backend(more)).unwrap_err();
        let place = format!("terminal.toml line {line}, backend.");
        assert!(found.to_string().starts_with(&place), "{found}");
        assert!(found.to_string().contains(part), "{found}");
    }
    let broken = parse("[shop]\nname = \"A").unwrap_err().to_string();
    assert!(broken.starts_with("terminal.toml line 2: "), "{broken}");
}

#[test]
fn the_pool_learns_from_so_many_days_and_knows_two_ways_with_a_new_price() {
    for (line, said) in [
        ("by_sales_days = 0", ""),
        ("by_sales_days = 60", ""),
        ("by_sales_days = 61", "60"),
        ("price_change = \"wait\"", ""),
        ("price_change = \"old_price\"", ""),
        ("price_change = \"old\"", "write wait or old_price"),
    ] {
        let found = parse(&format!("[pool]\n{line}"));
        let found = found.map(|config| config.pool);
        match found {
            Ok(pool) => {
                assert_eq!(said, "", "{line}");
                let by_default = pool == PoolConfig::default();
                let is_default = line.ends_with("= 0") || line.contains("wait");
                assert_eq!(by_default, is_default, "{line}");
            }
            Err(error) => {
                let error = error.to_string();
                assert!(!said.is_empty() && error.contains(said), "{line}: {error}");
            }
        }
    }
}

#[test]
fn a_secret_that_stands_there_is_refused_and_not_repeated() {
    let backend = |key: &str| format!("[[backend]]\nkind = \"4pay\"\napi_key = {key}\n");
    for key in [
        "\"sk_live_1\"",
        "{ value = \"sk_live_1\" }",
        "{ credential = \"../sk_live_1\" }",
        "{ file = 1 }",
        "{ file = \"a\", env = \"b\" }",
        "{ env = \"\" }",
    ] {
        let refused = parse(&backend(key)).unwrap_err().to_string();
        assert!(
            refused.starts_with("terminal.toml line 3, backend.api_key: "),
            "{refused}"
        );
        assert!(!refused.contains("sk_live_1"), "{refused}");
    }
    let env = env(&[
        ("TILLCODE_HUB__URL", "https://h"),
        ("TILLCODE_HUB__TOKEN", "sk_live_1"),
    ]);
    let refused = Config::parse("", "terminal.toml", &env)
        .unwrap_err()
        .to_string();
    assert!(
        refused
            .starts_with("environment variable TILLCODE_HUB__TOKEN, hub.token: a secret does not"),
        "{refused}"
    );
    assert!(!refused.contains("sk_live_1"));
}

#[test]
fn the_hubs_database_is_checked_and_its_password_not_repeated() {
    let parse = |text: &str| HubConfig::parse(text, "hub.toml", &BTreeMap::new());
    let hub = parse("[hub]\ndatabase = \"postgres://hub:pa55@db/hub\"").unwrap();
    assert!(!format!("{hub:?}").contains("pa55"));
    let refused = parse("[hub]\ndatabase = \"mysql://hub:pa55@db/hub\"").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "hub.toml line 2, hub.database: this is not a database; write sqlite:PATH or postgres://…"
    );
    assert!(parse("[hub]\nlisten = \"8080\"").is_err());
}

#[test]
fn a_variable_that_nobody_asked_for_is_a_mistake() {
    let env = env(&[("TILLCODE_SHOP__CURENCY", "CHF")]);
    assert_eq!(
        Config::parse("", "terminal.toml", &env)
            .unwrap_err()
            .to_string(),
        "environment variable TILLCODE_SHOP__CURENCY: there is no such setting; is TILLCODE_SHOP__CURRENCY meant?"
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in ".{0,200}", key in "[a-z_]{1,12}", value in ".{0,20}") {
        drop(parse(&text));
        drop(parse(&format!("[shop]\n{key} = {value}")));
        drop(parse(&format!("[[backend]]\n{key} = {value:?}")));
    }
}
