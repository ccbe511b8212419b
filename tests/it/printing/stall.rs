//! A shop with printers, and the program as a script runs it there.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tillcode::config::Config;
use tillcode::io::store::{FILE_NAME, Fault, Reader};
use tillcode::runtime::Shop;
use tillcode::terminal::query::PrintView;
use tillcode::terminal::{Answer, PaperQuery, Query};

use crate::support::books::ask;
use crate::support::printer::{PtyPrinter, TcpPrinter};
use crate::support::sandbox::Provider;
use crate::support::shop::LiveTill;

/// What there is a sticker of.
pub(super) const SKU: &str = "TEA";
/// How often a program is looked at, and how often at most: two minutes, far more than any call takes.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS_MAX: u32 = 12_000;

/// A printer's section on any serial line.
pub(super) fn on_line(name: &str, path: &Path, more: &str) -> String {
    let path = path.display().to_string();
    format!(
        "\n[[printer]]\nname = {name:?}\nprofile = \"epson-tm-t20\"\nport = {path:?}\n\
         baud = 115200\n{more}\n"
    )
}

/// The same of a virtual printer.
pub(super) fn on_pty(name: &str, printer: &PtyPrinter, more: &str) -> String {
    on_line(name, &printer.path().unwrap(), more)
}

/// The same on the network.
pub(super) fn on_network(name: &str, printer: &TcpPrinter, more: &str) -> String {
    let address = printer.address();
    format!(
        "\n[[printer]]\nname = {name:?}\nprofile = \"epson-tm-t20\"\ntransport = \"tcp\"\n\
         port = \"{address}\"\n{more}\n"
    )
}

/// What a call wrote, and what it ended with; none where it was killed.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

/// A call that is under way.
pub(super) struct Call {
    child: Child,
    out: JoinHandle<String>,
    err: JoinHandle<()>,
    said: Arc<Mutex<String>>,
}

impl Call {
    fn start(program: &mut Process) -> Self {
        let mut child = program.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        let said = Arc::<Mutex<String>>::default();
        let saying = Arc::clone(&said);
        Self {
            child,
            out: thread(move || std::io::read_to_string(out).unwrap()),
            err: thread(move || {
                for line in err.lines() {
                    *saying.lock().unwrap() += &(line.unwrap() + "\n");
                }
            }),
            said,
        }
    }

    /// Waits until it has said this on standard error.
    pub(super) fn until_said(&mut self, words: &str) {
        for _look in 0..LOOKS_MAX {
            if self.said.lock().unwrap().contains(words) {
                return;
            }
            assert_eq!(
                self.child.try_wait().unwrap(),
                None,
                "it never said {words:?}"
            );
            std::thread::sleep(LOOK);
        }
        panic!("it does not say {words:?}");
    }

    /// Whether it has not ended by itself.
    pub(super) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// `kill -9`.
    pub(super) fn kill(mut self) -> Ran {
        self.child.kill().unwrap();
        self.end()
    }

    /// As a service manager ends it.
    pub(super) fn terminate(self) -> Ran {
        let id = self.child.id().to_string();
        assert!(Process::new("kill").arg(id).status().unwrap().success());
        self.end()
    }

    /// Waits until it has ended.
    pub(super) fn end(mut self) -> Ran {
        let ended = (0..LOOKS_MAX).find_map(|_look| {
            let ended = self.child.try_wait().unwrap();
            if ended.is_none() {
                std::thread::sleep(LOOK);
            }
            ended
        });
        let Some(status) = ended else {
            self.child.kill().unwrap();
            panic!("the program does not end");
        };
        self.err.join().unwrap();
        Ran {
            code: status.code(),
            out: self.out.join().unwrap(),
            err: self.said.lock().unwrap().clone(),
        }
    }
}

fn thread<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    std::thread::Builder::new().spawn(run).unwrap()
}

/// A shop with an account at a simulated provider, a product, and its code.
pub(super) struct Stall {
    folder: TempDir,
    provider: Provider,
}

impl Stall {
    pub(super) fn open(printers: &[String]) -> Self {
        let stall = Self {
            folder: tempfile::tempdir().unwrap(),
            provider: Provider::start(),
        };
        // Without printers yet: what they get is counted.
        stall.configure(&[]);
        stall.ok(&[
            "product", "add", "--sku", SKU, "--name", "Tea", "--price", "2.50",
        ]);
        stall.ok(&["link", "mint"]);
        stall.configure(printers);
        stall
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("terminal.toml")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes the configuration anew.
    pub(super) fn configure(&self, printers: &[String]) {
        let text = self.provider.config_text(self.folder.path()) + &printers.concat();
        std::fs::write(self.config(), text).unwrap();
    }

    pub(super) fn start(&self, args: &[&str]) -> Call {
        let mut program = Process::new(env!("CARGO_BIN_EXE_tillcode"));
        program
            .env_clear()
            .env("HOME", self.folder.path())
            .arg("--config")
            .arg(self.config())
            .arg("--data")
            .arg(self.data())
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Call::start(&mut program)
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).end()
    }

    /// What a call that works writes.
    pub(super) fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {ran:?}");
        ran.out
    }

    pub(super) fn json(&self, args: &[&str]) -> Value {
        let out = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{args:?}: {error}: {out}"))
    }

    /// The last line of a call that fails: its one sentence.
    pub(super) fn fails(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(1), "{args:?}: {ran:?}");
        let line = ran.err.lines().last().unwrap_or_default();
        let sentence = line.strip_prefix("tillcode: ");
        sentence
            .unwrap_or_else(|| panic!("{args:?}: {ran:?}"))
            .to_owned()
    }

    /// Prints a sticker on a printer that is there, and waits for it.
    pub(super) fn print_label(&self) {
        let ran = self.run(&["label", "print", "--sku", SKU]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        // One that was not looked for yet is none that is not there.
        assert!(!ran.err.contains("not there"), "{ran:?}");
    }

    /// The address that stickers hold.
    pub(super) fn url(&self) -> String {
        let links = self.json(&["link", "list", "--purpose", "permanent"]);
        let links = links.as_array().unwrap();
        assert_eq!(links.len(), 1, "{links:?}");
        links[0]["remote"]["url"].as_str().unwrap().to_owned()
    }

    /// All sheets with how they stand, oldest first, as the database has them.
    pub(super) fn prints(&self) -> Vec<PrintView> {
        let mut reader = Reader::open(&self.data().join(FILE_NAME)).unwrap();
        let Answer::Prints { mut prints } = ask(
            &mut reader,
            &Query::Paper(PaperQuery::Sheets { limit: 1_000 }),
        ) else {
            panic!("the sheets cannot be read");
        };
        prints.sort_by_key(|print| print.id);
        prints
    }

    /// A kiosk without its window: the same engine, ports and socket.
    pub(super) fn kiosk(&self) -> LiveTill {
        let text = std::fs::read_to_string(self.config()).unwrap();
        let env = std::collections::BTreeMap::new();
        let config = Config::parse(&text, "terminal.toml", &env).unwrap();
        let shop = Shop::Own(Box::new(config));
        LiveTill::start(&shop, &self.data(), Fault::None).unwrap()
    }
}
