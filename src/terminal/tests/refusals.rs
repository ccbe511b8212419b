//! What a backend answers that is no link: a refusal, a wrong key, a login page, or nothing at all.

use serde_json::json;
use uuid::Uuid;

use super::world::setup;
use crate::domain::id::{Entropy, JobId, LinkId};
use crate::domain::link::{Link, LinkState, RemoteLink};
use crate::domain::time::{Now, Timestamp};
use crate::proto::backend::{Action, Response, sample};
use crate::terminal::query::SyncRow;
use crate::terminal::snapshot::Reach;
use crate::terminal::step::{Job, Recovered};
use crate::terminal::{
    Actor, Command, Effect, Event, Notice, Question, Reply, RequestId, Rows, SendError, Step,
    Terminal, Why, Write,
};

const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const MINUTE_MS: i64 = 60_000;
const JSON: &str = "application/json";

fn now(mono_ms: u64) -> Now {
    Now {
        mono_ms,
        boot_id: Uuid::nil(),
        wall: START.plus_millis(i64::try_from(mono_ms).unwrap()),
        server_offset_ms: 0,
    }
}

fn link() -> Link {
    Link {
        expires_at: Some(START.plus_millis(600 * MINUTE_MS)),
        created_at: START,
        ..*sample::link(350, "EUR")
    }
}

fn live() -> Link {
    let id = Uuid::from_u128(7).to_string();
    Link {
        state: LinkState::Live,
        remote: Some(RemoteLink {
            url: format!("https://4pay.online/pay/link/{id}"),
            id,
        }),
        ..link()
    }
}

fn create(link: &Link) -> Action {
    Action::Create {
        link: Box::new(link.clone()),
        notify_url: None,
    }
}

fn update(link: &Link) -> Action {
    Action::Update {
        remote_id: link.remote.as_ref().unwrap().id.clone(),
        link: Box::new(link.clone()),
    }
}

fn withdraw(link: &Link) -> Action {
    Action::Withdraw {
        remote_id: link.remote.as_ref().unwrap().id.clone(),
    }
}

/// A till that comes back with one link and one job, and whose account answers.
struct Till {
    terminal: Terminal,
    job: JobId,
    link: LinkId,
    at: u64,
}

impl Till {
    fn new(link: &Link, action: Action) -> (Self, Step) {
        let job = JobId(link.id.0);
        let rows = Recovered {
            links: vec![link.clone()],
            jobs: vec![Job {
                id: job,
                backend: "main".to_owned(),
                link: Some(link.id),
                action,
                answers: Vec::new(),
                attempts: 0,
                created_at: START,
                problem: None,
                first_sent: None,
                refusal: None,
            }],
            ..Recovered::default()
        };
        let mut setup = setup();
        // No work but this.
        setup.pool.open_amount = 0;
        let (terminal, _) = Terminal::recover(setup, rows, Entropy::new([1; 32]), now(0));
        let link = link.id;
        let mut till = Self {
            terminal,
            job,
            link,
            at: 0,
        };
        let first = till.hears(None, Ok(response(200, JSON, &json!({}).to_string())));
        (till, first)
    }

    fn handle(&mut self, event: Event) -> Step {
        self.at += 1;
        self.terminal.handle(event, Rows::default(), now(self.at))
    }

    fn hears(&mut self, job: Option<JobId>, result: Result<Response, SendError>) -> Step {
        self.handle(Event::Answered {
            // The provider is asked in one step.
            question: job.map(|job| Question { job, step: 0 }),
            backend: "main".to_owned(),
            result,
        })
    }

    fn answers(&mut self, status: u16) -> Step {
        let body = json!({ "error": { "message": "no" } }).to_string();
        self.hears(Some(self.job), Ok(response(status, JSON, &body)))
    }

    fn obeys(&mut self, command: Command) -> (Reply, Step) {
        let step = self.handle(Event::Command {
            command,
            actor: Actor::Script,
            seen: None,
            reply_to: Some(RequestId(1)),
        });
        let reply = step.effects.iter().find_map(|effect| {
            let Effect::Reply { reply, .. } = effect else {
                return None;
            };
            Some(reply.clone())
        });
        let reply = reply.expect("every command is answered");
        (reply, step)
    }

