//! A till and everything around it, driven as `runtime::engine` drives it: rows, handle, commit,
//! effects, snapshot.

mod engine;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use tillcode::terminal::{Actor, Command, Event, RequestId, Setup, Snapshot, Terminal};

use super::clock::Clock;
use super::dice::Dice;
use super::disk::Disk;
use super::hub::Hub;
use super::market::Shared;
use super::network::{Line, Parcel};
use super::oracle::{Oracle, Outcome, Violation};
use super::plan::Plan;
use super::provider::Provider;
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

/// One till, and everything around it.
#[derive(Debug)]
pub struct World {
    /// Which of the shop's.
    pub number: usize,
    pub plan: Plan,
    /// Of the present deed.
    pub dice: Dice,
    pub clock: Clock,
    pub disk: Disk,
    pub provider: Rc<RefCell<Provider>>,
    pub hub: Option<Rc<RefCell<Hub>>>,
    pub line: Line,
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
    /// Until when an account wants to be left alone by which run of the program.
    pub pauses: BTreeMap<String, (u64, u64)>,
    /// When the last minute's requests went out, by the till's beginning and account.
    pub lately: BTreeMap<(u64, String), Vec<u64>>,
    /// How often the till began anew from its rows, in whichever process.
    pub beginnings: u64,
    requests: u64,
    spins: u32,
    told: Option<Rc<RefCell<Vec<String>>>>,
}

impl World {
    pub fn new(plan: Plan, number: usize, mut dice: Dice, shared: &Shared) -> Self {
        let accounts = plan.accounts();
        let kinds = accounts.iter().map(|(_, kind)| kind.word).collect();
        let drift = i64::try_from(dice.below(400)).unwrap_or(0) - 200;
        let hub = shared.hub.as_ref().map(|hub| hub.borrow());
        let hooks = hub.as_ref().map(|hub| hub.hooks_of(number));
        let mut world = Self {
            number,
            setup: setup::setup(&plan, hooks),
            provider: Rc::clone(&shared.provider),
            hub: shared.hub.clone(),
            line: Line::default(),
            clock: Clock::new(drift),
            disk: Disk::new(plan.mirrored),
            oracle: Oracle::new(kinds, plan.proving()),
            tally: Tally::default(),
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
            pauses: BTreeMap::new(),
            lately: BTreeMap::new(),
            beginnings: 0,
            requests: 0,
            spins: 0,
            told: shared.told.clone(),
            plan,
            dice,
        };
        let products = setup::products(&world.plan);
        world.disk.commit(&products);
        world
    }

    /// Adds a line to the story, where it is told.
    pub fn tell(&self, line: impl FnOnce() -> String) {
        if let Some(told) = &self.told {
            let secs = self.clock.true_ms / 1_000;
            let millis = self.clock.true_ms % 1_000;
            let till = match self.plan.tills {
                1 => String::new(),
                _ => format!("till {}: ", self.number + 1),
            };
            let line = format!("{secs:>7}.{millis:03} s  {till}{}", line());
            told.borrow_mut().push(line);
        }
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
        self.post_at(self.clock.true_ms.saturating_add(delay_ms), parcel);
    }

    /// The same, by the true clock.
    pub fn post_at(&mut self, at_ms: u64, parcel: Parcel) {
        self.posted += 1;
        self.parcels.insert((at_ms, self.posted), parcel);
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

    /// When something happens next, by the true clock; perhaps in the past.
    pub fn due(&self) -> Option<u64> {
        let arrives = self.parcels.first_key_value().map(|((at, _), _)| *at);
        arrives.into_iter().chain(self.acts_at()).min()
    }

    /// When the program wants to be woken, or is started.
    fn acts_at(&self) -> Option<u64> {
        match &self.program {
            Program::Runs(till) => till.poll_timeout().map(|(at, _)| self.clock.true_at(at)),
            Program::Off { until_ms, .. } => Some(*until_ms),
        }
    }

    /// What is due happens.
    pub fn step(&mut self, due: u64) -> Outcome {
        let arrives = self.parcels.first_key_value().map(|((at, _), _)| *at);
        let acts = self.acts_at();
        let parcel_first = arrives.is_some_and(|at| acts.is_none_or(|acts| at <= acts));
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
        Ok(())
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
}
