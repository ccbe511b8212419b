//! What the till does by itself when its time has come.

use super::accounts::Account;
use super::pace::Urgency;
use super::snapshot::Screen;
use super::step::{Effect, Write};
use super::turn::Turn;
use super::{Notice, Terminal};
use crate::domain::link::LinkState;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{Fact, SaleState};

/// How often links near their end are looked for.
const SWEEP_MS: u64 = 60_000;

/// Why the till wants to be woken, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// To see whether the payment account can be reached.
    Probe,
    /// To send a request again.
    Retry,
    /// To ask what was paid.
    LookUp,
    /// To ask the hub for its feed, or to tell it something.
    Hub,
    /// A code in the making takes too long.
    Patience,
    /// Paid goes back to Sell.
    LeavePaid,
    /// The catalog changed and the index must follow.
    Index,
    /// To count what was sold on the last days.
    Sales,
    /// To go on with a printer.
    Print,
    /// To look for links near their end.
    Sweep,
}

impl Terminal {
    /// When to call [`Terminal::handle`] with [`super::Event::Woke`], on the monotonic clock.
    pub fn poll_timeout(&self) -> Option<(u64, Why)> {
        let paying = self.paying.as_ref();
        let probe = self
            .accounts
            .iter()
            .filter_map(|account| account.reach.probe_due_mono())
            .min();
        let retry = self
            .accounts
            .iter()
            .filter_map(|account| self.send_due_mono(account))
            .min();
        let times = [
            (probe, Why::Probe),
            (retry, Why::Retry),
            (self.watching.due_mono(), Why::LookUp),
            (self.hub_due_mono(), Why::Hub),
            (self.telling_due_mono(), Why::Hub),
            (
                paying.and_then(|paying| paying.patience_ends_mono),
                Why::Patience,
            ),
            (
                paying.and_then(|paying| paying.leaves_at_mono),
                Why::LeavePaid,
            ),
            (self.indexing.due_mono(), Why::Index),
            (self.sales_due_mono(), Why::Sales),
            (self.printing.due_mono(), Why::Print),
            (Some(self.next_sweep_mono), Why::Sweep),
        ];
        times
            .into_iter()
            .filter_map(|(at, why)| at.map(|at| (at, why)))
            .min()
    }

    /// When an account's next request may go out.
    fn send_due_mono(&self, account: &Account) -> Option<u64> {
        // While all places are taken only an answer helps; to wake for it would be to spin.
        if !account.reach.is_online() || !self.may_send_more(account.name()) {
            return None;
        }
        let free_at = |urgency| account.pace.free_at(urgency);
        let job = self.jobs.next_due_mono(account.name(), free_at);
        let wanted = account
            .targets
            .is_held_up
            .then(|| account.pace.free_at(Urgency::Background));
        job.into_iter().chain(wanted).min()
    }

    /// Tries the network and all that waits at once.
    pub(super) fn send_now(&mut self, turn: &Turn) {
        self.watching.release(turn.now.mono_ms);
        self.try_hub_now(turn.now.mono_ms);
        for name in self.accounts.names() {
            self.jobs.release(&name, turn.now.mono_ms);
        }
        for account in self.accounts.iter_mut() {
            account.reach.probe_now(turn.now);
        }
    }

    /// Does all that is due. Runs at the end of every step.
    pub(super) fn tick(&mut self, turn: &mut Turn) {
        self.leave_paid_when_due(turn);
        self.print_when_due(turn);
        self.count_fading(turn);
        self.lose_patience_when_due(turn);
        self.index_when_due(turn);
        self.sweep_when_due(turn);
        self.count_sales_when_due(turn);
        self.look_up_when_due(turn);
        self.probe_when_due(turn);
        self.ask_hub_when_due(turn);
        self.pump(turn);
        self.judge_stickers();
        self.tell_hub_when_due(turn);
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
        // Refused for good: no code is in the making, and what was said stays.
        if self.jobs.iter().all(|flight| flight.sale != Some(sale)) {
            return;
        }
        let open = self
            .sales
            .get(&sale)
            .filter(|record| record.standing().state == SaleState::Open);
        // Online the code may still come; the screen says so. Only a permanent one is better than it.
        let open = open.map(|record| (record.sale.total, record.sale.backend.clone()));
        if let Some((amount, backend)) = open {
            let online = self.accounts.is_online(&backend);
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
        let is_online = |account: &Account| account.reach.is_online();
        if !self.accounts.iter().any(is_online) {
            return;
        }
        for mut link in self.links.stale_spares(turn.now.best()) {
            // Nobody has seen it; where it can be switched off before its end, it is.
            link.state = LinkState::Expired;
            turn.write(Write::Link(link.clone()));
            self.switch_off(turn, &link);
            self.links.put(link);
        }
        self.forget_old_prices(turn);
        self.end_trip_when_over(turn);
        let at = turn.now.best();
        #[cfg(planted)]
        let at = if planted::is(Bug::WallClockEnds) {
            turn.now.wall
        } else {
            at
        };
        let on_screen = self.paying.as_ref().map(|paying| paying.sale);
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
            // Whoever stands there gets another code at one tap.
            if let Some(paying) = self.paying.as_mut().filter(|_| on_screen == Some(sale)) {
                paying.has_ended = true;
                continue;
            }
            self.add_fact(turn, sale, Fact::Expired { at: turn.at() });
        }
    }

    fn probe_when_due(&mut self, turn: &mut Turn) {
        for account in self.accounts.iter_mut() {
            let due = account.reach.probe_due_mono();
            if due.is_none_or(|due| due > turn.now.mono_ms) {
                continue;
            }
            turn.effect(Effect::Send {
                question: None,
                backend: account.setup.name.clone(),
                request: account.codec.probe(),
            });
            account.reach.probe_sent();
        }
    }
}
