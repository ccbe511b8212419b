//! The hub's HTTP server.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use super::database::Database;

/// Serves until the process is told to stop. Prints the address that it listens on.
pub(super) async fn serve(listen: SocketAddr, database: Database) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "{{\"listening\":\"http://{address}\"}}")?;
    let app = axum::Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(Arc::new(database));
    axum::serve(listener, app)
        .with_graceful_shutdown(stopped())
        .await?;
    Ok(())
}

async fn ready(State(database): State<Arc<Database>>) -> (StatusCode, &'static str) {
    if database.is_ready().await {
        (StatusCode::OK, "ready")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer",
        )
    }
}

async fn stopped() {
    // Where the system gives no signals, only the end of the process stops it.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
