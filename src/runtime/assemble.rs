//! Putting the till together: lock, store, terminal, engine, socket; and taking it apart again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot, watch};

use super::accounts::{self, Kind, Secrets};
use super::album::Album;
use super::demo::{self, DemoProvider};
use super::effects::{Executor, Provider};
use super::engine::{Engine, Inputs};
use super::handle::{self, Handle, Wakers};
use super::socket;
use crate::config::Config;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::io::clock::Clock;
use crate::io::config_file::{SecretError, read_secret};
use crate::io::download::Downloader;
use crate::io::entropy::seed;
use crate::io::http::{AccountAccess, HttpClient, HttpError, Timeouts};
use crate::io::lock::{FolderLock, LockError};
use crate::io::pictures::{PictureError, Pictures};
use crate::io::secret::Secret;
use crate::io::store::{Fault, Store, StoreError, StoreThread};
use crate::terminal::{Actor, Command, Event, Recovered, Rows, Setup, Step, Terminal};

/// The database's name in the data folder.
const DATABASE: &str = "tillcode.sqlite3";
/// Answers of backends and the like that may wait.
const EVENT_QUEUE: usize = 256;

/// Which shop is opened.
#[derive(Clone, Debug)]
pub enum Shop {
    /// The demo: nothing leaves this process.
    Demo(Box<Config>),
    /// The owner's.
    Own(Box<Config>),
}

impl Shop {
    /// Its configuration.
    pub const fn config(&self) -> &Config {
        match self {
            Self::Demo(config) | Self::Own(config) => config,
        }
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::Demo(_) => Kind::Demo,
            Self::Own(_) => Kind::Real,
        }
    }
}

/// Why the till does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder cannot be made.
    #[error("the data folder {path} cannot be made: check its name and its rights")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The folder of the pictures cannot be used.
    #[error(transparent)]
    Pictures(#[from] PictureError),
    /// No client for the network.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The machine lacks something: randomness, threads, sockets.
    #[error("the system refused what the till needs")]
    System(#[from] std::io::Error),
    /// The rows that a new till begins with could not be written.
    #[error(transparent)]
    Commit(#[from] crate::io::store::CommitError),
}

/// A till that runs.
#[derive(Debug)]
pub struct Running {
    handle: Handle,
    album: Arc<Album>,
    stop: Option<oneshot::Sender<()>>,
    engine: Option<JoinHandle<()>>,
    store: Option<StoreThread>,
    // Last, so that it is held until everything else has ended.
    _lock: FolderLock,
}

impl Running {
    /// How to talk to it.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Pictures of products.
    pub fn album(&self) -> Arc<Album> {
        Arc::clone(&self.album)
    }

    /// Ends it: what was begun is finished, then every thread is joined.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An engine that is gone already needs no word.
            drop(stop.send(()));
        }
        if let Some(engine) = self.engine.take()
            && engine.join().is_err()
        {
            tracing::error!("the engine ended by a defect");
        }
        if let Some(store) = self.store.take() {
            store.stop();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Opens the till in its data folder. One process for each folder.
pub fn start(
    shop: &Shop,
    data: &Path,
    env: &BTreeMap<String, String>,
) -> Result<Running, StartError> {
    start_with_fault(shop, data, env, Fault::None)
}

/// For tests: the same with a disk that fails at one commit.
pub fn start_with_fault(
    shop: &Shop,
    data: &Path,
    env: &BTreeMap<String, String>,
    fault: Fault,
) -> Result<Running, StartError> {
    make_folder(data)?;
    let lock = FolderLock::take(data, "Tillcode")?;
    let clock = Arc::new(Clock::start());
    let mut store = Store::open(&data.join(DATABASE))?.with_fault(fault);
    let secrets = secrets(shop, env)?;
    let notify_base = matches!(shop, Shop::Demo(_)).then(demo::notify_base);
    let setup = accounts::setup(shop.config(), &secrets, shop.kind(), notify_base.as_deref());
    let since: Timestamp = setup.shop.day.start_of_day(clock.now().wall);
    let mut rows = store.recover(since)?;
    if matches!(shop, Shop::Demo(_)) && rows.products.is_empty() {
        furnish_demo(&setup, rows, &mut store, shop.config(), data, &clock)?;
        rows = store.recover(since)?;
    }
    let (terminal, mut first) = recover(&setup, rows, &clock)?;
    store.commit(&std::mem::take(&mut first.writes))?;
    let store = StoreThread::start(store)?;
    let album = Arc::new(Album::open(Pictures::open(data)?, Downloader::new()?)?);

    let (taps, taps_in) = mpsc::channel(handle::QUEUE);
    let (scripts, scripts_in) = mpsc::channel(handle::QUEUE);
    let (status, status_in) = mpsc::channel(handle::QUEUE);
    let (events, events_in) = mpsc::channel(EVENT_QUEUE);
    let (stop, stop_in) = oneshot::channel();
    let (snapshots, snapshots_out) = watch::channel(Arc::new(terminal.snapshot()));
    let wakers = Wakers::default();
    let inputs = Inputs {
        taps: taps_in,
        scripts: scripts_in,
        status: status_in,
        events: events_in,
        stop: stop_in,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = Handle {
        taps,
        scripts,
        status,
        snapshots: snapshots_out,
        store: store.handle(),
        wakers: wakers.clone(),
        runtime: runtime.handle().clone(),
    };
    let executor = Executor {
        provider: provider(shop, &secrets, data)?,
        clock: Arc::clone(&clock),
        album: Arc::clone(&album),
        events,
    };
    let engine = Engine {
        terminal,
        setup,
        store: store.handle(),
        clock,
        entropy: fresh_entropy,
        executor,
        snapshots,
        wakers,
        replies: BTreeMap::new(),
        next_request: 0,
        publish_at_mono: None,
    };
    let folder = data.to_owned();
    let served = handle.clone();
    let thread = std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                let socket = tokio::spawn(socket::serve(folder, served));
                engine.run(first, inputs).await;
                socket.abort();
            });
            runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        })?;
    Ok(Running {
        handle,
        album,
        stop: Some(stop),
        engine: Some(thread),
        store: Some(store),
        _lock: lock,
    })
}

