//! The hub over HTTP: routes, and what each may cost.

mod answer;
mod body;
mod feed;
mod forget;
mod health;
mod hooks;
mod join;
mod limits;
mod listen;
mod metrics;
mod peer;
mod shop;
mod stop;

use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::limits::Limits;
use self::metrics::Metrics;
use self::peer::Peer;
use self::stop::Stops;
use super::store::Store;
use super::wake::Wakes;
use crate::config::HubConfig;
use crate::io::clock::Clock;
use crate::proto::hub::{
    CLAIMS_PATH, FEED_PATH, HOOKS_PATH, LINKS_PATH, OPEN_SALES_PATH, PAIR_PATH, STICKERS_PATH,
    TokenHash,
};

/// What every request may use.
pub(super) struct Hub {
    store: Store,
    wakes: Arc<Wakes>,
    limits: Limits,
    metrics: Metrics,
    clock: Clock,
    config: HubConfig,
    /// Changed when the hub is told to stop.
    phase: watch::Receiver<Phase>,
}

/// Where a hub is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Everything as usual.
    Serving,
    /// It was told to stop: a proxy is to send nothing new here, what comes still is taken.
    Leaving,
    /// Nobody new comes in, feeds end early.
    Closing,
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
        self.metrics.strike();
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
    // Before anybody knows that it is there.
    let stops = Stops::begin();
    writeln!(std::io::stdout(), "{{\"listening\":\"http://{address}\"}}")?;
    std::io::stdout().flush()?;
    let (phases, phase) = watch::channel(Phase::Serving);
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
        metrics: Metrics::default(),
        clock: Clock::start(),
        config,
        phase,
    });
    drop(tokio::spawn(forget::now_and_then(Arc::clone(&hub))));
    listen::serve(listener, &hub, routes(Arc::clone(&hub)), phases, stops).await;
    Ok(())
}

/// What describes all routes, for programs.
const OPENAPI: &str = include_str!("server/openapi.json");

/// Every path and what it does; `openapi.json` describes just these.
fn paths() -> [(&'static str, MethodRouter<Arc<Hub>>); 13] {
    [
        ("/healthz", get(health::alive)),
        ("/readyz", get(health::ready)),
        ("/metrics", get(metrics::read)),
        ("/openapi.json", get(openapi)),
        ("/hooks/{kind}/{endpoint}", post(hooks::account)),
        ("/hooks/{kind}/{endpoint}/{link}", post(hooks::link)),
        (FEED_PATH, get(feed::read)),
        (PAIR_PATH, post(join::pair)),
        (HOOKS_PATH, post(join::hooks)),
        (LINKS_PATH, post(shop::links)),
        (OPEN_SALES_PATH, post(shop::open_sales)),
        (CLAIMS_PATH, post(shop::claim)),
        (STICKERS_PATH, post(shop::stickers)),
    ]
}

fn routes(hub: Arc<Hub>) -> Router {
    let router = paths()
        .into_iter()
        .fold(Router::new(), |router, (path, deed)| {
            router.route(path, deed)
        });
    router.fallback(answer::unknown_path).with_state(hub)
}

async fn openapi() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, OPENAPI).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let described = document["paths"].as_object().unwrap();
        let mut described: Vec<_> = described.keys().map(String::as_str).collect();
        let mut routed: Vec<_> = paths().iter().map(|(path, _)| *path).collect();
        described.sort_unstable();
        routed.sort_unstable();
        assert_eq!(described, routed);
    }

    #[test]
    fn the_currencies_that_are_described_are_those_that_are_known() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let amount = &document["components"]["schemas"]["Amount"]["properties"];
        let known: Vec<_> = Currency::all().map(Currency::code).collect();
        assert_eq!(amount["currency"]["enum"], serde_json::json!(known));
    }
}
