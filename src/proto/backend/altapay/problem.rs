//! Why `AltaPay` did not do it, in one sentence. The form of its error bodies is not public: every
//! usual name is looked for, in JSON and in the Merchant API's header.

use serde_json::Value;

use super::super::problem::{self, text_or_number as text};
use super::super::{Next, Refusal, Response};
use super::lookup;

/// `Ok` for a success of `AltaPay`, else what to do about the answer. `session` is quoted where the
/// answer has no name of its own for the request.
pub(super) fn check(
    response: &Response,
    recognized: bool,
    session: Option<&str>,
) -> Result<(), Next> {
    let refuse = |reason| {
        let refusal = problem::refusal(response, Problem::read(&response.body).code, reason);
        let session = session.map(str::to_owned);
        Refusal {
            request_id: refusal.request_id.or(session),
            ..refusal
        }
    };
    problem::check("AltaPay", response, recognized, refuse, || {
        explain(response)
    })
}

fn explain(response: &Response) -> String {
    let found = Problem::read(&response.body);
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
        found.message,
        found.code.map(|code| format!("code {code}")),
        problem::request_id(response).map(|id| format!("request {id}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    problem::quote(sentence, &said)
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
