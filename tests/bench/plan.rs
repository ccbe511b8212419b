//! The planner with a long outbox: how long one step takes while 10,000 links wait to be made.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use tillcode::domain::catalog::Catalog;
use tillcode::domain::day::DayRule;
use tillcode::domain::id::{Entropy, JobId};
use tillcode::domain::locale::{Language, Locale};
use tillcode::domain::money::Currency;
use tillcode::domain::options::Options;
use tillcode::domain::time::Now;
use tillcode::proto::backend::url::Schemes;
use tillcode::proto::backend::{Action, Request, codec};
use tillcode::sandbox::{Account, Sandbox};
use tillcode::terminal::snapshot::ShopView;
use tillcode::terminal::step::Job;
use tillcode::terminal::{
    BackendSetup, Command, Effect, Event, PoolSetup, Question, Recovered, RiskSetup, Rows, Setup,
    Step, Terminal, Theme,
};

use crate::line;
use crate::wanted::{self, AT};

/// Links that wait.
const WAITING: usize = 10_000;
/// Answers that are taken in, each a step that plans again.
const ANSWERS: usize = 200;
/// What one step may take, in milliseconds.
const WANTED_MS: u32 = 50;
const PROVIDER: &str = "https://4pay.online";

/// A till with its outbox, and a provider in memory.
struct Desk {
    terminal: Terminal,
    sandbox: Sandbox,
    account: Account,
    sent: VecDeque<(Option<Question>, Request)>,
    mono_ms: u64,
    /// What each step took, in milliseconds.
    steps_ms: Vec<f64>,
}

impl Desk {
    fn open() -> Self {
        let (setup, rows) = (setup(), outbox());
        let (terminal, first) = Terminal::recover(setup, rows, Entropy::new([1; 32]), now(0));
        let mut desk = Self {
            terminal,
            sandbox: Sandbox::new(PROVIDER, [7; 32]),
            account: Account {
                keys: BTreeMap::from([("api_key".to_owned(), "key".to_owned())]),
                token: None,
            },
            sent: VecDeque::new(),
            mono_ms: 0,
            steps_ms: Vec::new(),
        };
        desk.take(first);
        desk
    }

    fn take(&mut self, step: Step) {
        for effect in step.effects {
            if let Effect::Send {
                question, request, ..
            } = effect
            {
                self.sent.push_back((question, request));
            }
        }
    }

    /// One step as the engine does it: decide, look when to wake up again, make the snapshot.
    fn step(&mut self, event: Event) {
        self.mono_ms += 1;
        let began = Instant::now();
        let step = self
            .terminal
            .handle(event, Rows::default(), now(self.mono_ms));
        std::hint::black_box(self.terminal.poll_timeout());
        std::hint::black_box(self.terminal.snapshot());
        self.steps_ms.push(began.elapsed().as_secs_f64() * 1e3);
        self.take(step);
    }

    /// Lets the provider answer the oldest request.
    fn answer(&mut self) {
        let (question, request) = self.sent.pop_front().expect("something is under way");
        let codec = codec("4pay").expect("it is known");
        let response = self.account.answer(&mut self.sandbox, codec, &request, AT);
        self.step(Event::Answered {
            question,
            backend: "main".to_owned(),
            result: Ok(response),
        });
    }
}

fn now(mono_ms: u64) -> Now {
    Now {
        mono_ms,
        boot_id: uuid::Uuid::nil(),
        wall: AT,
        server_offset_ms: 0,
    }
}

fn setup() -> Setup {
    let currency = Currency::from_code("EUR").expect("the euro is known");
    Setup {
        shop: ShopView {
            name: "Corner".to_owned(),
            currency,
            locale: Locale::english(),
            day: DayRule {
                zone: chrono_tz::UTC,
                cutoff: chrono::NaiveTime::MIN,
            },
            terminal: String::new(),
            demo: false,
            test_account: true,
            has_backend: true,
        },
        shop_key: "Corner".to_owned(),
        language: Language::En,
        theme: Theme::Light,
        backends: vec![BackendSetup {
            name: "main".to_owned(),
            kind: "4pay".to_owned(),
            account: "fingerprint".to_owned(),
            live: false,
            pay_hosts: vec!["4pay.online".to_owned()],
            schemes: Schemes::Https,
            hook: None,
            options: Options::default(),
            requests_per_minute: None,
        }],
        pool: PoolSetup::default(),
        risk: RiskSetup::default(),
        hub: None,
        printers: Vec::new(),
        paper: tillcode::terminal::PaperSetup::default(),
    }
}

/// Products whose links were decided and not made yet.
fn outbox() -> Recovered {
    let mut entropy = Entropy::new([2; 32]);
    let products: Vec<_> = crate::products(WAITING).collect();
    let links: Vec<_> = products
        .iter()
        .map(|product| wanted::link(product, &mut entropy))
        .collect();
    let jobs = links.iter().map(|link| Job {
        id: JobId(entropy.uuid(AT)),
        backend: "main".to_owned(),
        link: Some(link.id),
        action: Action::Create {
            link: Box::new(link.clone()),
            notify_url: None,
        },
        answers: Vec::new(),
        attempts: 0,
        created_at: AT,
        problem: None,
        first_sent: None,
        refusal: None,
    });
    let jobs = jobs.collect();
    let products = products.into_iter().map(Arc::new).collect();
    Recovered {
        jobs,
        links,
        catalog: Arc::new(Catalog::index(1, products)),
        ..Recovered::default()
    }
}

/// The slowest step counts: the network comes back, answers come in, a person presses "Send now".
pub(crate) fn run() {
    let began = Instant::now();
    let mut desk = Desk::open();
    let opened_ms = began.elapsed().as_secs_f64() * 1e3;
    for _ in 0..ANSWERS {
        desk.answer();
    }
    desk.step(Event::Woke);
    desk.step(Event::Command {
        command: Command::SendNow,
        actor: tillcode::terminal::Actor::Script,
        seen: None,
        reply_to: None,
    });
    let left = desk.terminal.status_report().waiting_to_send;
    let all = u32::try_from(WAITING).expect("it is small");
    assert!(
        (all - 2 * u32::try_from(ANSWERS).expect("it is small")..all).contains(&left),
        "{left} wait, so the speed means nothing"
    );
    let steps = &mut desk.steps_ms;
    steps.sort_by(f64::total_cmp);
    let (median, worst) = (steps[steps.len() / 2], steps[steps.len() - 1]);
    line(
        &format!(
            "one step with {WAITING} links waiting to be made, slowest of {} (median {median:.1} ms; \
             wanted below {WANTED_MS} ms; read back at a start in {opened_ms:.0} ms)",
            steps.len()
        ),
        &format!("{worst:.1} ms"),
        "–",
        None,
    );
}
