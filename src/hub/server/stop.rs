//! The system asks the hub to stop: Ctrl-C, or SIGTERM from a service manager.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What tells the hub to stop. From its beginning none is missed, and none ends the process at once.
pub(super) struct Stops {
    #[cfg(unix)]
    signals: [Option<Signal>; 2],
}

impl Stops {
    /// Begins to listen.
    pub(super) fn begin() -> Self {
        Self {
            #[cfg(unix)]
            signals: [SignalKind::terminate(), SignalKind::interrupt()]
                .map(|kind| signal(kind).ok()),
        }
    }

    /// Until the next one.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        let [terminate, interrupt] = &mut self.signals;
        tokio::select! {
            () = heard(terminate) => {}
            () = heard(interrupt) => {}
        }
    }

    /// Until the next one.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Where the system gives no signals, only the end of the process stops it.
#[cfg(unix)]
async fn heard(signal: &mut Option<Signal>) {
    let heard = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if heard.is_none() {
        std::future::pending::<()>().await;
    }
}
