//! Each of the four kinds of account, from an empty folder: configure it against the sandbox, import a
//! catalog, get codes, lose the network, sell twenty times, and find everything again afterwards.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use serde_json::Value;

use super::home::Home;
use crate::support::sandbox::Provider;

const SALES: usize = 20;
const CATALOG: &str = "sku,name,price,currency\nA,Apple,1.20,EUR\nB,Bread,3.40,EUR\nC,Cake,2.80,EUR\nD,Drink,2.00,EUR\n";

struct Four {
    home: Home,
    provider: Provider,
}

impl Four {
    fn open(kind: &str, keys: &[(&str, Option<&str>)]) -> Self {
        let (home, provider) = (Home::new(), Provider::start());
        let mut config = format!(
            "[shop]\nname = \"Corner shop\"\n\n[[backend]]\nname = \"main\"\nkind = {kind:?}\n\
             base_url = \"{}\"\n",
            provider.base_url()
        );
        for (key, plain) in keys {
            if let Some(text) = plain {
                config += &[key, " = \"", text, "\"\n"].concat();
                continue;
            }
            let file = home.path(key);
            let mut options = std::fs::OpenOptions::new();
            let options = options.create_new(true).write(true).mode(0o600);
            writeln!(options.open(&file).unwrap(), "sk_test_0123456789abcdef").unwrap();
            let file = file.display().to_string();
            config += &[key, " = { file = \"", &file, "\" }\n"].concat();
        }
        // Four products, five codes for each sum.
        config += "\n[pool]\nper_amount = 5\namounts = 4\nopen_amount = 0\n";
        std::fs::write(home.path("terminal.toml"), config).unwrap();
        std::fs::write(home.path("list.csv"), CATALOG).unwrap();
        Self { home, provider }
    }

    fn ok(&self, args: &[&str]) -> String {
        let config = self.home.path("terminal.toml");
        let mut program = self.home.program();
        program.env_remove("TILLCODE_POOL__AMOUNTS");
        program.env_remove("TILLCODE_POOL__PER_AMOUNT");
        program.args([&["--config", config.to_str().unwrap()], args].concat());
        let output = program.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(args)).unwrap()
    }

    /// Every link that the provider holds, as the sandbox shows it.
    fn held(&self) -> Vec<Value> {
        let answer = self.provider.ask("GET", "/sandbox/links", "");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str(body).unwrap()
    }

    /// The whole story; gives back the sales at its end.
    fn live_a_day(&mut self) -> Vec<Value> {
        let list = self.home.path("list.csv");
        self.ok(&["catalog", "import", list.to_str().unwrap()]);
        self.ok(&["link", "mint"]);

        self.provider.stop();
        let mut urls = BTreeSet::new();
        for number in 0..SALES {
            let sku = ["A", "B", "C", "D"][number % 4];
            let sale = self.json(&["sale", "new", "--sku", sku, "--offline", "--json"]);
            assert_eq!(sale["by_hand"], false, "{sale}");
            urls.insert(sale["url"].as_str().unwrap().to_owned());
        }
        assert_eq!(urls.len(), SALES, "no code was shown for two sales");

        self.provider.resume();
        self.ok(&["sync", "--once"]);
        let held: BTreeSet<String> = self
            .held()
            .iter()
            .map(|link| link["url"].as_str().unwrap().to_owned())
            .collect();
        assert!(urls.is_subset(&held), "every code is the provider's own");
        let sales = self.json(&["sale", "list", "--json"]);
        let sales = sales.as_array().unwrap().clone();
        assert_eq!(sales.len(), SALES);
        for sale in &sales {
            assert_eq!(
                (&sale["state"], &sale["proof"]),
                (&"awaiting".into(), &"OPEN".into())
            );
        }
        let links = self.json(&["link", "list", "--json"]);
        let shown = links.as_array().unwrap().iter();
        assert_eq!(shown.filter(|link| link["state"] == "shown").count(), SALES);
        let sync = self.json(&["sync", "--json"]);
        assert_eq!(sync["rows"].as_array().unwrap().len(), 0, "{sync}");
        sales
    }
}

#[test]
fn a_day_with_4pay() {
    Four::open("4pay", &[("api_key", None)]).live_a_day();
}

#[test]
fn a_day_with_4geeks() {
    Four::open("4geeks", &[("api_key", None)]).live_a_day();
}

#[test]
fn a_day_with_devdraft() {
    Four::open("devdraft", &[("client_key", None), ("client_secret", None)]).live_a_day();
}

#[test]
fn a_day_with_altapay_whose_payments_the_till_finds_by_itself() {
    let keys = [("username", Some("shop")), ("password", None)];
    let mut four = Four::open("altapay", &keys);
    let sales = four.live_a_day();
    let url = sales[0]["url"].as_str().unwrap();
    let page = url.splitn(4, '/').nth(3).unwrap();
    four.provider.ask("GET", &format!("/{page}"), "");
    four.provider.ask("POST", &format!("/{page}/pay"), "");
    let id = sales[0]["id"].as_str().unwrap();
    let paid = (0..30).any(|_| {
        // Each call opens the till for a while; it asks about every code that waits.
        four.ok(&["sync", "--once"]);
        four.json(&["sale", "show", id, "--json"])["state"] == "paid"
    });
    assert!(paid, "the look-up finds the payment");
    let sale = four.json(&["sale", "show", id, "--json"]);
    assert_eq!(sale["proof"], "CONFIRMED");
    let payments = four.json(&["payment", "list", "--json"]);
    assert_eq!(payments.as_array().unwrap().len(), 1, "{payments}");
}

#[test]
fn a_picture_of_altapay_that_leads_elsewhere_is_said_where_a_person_looks() {
    let keys = [("username", Some("shop")), ("password", None)];
    let four = Four::open("altapay", &keys);
    let rules = "[{\"kind\":\"altapay\",\"fault\":\"wrong_picture\"}]";
    let set = four.provider.ask("PUT", "/sandbox/faults", rules);
    assert!(set.starts_with("HTTP/1.1 2"), "{set}");
    let list = four.home.path("list.csv");
    four.ok(&["catalog", "import", list.to_str().unwrap()]);
    four.ok(&["link", "mint"]);
    let found = four.json(&["check", "--json"]);
    let lines = found["findings"].as_array().unwrap();
    let said = lines.iter().filter_map(|line| line["says"].as_str());
    let warned: Vec<&str> = said.filter(|said| said.contains("WARNING")).collect();
    let [warned] = warned[..] else {
        panic!("{found}")
    };
    assert!(
        warned.contains("AltaPay's own picture of the code leads to https://elsewhere.invalid/")
    );
}
