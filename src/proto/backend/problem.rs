//! What an answer's status says of any provider, before its own error body is looked at.

use serde_json::Value;

use super::{Next, Refusal, Response, read};

/// `Ok` for a success, else what to do about the answer: later what a provider, or a network in its
/// place, says of itself; refused what it says of the request. `refuse` puts a reason into a refusal
/// with all that the answer says about itself, `explain` finds the reason of a refused request.
pub(super) fn check(
    provider: &str,
    response: &Response,
    recognized: bool,
    refuse: impl FnOnce(String) -> Refusal,
    explain: impl FnOnce() -> String,
) -> Result<(), Next> {
    let status = response.status;
    let later = match status {
        408 | 425 | 429 => {
            format!("{provider} has too much to do ({status}): Tillcode tries again by itself")
        }
        500.. => {
            format!("{provider} has a fault of its own ({status}): Tillcode tries again by itself")
        }
        _ if !recognized => format!(
            "something else answered in place of {provider} ({status}), often the login page of a \
             network: open a web page on this machine, then check base_url"
        ),
        200..300 => return Ok(()),
        _ => return Err(Next::Refused(refuse(explain()))),
    };
    Err(Next::Later(refuse(later)))
}

/// A refusal with what the head of an answer says about itself, and the provider's word for it.
pub(super) fn refusal(response: &Response, code: Option<String>, reason: String) -> Refusal {
    Refusal {
        status: Some(response.status),
        code,
        request_id: request_id(response),
        retry_after_secs: read::retry_after_secs(response),
        ..Refusal::of(reason)
    }
}

/// The provider's name for a request, from its header.
pub(super) fn request_id(response: &Response) -> Option<String> {
    response.header("x-request-id").map(read::clip)
}

/// What is wrong in our words, then in the provider's.
pub(super) fn quote(sentence: String, said: &[String]) -> String {
    if said.is_empty() {
        sentence
    } else {
        format!("{sentence}; it says: {}", said.join(", "))
    }
}

/// A text, bounded; nothing where it is empty.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    let text = read::clip(value?.as_str()?);
    (!text.is_empty()).then_some(text)
}

/// The same, where a number is as good.
pub(super) fn text_or_number(value: Option<&Value>) -> Option<String> {
    let number = value.filter(|value| value.is_number());
    text(value).or_else(|| number.map(Value::to_string))
}
