//! Labels, from the buffer onto paper, and what is said of them.

use super::super::label::{Reader, Step};
use super::super::status::Trouble;
use super::super::values::Sheet;
use super::VirtualPrinter;

/// A label with its gap, in micrometers.
const LABEL_UM: u64 = 42_000;

impl VirtualPrinter {
    /// Takes a byte out of a label printer's buffer.
    pub(super) fn take_of_label(&mut self, byte: u8) {
        match self.reader.as_mut().map(|reader| reader.take(byte)) {
            None | Some(Step::Nothing) => {}
            Some(Step::Begin) => self.in_step = true,
            Some(Step::Print(commands)) => {
                self.label = Some(Sheet {
                    commands,
                    cut: true,
                    marked: true,
                    broken: !self.in_step,
                    ..Sheet::default()
                });
                self.begin_label();
            }
        }
    }

    /// One for which there is too little paper is printed anew on the next roll.
    fn begin_label(&mut self) {
        if self.paper_left_um.is_some_and(|left| left < LABEL_UM) {
            self.paper_left_um = None;
            self.troubles.set(Trouble::PaperOut, true);
            return;
        }
        self.busy_until += LABEL_UM * 1_000 / self.traits.mm_per_s;
        if let Some(left) = &mut self.paper_left_um {
            *left -= LABEL_UM;
        }
    }

    /// The motor stopped: a label is there. Whether there was one.
    pub(super) fn end_label(&mut self) -> bool {
        let label = self.label.take();
        let is_there = label.is_some();
        self.sheets.extend(label);
        is_there
    }

    /// The question how it is is answered when it comes, wherever it stands.
    pub(super) fn look_for_question(&mut self, byte: u8) {
        let Some(question) = self.reader.as_ref().map(Reader::question) else {
            return;
        };
        self.asked.push(byte);
        let start = self.asked.len().saturating_sub(question.len());
        self.asked.drain(..start);
        if self.asked != question {
            return;
        }
        let answer = self.how_it_is();
        self.say(&answer);
    }

    fn how_it_is(&self) -> Vec<u8> {
        let labels = usize::from(self.label.is_some());
        match &self.reader {
            Some(Reader::Tspl(_)) => vec![self.troubles.tspl(labels > 0)],
            Some(reader @ Reader::Zpl(_)) => {
                let bytes: Vec<u8> = self.buffer.iter().copied().collect();
                let ends = bytes.windows(3).filter(|three| *three == b"^XZ");
                self.troubles.zpl(ends.count(), labels, reader.is_within())
            }
            None => Vec::new(),
        }
    }
}
