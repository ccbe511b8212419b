//! What the terminals of a shop tell: links, open sales, who takes a payment, and stickers.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;

use super::feed::bearer;
use super::peer::Peer;
use super::{Hub, answer, body};
use crate::hub::store::StoreError;
use crate::proto::hub::shop::{LINKS_MAX, OPEN_SALES_MAX};
use crate::proto::hub::{Claim, OpenSales, Published, PublishedLinks, TokenHash, ToldStickers};

/// The largest body, in bytes: [`LINKS_MAX`] links with long titles.
const BODY_MAX: usize = 1024 * 1024;

pub(super) async fn links(State(hub): State<Arc<Hub>>, request: Request<Body>) -> Response {
    let (peer, token, told) = match heard::<PublishedLinks>(&hub, request).await {
        Ok(heard) => heard,
        Err(refused) => return refused,
    };
    let links = told.links;
    if links.len() > LINKS_MAX || !links.iter().all(Published::is_sound) {
        return answer::refuse(StatusCode::BAD_REQUEST, "too many links, or too long texts");
    }
    let now = hub.clock.now().wall;
    done(&hub, peer, hub.store.publish(token, links, now).await)
}

pub(super) async fn open_sales(State(hub): State<Arc<Hub>>, request: Request<Body>) -> Response {
    let (peer, token, told) = match heard::<OpenSales>(&hub, request).await {
        Ok(heard) => heard,
        Err(refused) => return refused,
    };
    if told.sales.len() > OPEN_SALES_MAX {
        return answer::refuse(StatusCode::BAD_REQUEST, "too many sales");
    }
    done(&hub, peer, hub.store.open_sales(token, told.sales).await)
}

pub(super) async fn claim(State(hub): State<Arc<Hub>>, request: Request<Body>) -> Response {
    let (peer, token, claim) = match heard::<Claim>(&hub, request).await {
        Ok(heard) => heard,
        Err(refused) => return refused,
    };
    if !claim.is_sound() {
        return answer::refuse(StatusCode::BAD_REQUEST, "a kind or a payment is too long");
    }
    match hub.store.claim(token, claim, hub.clock.now().wall).await {
        Ok(Some(claiming)) => {
            if let Some(stream) = claiming.told {
                hub.metrics.claim();
                hub.wakes.ring(stream);
            }
            Json(claiming.claimed).into_response()
        }
        Ok(None) => stranger(&hub, peer),
        Err(error) => answer::store_failed(&error),
    }
}

pub(super) async fn stickers(State(hub): State<Arc<Hub>>, request: Request<Body>) -> Response {
    let (peer, token, told) = match heard::<ToldStickers>(&hub, request).await {
        Ok(heard) => heard,
        Err(refused) => return refused,
    };
    if !told.is_sound() {
        let reason = "too many stickers, a text that is too long or not one line, or a sticker without its till's verdict";
        return answer::refuse(StatusCode::BAD_REQUEST, reason);
    }
    match hub.store.share_stickers(token, told).await {
        Ok(Some(sharing)) => {
            if let Some(stream) = sharing.told {
                hub.wakes.ring(stream);
            }
            Json(sharing.heard).into_response()
        }
        Ok(None) => stranger(&hub, peer),
        Err(error) => answer::store_failed(&error),
    }
}

/// Who tells, and what.
async fn heard<T: DeserializeOwned>(
    hub: &Hub,
    request: Request<Body>,
) -> Result<(Peer, TokenHash, T), Response> {
    let (parts, body) = request.into_parts();
    let peer = Peer::of(&parts, &hub.config.trusted_proxies);
    if !hub.listens_to(peer) {
        let reason = "too many wrong tokens";
        return Err(answer::busy(StatusCode::TOO_MANY_REQUESTS, reason));
    }
    let token = bearer(&parts).ok_or_else(|| stranger(hub, peer))?;
    let body = body::read(body, BODY_MAX).await?;
    let told = serde_json::from_slice(&body)
        .map_err(|error| answer::refuse(StatusCode::BAD_REQUEST, &error.to_string()))?;
    Ok((peer, token.hash(), told))
}

fn done(hub: &Hub, peer: Peer, stored: Result<bool, StoreError>) -> Response {
    match stored {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => stranger(hub, peer),
        Err(error) => answer::store_failed(&error),
    }
}

fn stranger(hub: &Hub, peer: Peer) -> Response {
    hub.strike(peer);
    answer::unknown_terminal()
}
