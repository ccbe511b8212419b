//! What happens to the server that the hub runs on.

use crate::tally::Fault;
use crate::world::World;

const HOUR_MS: u64 = 3_600_000;

impl World {
    pub(super) fn trouble_at_hub(&mut self) {
        let Some(hub) = self.hub.clone() else { return };
        let (now_ms, at) = (self.clock.true_ms, self.clock.server());
        if self.strikes(Fault::HubAway) {
            let until_ms = now_ms + self.dice.below(12 * HOUR_MS);
            hub.borrow_mut().dies(now_ms, until_ms);
        }
        if !self.calm && self.dice.chance(30) {
            self.tally.state("hub backed up");
            self.tell(|| "the hub is backed up".to_owned());
            hub.borrow_mut().back_up();
        }
        if !self.calm && self.dice.chance(60) {
            let minutes = i64::try_from(self.dice.between(1, 600)).unwrap_or(1);
            let before = at.plus_millis(-minutes * 60_000);
            if hub.borrow_mut().forgets(before) {
                self.tally.state("hub forgot what all had read");
            }
        }
        if self.strikes(Fault::HubRestored) {
            hub.borrow_mut().dies(now_ms, now_ms);
            let lost = hub.borrow_mut().restore(&mut self.dice);
            // New items get the numbers of those that are lost before a till asks again.
            if self.dice.chance(500) {
                let hours = self.dice.below(12 * HOUR_MS);
                hub.borrow_mut().is_cut_off(now_ms + hours);
            }
            for _ in 0..lost.0 {
                self.tally.state("notification lost by a restore");
            }
            for _ in 0..lost.1 {
                self.tally.state("claim lost by a restore");
            }
        }
    }
}