    fn waits_until(&mut self, mono_ms: u64) -> Step {
        self.at = mono_ms;
        self.handle(Event::Woke)
    }

    fn rows(&self) -> Vec<SyncRow> {
        self.terminal.sync_report(now(self.at)).rows
    }

    fn row(&self) -> SyncRow {
        self.rows().into_iter().next().expect("it waits in sight")
    }

    fn state(&self) -> LinkState {
        self.terminal.links.link(self.link).unwrap().state
    }

    fn sends(&self, step: &Step) -> bool {
        let mine = Some(self.job);
        let sent = |effect: &Effect| matches!(effect, Effect::Send { question, .. } if question.map(|asked| asked.job) == mine);
        step.effects.iter().any(sent)
    }

    fn counts(&self) -> (u32, u32) {
        let status = self.terminal.status_report();
        (status.waiting_to_send, status.refused)
    }
}

fn response(status: u16, kind: &str, body: &str) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.to_owned(),
    }
}

fn says(step: &Step, what: &str) -> bool {
    let is = |write: &Write| matches!(write, Write::Journal(entry) if entry.what == what);
    step.writes.iter().any(is)
}

fn writes_job(step: &Step) -> Option<&Job> {
    step.writes.iter().find_map(|write| {
        let Write::Job(job) = write else { return None };
        Some(job)
    })
}

fn ends_job(step: &Step) -> bool {
    let ends = |write: &Write| matches!(write, Write::JobDone(_));
    step.writes.iter().any(ends)
}

#[test]
fn what_is_sent_is_on_disk_as_sent_with_its_first_time() {
    let (till, first) = Till::new(&link(), create(&link()));
    assert!(till.sends(&first));
    let job = writes_job(&first).expect("written before it is sent");
    assert_eq!(
        (job.attempts, job.first_sent),
        (1, Some(START.plus_millis(1)))
    );
    assert_eq!(till.counts(), (1, 0));
    assert!(till.terminal.awaits_answers());
    let why = till.terminal.poll_timeout().map(|(_, why)| why);
    assert_eq!(why, Some(Why::Probe), "only an answer helps");
}

#[test]
fn a_refused_code_stays_in_sight_until_a_person_tries_again_or_gives_up() {
    let (mut till, _) = Till::new(&link(), create(&link()));
    let give_up = |job, reason: &str| Command::GiveUpJob {
        job,
        reason: reason.to_owned(),
    };
    let retry = |job| Command::RetryJob { job };
    let refused = |notice| Reply::Refused { notice };
    let (job, stranger) = (till.job, JobId(Uuid::from_u128(1)));
    let early = till.obeys(give_up(job, "no")).0;
    assert_eq!(early, refused(Notice::JobUnderWay));

    for again in [retry(job), Command::MintLinks] {
        let step = till.answers(422);
        assert!(writes_job(&step).is_some_and(|job| job.refusal.is_some()));
        assert_eq!((till.state(), till.counts()), (LinkState::Refused, (1, 1)));
        assert!(!till.terminal.awaits_answers());
        let row = till.row();
        assert_eq!(row.can, ["retry", "give_up"]);
        assert_eq!((row.under_way, row.next_try_ms), (false, None));
        let later = till.at + 3_600_000;
        let hour = till.waits_until(later);
        assert!(!till.sends(&hour));

        let (reply, step) = till.obeys(again);
        assert_eq!(reply, Reply::Done);
        assert!(till.sends(&step), "tried again");
        assert_eq!(
            (till.state(), till.counts()),
            (LinkState::Requested, (1, 0))
        );
    }

    till.answers(422);
    for (command, notice) in [
        (give_up(stranger, "no"), Notice::UnknownJob),
        (retry(stranger), Notice::UnknownJob),
        (give_up(job, "  "), Notice::ReasonMissing),
    ] {
        assert_eq!(till.obeys(command).0, refused(notice));
    }
    let (reply, step) = till.obeys(give_up(job, "not needed"));
    assert_eq!(reply, Reply::Done);
    assert!(ends_job(&step) && says(&step, "job_given_up"));
    assert_eq!((till.rows().len(), till.counts()), (0, (0, 0)));
}

