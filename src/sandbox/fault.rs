//! What goes wrong on demand: rules that pick requests to a provider's API, and what becomes of them.
//!
//! Whether a rule fires is drawn from the sandbox's own seed, so that the same requests in the same
//! order meet the same faults. Payers' pages and the inspection are never touched.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Answer, Delivery, Reply, Request, json_response, page};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;

/// Rules that are kept at most.
pub const RULES_MAX: usize = 100;
/// The longest delay of an answer, in milliseconds: longer than any client waits.
pub const DELAY_MILLIS_MAX: u32 = 60_000;
/// How far off the clock may be to either side, in seconds: a hundred years.
pub const CLOCK_SECS_MAX: i64 = 3_155_760_000;
/// The longest `Retry-After`, in seconds: a day.
pub const RETRY_AFTER_SECS_MAX: u32 = 86_400;
/// The longest path of a rule, in bytes.
const PATH_BYTES_MAX: usize = 200;
/// Where a wrong picture leads. No such host can exist (RFC 2606).
pub(super) const ELSEWHERE: &str = "https://elsewhere.invalid/";
/// What a chance is counted in.
const ALWAYS_PERMILLE: u16 = 1_000;
/// What a provider's methods are called.
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// A status with an error body; nothing is done. Also written as `{"status": 503}`.
    Status(Refused),
    /// The login page of a hotel in place of the provider; nothing is done.
    Portal,
    /// Done, but the answer is half a JSON document with status 200.
    BrokenJson,
    /// Done, and answered late.
    Delay {
        /// By so many milliseconds, at most [`DELAY_MILLIS_MAX`].
        millis: u32,
    },
    /// Done, but the connection ends without an answer.
    Lost,
    /// Done, but the connection ends within the answer.
    Cut {
        /// After so many bytes of it, counted from the status line.
        bytes: u32,
    },
    /// The connection ends without an answer; nothing is done.
    RefusedBefore,
    /// Done, but the `Date` header is off.
    WrongClock {
        /// By so many seconds, at most [`CLOCK_SECS_MAX`]; negative is behind.
        secs: i64,
    },
    /// 401 to a request that carries a bearer token; nothing is done. Other requests do not meet it.
    ExpiredToken,
    /// Done, but the picture of the code leads elsewhere. Only requests for a picture meet it.
    WrongPicture,
}

/// A status, and when to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "RefusedForm")]
pub struct Refused {
    /// From 300 to 599.
    pub status: u16,
    /// Told as `Retry-After`, in seconds, at most [`RETRY_AFTER_SECS_MAX`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_secs: Option<u32>,
}

/// The two ways in which a status is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum RefusedForm {
    Bare(u16),
    Full {
        status: u16,
        retry_after_secs: Option<u32>,
    },
}

impl From<RefusedForm> for Refused {
    fn from(form: RefusedForm) -> Self {
        let (status, retry_after_secs) = match form {
            RefusedForm::Bare(status) => (status, None),
            RefusedForm::Full {
                status,
                retry_after_secs,
            } => (status, retry_after_secs),
        };
        Self {
            status,
            retry_after_secs,
        }
    }
}

/// Which requests meet a fault, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The provider, as `4pay`; every one unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `GET`, `POST`, `PUT` or `DELETE`; every one unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What the path begins with; every path unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// In how many of a thousand requests that fit.
    #[serde(default = "always")]
    pub chance_permille: u16,
    /// How often it fires before it is forgotten; without an end unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// What happens.
    pub fault: Fault,
}

const fn always() -> u16 {
    ALWAYS_PERMILLE
}

impl Rule {
    /// Every request meets the fault until the rule is taken away.
    pub const fn always(fault: Fault) -> Self {
        Self {
            kind: None,
            method: None,
            path: None,
            chance_permille: ALWAYS_PERMILLE,
            times: None,
            fault,
        }
    }

    /// Whether it can ever do what it says; if not, what to write.
    fn check(&self, kinds: &[&str]) -> Result<(), String> {
        if let Some(kind) = &self.kind
            && !kinds.contains(&kind.as_str())
        {
            return Err(format!("kind must be one of {}", kinds.join(", ")));
        }
        if let Some(method) = &self.method
            && !METHODS.contains(&method.as_str())
        {
            return Err(format!("method must be one of {}", METHODS.join(", ")));
        }
        if let Some(path) = &self.path
            && !(path.starts_with('/') && path.len() <= PATH_BYTES_MAX)
        {
            return Err(format!(
                "path must begin with a slash and have at most {PATH_BYTES_MAX} bytes"
            ));
        }
        if !(1..=ALWAYS_PERMILLE).contains(&self.chance_permille) {
            return Err("chance_permille must be from 1 to 1000".to_owned());
        }
        if self.times == Some(0) {
            return Err("times must be at least 1".to_owned());
        }
        self.fault.check()
    }

    fn fits(&self, kind: &str, request: &Request) -> bool {
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
            && self
                .method
                .as_ref()
                .is_none_or(|wanted| *wanted == request.method)
            && self
                .path
                .as_ref()
                .is_none_or(|start| request.path.starts_with(start))
            && match self.fault {
                Fault::ExpiredToken => carries_token(request),
                Fault::WrongPicture => wants_picture(request),
                Fault::Status(_)
                | Fault::Portal
                | Fault::BrokenJson
                | Fault::Delay { .. }
                | Fault::Lost
                | Fault::Cut { .. }
                | Fault::RefusedBefore
                | Fault::WrongClock { .. } => true,
            }
    }
}

