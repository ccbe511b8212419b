//! What the hub's commands do. Those of the owner work on the database itself, while the hub serves or
//! not; what they change is true for the next request.

mod endpoint;
mod terminal;
mod words;

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

use super::args::{Place, Task};
use super::server;
use super::store::Store;
use crate::config::{BaseUrl, HUB_DEFAULTS, HubConfig};
use crate::domain::id::Entropy;
use crate::io::clock::Clock;
use crate::io::config_file::{environment, load_hub};
use crate::io::entropy;
use crate::io::lock::{LockError, ProcessLock};

/// What every command works on.
struct Desk {
    config: HubConfig,
    store: Store,
    clock: Clock,
}

pub(super) fn run(place: &Place, task: Task) -> anyhow::Result<()> {
    if matches!(task, Task::DefaultConfig) {
        std::io::stdout().write_all(HUB_DEFAULTS.as_bytes())?;
        return Ok(());
    }
    let mut config: HubConfig = load_hub(place.config.as_deref(), &environment())?;
    if let Some(database) = &place.database {
        config.database.clone_from(database);
    }
    if let Some(url) = &place.public_url {
        config.public_url = Some(BaseUrl::parse(url).map_err(anyhow::Error::msg)?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work(config, task))
}

async fn work(mut config: HubConfig, task: Task) -> anyhow::Result<()> {
    let seed = entropy::seed().context("the system's randomness cannot be read")?;
    let store = Store::open(&config.database, Entropy::new(seed)).await?;
    if let Task::Serve { listen } = &task {
        config.listen = listen.unwrap_or(config.listen);
        let _alone = Store::file(&config.database).map(alone).transpose()?;
        return server::serve(config, store).await;
    }
    let desk = Desk {
        config,
        store,
        clock: Clock::start(),
    };
    match task {
        Task::Endpoint(task) => endpoint::run(&desk, task).await,
        Task::Terminal(task) => terminal::run(&desk, task).await,
        // Opening it has done it.
        Task::Migrate | Task::Serve { .. } | Task::DefaultConfig => Ok(()),
    }
}

/// A file is served by one process: another would not hear what this one stores.
fn alone(file: &Path) -> anyhow::Result<ProcessLock> {
    let mut lock = file.as_os_str().to_owned();
    lock.push(".lock");
    ProcessLock::take(Path::new(&lock), "tillcode-hub").map_err(|error| match error {
        LockError::Held { holder } => {
            let process = holder.process.map_or_else(String::new, |id| format!(" (process {id})"));
            anyhow::anyhow!(
                "another message server{process} serves {} already: stop it first, or use PostgreSQL, \
                 where several may",
                file.display()
            )
        }
        LockError::Full { .. } | LockError::File { .. } => error.into(),
    })
}
