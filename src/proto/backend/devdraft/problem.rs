//! Why Devdraft did not do it, in one sentence. Its error bodies are
//! `{statusCode, message, error, details}`, where `message` is a sentence or a list of them.

use serde_json::Value;

use super::super::problem::{self, text};
use super::super::{Next, Refusal, Response, read};

/// Sentences that are quoted at most; more help nobody.
const SENTENCES_MAX: usize = 4;
/// The longest wait that is believed, in seconds.
const RETRY_AFTER_SECS_MAX: u32 = 3_600;

/// `Ok` for a success of Devdraft, else what to do about the answer.
pub(super) fn check(response: &Response, recognized: bool) -> Result<(), Next> {
    let refuse = |reason| because(response, reason);
    problem::check("Devdraft", response, recognized, refuse, || {
        explain(response)
    })
}

/// Whether a create was perhaps refused because the link's address is taken. The document does not
/// say how that is told, so 409, and a 400 about the address, are both taken for it.
pub(super) fn is_taken(response: &Response) -> bool {
    let said = in_lower_case(response);
    let mentions = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match response.status {
        409 => !is_key_conflict(response),
        400 => {
            mentions(&["url", "slug", "exist", "unique", "duplicate", "taken"])
                && !mentions(&["coverimage", "idempoten"])
        }
        _ => false,
    }
}

/// Whether the key was used before for something else.
fn is_key_conflict(response: &Response) -> bool {
    let said = in_lower_case(response);
    response.status == 409 && said.contains("idempoten")
}

fn in_lower_case(response: &Response) -> String {
    let said = Problem::read(&response.body).said;
    said.join(", ").to_ascii_lowercase()
}

/// A refusal with this reason and what the answer says besides.
pub(super) fn because(response: &Response, reason: String) -> Refusal {
    let found = Problem::read(&response.body);
    let mut refusal = problem::refusal(response, found.code, reason);
    refusal.retry_after_secs = refusal.retry_after_secs.or(found.retry_after_secs);
    refusal
}

fn explain(response: &Response) -> String {
    let status = response.status;
    let sentence = match status {
        401 => "Devdraft refuses the keys (401): make a pair in its console and put it under \
                client_key and client_secret"
            .to_owned(),
        403 => {
            "Devdraft does not let this key do it (403): give the key the scopes for payment links"
                .to_owned()
        }
        404 | 410 => {
            format!("Devdraft does not know this link any more ({status}): make a new one")
        }
        409 if is_key_conflict(response) => {
            "Tillcode sent the same key with another request, which is a defect of Tillcode or a \
             change of the account's options in between (409): make a new link, and report it"
                .to_owned()
        }
        _ => format!("Devdraft refuses the request ({status})"),
    };
    problem::quote(sentence, &Problem::read(&response.body).said)
}

/// What an error body says.
#[derive(Debug, Default)]
struct Problem {
    /// The word in `error`.
    code: Option<String>,
    said: Vec<String>,
    retry_after_secs: Option<u32>,
}

impl Problem {
    fn read(body: &str) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        let code = text(body.get("error"));
        let mut said: Vec<String> = Vec::new();
        for place in ["message", "details"] {
            let Some(value) = body.get(place) else {
                continue;
            };
            said.extend(text(Some(value)));
            let list = value.as_array().into_iter().flatten();
            said.extend(
                list.filter_map(|entry| text(Some(entry)).or_else(|| text(entry.get("message")))),
            );
        }
        said.truncate(SENTENCES_MAX);
        let retry_after_secs = body
            .get("retryAfter")
            .and_then(read::whole)
            .map(|secs| u32::try_from(secs).unwrap_or(RETRY_AFTER_SECS_MAX))
            .map(|secs| secs.clamp(1, RETRY_AFTER_SECS_MAX));
        Self {
            code,
            said,
            retry_after_secs,
        }
    }
}
