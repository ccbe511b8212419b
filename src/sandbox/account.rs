//! An account whose requests do not go over the network, with the same way of signing in.

use std::collections::BTreeMap;

use super::{Request, Sandbox};
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, HeaderValue, PaymentBackend, Response};

/// How a server says that a token is no good.
const UNAUTHORIZED: u16 = 401;

/// What signs requests that do not go over the network: the demo's and the simulation's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Keys by their names in the configuration.
    pub keys: BTreeMap<String, String>,
    /// The short-lived token, where there is one.
    pub token: Option<String>,
}

impl Account {
    pub(super) fn key(&self, name: &str) -> String {
        self.keys.get(name).cloned().unwrap_or_default()
    }

    /// What the sandbox answers to a codec's request. Where that wants a token, the account signs in
    /// first, and once more when its token is refused. An answer that brings none stands for the
    /// request's own.
    pub fn answer(
        &mut self,
        sandbox: &mut Sandbox,
        codec: &dyn PaymentBackend,
        request: &backend::Request,
        now: Timestamp,
    ) -> Response {
        let mut values = request.headers.iter().map(|(_, value)| value);
        if !values.any(|value| *value == HeaderValue::Bearer) {
            return sandbox.handle(&Request::of(request, self), now).response;
        }
        if self.token.is_some() {
            let response = sandbox.handle(&Request::of(request, self), now).response;
            if response.status != UNAUTHORIZED {
                return response;
            }
        }
        self.token = None;
        if let Some(sign_in) = codec.sign_in() {
            let response = sandbox.handle(&Request::of(&sign_in, self), now).response;
            match codec.read_token(&response) {
                Ok(access) => self.token = Some(access.token),
                Err(_refused) => return response,
            }
        }
        sandbox.handle(&Request::of(request, self), now).response
    }
}
