//! The sandbox over HTTP: one listener for all providers and for the payers' pages.
//!
//! It also sends the notifications that payments set off: again and again, for a while, until the
//! merchant answers as that provider wants it.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::{Request as HttpRequest, StatusCode};
use axum::response::{IntoResponse as _, Response as HttpResponse};
use tokio::sync::Semaphore;

use self::line::{Lines, Valve};
use super::{Acknowledgment, Delivery, Outgoing, Request, Sandbox};
use crate::domain::time::Timestamp;
use crate::io::http::{HttpError, Timeouts, client};
use crate::proto::backend::url::Schemes;

mod line;

/// The largest request body, in bytes.
const REQUEST_BYTES_MAX: usize = 64 * 1024;
/// Notifications that are under way at the same time; the others wait.
const NOTIFICATIONS_MAX: usize = 64;
/// Pauses before the second, third and fourth try, in milliseconds.
const RETRY_PAUSES_MS: [u64; 3] = [500, 2_000, 10_000];
/// How long a merchant may take for one notification.
const MERCHANT: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    total: Duration::from_secs(5),
};

/// Tells the time; the shell has no clock of its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A sandbox that requests and a saver share.
pub type SharedSandbox = Arc<Mutex<Sandbox>>;

#[derive(Clone)]
struct Desk {
    sandbox: SharedSandbox,
    clock: Clock,
    messenger: Arc<Messenger>,
}

/// Serves until `shutdown` is ready, then finishes what is under way.
pub async fn serve(
    listener: tokio::net::TcpListener,
    sandbox: SharedSandbox,
    clock: Clock,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let messenger = Messenger::new().map_err(std::io::Error::other)?;
    let desk = Desk {
        sandbox,
        clock,
        messenger: Arc::new(messenger),
    };
    let router = axum::Router::new().fallback(answer).with_state(desk);
    let service = router.into_make_service_with_connect_info::<Valve>();
    axum::serve(Lines(listener), service)
        .with_graceful_shutdown(shutdown)
        .await
}

/// Runs `work` on the sandbox. One that fell over within a request is still good: it is only data.
pub fn with<T>(sandbox: &SharedSandbox, work: impl FnOnce(&mut Sandbox) -> T) -> T {
    let mut guard = sandbox.lock().unwrap_or_else(PoisonError::into_inner);
    work(&mut guard)
}

async fn answer(
    Shared(desk): Shared<Desk>,
    ConnectInfo(valve): ConnectInfo<Valve>,
    request: HttpRequest<Body>,
) -> HttpResponse {
    let request = match read(request).await {
        Ok(request) => request,
        Err(refused) => return refused,
    };
    let now = (desk.clock)();
    let answer = with(&desk.sandbox, |sandbox| sandbox.handle(&request, now));
    for notification in answer.notifications {
        let messenger = Arc::clone(&desk.messenger);
        drop(tokio::spawn(async move {
            messenger.deliver(&notification).await;
        }));
    }
    let mut response = HttpResponse::builder().status(answer.response.status);
    for (name, value) in answer.response.headers {
        response = response.header(name, value);
    }
    match answer.delivery {
        Delivery::Send => {}
        Delivery::After { millis } => {
            tokio::time::sleep(Duration::from_millis(millis.into())).await;
        }
        Delivery::Cut { bytes } => {
            valve.close_after(bytes);
            // No second request may come by a line that ends.
            response = response.header("connection", "close");
        }
    }
    let body = answer
        .file
        .map_or_else(|| answer.response.body.into(), Body::from);
    response
        .body(body)
        .unwrap_or_else(|_invalid_header| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The whole request, or why it is not taken.
async fn read(request: HttpRequest<Body>) -> Result<Request, HttpResponse> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_BYTES_MAX).await else {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let Ok(body) = String::from_utf8(body.into()) else {
        return Err((StatusCode::BAD_REQUEST, "the body is not UTF-8").into_response());
    };
    let headers = head.headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?.to_owned();
        Some((name.as_str().to_owned(), value))
    });
    Ok(Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or("").to_owned(),
        headers: headers.collect(),
        body,
    })
}

/// Sends notifications to merchants.
struct Messenger {
    plain: reqwest::Client,
    /// None on a machine without root certificates, where only `http` works.
    encrypted: Option<reqwest::Client>,
    places: Semaphore,
}

impl Messenger {
    fn new() -> Result<Self, HttpError> {
        Ok(Self {
            plain: client(Schemes::HttpToo, MERCHANT)?,
            encrypted: client(Schemes::Https, MERCHANT).ok(),
            places: Semaphore::new(NOTIFICATIONS_MAX),
        })
    }

    async fn deliver(&self, notification: &Outgoing) {
        let Ok(_place) = self.places.acquire().await else {
            return;
        };
        for pause in RETRY_PAUSES_MS {
            if self.post(notification).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        if !self.post(notification).await {
            tracing::warn!("a notification was not accepted by the merchant");
        }
    }

    /// Whether the merchant acknowledged.
    async fn post(&self, notification: &Outgoing) -> bool {
        let client = match Schemes::of_base(&notification.url) {
            Schemes::HttpToo => Some(&self.plain),
            Schemes::Https => self.encrypted.as_ref(),
        };
        let Some(client) = client else { return false };
        let mut sent = client.post(&notification.url);
        for (name, value) in &notification.headers {
            sent = sent.header(name, value);
        }
        let sent = sent.body(notification.body.clone()).send();
        let Ok(mut answer) = sent.await else {
            return false;
        };
        if answer.status().as_u16() != 200 {
            return false;
        }
        if notification.wants == Acknowledgment::Ok {
            return true;
        }
        // An acknowledgment is a few bytes: the first chunk is enough, more is not read.
        let Ok(Some(chunk)) = answer.chunk().await else {
            return false;
        };
        serde_json::from_slice::<serde_json::Value>(&chunk)
            .is_ok_and(|body| body.get("success").and_then(|said| said.as_str()) == Some("true"))
    }
}
