//! What the till does by itself when its time has come.

use super::snapshot::Screen;
use super::step::{Effect, Write};
use super::turn::Turn;
use super::{Notice, Terminal};
use crate::domain::link::LinkState;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{Fact, SaleState};
use crate::proto::backend;

/// How often links near their end are looked for.
const SWEEP_MS: u64 = 60_000;

/// Why the till wants to be woken, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// To see whether the payment account can be reached.
    Probe,
    /// To send a request again.
    Retry,
    /// A code in the making takes too long.
    Patience,
    /// Paid goes back to Sell.
    LeavePaid,
    /// The catalog changed and the index must follow.
    Index,
    /// To look for links near their end.
    Sweep,
}

impl Terminal {
    /// When to call [`Terminal::handle`] with [`super::Event::Woke`], on the monotonic clock.
    pub fn poll_timeout(&self) -> Option<(u64, Why)> {
        let paying = self.paying.as_ref();
        // While all places are taken only an answer helps; to wake for it would be to spin.
        let retry = if self.reach.is_online() && self.may_send_more() {
            self.jobs.next_due_mono()
        } else {
            None
        };
        let times = [
            (self.reach.probe_due_mono(), Why::Probe),
            (retry, Why::Retry),
            (
                paying.and_then(|paying| paying.patience_ends_mono),
                Why::Patience,
            ),
            (
                paying.and_then(|paying| paying.leaves_at_mono),
                Why::LeavePaid,
            ),
            (self.indexing.due_mono(), Why::Index),
            (Some(self.next_sweep_mono), Why::Sweep),
        ];
        times
            .into_iter()
            .filter_map(|(at, why)| at.map(|at| (at, why)))
            .min()
    }

    /// Does all that is due. Runs at the end of every step.
    pub(super) fn tick(&mut self, turn: &mut Turn) {
        self.leave_paid_when_due(turn);
        self.lose_patience_when_due(turn);
        self.index_when_due(turn);
        self.sweep_when_due(turn);
        self.probe_when_due(turn);
        self.pump(turn);
    }

    fn leave_paid_when_due(&mut self, turn: &Turn) {
        let due = |at: &u64| *at <= turn.now.mono_ms;
        let leaves = self
            .paying
            .as_ref()
            .and_then(|paying| paying.leaves_at_mono);
        if leaves.as_ref().is_some_and(due) {
            self.paying = None;
            self.show(Screen::Sell);
        }
    }

    fn lose_patience_when_due(&mut self, turn: &mut Turn) {
        let Some(paying) = self.paying.as_mut() else {
            return;
        };
        if paying
            .patience_ends_mono
            .is_none_or(|ends| ends > turn.now.mono_ms)
        {
            return;
        }
        paying.patience_ends_mono = None;
        let sale = paying.sale;
        let open = self
            .sales
            .get(&sale)
            .filter(|record| record.standing().state == SaleState::Open);
        // Online the code may still come; the screen says so. Only a permanent one is better than it.
        if let Some(amount) = open.map(|record| record.sale.total) {
            let online = self.reach.is_online();
            self.fall_back(turn, sale, Notice::OfflineNoCode { amount });
            if online && let Some(paying) = self.paying.as_mut() {
                paying.refused = None;
            }
        }
    }

    fn sweep_when_due(&mut self, turn: &mut Turn) {
        if turn.now.mono_ms < self.next_sweep_mono {
            return;
        }
        self.next_sweep_mono = turn.now.mono_ms.saturating_add(SWEEP_MS);
        // Before a server said what time it is, a dead battery must not end anything.
        if !self.reach.is_online() {
            return;
        }
        for mut link in self.links.stale_spares(turn.now.best()) {
            link.state = LinkState::Expired;
            turn.write(Write::Link(link.clone()));
            self.links.put(link);
        }
        let at = turn.now.best();
        #[cfg(planted)]
        let at = if planted::is(Bug::WallClockEnds) {
            turn.now.wall
        } else {
            at
        };
        let ended: Vec<_> = self
            .waiting
            .iter()
            .filter_map(|id| self.sales.get(id))
            .filter(|record| {
                let link = record.last_shown().and_then(|link| self.links.link(link));
                link.is_some_and(|link| !link.is_fresh(at, 0))
            })
            .map(|record| record.sale.id)
            .collect();
        for sale in ended {
            self.add_fact(turn, sale, Fact::Expired { at: turn.at() });
        }
    }

    fn probe_when_due(&mut self, turn: &mut Turn) {
        let due = self
            .reach
            .probe_due_mono()
            .is_some_and(|due| due <= turn.now.mono_ms);
        let Some(setup) = self.setup.backends.first().filter(|_| due) else {
            return;
        };
        let Some(codec) = backend::codec(&setup.kind) else {
            return;
        };
        let (backend, request) = (setup.name.clone(), codec.probe());
        turn.effect(Effect::Send {
            job: None,
            backend,
            request,
        });
        self.reach.probe_sent();
    }
}
