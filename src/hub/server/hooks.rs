//! Providers' notifications: on disk first, then acknowledged in the form that the provider wants.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;

use super::peer::Peer;
use super::{Hub, answer, body};
use crate::hub::store::{Arrival, Taken};
use crate::proto::backend::codec;
use crate::proto::hub::{LinkAddress, NOTIFICATION_BYTES_MAX, Token};

/// Headers that say nothing of the notification, and might hold somebody's secret.
const NOT_KEPT: [header::HeaderName; 3] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::PROXY_AUTHORIZATION,
];

/// To an account's own address.
pub(super) async fn account(
    State(hub): State<Arc<Hub>>,
    Path((kind, endpoint)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    take(&hub, kind, &endpoint, None, request).await
}

/// To a link's address.
pub(super) async fn link(
    State(hub): State<Arc<Hub>>,
    Path((kind, endpoint, link)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Response {
    take(&hub, kind, &endpoint, Some(&link), request).await
}

async fn take(
    hub: &Hub,
    kind: String,
    endpoint: &str,
    link: Option<&str>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let peer = peer(hub, &parts);
    let Some(codec) = codec(&kind) else {
        return stranger(hub, peer);
    };
    let (Ok(endpoint), Ok(link)) = (
        endpoint.parse::<Token>(),
        link.map(str::parse::<LinkAddress>).transpose(),
    ) else {
        return stranger(hub, peer);
    };
    let hook = endpoint.hash();
    if !hub.admits(peer, &hook) {
        hub.metrics.turned_away();
        return answer::busy(
            StatusCode::TOO_MANY_REQUESTS,
            "too many at once: send it again later",
        );
    }
    let body = match body::read(body, NOTIFICATION_BYTES_MAX).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let arrival = Arrival {
        kind,
        hook,
        link,
        headers: kept(&parts.headers),
        body: body.into(),
        at: hub.clock.now().wall,
    };
    let began = Instant::now();
    let taken = hub.store.take(arrival).await;
    hub.metrics.took(&taken, began.elapsed());
    match taken {
        Ok(Taken::Stored(stream)) => {
            hub.wakes.ring(stream);
            acknowledge(codec.acknowledgment())
        }
        Ok(Taken::Known) => acknowledge(codec.acknowledgment()),
        Ok(Taken::Nobody) => stranger(hub, peer),
        Ok(Taken::Forged) => {
            hub.strike(peer);
            answer::refuse(
                StatusCode::UNAUTHORIZED,
                "the signature does not fit the endpoint's secret",
            )
        }
        Err(error) => answer::store_failed(&error),
    }
}

fn peer(hub: &Hub, parts: &Parts) -> Peer {
    Peer::of(parts, &hub.config.trusted_proxies)
}

/// Somebody who guesses, or an address that is retired.
fn stranger(hub: &Hub, peer: Peer) -> Response {
    hub.strike(peer);
    answer::nobody()
}

fn acknowledge(wanted: crate::proto::backend::Acknowledgment) -> Response {
    let kind = [(header::CONTENT_TYPE, wanted.content_type)];
    (StatusCode::OK, kind, wanted.body).into_response()
}

/// As they came; the server bounds their number and size. What is not text is left out.
fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| !NOT_KEPT.contains(name))
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}
