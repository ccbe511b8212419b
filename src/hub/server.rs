//! The hub over HTTP: routes, and what each may cost.

mod answer;
mod body;
mod feed;
mod health;
mod hooks;
mod join;
mod limits;
mod listen;
mod peer;

use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::limits::Limits;
use self::peer::Peer;
use super::store::Store;
use super::wake::Wakes;
use crate::config::HubConfig;
use crate::io::clock::Clock;
use crate::proto::hub::{FEED_PATH, HOOKS_PATH, PAIR_PATH, TokenHash};

/// What every request may use.
pub(super) struct Hub {
    store: Store,
    wakes: Arc<Wakes>,
    limits: Limits,
    clock: Clock,
    config: HubConfig,
    /// True once the hub is to stop: feeds end early.
    closing: watch::Receiver<bool>,
}

impl Hub {
    /// Whether a notification is read at all.
    fn admits(&self, peer: Peer, hook: &TokenHash) -> bool {
        self.listens_to(peer) && self.limits.admits(hook, self.clock.now().mono_ms)
    }

    /// Whether an address has not guessed too often.
    fn listens_to(&self, peer: Peer) -> bool {
        self.limits.listens_to(peer, self.clock.now().mono_ms)
    }

    /// A wrong token, code or signature.
    fn strike(&self, peer: Peer) {
        self.limits.strike(peer, self.clock.now().mono_ms);
    }
}

/// Serves until the process is told to stop. Prints the address that it listens on.
///
/// # Errors
/// Where the address cannot be listened on.
pub(super) async fn serve(config: HubConfig, store: Store) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        anyhow::anyhow!(
            "{} cannot be listened on ({error}): choose another address with [hub] listen",
            config.listen
        )
    })?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "{{\"listening\":\"http://{address}\"}}")?;
    std::io::stdout().flush()?;
    let (close, closing) = watch::channel(false);
    let mut config = config;
    // With port 0 the system chose one.
    config.listen = address;
    let wakes = Arc::new(Wakes::default());
    #[cfg(feature = "postgres")]
    store.wakes(&wakes);
    let hub = Arc::new(Hub {
        store,
        wakes,
        limits: Limits::default(),
        clock: Clock::start(),
        config,
        closing,
    });
    listen::serve(listener, &hub, routes(Arc::clone(&hub)), close).await;
    Ok(())
}

fn routes(hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/hooks/{kind}/{endpoint}", post(hooks::account))
        .route("/hooks/{kind}/{endpoint}/{link}", post(hooks::link))
        .route(FEED_PATH, get(feed::read))
        .route(PAIR_PATH, post(join::pair))
        .route(HOOKS_PATH, post(join::hooks))
        .fallback(answer::unknown_path)
        .with_state(hub)
}
