//! What the hub answers: a body of JSON, or a reason in one sentence.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::hub::store::StoreError;

/// How long whoever is turned away is to wait, in seconds.
const RETRY_SECS: &str = "5";

#[derive(Serialize)]
struct Problem<'a> {
    error: &'a str,
}

/// A status with its reason.
pub(super) fn refuse(status: StatusCode, reason: &str) -> Response {
    (status, Json(Problem { error: reason })).into_response()
}

/// Too much; with when to come back.
pub(super) fn busy(status: StatusCode, reason: &str) -> Response {
    let later = [(header::RETRY_AFTER, RETRY_SECS)];
    (status, later, Json(Problem { error: reason })).into_response()
}

/// The same for an unknown path, an unknown token and a token of another kind: who guesses learns
/// nothing. Never 410: some senders stop for good after it.
pub(super) fn nobody() -> Response {
    refuse(StatusCode::NOT_FOUND, "there is nothing here")
}

/// For everything that no route takes.
pub(super) async fn unknown_path() -> Response {
    nobody()
}

/// No terminal has this token.
pub(super) fn unknown_terminal() -> Response {
    refuse(
        StatusCode::UNAUTHORIZED,
        "no terminal has this token: pair it again",
    )
}

/// The database did not do it. Details are in the log, not in the answer.
pub(super) fn store_failed(error: &StoreError) -> Response {
    tracing::error!(%error, "a request was not served");
    busy(
        StatusCode::SERVICE_UNAVAILABLE,
        "the message server cannot store this now: send it again",
    )
}
