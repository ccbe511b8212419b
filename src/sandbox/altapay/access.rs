//! Who asks: a user with a password, or a token that they were traded for.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{State, problem};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::{Request, World, fingerprint, json_response};

/// How long a token lives: that of the pages' own sample, in milliseconds.
const LIFE_MS: i64 = 1_800_000;
/// Tokens that are kept at most; those that ended are forgotten first.
const TOKENS_MAX: usize = 10_000;

/// A token that was given out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    owner: String,
    ends_at: Timestamp,
}

/// Trades user and password for a token. It has the shape of a JWT, and no signature.
pub(super) fn authenticate(
    state: &mut State,
    request: &Request,
    world: &mut World<'_>,
) -> Response {
    let Some(owner) = basic(request) else {
        return problem(401, "unauthorized");
    };
    if state.tokens.len() >= TOKENS_MAX {
        state.tokens.retain(|_, token| token.ends_at > world.now);
    }
    if state.tokens.len() >= TOKENS_MAX {
        return problem(429, "too many tokens: use the one that was given out");
    }
    let ends_at = world.now.plus_millis(LIFE_MS);
    let secs = |at: Timestamp| at.millis().div_euclid(1_000);
    let head = json!({ "alg": "none", "typ": "JWT" });
    let claims = json!({
        "iat": secs(world.now),
        "exp": secs(ends_at),
        "jti": world.entropy.uuid(world.now),
    });
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let token = [
        part(head.to_string().as_bytes()),
        part(claims.to_string().as_bytes()),
        part(&world.entropy.bytes()),
    ]
    .join(".");
    let kept = Token { owner, ends_at };
    state.tokens.insert(fingerprint(&token), kept);
    json_response(200, &json!({ "token": token }))
}

/// The account of a token that was given out and is not at its end.
pub(super) fn bearer(state: &State, request: &Request, now: Timestamp) -> Option<String> {
    let token = request.header("authorization")?.strip_prefix("Bearer ")?;
    let token = state.tokens.get(&fingerprint(token))?;
    (token.ends_at > now).then(|| token.owner.clone())
}

/// The account of a user and a password, neither of them empty.
pub(super) fn basic(request: &Request) -> Option<String> {
    let encoded = request.header("authorization")?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = pair.split_once(':')?;
    (!user.is_empty() && !password.is_empty()).then(|| fingerprint(&pair))
}
