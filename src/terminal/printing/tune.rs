//! A printer's test page: printed, answered by hand or by scanning its codes, and forgotten again.

use std::collections::BTreeMap;

use serde_json::json;

use super::answers::{PrinterAnswers, Scanned};
use super::book::{PrintBook, sheet_of};
use super::notice::PaperNotice;
use super::paper::{self, TestPage};
use super::printer::tuned;
use super::queue::Wanted;
use super::setup::PrinterSetup;
use super::sheet::Standing;
use crate::domain::document::DrawnBy;
use crate::domain::id::PrintId;
use crate::domain::print::PrintKind;
use crate::terminal::command::Reply;
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Screen, Terminal, recover};

/// Printers whose answers are kept. Those that are not in the configuration now may come back.
const KEPT_MAX: usize = 32;

/// The printer whose page somebody holds, and which of its codes were read.
#[derive(Clone, Debug, Default)]
pub(in crate::terminal) struct Tested {
    printer: String,
    drew_itself: bool,
    least: Option<u8>,
}

impl Tested {
    /// What is known by one code more. Who tries both codes has one that the printer drew.
    fn read(&mut self, which: Scanned) -> PrinterAnswers {
        match which {
            Scanned::Code(by) => {
                self.drew_itself |= by == DrawnBy::Printer;
                let code = if self.drew_itself {
                    DrawnBy::Printer
                } else {
                    by
                };
                PrinterAnswers {
                    code: Some(code),
                    ..PrinterAnswers::default()
                }
            }
            Scanned::Module(dots) => {
                let least = self.least.map_or(dots, |least| least.min(dots));
                self.least = Some(least);
                PrinterAnswers {
                    least_module: Some(least),
                    ..PrinterAnswers::default()
                }
            }
        }
    }
}

impl PrintBook {
    /// What is sent from now on goes by these answers, also what waits already.
    fn tune(&mut self, setup: &PrinterSetup, answers: PrinterAnswers) {
        let mut printers = self.printers.iter_mut();
        let Some(printer) = printers.find(|it| it.setup.name == setup.name) else {
            return;
        };
        printer.setup = tuned(setup, answers);
        printer.answers = answers;
        self.make_anew(&setup.name);
    }

    /// What waits for a printer is made for it as it is now.
    pub(super) fn make_anew(&mut self, name: &str) {
        let mut printers = self.printers.iter_mut();
        let Some(printer) = printers.find(|it| it.setup.name == name) else {
            return;
        };
        let mut waiting: Vec<PrintId> = printer.lane.waiting().map(|sheet| sheet.id).collect();
        waiting.retain(|id| printer.lane.take_back(*id).is_some());
        // What had no room on the paper may have it now.
        let refused = self.pending.iter().filter(|(_, pending)| {
            pending.print.printer == name
                && pending.problem.is_some()
                && pending.standing() == Standing::Waiting
        });
        waiting.extend(refused.map(|(id, _)| *id));
        for id in waiting {
            let Some(pending) = self.pending.get_mut(&id) else {
                continue;
            };
            match sheet_of(&pending.print, &printer.setup, pending.attempt()) {
                Ok(sheet) => {
                    pending.problem = None;
                    pending.is_held = pending.is_held || !printer.lane.add(sheet);
                }
                Err(why) => pending.problem = Some(PaperNotice::CannotPrint { why }),
            }
        }
    }
}

impl Terminal {
    /// A page that shows what a printer can do.
    pub(super) fn print_test(
        &mut self,
        turn: &mut Turn,
        printer: Option<&str>,
        opens_drawer: bool,
    ) -> Result<Reply, Notice> {
        let name = self.printer_for(PrintKind::Test, printer)?;
        let room = self.room_of(&name);
        let Some(printer) = self.printing.printer(&name) else {
            return Err(unknown(&name));
        };
        if opens_drawer && !printer.questions.drawer {
            return Err(Notice::Paper(PaperNotice::NoDrawer { name }));
        }
        let page = TestPage {
            name: &name,
            title: &printer.setup.profile.title,
            questions: &printer.questions,
            room,
            opens_drawer,
        };
        let document = paper::test_page(self.paper(), page, turn.at());
        let wanted = Wanted {
            kind: PrintKind::Test,
            subject: String::new(),
            title: name.clone(),
            copy: 0,
        };
        let print = self.print(turn, &name, wanted, document)?;
        self.printing.tested = Some(Tested {
            printer: name,
            ..Tested::default()
        });
        Ok(Reply::Prints {
            prints: vec![print],
        })
    }

