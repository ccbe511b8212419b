//! Why 4Geeks did not do it, in one sentence. Its document has one shape of error bodies,
//! `{detail: [{loc, msg, type}]}`; servers of that make also write `{detail: text}`.

use serde_json::Value;

use super::super::problem::{self, text};
use super::super::{Next, Refusal, Response};

/// Fields that are named in one sentence; more help nobody.
const FIELDS_MAX: usize = 4;
/// Steps of a field's place that are named.
const STEPS_MAX: usize = 6;

/// `Ok` for a success of 4Geeks, else what to do about the answer. What an older API answers is none,
/// whatever its status.
pub(super) fn check(response: &Response, recognized: bool) -> Result<(), Next> {
    let status = response.status;
    let refuse = |reason| refuse(response, reason);
    let checked = problem::check("4Geeks", response, recognized, refuse, || explain(response));
    if let Err(Next::Later(_)) = checked {
        return checked;
    }
    let body = serde_json::from_str(&response.body).unwrap_or(Value::Null);
    let Some(older) = older(&body) else {
        return checked;
    };
    Err(Next::Refused(refuse(format!(
        "the answer ({status}) looks like {older}: base_url or api_key belong to an older API, which \
         Tillcode does not speak; make a key for the present one"
    ))))
}

/// A refusal with all that the answer says about itself.
pub(super) fn refuse(response: &Response, reason: impl Into<String>) -> Refusal {
    let code = Problem::read(&response.body).code;
    problem::refusal(response, code, reason.into())
}

/// The generation of the API that an answer is of, by the shapes of 4Geeks' older pages; none for the
/// present one.
fn older(body: &Value) -> Option<&'static str> {
    let has_link = |value: &Value| value.get("link").is_some_and(Value::is_string);
    let data = body.get("data");
    let mut entries = data.and_then(Value::as_array).into_iter().flatten();
    if entries.any(has_link) {
        Some("4Geeks' oldest API, that of /v1/links/")
    } else if data.is_some_and(has_link) {
        Some("4Geeks' middle or late API, that of /v1/payment-links/ with a slash at its end")
    } else if ["code", "title", "content"]
        .iter()
        .all(|name| body.get(name).is_some())
    {
        Some("one of 4Geeks' older APIs, with code, title and content")
    } else {
        None
    }
}

fn explain(response: &Response) -> String {
    let status = response.status;
    let sentence = match status {
        401 | 403 => format!(
            "4Geeks refuses the key ({status}): make a key in its console and put it under api_key"
        ),
        404 | 405 => format!("4Geeks has no such address ({status}): check base_url"),
        _ => format!("4Geeks refuses the request ({status})"),
    };
    let mut said = Problem::read(&response.body).said;
    said.extend(problem::request_id(response).map(|id| format!("request {id}")));
    problem::quote(sentence, &said)
}

/// What an error body says.
#[derive(Debug, Default)]
struct Problem {
    /// The first entry's type, for instance `value_error.missing`.
    code: Option<String>,
    /// Field by field.
    said: Vec<String>,
}

impl Problem {
    fn read(body: &str) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        let mut problem = Self::default();
        let Some(detail) = body.get("detail") else {
            return problem;
        };
        problem.said.extend(text(Some(detail)));
        for entry in detail.as_array().into_iter().flatten().take(FIELDS_MAX) {
            let said = text(entry.get("msg")).unwrap_or_default();
            let field = place(entry.get("loc"));
            let line = format!("{field} {said}").trim().to_owned();
            if !line.is_empty() {
                problem.said.push(line);
            }
            if problem.code.is_none() {
                problem.code = text(entry.get("type"));
            }
        }
        problem
    }
}

/// `["body", "amount"]` as `amount`: that it was in the body helps nobody.
fn place(steps: Option<&Value>) -> String {
    let steps = steps.and_then(Value::as_array).into_iter().flatten();
    let steps: Vec<String> = steps
        .filter_map(|step| {
            step.as_u64()
                .map(|index| index.to_string())
                .or_else(|| text(Some(step)))
        })
        .take(STEPS_MAX)
        .collect();
    match steps.split_first() {
        Some((root, rest)) if !rest.is_empty() && matches!(root.as_str(), "body" | "query") => {
            rest.join(".")
        }
        _ => steps.join("."),
    }
}
