//! The till and everything around it, driven as `runtime::engine` drives it: rows, handle, commit,
//! effects, snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use tillcode::domain::catalog::Catalog;
use tillcode::domain::id::Entropy;
use tillcode::terminal::{
    Actor, Command, Effect, Event, Reply, RequestId, Screen, Setup, Snapshot, Step, Terminal,
};

use super::clock::Clock;
use super::dice::Dice;
use super::disk::Disk;
use super::network::Parcel;
use super::oracle::{Oracle, Outcome, Violation};
use super::plan::{Plan, Sloppy};
use super::provider::{KINDS, Provider};
use super::setup;
use super::tally::{Fault, Tally};

/// Events without any time passing after which the till is said to spin.
const SPINS_MAX: u32 = 2_000;

/// The program as it runs on the machine.
#[derive(Debug)]
enum Program {
    Runs(Box<Terminal>),
    /// Until then, by the true clock.
    Off {
        until_ms: u64,
        machine_too: bool,
    },
}

/// Everything.
#[derive(Debug)]
pub struct World {
    pub plan: Plan,
    /// Of the present deed.
    pub dice: Dice,
    pub clock: Clock,
    pub disk: Disk,
    pub provider: Provider,
    pub oracle: Oracle,
    pub tally: Tally,
    pub setup: Setup,
    program: Program,
    /// Which run of the program this is: what an earlier one waited for, nobody hears.
    pub process: u64,
    /// What is on its way, by the time at which it arrives.
    parcels: BTreeMap<(u64, u64), Parcel>,
    posted: u64,
    /// What the cashier sees.
    pub published: Option<Snapshot>,
    /// The faults have ended.
    pub calm: bool,
    pub no_network_until_ms: u64,
    pub key_refused_until_ms: u64,
    /// Until when a provider wants to be left alone by which run of the program.
    pub pause: (u64, u64),
    requests: u64,
    spins: u32,
    told: Option<Vec<String>>,
}

impl World {
    pub fn new(plan: Plan, telling: bool) -> Outcome<Self> {
        let mut dice = Dice::new(plan.seed);
        let kind = &KINDS[plan.kind];
        let drift = i64::try_from(dice.below(400)).unwrap_or(0) - 200;
        let mut world = Self {
            clock: Clock::new(drift),
            disk: Disk::new(plan.mirrored),
            provider: Provider::new(kind, dice.seed()),
            oracle: Oracle::new(kind.word),
            tally: Tally::default(),
            setup: setup::setup(&plan, kind),
            program: Program::Off {
                until_ms: 0,
                machine_too: false,
            },
            process: 0,
            parcels: BTreeMap::new(),
            posted: 0,
            published: None,
            calm: false,
            no_network_until_ms: 0,
            key_refused_until_ms: 0,
            pause: (0, 0),
            requests: 0,
            spins: 0,
            told: telling.then(Vec::new),
            plan,
            dice,
        };
        let products = setup::products(&world.plan);
        world.disk.commit(&products);
        world.advance_to(0)?;
        Ok(world)
    }