    /// Somebody saw what came out.
    pub(super) fn tune(
        &mut self,
        turn: &mut Turn,
        name: &str,
        answers: PrinterAnswers,
    ) -> Result<Reply, Notice> {
        let setup = self.setup_of(name)?;
        if !answers.fit(&setup.profile) {
            return Err(Notice::Paper(PaperNotice::WrongAnswer {
                name: name.to_owned(),
            }));
        }
        let earlier = self.printing.answers.get(name).copied();
        self.keep_answers(turn, &setup, answers.after(earlier.unwrap_or_default()));
        Ok(Reply::Done)
    }

    /// The printer is again what the configuration says.
    pub(super) fn untune(&mut self, turn: &mut Turn, name: &str) -> Result<Reply, Notice> {
        let setup = self.setup_of(name)?;
        self.keep_answers(turn, &setup, PrinterAnswers::default());
        Ok(Reply::Done)
    }

    fn keep_answers(&mut self, turn: &mut Turn, setup: &PrinterSetup, answers: PrinterAnswers) {
        let name = &setup.name;
        let earlier = self.printing.answers.get(name).copied();
        if answers == earlier.unwrap_or_default() {
            return;
        }
        let kept = &mut self.printing.answers;
        if answers.is_empty() {
            kept.remove(name);
        } else {
            kept.insert(name.clone(), answers);
        }
        if kept.len() > KEPT_MAX {
            let printers = &self.printing.setups;
            let is_gone = |kept: &&String| printers.iter().all(|it| it.name != **kept);
            if let Some(gone) = kept.keys().find(is_gone).cloned() {
                kept.remove(&gone);
            }
        }
        recover::save(turn, recover::PRINTER_ANSWERS, &*kept);
        turn.journal("printer_tuned", name, &json!(answers));
        self.printing.tune(setup, answers);
    }

    /// What a scan says about the page that somebody holds before the Printer screen; none where it is no
    /// such code.
    pub(in crate::terminal) fn scan_test_page(
        &mut self,
        turn: &mut Turn,
        text: &str,
    ) -> Option<Result<Reply, Notice>> {
        if self.screen != Screen::Printer {
            return None;
        }
        let which = Scanned::read(text)?;
        let mut tested = self
            .printing
            .tested
            .take()
            .or_else(|| self.only_printer())?;
        let answers = tested.read(which);
        let name = tested.printer.clone();
        self.printing.tested = Some(tested);
        let reply = self.tune(turn, &name, answers);
        if reply.is_ok() {
            self.say(Notice::Paper(PaperNotice::TestCodeRead {
                code: which.label(),
            }));
        }
        Some(reply)
    }

    /// After a restart a page may be anybody's, unless there is only one printer.
    fn only_printer(&self) -> Option<Tested> {
        let [setup] = self.printing.setups.as_slice() else {
            return None;
        };
        Some(Tested {
            printer: setup.name.clone(),
            ..Tested::default()
        })
    }

    fn setup_of(&self, name: &str) -> Result<PrinterSetup, Notice> {
        let mut setups = self.printing.setups.iter();
        let setup = setups.find(|setup| setup.name == name);
        setup.cloned().ok_or_else(|| unknown(name))
    }
}

pub(super) fn unknown(name: &str) -> Notice {
    Notice::Paper(PaperNotice::UnknownPrinter {
        name: name.to_owned(),
    })
}

/// The answers by the printers' names.
pub(in crate::terminal) type KeptAnswers = BTreeMap<String, PrinterAnswers>;
