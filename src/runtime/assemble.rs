//! Putting the till together: lock, store, terminal, engine, socket; and taking it apart again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::accounts::{self, Kind, Secrets};
use super::album::Album;
use super::demo::{self, DemoProvider};
use super::effects::{Executor, Provider};
use super::engine::{Engine, Inputs};
use super::handle::{self, Handle, Message, StatusQuestion, Wakers};
use super::hub::Hub;
use super::printers::Ports;
use super::socket;
use crate::config::{Config, KeyValue, ScannerConfig};
use crate::domain::id::Entropy;
use crate::io::clock::Clock;
use crate::io::config_file::{SecretError, read_secret};
use crate::io::download::Downloader;
use crate::io::entropy::seed;
use crate::io::http::{AccountAccess, HttpClient, HttpError, Timeouts};
use crate::io::hub_file::HubFileError;
use crate::io::lock::{LockError, ProcessLock};
use crate::io::pictures::{PictureError, Pictures};
use crate::io::scanner::Scanner;
use crate::io::secret::Secret;
use crate::io::sound::Speaker;
use crate::io::store::{
    CommitError, FILE_NAME, Fault, Store, StoreError, StoreHandle, StoreThread,
};
use crate::terminal::{
    Actor, Command, Event, PinCheck, Recovered, Rows, Setup, Snapshot, Step, Terminal,
};

/// Answers of backends and the like that may wait.
const EVENT_QUEUE: usize = 256;

/// How long what was begun may take to end.
const ENGINE_END: Duration = Duration::from_secs(2);

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
    /// Another process has it.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The file of the hub cannot be used.
    #[error(transparent)]
    HubFile(#[from] HubFileError),
    /// What the configuration names as the hub's token is none.
    #[error("hub.token does not lead to a token: it has 64 digits of 0-9 and a-f; copy it again")]
    HubToken,
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
    Commit(#[from] CommitError),
}

/// A till that runs.
#[derive(Debug)]
pub struct Running {
    handle: Handle,
    album: Arc<Album>,
    stop: Option<oneshot::Sender<()>>,
    engine: Option<JoinHandle<()>>,
    store: Option<StoreThread>,
    scanner: Option<Scanner>,
    // Last, so that it is held until everything else has ended.
    _lock: ProcessLock,
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
        if let Some(scanner) = self.scanner.take() {
            scanner.stop();
        }
        let told = self.stop.take().is_some_and(|stop| stop.send(()).is_ok());
        if !told {
            tracing::debug!("the engine ended before it was told to");
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
    let lock = ProcessLock::of_folder(data, "Tillcode")?;
    let secrets = secrets(shop, env)?;
    let hub = Hub::find(shop, data, env)?;
    let pin = match &shop.config().risk.pin {
        Some(pin) => Some(PinCheck::new(&read_secret(pin, env)?, seed()?)),
        None => None,
    };
    let setup = accounts::setup(
        shop.config(),
        &secrets,
        shop.kind(),
        (hub.setup, &hub.hooks),
        pin,
    );
    let clock = Arc::new(Clock::start());
    let (store, (terminal, first)) = open_till(shop, &setup, data, &clock, fault)?;
    let store = StoreThread::start(store)?;
    let album = Arc::new(Album::open(Pictures::open(data)?, Downloader::new()?)?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (wires, inputs) = wires(&terminal);
    let handle = wires.handle(store.handle(), runtime.handle().clone());
    let has_sound = shop.config().display.sound;
    let speaker = has_sound.then(|| Speaker::start(data.join("sounds")));
    let executor = Executor {
        provider: provider(shop, &secrets, data)?,
        clock: Arc::clone(&clock),
        album: Arc::clone(&album),
        store: store.handle(),
        hub: hub.line,
        ports: Ports::start(&shop.config().printers, &wires.events)?,
        speaker,
        events: wires.events,
    };
    let engine = Engine {
        terminal,
        setup,
        store: store.handle(),
        clock,
        entropy: fresh_entropy,
        executor,
        snapshots: wires.snapshots,
        wakers: wires.wakers,
        replies: BTreeMap::new(),
        next_request: 0,
        publish_at_mono: None,
    };
    let engine = spawn(
        engine,
        first,
        inputs,
        runtime,
        data.to_owned(),
        handle.clone(),
    )?;
    let scanner = scanner(&shop.config().scanner, &handle)?;
    Ok(Running {
        handle,
        album,
        stop: Some(wires.stop),
        engine: Some(engine),
        store: Some(store),
        scanner,
        _lock: lock,
    })
}

/// The store, checked, and the till that it says.
fn open_till(
    shop: &Shop,
    setup: &Setup,
    data: &Path,
    clock: &Clock,
    fault: Fault,
) -> Result<(Store, (Terminal, Step)), StartError> {
    let since = setup.shop.day.start_of_day(clock.now().wall);
    let make = |rows| wake_up(setup, rows, clock);
    let (store, woken) = Store::open_and_recover(&data.join(FILE_NAME), since, make)?;
    let mut store = store.with_fault(fault);
    let mut till = keep(woken?, &mut store)?;
    if matches!(shop, Shop::Demo(_)) && till.0.snapshot().catalog.products().is_empty() {
        furnish_demo(till.0, &mut store, shop.config(), data, clock)?;
        till = keep(make(store.recover(since)?)?, &mut store)?;
    }
    Ok((store, till))
}

/// The till that the database says, and what it has to do first.
fn wake_up(setup: &Setup, rows: Recovered, clock: &Clock) -> std::io::Result<(Terminal, Step)> {
    let entropy = fresh_entropy()?;
    Ok(Terminal::recover(setup.clone(), rows, entropy, clock.now()))
}

/// What a new till gives itself is on disk before anybody sees it.
fn keep(
    (terminal, mut first): (Terminal, Step),
    store: &mut Store,
) -> Result<(Terminal, Step), CommitError> {
    let writes = std::mem::take(&mut first.writes);
    if !writes.is_empty() {
        store.commit(&writes)?;
    }
    Ok((terminal, first))
}

/// The near ends of all channels to the engine.
struct Wires {
    taps: mpsc::Sender<Message>,
    scripts: mpsc::Sender<Message>,
    status: mpsc::Sender<StatusQuestion>,
    events: mpsc::Sender<Event>,
    stop: oneshot::Sender<()>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    wakers: Wakers,
}

fn wires(terminal: &Terminal) -> (Wires, Inputs) {
    let (taps, taps_end) = mpsc::channel(handle::QUEUE);
    let (scripts, scripts_end) = mpsc::channel(handle::QUEUE);
    let (status, status_end) = mpsc::channel(handle::QUEUE);
    let (events, events_end) = mpsc::channel(EVENT_QUEUE);
    let (stop, stop_end) = oneshot::channel();
    let snapshots = watch::Sender::new(Arc::new(terminal.snapshot()));
    let wires = Wires {
        taps,
        scripts,
        status,
        events,
        stop,
        snapshots,
        wakers: Wakers::default(),
    };
    let inputs = Inputs {
        taps: taps_end,
        scripts: scripts_end,
        status: status_end,
        events: events_end,
        stop: stop_end,
    };
    (wires, inputs)
}

impl Wires {
    fn handle(&self, store: StoreHandle, runtime: tokio::runtime::Handle) -> Handle {
        Handle {
            taps: self.taps.clone(),
            scripts: self.scripts.clone(),
            status: self.status.clone(),
            snapshots: self.snapshots.subscribe(),
            store,
            wakers: self.wakers.clone(),
            runtime,
        }
    }
}

fn spawn(
    engine: Engine,
    first: Step,
    inputs: Inputs,
    runtime: tokio::runtime::Runtime,
    folder: PathBuf,
    handle: Handle,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                let socket = tokio::spawn(socket::serve(folder, handle));
                engine.run(first, inputs).await;
                socket.abort();
            });
            runtime.shutdown_timeout(ENGINE_END);
        })
}

