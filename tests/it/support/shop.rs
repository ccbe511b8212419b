//! A till that really runs: engine, store and SQLite, watched from outside as a window would.
//!
//! Every snapshot that is published is looked at, none is missed: what a customer could have scanned
//! is remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use tillcode::domain::catalog::{Product, Visibility};
use tillcode::domain::id::{ProductId, SaleId};
use tillcode::domain::money::{Amount, Currency};
use tillcode::domain::time::Timestamp;
use tillcode::io::store::Fault;
use tillcode::runtime::{Handle, Running, Shop, StartError, demo, start_with_fault};
use tillcode::terminal::snapshot::CodeView;
use tillcode::terminal::{Answer, Command, Notice, Query, Reply, SaleView, Screen, Snapshot};

/// How long anything may take before the test gives up; far more than it does take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How often to look again where nobody tells, and how often at most.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS_MAX: u32 = 100;

/// Euros and cents.
pub(crate) fn eur(minor: i64) -> Amount {
    Amount::new(minor, Currency::from_code("EUR").unwrap())
}

/// A product of the shop named `shop`.
pub(crate) fn item(shop: &str, sku: &str, minor: i64) -> Product {
    Product {
        id: ProductId::of_sku(shop, sku),
        sku: sku.to_owned(),
        name: format!("Thing {sku}"),
        group: None,
        category: Some("Things".to_owned()),
        description: String::new(),
        price: eur(minor),
        asking: tillcode::domain::link::Asking::default(),
        options: tillcode::domain::options::Options::default(),
        barcodes: Vec::new(),
        picture: None,
        visibility: Visibility::Shown,
    }
}

/// The demo with so many spare codes for each of so many amounts.
pub(crate) fn demo_shop(per_amount: u32, amounts: u32) -> Shop {
    let env = BTreeMap::from([
        (
            "TILLCODE_POOL__PER_AMOUNT".to_owned(),
            per_amount.to_string(),
        ),
        ("TILLCODE_POOL__AMOUNTS".to_owned(), amounts.to_string()),
    ]);
    Shop::Demo(Box::new(demo::config(&env).unwrap()))
}

/// Why a wait ended before what was waited for: the disk failed. What was done must be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing is written any more.
    Dead,
    /// Everything was read again, and the till goes on.
    Reopened,
}

/// All that was ever on the screen.
#[derive(Default)]
pub(crate) struct Seen {
    /// Which sales each address was shown for.
    pub(crate) codes: BTreeMap<String, BTreeSet<SaleId>>,
    /// Sales that were shown at all.
    pub(crate) sales: BTreeSet<SaleId>,
    /// The last snapshot that was not the Fault screen.
    pub(crate) last: Option<Arc<Snapshot>>,
    /// How often the till said that everything was read again.
    pub(crate) reopened: usize,
    /// Whether the Fault screen is on.
    pub(crate) dead: bool,
    revision: u64,
    notice: u64,
}

impl Seen {
    fn look(&mut self, snapshot: Arc<Snapshot>) {
        assert!(
            snapshot.revision >= self.revision,
            "a snapshot is older than the one before: {} after {}",
            snapshot.revision,
            self.revision
        );
        self.revision = snapshot.revision;
        for sale in snapshot.waiting.iter() {
            self.see(sale);
        }
        if let Some(pay) = &snapshot.pay {
            self.see(&pay.sale);
            if let CodeView::Ready { url, .. } = &pay.code {
                let sales = self.codes.entry(url.clone()).or_default();
                sales.insert(pay.sale.id);
            }
        }
        if let Some((number, notice)) = &snapshot.notice
            && *number > self.notice
        {
            self.notice = *number;
            self.reopened +=
                usize::from(matches!(notice, Notice::StoreReopened | Notice::DiskFull));
        }
        self.dead = snapshot.screen == Screen::Fault;
        if !self.dead {
            self.last = Some(snapshot);
        }
    }

    fn see(&mut self, sale: &SaleView) {
        self.sales.insert(sale.id);
        if let Some(url) = &sale.url {
            self.codes.entry(url.clone()).or_default().insert(sale.id);
        }
    }

    /// Adds what an earlier life of the same till showed.
    pub(crate) fn absorb(&mut self, earlier: Self) {
        for (url, sales) in earlier.codes {
            self.codes.entry(url).or_default().extend(sales);
        }
        self.sales.extend(earlier.sales);
    }
}

#[derive(Default)]
struct Watch {
    seen: Mutex<Seen>,
    news: Condvar,
}

/// A till that runs in this process.
pub(crate) struct LiveTill {
    /// How to talk to it.
    pub(crate) handle: Handle,
    running: Option<Running>,
    watch: Arc<Watch>,
    waiting: tokio::runtime::Runtime,
}