#[test]
fn a_wrong_key_and_a_tired_server_cost_nobodys_work() {
    for (status, is_key) in [(401, true), (403, true), (500, false), (503, false)] {
        let (mut till, _) = Till::new(&link(), create(&link()));
        let step = till.answers(status);
        let row = till.row();
        assert!(row.refusal.is_none() && !row.under_way, "{status}: {row:?}");
        assert!(
            row.problem.is_some() && row.next_try_ms > Some(0),
            "{status}"
        );
        assert_eq!(till.state(), LinkState::Requested, "{status}");
        let wakes = till.terminal.poll_timeout();
        let due = row.next_try_ms.map(|pause| (till.at + pause, Why::Retry));
        assert_eq!(wakes == due, !is_key, "{status}: {wakes:?} {due:?}");
        let kept = writes_job(&step).expect("its problem is kept");
        assert_eq!(
            (&kept.problem, kept.answers.len()),
            (&row.problem, 0),
            "{status}"
        );
        let reach = till.terminal.snapshot().status.reach;
        assert_eq!(matches!(reach, Reach::Refusing { .. }), is_key, "{status}");
    }
}

#[test]
fn a_login_page_is_not_taken_for_an_answer() {
    let (mut till, _) = Till::new(&link(), create(&link()));
    let page = response(200, "text/html", "<html>Welcome to our network</html>");
    let step = till.hears(Some(till.job), Ok(page));
    assert!(says(&step, "possible_stray"), "it may have arrived before");
    let row = till.row();
    assert!(row.refusal.is_none(), "{row:?}");
    let problem = row.problem.unwrap_or_default();
    assert!(problem.contains("sign in to the network"), "{problem}");
    assert_eq!(till.state(), LinkState::Requested);
}

#[test]
fn only_a_code_that_may_have_been_made_is_a_possible_stray() {
    let (lost, unsent) = (
        SendError::NoAnswer(String::new()),
        SendError::NotSent(String::new()),
    );
    for (link, action, error, is_stray) in [
        (link(), create(&link()), &lost, true),
        (link(), create(&link()), &unsent, false),
        (live(), withdraw(&live()), &lost, false),
        (live(), update(&live()), &lost, false),
    ] {
        let (mut till, _) = Till::new(&link, action);
        let step = till.hears(Some(till.job), Err(error.clone()));
        assert_eq!(says(&step, "possible_stray"), is_stray, "{error}");
        assert!(!till.row().under_way, "tried again later");
    }
}

#[test]
fn a_code_that_would_be_past_its_end_is_not_asked_for_any_more() {
    for (minutes, is_custom, is_sent) in [(15, false, false), (16, false, true), (15, true, true)] {
        let link = Link {
            expires_at: Some(START.plus_millis(minutes * MINUTE_MS + 1)),
            is_custom,
            ..link()
        };
        let (till, step) = Till::new(&link, create(&link));
        assert_eq!(till.sends(&step), is_sent, "{minutes} {is_custom}");
        assert_eq!(says(&step, "link_overdue"), !is_sent);
        assert_eq!(ends_job(&step), !is_sent);
        let state = if is_sent {
            LinkState::Requested
        } else {
            LinkState::Expired
        };
        assert_eq!(
            (till.state(), till.rows().len()),
            (state, usize::from(is_sent))
        );
    }
}

#[test]
fn a_code_that_the_backend_knows_no_more_is_not_shown_any_more() {
    for (state, status, then) in [
        (LinkState::Live, 404, LinkState::Burned),
        (LinkState::Live, 410, LinkState::Burned),
        (LinkState::Burned, 404, LinkState::Burned),
        (LinkState::Live, 422, LinkState::Live),
    ] {
        let link = Link { state, ..live() };
        let (mut till, _) = Till::new(&link, update(&link));
        let step = till.answers(status);
        let is_gone = status != 422;
        assert_eq!(till.state(), then, "{status}");
        assert_eq!(says(&step, "link_gone"), is_gone);
        assert_eq!(
            (ends_job(&step), till.rows().is_empty()),
            (is_gone, is_gone)
        );
    }
}
