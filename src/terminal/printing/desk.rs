//! What people ask of the printers.

use super::command::{PaperCommand, StickerOf};
use super::notice::PaperNotice;
use super::paper::{self, Paper, Receipt, Room};
use super::queue::{Wanted, cannot};
use super::register::checked_place;
use super::setup::PrinterSetup;
use crate::domain::id::SaleId;
use crate::domain::print::PrintKind;
use crate::domain::sale::{Fact as SaleFact, Line};
use crate::domain::tax::{TaxSum, included};
use crate::domain::time::Now;
use crate::proto::print::{encode, preview};
use crate::terminal::command::{Command, Reply};
use crate::terminal::query::PaperView;
use crate::terminal::step::{Keys, Rows};
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Terminal};

impl Terminal {
    pub(super) fn paper(&self) -> Paper<'_> {
        Paper {
            shop: &self.shop,
            words: &self.setup.paper.words,
            setup: &self.setup.paper,
        }
    }

    /// The rows that a command about paper needs.
    pub(in crate::terminal) fn keys_of_paper(&self, command: &Command, keys: &mut Keys) {
        if let Command::Paper(command) = command {
            match command {
                PaperCommand::Receipt { sale, .. } => keys.printed.push(sale.to_string()),
                PaperCommand::Settle { print, .. } => keys.prints.push(*print),
                PaperCommand::SetSticker { sticker, .. } => keys.stickers.push(*sticker),
                PaperCommand::LearnStickers { stickers } => {
                    keys.stickers
                        .extend(stickers.iter().map(|sticker| sticker.id));
                }
                PaperCommand::CheckSticker { code } => keys.codes.push(code.trim().to_owned()),
                PaperCommand::Stickers { .. }
                | PaperCommand::Register { .. }
                | PaperCommand::Test { .. }
                | PaperCommand::Tune { .. }
                | PaperCommand::Untune { .. }
                | PaperCommand::Choose { .. }
                | PaperCommand::Unchoose { .. } => {}
            }
        } else if let Command::Scan { text } = command
            && self.is_patrol(text)
        {
            keys.codes.push(text.trim().to_owned());
        }
    }

    /// Does what was asked about paper.
    pub(in crate::terminal) fn obey_paper(
        &mut self,
        turn: &mut Turn,
        command: PaperCommand,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        match command {
            PaperCommand::Receipt { sale, printer } => {
                self.print_receipt(turn, sale, printer.as_deref(), rows)
            }
            PaperCommand::Stickers {
                of,
                copies,
                place,
                printer,
            } => self.print_stickers(turn, &of, copies, (&place, printer.as_deref())),
            PaperCommand::Register { of, copies, place } => {
                self.register(turn, &of, copies, &place)
            }
            PaperCommand::Test { printer, drawer } => {
                self.print_test(turn, printer.as_deref(), drawer)
            }
            PaperCommand::Tune { printer, answers } => self.tune(turn, &printer, answers),
            PaperCommand::Untune { printer } => self.untune(turn, &printer),
            PaperCommand::Choose { choice } => self.choose_printer(turn, choice),
            PaperCommand::Unchoose { printer } => self.unchoose_printer(turn, &printer),
            PaperCommand::Settle { print, decision } => {
                self.settle_print(turn, print, decision, rows)
            }
            PaperCommand::SetSticker { sticker, change } => {
                self.set_sticker(turn, sticker, &change, rows)
            }
            PaperCommand::LearnStickers { stickers } => self.learn_stickers(turn, stickers, rows),
            PaperCommand::CheckSticker { code } => self.check_sticker(turn, &code, rows),
        }
    }

    /// The receipt of a sale as it stands; marked as a copy where there was one before.
    fn print_receipt(
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
            taxes: &self.taxes_of(&view.lines),
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

    /// By the categories that its products are in now.
    fn taxes_of(&self, lines: &[Line]) -> Vec<TaxSum> {
        let category = |line: &Line| {
            let product = line.product.and_then(|id| self.products.get(&id))?;
            product.category.as_deref()
        };
        let lines: Vec<_> = lines
            .iter()
            .map(|line| {
                let sum = line.total().unwrap_or(line.unit);
                (category(line).unwrap_or_default(), sum)
            })
            .collect();
        included(&self.setup.paper.taxes, &lines)
    }

    /// Stickers of one code, each with a serial number of its own.
    fn print_stickers(
        &mut self,
        turn: &mut Turn,
        of: &StickerOf,
        copies: u32,
        (place, printer): (&str, Option<&str>),
    ) -> Result<Reply, Notice> {
        let place = checked_place(copies, place)?;
        let printer = self.printer_for(PrintKind::Sticker, printer)?;
        let link = self.sticker_link(of)?.clone();
        let room = self.room_of(&printer);
        let first = self.sticker_of(&link, &place, turn.at());
        let first = paper::sticker(self.paper(), &first, room);
        self.check_print(&printer, &first, copies)?;
        let mut prints = Vec::new();
        for _ in 0..copies {
            let mut sticker = self.new_sticker(turn, &link, &place);
            sticker.is_thermal = true;
            let document = paper::sticker(self.paper(), &sticker, room);
            let wanted = Wanted {
                kind: PrintKind::Sticker,
                subject: sticker.id.to_string(),
                title: format!("{} · {}", sticker.title, sticker.serial),
                copy: 0,
            };
            prints.push(self.print(turn, &printer, wanted, document)?);
            self.keep_sticker(turn, sticker);
        }
        Ok(Reply::Prints { prints })
    }

    pub(super) fn room_of(&self, printer: &str) -> Room {
        let media = self.printing.printer(printer).and_then(|it| it.setup.media);
        if media.is_some_and(|media| media.height_tenths_mm.is_some()) {
            Room::Label
        } else {
            Room::Roll
        }
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
            return Err(Notice::Paper(PaperNotice::UnknownPrinter { name }));
        };
        let sticker = self.sticker_of(self.sticker_link(of)?, "", now.wall);
        let document = paper::sticker(self.paper(), &sticker, self.room_of(&name));
        let PrinterSetup { profile, media, .. } = &printer.setup;
        let job = encode(&document, profile, *media, 1);
        let job = job.map_err(cannot)?;
        let picture = preview(&document, profile, *media);
        Ok(PaperView {
            link: sticker.link,
            picture: picture.map_err(cannot)?,
            printer: name,
            document,
            tenths_mm: job.paper_tenths_mm,
            replaced: job.replaced,
        })
    }
}
