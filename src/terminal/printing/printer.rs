//! One printer of a till.

use super::answers::{PrinterAnswers, TestQuestions};
use super::lane::Lane;
use super::port::Abilities;
use super::setup::PrinterSetup;

/// One printer.
#[derive(Debug)]
pub(in crate::terminal) struct Printer {
    /// As the configuration says, with what its test page told.
    pub(in crate::terminal) setup: PrinterSetup,
    pub(in crate::terminal) answers: PrinterAnswers,
    pub(in crate::terminal) questions: TestQuestions,
    pub(in crate::terminal) lane: Lane,
    /// Why its port is not open, in one sentence.
    pub(in crate::terminal) problem: Option<String>,
}

impl Printer {
    /// One of the configuration, with what was answered about it.
    pub(super) fn new(setup: &PrinterSetup, answers: PrinterAnswers) -> Self {
        Self {
            lane: Lane::new(Abilities {
                is_shared: setup.is_shared,
                ..Abilities::from(&setup.profile)
            }),
            questions: TestQuestions::of(setup),
            setup: tuned(setup, answers),
            answers,
            problem: None,
        }
    }
}

/// As the configuration says, with what its test page told.
pub(super) fn tuned(setup: &PrinterSetup, answers: PrinterAnswers) -> PrinterSetup {
    PrinterSetup {
        profile: answers.over(&setup.profile),
        ..setup.clone()
    }
}
