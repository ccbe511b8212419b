//! What waits: every piece of work that a backend has not answered for good, for the Sync screen and
//! `tillcode sync`.

use super::Terminal;
use super::hub_test::TestState;
use super::jobs::{Flight, is_kept};
use super::query::{AccountReport, HubReport, HubTestReport, SyncReport, SyncRow};
use super::snapshot::{HubReach, HubView, Reach};
use crate::domain::time::Now;
use crate::proto::backend::Action;

/// The most rows of one report.
const ROWS_MAX: usize = 1_000;
/// A clock that differs by more from the servers' is wrong, in milliseconds.
const CLOCK_OFF_MS: i64 = 120_000;

/// By how much the machine's clock is wrong, in seconds, where it is.
pub(super) fn clock_off_secs(now: Now) -> Option<i64> {
    (now.server_offset_ms.abs() > CLOCK_OFF_MS).then(|| now.server_offset_ms.div_euclid(-1_000))
}

impl Terminal {
    /// The message server for scripts.
    pub(super) fn hub_report(&self) -> Option<HubReport> {
        let test = self.hub_test.as_ref().map(|test| &test.state);
        self.hub_view().map(|hub| hub_report(hub, test))
    }

    /// Everything that waits now.
    pub fn sync_report(&self, now: Now) -> SyncReport {
        let kept = |flight: &&Flight| is_kept(&flight.job.action);
        let rows = self.jobs.iter().filter(kept).take(ROWS_MAX);
        SyncReport {
            accounts: self
                .accounts
                .iter()
                .map(|account| {
                    let (reach, since) = reach_words(account.reach.reach());
                    AccountReport {
                        name: account.name().to_owned(),
                        kind: account.setup.kind.clone(),
                        live: account.setup.live,
                        reach: reach.to_owned(),
                        since,
                        last_problem: account.last_problem.clone(),
                    }
                })
                .collect(),
            hub: self.hub_report(),
            clock_off_secs: clock_off_secs(now),
            asking: self.asking(now),
            waiting: self.jobs.waiting(),
            rows: rows.map(|flight| self.sync_row(flight, now)).collect(),
        }
    }

    /// Codes whose question is due or under way.
    fn asking(&self, now: Now) -> usize {
        let questions = self
            .jobs
            .iter()
            .filter(|flight| matches!(flight.job.action, Action::LookUp { .. }));
        questions
            .count()
            .saturating_add(self.watching.due_count(now.mono_ms))
    }

    fn sync_row(&self, flight: &Flight, now: Now) -> SyncRow {
        let job = &flight.job;
        let link = job.link.and_then(|link| self.links.link(link));
        let sale = link.and_then(|link| link.sale).or(flight.sale);
        let record = sale.and_then(|sale| self.sales.get(&sale));
        let refused = job.refusal.is_some();
        SyncRow {
            job: job.id,
            what: what(&job.action).to_owned(),
            backend: job.backend.clone(),
            link: job.link,
            title: link.map(|link| link.title.clone()).unwrap_or_default(),
            sale: record.map(|record| record.sale.reference.clone()),
            amount: link.map(|link| link.amount),
            since: job.created_at,
            attempts: job.attempts,
            problem: job.problem.clone(),
            refusal: job.refusal.clone(),
            under_way: flight.sent,
            next_try_ms: (!refused && !flight.sent)
                .then(|| flight.not_before_mono.saturating_sub(now.mono_ms)),
            can: if refused {
                vec!["retry".to_owned(), "give_up".to_owned()]
            } else {
                vec!["retry".to_owned()]
            },
        }
    }
}

fn test_report(state: &TestState) -> HubTestReport {
    let (word, problem, after_ms) = match state {
        TestState::Sent => ("sent", None, None),
        TestState::Acknowledged => ("acknowledged", None, None),
        TestState::Signed => ("signed", None, None),
        TestState::Failed(problem) => ("failed", Some(problem.clone()), None),
        TestState::Heard { after_ms } => ("heard", None, Some(*after_ms)),
    };
    HubTestReport {
        state: word.to_owned(),
        problem,
        after_ms,
    }
}

fn hub_report(hub: HubView, test: Option<&TestState>) -> HubReport {
    let (reach, since) = match hub.reach {
        HubReach::Unknown => ("unknown", None),
        HubReach::Heard => ("heard", None),
        HubReach::NoNetwork { since } => ("no_network", Some(since)),
        HubReach::Unreachable { since } => ("unreachable", Some(since)),
        HubReach::Refusing { since } => ("refusing", Some(since)),
    };
    HubReport {
        address: hub.address,
        reach: reach.to_owned(),
        since,
        heard_at: hub.heard_at,
        problem: hub.problem,
        test: test.map(test_report),
    }
}

/// The account's reach as a word for scripts.
pub(super) const fn reach_words(
    reach: Reach,
) -> (&'static str, Option<crate::domain::time::Timestamp>) {
    match reach {
        Reach::NoBackend => ("no_backend", None),
        Reach::Unknown => ("unknown", None),
        Reach::Online => ("online", None),
        Reach::Offline { since } => ("offline", Some(since)),
        Reach::Refusing { since } => ("refusing", Some(since)),
    }
}

const fn what(action: &Action) -> &'static str {
    match action {
        Action::Create { .. } => "create",
        Action::CreateProduct { .. } => "create_product",
        Action::Update { .. } => "update",
        Action::Subscribe { .. } => "subscribe",
        Action::Withdraw { .. } => "withdraw",
        Action::Fetch { .. } => "fetch",
        Action::List { .. } => "list",
        Action::LookUp { .. } => "look_up",
    }
}
