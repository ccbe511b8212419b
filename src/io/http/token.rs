//! Short-lived tokens: one for each account, got when a request wants one and kept until shortly
//! before its end.
//!
//! How long it lives is the difference of its own end and the `Date` of the answer that brought it,
//! both by the server's clock, and is measured on the machine's monotonic clock: a till whose date
//! is wrong signs in as seldom as any other.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::{Account, Received};
use crate::domain::time::Timestamp;
use crate::io::clock::instant;
use crate::io::secret::Secret;
use crate::proto::backend::{HeaderValue, Request, codec};
use crate::terminal::SendError;

/// How long before its end a token is not used any more.
const MARGIN_SECS: i64 = 60;
/// How long a token is kept whose end is not known.
const UNKNOWN: Duration = Duration::from_mins(15);
/// The longest that any token is kept.
const LONGEST_SECS: i64 = 24 * 3_600;
/// How a server says that a token is no good.
const UNAUTHORIZED: u16 = 401;

/// What signing in to an account brought last. The lock is kept while signing in, and whoever waited
/// for it meanwhile takes what came: many requests at once sign in once, also where that fails.
#[derive(Debug, Default)]
pub(super) struct TokenKeeper(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    brought: Result<SignedIn, SendError>,
    /// From `asked` on, so that a token's way here counts as a part of its life; zero for anything
    /// else than a token.
    life: Duration,
    asked: Instant,
    answered: Instant,
}

#[derive(Clone, Debug)]
enum SignedIn {
    Token(Secret),
    /// Anything else than a token: a refused key, a captive portal, an outage.
    Answer(Received),
}

/// Whether a request is sent with a token.
pub(super) fn is_wanted(request: &Request) -> bool {
    let mut values = request.headers.iter().map(|(_, value)| value);
    values.any(|value| *value == HeaderValue::Bearer)
}

impl Account {
    /// Sends a request with the account's token. A token that is refused is replaced once; whoever
    /// refuses the second one too is believed. Where no token is to be had, the answer to signing in
    /// stands for the request's: it says why.
    pub(super) async fn send_with_token(&self, request: &Request) -> Result<Received, SendError> {
        let token = match self.token(None).await? {
            SignedIn::Token(token) => token,
            SignedIn::Answer(answer) => return Ok(answer),
        };
        let received = self.exchange(request, Some(&token)).await?;
        if received.response.status != UNAUTHORIZED {
            return Ok(received);
        }
        match self.token(Some(&token)).await? {
            SignedIn::Token(token) => self.exchange(request, Some(&token)).await,
            SignedIn::Answer(answer) => Ok(answer),
        }
    }

    /// A token other than the `refused` one.
    async fn token(&self, refused: Option<&Secret>) -> Result<SignedIn, SendError> {
        let came = instant();
        let mut last = self.tokens.0.lock().await;
        if let Some(kept) = last.as_ref() {
            let is_good = kept.asked.elapsed() < kept.life || kept.answered > came;
            let is_refused = match &kept.brought {
                Ok(SignedIn::Token(token)) => Some(token) == refused,
                Ok(SignedIn::Answer(_)) | Err(_) => false,
            };
            if is_good && !is_refused {
                return kept.brought.clone();
            }
        }
        let asked = instant();
        let (brought, life) = match self.sign_in().await {
            Ok((brought, life)) => (Ok(brought), life),
            Err(error) => (Err(error), Duration::ZERO),
        };
        *last = Some(Kept {
            brought: brought.clone(),
            life,
            asked,
            answered: instant(),
        });
        brought
    }

    /// Signs in; gives back how long its token is used, too. Whatever goes wrong here, the request
    /// that wants the token was not sent.
    async fn sign_in(&self) -> Result<(SignedIn, Duration), SendError> {
        let codec = codec(&self.access.kind);
        let sign_in = codec.and_then(|codec| Some((codec, codec.sign_in()?)));
        let (codec, request) =
            sign_in.ok_or_else(|| self.not_sent("is of a kind that gives out no tokens"))?;
        let received = self
            .exchange(&request, None)
            .await
            .map_err(|error| SendError::NotSent(format!("signing in failed ({error})")))?;
        Ok(match codec.read_token(&received.response) {
            Ok(access) => {
                let life = life(access.expires_at_secs, received.server_date);
                (SignedIn::Token(Secret::new(access.token)), life)
            }
            Err(_no_token) => (SignedIn::Answer(received), Duration::ZERO),
        })
    }
}

/// How long a token is used from the moment when it was asked for.
fn life(expires_at_secs: Option<i64>, server_date: Option<Timestamp>) -> Duration {
    let (Some(end), Some(date)) = (expires_at_secs, server_date) else {
        return UNKNOWN;
    };
    let left = end.saturating_sub(date.millis().div_euclid(1_000));
    let used = left.saturating_sub(MARGIN_SECS).clamp(0, LONGEST_SECS);
    Duration::from_secs(u64::try_from(used).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_until_a_minute_before_its_end_by_the_servers_clock() {
        let date = Timestamp::from_millis(1_000_000_900);
        let rows = [
            (Some(1_001_800), Some(date), 1_740),
            (Some(1_000_061), Some(date), 1),
            (Some(1_000_060), Some(date), 0),
            (Some(1), Some(date), 0),
            (Some(i64::MAX), Some(date), 86_400),
            (Some(i64::MIN), Some(date), 0),
            (None, Some(date), 900),
            (Some(1_001_800), None, 900),
        ];
        for (end, date, secs) in rows {
            assert_eq!(
                life(end, date),
                Duration::from_secs(secs),
                "{end:?} {date:?}"
            );
        }
    }
}
