//! The printers of a till, and the sheets that are not at their end.

use std::collections::{BTreeMap, VecDeque};

use super::chosen::ChosenPrinter;
use super::lane::SHEETS_MAX;
use super::notice::PaperNotice;
use super::port::{Deed, Happened, Opening};
pub(in crate::terminal) use super::printer::Printer;
use super::setup::PrinterSetup;
use super::sheet::{Fact, Sheet, Standing, What};
use super::tune::{KeptAnswers, Tested};
use crate::domain::document::Document;
use crate::domain::id::PrintId;
use crate::domain::print::{Print, PrintKind};
use crate::domain::time::{Now, Timestamp};
use crate::proto::print::{PrintError, encode};

/// A sheet that nobody printed for so long is not printed without asking: in the morning nobody wants
/// the receipts of the evening.
pub(in crate::terminal) const OLD_MS: i64 = 30 * 60_000;

/// A sheet that is not at its end.
#[derive(Debug)]
pub(in crate::terminal) struct Pending {
    pub(in crate::terminal) print: Print,
    facts: Vec<Fact>,
    /// Why it cannot be made for its printer any more.
    pub(in crate::terminal) problem: Option<PaperNotice>,
    /// Whether a person is asked first: it has become old.
    pub(in crate::terminal) is_held: bool,
}

impl Pending {
    pub(in crate::terminal) fn standing(&self) -> Standing {
        Standing::fold(&self.facts)
    }

    /// Whether it waits for a person.
    pub(in crate::terminal) fn asks(&self) -> bool {
        self.problem.is_some()
            || match self.standing() {
                Standing::Doubtful(_) => true,
                Standing::Waiting => self.is_held,
                Standing::UnderWay
                | Standing::Sent
                | Standing::Printed(_)
                | Standing::Forgotten => false,
            }
    }

