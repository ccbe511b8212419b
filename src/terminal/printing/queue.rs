//! Sheets on their way: into a printer's queue, through its lane, and what a person says of them.

use serde_json::json;

use super::command::PrintDecision;
use super::lane::SHEETS_MAX;
use super::notice::PaperNotice;
use super::paper;
use super::port::{Happened, PortTold};
use super::sheet::{Evidence, Fact, Standing, What};
use crate::domain::document::Document;
use crate::domain::id::PrintId;
use crate::domain::print::{Print, PrintKind};
use crate::proto::print::PrintError;
use crate::terminal::command::Reply;
use crate::terminal::step::{Effect, Rows, Write};
use crate::terminal::turn::Turn;
use crate::terminal::{Answer, Notice, Terminal, recover};

/// The highest number that a printer repeats.
const NUMBER_MAX: u32 = 9_999;

/// What is wanted on paper, before it has a printer.
pub(super) struct Wanted {
    pub(super) kind: PrintKind,
    pub(super) subject: String,
    pub(super) title: String,
    pub(super) copy: u32,
}

impl Terminal {
    /// What a person says of a sheet.
    pub(in crate::terminal) fn settle_print(
        &mut self,
        turn: &mut Turn,
        id: PrintId,
        decision: PrintDecision,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let Some(pending) = self.printing.pending.get(&id) else {
            return self.settle_ended(turn, id, decision, rows);
        };
        let (standing, attempt) = (pending.standing(), pending.attempt());
        let print = pending.print.clone();
        match (decision, standing) {
            (_, Standing::UnderWay) => return Err(Notice::Paper(PaperNotice::PrintUnderWay)),
            (PrintDecision::Again, Standing::Waiting) => return self.release_print(turn, id),
            (PrintDecision::ItIsHere, Standing::Waiting) => {
                return Err(Notice::Paper(PaperNotice::PrintNotSent));
            }
            (PrintDecision::Again, _) => {
                let printer = self.printer_for(print.kind, Some(&print.printer))?;
                self.check_print(&printer, &print.document, 1)?;
            }
            (PrintDecision::ItIsHere | PrintDecision::Forget, _) => {}
        }
        if !self.printing.take_back(id) {
            return Err(Notice::Paper(PaperNotice::PrintUnderWay));
        }
        if matches!(
            self.notice,
            Some((_, Notice::Paper(PaperNotice::DidItPrint { .. })))
        ) {
            self.notice = None;
        }
        let what = match decision {
            PrintDecision::ItIsHere => What::Printed(Evidence::Person),
            PrintDecision::Again | PrintDecision::Forget => What::Forgotten,
        };
        let fact = Fact {
            sheet: id,
            attempt,
            what,
        };
        self.keep_print_fact(turn, &fact);
        self.printing.note(&fact);
        if decision == PrintDecision::Again {
            return self.print_again(turn, &print, rows);
        }
        Ok(Reply::Done)
    }

    /// Of a sheet that is done with, only another copy can be wanted.
    fn settle_ended(
        &mut self,
        turn: &mut Turn,
        id: PrintId,
        decision: PrintDecision,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let print = rows.prints.iter().find(|print| print.id == id);
        let print = print.ok_or(Notice::Paper(PaperNotice::UnknownPrint))?;
        match decision {
            PrintDecision::Again => self.print_again(turn, &print.clone(), rows),
            PrintDecision::ItIsHere | PrintDecision::Forget => Ok(Reply::Done),
        }
    }

    /// One more of a sheet that may be there, marked as a copy.
    fn print_again(
        &mut self,
        turn: &mut Turn,
        print: &Print,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let printer = self.printer_for(print.kind, Some(&print.printer))?;
        let copy = rows.copies.get(&print.subject).copied().unwrap_or(0);
        let copy = copy.max(print.copy.saturating_add(1));
        // A page that shows what a printer can do is no copy of anything.
        let document = if print.kind == PrintKind::Test {
            print.document.clone()
        } else {
            paper::copy_of(self.paper(), &print.document, copy)
        };
        let wanted = Wanted {
            kind: print.kind,
            subject: print.subject.clone(),
            title: print.title.clone(),
            copy,
        };
        let print = self.print(turn, &printer, wanted, document)?;
        Ok(Reply::Prints {
            prints: vec![print],
        })
    }

    /// A sheet that has become old goes out after all.
    fn release_print(&mut self, turn: &mut Turn, id: PrintId) -> Result<Reply, Notice> {
        let problem = self.printing.pending.get(&id);
        if let Some(problem) = problem.and_then(|pending| pending.problem.clone()) {
            return Err(Notice::Paper(problem));
        }
        let at = turn.at();
        let released = self.printing.release(id, at);
        let released = released.map_err(cannot)?;
        if let Some(print) = released {
            turn.write(Write::Print(print));
        }
        Ok(Reply::Prints { prints: vec![id] })
    }