/// A scanner on a port of its own; one that types like a keyboard is the window's.
fn scanner(config: &ScannerConfig, handle: &Handle) -> std::io::Result<Option<Scanner>> {
    let Some(port) = &config.port else {
        return Ok(None);
    };
    let (handle, prefix) = (handle.clone(), config.prefix.clone());
    let deliver = move |code: String| {
        let text = code.strip_prefix(&prefix).unwrap_or(&code).to_owned();
        if handle.scan(text).is_err() {
            tracing::warn!("the till was too busy for a scan");
        }
    };
    Scanner::start(port, config.baud, deliver).map(Some)
}

fn fresh_entropy() -> std::io::Result<Entropy> {
    seed().map(Entropy::new)
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
        for (name, key) in &backend.keys {
            let key = match key {
                KeyValue::Secret(secret) => read_secret(secret, env)?,
                KeyValue::Plain(text) => text.clone(),
            };
            secrets.insert(name, key);
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
        kind: backend.kind.clone(),
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

/// A new demo gets its products and favorites, all in one commit, before anybody can ask for them.
fn furnish_demo(
    mut terminal: Terminal,
    store: &mut Store,
    config: &Config,
    data: &Path,
    clock: &Clock,
) -> Result<(), StartError> {
    let (products, favorites) = demo::products(&config.shop.name, config, data)?;
    let source = "the demo".to_owned();
    let put = Command::PutProducts { products, source };
    let arrange = Command::SetFavorites {
        products: favorites,
    };
    let mut writes = Vec::new();
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
