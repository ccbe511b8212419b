//! Why 4pay did not do it, in one sentence. Three shapes of error bodies are about:
//! `{error, details: {field: [text]}}`, `{errors: [{code, detail, source: {pointer}}]}` and
//! `{error, message}`.

use serde_json::Value;

use super::super::{Next, Refusal, Response, read};

/// Fields that are named in one sentence; more help nobody.
const FIELDS_MAX: usize = 4;

/// `Ok` for a success of 4pay, else what to do about the answer.
pub(super) fn check(response: &Response, recognized: bool) -> Result<(), Next> {
    let later = |reason: String| Err(Next::Later(refuse(response, reason)));
    let status = response.status;
    match status {
        408 | 425 | 429 => later(format!(
            "4pay has too much to do ({status}): Tillcode tries again by itself"
        )),
        500.. => later(format!(
            "4pay has a fault of its own ({status}): Tillcode tries again by itself"
        )),
        _ if !recognized => later(format!(
            "something else answered in place of 4pay ({status}), often the login page of a network: \
             open a web page on this machine, then check base_url"
        )),
        200..300 => Ok(()),
        _ => Err(Next::Refused(refuse(response, explain(response)))),
    }
}

/// A refusal with all that the answer says about itself.
pub(super) fn refuse(response: &Response, reason: impl Into<String>) -> Refusal {
    Refusal {
        status: Some(response.status),
        code: Problem::read(&response.body).code,
        request_id: response.header("x-request-id").map(read::clip),
        retry_after_secs: read::retry_after_secs(response),
        ..Refusal::of(reason)
    }
}

fn explain(response: &Response) -> String {
    let problem = Problem::read(&response.body);
    let status = response.status;
    let sentence = match status {
        401 | 403 => format!(
            "4pay refuses the key ({status}): make a key in its partner area and put it under api_key"
        ),
        404 | 410 => format!("4pay does not know this link any more ({status}): make a new one"),
        // Its way of saying that the second header is missing or wrong.
        400 if problem.fields.is_empty() => {
            "4pay refuses the request (400) and names no field: check the organization id"
                .to_owned()
        }
        _ => format!("4pay refuses the request ({status})"),
    };
    let details = problem.in_words(response.header("x-request-id"));
    if details.is_empty() {
        sentence
    } else {
        format!("{sentence}; it says: {details}")
    }
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

    fn in_words(&self, request_id: Option<&str>) -> String {
        let mut parts: Vec<String> = self
            .fields
            .iter()
            .map(|(field, said)| format!("{field} {said}").trim_end().to_owned())
            .collect();
        if parts.is_empty() {
            parts.extend(self.message.clone());
        }
        parts.extend(self.code.as_ref().map(|code| format!("code {code}")));
        parts.extend(request_id.map(|id| format!("request {}", read::clip(id))));
        parts.join(", ")
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
