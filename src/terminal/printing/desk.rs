//! What people ask of the printers.

use serde_json::json;
use uuid::Uuid;

use super::book::PrintBook;
use super::lane::SHEETS_MAX;
use super::paper::{self, Paper, Receipt};
use super::port::Happened;
use super::sheet::{Evidence, Fact, Standing, What};
use crate::domain::document::Document;
use crate::domain::id::{PrintId, ProductId, SaleId, StickerId};
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::print::{COPIES_MAX, Print, PrintKind};
use crate::domain::sale::Fact as SaleFact;
use crate::domain::sticker::{PLACE_CHARS_MAX, Sticker};
use crate::domain::time::{Now, Timestamp};
use crate::proto::print::{escpos, preview};
use crate::terminal::command::{Command, PrintDecision, Reply, StickerChange, StickerOf};
use crate::terminal::query::PaperView;
use crate::terminal::step::{Effect, Keys, Rows, Write};
use crate::terminal::turn::Turn;
use crate::terminal::{Answer, Notice, Terminal, recover};

/// The highest number that a printer repeats.
const NUMBER_MAX: u32 = 9_999;

/// What is wanted on paper, before it has a printer.
struct Wanted {
    kind: PrintKind,
    subject: String,
    title: String,
    copy: u32,
}

impl Terminal {
    fn paper(&self) -> Paper<'_> {
        Paper {
            shop: &self.shop,
            words: &self.setup.paper,
        }
    }

    /// The rows that a command about paper needs.
    pub(in crate::terminal) fn keys_of_print(&self, command: &Command, keys: &mut Keys) {
        if let Command::PrintReceipt { sale, .. } = command {
            keys.printed.push(sale.to_string());
        } else if let Command::SettlePrint { print, .. } = command {
            keys.prints.push(*print);
        } else if let Command::SetSticker { sticker, .. } = command {
            keys.stickers.push(*sticker);
        } else if let Command::CheckSticker { code } | Command::Scan { text: code } = command {
            keys.codes.push(code.trim().to_owned());
        }
    }

    /// The receipt of a sale as it stands; marked as a copy where there was one before.
    pub(in crate::terminal) fn print_receipt(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        printer: Option<&str>,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let printer = self.printer_for(PrintKind::Receipt, printer)?;
        let view = self.view_of(sale).ok_or(Notice::UnknownSale)?;
        let subject = sale.to_string();
        let copy = rows.copies.get(&subject).copied().unwrap_or(0);
        let given = self.sales.get(&sale).and_then(|record| {
            record.facts().find_map(|fact| match fact {
                SaleFact::Cash { given, .. } => Some(*given),
                SaleFact::Shown { .. }
                | SaleFact::Reported(_)
                | SaleFact::Claimed { .. }
                | SaleFact::Checked { .. }
                | SaleFact::Cancelled { .. }
                | SaleFact::Expired { .. } => None,
            })
        });
        let has_drawer = self
            .printing
            .printer(&printer)
            .is_some_and(|printer| printer.setup.has_drawer);
        let receipt = Receipt {
            sale: &view,
            given,
            copy,
            has_drawer,
        };
        let document = paper::receipt(self.paper(), receipt);
        let wanted = Wanted {
            kind: PrintKind::Receipt,
            subject,
            title: view.reference,
            copy,
        };
        let print = self.print(turn, &printer, wanted, document)?;
        Ok(Reply::Prints {
            prints: vec![print],
        })
    }

    /// Stickers of one code, each with a serial number of its own.
    pub(in crate::terminal) fn print_stickers(
        &mut self,
        turn: &mut Turn,
        of: &StickerOf,
        copies: u32,
        (place, printer): (&str, Option<&str>),
    ) -> Result<Reply, Notice> {
        if copies == 0 || copies > COPIES_MAX {
            return Err(Notice::TooMany {
                limit: usize::try_from(COPIES_MAX).unwrap_or(usize::MAX),
            });
        }
        let place: String = place.trim().chars().take(PLACE_CHARS_MAX).collect();
        let printer = self.printer_for(PrintKind::Sticker, printer)?;
        let link = self.sticker_link(of)?.clone();
        let first = paper::sticker(self.paper(), &self.sticker_of(&link, &place, turn.at()));
        self.check_print(&printer, &first, copies)?;
        let mut prints = Vec::new();
        for _ in 0..copies {
            let sticker = Sticker {
                id: StickerId(self.entropy.uuid(turn.at())),
                ..self.sticker_of(&link, &place, turn.at())
            };
            self.next_sticker = self.next_sticker.saturating_add(1);
            recover::save(turn, recover::NEXT_STICKER, &self.next_sticker);
            let document = paper::sticker(self.paper(), &sticker);
            let wanted = Wanted {
                kind: PrintKind::Sticker,
                subject: sticker.id.to_string(),
                title: format!("{} · {}", sticker.title, sticker.serial),
                copy: 0,
            };
            prints.push(self.print(turn, &printer, wanted, document)?);
            turn.write(Write::Sticker(sticker));
        }
        Ok(Reply::Prints { prints })
    }

    /// A page that shows what a printer can do.
    pub(in crate::terminal) fn print_test(
        &mut self,
        turn: &mut Turn,
        printer: Option<&str>,
    ) -> Result<Reply, Notice> {
        let name = self.printer_for(PrintKind::Test, printer)?;
        let Some(printer) = self.printing.printer(&name) else {
            return Err(Notice::UnknownPrinter { name });
        };
        let profile = &printer.setup.profile;
        let document = paper::test_page(self.paper(), &name, profile, turn.at());
        let wanted = Wanted {
            kind: PrintKind::Test,
            subject: String::new(),
            title: name.clone(),
            copy: 0,
        };
        let print = self.print(turn, &name, wanted, document)?;
        Ok(Reply::Prints {
            prints: vec![print],
        })
    }

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
            (_, Standing::UnderWay) => return Err(Notice::PrintUnderWay),
            (PrintDecision::Again, Standing::Waiting) => return self.release_print(turn, id),
            (PrintDecision::ItIsHere, Standing::Waiting) => return Err(Notice::PrintNotSent),
            (PrintDecision::Again, _) => {
                let printer = self.printer_for(print.kind, Some(&print.printer))?;
                self.check_print(&printer, &print.document, 1)?;
            }
            (PrintDecision::ItIsHere | PrintDecision::Forget, _) => {}
        }
        if !self.printing.take_back(id) {
            return Err(Notice::PrintUnderWay);
        }
        if matches!(self.notice, Some((_, Notice::DidItPrint { .. }))) {
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
        let print = print.ok_or(Notice::UnknownPrint)?;
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
        let at = turn.at();
        let released = self.printing.release(id, at);
        let released = released.map_err(|error| cannot(&error))?;
        if let Some(print) = released {
            turn.write(Write::Print(print));
        }
        Ok(Reply::Prints { prints: vec![id] })
    }

    /// Changes what the register knows of a sticker.
    pub(in crate::terminal) fn set_sticker(
        &mut self,
        turn: &mut Turn,
        id: StickerId,
        change: &StickerChange,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let found = rows.stickers.iter().find(|sticker| sticker.id == id);
        let mut sticker = found.cloned().ok_or(Notice::UnknownSticker)?;
        match change {
            StickerChange::Place { place } => {
                sticker.place = place.trim().chars().take(PLACE_CHARS_MAX).collect();
            }
            StickerChange::Retire => sticker.retired_at = Some(turn.at()),
            StickerChange::Checked => sticker.checked_at = Some(turn.at()),
        }
        turn.journal("sticker_set", id, &json!(change));
        turn.write(Write::Sticker(sticker));
        Ok(Reply::Done)
    }

    fn printer_for(&self, kind: PrintKind, name: Option<&str>) -> Result<String, Notice> {
        match (self.printing.choose(kind, name), name) {
            (Some(printer), _) => Ok(printer.setup.name.clone()),
            (None, Some(name)) => Err(Notice::UnknownPrinter {
                name: name.to_owned(),
            }),
            (None, None) => Err(Notice::NoPrinter { kind }),
        }
    }

    /// The live permanent link that a sticker is printed of.
    fn sticker_link(&self, of: &StickerOf) -> Result<&Link, Notice> {
        let link = match of {
            StickerOf::Link { link } => self.links.link(*link),
            StickerOf::Product { product } => {
                let product = self.sold(*product)?;
                let name = self
                    .accounts
                    .main()
                    .map(super::super::accounts::Account::name);
                name.and_then(|name| self.links.permanent(name, product))
            }
        };
        link.filter(|link| link.purpose == Purpose::Permanent && link.state == LinkState::Live)
            .filter(|link| link.url().is_some())
            .ok_or(Notice::NoStickerCode)
    }

    fn sold(&self, product: ProductId) -> Result<ProductId, Notice> {
        self.products
            .contains_key(&product)
            .then_some(product)
            .ok_or(Notice::UnknownProduct)
    }

    /// The next sticker of a link, without an id yet.
    fn sticker_of(&self, link: &Link, place: &str, at: Timestamp) -> Sticker {
        Sticker {
            id: StickerId(Uuid::nil()),
            serial: format!("{}-S{}", self.shop.terminal, self.next_sticker),
            link: link.id,
            product: link.product,
            title: self.title_of(link),
            price: (link.asking == Asking::Fixed).then_some(link.amount),
            url: link.url().unwrap_or_default().to_owned(),
            place: place.to_owned(),
            printed_at: at,
            valid_until: link.expires_at,
            checked_at: None,
            retired_at: None,
        }
    }

    pub(super) fn title_of(&self, link: &Link) -> String {
        let product = link.product.and_then(|id| self.products.get(&id));
        product.map_or_else(|| link.title.clone(), |product| product.name.clone())
    }

    /// Whether a printer can print this so that it serves, and has room for so many.
    fn check_print(&self, printer: &str, document: &Document, copies: u32) -> Result<(), Notice> {
        let copies = usize::try_from(copies).unwrap_or(usize::MAX);
        let checked = self.printing.check(printer, document, copies);
        checked
            .map_err(|error| cannot(&error))?
            .ok_or(Notice::TooMany { limit: SHEETS_MAX })
    }

    /// Puts a sheet into its printer's queue. It was checked before the first change.
    fn print(
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
        self.printing
            .add(print.clone())
            .map_err(|error| cannot(&error))?;
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

    /// Something happened at a printer's port.
    pub(in crate::terminal) fn printer_told(
        &mut self,
        turn: &mut Turn,
        name: &str,
        happened: Happened,
        problem: Option<String>,
    ) {
        if let Some(printer) = self.printing.printer_mut(name) {
            match happened {
                Happened::Lost => printer.problem = problem,
                Happened::Opened => printer.problem = None,
                Happened::Noted | Happened::Took(_) | Happened::Heard(_) | Happened::Tick => {}
            }
        }
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
            self.say(Notice::DidItPrint { title });
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

    /// What a sticker would be on paper.
    ///
    /// # Errors
    /// Where there is no code or no printer for it, or it could not be scanned from that paper.
    pub fn sticker_paper(
        &self,
        of: &StickerOf,
        printer: Option<&str>,
        now: Now,
    ) -> Result<PaperView, Notice> {
        let name = self.printer_for(PrintKind::Sticker, printer)?;
        let Some(printer) = self.printing.printer(&name) else {
            return Err(Notice::UnknownPrinter { name });
        };
        let sticker = self.sticker_of(self.sticker_link(of)?, "", now.wall);
        let document = paper::sticker(self.paper(), &sticker);
        let job = escpos::encode(&document, &printer.setup.profile, 1);
        let job = job.map_err(|error| cannot(&error))?;
        let picture = preview(&document, &printer.setup.profile);
        Ok(PaperView {
            picture: picture.map_err(|error| cannot(&error))?,
            printer: name,
            document,
            tenths_mm: job.paper_tenths_mm,
            replaced: job.replaced,
        })
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
            self.printer_told(turn, &name, Happened::Tick, None);
        }
    }

    /// Sheets as their rows say after a restart.
    pub(in crate::terminal) fn resume_prints(
        &mut self,
        turn: &mut Turn,
        rows: Vec<(Print, Vec<Fact>)>,
    ) {
        self.printing = PrintBook::new(&self.setup.printers);
        for (print, facts) in rows {
            let at = turn.at();
            if let Some(fact) = self.printing.resume(print, facts, at) {
                self.keep_print_fact(turn, &fact);
            }
        }
    }
}

fn cannot(error: &crate::proto::print::PrintError) -> Notice {
    Notice::CannotPrint {
        reason: error.to_string(),
    }
}
