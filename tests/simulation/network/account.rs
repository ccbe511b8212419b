//! Between the till and one account: what the provider wants, and what its answers say.

use std::rc::Rc;

use tillcode::domain::options::Options;
use tillcode::proto::backend::{self, AccountView, Action, LinkJob, Next, Request, Response};

use super::Sent;
use crate::oracle::{Outcome, Word, require};
use crate::tally::Fault;
use crate::world::World;

const MINUTE_MS: u64 = 60_000;

impl World {
    /// A provider that asked for a pause gets it, but for a customer who waits and for probes.
    pub(super) fn is_left_alone(&mut self, sent: &Sent) -> Outcome {
        let job = sent.job().and_then(|job| self.disk.jobs.get(&job));
        let waits = job.is_none_or(
            |job| matches!(&job.action, Action::Create { link, .. } if link.sale.is_some()),
        );
        let pause = self.pauses.get(&sent.backend).copied();
        let (process, until_ms) = pause.unwrap_or((0, 0));
        let pauses = process == self.process && self.clock.true_ms < until_ms;
        require(
            waits || !pauses,
            "a pause that was asked for is kept",
            || format!("{sent:?} before {until_ms}"),
        )?;
        self.keeps_pace(sent)
    }

    /// In no minute does one run of the till send more than the account takes. Probes need no key.
    fn keeps_pace(&mut self, sent: &Sent) -> Outcome {
        let documented = self.provider.borrow().access(&sent.backend).codec.pace();
        let documented = documented.map(|pace| pace.per_minute);
        let allowed = documented.into_iter().chain(self.plan.per_minute).min();
        let Some(allowed) = allowed.filter(|_| sent.job().is_some()) else {
            return Ok(());
        };
        let now = self.clock.true_ms;
        let key = (self.beginnings, sent.backend.clone());
        let lately = self.lately.entry(key).or_default();
        lately.retain(|at| at + MINUTE_MS > now);
        lately.push(now);
        let count = lately.len();
        if u32::try_from(count) == Ok(allowed) {
            self.tally.state("as many requests as a minute takes");
        }
        require(
            u32::try_from(count).is_ok_and(|count| count <= allowed),
            "no minute has more requests than the account takes",
            || format!("{count} of {allowed} for {}", sent.backend),
        )
    }

    /// The provider is asked, after whatever else happens to the account there.
    pub(super) fn asks(&mut self, backend: &str, request: &Request) -> Response {
        let at = self.clock.server();
        let provider = Rc::clone(&self.provider);
        let has_token = provider.borrow().has_token(backend);
        if has_token && self.strikes(Fault::TokenEnds) {
            provider.borrow_mut().forget_token(backend);
        }
        let has_quota = provider.borrow().access(backend).codec.pace().is_some();
        if has_quota && self.strikes(Fault::QuotaUsed) {
            provider.borrow_mut().use_up(at);
        }
        let mut provider = provider.borrow_mut();
        let before = (provider.sign_ins, provider.tokens_ended);
        let answer = provider.handle(backend, request, at);
        if provider.sign_ins > before.0 {
            self.tally.state("signed in");
        }
        if provider.tokens_ended > before.1 {
            self.tally.state("token at its end");
        }
        answer
    }

    /// What a look-up's answer says, as its codec reads it.
    pub(super) fn found(&self, sent: &Sent, answer: &Response) -> Vec<(String, Word)> {
        let link = sent.about.and_then(|link| self.disk.links.get(&link));
        let Some(link) = link.filter(|_| sent.job().is_some()) else {
            return Vec::new();
        };
        let next = self
            .provider
            .borrow()
            .access(&sent.backend)
            .codec
            .next(LinkJob {
                action: &Action::LookUp {
                    link: Box::new(link.clone()),
                },
                answers: std::slice::from_ref(answer),
                account: AccountView {
                    shop: "",
                    options: &Options::default(),
                },
                first_sent: None,
                now: self.clock.server(),
            });
        match next {
            Next::Done(backend::Outcome::Payments(reports)) => reports
                .into_iter()
                .map(|report| (report.payment, (report.status, report.minor)))
                .collect(),
            _ => Vec::new(),
        }
    }
}
