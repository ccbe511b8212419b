//! Bodies: bounded in size and in time, byte for byte.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::answer;

/// How long a body may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Response> {
    let whole = tokio::time::timeout(DEADLINE, Limited::new(body, limit).collect()).await;
    match whole {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(answer::refuse(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too large",
        )),
        Ok(Err(_)) => Err(answer::refuse(
            StatusCode::BAD_REQUEST,
            "the body was cut off",
        )),
        Err(_elapsed) => Err(answer::refuse(
            StatusCode::REQUEST_TIMEOUT,
            "the body took too long",
        )),
    }
}
