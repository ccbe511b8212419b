//! Printing as people meet it: what goes to a printer, what is on disk before, what is asked after.

use super::world::{World, eur, setup};
use crate::domain::document::Block;
use crate::domain::id::PrintId;
use crate::domain::print::{Print, PrintKind};
use crate::proto::print::{Confirms, Profiles};
use crate::terminal::printing::{Deed, Happened, PortTold, PrintDecision, Standing, StickerOf};
use crate::terminal::query::{PrintState, PrinterWord};
use crate::terminal::{
    Command, Event, Notice, PaperCommand, PaperNotice, PrinterSetup, Reply, Setup,
};

/// A till with one printer; one that repeats numbers, or one that says nothing.
pub(super) fn world(confirms: Confirms) -> World {
    let profiles = Profiles::built_in().unwrap();
    let mut profile = profiles.get("epson-tm-t20").unwrap().clone();
    profile.confirms = confirms;
    profile.answers = false;
    let printer = PrinterSetup {
        name: "counter".to_owned(),
        uses: vec![PrintKind::Receipt, PrintKind::Sticker],
        profile,
        media: None,
        place: "/dev/ttyUSB0".to_owned(),
        is_shared: false,
        has_drawer: true,
    };
    World::with_setup(
        2,
        Setup {
            printers: vec![printer],
            ..setup()
        },
    )
}

impl World {
    fn printer(&mut self, happened: Happened) {
        self.printer_of(self.opening, happened, None);
    }

    fn printer_of(&mut self, opening: u64, happened: Happened, problem: Option<&str>) {
        self.event(Event::Printer {
            printer: "counter".to_owned(),
            told: PortTold {
                opening,
                happened,
                problem: problem.map(str::to_owned),
            },
        });
    }

    /// Does what the port is to do, taking all bytes; gives them back.
    pub(super) fn serve_port(&mut self) -> Vec<u8> {
        let mut sent = Vec::new();
        for _ in 0..1_000 {
            let deeds = std::mem::take(&mut self.at_port);
            if deeds.is_empty() {
                break;
            }
            for (_, deed) in deeds {
                match deed {
                    Deed::Open(_) => self.printer(Happened::Opened),
                    Deed::Write(bytes) => {
                        let count = bytes.len();
                        sent.extend(bytes);
                        self.printer(Happened::Took(count));
                    }
                    Deed::Close | Deed::LetGo => {}
                    Deed::Note(fact) => panic!("{fact:?} is no deed of a port"),
                }
            }
        }
        sent
    }

    pub(super) fn row_of(&self, id: PrintId) -> Print {
        self.disk.prints[&id].clone()
    }