impl LiveTill {
    /// Starts it, to be hit by a fault.
    pub(crate) fn start(shop: &Shop, data: &Path, fault: Fault) -> Result<Self, StartError> {
        let env = tillcode::io::config_file::environment();
        let mut looks = 0;
        let running = loop {
            match start_with_fault(shop, data, &env, fault) {
                // Another test starts a program: until that is under way it holds our files too.
                Err(StartError::Locked(_)) if looks < LOOKS_MAX => {
                    looks += 1;
                    std::thread::sleep(LOOK);
                }
                started => break started?,
            }
        };
        let handle = running.handle();
        let watch = Arc::<Watch>::default();
        let (till, watcher) = (handle.clone(), Arc::clone(&watch));
        handle.wake_with(Box::new(move || {
            // Under the lock, so that no older snapshot is looked at after a newer one.
            let mut seen = watcher.seen.lock().unwrap();
            seen.look(till.snapshot());
            watcher.news.notify_all();
        }));
        watch.seen.lock().unwrap().look(handle.snapshot());
        Ok(Self {
            handle,
            running: Some(running),
            watch,
            waiting: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap(),
        })
    }

    /// What was on the screen so far.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.watch.seen.lock().unwrap()
    }

    /// Waits for a snapshot on which `is` holds.
    pub(crate) fn until(
        &self,
        what: &str,
        is: impl Fn(&Snapshot) -> bool,
    ) -> Result<Arc<Snapshot>, Cut> {
        let seen = self.seen();
        let begun = seen.reopened;
        let goes_on = |seen: &mut Seen| {
            let last = seen.last.as_ref();
            !seen.dead && seen.reopened == begun && !last.is_some_and(|last| is(last))
        };
        let waited = self.watch.news.wait_timeout_while(seen, PATIENCE, goes_on);
        let (seen, timeout) = waited.unwrap();
        let last = seen.last.clone().unwrap();
        assert!(
            !timeout.timed_out(),
            "{what} did not come; on the screen: {:?} {:?} {:?} {:?}",
            last.screen,
            last.status,
            last.notice,
            last.pay.as_ref().map(|pay| &pay.sale)
        );
        if seen.dead {
            return Err(Cut::Dead);
        }
        if seen.reopened != begun {
            return Err(Cut::Reopened);
        }
        Ok(last)
    }

    /// The newest snapshot, as a finger sees it.
    pub(crate) fn now(&self) -> Arc<Snapshot> {
        self.handle.snapshot()
    }

    /// A finger: what it does shows on a later snapshot.
    pub(crate) fn tap(&self, command: Command) {
        let seen = self.now().screen_seq;
        self.handle.tap(command, seen).unwrap();
    }

    /// A finger, waited for.
    pub(crate) fn press(
        &self,
        command: Command,
        is: impl Fn(&Snapshot) -> bool,
    ) -> Result<Arc<Snapshot>, Cut> {
        let what = format!("what {command:?} was to bring");
        self.tap(command);
        self.until(&what, is)
    }

    /// A script's command. One that got no reply may or may not have been done.
    pub(crate) fn command(&self, command: Command) -> Result<Reply, Cut> {
        self.waiting.block_on(async {
            let mut answer = std::pin::pin!(self.handle.command(command));
            // A till whose disk is dead lets scripts wait: whoever asks has to look at its screen.
            for _look in 0..PATIENCE.as_millis() / LOOK.as_millis() {
                match tokio::time::timeout(LOOK, &mut answer).await {
                    Ok(Ok(reply)) => return Ok(reply),
                    Ok(Err(_busy)) if !self.seen().dead => return Err(Cut::Reopened),
                    Ok(Err(_)) => return Err(Cut::Dead),
                    Err(_elapsed) if self.seen().dead => return Err(Cut::Dead),
                    Err(_elapsed) => {}
                }
            }
            panic!("a script's command got no answer")
        })
    }

    /// Reads a list.
    pub(crate) fn query(&self, query: Query) -> Answer {
        self.waiting.block_on(self.handle.query(query))
    }

    /// All sales that are on disk.
    pub(crate) fn sales(&self) -> Vec<SaleView> {
        let since = Timestamp::from_millis(0);
        match self.query(Query::Sales {
            since,
            limit: 10_000,
        }) {
            Answer::Sales { sales } => sales,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the disk is dead.
    pub(crate) fn until_dead(&self) {
        let died = self.until("the Fault screen", |_| false);
        assert_eq!(died.unwrap_err(), Cut::Dead);
    }

    /// Waits until it goes on after that.
    pub(crate) fn until_alive(&self) {
        let waited = self
            .watch
            .news
            .wait_timeout_while(self.seen(), PATIENCE, |seen| seen.dead);
        let (_seen, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "the Fault screen stays");
    }

    /// Ends it; gives back what it showed.
    pub(crate) fn stop(mut self) -> Seen {
        self.running.take().unwrap().stop();
        std::mem::take(&mut *self.seen())
    }
}

/// The address of the code on the screen.
pub(crate) fn code_on(snapshot: &Snapshot) -> Option<(SaleId, String)> {
    let pay = snapshot.pay.as_ref()?;
    match &pay.code {
        CodeView::Ready { url, .. } => Some((pay.sale.id, url.clone())),
        CodeView::Minting { .. } | CodeView::None { .. } => None,
    }
}