    /// The attempt that is under way, or comes next.
    pub(in crate::terminal) fn attempt(&self) -> u32 {
        let last = self.facts.iter().map(|fact| fact.attempt).max();
        match (last, self.standing()) {
            (Some(last), Standing::Waiting) => last.saturating_add(1),
            (Some(last), _) => last,
            (None, _) => 1,
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(in crate::terminal) struct PrintBook {
    pub(in crate::terminal) printers: Vec<Printer>,
    /// The same before their test pages were read.
    pub(in crate::terminal) setups: Vec<PrinterSetup>,
    /// Those that somebody chose at the till.
    pub(in crate::terminal) chosen: Vec<ChosenPrinter>,
    pub(in crate::terminal) pending: BTreeMap<PrintId, Pending>,
    pub(in crate::terminal) answers: KeptAnswers,
    pub(in crate::terminal) tested: Option<Tested>,
}

impl PrintBook {
    /// Begins with these printers, and knows nothing of sheets yet.
    pub(in crate::terminal) fn begin(&mut self, setups: Vec<PrinterSetup>) {
        let answers = &self.answers;
        let of = |setup: &PrinterSetup| answers.get(&setup.name).copied().unwrap_or_default();
        self.printers = setups.iter().map(|it| Printer::new(it, of(it))).collect();
        self.setups = setups;
    }

    /// Adds a printer, or replaces one that has nothing under way. What waits for it is made anew.
    pub(super) fn put_printer(&mut self, setup: PrinterSetup) {
        let name = setup.name.clone();
        let printer = Printer::new(&setup, self.answers.get(&name).copied().unwrap_or_default());
        let place = self.setups.iter().position(|it| it.name == name);
        self.setups.retain(|it| it.name != name);
        self.printers.retain(|it| it.setup.name != name);
        let place = place.unwrap_or(self.setups.len());
        self.setups.insert(place, setup);
        self.printers.insert(place, printer);
        for pending in self.pending.values_mut() {
            let waits = pending.print.printer == name && pending.standing() == Standing::Waiting;
            if waits && pending.problem.is_none() && !pending.is_held {
                // Its lane is another one now.
                pending.problem = Some(PaperNotice::PrinterGone { name: name.clone() });
            }
        }
        self.make_anew(&name);
    }

    /// There is no such printer any more. What waits for it asks a person.
    pub(super) fn drop_printer(&mut self, name: &str) {
        self.setups.retain(|it| it.name != name);
        self.printers.retain(|it| it.setup.name != name);
        for pending in self.pending.values_mut() {
            if pending.print.printer == name && pending.standing() == Standing::Waiting {
                let name = name.to_owned();
                pending.problem = Some(PaperNotice::PrinterGone { name });
            }
        }
    }

    /// The first printer that is used for this, or the one of this name.
    pub(in crate::terminal) fn choose(
        &self,
        kind: PrintKind,
        name: Option<&str>,
    ) -> Option<&Printer> {
        self.printers.iter().find(|printer| match name {
            Some(name) => printer.setup.name == name,
            None => kind == PrintKind::Test || printer.setup.uses.contains(&kind),
        })
    }

    pub(in crate::terminal) fn printer(&self, name: &str) -> Option<&Printer> {
        self.printers
            .iter()
            .find(|printer| printer.setup.name == name)
    }

    pub(in crate::terminal) fn printer_mut(&mut self, name: &str) -> Option<&mut Printer> {
        self.printers
            .iter_mut()
            .find(|printer| printer.setup.name == name)
    }

    /// The program is about to end: a sheet that is under way comes to its end, no other begins.
    pub(in crate::terminal) fn begin_no_more(&mut self) {
        for printer in &mut self.printers {
            printer.lane.begin_no_more();
        }
    }

    /// Whether a printer goes on with a sheet.
    pub(in crate::terminal) fn is_printing(&self) -> bool {
        let mut printers = self.printers.iter();
        printers.any(|printer| printer.lane.is_printing())
    }

    /// A new sheet, to go out as soon as its printer can.
    ///
    /// # Errors
    /// Where its printer could not print it so that it serves.
    pub(in crate::terminal) fn add(&mut self, print: Print) -> Result<(), PrintError> {
        let Some(printer) = self.printer_mut(&print.printer) else {
            return Ok(());
        };
        let sheet = sheet_of(&print, &printer.setup, 1)?;
        let is_held = !printer.lane.add(sheet);
        self.keep(print, Vec::new(), is_held);
        Ok(())
    }

    /// Whether a printer could print this so that it serves; none where it has no room for so many.
    ///
    /// # Errors
    /// Where it could not.
    pub(in crate::terminal) fn check(
        &self,
        name: &str,
        document: &Document,
        copies: usize,
    ) -> Result<Option<()>, PrintError> {
        let Some(printer) = self.printer(name) else {
            return Ok(Some(()));
        };
        let PrinterSetup { profile, media, .. } = &printer.setup;
        encode(document, profile, *media, 1)?;
        let waiting = printer.lane.waiting().count();
        Ok((waiting.saturating_add(copies) <= SHEETS_MAX).then_some(()))
    }

    fn keep(&mut self, print: Print, facts: Vec<Fact>, is_held: bool) {
        let pending = Pending {
            print,
            facts,
            problem: None,
            is_held,
        };
        self.pending.insert(pending.print.id, pending);
    }

    /// A sheet as its rows say after a restart; gives back what is to be noted of it.
    pub(in crate::terminal) fn resume(
        &mut self,
        print: Print,
        facts: Vec<Fact>,
        now: Timestamp,
    ) -> Option<Fact> {
        let (id, name) = (print.id, print.printer.clone());
        self.keep(print, facts, false);
        let pending = self.pending.get_mut(&id)?;
        let standing = pending.standing();
        let Some(printer) = self
            .printers
            .iter_mut()
            .find(|printer| printer.setup.name == name)
        else {
            pending.problem = Some(PaperNotice::PrinterGone { name });
            return None;
        };
        let sheet = match sheet_of(&pending.print, &printer.setup, pending.attempt()) {
            Ok(sheet) => sheet,
            Err(why) => {
                pending.problem = Some(PaperNotice::CannotPrint { why });
                return None;
            }
        };
        if standing == Standing::Waiting && is_old(&pending.print, now) {
            pending.is_held = true;
            return None;
        }
        match printer.lane.resume(sheet, standing)? {
            Deed::Note(fact) => {
                pending.facts.push(fact.clone());
                Some(fact)
            }
            Deed::Open(_) | Deed::Write(_) | Deed::Close | Deed::LetGo => None,
        }
    }

    /// A printer whose port was opened at this time, and not closed since.
    pub(in crate::terminal) fn heeding(
        &mut self,
        name: &str,
        opening: Opening,
    ) -> Option<&mut Printer> {
        let printer = self.printer_mut(name)?;
        printer.lane.heeds(opening).then_some(printer)
    }

    /// What follows at a printer: facts to be written, and what its port is to do after that.
    pub(in crate::terminal) fn told(
        &mut self,
        name: &str,
        happened: Happened,
        now: Now,
    ) -> (Vec<Fact>, Vec<Deed>) {
        let (mut facts, mut deeds) = (Vec::new(), Vec::new());
        let mut news = VecDeque::from([happened]);
        while let Some(happened) = news.pop_front() {
            let Some(printer) = self.printer_mut(name) else {
                break;
            };
            for deed in printer.lane.handle(&happened, now.mono_ms) {
                let Deed::Note(fact) = deed else {
                    deeds.push(deed);
                    continue;
                };
                // Deeds are done only once all facts of a step are on disk.
                if fact.what == What::Begun {
                    news.push_back(Happened::Noted);
                }
                self.note(&fact);
                facts.push(fact);
            }
        }
        (facts, deeds)
    }

    /// One more fact; what is at its end is forgotten here.
    pub(in crate::terminal) fn note(&mut self, fact: &Fact) {
        let Some(pending) = self.pending.get_mut(&fact.sheet) else {
            return;
        };
        pending.facts.push(fact.clone());
        if pending.standing().is_end() {
            self.pending.remove(&fact.sheet);
        }
    }

    /// Takes back what has become old: a person is asked first.
    pub(in crate::terminal) fn hold_old(&mut self, now: Timestamp) {
        for pending in self.pending.values_mut() {
            let is_due = !pending.is_held
                && pending.standing() == Standing::Waiting
                && is_old(&pending.print, now);
            let printer = self
                .printers
                .iter_mut()
                .find(|printer| printer.setup.name == pending.print.printer);
            if let (true, Some(printer)) = (is_due, printer) {
                pending.is_held = printer.lane.take_back(pending.print.id).is_some();
            }
        }
    }

    /// A person wants a sheet that was held after all; gives back its row.
    ///
    /// # Errors
    /// Where its printer could not print it so that it serves.
    pub(in crate::terminal) fn release(
        &mut self,
        id: PrintId,
        now: Timestamp,
    ) -> Result<Option<Print>, PrintError> {
        let Some(pending) = self.pending.get_mut(&id).filter(|pending| pending.is_held) else {
            return Ok(None);
        };
        let Some(printer) = self
            .printers
            .iter_mut()
            .find(|printer| printer.setup.name == pending.print.printer)
        else {
            return Ok(None);
        };
        let sheet = sheet_of(&pending.print, &printer.setup, pending.attempt())?;
        pending.is_held = !printer.lane.add(sheet);
        pending.print.wanted_at = now;
        Ok(Some(pending.print.clone()))
    }

    /// Takes a sheet out of its printer's lane, where nothing of it is under way.
    pub(in crate::terminal) fn take_back(&mut self, id: PrintId) -> bool {
        let Some(pending) = self.pending.get(&id) else {
            return false;
        };
        let standing = pending.standing();
        let name = pending.print.printer.clone();
        let is_held = pending.is_held || pending.problem.is_some();
        let Some(printer) = self.printer_mut(&name) else {
            return true;
        };
        match standing {
            Standing::Doubtful(_) => {
                printer.lane.decided(id);
                true
            }
            Standing::Waiting => is_held || printer.lane.take_back(id).is_some(),
            Standing::UnderWay | Standing::Sent | Standing::Printed(_) | Standing::Forgotten => {
                false
            }
        }
    }

    /// When time itself makes a difference.
    pub(in crate::terminal) fn due_mono(&self) -> Option<u64> {
        let dues = self.printers.iter().map(|printer| printer.lane.due());
        dues.flatten().min()
    }

    /// The names of the printers, in the order of the configuration.
    pub(in crate::terminal) fn names(&self) -> Vec<String> {
        let printers = self.printers.iter();
        printers.map(|printer| printer.setup.name.clone()).collect()
    }
}

fn is_old(print: &Print, now: Timestamp) -> bool {
    now.since(print.wanted_at) > OLD_MS
}

pub(super) fn sheet_of(
    print: &Print,
    setup: &PrinterSetup,
    attempt: u32,
) -> Result<Sheet, PrintError> {
    Ok(Sheet {
        id: print.id,
        job: encode(&print.document, &setup.profile, setup.media, print.number)?,
        number: print.number,
        attempt,
    })
}
