//! Questions how a printer is, and its answers: nothing but their order says what they answer.
//!
//! Answers that come late would be taken for those to the next question, and receipt printers give four
//! that look alike. So it is counted how many are to come.

use crate::proto::print::LabelState;
use crate::proto::print::escpos::status::QUESTIONS;
use crate::proto::print::status::PrinterState;

/// The most answers that are waited for: one that was off gives none of them.
const OWED_MAX: usize = 64;

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A receipt printer gives several.
    Part(u8),
    /// A label printer says all in one.
    Label(LabelState),
}

/// What all answers to one question say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) state: PrinterState,
    /// What a label printer has to do.
    pub(super) label: Option<LabelState>,
    /// Whether it is surely the answer to the last question.
    pub(super) is_last: bool,
}

/// Questions and answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Poll {
    /// Answers that were asked for.
    owed: usize,
    /// Those that came, the last of them once there are too many.
    heard: Vec<Answer>,
}

impl Poll {
    /// So many answers more are to come.
    pub(super) fn asked(&mut self, answers: usize) {
        self.owed = self.owed.saturating_add(answers).min(OWED_MAX);
    }

    /// How many answers were asked for where none of them has come.
    pub(super) const fn silent_for(&self) -> usize {
        if self.heard.is_empty() { self.owed } else { 0 }
    }

    /// Whether some answers have come, and others have not.
    pub(super) const fn is_amid(&self) -> bool {
        !self.heard.is_empty()
    }

    /// What the last question is answered by, once all answers are there. Of what nobody asked for, and
    /// of the beginning of an answer, nothing.
    pub(super) fn hear(&mut self, answer: Answer) -> Option<Report> {
        if self.owed == 0 {
            return None;
        }
        self.heard.push(answer);
        if self.heard.len() < self.owed {
            return None;
        }
        self.owed = 0;
        report(&std::mem::take(&mut self.heard), true)
    }

    /// No more came for a while. Where just one question was answered, it is the last one: what is missing
    /// was lost, as when the printer was off.
    pub(super) fn quiet(&mut self) -> Option<Report> {
        let heard = std::mem::take(&mut self.heard);
        let one = match heard.first()? {
            Answer::Part(_) => QUESTIONS.len(),
            Answer::Label(_) => 1,
        };
        if heard.len() == one {
            self.owed = 0;
            report(&heard, false)
        } else {
            self.owed = self.owed.saturating_sub(heard.len());
            None
        }
    }
}

/// Of the last answers.
fn report(heard: &[Answer], is_last: bool) -> Option<Report> {
    let (state, label) = match heard {
        [.., Answer::Label(label)] => (PrinterState::from(*label), Some(*label)),
        [
            ..,
            Answer::Part(one),
            Answer::Part(two),
            Answer::Part(three),
            Answer::Part(four),
        ] => {
            let four = [*one, *two, *three, *four];
            (PrinterState::from_answers(four), None)
        }
        _ => return None,
    };
    Some(Report {
        state,
        label,
        is_last,
    })
}
