//! Whether the hub is there, and whether it can do its work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::{Hub, Phase};

pub(super) async fn alive() -> &'static str {
    "ok"
}

pub(super) async fn ready(State(hub): State<Arc<Hub>>) -> (StatusCode, &'static str) {
    if *hub.phase.borrow() != Phase::Serving {
        (StatusCode::SERVICE_UNAVAILABLE, "the hub is shutting down")
    } else if hub.store.is_ready().await {
        (StatusCode::OK, "ready")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer",
        )
    }
}
