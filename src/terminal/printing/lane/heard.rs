//! What a printer said, and what follows.

use super::poll::{Answer, Report};
use super::{CHECK_MS, CONFIRM_MS, Course, Cutter, Lane, Phase, QUIET_MS, RESTS_MS, Work, note};
use crate::proto::print::LabelState;
use crate::proto::print::escpos::process_id;
use crate::proto::print::escpos::status::GO_ON;
use crate::proto::print::status::{PrinterState, Said};
use crate::terminal::printing::port::{Deed, Lamp};
use crate::terminal::printing::sheet::{Doubt, Evidence, Sheet, What};

impl Lane {
    pub(super) fn heard(&mut self, said: &Said, now: u64, deeds: &mut Vec<Deed>) {
        match said {
            Said::Answer(byte) => self.answered(Answer::Part(*byte), now, deeds),
            Said::Label(state) => self.answered(Answer::Label(*state), now, deeds),
            // What it says by itself while a question is on its way may be older than the question.
            Said::State(_) if self.is_asking() => {}
            Said::State(state) => self.state(*state, now, deeds),
            Said::Printed(number) => self.printed(*number, now, deeds),
            Said::Processed { .. } => self.processed(now, deeds),
            Said::Kept(is_kept) => self.kept(*is_kept, now, deeds),
            Said::Cleared | Said::Noise => {}
        }
    }

    /// Whether it is asked how it is, and the port has not taken the question.
    const fn is_asking(&self) -> bool {
        matches!(self.phase, Phase::Asked { .. }) && self.with_port.is_some()
    }

    fn answered(&mut self, answer: Answer, now: u64, deeds: &mut Vec<Deed>) {
        let report = self.poll.hear(answer);
        // A question that the port has not taken yet has no answer: this is one to an older question.
        if self.is_asking() {
            return;
        }
        let is_amid = self.poll.is_amid();
        if let Phase::Confirming { ask_at, .. } = &mut self.phase {
            if is_amid {
                *ask_at = (*ask_at).max(now.saturating_add(QUIET_MS));
            } else if report.is_some() {
                *ask_at = now.saturating_add(self.abilities.pause_ms());
            }
        } else if let Phase::Asked { until } = &mut self.phase
            && is_amid
        {
            *until = now.saturating_add(QUIET_MS);
        }
        if let Some(report) = report {
            self.reported(&report, now, deeds);
        }
    }

    pub(super) fn reported(&mut self, report: &Report, now: u64, deeds: &mut Vec<Deed>) {
        self.state(report.state, now, deeds);
        if let Phase::Confirming { work, .. } = &mut self.phase
            && !report.is_last
        {
            *work = Work::Mute;
        }
        if let Some(label) = report.label
            && report.state.is_well()
            && report.is_last
        {
            self.worked(label, now, deeds);
        }
    }

    fn state(&mut self, state: PrinterState, now: u64, deeds: &mut Vec<Deed>) {
        self.is_paper_low = state.is_paper_low;
        self.free_cutter(state, deeds);
        let is_amid = matches!(
            self.phase,
            Phase::Sending { sent: 1.., .. } | Phase::Confirming { .. }
        );
        if is_amid && state.is_opened() {
            self.course = Course::Opened;
        }
        if matches!(self.phase, Phase::Asked { .. }) {
            if state.is_well() {
                self.lamp = Lamp::Ready;
                self.rest(now);
                self.note(deeds);
            } else {
                self.lamp = Lamp::Trouble(state);
                self.pause(now);
            }
        } else if let Phase::Confirming { until, work, .. } = &mut self.phase {
            if state.is_well() {
                self.lamp = Lamp::Printing;
            } else {
                // It goes on by itself once somebody has helped it: until then its word is waited for.
                *until = now.saturating_add(CONFIRM_MS);
                if *work != Work::Mute {
                    *work = Work::Unseen;
                }
                self.lamp = Lamp::Trouble(state);
            }
        }
    }

    /// A cutter that was stuck waits to be told to go on. It is told once its cover was opened and is closed
    /// again: until then somebody's fingers may be at the knife.
    fn free_cutter(&mut self, state: PrinterState, deeds: &mut Vec<Deed>) {
        self.cutter = match self.cutter {
            _ if !state.is_cutter_stuck => Cutter::Works,
            _ if state.is_open => Cutter::SeenTo,
            Cutter::SeenTo if self.with_port.is_none() => {
                deeds.push(Deed::Write(GO_ON.to_vec()));
                Cutter::Stuck
            }
            Cutter::SeenTo => Cutter::SeenTo,
            Cutter::Works | Cutter::Stuck => Cutter::Stuck,
        };
    }

