//! A till with everything around it in memory: rows, a provider, a clock that is moved by hand.

mod disk;
mod paper;
mod provider;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::NaiveTime;
use uuid::Uuid;

use self::disk::Disk;
use self::provider::asks_for;
use super::notified::{body, item, notification};
use crate::domain::catalog::{Catalog, Product, Visibility};
use crate::domain::day::DayRule;
use crate::domain::id::{Entropy, ProductId, SaleId};
use crate::domain::link::{Link, Purpose};
use crate::domain::locale::{Language, Locale};
use crate::domain::loose::LoosePayment;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::PaymentRow;
use crate::domain::time::{Now, Timestamp};
use crate::proto::backend::url::Schemes;
use crate::proto::backend::{Request, Response};
use crate::proto::hub::FeedRequest;
use crate::terminal::printing::Deed;
use crate::terminal::query::{SaleView, sale_view};
use crate::terminal::snapshot::{CodeView, PayView, ShopView};
use crate::terminal::{
    Actor, BackendSetup, Command, Effect, Event, PoolSetup, Question, Reply, RequestId, RiskSetup,
    Rows, SendError, Setup, Snapshot, Sound, Step, Terminal, Theme, Told,
};

pub(super) fn eur(minor: i64) -> Amount {
    Amount::new(minor, Currency::from_code("EUR").unwrap())
}

pub(super) struct World {
    pub(super) setup: Setup,
    pub(super) terminal: Terminal,
    pub(super) disk: Disk,
    now: Now,
    /// The provider's links: id, minor units, whether it is still there.
    remote: BTreeMap<String, (i64, bool)>,
    /// Where the provider reports to, by its links' ids.
    pub(super) reports: BTreeMap<String, String>,
    pub(super) outbox: VecDeque<(Option<Question>, String, Request)>,
    /// What the hub was asked, in order; none of it is answered by itself.
    pub(super) asked: Vec<FeedRequest>,
    pub(super) told: Vec<Told>,
    pub(super) tests: Vec<String>,
    pub(super) asked_for_hooks: u32,
    /// What the printers' ports were to do; nothing of it is done by itself.
    pub(super) at_port: Vec<(String, Deed)>,
    /// Ports that were chosen.
    pub(super) ports: Vec<(String, Option<String>)>,
    /// The last time that a port was to be opened.
    pub(super) opening: u64,
    /// What was heard.
    pub(super) sounds: Vec<Sound>,
    sent: usize,
    replies: Vec<Reply>,
    seed: u8,
    pub(super) online: bool,
    pub(super) hold_answers: bool,
    pub(super) lose_answers: u32,
    /// Whether the provider puts everything off.
    pub(super) busy: bool,
    /// The sum for which the provider makes no links.
    pub(super) refused_minor: Option<i64>,
    pub(super) host: String,
    /// What leads from a page to its picture.
    pub(super) picture: &'static str,
}

pub(super) fn setup() -> Setup {
    let currency = Currency::from_code("EUR").unwrap();
    Setup {
        shop: ShopView {
            name: "Corner".to_owned(),
            currency,
            locale: Locale::english(),
            day: DayRule {
                zone: chrono_tz::UTC,
                cutoff: NaiveTime::MIN,
            },
            terminal: String::new(),
            demo: true,
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
            hook: Some("https://hub.example/hooks/4pay/e".to_owned()),
            options: crate::domain::options::Options::default(),
            requests_per_minute: None,
        }],
        pool: PoolSetup::default(),
        risk: RiskSetup::default(),
        hub: None,
        printers: Vec::new(),
        paper: crate::terminal::PaperSetup::default(),
    }
}

impl World {
    /// A shop whose product number n is called `Pn` and costs (n + 1) euros … in cents of 100.
    pub(super) fn with_products(count: usize) -> Self {
        Self::with_open_codes(count, 0)
    }

    /// The same with so many spare codes on which the payer types the sum.
    pub(super) fn with_open_codes(count: usize, open_amount: u32) -> Self {
        Self::with_pool(
            count,
            PoolSetup {
                open_amount,
                ..PoolSetup::default()
            },
        )
    }

    pub(super) fn with_pool(count: usize, pool: PoolSetup) -> Self {
        Self::with_setup(count, Setup { pool, ..setup() })
    }

    pub(super) fn with_setup(count: usize, setup: Setup) -> Self {
        let mut disk = Disk::default();
        for number in 0..count {
            let product = product(number);
            disk.products.insert(product.id, product);
        }
        let now = Now {
            mono_ms: 0,
            boot_id: Uuid::nil(),
            wall: Timestamp::from_millis(1_800_000_000_000),
            server_offset_ms: 0,
        };
        let (terminal, first) =
            Terminal::recover(setup.clone(), disk.recover(), Entropy::new([1; 32]), now);
        let mut world = Self {
            setup,
            terminal,
            disk,
            now,
            remote: BTreeMap::new(),
            reports: BTreeMap::new(),
            outbox: VecDeque::new(),
            asked: Vec::new(),
            told: Vec::new(),
            tests: Vec::new(),
            asked_for_hooks: 0,
            at_port: Vec::new(),
            ports: Vec::new(),
            opening: 0,
            sounds: Vec::new(),
            sent: 0,
            replies: Vec::new(),
            seed: 1,
            online: true,
            hold_answers: false,
            lose_answers: 0,
            busy: false,
            refused_minor: None,
            host: "https://4pay.online".to_owned(),
            picture: "/qr",
        };
        world.finish(first);
        world
    }