/// Whether the answer is a picture of a code or holds one: 4pay's own, and `AltaPay`'s new link.
fn wants_picture(request: &Request) -> bool {
    match request.method.as_str() {
        "GET" => request.path.ends_with("/qr"),
        "POST" => request.path.ends_with("/link"),
        _ => false,
    }
}

fn carries_token(request: &Request) -> bool {
    let scheme = request
        .header("authorization")
        .and_then(|value| value.trim().split_once(' '))
        .map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

impl Fault {
    fn check(self) -> Result<(), String> {
        match self {
            Self::Status(refused) if !(300..=599).contains(&refused.status) => {
                Err("status must be from 300 to 599".to_owned())
            }
            Self::Status(refused) if refused.retry_after_secs > Some(RETRY_AFTER_SECS_MAX) => Err(
                format!("retry_after_secs must be at most {RETRY_AFTER_SECS_MAX}"),
            ),
            Self::Delay { millis } if !(1..=DELAY_MILLIS_MAX).contains(&millis) => {
                Err(format!("millis must be from 1 to {DELAY_MILLIS_MAX}"))
            }
            Self::WrongClock { secs } if !(-CLOCK_SECS_MAX..=CLOCK_SECS_MAX).contains(&secs) => {
                Err(format!(
                    "secs must be from -{CLOCK_SECS_MAX} to {CLOCK_SECS_MAX}"
                ))
            }
            Self::Status(_)
            | Self::Portal
            | Self::BrokenJson
            | Self::Delay { .. }
            | Self::Lost
            | Self::Cut { .. }
            | Self::RefusedBefore
            | Self::WrongClock { .. }
            | Self::ExpiredToken
            | Self::WrongPicture => Ok(()),
        }
    }

    /// What stands in place of the provider's answer, where it is not even asked.
    pub(super) fn instead(self) -> Option<Answer> {
        let (response, delivery) = match self {
            Self::Status(refused) => (refused.response(), Delivery::Send),
            Self::Portal => (page::response(200, page::portal()), Delivery::Send),
            Self::ExpiredToken => (error(401), Delivery::Send),
            Self::RefusedBefore => (error(503), Delivery::Cut { bytes: 0 }),
            Self::BrokenJson
            | Self::Delay { .. }
            | Self::Lost
            | Self::Cut { .. }
            | Self::WrongClock { .. }
            | Self::WrongPicture => return None,
        };
        Some(Answer {
            response,
            file: None,
            notifications: Vec::new(),
            delivery,
        })
    }

    /// What becomes of the provider's answer on its way.
    pub(super) fn spoil(self, reply: Reply, now: Timestamp) -> Answer {
        let mut answer = Answer::from(reply);
        match self {
            Self::BrokenJson => {
                answer.response.status = 200;
                answer.file = None;
                halve(&mut answer.response.body);
            }
            Self::Delay { millis } => answer.delivery = Delivery::After { millis },
            Self::Lost => answer.delivery = Delivery::Cut { bytes: 0 },
            Self::Cut { bytes } => answer.delivery = Delivery::Cut { bytes },
            Self::WrongClock { secs } => {
                answer.date(now.plus_millis(secs.saturating_mul(1_000)));
            }
            Self::Status(_)
            | Self::Portal
            | Self::RefusedBefore
            | Self::ExpiredToken
            | Self::WrongPicture => {}
        }
        answer
    }
}

impl Refused {
    fn response(self) -> Response {
        let mut response = error(self.status);
        if let Some(secs) = self.retry_after_secs {
            let header = ("retry-after".to_owned(), secs.to_string());
            response.headers.push(header);
        }
        response
    }
}

fn error(status: u16) -> Response {
    json_response(status, &json!({ "error": "a fault on demand" }))
}

/// Leaves the first half, and of nothing the beginning of something.
fn halve(body: &mut String) {
    let mut half = body.len() / 2;
    while !body.is_char_boundary(half) {
        half = half.saturating_sub(1);
    }
    body.truncate(half);
    if body.is_empty() {
        body.push('{');
    }
}

/// The rules of a sandbox, tried in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Faults(Vec<Rule>);

impl Faults {
    /// A JSON list of rules. Refused with a sentence where one of them can never fire.
    pub fn read(text: &str, kinds: &[&str]) -> Result<Self, String> {
        let rules = serde_json::from_str::<Vec<Rule>>(text).map_err(|error| error.to_string())?;
        let mut faults = Self::default();
        for rule in rules {
            faults.add(rule, kinds)?;
        }
        Ok(faults)
    }

    /// One more rule, after the others.
    pub(super) fn add(&mut self, rule: Rule, kinds: &[&str]) -> Result<(), String> {
        rule.check(kinds)?;
        if self.0.len() >= RULES_MAX {
            return Err(format!("there are {RULES_MAX} rules already: clear them"));
        }
        self.0.push(rule);
        Ok(())
    }

    /// The fault that a request meets: that of the first rule that fits and fires.
    pub(super) fn draw(
        &mut self,
        kind: &str,
        request: &Request,
        entropy: &mut Entropy,
    ) -> Option<Fault> {
        let mut fires = |rule: &Rule| {
            rule.fits(kind, request)
                && (rule.chance_permille == ALWAYS_PERMILLE
                    || entropy.below(u64::from(ALWAYS_PERMILLE)) < u64::from(rule.chance_permille))
        };
        let at = self.0.iter().position(&mut fires)?;
        let rule = self.0.get_mut(at)?;
        let fault = rule.fault;
        rule.times = rule.times.map(|left| left.saturating_sub(1));
        if rule.times == Some(0) {
            self.0.remove(at);
        }
        Some(fault)
    }
}