    pub(super) fn printer_for(
        &self,
        kind: PrintKind,
        name: Option<&str>,
    ) -> Result<String, Notice> {
        match (self.printing.choose(kind, name), name) {
            (Some(printer), _) => Ok(printer.setup.name.clone()),
            (None, Some(name)) => Err(Notice::Paper(PaperNotice::UnknownPrinter {
                name: name.to_owned(),
            })),
            (None, None) => Err(Notice::Paper(PaperNotice::NoPrinter { kind })),
        }
    }

    /// Whether a printer can print this so that it serves, and has room for so many.
    pub(super) fn check_print(
        &self,
        printer: &str,
        document: &Document,
        copies: u32,
    ) -> Result<(), Notice> {
        let copies = usize::try_from(copies).unwrap_or(usize::MAX);
        let checked = self.printing.check(printer, document, copies);
        checked
            .map_err(cannot)?
            .ok_or(Notice::TooMany { limit: SHEETS_MAX })
    }

    /// Puts a sheet into its printer's queue. It was checked before the first change.
    pub(super) fn print(
        &mut self,
        turn: &mut Turn,
        printer: &str,
        wanted: Wanted,
        document: Document,
    ) -> Result<PrintId, Notice> {
        let number = self.next_print;
        let print = Print {
            id: PrintId(self.entropy.uuid(turn.at())),
            printer: printer.to_owned(),
            kind: wanted.kind,
            subject: wanted.subject,
            title: wanted.title,
            copy: wanted.copy,
            number,
            document,
            wanted_at: turn.at(),
        };
        self.printing.add(print.clone()).map_err(cannot)?;
        self.next_print = if number >= NUMBER_MAX {
            1
        } else {
            number.saturating_add(1)
        };
        recover::save(turn, recover::NEXT_PRINT, &self.next_print);
        let id = print.id;
        let detail = json!({
            "printer": print.printer, "kind": print.kind, "subject": print.subject,
            "title": print.title, "copy": print.copy,
        });
        turn.journal("print_wanted", id, &detail);
        turn.write(Write::Print(print));
        Ok(id)
    }

    /// Something happened at a printer's port. What comes late, of an earlier opening, is not heard.
    pub(in crate::terminal) fn printer_told(
        &mut self,
        turn: &mut Turn,
        name: &str,
        told: PortTold,
    ) {
        let Some(printer) = self.printing.heeding(name, told.opening) else {
            return;
        };
        match told.happened {
            Happened::Lost => printer.problem = told.problem,
            Happened::Opened => printer.problem = None,
            Happened::Noted | Happened::Took(_) | Happened::Heard(_) | Happened::Tick => {}
        }
        self.print_on(turn, name, told.happened);
    }

    fn print_on(&mut self, turn: &mut Turn, name: &str, happened: Happened) {
        let (facts, deeds) = self.printing.told(name, happened, turn.now);
        for fact in facts {
            self.keep_print_fact(turn, &fact);
        }
        for deed in deeds {
            let printer = name.to_owned();
            turn.effect(Effect::Printer { printer, deed });
        }
    }

    fn keep_print_fact(&mut self, turn: &mut Turn, fact: &Fact) {
        let at = turn.at();
        let title = self.printing.pending.get(&fact.sheet);
        let title = title.map(|pending| pending.print.title.clone());
        if let (What::Doubtful(_), Some(title)) = (fact.what, title) {
            self.say(Notice::Paper(PaperNotice::DidItPrint { title }));
        }
        turn.journal(
            "print",
            fact.sheet,
            &json!({ "attempt": fact.attempt, "what": fact.what }),
        );
        turn.write(Write::PrintFact {
            fact: fact.clone(),
            at,
        });
    }

    /// The printers and what waits, for scripts.
    pub fn printers_report(&self) -> Answer {
        Answer::Printers {
            printers: self.printing.printer_views(),
            prints: self.printing.print_views(),
        }
    }

    /// Time goes on for every printer.
    pub(in crate::terminal) fn print_when_due(&mut self, turn: &mut Turn) {
        self.printing.hold_old(turn.at());
        for name in self.printing.names() {
            self.print_on(turn, &name, Happened::Tick);
        }
    }

    /// Sheets as their rows say after a restart.
    pub(in crate::terminal) fn resume_prints(
        &mut self,
        turn: &mut Turn,
        rows: Vec<(Print, Vec<Fact>)>,
    ) {
        self.printing.begin(self.printer_setups());
        self.use_chosen_ports(turn);
        for (print, facts) in rows {
            let at = turn.at();
            if let Some(fact) = self.printing.resume(print, facts, at) {
                self.keep_print_fact(turn, &fact);
            }
        }
    }
}

pub(super) const fn cannot(why: PrintError) -> Notice {
    Notice::Paper(PaperNotice::CannotPrint { why })
}