    /// What the next start finds in the configuration.
    pub(super) const fn setup_mut(&mut self) -> &mut Setup {
        &mut self.setup
    }

    pub(super) fn now(&self) -> Now {
        self.now
    }

    pub(super) fn product_row(&self, number: usize) -> Product {
        self.disk.products[&product(number).id].clone()
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.terminal.snapshot()
    }

    pub(super) fn pay(&self) -> PayView {
        self.snapshot().pay.expect("the Pay screen")
    }

    /// What the code on the screen holds, if there is one.
    pub(super) fn code(&self) -> Option<(String, Purpose)> {
        match self.snapshot().pay?.code {
            CodeView::Ready { url, purpose, .. } => Some((url, purpose)),
            CodeView::Minting { .. } | CodeView::None { .. } => None,
        }
    }

    pub(super) fn tap(&mut self, number: usize) {
        self.command(Command::Tap {
            product: product(number).id,
        });
    }

    pub(super) fn command(&mut self, command: Command) {
        let seen = self.snapshot().screen_seq;
        self.command_seen(command, seen);
    }

    pub(super) fn command_seen(&mut self, command: Command, seen: u64) {
        let event = Event::Command {
            command,
            actor: Actor::Cashier,
            seen: Some(seen),
            reply_to: None,
        };
        self.event(event);
        self.deliver();
    }

    pub(super) fn reply(&mut self, command: Command) -> Reply {
        self.reply_as(Actor::Cashier, command)
    }

    pub(super) fn reply_as(&mut self, actor: Actor, command: Command) -> Reply {
        let reply_to = Some(RequestId(1));
        self.event(Event::Command {
            command,
            actor,
            seen: None,
            reply_to,
        });
        self.deliver();
        self.replies.pop().expect("every command is answered")
    }

    /// What a script hears that waits at most so long.
    pub(super) fn reply_within(&mut self, command: Command, millis: u64) -> Reply {
        self.event(Event::Command {
            command,
            actor: Actor::Script,
            seen: None,
            reply_to: Some(RequestId(1)),
        });
        self.wait_ms(millis);
        self.replies.pop().expect("every command is answered")
    }

    /// Moves the clock on, waking the till whenever it asked for it.
    pub(super) fn wait_ms(&mut self, millis: u64) {
        let end = self.now.mono_ms + millis;
        for _ in 0..10_000 {
            let due = self
                .terminal
                .poll_timeout()
                .map(|(at, _)| at)
                .filter(|at| *at <= end);
            let Some(at) = due else { break };
            self.advance_to(at.max(self.now.mono_ms));
            self.event(Event::Woke);
            self.deliver();
        }
        self.advance_to(end);
        self.event(Event::Woke);
        self.deliver();
    }

    fn advance_to(&mut self, mono_ms: u64) {
        let passed = i64::try_from(mono_ms - self.now.mono_ms).unwrap();
        self.now.wall = self.now.wall.plus_millis(passed);
        self.now.mono_ms = mono_ms;
    }

    /// Lets the background finish.
    pub(super) fn settle(&mut self) {
        self.wait_ms(1_000);
    }

    /// The power fails and comes back: memory is gone, rows are there.
    pub(super) fn restart(&mut self) {
        self.seed += 1;
        self.outbox.clear();
        self.told.clear();
        let entropy = Entropy::new([self.seed; 32]);
        let (terminal, first) =
            Terminal::recover(self.setup.clone(), self.disk.recover(), entropy, self.now);
        self.terminal = terminal;
        self.finish(first);
        self.deliver();
    }

    pub(super) fn event(&mut self, event: Event) {
        let keys = self.terminal.needs(&event);
        let loose: Vec<LoosePayment> = keys
            .payments
            .iter()
            .filter_map(|key| self.disk.loose.get(key))
            .cloned()
            .collect();
        let given = loose.iter().filter_map(|loose| loose.state.sale());
        let sales = keys
            .sales
            .iter()
            .copied()
            .chain(given)
            .filter(|id| self.disk.sales.contains_key(id));
        let is_named = |link: &&Link| {
            let remote = |id: &str| (link.backend.clone(), id.to_owned());
            let mut remotes = link.remote.iter().map(|link| remote(&link.id));
            let is_scanned = link.purpose == Purpose::Permanent
                && link
                    .url()
                    .is_some_and(|url| keys.codes.iter().any(|code| code == url));
            is_scanned
                || keys.links.contains(&link.id)
                || remotes.any(|remote| keys.remotes.contains(&remote))
        };
        let is_asked = |row: &&PaymentRow| {
            let payment = (row.report.backend.clone(), row.report.payment.clone());
            keys.payments.contains(&payment)
        };
        let is_kept = |subject: &&String| {
            let mut journal = self.disk.journal.iter();
            journal.any(|row| row.what == "payment_unmatched" && row.subject == **subject)
        };
        let rows = Rows {
            links: self.disk.links.values().filter(is_named).cloned().collect(),
            sales: sales.map(|id| self.disk.record(id)).collect(),
            payments: self
                .disk
                .payments
                .iter()
                .filter(is_asked)
                .cloned()
                .collect(),
            loose,
            kept: keys.kept.iter().filter(is_kept).cloned().collect(),
            ..self.rows_of_paper(&keys)
        };
        let step = self.terminal.handle(event, rows, self.now);
        self.finish(step);
    }

