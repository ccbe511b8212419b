//! Printers that somebody chooses at the till.

use super::printing::{stickers, world};
use super::world::World;
use crate::domain::print::PrintKind;
use crate::proto::print::Confirms;
use crate::terminal::printing::{PrinterAnswers, PrinterChoice};
use crate::terminal::query::{PrinterView, PrinterWord};
use crate::terminal::{Command, Notice, PaperCommand, PaperNotice, Reply};

fn choice(printer: Option<&str>, port: Option<&str>, profile: &str) -> PrinterChoice {
    PrinterChoice {
        printer: printer.map(str::to_owned),
        port: port.map(str::to_owned),
        profile: profile.to_owned(),
        uses: vec![PrintKind::Sticker],
    }
}

impl World {
    fn chooses(&mut self, choice: PrinterChoice) -> Reply {
        self.reply(Command::Paper(PaperCommand::Choose { choice }))
    }

    fn unchooses(&mut self, printer: &str) -> Reply {
        let printer = printer.to_owned();
        self.reply(Command::Paper(PaperCommand::Unchoose { printer }))
    }

    fn printers_seen(&self) -> Vec<PrinterView> {
        self.snapshot().printers.to_vec()
    }

    fn titles(&self) -> Vec<(String, String, bool)> {
        let views = self.printers_seen();
        let of = |view: PrinterView| (view.title, view.place, view.is_chosen);
        views.into_iter().map(of).collect()
    }
}

#[test]
fn what_is_chosen_goes_before_the_configuration_and_outlives_a_restart_until_it_is_undone() {
    let mut world = world(Confirms::Nothing);
    let configured = world.titles();
    let usb = "/dev/ttyUSB0".to_owned();
    let answers = PrinterAnswers {
        columns: Some(32),
        ..PrinterAnswers::default()
    };
    world.reply(Command::Paper(PaperCommand::Tune {
        printer: "counter".to_owned(),
        answers,
    }));
    let other = choice(Some("counter"), None, "generic-58");
    assert_eq!(world.chooses(other), Reply::Done);
    let chosen = |title: &str, place: &str| (title.to_owned(), place.to_owned(), true);
    let roll = world.printers_seen()[0].clone();
    assert!(roll.is_chosen && roll.answers.is_empty(), "{roll:?}");
    assert_eq!(
        (&roll.place, &roll.uses[..]),
        (&usb, &[PrintKind::Sticker][..])
    );
    assert!(world.ports.is_empty(), "it stays where it is");

    let moved = choice(Some("counter"), Some(" usb:A5 "), "epson-tm-t88");
    assert_eq!(world.chooses(moved), Reply::Done);
    let port = ("counter".to_owned(), Some("usb:A5".to_owned()));
    assert_eq!(world.ports, std::slice::from_ref(&port));
    assert_eq!(world.titles(), [chosen("Epson TM-T88", "usb:A5")]);
    world.ports.clear();
    world.restart();
    assert_eq!(world.ports, [port], "its port is chosen anew");
    assert_eq!(world.titles(), [chosen("Epson TM-T88", "usb:A5")]);
    // What was said of the port before stays where only the kind changes.
    world.chooses(choice(Some("counter"), None, "epson-tm-t20"));
    assert_eq!(world.titles(), [chosen("Epson TM-T20", "usb:A5")]);

    assert_eq!(world.unchooses("counter"), Reply::Done);
    assert_eq!(world.titles(), configured);
    assert_eq!(world.ports.last(), Some(&("counter".to_owned(), None)));
    assert!(matches!(world.unchooses("counter"), Reply::Refused { .. }));
}

#[test]
fn a_new_printer_has_a_name_of_its_own_and_what_waits_for_it_asks_once_it_is_gone() {
    let mut world = world(Confirms::Nothing);
    world.setup_mut().printers.clear();
    world.restart();
    world.wait_ms(5_000);
    for (port, name) in [("/dev/ttyS0", "printer"), ("10.0.0.7", "printer 2")] {
        assert_eq!(
            world.chooses(choice(None, Some(port), "generic-80")),
            Reply::Done
        );
        assert_eq!(world.printers_seen().last().unwrap().name, name);
    }
    let Reply::Prints { prints } = stickers(&mut world, 2) else {
        panic!("no printer for stickers");
    };
    // What waits is made for the printer as it is now.
    world.chooses(choice(Some("printer"), None, "epson-tm-t20"));
    assert_eq!(world.printers_seen()[0].waiting, 2);
    assert_eq!(world.printers_seen()[0].state, PrinterWord::NotThere);
    world.unchooses("printer");
    let seen = world.snapshot().prints.to_vec();
    assert_eq!(seen.len(), prints.len());
    let gone = PaperNotice::PrinterGone {
        name: "printer".to_owned(),
    };
    assert!(
        seen.iter()
            .all(|sheet| sheet.problem.as_ref() == Some(&gone))
    );
    assert_eq!(world.printers_seen().len(), 1);
}

#[test]
fn nothing_is_chosen_that_is_no_printer() {
    let mut world = world(Confirms::Nothing);
    let before = world.titles();
    let long = "x".repeat(201);
    for wrong in [
        choice(None, Some("/dev/ttyS0"), "typewriter"),
        choice(None, None, "generic-80"),
        choice(None, Some("  "), "generic-80"),
        choice(None, Some(&long), "generic-80"),
        choice(None, Some("/dev/tty\n"), "generic-80\n"),
        choice(Some("nobody"), Some("/dev/ttyS0"), "generic-80"),
    ] {
        let reply = world.chooses(wrong.clone());
        assert!(matches!(reply, Reply::Refused { .. }), "{wrong:?}");
    }
    for _ in 0..7 {
        world.chooses(choice(None, Some("/dev/ttyS0"), "generic-80"));
    }
    let reply = world.chooses(choice(None, Some("/dev/ttyS0"), "generic-80"));
    let notice = Notice::TooMany { limit: 8 };
    assert_eq!(reply, Reply::Refused { notice });
    assert_eq!(world.titles()[..1], before);
}