fn recover(setup: &Setup, rows: Recovered, clock: &Clock) -> std::io::Result<(Terminal, Step)> {
    Ok(Terminal::recover(
        setup.clone(),
        rows,
        fresh_entropy()?,
        clock.now(),
    ))
}

fn fresh_entropy() -> std::io::Result<Entropy> {
    seed().map(Entropy::new)
}

fn make_folder(data: &Path) -> Result<(), StartError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(|source| StartError::Folder {
        path: data.display().to_string(),
        source,
    })
}

fn secrets(
    shop: &Shop,
    env: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Secrets>, SecretError> {
    let mut all = BTreeMap::new();
    if matches!(shop, Shop::Demo(_)) {
        return Ok(all);
    }
    for backend in &shop.config().backends {
        let mut secrets = Secrets::new();
        secrets.insert("api_key", read_secret(&backend.api_key, env)?);
        if let Some(organization) = &backend.organization_id {
            secrets.insert("organization_id", organization.clone());
        }
        all.insert(backend.name.clone(), secrets);
    }
    Ok(all)
}

fn provider(
    shop: &Shop,
    secrets: &BTreeMap<String, Secrets>,
    data: &Path,
) -> Result<Provider, StartError> {
    let config = match shop {
        Shop::Demo(_) => {
            let seed = seed()?;
            let demo = DemoProvider::open(data.join("sandbox.json"), seed);
            return Ok(Provider::Demo(Arc::new(Mutex::new(demo))));
        }
        Shop::Own(config) => config,
    };
    if config.backends.is_empty() {
        return Ok(Provider::Nobody);
    }
    let accounts = config.backends.iter().map(|backend| AccountAccess {
        backend: backend.name.clone(),
        base_url: backend.base_url.to_string(),
        secrets: secrets
            .get(&backend.name)
            .into_iter()
            .flatten()
            .map(|(name, secret)| ((*name).to_owned(), Secret::new(secret.clone())))
            .collect(),
    });
    let client = HttpClient::new(accounts.collect(), Timeouts::default())?;
    Ok(Provider::Network(Arc::new(client)))
}

/// Gives a new demo shop its products, in one transaction and before anybody sees it.
fn furnish_demo(
    setup: &Setup,
    rows: Recovered,
    store: &mut Store,
    config: &Config,
    data: &Path,
    clock: &Clock,
) -> Result<(), StartError> {
    let (products, favorites) = demo::products(&config.shop.name, config, data)?;
    let put = Command::PutProducts {
        products,
        source: "the demo".to_owned(),
    };
    let arrange = Command::SetFavorites {
        products: favorites,
    };
    let (mut terminal, first) = recover(setup, rows, clock)?;
    let mut writes = first.writes;
    for command in [put, arrange] {
        let event = Event::Command {
            command,
            actor: Actor::Till,
            seen: None,
            reply_to: None,
        };
        writes.extend(terminal.handle(event, Rows::default(), clock.now()).writes);
    }
    Ok(store.commit(&writes)?)
}
