//! How work at a backend ends: a link, a change, a list, payments, or a refusal for good.

use serde_json::json;

use super::jobs::is_kept;
use super::notice::Notice;
use super::step::{Job, Write};
use super::turn::Turn;
use super::{Terminal, jobs::Flight};
use crate::domain::id::{JobId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose};
use crate::domain::sale::SaleState;
use crate::proto::backend::url::check_url;
use crate::proto::backend::{Action, Outcome, Refusal, RemoteStanding, RemoteState};

/// Statuses that say: there is no such link.
const GONE: [u16; 2] = [404, 410];
/// The longest reason of a decision on a refused job, in characters.
const REASON_CHARS_MAX: usize = 200;

impl Terminal {
    /// A job came to its end.
    pub(super) fn done(&mut self, turn: &mut Turn, id: JobId, outcome: Outcome) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let makes = matches!(
            flight.job.action,
            Action::Create { .. } | Action::CreateProduct { .. }
        );
        if let (true, Outcome::Link(remote)) = (makes, &outcome)
            && let Err(problem) = self.check_made(&flight.job.backend, remote)
        {
            return self.refused(turn, id, Refusal::of(problem));
        }
        let Some(flight) = self.jobs.remove(id) else {
            return;
        };
        if is_kept(&flight.job.action) {
            turn.write(Write::JobDone(id));
        }
        let Flight { job, sale, .. } = flight;
        let link = job.link.and_then(|link| self.links.link(link)).cloned();
        match (outcome, job.action, link) {
            (
                Outcome::Link(remote),
                Action::Create { .. } | Action::CreateProduct { .. },
                Some(link),
            ) => {
                self.made(turn, id, link, remote, sale);
            }
            (Outcome::Link(_), Action::Update { link: changed, .. }, Some(link)) => {
                self.updated(turn, link, *changed);
            }
            (Outcome::Link(_), Action::Subscribe { notify_url, .. }, Some(link)) => {
                self.subscribed(turn, link, &notify_url);
            }
            (Outcome::Withdrawn, Action::Withdraw { .. }, Some(mut link)) => {
                if link.state.may_become(link.purpose, LinkState::Withdrawn) {
                    link.state = LinkState::Withdrawn;
                    turn.write(Write::Link(link.clone()));
                    self.links.put(link);
                }
            }
            (Outcome::Links { links, next }, _, _) => self.listed(turn, id, links, next),
            (Outcome::Payments(reports), _, Some(link)) => {
                for reported in reports {
                    self.take_report(turn, &link, &reported, &[], None);
                }
            }
            // Read back or listed: nothing of ours changes.
            (Outcome::Link(_) | Outcome::Withdrawn | Outcome::Payments(_), _, _) => {}
        }
    }

    fn updated(&mut self, turn: &mut Turn, link: Link, changed: Link) {
        let link = Link {
            amount: changed.amount,
            title: changed.title,
            description: changed.description,
            options: changed.options,
            ..link
        };
        turn.journal("link_repriced", link.id, &json!({ "amount": link.amount }));
        turn.write(Write::Link(link.clone()));
        self.price_was_sent(&link);
        self.links.put(link);
    }

    fn made(
        &mut self,
        turn: &mut Turn,
        job: JobId,
        mut link: Link,
        remote: RemoteState,
        sale: Option<SaleId>,
    ) {
        if let Some(account) = self.accounts.get_mut(&link.backend) {
            account.targets.allow(link.ask());
            if remote.warning.is_some() {
                account.last_problem.clone_from(&remote.warning);
            }
        }
        if let Some(warning) = &remote.warning {
            turn.journal("link_warning", link.id, &json!({ "warning": warning }));
        }
        link.state = LinkState::Live;
        link.remote = Some(remote.link);
        // A sale that went another way in the meantime leaves its unseen link to the next one.
        let waits = sale.filter(|sale| {
            let record = self.sales.get(sale);
            let state = record.map(|record| record.standing().state);
            let asked_for = self
                .paying
                .as_ref()
                .is_some_and(|paying| paying.new_code == Some(job));
            state == Some(SaleState::Open) || (state == Some(SaleState::Awaiting) && asked_for)
        });
        link.sale = waits;
        let id = link.id;
        turn.journal(
            "link_live",
            id,
            &json!({ "amount": link.amount, "purpose": link.purpose }),
        );
        turn.write(Write::Link(link.clone()));
        self.price_was_sent(&link);
        self.links.put(link.clone());
        for mut old in self.links.replaced_by(&link) {
            // Its sticker may still hang somewhere: not shown any more, but listened to.
            old.state = LinkState::Retired;
            turn.write(Write::Link(old.clone()));
            self.switch_off(turn, &old);
            self.links.put(old);
        }
        if let Some(sale) = waits {
            self.show_link(turn, sale, id);
        }
    }

    /// What nobody could pay, or what leads elsewhere, is not shown.
    fn check_made(&self, backend: &str, remote: &RemoteState) -> Result<(), String> {
        match remote.standing {
            RemoteStanding::Active | RemoteStanding::Unknown => {
                self.check_url(backend, &remote.link.url)
            }
            RemoteStanding::Inactive | RemoteStanding::Expired => Err(format!(
                "{backend} made a code that takes no money: try again, and ask its support if it \
                 stays so"
            )),
        }
    }

    /// A code sends a customer's money somewhere: only to hosts that the owner's account may name.
    fn check_url(&self, backend: &str, url: &str) -> Result<(), String> {
        let Some(account) = self.accounts.get(backend) else {
            return Err(format!("there is no payment account {backend:?}"));
        };
        check_url(url, &account.setup.pay_hosts, account.setup.schemes)
            .map_err(|error| error.to_string())
    }

    /// Refused for good. What was to change something stays in sight until a person decides.
    pub(super) fn refused(&mut self, turn: &mut Turn, id: JobId, refusal: Refusal) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let (backend, sale) = (flight.job.backend.clone(), flight.sale);
        let reason = refusal.reason.clone();
        self.accounts.say(&backend, reason.clone());
        let status = refusal.status;
        let subscribes = matches!(flight.job.action, Action::Subscribe { .. });
        let changes = subscribes || matches!(flight.job.action, Action::Update { .. });
        if changes && status.is_some_and(|status| GONE.contains(&status)) {
            return self.gone(turn, id);
        }
        if !is_kept(&flight.job.action) {
            self.jobs.remove(id);
            if subscribes {
                self.not_subscribed(&backend);
            }
            return self.listing_failed(turn, id, &reason);
        }
        let Some(job) = self.jobs.stop(id, refusal) else {
            return;
        };
        turn.write(Write::Job(job.clone()));
        if let Some(account) = self.accounts.get_mut(&backend) {
            account.targets.refuse_sticker(&job.action);
        }
        self.refuse_link(turn, &job);
        if let Action::Update { link, .. } = &job.action {
            self.price_was_sent(link);
        }
        let subject = job.link.map(|link| link.to_string()).unwrap_or_default();
        turn.journal(
            "backend_refused",
            subject,
            &json!({ "reason": reason, "status": status }),
        );
        if let Some(sale) = sale {
            self.fall_back(turn, sale, Notice::BackendRefused { reason });
        }
    }

    /// The backend knows a link no more that was to be changed: it is not shown any more, and its
    /// product gets another one.
    fn gone(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.remove(id) else {
            return;
        };
        turn.write(Write::JobDone(id));
        let link = flight.job.link.and_then(|link| self.links.link(link));
        if let Some(mut link) = link.cloned() {
            turn.journal("link_gone", link.id, &json!({ "amount": link.amount }));
            if link.state == LinkState::Live {
                link.state = match link.purpose {
                    Purpose::Permanent => LinkState::Retired,
                    Purpose::Single => LinkState::Burned,
                };
                turn.write(Write::Link(link.clone()));
                self.links.put(link);
            }
        }
        self.retarget();
    }

    fn refuse_link(&mut self, turn: &mut Turn, job: &Job) {
        let link = job.link.and_then(|link| self.links.link(link)).cloned();
        let Some(mut link) = link.filter(|link| link.state == LinkState::Requested) else {
            return;
        };
        if link.purpose == Purpose::Single
            && let Some(account) = self.accounts.get_mut(&link.backend)
        {
            account.targets.give_up(link.ask());
        }
        link.state = LinkState::Refused;
        turn.write(Write::Link(link.clone()));
        self.links.put(link);
    }

    /// A person wants what was refused to be tried again.
    pub(super) fn retry_all(&mut self, turn: &mut Turn) {
        let refused: Vec<JobId> = self
            .jobs
            .iter()
            .filter(|flight| flight.job.refusal.is_some())
            .map(|flight| flight.job.id)
            .collect();
        for id in refused {
            self.retry_job_now(turn, id);
        }
    }

    /// The same for one job.
    pub(super) fn retry_job(&mut self, turn: &mut Turn, id: JobId) -> Result<(), Notice> {
        let flight = self.jobs.get(id).ok_or(Notice::UnknownJob)?;
        let backend = flight.job.backend.clone();
        if flight.job.refusal.is_some() {
            self.retry_job_now(turn, id);
        } else if let Some(flight) = self.jobs.get_mut(id) {
            flight.not_before_mono = turn.now.mono_ms;
        }
        if let Some(account) = self.accounts.get_mut(&backend) {
            account.reach.probe_now(turn.now);
        }
        Ok(())
    }

    fn retry_job_now(&mut self, turn: &mut Turn, id: JobId) {
        let Some(job) = self.jobs.restart(id, turn.now.mono_ms) else {
            return;
        };
        if let Some(account) = self.accounts.get_mut(&job.backend) {
            account.targets.allow_sticker(&job.action);
        }
        let link = job.link.and_then(|link| self.links.link(link)).cloned();
        if let Some(mut link) = link.filter(|link| link.state == LinkState::Refused) {
            if let Some(account) = self.accounts.get_mut(&link.backend) {
                account.targets.allow(link.ask());
            }
            link.state = LinkState::Requested;
            turn.write(Write::Link(link.clone()));
            self.links.put(link);
        }
        turn.write(Write::Job(job));
    }

    /// A person decides that something that was refused is not to be tried any more.
    pub(super) fn give_up_job(
        &mut self,
        turn: &mut Turn,
        id: JobId,
        reason: &str,
    ) -> Result<(), Notice> {
        let flight = self.jobs.get(id).ok_or(Notice::UnknownJob)?;
        if flight.job.refusal.is_none() {
            return Err(Notice::JobUnderWay);
        }
        let reason: String = reason.trim().chars().take(REASON_CHARS_MAX).collect();
        if reason.is_empty() {
            return Err(Notice::ReasonMissing);
        }
        let Some(flight) = self.jobs.remove(id) else {
            return Err(Notice::UnknownJob);
        };
        let problem = flight.job.problem;
        turn.journal(
            "job_given_up",
            id,
            &json!({ "reason": reason, "problem": problem, "link": flight.job.link }),
        );
        turn.write(Write::JobDone(id));
        Ok(())
    }
}
