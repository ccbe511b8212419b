//! A terminal's feed, held open until there is something in it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;

use super::peer::Peer;
use super::{Hub, Phase, answer};
use crate::hub::store::{Fed, Reader};
use crate::proto::hub::feed::OtherHistory;
use crate::proto::hub::{Feed, FeedRequest, Token, WAIT_SECS_MAX};

/// Whoever waits keeps none of the request's bytes, which would hold the connection's buffer, and no
/// place for them: so what waits begins only after them.
pub(super) fn read(
    State(hub): State<Arc<Hub>>,
    request: Request<Body>,
) -> impl Future<Output = Response> {
    let question = Question::read(&hub, request);
    async move {
        match question {
            Ok(question) => question.answer(&hub).await,
            Err(refusal) => *refusal,
        }
    }
}

/// Who asks for what, and from where.
struct Question {
    token: Token,
    request: FeedRequest,
    peer: Peer,
}

impl Question {
    fn read(hub: &Hub, request: Request<Body>) -> Result<Self, Box<Response>> {
        let (parts, _) = request.into_parts();
        let Ok(Query(request)) = Query::<FeedRequest>::try_from_uri(&parts.uri) else {
            let words =
                "after, mark, shop_after, shop_mark, wait and register are what a feed is asked by";
            return Err(Box::new(answer::refuse(StatusCode::BAD_REQUEST, words)));
        };
        let peer = Peer::of(&parts, &hub.config.trusted_proxies);
        if !hub.listens_to(peer) {
            let words = "too many wrong tokens";
            return Err(Box::new(answer::busy(StatusCode::TOO_MANY_REQUESTS, words)));
        }
        let Some(token) = bearer(&parts) else {
            hub.strike(peer);
            return Err(Box::new(answer::unknown_terminal()));
        };
        Ok(Self {
            token,
            request,
            peer,
        })
    }

    /// Asks until there is something, the time is over, or the hub stops.
    async fn answer(&self, hub: &Hub) -> Response {
        let _waits = hub.metrics.feed();
        let wait = Duration::from_secs(u64::from(self.request.wait.min(WAIT_SECS_MAX)));
        let until = Instant::now();
        let until = until.checked_add(wait).unwrap_or(until);
        let mut phase = hub.phase.clone();
        let mut parked = None;
        loop {
            let is_over = Instant::now() >= until || *phase.borrow() == Phase::Closing;
            // On the heap while it is asked, so that nothing of it is kept while it waits.
            let reader = match Box::pin(self.look(hub, is_over)).await {
                Ok(reader) => reader,
                Err(answer) => return *answer,
            };
            let Some(bell) = &parked else {
                // What was stored between the reading and the parking is read now.
                parked = Some(hub.wakes.park(reader));
                continue;
            };
            tokio::select! {
                () = bell.rung() => {}
                () = tokio::time::sleep_until(until) => {}
                _ = phase.wait_for(|phase| *phase == Phase::Closing) => {}
            }
        }
    }

    fn has_news(&self, feed: &Feed) -> bool {
        let register = self.request.register.as_ref();
        let is_heard = |mark: &String| feed.register.as_ref().is_some_and(|it| it.mark == *mark);
        !feed.own.items.is_empty() || !feed.shop.items.is_empty() || !register.is_none_or(is_heard)
    }

    /// Who is to wait, else the answer: an empty one only where the wait is over.
    async fn look(&self, hub: &Hub, is_over: bool) -> Result<Reader, Box<Response>> {
        let now = hub.clock.now().wall;
        let answered = hub
            .store
            .feed(self.token.hash(), self.request.clone(), now)
            .await;
        let answer = match answered {
            Ok(Fed::Feed(reader, feed)) if !self.has_news(&feed) && !is_over => return Ok(reader),
            Ok(Fed::Feed(_, feed)) => Json(feed).into_response(),
            Ok(Fed::OtherHistory { own, shop }) => {
                let other = OtherHistory { own, shop };
                (StatusCode::CONFLICT, Json(other)).into_response()
            }
            Ok(Fed::Nobody) => {
                hub.strike(self.peer);
                answer::unknown_terminal()
            }
            Err(error) => answer::store_failed(&error),
        };
        Err(Box::new(answer))
    }
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
