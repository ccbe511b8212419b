//! The faults end: the tills of a shop must have heard of each other.

use std::collections::BTreeSet;

use tillcode::domain::loose::LooseState;
use tillcode::proto::backend::Learns;

use super::Market;
use crate::oracle::{Outcome, require};
use crate::world::World;

/// Within which all must be settled once the faults are over.
const DAY_MS: u64 = 24 * 3_600_000;
const MINUTE_MS: u64 = 60_000;

impl Market {
    /// No more faults: waits until nothing is left to do, a day at most, and checks the sums.
    pub fn settle(&mut self) -> Outcome {
        for world in &mut self.worlds {
            world.calms();
        }
        if let Some(hub) = &self.shared.hub {
            hub.borrow_mut().comes_up();
        }
        let end = self.now_ms + DAY_MS;
        self.pass(5 * MINUTE_MS)?;
        while self.is_busy() && self.now_ms < end {
            for till in 0..self.worlds.len() {
                self.worlds[till].decides_on_refusals()?;
                self.spread(till)?;
            }
            self.pass(MINUTE_MS)?;
        }
        self.is_read()?;
        self.is_equal()
    }

    fn is_busy(&self) -> bool {
        self.worlds.iter().any(World::is_busy) || self.unread().is_some()
    }

    /// A till that has not read all of its feed.
    fn unread(&self) -> Option<String> {
        let hub = self.shared.hub.as_ref()?.borrow();
        let mut behind = self.worlds.iter().filter_map(|world| {
            let cursors = world.cursors();
            let ends = hub.ends(world.number);
            let is_read = world.line.read_to(&cursors) == ends;
            (!is_read).then(|| format!("till {}: {cursors:?} of {ends:?}", world.number + 1))
        });
        behind.next()
    }

    fn is_read(&self) -> Outcome {
        let unread = self.unread();
        require(
            unread.is_none(),
            "every till reads its feed to the end",
            || unread.clone().unwrap_or_default(),
        )
    }

    fn is_equal(&mut self) -> Outcome {
        let (posted, claims) = match &self.shared.hub {
            Some(hub) => (hub.borrow().lost.clone(), hub.borrow().lost_claims.clone()),
            None => Default::default(),
        };
        let lost: BTreeSet<_> = posted.iter().map(|(payment, _)| payment.as_str()).collect();
        let (mut known, mut delivered) = (BTreeSet::new(), 0);
        for world in &mut self.worlds {
            world.nothing_is_stuck()?;
            world.money_is_equal(&lost)?;
            known.extend(world.links_are_equal()?);
            delivered += world.oracle.delivered.len();
            world.disk.verify();
        }
        self.strays_are_explained(&known, delivered)?;
        let lost: BTreeSet<_> = claims.iter().map(String::as_str).chain(lost).collect();
        self.everybody_agrees(&lost)
    }

    fn strays_are_explained(&self, known: &BTreeSet<String>, delivered: usize) -> Outcome {
        let at = self.worlds[0].clock.server();
        let mut provider = self.shared.provider.borrow_mut();
        let all = provider.book(at);
        let strays = all.values().filter(|held| !known.contains(&held.id));
        let strays = strays.count();
        let unheard = all.len().saturating_sub(delivered);
        require(
            strays <= unheard,
            "only an answer that was not heard leaves a stray link",
            || format!("{strays} strays, {unheard} answers were not heard"),
        )
    }

    /// A payment on a sticker is taken at one till, and all the others know; or all see it.
    fn everybody_agrees(&self, lost: &BTreeSet<&str>) -> Outcome {
        for (payment, charge) in &self.worlds[0].oracle.charges {
            let is_told = matches!(charge.learns, Learns::Notified | Learns::Hinted);
            if charge.is_single || !is_told || lost.contains(payment.as_str()) {
                continue;
            }
            let key = (charge.backend.clone(), payment.clone());
            let states: Vec<_> = self
                .worlds
                .iter()
                .map(|world| world.disk.loose.get(&key).map(|loose| &loose.state))
                .collect();
            let takers = states
                .iter()
                .filter(|state| matches!(state, Some(LooseState::Taken { .. })))
                .count();
            let agrees = |state: Option<&LooseState>| match state {
                Some(LooseState::Taken { .. } | LooseState::Elsewhere { .. }) => takers == 1,
                Some(LooseState::Open | LooseState::SetAside { .. }) => takers == 0,
                Some(LooseState::Wanted { .. }) => false,
                // It was kept whole, before its till had told of the code.
                None => true,
            };
            require(
                states.iter().copied().all(agrees) && states.iter().any(Option::is_some),
                "the tills of a shop agree on who has a payment",
                || format!("payment {payment}: {states:?}"),
            )?;
        }
        Ok(())
    }
}
