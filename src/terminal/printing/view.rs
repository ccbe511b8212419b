//! What people see of printers and sheets.

use super::book::{Pending, PrintBook, Printer};
use super::port::Lamp;
use super::sheet::Standing;
use crate::domain::print::Print;
use crate::proto::print::Confirms;
use crate::proto::print::status::PrinterState;
use crate::terminal::query::{PrintState, PrintView, PrinterView, PrinterWord, Trouble};

/// The most sheets that a screen is told of; the rest is listed by a command.
const SHEETS_MAX: usize = 100;

impl PrintBook {
    /// The sheets that are not at their end: those that wait for a person first, then the one under way,
    /// then the oldest.
    pub(in crate::terminal) fn print_views(&self) -> Vec<PrintView> {
        let mut sheets: Vec<_> = self.pending.values().collect();
        sheets.sort_by_cached_key(|pending| {
            let Print {
                wanted_at, number, ..
            } = pending.print;
            let is_under_way = pending.standing() == Standing::UnderWay;
            (!pending.asks(), !is_under_way, wanted_at, number)
        });
        sheets.into_iter().take(SHEETS_MAX).map(view).collect()
    }

    /// How many wait for a person.
    pub(in crate::terminal) fn asking(&self) -> usize {
        let sheets = self.pending.values();
        sheets.filter(|pending| pending.asks()).count()
    }

    /// The printers, in the order of the configuration.
    pub(in crate::terminal) fn printer_views(&self) -> Vec<PrinterView> {
        let views = self
            .printers
            .iter()
            .map(|printer| self.printer_view(printer));
        views.collect()
    }

    fn printer_view(&self, printer: &Printer) -> PrinterView {
        let sheets = self.pending.values();
        let own = sheets.filter(|pending| pending.print.printer == printer.setup.name);
        let (asking, waiting) = own.fold((0_usize, 0_usize), |(asking, waiting), pending| {
            if pending.asks() {
                (asking.saturating_add(1), waiting)
            } else {
                (asking, waiting.saturating_add(1))
            }
        });
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (state, mut troubles) = words(printer.lane.lamp());
        if printer.lane.is_paper_low() && !troubles.contains(&Trouble::PaperOut) {
            troubles.push(Trouble::PaperLow);
        }
        PrinterView {
            name: printer.setup.name.clone(),
            uses: printer.setup.uses.clone(),
            title: printer.setup.profile.title.clone(),
            place: printer.setup.place.clone(),
            state,
            troubles,
            problem: (state == PrinterWord::NotThere)
                .then(|| printer.problem.clone())
                .flatten(),
            confirms: printer.setup.profile.confirms != Confirms::Nothing,
            answers: printer.answers,
            questions: printer.questions.clone(),
            is_chosen: self.chosen.iter().any(|it| it.name == printer.setup.name),
            waiting: count(waiting),
            asking: count(asking),
        }
    }
}

fn view(pending: &Pending) -> PrintView {
    let standing = pending.standing();
    let mut view = PrintView::new(&pending.print, standing);
    if standing == Standing::Waiting && pending.is_held {
        view.state = PrintState::Held;
    }
    view.problem.clone_from(&pending.problem);
    view
}

fn words(lamp: Lamp) -> (PrinterWord, Vec<Trouble>) {
    match lamp {
        Lamp::Ready => (PrinterWord::Ready, Vec::new()),
        Lamp::Printing => (PrinterWord::Printing, Vec::new()),
        Lamp::NotThere => (PrinterWord::NotThere, Vec::new()),
        Lamp::Silent => (PrinterWord::Silent, Vec::new()),
        Lamp::Blocked => (PrinterWord::Blocked, Vec::new()),
        Lamp::Trouble(state) => (PrinterWord::Trouble, troubles(state)),
    }
}

/// What a person can do something about comes first.
fn troubles(state: PrinterState) -> Vec<Trouble> {
    let all = [
        (state.is_open, Trouble::CoverOpen),
        (state.is_paper_out, Trouble::PaperOut),
        (state.is_cutter_stuck, Trouble::CutterStuck),
        (state.is_ribbon_out, Trouble::RibbonOut),
        (state.is_jammed, Trouble::Jammed),
        (state.is_overheated, Trouble::Overheated),
        (state.is_broken, Trouble::Broken),
    ];
    let mut found: Vec<_> = all
        .into_iter()
        .filter_map(|(is_on, trouble)| is_on.then_some(trouble))
        .collect();
    if found.is_empty() {
        found.push(Trouble::Offline);
    }
    found
}