    fn finish(&mut self, step: Step) {
        self.disk.commit(step.writes);
        for effect in step.effects {
            match effect {
                Effect::Send {
                    question,
                    backend,
                    request,
                } => {
                    self.sent += usize::from(question.is_some());
                    self.outbox.push_back((question, backend, request));
                }
                Effect::Index { revision, products } => {
                    self.event(Event::Indexed(Arc::new(Catalog::index(revision, products))));
                }
                Effect::Reply { reply, .. } => self.replies.push(reply),
                Effect::AskHub(asked) => self.asked.push(asked),
                Effect::UsePort { printer, port } => self.ports.push((printer, port)),
                Effect::TellHub(told) => self.told.push(told),
                Effect::TestHub(post) => self.tests.push(post.address),
                Effect::Sound(sound) => self.sounds.push(sound),
                Effect::AskHooks => self.asked_for_hooks += 1,
                Effect::CountSales { days } => self.count_sales(&days),
                Effect::Printer { printer, deed } => {
                    if let Deed::Open(opening) = deed {
                        self.opening = opening;
                    }
                    self.at_port.push((printer, deed));
                }
                Effect::FetchPictures { .. } | Effect::PayInSandbox { .. } => {}
            }
        }
    }

    /// Answers everything that was sent, unless answers are held.
    pub(super) fn deliver(&mut self) {
        for _ in 0..10_000 {
            if self.hold_answers {
                return;
            }
            let Some((question, backend, request)) = self.outbox.pop_front() else {
                return;
            };
            let result = self.provide(question, &request);
            self.event(Event::Answered {
                question,
                backend,
                result,
            });
        }
        panic!("the till never stops asking");
    }

    fn provide(
        &mut self,
        question: Option<Question>,
        request: &Request,
    ) -> Result<Response, SendError> {
        if !self.online {
            return Err(SendError::NotSent("no network".to_owned()));
        }
        let is_refused = self
            .refused_minor
            .is_some_and(|minor| asks_for(request, minor));
        let status = match question {
            Some(_) if self.busy => 503,
            Some(_) if is_refused => 422,
            Some(_) | None => 200,
        };
        let body = if status == 200 {
            self.serve(request)
        } else {
            serde_json::json!({ "error": { "message": "no" } })
        };
        if question.is_some() && self.lose_answers > 0 {
            self.lose_answers -= 1;
            return Err(SendError::NoAnswer("cut off".to_owned()));
        }
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Ok(Response {
            status,
            headers,
            body: body.to_string(),
        })
    }

    /// The provider reports a payment on the link that a sale showed last.
    pub(super) fn notify(&mut self, sale: SaleId, minor: i64, status: &str) {
        let link = self.link_of(sale);
        let body = body(&link, &format!("pay-{sale}"), minor, status);
        self.event(Event::Notified(Box::new(item(notification(
            &link, "4pay", &body,
        )))));
        self.deliver();
    }

    /// The link that a sale showed last.
    pub(super) fn link_of(&self, sale: SaleId) -> Link {
        let shown = self.disk.record(sale).last_shown();
        self.disk.links[&shown.expect("a link was shown")].clone()
    }

    pub(super) fn requests_sent(&self) -> usize {
        self.sent
    }

    pub(super) fn stored_sales(&self) -> usize {
        self.disk.sales.len()
    }

    pub(super) fn stored_sale(&self, sale: SaleId) -> SaleView {
        sale_view(&self.disk.record(sale), None)
    }

    pub(super) fn links(&self) -> impl Iterator<Item = &Link> {
        self.disk.links.values()
    }

    pub(super) fn journal_says(&self, what: &str) -> bool {
        self.disk.journal.iter().any(|entry| entry.what == what)
    }
}

pub(super) fn product_id(number: usize) -> ProductId {
    product(number).id
}

fn product(number: usize) -> Product {
    let sku = format!("P{number}");
    let cents = i64::try_from(number + 1).unwrap() * 100;
    Product {
        id: ProductId::of_sku("Corner", &sku),
        name: format!("Product {number}"),
        sku,
        group: None,
        category: None,
        description: String::new(),
        price: eur(cents),
        asking: crate::domain::link::Asking::default(),
        options: crate::domain::options::Options::default(),
        barcodes: Vec::new(),
        picture: None,
        visibility: Visibility::Shown,
    }
}
