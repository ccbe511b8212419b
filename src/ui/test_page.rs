//! How far somebody has come with the questions about a printer's test page.

use crate::terminal::printing::TestQuestions;

/// A question about a printer's test page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TestStep {
    /// Whether the cash drawer opens too; before the page is printed.
    #[default]
    Drawer,
    /// How many letters fit on one line.
    Columns,
    /// Which of the two codes is read.
    Codes,
    /// Which is the smallest that is read.
    Modules,
    /// Which rows of letters are right.
    Pages,
    /// Whether it was cut.
    Cut,
}

const STEPS: [TestStep; 6] = [
    TestStep::Drawer,
    TestStep::Columns,
    TestStep::Codes,
    TestStep::Modules,
    TestStep::Pages,
    TestStep::Cut,
];

impl TestStep {
    /// What this page asks next; none after the last.
    pub(crate) fn next(self, questions: &TestQuestions) -> Option<Self> {
        let later = STEPS.into_iter().skip_while(|step| *step != self);
        later.skip(1).find(|step| step.is_asked(questions))
    }

    const fn is_asked(self, questions: &TestQuestions) -> bool {
        match self {
            Self::Drawer => questions.drawer,
            Self::Columns => !questions.columns.is_empty(),
            Self::Codes => questions.codes.is_some(),
            Self::Modules => !questions.modules.is_empty(),
            Self::Pages => !questions.pages.is_empty(),
            Self::Cut => questions.cut,
        }
    }
}

/// A test page about which something is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct TestDesk {
    /// The printer's name.
    pub(crate) printer: String,
    /// What is asked.
    pub(crate) step: TestStep,
    /// Since when, in seconds of the window's clock.
    pub(crate) since: f64,
}

/// So long after a question came nothing answers it: that was the second tap on what stood there before.
const DEAF_SECS: f64 = 0.4;

impl TestDesk {
    /// Comes to a question.
    pub(crate) const fn ask(&mut self, step: TestStep, now: f64) {
        self.step = step;
        self.since = now;
    }

    /// Whether a tap can be meant for it.
    pub(crate) fn hears(&self, now: f64) -> bool {
        now - self.since >= DEAF_SECS
    }
}