    /// What a label printer that is well has to do. Nothing, after it was at work: it is done. One that
    /// was never seen at work may not have begun, and is looked at for a while; one that said nothing for
    /// a while and has nothing to do may have been off.
    fn worked(&mut self, label: LabelState, now: u64, deeds: &mut Vec<Deed>) {
        let Phase::Confirming { until, work, .. } = &mut self.phase else {
            return;
        };
        if label.is_busy {
            *until = now.saturating_add(CONFIRM_MS);
            *work = Work::Busy;
            return;
        }
        // Something of the label was lost on the way: no end of it will come.
        if label.is_partial {
            return;
        }
        let what = match *work {
            Work::Unseen => {
                *work = Work::Rests(now);
                return;
            }
            Work::Rests(since) if now < since.saturating_add(RESTS_MS) => return,
            Work::Rests(_) | Work::Busy => What::Printed(Evidence::Processed),
            Work::Mute => What::Doubtful(Doubt::Lost),
        };
        self.end(what, now, deeds);
    }

    fn printed(&mut self, number: [u8; 4], now: u64, deeds: &mut Vec<Deed>) {
        let is_this = |sheet: &Sheet| process_id(sheet.number) == number;
        let is_out = matches!(self.phase, Phase::Confirming { .. });
        let this = self.waiting.front().filter(|sheet| is_this(sheet));
        if let Some(sheet) = this.filter(|_| is_out) {
            if sheet.job.check.is_empty() {
                self.end(What::Printed(Evidence::Printer), now, deeds);
                return;
            }
            self.phase = Phase::Checking {
                until: now.saturating_add(CHECK_MS),
                is_asked: false,
            };
            self.check(deeds);
        } else if let Some(place) = self.doubtful.iter().position(is_this)
            && let Some(sheet) = self.doubtful.remove(place)
        {
            deeds.push(note(&sheet, What::Printed(Evidence::Printer)));
        }
    }

    /// One that was off in the middle forgot what the sheet began with, and repeats the sheet's number all
    /// the same where it was given the rest.
    fn kept(&mut self, is_kept: bool, now: u64, deeds: &mut Vec<Deed>) {
        self.tells_kept = true;
        if matches!(self.phase, Phase::Checking { is_asked: true, .. }) {
            let what = if is_kept {
                What::Printed(Evidence::Printer)
            } else {
                What::Doubtful(Doubt::Lost)
            };
            self.end(what, now, deeds);
        }
    }

    /// It does not say whether it was off. One that never does is believed; one that did before is not.
    pub(super) fn unchecked(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        let what = if self.tells_kept {
            What::Doubtful(Doubt::Unanswered)
        } else {
            What::Printed(Evidence::Printer)
        };
        self.end(what, now, deeds);
    }

    fn processed(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if let Phase::Clearing { owes, until, .. } = &mut self.phase {
            // There may be one more.
            *owes = false;
            *until = now.saturating_add(QUIET_MS);
        } else if matches!(self.phase, Phase::Confirming { .. }) && self.is_answered_in_order() {
            self.end(What::Printed(Evidence::Processed), now, deeds);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::PrintId;
    use crate::proto::print::{Confirms, Job, Language};
    use crate::terminal::printing::port::{Abilities, Happened};

    #[test]
    fn a_late_answer_begins_no_sheet_while_the_next_question_is_on_its_way() {
        let mut lane = Lane::new(Abilities {
            language: Language::EscPos,
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

    #[test]
    fn a_cutter_goes_on_once_its_cover_was_opened_and_is_closed() {
        let mut lane = Lane::new(Abilities {
            language: Language::EscPos,
            answers: true,
            confirms: Confirms::ProcessId,
            is_shared: false,
        });
        let mut now = 0;
        let mut report = |lane: &mut Lane, answers: [u8; 4]| {
            now += 20_000;
            for happened in [Happened::Tick, Happened::Opened, Happened::Tick] {
                lane.handle(&happened, now);
            }
            lane.handle(&Happened::Took(12), now);
            lane.handle(&Happened::Heard(answers.to_vec()), now)
        };
        let (stuck, open) = ([0x1a, 0x52, 0x1a, 0x12], [0x1a, 0x56, 0x1a, 0x12]);
        let go_on = [Deed::Write(GO_ON.to_vec())];
        assert_eq!(report(&mut lane, stuck), [], "fingers may be at the knife");
        assert_eq!(report(&mut lane, open), []);
        assert_eq!(report(&mut lane, open), []);
        assert_eq!(report(&mut lane, stuck), go_on);
        lane.handle(&Happened::Took(3), 81_000);
        assert_eq!(report(&mut lane, stuck), [], "once");
        // A cover that was open without need.
        assert_eq!(report(&mut lane, [0x1a, 0x16, 0x12, 0x12]), []);
        assert_eq!(report(&mut lane, [0x12; 4]), []);
    }
}
