//! What a printer said, and what follows.

use super::{CONFIRM_MS, Lane, Phase, QUIET_MS, note};
use crate::proto::print::Confirms;
use crate::proto::print::escpos::process_id;
use crate::proto::print::escpos::status::{PrinterState, Said};
use crate::terminal::printing::port::{Deed, Lamp};
use crate::terminal::printing::sheet::{Evidence, Sheet, What};

impl Lane {
    pub(super) fn heard(&mut self, said: &Said, now: u64, deeds: &mut Vec<Deed>) {
        // A question that the port has not taken yet has no answer: this is one to an older question.
        let is_late = matches!(self.phase, Phase::Asked { .. }) && self.with_port.is_some();
        match said {
            Said::Answer(_) | Said::State(_) if is_late => {}
            Said::Answer(byte) => self.answered(*byte, now, deeds),
            Said::State(state) => self.state(*state, now, deeds),
            Said::Printed(number) => self.printed(*number, now, deeds),
            Said::Processed { .. } => self.processed(now, deeds),
            Said::Cleared | Said::Noise => {}
        }
    }

    fn answered(&mut self, byte: u8, now: u64, deeds: &mut Vec<Deed>) {
        let (Phase::Asked { answers, .. } | Phase::Confirming { answers, .. }) = &mut self.phase
        else {
            return;
        };
        answers.push(byte);
        if let Ok(four) = <[u8; 4]>::try_from(answers.as_slice()) {
            answers.clear();
            self.state(PrinterState::from_answers(four), now, deeds);
        }
    }

    fn state(&mut self, state: PrinterState, now: u64, deeds: &mut Vec<Deed>) {
        self.is_paper_low = state.is_paper_low;
        if matches!(self.phase, Phase::Asked { .. }) {
            if state.is_well() {
                self.lamp = Lamp::Ready;
                self.rest(now);
                self.note(deeds);
            } else {
                self.lamp = Lamp::Trouble(state);
                self.pause(now);
            }
        } else if let Phase::Confirming { until, .. } = &mut self.phase {
            if state.is_well() {
                self.lamp = Lamp::Printing;
            } else {
                // It goes on by itself once somebody has helped it: until then its word is waited for.
                *until = now.saturating_add(CONFIRM_MS);
                self.lamp = Lamp::Trouble(state);
            }
        }
    }

    fn printed(&mut self, number: [u8; 4], now: u64, deeds: &mut Vec<Deed>) {
        let is_this = |sheet: &Sheet| process_id(sheet.number) == number;
        let is_out = matches!(self.phase, Phase::Confirming { .. });
        if is_out && self.waiting.front().is_some_and(is_this) {
            self.end(What::Printed(Evidence::Printer), now, deeds);
        } else if let Some(place) = self.doubtful.iter().position(is_this)
            && let Some(sheet) = self.doubtful.remove(place)
        {
            deeds.push(note(&sheet, What::Printed(Evidence::Printer)));
        }
    }

    fn processed(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if let Phase::Clearing { owes, until, .. } = &mut self.phase {
            // There may be one more.
            *owes = false;
            *until = now.saturating_add(QUIET_MS);
        } else if matches!(self.phase, Phase::Confirming { .. })
            && self.abilities.confirms == Confirms::QueuedStatus
        {
            self.end(What::Printed(Evidence::Processed), now, deeds);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::PrintId;
    use crate::proto::print::Job;
    use crate::terminal::printing::port::{Abilities, Happened};

    #[test]
    fn a_late_answer_begins_no_sheet_while_the_next_question_is_on_its_way() {
        let mut lane = Lane::new(Abilities {
            answers: true,
            confirms: Confirms::ProcessId,
            is_shared: false,
        });
        lane.add(Sheet {
            id: PrintId(Uuid::from_u128(1)),
            job: Job {
                body: vec![b'a'; 300],
                ..Job::default()
            },
            number: 1,
            attempt: 1,
        });
        let asked = Happened::Took(12);
        for (happened, now) in [
            (Happened::Tick, 0),
            (Happened::Opened, 0),
            (asked.clone(), 0),
            (Happened::Tick, 1_000),
        ] {
            lane.handle(&happened, now);
        }
        let again = lane.handle(&Happened::Tick, 2_000);
        assert!(matches!(again[..], [Deed::Write(_)]), "{again:?}");
        let well = Happened::Heard(vec![0x12; 4]);
        assert_eq!(lane.handle(&well, 2_000), []);
        assert_eq!(lane.handle(&asked, 2_000), []);
        let begun = lane.handle(&well, 2_000);
        assert!(matches!(begun[..], [Deed::Note(_)]), "{begun:?}");
    }
}
