//! Asking a backend what was paid, where its document lets a till ask.
//!
//! A link on the screen is asked about every few seconds, one that waits ever more rarely, and one
//! whose sale was closed for some days more: a payer may have had its page open.

use std::collections::BTreeMap;

use super::Terminal;
use super::turn::Turn;
use crate::domain::id::LinkId;
use crate::domain::link::{Link, LinkState, Purpose};
use crate::proto::backend::{Action, Learns};

/// Pauses between two questions about a link: on the screen, and the first and the longest otherwise.
const ON_SCREEN_MS: u64 = 3_000;
const WAITING_MS: (u64, u64) = (10_000, 600_000);
/// The most links that are asked about.
const LINKS_MAX: usize = 5_000;

/// When each link is asked about next.
#[derive(Debug, Default)]
pub(super) struct Watch {
    links: BTreeMap<LinkId, Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    next_mono: u64,
    pause_ms: u64,
    /// Until when a closed one is asked about, by the monotonic clock; none while its sale waits.
    ends_mono: Option<u64>,
}

/// How long a link is asked about after its sale was closed: 3 days.
const AFTER_CLOSE_MS: u64 = 3 * 24 * 3_600_000;

impl Watch {
    fn begin(&mut self, link: LinkId, mono_ms: u64, first_ms: u64) {
        if self.links.len() < LINKS_MAX {
            self.links.entry(link).or_insert(Row {
                next_mono: mono_ms.saturating_add(first_ms),
                pause_ms: WAITING_MS.0,
                ends_mono: None,
            });
        }
    }

    /// How many questions are due.
    pub(super) fn due_count(&self, mono_ms: u64) -> usize {
        let due = |row: &&Row| row.next_mono <= mono_ms;
        self.links.values().filter(due).count()
    }

    /// Everything is asked about at once.
    pub(super) fn release(&mut self, mono_ms: u64) {
        for row in self.links.values_mut() {
            row.next_mono = row.next_mono.min(mono_ms);
        }
    }

    /// When the next question is due.
    pub(super) fn due_mono(&self) -> Option<u64> {
        self.links.values().map(|row| row.next_mono).min()
    }
}

impl Terminal {
    /// A link of a sale was shown, or came back from disk: from now on it is asked about.
    pub(super) fn watch(&mut self, link: &Link, mono_ms: u64) {
        let asks = self
            .accounts
            .get(&link.backend)
            .is_some_and(|account| account.can().learns == Learns::LookedUp);
        if asks && link.purpose == Purpose::Single && link.remote.is_some() {
            self.watching.begin(link.id, mono_ms, ON_SCREEN_MS);
        }
    }

    /// A provider says that something happened on a link, and not what: it is asked at once.
    pub(super) fn ask_now(&mut self, link: &Link, mono_ms: u64) {
        self.watch(link, mono_ms);
        if let Some(row) = self.watching.links.get_mut(&link.id) {
            row.next_mono = mono_ms;
            row.pause_ms = WAITING_MS.0;
        }
    }

    /// Asks about every link whose time has come.
    pub(super) fn look_up_when_due(&mut self, turn: &mut Turn) {
        let mono_ms = turn.now.mono_ms;
        let on_screen = self.link_on_screen();
        let due: Vec<(LinkId, Row)> = self
            .watching
            .links
            .iter()
            .filter(|(_, row)| row.next_mono <= mono_ms)
            .map(|(id, row)| (*id, *row))
            .collect();
        for (id, mut row) in due {
            let link = self.links.link(id).cloned();
            let Some(link) = link.filter(|link| link.state != LinkState::Paid) else {
                self.watching.links.remove(&id);
                continue;
            };
            if link.state != LinkState::Shown && row.ends_mono.is_none() {
                row.ends_mono = Some(mono_ms.saturating_add(AFTER_CLOSE_MS));
            }
            if row.ends_mono.is_some_and(|ends| ends <= mono_ms) {
                self.watching.links.remove(&id);
                continue;
            }
            // Offline the question waits: back online everything is asked at once.
            let is_online = self.accounts.is_online(&link.backend);
            let pause = if !is_online {
                WAITING_MS.0
            } else if on_screen == Some(id) {
                ON_SCREEN_MS
            } else {
                let pause = row.pause_ms;
                row.pause_ms = pause.saturating_mul(2).min(WAITING_MS.1);
                pause
            };
            row.next_mono = mono_ms.saturating_add(pause);
            self.watching.links.insert(id, row);
            // One question at a time.
            if is_online && !self.jobs.concerns(id) {
                let backend = link.backend.clone();
                let action = Action::LookUp {
                    link: Box::new(link),
                };
                self.queue(turn, &backend, Some(id), action, None);
            }
        }
    }

    fn link_on_screen(&self) -> Option<LinkId> {
        let paying = self.paying.as_ref()?;
        self.sales.get(&paying.sale)?.last_shown()
    }
}
