//! Is the till ready to go? And if not: one clear sentence each, with what helps.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use super::home::Stall;

/// What a check says of each subject.
pub(super) fn says(found: &Value, subject: &str) -> Vec<(bool, String)> {
    let findings = found["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["subject"] == subject)
        .map(|finding| {
            let words = finding["says"].as_str().unwrap();
            (finding["ok"].as_bool().unwrap(), words.to_owned())
        })
        .collect()
}

fn fails(stall: &Stall, args: &[&str]) -> Value {
    let ran = stall.run(args);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

#[test]
fn a_test_account_makes_a_code_reads_it_back_and_switches_it_off() {
    let stall = Stall::with_products();
    stall.ok(&["link", "mint"]);
    let before = stall.held().len();
    let found = stall.json(&["check", "--json"]);
    assert_eq!(found["ready"], true, "{found}");
    let account = says(&found, "account main");
    let [can, reach, keys, unit] = &account[..] else {
        panic!("{account:?}")
    };
    assert!(can.1.contains("codes can be switched off"), "{can:?}");
    assert!(
        reach.1.contains("answers") && keys.1.contains("accepted"),
        "{account:?}"
    );
    for part in [
        "asked for 1.00 EUR = 100 in the smallest unit",
        "compare with the page at http://127.0.0.1:",
        "in the provider's list",
        "its own picture of the code says the same",
        "switched off again",
    ] {
        assert!(unit.1.contains(part), "{part}: {unit:?}");
    }
    assert_eq!(stall.held().len(), before + 1, "one code was made");
    let made = stall.json(&["link", "list", "--state", "withdrawn", "--json"]);
    assert_eq!(made[0]["title"], "Tillcode check");

    let text = stall.ok(&["check", "--no-mint"]);
    assert!(text.lines().all(|line| line.starts_with("ok ")), "{text}");
    assert!(!text.contains("smallest unit"), "{text}");
    assert_eq!(stall.held().len(), before + 1, "and no other");
}

#[test]
fn a_picture_that_leads_elsewhere_is_a_warning_and_no_failure() {
    for (fault, said) in [
        (
            "\"wrong_picture\"",
            "leads to https://elsewhere.invalid/, not to the link",
        ),
        (
            "{\"status\":404}",
            "was not compared (the server answered 404",
        ),
        ("\"portal\"", "was not compared (it is no PNG"),
    ] {
        let stall = Stall::with_products();
        stall.ok(&["link", "mint"]);
        let rules = format!("[{{\"path\":\"/pay/link/\",\"fault\":{fault}}}]");
        let set = stall.provider.ask("PUT", "/sandbox/faults", &rules);
        assert!(set.starts_with("HTTP/1.1 2"), "{set}");
        let found = stall.json(&["check", "--json"]);
        assert_eq!(found["ready"], true, "{found}");
        let account = says(&found, "account main");
        let (_, unit) = account.last().unwrap();
        assert!(unit.contains("; WARNING: its own picture"), "{unit}");
        assert!(unit.contains(said), "{unit}");
        assert!(unit.contains("switched off again"), "{unit}");
    }
}

#[test]
fn a_wrong_key_and_a_missing_network_are_told_apart() {
    let mut stall = Stall::with_products();
    stall
        .provider
        .ask("PUT", "/sandbox/fault", "{\"status\":401}");
    let found = fails(&stall, &["check", "--json"]);
    let wrong: Vec<_> = says(&found, "account main")
        .into_iter()
        .filter(|(ok, _)| !ok)
        .collect();
    let [(_, sentence)] = &wrong[..] else {
        panic!("{found}")
    };
    assert!(
        sentence.contains("key") && sentence.contains("api_key"),
        "{sentence}"
    );

    stall.provider.stop();
    let found = fails(&stall, &["check", "--json"]);
    let account = says(&found, "account main");
    let (ok, sentence) = account.last().unwrap();
    assert!(
        !ok && sentence.contains("check the network and base_url"),
        "{sentence}"
    );
}

/// Answers everything with an empty JSON object and a date of 2001.
fn server_of_another_time() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::Builder::new()
        .spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4_096];
                let _read = stream.read(&mut request);
                let _sent = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ndate: Sat, 03 Mar 2001 10:00:00 GMT\r\n\
                     content-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
                );
            }
        })
        .unwrap();
    port
}

/// One request, as far as it says that it goes.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let begin = head.len();
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
        let line = head[begin..].to_ascii_lowercase();
        if let Some(bytes) = line.strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

/// The provider at `port`, which counts what it makes in another unit: a hundred times as much.
fn server_in_another_unit(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    std::thread::Builder::new()
        .spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read_request(&mut stream) else {
                    continue;
                };
                let (line, rest) = request.split_once("\r\n").unwrap();
                let mut provider = TcpStream::connect(("127.0.0.1", port)).unwrap();
                write!(provider, "{line}\r\nconnection: close\r\n{rest}").unwrap();
                let mut answer = String::new();
                provider.read_to_string(&mut answer).unwrap();
                let (head, body) = answer.split_once("\r\n\r\n").unwrap();
                let status = head.lines().next().unwrap();
                let body = body.replace(":100}", ":10000}").replace(":100,", ":10000,");
                let _sent = write!(
                    stream,
                    "{status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                     connection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        })
        .unwrap();
    own
}

#[test]
fn a_wrong_unit_is_said_with_both_amounts_and_nothing_is_shown() {
    let stall = Stall::open();
    let file = stall.home.path("terminal.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let ours = stall.provider.port;
    let theirs = server_in_another_unit(ours);
    let config = config.replace(&format!(":{ours}"), &format!(":{theirs}"));
    std::fs::write(&file, config).unwrap();
    let found = fails(&stall, &["check", "--json"]);
    let account = says(&found, "account main");
    let (ok, sentence) = account.last().unwrap();
    assert!(!ok, "{found}");
    for part in ["another amount (10000 instead of 100)", "it is not shown"] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    let said = stall.fails(&["link", "new", "--title", "Roof", "--amount", "1"]);
    assert!(said.contains("10000 instead of 100"), "{said}");
    let live = stall.json(&["link", "list", "--state", "live", "--json"]);
    assert_eq!(live, Value::Array(Vec::new()));
}

#[test]
fn a_wrong_clock_is_said_with_what_helps() {
    let stall = Stall::open();
    let file = stall.home.path("terminal.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let (ours, theirs) = (stall.provider.port, server_of_another_time());
    let config = config.replace(&format!(":{ours}"), &format!(":{theirs}"));
    std::fs::write(&file, config).unwrap();
    let found = fails(&stall, &["check", "--no-mint", "--json"]);
    let [(false, sentence)] = &says(&found, "clock")[..] else {
        panic!("{found}")
    };
    assert!(
        sentence.contains("days ahead") && sentence.contains("set it"),
        "{sentence}"
    );
}

#[test]
fn a_disk_that_takes_nothing_is_said_in_one_sentence() {
    let stall = Stall::with_products();
    // No file may grow any more; a disk that is really full is in `full`.
    let config = stall.home.path("terminal.toml");
    let script = format!(
        "trap '' XFSZ; ulimit -f 0; exec \"$0\" --data {:?} --config {:?} product add --name Soup --price 1",
        stall.home.data(),
        config
    );
    let ran = std::process::Command::new("sh")
        .arg("-c")
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_tillcode"))
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("tillcode: ")
            && last.contains("check that its folder exists and can be written to"),
        "{said}"
    );
}
