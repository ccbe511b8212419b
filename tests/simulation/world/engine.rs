//! The loop around the till, with everything that can happen to it between two of its steps.

use std::sync::Arc;

use tillcode::domain::catalog::Catalog;
use tillcode::domain::id::Entropy;
use tillcode::terminal::{Effect, Event, Notice, Reply, Screen, Snapshot, Step, Terminal, Write};

use super::{Program, World};
use crate::network::{Ask, Parcel};
use crate::oracle::Outcome;
use crate::oracle::rows::stored;
use crate::plan::Sloppy;
use crate::setup;
use crate::tally::Fault;

impl World {
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
            Some(
                Sloppy::BelievesItWorked
                | Sloppy::AcknowledgesFirst
                | Sloppy::HubAcknowledgesFirst
                | Sloppy::CursorFirst,
            )
            | None => {}
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
        if self.plan.sloppy == Some(Sloppy::CursorFirst) {
            self.commit_cursor(step);
        }
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
        stored(&step.writes, &self.disk, &mut self.tally);
        self.oracle.stays_paid(&step.writes, &self.disk)?;
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

    /// What must not be: how far the feed was read, without what was read.
    fn commit_cursor(&mut self, step: &Step) {
        let is_cursor = |write: &&Write| matches!(write, Write::Setting { key, .. } if key.starts_with("hub_cursor"));
        let cursors: Vec<_> = step.writes.iter().filter(is_cursor).cloned().collect();
        self.disk.commit(&cursors);
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
                question,
                backend,
                request,
            } => self.send(question, backend, request)?,
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
            Effect::AskHub(asked) => self.calls_hub(Ask::Feed(asked)),
            Effect::TellHub(told) => self.calls_hub(Ask::Tell(told)),
            Effect::AskHooks => self.calls_hub(Ask::Hooks),
            Effect::Printer { .. }
            | Effect::UsePort { .. }
            | Effect::TestHub(_)
            | Effect::Sound(_)
            | Effect::CountSales { .. }
            | Effect::FetchPictures { .. }
            | Effect::PayInSandbox { .. } => {}
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
            &mut self.provider.borrow_mut(),
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

    pub(super) fn start(&mut self) -> Outcome {
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
        self.beginnings += 1;
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
        self.pauses.clear();
        let (mut till, first) = self.recovered()?;
        self.tell(|| "the till reads everything again".to_owned());
        self.oracle.committed(
            &first.writes,
            &self.disk,
            self.clock.server(),
            &mut self.tally,
        )?;
        self.disk.commit(&first.writes);
        stored(&first.writes, &self.disk, &mut self.tally);
        till.take_over_from(&earlier, Notice::StoreReopened);
        self.program = Program::Runs(Box::new(till));
        if self.run(first)? {
            self.publish(true)?;
        }
        Ok(())
    }
}
