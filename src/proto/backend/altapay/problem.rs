//! Why `AltaPay` did not do it, in one sentence. The form of its error bodies is not public: every
//! usual name is looked for, in JSON and in the Merchant API's header.

use serde_json::Value;

use super::super::{Next, Refusal, Response, read};
use super::{answer, lookup};

/// `Ok` for a success of `AltaPay`, else what to do about the answer. `session` is quoted where the
/// answer has no name of its own for the request.
pub(super) fn check(
    response: &Response,
    recognized: bool,
    session: Option<&str>,
) -> Result<(), Next> {
    let refuse = |reason: String| Refusal {
        status: Some(response.status),
        code: Problem::read(&response.body).code,
        request_id: answer::request_id(response).or_else(|| session.map(str::to_owned)),
        retry_after_secs: read::retry_after_secs(response),
        ..Refusal::of(reason)
    };
    let status = response.status;
    match status {
        408 | 425 | 429 => Err(Next::Later(refuse(format!(
            "AltaPay has too much to do ({status}): Tillcode tries again by itself"
        )))),
        500.. => Err(Next::Later(refuse(format!(
            "AltaPay has a fault of its own ({status}): Tillcode tries again by itself"
        )))),
        _ if !recognized => Err(Next::Later(refuse(format!(
            "something else answered in place of AltaPay ({status}), often the login page of a \
             network: open a web page on this machine, then check base_url"
        )))),
        200..300 => Ok(()),
        _ => Err(Next::Refused(refuse(explain(response)))),
    }
}

fn explain(response: &Response) -> String {
    let problem = Problem::read(&response.body);
    let status = response.status;
    let sentence = match status {
        401 => "AltaPay refuses user or password (401): check username and password".to_owned(),
        403 => "AltaPay does not let this user do it (403): have the Checkout API switched on for \
                it, and check username and password"
            .to_owned(),
        404 | 410 => format!(
            "AltaPay does not know this order any more, or has no such address ({status}): make a \
             new code, and check base_url if it stays so"
        ),
        _ => format!("AltaPay refuses the request ({status})"),
    };
    let said: Vec<String> = [
        problem.message,
        problem.code.map(|code| format!("code {code}")),
        answer::request_id(response).map(|id| format!("request {id}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() {
        sentence
    } else {
        format!("{sentence}; it says: {}", said.join(", "))
    }
}

/// What an error body says, whichever shape it has.
#[derive(Debug, Default)]
struct Problem {
    message: Option<String>,
    code: Option<String>,
}

impl Problem {
    fn read(body: &str) -> Self {
        if let Some((code, message)) = lookup::complaint(body) {
            let message = Some(message).filter(|message| !message.is_empty());
            let code = Some(code);
            return Self { message, code };
        }
        let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        let first = body.get("errors").and_then(|errors| errors.get(0));
        let nested = body.get("error").filter(|error| error.is_object());
        let places = [Some(&body), nested, first];
        let find = |names: &[&str]| {
            let places = places.iter().flatten();
            places
                .flat_map(|place| names.iter().map(|name| text(place.get(*name))))
                .find_map(|found| found)
        };
        Self {
            message: find(&["message", "errorMessage", "detail", "title", "error"])
                .or_else(|| text(first)),
            code: find(&["code", "errorCode"]),
        }
    }
}

/// A text or a number, bounded; nothing where it is empty.
fn text(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let text = match value.as_str() {
        Some(text) => read::clip(text),
        None if value.is_number() => value.to_string(),
        None => return None,
    };
    (!text.is_empty()).then_some(text)
}
