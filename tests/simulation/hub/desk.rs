//! The real hub's store on a real file: every call is driven to its end before the simulation goes on.
//!
//! The only place that knows how the store is opened and called.

use std::future::Future;
use std::path::Path;

use tempfile::TempDir;
use tillcode::domain::id::Entropy;
use tillcode::domain::time::Timestamp;
use tillcode::hub::store::{Arrival, Claiming, Fed, Joined, Store, Taken};
use tillcode::proto::hub::{Claim, FeedRequest, OpenSale, Pair, Published, Token, TokenHash};

use crate::dice::Dice;

/// Where files are memory, if there is such a place: what survives a loss of power is tested elsewhere.
const MEMORY: &str = "/dev/shm";

const FILE: &str = "hub.sqlite3";
/// All that belongs to a database.
const BESIDE: [&str; 3] = [FILE, "hub.sqlite3-wal", "hub.sqlite3-shm"];

/// An open hub.
#[derive(Debug)]
pub struct Desk {
    /// None only while a backup takes its place.
    store: Option<Store>,
    dice: Dice,
    runtime: tokio::runtime::Runtime,
    backups: u32,
    folder: TempDir,
}

impl Desk {
    pub fn new(dice: Dice) -> Self {
        let memory = Path::new(MEMORY);
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.expect("a folder for the hub");
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime");
        let mut desk = Self {
            store: None,
            dice,
            runtime,
            backups: 0,
            folder,
        };
        desk.open();
        desk
    }

    fn do_it<'a, T, E: std::fmt::Debug, F>(&'a self, call: impl FnOnce(&'a Store) -> F) -> T
    where
        F: Future<Output = Result<T, E>>,
    {
        let store = self.store.as_ref().expect("an open hub");
        self.runtime.block_on(call(store)).expect("the hub's store")
    }

    pub fn add_endpoint(&self, shop: &str, kind: &str, name: &str, at: Timestamp) -> Token {
        let (shop, kind, name) = (shop.to_owned(), kind.to_owned(), name.to_owned());
        self.do_it(|store| store.add_endpoint(shop, kind, name, None, at))
            .1
    }

    pub fn pair(&self, shop: &str, name: &str, token: Token, at: Timestamp) -> Joined {
        let (shop, name) = (shop.to_owned(), name.to_owned());
        let (_, code) = self.do_it(|store| store.add_terminal(shop, name, at));
        let joined = self.do_it(|store| store.pair(Pair { code, token }, at));
        joined.expect("a code that is good")
    }

    pub fn take(&self, arrival: Arrival) -> Taken {
        self.do_it(|store| store.take(arrival))
    }

    pub fn feed(&self, token: TokenHash, request: FeedRequest, at: Timestamp) -> Fed {
        self.do_it(|store| store.feed(token, request, at))
    }

    pub fn hooks(&self, token: TokenHash, known: Vec<Token>, at: Timestamp) -> Option<Joined> {
        self.do_it(|store| store.hooks(token, known, at))
    }

    pub fn publish(&self, token: TokenHash, links: Vec<Published>, at: Timestamp) -> bool {
        self.do_it(|store| store.publish(token, links, at))
    }

    pub fn open_sales(&self, token: TokenHash, sales: Vec<OpenSale>) -> bool {
        self.do_it(|store| store.open_sales(token, sales))
    }

    pub fn claim(&self, token: TokenHash, claim: Claim, at: Timestamp) -> Option<Claiming> {
        self.do_it(|store| store.claim(token, claim, at))
    }

    /// All that is old enough and was read.
    pub fn forget(&self, before: Timestamp) -> bool {
        let mut forgot = false;
        while self.do_it(|store| store.forget(before)) {
            forgot = true;
        }
        forgot
    }

    /// Copies the file as it is now, with what is beside it; returns the copy's number.
    pub fn back_up(&mut self) -> u32 {
        self.backups += 1;
        let folder = self.folder.path().join(self.backups.to_string());
        self.store = None;
        std::fs::create_dir(&folder).expect("a folder for a backup");
        copy(self.folder.path(), &folder);
        self.open();
        self.backups
    }

    /// The hub goes on with an earlier file.
    pub fn restore(&mut self, number: u32) {
        self.store = None;
        for beside in BESIDE {
            let file = self.folder.path().join(beside);
            if file.exists() {
                std::fs::remove_file(file).expect("the hub's file");
            }
        }
        copy(
            &self.folder.path().join(number.to_string()),
            self.folder.path(),
        );
        self.open();
    }

    /// A process opens the file.
    fn open(&mut self) {
        let address = format!("sqlite:{}", self.folder.path().join(FILE).display());
        let entropy = Entropy::new(self.dice.seed());
        let store = self.runtime.block_on(Store::open(&address, entropy));
        self.store = Some(store.expect("the hub's store"));
    }
}

fn copy(from: &Path, to: &Path) {
    // The last of them is an index that is made anew.
    for name in [BESIDE[0], BESIDE[1]]
        .into_iter()
        .filter(|name| from.join(name).exists())
    {
        std::fs::copy(from.join(name), to.join(name)).expect("a backup");
    }
}