    /// Adds a line to the story, where it is told.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(told) = &mut self.told {
            let secs = self.clock.true_ms / 1_000;
            let millis = self.clock.true_ms % 1_000;
            told.push(format!("{secs:>7}.{millis:03} s  {}", line()));
        }
    }

    pub fn told(&mut self) -> Vec<String> {
        self.told.take().unwrap_or_default()
    }

    /// Whether a fault occurs now.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = !self.calm && self.dice.chance(self.plan.rate(fault));
        if strikes {
            self.tally.fault(fault);
            self.tell(|| format!("  fault: {}", fault.words()));
        }
        strikes
    }

    pub const fn runs(&self) -> bool {
        matches!(self.program, Program::Runs(_))
    }

    /// Puts something on its way.
    pub fn post(&mut self, delay_ms: u64, parcel: Parcel) {
        self.posted += 1;
        let at = self.clock.true_ms.saturating_add(delay_ms);
        self.parcels.insert((at, self.posted), parcel);
    }

    /// What is on its way.
    pub fn parcels(&self) -> impl Iterator<Item = &Parcel> {
        self.parcels.values()
    }

    /// Everything on its way arrives within the time given.
    pub fn hurry(&mut self, within_ms: u64) {
        let latest = self.clock.true_ms.saturating_add(within_ms);
        let parcels = std::mem::take(&mut self.parcels);
        self.parcels = parcels
            .into_iter()
            .map(|((at, number), parcel)| ((at.min(latest), number), parcel))
            .collect();
    }

    /// Time passes, and what is due happens.
    pub fn advance_to(&mut self, end_ms: u64) -> Outcome {
        loop {
            let arrives = self.parcels.first_key_value().map(|((at, _), _)| *at);
            let acts = match &self.program {
                Program::Runs(till) => till.poll_timeout().map(|(at, _)| self.clock.true_at(at)),
                Program::Off { until_ms, .. } => Some(*until_ms),
            };
            let parcel_first = arrives.is_some_and(|at| acts.is_none_or(|acts| at <= acts));
            let due = if parcel_first { arrives } else { acts };
            let Some(due) = due.filter(|due| *due <= end_ms) else {
                break;
            };
            self.spins = if due > self.clock.true_ms {
                0
            } else {
                self.spins + 1
            };
            if self.spins > SPINS_MAX {
                return Err(Violation::new(
                    "the till never waits",
                    "it wakes at once, again and again",
                ));
            }
            self.clock.true_ms = self.clock.true_ms.max(due);
            if parcel_first {
                if let Some((_, parcel)) = self.parcels.pop_first() {
                    self.arrives(parcel)?;
                }
            } else if self.runs() {
                self.handle(Event::Woke, false)?;
            } else {
                self.start()?;
            }
        }
        self.clock.true_ms = self.clock.true_ms.max(end_ms);
        Ok(())
    }

    pub fn pass(&mut self, millis: u64) -> Outcome {
        self.advance_to(self.clock.true_ms.saturating_add(millis))
    }

    /// A command as the window or a subcommand sends it. Without a program, nobody hears it.
    pub fn command(&mut self, command: Command, actor: Actor, seen: Option<u64>) -> Outcome {
        if !self.runs() {
            return Ok(());
        }
        self.tell(|| format!("{actor:?}: {command:?}"));
        self.requests += 1;
        self.oracle.asked(&command);
        let reply_to = Some(RequestId(self.requests));
        let by_finger = actor == Actor::Cashier;
        let event = Event::Command {
            command,
            actor,
            seen,
            reply_to,
        };
        self.handle(event, by_finger)?;
        self.oracle.asked_no_more();
        Ok(())
    }

    /// One step of the engine. Says whether it was committed for sure, as a hub would have to know.
    pub fn handle(&mut self, event: Event, by_finger: bool) -> Outcome<bool> {
        let now = self.clock.now();
        let Program::Runs(till) = &mut self.program else {
            return Ok(false);
        };
        self.tally.events += 1;
        let keys = till.needs(&event);
        let rows = self.disk.rows(&keys);
        let mut step = till.handle(event, rows, now);
        match self.plan.sloppy {
            Some(Sloppy::ShowsFirst) => self.publish(by_finger)?,
            Some(Sloppy::ActsFirst) => {
                for effect in std::mem::take(&mut step.effects) {
                    self.effect(effect)?;
                }
            }
            Some(Sloppy::BelievesItWorked | Sloppy::AcknowledgesFirst) | None => {}
        }
        if !self.commit(&step)? {
            return Ok(false);
        }
        if !self.run(step)? {
            return Ok(false);
        }
        self.publish(by_finger)?;
        Ok(true)
    }

    /// Whether the rows are on disk and the program still runs with them in memory.
    fn commit(&mut self, step: &Step) -> Outcome<bool> {
        if step.writes.is_empty() {
            return Ok(true);
        }
        self.tally.commits += 1;
        if self.strikes(Fault::CrashBefore) {
            self.dies();
            return Ok(false);
        }
        if self.strikes(Fault::UnknownLost) {
            if self.plan.sloppy == Some(Sloppy::BelievesItWorked) {
                return Ok(true);
            }
            return self.start_over().map(|()| false);
        }
        self.oracle.committed(
            &step.writes,
            &self.disk,
            self.clock.server(),
            &mut self.tally,
        )?;
        self.disk.commit(&step.writes);
        self.oracle
            .stored(&step.writes, &self.disk, &mut self.tally)?;
        if self.told.is_some() {
            for write in &step.writes {
                self.tell(|| format!("    row: {}", setup::brief(write)));
            }
        }
        if self.strikes(Fault::UnknownKept) {
            return self.start_over().map(|()| false);
        }
        if self.strikes(Fault::CrashAfter) {
            self.dies();
            return Ok(false);
        }
        Ok(true)
    }

    fn run(&mut self, step: Step) -> Outcome<bool> {
        let many = step.effects.len() > 1;
        for effect in step.effects {
            self.effect(effect)?;
            if many && self.strikes(Fault::CrashBetween) {
                self.dies();
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn effect(&mut self, effect: Effect) -> Outcome {
        match effect {
            Effect::Send {
                job,
                backend,
                request,
            } => self.send(job, backend, request)?,
            Effect::Index { revision, products } => {
                let catalog = Arc::new(Catalog::index(revision, products));
                let delay = self.dice.between(1, 60);
                let process = self.process;
                self.post(delay, Parcel::Indexed { process, catalog });
            }
            Effect::Reply { reply, .. } => {
                if let Reply::Refused { notice } = &reply {
                    self.tell(|| format!("  refused: {notice}"));
                }
                self.oracle.replied(&reply, &self.disk)?;
            }
            Effect::FetchPictures { .. } | Effect::PayInSandbox { .. } => {}
        }
        Ok(())
    }

    fn publish(&mut self, at_once: bool) -> Outcome {
        let Program::Runs(till) = &self.program else {
            return Ok(());
        };
        let snapshot = till.snapshot();
        let quiet = self
            .published
            .as_ref()
            .is_some_and(|before| snapshot.differs_in_counters_only(before));
        if at_once || !quiet {
            self.shown(snapshot)?;
        }
        Ok(())
    }

    fn shown(&mut self, snapshot: Snapshot) -> Outcome {
        let at = self.clock.server();
        let before = self.published.as_ref();
        let news = self.oracle.saw(
            &snapshot,
            before,
            &self.disk,
            &mut self.provider,
            at,
            &mut self.tally,
        )?;
        if let Some(news) = news {
            self.tell(|| format!("  screen: {news}"));
        }
        self.published = Some(snapshot);
        Ok(())
    }

    /// The process ends; somebody starts it again.
    pub fn dies(&mut self) {
        let pause = self.dice.between(500, 20_000);
        self.off_for(pause, false);
    }

    pub fn off_for(&mut self, millis: u64, machine_too: bool) {
        self.process += 1;
        self.published = None;
        self.program = Program::Off {
            until_ms: self.clock.true_ms.saturating_add(millis),
            machine_too,
        };
    }

    /// Whoever switched the till off switches it on again.
    pub fn switch_on(&mut self, within_ms: u64) {
        let latest = self.clock.true_ms.saturating_add(within_ms);
        if let Program::Off { until_ms, .. } = &mut self.program {
            *until_ms = latest.min(*until_ms);
        }
    }

    fn start(&mut self) -> Outcome {
        if let Program::Off {
            machine_too: true, ..
        } = self.program
        {
            let dead = self.strikes(Fault::DeadBattery);
            self.clock.machine_starts(dead);
        } else {
            self.clock.program_starts();
        }
        let (till, first) = self.recovered()?;
        self.tell(|| "the till starts".to_owned());
        self.program = Program::Runs(Box::new(till));
        if self.commit(&first)? && self.run(first)? {
            self.publish(true)?;
        }
        Ok(())
    }

    fn recovered(&mut self) -> Outcome<(Terminal, Step)> {
        let now = self.clock.now();
        let since = self.setup.shop.day.start_of_day(now.wall);
        let rows = self.disk.recover(since);
        if self.disk.is_mirrored() {
            self.tally.state("real database compared");
        }
        self.oracle.still_there(&self.disk)?;
        let entropy = Entropy::new(self.dice.seed());
        Ok(Terminal::recover(self.setup.clone(), rows, entropy, now))
    }

    /// What `runtime::engine` does after a commit whose outcome is unknown.
    fn start_over(&mut self) -> Outcome {
        let Program::Runs(earlier) = std::mem::replace(
            &mut self.program,
            Program::Off {
                until_ms: 0,
                machine_too: false,
            },
        ) else {
            return Ok(());
        };
        while self.strikes(Fault::ReopenFails) {
            if let Some(mut snapshot) = self.published.take() {
                self.tally.state("screen fault");
                snapshot.screen = Screen::Fault;
                snapshot.pay = None;
                self.published = Some(snapshot);
            }
            self.clock.true_ms += 2_000;
        }
        self.pause = (0, 0);
        let (mut till, first) = self.recovered()?;
        self.tell(|| "the till reads everything again".to_owned());
        self.oracle.committed(
            &first.writes,
            &self.disk,
            self.clock.server(),
            &mut self.tally,
        )?;
        self.disk.commit(&first.writes);
        self.oracle
            .stored(&first.writes, &self.disk, &mut self.tally)?;
        till.take_over_from(&earlier);
        self.program = Program::Runs(Box::new(till));
        if self.run(first)? {
            self.publish(true)?;
        }
        Ok(())
    }
}
