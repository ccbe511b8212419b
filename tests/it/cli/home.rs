//! What the tests of the program share: a home of its own, and a shop at a simulated provider.

use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tillcode::io::store::Fault;

use crate::support::sandbox::Provider;
use crate::support::shop::{LiveTill, demo_shop};

/// How often a program is looked at, and how often at most.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS_MAX: u32 = 6_000;

/// A home of its own: no configuration, no data, no display.
pub(super) struct Home(TempDir);

pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Home {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The same on another disk.
    pub(super) fn within(folder: &Path) -> Self {
        Self(tempfile::tempdir_in(folder).unwrap())
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(super) fn program(&self) -> Process {
        let mut program = Process::new(env!("CARGO_BIN_EXE_tillcode"));
        program
            .env_clear()
            .env("HOME", self.0.path())
            .env("TILLCODE_POOL__AMOUNTS", "2")
            .env("TILLCODE_POOL__PER_AMOUNT", "1")
            .arg("--data")
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        program
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        let mut child = self.program().args(args).spawn().unwrap();
        let out = collect(child.stdout.take().unwrap());
        let err = collect(child.stderr.take().unwrap());
        let code = wait(&mut child);
        Ran {
            code,
            out: out.join().unwrap(),
            err: err.join().unwrap(),
        }
    }

    /// What a call that works writes.
    pub(super) fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran.out
    }

    pub(super) fn json(&self, args: &[&str]) -> Value {
        let out = self.ok(args);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{args:?}: {error}: {out}"))
    }

    /// The one sentence of a call that fails.
    pub(super) fn fails(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(1), "{args:?}: {} {}", ran.out, ran.err);
        assert_eq!(ran.out, "", "{args:?}: results only on standard output");
        let lines: Vec<&str> = ran.err.lines().collect();
        let [line] = lines[..] else {
            panic!("{args:?}: one sentence: {lines:?}")
        };
        line.strip_prefix("tillcode: ")
            .unwrap_or_else(|| panic!("{line}"))
            .to_owned()
    }
}

/// A shop of its own with an account at a simulated provider.
pub(super) struct Stall {
    pub(super) home: Home,
    pub(super) provider: Provider,
}

impl Stall {
    pub(super) fn open() -> Self {
        Self::open_at(Home::new())
    }

    fn open_at(home: Home) -> Self {
        let provider = Provider::start();
        let config = provider.config_text(home.folder());
        std::fs::write(home.path("terminal.toml"), config).unwrap();
        Self { home, provider }
    }

    /// With two products.
    pub(super) fn with_products() -> Self {
        Self::with_products_at(Home::new())
    }

    /// The same where that home is.
    pub(super) fn with_products_at(home: Home) -> Self {
        let stall = Self::open_at(home);
        for (sku, name, price) in [("TEA", "Tea", "2.50"), ("CAKE", "Cake", "3.00")] {
            stall.ok(&[
                "product", "add", "--sku", sku, "--name", name, "--price", price,
            ]);
        }
        stall
    }

    fn all<'a>(config: &'a str, args: &[&'a str]) -> Vec<&'a str> {
        [&["--config", config], args].concat()
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        let config = self.home.path("terminal.toml");
        self.home.run(&Self::all(config.to_str().unwrap(), args))
    }

    pub(super) fn ok(&self, args: &[&str]) -> String {
        let config = self.home.path("terminal.toml");
        self.home.ok(&Self::all(config.to_str().unwrap(), args))
    }

    pub(super) fn json(&self, args: &[&str]) -> Value {
        let config = self.home.path("terminal.toml");
        self.home.json(&Self::all(config.to_str().unwrap(), args))
    }

    pub(super) fn fails(&self, args: &[&str]) -> String {
        let config = self.home.path("terminal.toml");
        self.home.fails(&Self::all(config.to_str().unwrap(), args))
    }

    /// A kiosk without its window.
    pub(super) fn kiosk(&self) -> LiveTill {
        let shop = self.provider.shop(self.home.folder());
        let till = LiveTill::start(&shop, &self.home.data(), Fault::None).unwrap();
        till.until("all codes", |snapshot| {
            let status = &snapshot.status;
            status.products_with_code == status.products && status.waiting_to_send == 0
        })
        .unwrap();
        till
    }

    /// What the provider holds.
    pub(super) fn held(&self) -> Vec<Value> {
        let answer = self.provider.ask("GET", "/sandbox/links", "");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }
}

pub(super) fn collect(mut from: impl std::io::Read + Send + 'static) -> JoinHandle<String> {
    let read = move || {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        text
    };
    std::thread::Builder::new().spawn(read).unwrap()
}

pub(super) fn wait(child: &mut Child) -> Option<i32> {
    for _look in 0..LOOKS_MAX {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(LOOK);
    }
    child.kill().unwrap();
    panic!("the program does not end");
}

pub(super) fn fixture(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/catalogs")
        .join(name);
    file.to_str().unwrap().to_owned()
}

/// A kiosk without its window: the same engine, lock and socket.
pub(super) fn kiosk(home: &Home) -> LiveTill {
    let till = LiveTill::start(&demo_shop(1, 2), &home.data(), Fault::None).unwrap();
    till.until("all codes", |snapshot| {
        let status = &snapshot.status;
        status.products > 0
            && status.products_with_code == status.products
            && status.spare_codes >= 2
            && status.waiting_to_send == 0
    })
    .unwrap();
    till
}
