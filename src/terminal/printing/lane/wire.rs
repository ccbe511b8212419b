//! What goes out, and what the port took of it.

use super::{CHUNK_BYTES, Lane, Phase, QUEUED_QUESTION, QUIET_MS, bytes_of};
use crate::proto::print::{Confirms, Language};
use crate::terminal::printing::port::{Deed, Lamp};

impl Lane {
    /// Asks how it is.
    pub(super) fn write_question(&mut self, deeds: &mut Vec<Deed>) {
        let language = self.abilities.language;
        self.asking = language.answers();
        deeds.push(Deed::Write(language.question().to_vec()));
    }

    /// Asks whether it was off in the middle, as soon as the port is free.
    pub(super) fn check(&mut self, deeds: &mut Vec<Deed>) {
        if let Phase::Checking { is_asked, .. } = &mut self.phase
            && !*is_asked
            && self.with_port.is_none()
            && let Some(sheet) = self.waiting.front()
        {
            *is_asked = true;
            deeds.push(Deed::Write(sheet.job.check.clone()));
        }
    }

    /// Whether it answers a question once all before is processed.
    pub(super) fn is_answered_in_order(&self) -> bool {
        self.abilities.language == Language::EscPos
            && self.abilities.confirms == Confirms::QueuedStatus
    }

    /// What was cut off is ended. Then what is still said of the sheet before is listened to, so that it is
    /// not taken for the next one's. Only then it is ended: what a port took may be lost with it.
    pub(super) fn clear(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        let mut left = self.abilities.language.ending(self.half_said);
        let owes = self.is_answered_in_order();
        if owes {
            left.extend(QUEUED_QUESTION);
        }
        let until = now.saturating_add(QUIET_MS);
        self.phase = Phase::Clearing { left, owes, until };
        self.write(deeds);
    }

    /// The next bytes of what goes out.
    pub(super) fn write(&self, deeds: &mut Vec<Deed>) {
        match (&self.phase, self.waiting.front()) {
            (Phase::Sending { sent, .. }, Some(sheet)) => {
                let bytes = bytes_of(sheet).skip(*sent).take(CHUNK_BYTES);
                deeds.push(Deed::Write(bytes.collect()));
            }
            (Phase::Clearing { left, .. }, _) => {
                let bytes = left.iter().take(CHUNK_BYTES).copied();
                deeds.push(Deed::Write(bytes.collect()));
            }
            _ => {}
        }
    }

    pub(super) fn took(&mut self, count: usize, now: u64, deeds: &mut Vec<Deed>) {
        let given = self.with_port.take().unwrap_or(0);
        let asked = self.asking.saturating_mul(count).checked_div(given);
        self.poll.asked(asked.unwrap_or(0));
        self.asking = 0;
        if let Phase::Sending { sent, moved_at } = &mut self.phase {
            if count > 0 {
                *sent = sent.saturating_add(count);
                *moved_at = now;
                self.lamp = Lamp::Printing;
            }
            let all = self.waiting.front().map(|sheet| bytes_of(sheet).count());
            if all.is_some_and(|all| *sent >= all) {
                self.all_sent(now, deeds);
            } else if count > 0 {
                self.write(deeds);
            }
        } else if let Phase::Clearing { left, until, .. } = &mut self.phase {
            left.drain(..count.min(left.len()));
            *until = now.saturating_add(QUIET_MS);
            if left.is_empty() {
                return;
            }
            if count > 0 {
                self.write(deeds);
            } else {
                self.lamp = Lamp::Blocked;
            }
        } else {
            if count < given {
                // A question that went out in part.
                self.half_said = self.half_said.max(given);
            }
            if matches!(self.phase, Phase::Open { .. }) {
                self.begin(now, deeds);
            }
            self.check(deeds);
        }
    }
}
