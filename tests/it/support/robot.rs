//! A process that works until it is killed, and says what it showed.
//!
//! It is this test program itself, started with a folder in the environment: see [`asked`].

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tillcode::domain::id::{Entropy, SaleId};
use tillcode::io::clock::Clock;
use tillcode::io::store::Fault;
use tillcode::terminal::{Command, Screen};

use super::shop::{LiveTill, code_on, demo_shop, eur};

const FOLDER: &str = "TILL_ROBOT_DIR";
const SEED: &str = "TILL_ROBOT_SEED";

/// A code that was on the robot's screen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shown {
    /// For which sale.
    pub(crate) sale: SaleId,
    /// What people call that sale.
    pub(crate) reference: String,
    /// The address in the code.
    pub(crate) url: String,
}

/// What a robot said in its life.
#[derive(Debug, Default)]
pub(crate) struct Life {
    /// How long it took until it could sell, in milliseconds; none where it did not get so far.
    pub(crate) start_ms: Option<u64>,
    /// Every code that was on its screen.
    pub(crate) shown: Vec<Shown>,
}

/// A robot that works.
pub(crate) struct Robot {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    listener: JoinHandle<()>,
}

impl Robot {
    /// Starts one on a folder; `test` is the test that asks [`asked`].
    pub(crate) fn start(test: &str, folder: &Path, seed: u8) -> Self {
        let mut child = Process::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder)
            .env(SEED, seed.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let said = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&said);
        let listen = move || {
            let mut line = String::new();
            while out.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                // A line that was cut off in the middle was not said.
                if let Some(whole) = line.strip_suffix('\n') {
                    heard.lock().unwrap().push(whole.to_owned());
                }
                line.clear();
            }
        };
        let listener = std::thread::Builder::new().spawn(listen).unwrap();
        Self {
            child,
            said,
            listener,
        }
    }

    /// Kills it as the kernel kills, and gives back what it had said by then.
    pub(crate) fn kill(mut self) -> Life {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        self.listener.join().unwrap();
        let said = std::mem::take(&mut *self.said.lock().unwrap());
        assert_eq!(status.signal(), Some(9), "it ended by itself: {said:#?}");
        let mut life = Life::default();
        for line in &said {
            let mut words = line.split(' ');
            match words.next() {
                Some("UP") => life.start_ms = words.next().map(|ms| ms.parse().unwrap()),
                Some("SHOWN") => life.shown.push(Shown {
                    sale: words.next().unwrap().parse().unwrap(),
                    reference: words.next().unwrap().to_owned(),
                    url: words.next().unwrap().to_owned(),
                }),
                _ => {}
            }
        }
        life
    }
}

/// The folder and the seed of this robot's life; none where this is no robot but a test.
pub(crate) fn asked() -> Option<(PathBuf, u8)> {
    let folder = std::env::var_os(FOLDER)?;
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    Some((folder.into(), seed))
}

/// Sells until killed, where the environment names a folder; else returns at once.
pub(crate) fn run_if_asked() {
    let Some((folder, seed)) = asked() else {
        return;
    };
    let clock = Clock::start();
    let begun = clock.now().mono_ms;
    let till = LiveTill::start(&demo_shop(2, 8), &folder, Fault::None).unwrap();
    say_up(clock.now().mono_ms - begun);
    sell_for_ever(&till, Entropy::new([seed; 32]));
}

/// It can work now, so many milliseconds after it began to start.
pub(crate) fn say_up(took_ms: u64) {
    // The test program has begun a line of its own.
    say("");
    say(&format!("UP {took_ms}"));
}

fn sell_for_ever(till: &LiveTill, mut dice: Entropy) -> ! {
    loop {
        sell(till, &mut dice);
    }
}

fn sell(till: &LiveTill, dice: &mut Entropy) {
    let now = till.now();
    if now.screen != Screen::Sell {
        let screen = Screen::Sell;
        let sell = till.press(Command::Go { screen }, |snapshot| {
            snapshot.screen == Screen::Sell
        });
        sell.expect("no fault was asked for");
    }
    let products = now.catalog.products();
    let drawn = usize::try_from(dice.below(8)).unwrap();
    let command = if dice.below(5) == 0 {
        // No spare code has this sum: it is made while the customer waits.
        let minor = i64::try_from(dice.below(9_000)).unwrap() + 5_000;
        Command::PayAmount { amount: eur(minor) }
    } else {
        let product = products[drawn % products.len()].id;
        Command::Tap { product }
    };
    let shown = till
        .press(command, |snapshot| code_on(snapshot).is_some())
        .unwrap();
    let (sale, url) = code_on(&shown).unwrap();
    let pay = shown.pay.as_ref().unwrap();
    say(&format!("SHOWN {sale} {} {url}", pay.sale.reference));
    let ended = move |snapshot: &tillcode::terminal::Snapshot| {
        snapshot.waiting.iter().all(|waiting| waiting.id != sale)
    };
    let given = eur(20_000);
    match dice.below(4) {
        0 => till.press(Command::CustomerPays { sale }, ended),
        1 => till.press(Command::PayInCash { sale, given }, ended),
        2 => till.press(Command::CancelSale { sale }, ended),
        _ => Ok(shown),
    }
    .unwrap();
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
}
