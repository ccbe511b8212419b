//! A terminal's feed, held open until there is something in it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;

use super::peer::Peer;
use super::{Hub, answer};
use crate::hub::store::Fed;
use crate::proto::hub::feed::OtherHistory;
use crate::proto::hub::{Feed, FeedRequest, Token, WAIT_SECS_MAX};

pub(super) async fn read(
    State(hub): State<Arc<Hub>>,
    parts: Parts,
    query: Result<Query<FeedRequest>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Ok(Query(request)) = query else {
        return answer::refuse(
            StatusCode::BAD_REQUEST,
            "after, mark, shop_after, shop_mark and wait are what a feed is asked by",
        );
    };
    let peer = Peer::of(&parts, &hub.config.trusted_proxies);
    if !hub.listens_to(peer) {
        return answer::busy(StatusCode::TOO_MANY_REQUESTS, "too many wrong tokens");
    }
    let Some(token) = bearer(&parts) else {
        hub.strike(peer);
        return answer::unknown_terminal();
    };
    // Whoever waits keeps none of the question's bytes: they would hold the connection's buffer.
    drop(parts);
    let _waits = hub.metrics.feed();
    let wait = Duration::from_secs(u64::from(request.wait.min(WAIT_SECS_MAX)));
    let until = Instant::now();
    let until = until.checked_add(wait).unwrap_or(until);
    let answer = next(&hub, &token, &request, until).await;
    if answer.status() == StatusCode::UNAUTHORIZED {
        hub.strike(peer);
    }
    answer
}

/// Asks until there is something, the time is over, or the hub stops.
async fn next(hub: &Hub, token: &Token, request: &FeedRequest, until: Instant) -> Response {
    let mut parked = None;
    let mut closing = hub.closing.clone();
    loop {
        let now = hub.clock.now().wall;
        // On the heap while it is asked, so that nothing of it is kept while it waits.
        let answer = Box::pin(hub.store.feed(token.hash(), request.clone(), now)).await;
        let (reader, feed) = match answer {
            Ok(Fed::Feed(reader, feed)) => (reader, feed),
            Ok(Fed::OtherHistory { own, shop }) => {
                let other = OtherHistory { own, shop };
                return (StatusCode::CONFLICT, Json(other)).into_response();
            }
            Ok(Fed::Nobody) => return answer::unknown_terminal(),
            Err(error) => return answer::store_failed(&error),
        };
        if has_news(&feed) || Instant::now() >= until || *closing.borrow() {
            return Json(feed).into_response();
        }
        let Some(bell) = &parked else {
            // What was stored between the reading and the parking is read now.
            parked = Some(hub.wakes.park(reader));
            continue;
        };
        tokio::select! {
            () = bell.rung() => {}
            () = tokio::time::sleep_until(until) => {}
            _ = closing.changed() => {}
        }
    }
}

const fn has_news(feed: &Feed) -> bool {
    !feed.own.items.is_empty() || !feed.shop.items.is_empty()
}

/// The token of `Authorization: Bearer …`. Whoever asks is known by it alone.
pub(super) fn bearer(parts: &Parts) -> Option<Token> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    token.trim().parse().ok()
}
