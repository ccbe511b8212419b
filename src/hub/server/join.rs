//! A terminal joins with its code, and asks for addresses of endpoints that are newer than it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::feed::bearer;
use super::peer::Peer;
use super::{Hub, answer, body};
use crate::hub::store::{Joined, StoreError};
use crate::proto::hub::{HOOKS_MAX, Hook, KnownHooks, Pair, Paired};

/// The largest body, in bytes: all tokens that a terminal may know.
const BODY_MAX: usize = 16 * 1024;

pub(super) async fn pair(State(hub): State<Arc<Hub>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let peer = Peer::of(&parts, &hub.config.trusted_proxies);
    if !hub.listens_to(peer) {
        return answer::busy(StatusCode::TOO_MANY_REQUESTS, "too many wrong codes");
    }
    let body = match body::read(body, BODY_MAX).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let Ok(pair) = serde_json::from_slice::<Pair>(&body) else {
        return answer::refuse(
            StatusCode::BAD_REQUEST,
            "a code and a token are what a terminal joins with",
        );
    };
    match hub.store.pair(pair, hub.clock.now().wall).await {
        Ok(Some(joined)) => Json(paired(&hub, joined)).into_response(),
        Ok(None) => {
            hub.strike(peer);
            answer::refuse(
                StatusCode::NOT_FOUND,
                "this code is not good, or not any more: ask for another one",
            )
        }
        Err(error) => answer::store_failed(&error),
    }
}

pub(super) async fn hooks(State(hub): State<Arc<Hub>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let peer = Peer::of(&parts, &hub.config.trusted_proxies);
    if !hub.listens_to(peer) {
        return answer::busy(StatusCode::TOO_MANY_REQUESTS, "too many wrong tokens");
    }
    let body = match body::read(body, BODY_MAX).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let known = serde_json::from_slice::<KnownHooks>(&body).ok();
    let Some(known) = known.filter(|known| known.tokens.len() <= HOOKS_MAX) else {
        return answer::refuse(
            StatusCode::BAD_REQUEST,
            "the tokens that are known, 200 at most, are what addresses are asked by",
        );
    };
    let now = hub.clock.now().wall;
    let joined: Result<Option<Joined>, StoreError> = match bearer(&parts) {
        Some(token) => hub.store.hooks(token.hash(), known.tokens, now).await,
        None => Ok(None),
    };
    match joined {
        Ok(Some(joined)) => Json(paired(&hub, joined).hooks).into_response(),
        Ok(None) => {
            hub.strike(peer);
            answer::unknown_terminal()
        }
        Err(error) => answer::store_failed(&error),
    }
}

fn paired(hub: &Hub, joined: Joined) -> Paired {
    let hooks = joined.hooks.into_iter().map(|(endpoint, token)| Hook {
        address: hub.config.hook_address(&endpoint.kind, token.reveal()),
        kind: endpoint.kind,
        name: endpoint.name,
        endpoint: endpoint.id,
    });
    Paired {
        terminal: joined.terminal,
        name: joined.name,
        shop: joined.shop,
        hooks: hooks.collect(),
    }
}
