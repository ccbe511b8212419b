//! What lies under `/sandbox`: no provider has it. What is held, and what goes wrong on demand.

use serde_json::{Value, json};

use super::fault::{Fault, Faults, Rule};
use super::{Request, Sandbox, json_response};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;

impl Sandbox {
    /// For tests and curious people.
    pub(super) fn inspect(&mut self, request: &Request, what: &str, now: Timestamp) -> Response {
        let body = &request.body;
        match (request.method.as_str(), what) {
            ("GET", "links") => self.links(now),
            ("GET", "faults") => json_response(200, &self.faults),
            ("PUT", "faults") => {
                let set = self.set_faults(body);
                self.rules_or(set)
            }
            ("POST", "faults") => {
                let rule = serde_json::from_str::<Rule>(body).map_err(|error| error.to_string());
                let added = rule.and_then(|rule| self.faults.add(rule, &self.state.kinds()));
                self.rules_or(added)
            }
            ("DELETE", "faults") => {
                self.faults = Faults::default();
                json_response(200, &self.faults)
            }
            ("PUT", "fault") => match self.only(body) {
                Ok(fault) => json_response(200, &json!({ "fault": fault })),
                Err(error) => refused(&error),
            },
            ("DELETE", "fault") => {
                self.faults = Faults::default();
                json_response(200, &json!({ "fault": null }))
            }
            _ => json_response(404, &json!({ "error": "not found" })),
        }
    }

    fn links(&mut self, now: Timestamp) -> Response {
        let mut all = Vec::new();
        for provider in self.state.providers() {
            if let Value::Array(held) = provider.inspect(&self.public_url, now) {
                all.extend(held);
            }
        }
        json_response(200, &all)
    }

    fn rules_or(&self, done: Result<(), String>) -> Response {
        match done {
            Ok(()) => json_response(200, &self.faults),
            Err(error) => refused(&error),
        }
    }

    /// One fault for every request, in place of all rules.
    fn only(&mut self, body: &str) -> Result<Fault, String> {
        let fault = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let mut faults = Faults::default();
        faults.add(Rule::always(fault), &self.state.kinds())?;
        self.faults = faults;
        Ok(fault)
    }
}

fn refused(error: &str) -> Response {
    json_response(422, &json!({ "error": error }))
}
