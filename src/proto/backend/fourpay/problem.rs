//! Why 4pay did not do it, in one sentence. Three shapes of error bodies are about:
//! `{error, details: {field: [text]}}`, `{errors: [{code, detail, source: {pointer}}]}` and
//! `{error, message}`.

use serde_json::Value;

use super::super::problem::{self, text_or_number as text};
use super::super::{Next, Refusal, Response, read};

/// Fields that are named in one sentence; more help nobody.
const FIELDS_MAX: usize = 4;

/// `Ok` for a success of 4pay, else what to do about the answer.
pub(super) fn check(response: &Response, recognized: bool) -> Result<(), Next> {
    let refuse = |reason| refuse(response, reason);
    problem::check("4pay", response, recognized, refuse, || explain(response))
}

/// A refusal with all that the answer says about itself.
pub(super) fn refuse(response: &Response, reason: impl Into<String>) -> Refusal {
    let code = Problem::read(&response.body).code;
    problem::refusal(response, code, reason.into())
}

fn explain(response: &Response) -> String {
    let found = Problem::read(&response.body);
    let status = response.status;
    let sentence = match status {
        401 | 403 => format!(
            "4pay refuses the key ({status}): make a key in its partner area and put it under api_key"
        ),
        404 | 410 => format!("4pay does not know this link any more ({status}): make a new one"),
        // Its way of saying that the second header is missing or wrong.
        400 if found.fields.is_empty() => {
            "4pay refuses the request (400) and names no field: check the organization id"
                .to_owned()
        }
        _ => format!("4pay refuses the request ({status})"),
    };
    problem::quote(sentence, &found.in_words(problem::request_id(response)))
}

/// What an error body says, whichever shape it has.
#[derive(Debug, Default)]
struct Problem {
    message: Option<String>,
    code: Option<String>,
    /// Field and what is wrong with it.
    fields: Vec<(String, String)>,
}

impl Problem {
    fn read(body: &str) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        let mut problem = Self::default();
        let error = text(body.get("error"));
        match text(body.get("message")) {
            Some(message) => {
                problem.message = Some(message);
                problem.code = error;
            }
            None => problem.message = error,
        }
        for place in ["details", "errors"] {
            if let Some(fields) = body.get(place).and_then(Value::as_object) {
                let said = fields.iter().filter_map(|(field, said)| {
                    let said = text(Some(said)).or_else(|| text(said.get(0)))?;
                    Some((read::clip(field), said))
                });
                problem.fields.extend(said.take(FIELDS_MAX));
            }
        }
        let errors = body.get("errors").and_then(Value::as_array);
        for error in errors.into_iter().flatten().take(FIELDS_MAX) {
            problem.add(error);
        }
        problem
    }

    fn add(&mut self, error: &Value) {
        let said = ["detail", "title", "message"]
            .iter()
            .find_map(|name| text(error.get(name)))
            .or_else(|| text(Some(error)));
        if self.code.is_none() {
            self.code = text(error.get("code"));
        }
        let pointer = error
            .get("source")
            .and_then(|from| text(from.get("pointer")));
        match (pointer, said) {
            (Some(field), said) => self.fields.push((field, said.unwrap_or_default())),
            (None, said) if self.message.is_none() => self.message = said,
            (None, _) => {}
        }
    }

    fn in_words(&self, request_id: Option<String>) -> Vec<String> {
        let mut parts: Vec<String> = self
            .fields
            .iter()
            .map(|(field, said)| format!("{field} {said}").trim_end().to_owned())
            .collect();
        if parts.is_empty() {
            parts.extend(self.message.clone());
        }
        parts.extend(self.code.as_ref().map(|code| format!("code {code}")));
        parts.extend(request_id.map(|id| format!("request {id}")));
        parts
    }
}