    pub(super) fn texts_of(&self, id: PrintId) -> String {
        let document = self.row_of(id).document;
        let texts = document.blocks().iter().map(|block| match block {
            Block::Text(paragraph) => paragraph.text.clone(),
            Block::Row { left, right, .. } => format!("{left} {right}"),
            Block::Code { text, .. } => format!("[{text}]"),
            Block::Drawer => "drawer".to_owned(),
            Block::Rule
            | Block::Picture(_)
            | Block::Proof(_)
            | Block::Feed(_)
            | Block::Cut
            | Block::Buzzer => String::new(),
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

pub(super) fn one(reply: Reply) -> PrintId {
    match reply {
        Reply::Prints { prints } if prints.len() == 1 => prints[0],
        other @ (Reply::Done
        | Reply::Sale { .. }
        | Reply::Link { .. }
        | Reply::Remote { .. }
        | Reply::Prints { .. }
        | Reply::Patrol { .. }
        | Reply::Stickers { .. }
        | Reply::Refused { .. }) => panic!("{other:?}"),
    }
}

pub(super) fn receipt(world: &mut World) -> PrintId {
    let sale = world.pay().sale.id;
    let printer = None;
    one(world.reply(Command::Paper(PaperCommand::Receipt { sale, printer })))
}

pub(super) fn stickers(world: &mut World, copies: u32) -> Reply {
    let product = world.product_row(0).id;
    world.reply(Command::Paper(PaperCommand::Stickers {
        of: StickerOf::Product { product },
        copies,
        place: " shelf 3 ".to_owned(),
        printer: None,
    }))
}

pub(super) fn settle(world: &mut World, print: PrintId, decision: PrintDecision) -> Reply {
    world.reply(Command::Paper(PaperCommand::Settle { print, decision }))
}

/// A sheet that is all sent to a printer that never says that it is done.
fn doubtful(world: &mut World) -> PrintId {
    world.tap(0);
    let print = receipt(world);
    world.serve_port();
    world.printer(Happened::Lost);
    assert!(matches!(world.disk.standing(print), Standing::Doubtful(_)));
    print
}

#[test]
fn a_receipt_says_what_was_bought_and_that_it_is_not_paid_until_it_is() {
    let mut world = world(Confirms::Nothing);
    world.serve_port();
    world.tap(0);
    let print = receipt(&mut world);
    let texts = world.texts_of(print);
    assert!(
        texts.contains("Corner") && texts.contains("paper-open"),
        "{texts}"
    );
    let (url, _) = world.code().unwrap();
    assert!(texts.contains(&format!("[{url}]")), "{texts}");
    assert!(
        !texts.contains("paper-paid") && !texts.contains("drawer"),
        "{texts}"
    );

    let sale = world.pay().sale.id;
    let given = eur(1_000);
    world.reply(Command::PayInCash { sale, given });
    let paid = receipt(&mut world);
    let texts = world.texts_of(paid);
    assert!(
        texts.contains("paper-cash") && texts.contains("paper-change"),
        "{texts}"
    );
    assert!(
        texts.contains("paper-copy 1") && !texts.contains('['),
        "{texts}"
    );
    // It was opened for the first receipt, or not at all: a copy never opens it.
    assert!(!texts.contains("drawer"), "{texts}");
}

#[test]
fn the_drawer_opens_for_cash_once() {
    let mut world = world(Confirms::Nothing);
    world.tap(0);
    let sale = world.pay().sale.id;
    let given = eur(1_000);
    world.reply(Command::PayInCash { sale, given });
    let first = receipt(&mut world);
    assert!(world.texts_of(first).contains("drawer"));
    world.serve_port();
    let again = one(settle(&mut world, first, PrintDecision::Again));
    let texts = world.texts_of(again);
    assert!(
        !texts.contains("drawer") && texts.contains("paper-copy 1"),
        "{texts}"
    );
}

#[test]
fn that_its_first_byte_goes_out_is_on_disk_before_it_goes() {
    let mut world = world(Confirms::ProcessId);
    world.serve_port();
    world.tap(0);
    let print = receipt(&mut world);
    // The port has its bytes now, and the row says so.
    assert!(matches!(world.at_port.as_slice(), [(_, Deed::Write(_))]));
    assert_eq!(world.disk.standing(print), Standing::UnderWay);
    // Killed here: nobody knows what the printer took.
    world.at_port.clear();
    world.restart();
    assert!(matches!(world.disk.standing(print), Standing::Doubtful(_)));
    let sent = world.serve_port();
    let body = world.row_of(print).document;
    assert!(!body.blocks().is_empty());
    assert!(
        sent.iter().all(|byte| *byte == 0),
        "a second sheet: {sent:?}"
    );
}

#[test]
fn a_sheet_that_nobody_knows_of_is_asked_about_and_never_sent_again_by_itself() {
    let mut world = world(Confirms::ProcessId);
    world.serve_port();
    let print = doubtful(&mut world);
    assert!(matches!(
        world.snapshot().notice,
        Some((_, Notice::Paper(PaperNotice::DidItPrint { .. })))
    ));
    assert_eq!(world.snapshot().status.prints_to_settle, 1);
    for _ in 0..100 {
        world.wait_ms(60_000);
        let sent = world.serve_port();
        assert!(sent.iter().all(|byte| *byte == 0), "{sent:?}");
    }
    world.restart();
    assert_eq!(world.snapshot().prints[0].state, PrintState::Unconfirmed);

    assert_eq!(
        settle(&mut world, print, PrintDecision::ItIsHere),
        Reply::Done
    );
    assert!(world.disk.standing(print).is_end());
    assert_eq!(world.snapshot().prints.len(), 0);
}

#[test]
fn print_again_makes_one_copy_that_says_so() {
    let mut world = world(Confirms::ProcessId);
    world.serve_port();
    let print = doubtful(&mut world);
    let again = one(settle(&mut world, print, PrintDecision::Again));
    assert_ne!(again, print);
    assert_eq!(world.disk.standing(print), Standing::Forgotten);
    assert!(world.texts_of(again).starts_with("paper-copy 1\n"));
    let third = one(settle(&mut world, print, PrintDecision::Again));
    assert!(world.texts_of(third).contains("paper-copy 2"));
    let subjects: Vec<_> = world
        .disk
        .prints
        .values()
        .map(|print| &print.subject)
        .collect();
    assert!(subjects.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_sheet_that_waits_for_its_printer_too_long_is_asked_about_first() {
    let mut world = world(Confirms::Nothing);
    world.at_port.clear();
    world.tap(0);
    let print = receipt(&mut world);
    // Nobody opens the port for forty minutes.
    world.printer(Happened::Lost);
    world.at_port.clear();
    world.wait_ms(40 * 60_000);
    assert_eq!(world.snapshot().prints[0].state, PrintState::Held);
    assert_eq!(world.serve_port(), Vec::<u8>::new());
    world.restart();
    assert_eq!(world.serve_port(), Vec::<u8>::new());
    assert_eq!(world.snapshot().prints[0].state, PrintState::Held);

    assert_eq!(one(settle(&mut world, print, PrintDecision::Again)), print);
    world.wait_ms(3_000);
    let sent = world.serve_port();
    assert!(sent.starts_with(b"\x1b@"), "{sent:?}");
    assert_eq!(world.disk.standing(print), Standing::Sent);
    assert_eq!(world.row_of(print).copy, 0);
}

#[test]
fn a_sheet_that_was_never_sent_is_no_reason_to_mark_the_next_one_as_a_copy() {
    let mut world = world(Confirms::Nothing);
    world.tap(0);
    let first = receipt(&mut world);
    settle(&mut world, first, PrintDecision::Forget);
    let second = receipt(&mut world);
    assert_eq!(world.row_of(second).copy, 0);
    // The port was lost before a byte of it was taken: still nothing is on paper.
    world.printer(Happened::Opened);
    world.printer(Happened::Lost);
    settle(&mut world, second, PrintDecision::Forget);
    let third = receipt(&mut world);
    assert_eq!(world.row_of(third).copy, 0);
    world.wait_ms(2_500);
    world.serve_port();
    assert_eq!(world.disk.standing(third), Standing::Sent);
    let fourth = receipt(&mut world);
    assert_eq!(world.row_of(fourth).copy, 1);
}

#[test]
fn a_sheet_whose_printer_left_the_configuration_says_so_and_is_not_printed_elsewhere() {
    let mut world = world(Confirms::Nothing);
    world.tap(0);
    let sheet = receipt(&mut world);
    world.setup_mut().printers[0].name = "kitchen".to_owned();
    world.restart();
    let seen = world.snapshot().prints[0].clone();
    assert_eq!((seen.id, seen.state), (sheet, PrintState::Waiting));
    let gone = PaperNotice::PrinterGone {
        name: "counter".to_owned(),
    };
    assert_eq!(seen.problem.as_ref(), Some(&gone));
    let refused = settle(&mut world, sheet, PrintDecision::Again);
    assert!(
        matches!(
            &refused,
            Reply::Refused { notice: Notice::Paper(notice) } if *notice == gone
        ),
        "{refused:?}"
    );
    world.setup_mut().printers[0].name = "counter".to_owned();
    world.restart();
    assert_eq!(world.snapshot().prints[0].problem, None);
    world.serve_port();
    assert_eq!(world.disk.standing(sheet), Standing::Sent);
}

#[test]
fn a_till_that_ends_finishes_the_sheet_under_way_and_begins_no_other() {
    let mut world = world(Confirms::Nothing);
    world.tap(0);
    let (first, second) = (receipt(&mut world), receipt(&mut world));
    world.printer(Happened::Opened);
    world.terminal.send_nothing_more();
    assert!(world.terminal.is_printing());
    world.serve_port();
    assert_eq!(world.disk.standing(first), Standing::Sent);
    assert_eq!(world.disk.standing(second), Standing::Waiting);
    assert!(!world.terminal.is_printing());
    world.wait_ms(10_000);
    assert_eq!(world.disk.standing(second), Standing::Waiting);
}

#[test]
fn a_sheet_is_forgotten_unless_it_is_under_way() {
    let mut world = world(Confirms::Nothing);
    world.at_port.clear();
    world.tap(0);
    let first = receipt(&mut world);
    assert_eq!(
        settle(&mut world, first, PrintDecision::ItIsHere),
        Reply::Refused {
            notice: Notice::Paper(PaperNotice::PrintNotSent)
        }
    );
    assert_eq!(
        settle(&mut world, first, PrintDecision::Forget),
        Reply::Done
    );
    assert_eq!(world.disk.standing(first), Standing::Forgotten);

    let second = receipt(&mut world);
    world.printer(Happened::Opened);
    assert_eq!(world.disk.standing(second), Standing::UnderWay);
    assert_eq!(
        settle(&mut world, second, PrintDecision::Forget),
        Reply::Refused {
            notice: Notice::Paper(PaperNotice::PrintUnderWay)
        }
    );
    world.serve_port();
    assert_eq!(world.disk.standing(second), Standing::Sent);
    let unknown = PrintId(uuid::Uuid::nil());
    assert_eq!(
        settle(&mut world, unknown, PrintDecision::Forget),
        Reply::Refused {
            notice: Notice::Paper(PaperNotice::UnknownPrint)
        }
    );
}

#[test]
fn what_cannot_be_printed_is_refused_before_anything_is_written() {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    let before = world.disk.settings.clone();
    let too_many = Reply::Refused {
        notice: Notice::TooMany { limit: 200 },
    };
    assert_eq!(stickers(&mut world, 201), too_many);
    assert_eq!(stickers(&mut world, 0), too_many);
    let printer = Some("kitchen".to_owned());
    assert_eq!(
        world.reply(Command::Paper(PaperCommand::Test {
            printer,
            drawer: false
        })),
        Reply::Refused {
            notice: Notice::Paper(PaperNotice::UnknownPrinter {
                name: "kitchen".to_owned()
            })
        }
    );
    world.setup_mut().printers[0].uses = vec![PrintKind::Sticker];
    // A head that is too narrow for any code.
    world.setup_mut().printers[0].profile.dots = 60;
    world.restart();
    assert!(matches!(
        stickers(&mut world, 2),
        Reply::Refused {
            notice: Notice::Paper(PaperNotice::CannotPrint { .. })
        }
    ));
    world.tap(0);
    let sale = world.pay().sale.id;
    let printer = None;
    assert_eq!(
        world.reply(Command::Paper(PaperCommand::Receipt { sale, printer })),
        Reply::Refused {
            notice: Notice::Paper(PaperNotice::NoPrinter {
                kind: PrintKind::Receipt
            })
        }
    );
    assert!(world.disk.prints.is_empty() && world.disk.stickers.is_empty());
    assert_eq!(
        world.disk.settings.get("next_sticker"),
        before.get("next_sticker")
    );
}

#[test]
fn a_printer_that_is_not_there_says_why_and_is_looked_for() {
    let mut world = world(Confirms::Nothing);
    assert!(matches!(world.at_port.as_slice(), [(_, Deed::Open(_))]));
    world.at_port.clear();
    world.printer_of(1, Happened::Lost, Some("no such port"));
    let view = world.snapshot().printers[0].clone();
    assert_eq!(view.state, PrinterWord::NotThere);
    assert_eq!(view.problem.as_deref(), Some("no such port"));
    world.wait_ms(2_500);
    assert!(matches!(world.at_port.as_slice(), [(_, Deed::Open(_))]));
    world.serve_port();
    assert_eq!(world.snapshot().printers[0].state, PrinterWord::Ready);
    assert_eq!(world.snapshot().printers[0].problem, None);
}

#[test]
fn what_a_port_says_of_an_earlier_opening_is_not_heard() {
    let mut world = world(Confirms::Nothing);
    world.printer_of(1, Happened::Lost, None);
    world.wait_ms(2_500);
    assert_eq!(world.opening, 2);
    world.tap(0);
    let sheet = receipt(&mut world);
    world.printer_of(1, Happened::Opened, None);
    assert_eq!(world.disk.standing(sheet), Standing::Waiting);
    world.at_port.clear();
    world.printer_of(2, Happened::Opened, None);
    let written = std::mem::take(&mut world.at_port);
    assert!(
        matches!(written.as_slice(), [(_, Deed::Write(_))]),
        "{written:?}"
    );
    for late in [Happened::Opened, Happened::Took(256), Happened::Lost] {
        world.printer_of(1, late, None);
        assert_eq!(world.disk.standing(sheet), Standing::UnderWay);
        assert!(world.at_port.is_empty(), "{:?}", world.at_port);
    }
    world.printer_of(2, Happened::Lost, None);
    assert_eq!(world.disk.standing(sheet), Standing::Waiting);
}
