//! The provider that the world's till asks.

use serde_json::{Value, json};
use uuid::Uuid;

use super::World;
use crate::domain::id::SaleId;
use crate::proto::backend::{Method, Request};

impl World {
    pub(super) fn serve(&mut self, request: &Request) -> Value {
        let asked: Value = request
            .body
            .as_deref()
            .map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
        let minor = asked["link"]["amount"]["default"].as_i64().unwrap_or(0);
        let id = match request.method {
            Method::Post => {
                Uuid::from_u128(u128::try_from(self.remote.len()).unwrap() + 1).to_string()
            }
            Method::Get | Method::Put | Method::Delete => {
                request.path.rsplit('/').next().unwrap().to_owned()
            }
        };
        match request.method {
            Method::Get if request.path.ends_with("/links") => return self.list(),
            Method::Get => return json!({ "core_status": "ok" }),
            Method::Delete => {
                self.remote.entry(id).or_default().1 = false;
                return json!({});
            }
            Method::Post | Method::Put => drop(self.remote.insert(id.clone(), (minor, true))),
        }
        if let Some(address) = asked["link"]["notify_url"].as_str() {
            self.reports.insert(id.clone(), address.to_owned());
        }
        let url = format!("{}/pay/link/{id}", self.host);
        let mut made = json!({ "id": id, "url": url, "qr_url": format!("{url}{}", self.picture),
                "amount_type": "static", "created_at": "2026-03-01T10:00:00Z" });
        // A change names neither kind nor, where the payer types it, an amount.
        if asked["link"]["amount_type"] == "dynamic" || asked["link"]["amount"].is_null() {
            made["amount_type"] = json!("dynamic");
        } else {
            made["amount"] = json!({ "default": minor });
        }
        made
    }

    fn list(&self) -> Value {
        let there = self.remote.iter().filter(|(_, (_, there))| *there);
        let links = there.map(|(id, (minor, _))| {
            let url = format!("{}/pay/link/{id}", self.host);
            json!({ "id": id, "url": url, "amount_type": "static", "amount": { "default": minor } })
        });
        links.collect()
    }

    /// Somebody makes a link at the provider that this till knows nothing of.
    pub(in crate::terminal::tests) fn provider_gets(&mut self, id: &str) {
        self.remote.insert(id.to_owned(), (100, true));
    }

    /// The provider has a link no more.
    pub(in crate::terminal::tests) fn provider_loses(&mut self, url: &str) {
        let id = url.rsplit('/').next().unwrap_or_default();
        self.remote.remove(id);
    }

    pub(in crate::terminal::tests) fn provider_has(&self, url: &str) -> bool {
        self.provider_minor(url).is_some()
    }

    pub(in crate::terminal::tests) fn provider_minor(&self, url: &str) -> Option<i64> {
        let id = url.rsplit('/').next()?;
        self.remote
            .get(id)
            .filter(|(_, there)| *there)
            .map(|(minor, _)| *minor)
    }

    pub(in crate::terminal::tests) fn withdrawn_at_provider(&self, sale: SaleId) -> bool {
        let link = self
            .disk
            .record(sale)
            .last_shown()
            .map(|link| &self.disk.links[&link]);
        let id = link
            .and_then(|link| link.remote.as_ref())
            .map(|remote| &remote.id);
        id.is_some_and(|id| !self.remote[id].1)
    }
}

/// Whether a link of this sum is asked for.
pub(super) fn asks_for(request: &Request, minor: i64) -> bool {
    let body = request.body.as_deref().unwrap_or_default();
    let asked: Value = serde_json::from_str(body).unwrap_or_default();
    asked["link"]["amount"]["default"] == minor
}
