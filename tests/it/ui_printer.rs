//! The Printer screen's questions about a test page.

use egui_kittest::kittest::Queryable as _;
use tillcode::domain::document::DrawnBy;
use tillcode::domain::locale::Language;
use tillcode::domain::print::PrintKind;
use tillcode::proto::print::Letters;
use tillcode::terminal::printing::{PrinterAnswers, PrinterChoice, TestQuestions};
use tillcode::terminal::query::{PrinterView, PrinterWord};
use tillcode::terminal::{Command, PaperCommand, Screen as Which, Snapshot};

use crate::support::fake_till::snapshot;
use crate::support::panels::PANELS;
use crate::support::screen::Screen;
use crate::ui_sizes::check;

const NONE: PrinterAnswers = PrinterAnswers {
    columns: None,
    code: None,
    least_module: None,
    letters: None,
    cutter: None,
};

/// A printer of which all can be asked, more than any that is built in.
fn printer(drawer: bool) -> PrinterView {
    PrinterView {
        name: "counter".to_owned(),
        uses: vec![PrintKind::Receipt],
        title: "Epson TM-T20".to_owned(),
        place: "/dev/ttyUSB0".to_owned(),
        state: PrinterWord::Ready,
        troubles: Vec::new(),
        problem: None,
        confirms: true,
        answers: NONE,
        is_chosen: false,
        questions: TestQuestions {
            columns: vec![32, 42, 48, 53, 64],
            codes: Some(6),
            modules: vec![3, 4, 5, 6, 8],
            pages: vec![0, 14, 15, 16, 17, 18, 19, 45, 46, 47],
            cut: true,
            drawer,
        },
        waiting: 0,
        asking: 0,
    }
}

fn on_printer(printer: PrinterView) -> Snapshot {
    let mut start = snapshot();
    start.screen = Which::Printer;
    start.printers = [printer].into();
    start
}

fn test(drawer: bool) -> Command {
    Command::Paper(PaperCommand::Test {
        printer: Some("counter".to_owned()),
        drawer,
    })
}

fn tune(answers: PrinterAnswers) -> Command {
    Command::Paper(PaperCommand::Tune {
        printer: "counter".to_owned(),
        answers,
    })
}

/// Somebody looks at a question before she answers it.
fn read(screen: &mut Screen) {
    for _step in 0..12 {
        screen.harness.step();
    }
}

fn press(screen: &mut Screen, name: &str) {
    screen.press(name);
    read(screen);
}

#[test]
fn a_test_page_asks_one_thing_after_the_other_and_each_answer_is_kept() {
    let mut screen = Screen::new(on_printer(printer(false)));
    press(&mut screen, "Print a test page");
    for answer in ["48", "2", "5", "Only row 16", "No"] {
        press(&mut screen, answer);
    }
    assert!(screen.shows("Print a test page"), "all was asked");
    let wanted = [
        test(false),
        tune(PrinterAnswers {
            columns: Some(48),
            ..NONE
        }),
        tune(PrinterAnswers {
            code: Some(DrawnBy::Till),
            ..NONE
        }),
        tune(PrinterAnswers {
            least_module: Some(5),
            ..NONE
        }),
        tune(PrinterAnswers {
            letters: Some(Letters::Page(16)),
            ..NONE
        }),
        tune(PrinterAnswers {
            cutter: Some(false),
            ..NONE
        }),
    ];
    assert_eq!(screen.till.taken(), wanted);
}

#[test]
fn whatever_nobody_knows_is_left_out_and_answers_can_be_forgotten() {
    let mut start = printer(true);
    start.answers.code = Some(DrawnBy::Till);
    let mut screen = Screen::new(on_printer(start));
    assert!(screen.shows_part("as its test page showed"));
    press(&mut screen, "Print a test page");
    assert!(screen.till.taken().is_empty(), "the drawer first");
    press(&mut screen, "Print, open the drawer");
    press(&mut screen, "Next");
    assert!(screen.shows("Which of the two codes is read?"));
    press(&mut screen, "None");
    assert!(screen.shows("Which is the smallest code that is read?"));
    press(&mut screen, "Forget all answers");
    press(&mut screen, "Back");
    let printer = "counter".to_owned();
    let forget = Command::Paper(PaperCommand::Untune { printer });
    assert_eq!(screen.till.taken(), [test(true), forget]);
    assert!(screen.shows("Print a test page"));
}

#[test]
fn labels_have_one_question() {
    let mut start = printer(false);
    start.questions = TestQuestions {
        modules: vec![3, 4],
        ..TestQuestions::default()
    };
    let mut screen = Screen::new(on_printer(start));
    press(&mut screen, "Print a test page");
    assert!(screen.shows("Which is the smallest code that is read?"));
    press(&mut screen, "4");
    assert!(screen.shows("Print a test page"));
}

#[test]
fn every_answer_is_as_large_as_a_finger_on_every_panel() {
    let words = |language| match language {
        Language::De => ("Testseite drucken", "Nur drucken", "Weiter"),
        Language::Es => ("Imprimir página de prueba", "Solo imprimir", "Seguir"),
        _ => ("Print a test page", "Print only", "Next"),
    };
    for panel in PANELS {
        for language in [Language::En, Language::De, Language::Es] {
            let mut start = printer(true);
            start.answers.code = Some(DrawnBy::Till);
            let mut start = on_printer(start);
            start.language = language;
            let mut screen = Screen::on(panel, start);
            let (test, print, next) = words(language);
            press(&mut screen, test);
            check(panel, &screen, "drawer");
            press(&mut screen, print);
            for step in ["columns", "codes", "modules", "letters", "cut"] {
                check(panel, &screen, step);
                press(&mut screen, next);
            }
            assert!(screen.shows(test), "{}", panel.name);
        }
    }
}

/// In the two frames in which a quick finger presses and lets go.
fn tap(screen: &mut Screen, name: &str) {
    let pos = screen.harness.get_by_label(name).rect().center();
    for pressed in [true, false] {
        let event = egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::default(),
        };
        let events = &mut screen.harness.input_mut().events;
        events.extend([egui::Event::PointerMoved(pos), event]);
        screen.harness.step();
    }
}

#[test]
fn the_second_of_two_taps_answers_nothing() {
    let mut screen = Screen::new(on_printer(printer(false)));
    tap(&mut screen, "Print a test page");
    tap(&mut screen, "48");
    assert!(screen.shows("Which is the last row of letters that fits on one line?"));
    read(&mut screen);
    tap(&mut screen, "48");
    tap(&mut screen, "2");
    let columns = PrinterAnswers {
        columns: Some(48),
        ..NONE
    };
    assert_eq!(screen.till.taken(), [test(false), tune(columns)]);
}

fn choose(printer: Option<&str>, port: Option<&str>, uses: &[PrintKind]) -> Command {
    Command::Paper(PaperCommand::Choose {
        choice: PrinterChoice {
            printer: printer.map(str::to_owned),
            port: port.map(str::to_owned),
            profile: "epson-tm-t20".to_owned(),
            uses: uses.to_vec(),
        },
    })
}

#[test]
fn a_new_printer_takes_four_questions() {
    let mut start = snapshot();
    start.screen = Which::Printer;
    let mut screen = Screen::new(start);
    press(&mut screen, "Set up a printer");
    assert!(screen.shows("Where is it plugged in?"));
    press(&mut screen, "FTDI Serial adapter, /dev/ttyUSB1");
    press(&mut screen, "19200");
    press(&mut screen, "Print a line");
    assert!(screen.shows_part("The line was sent"));
    press(&mut screen, "It is this one");
    press(&mut screen, "Epson TM-T20, epson-tm-t20");
    press(&mut screen, "Stickers");
    assert!(screen.shows("Set up a printer"));
    let wanted = choose(None, Some("usb:A5@19200"), &[PrintKind::Sticker]);
    assert_eq!(screen.till.taken(), [wanted]);
}

#[test]
fn a_printer_is_something_else_where_it_is_or_what_the_configuration_says() {
    let mut chosen = printer(false);
    chosen.is_chosen = true;
    let mut screen = Screen::new(on_printer(chosen));
    assert!(screen.shows_part("chosen here"));
    press(&mut screen, "Set up a printer");
    press(&mut screen, "counter, Epson TM-T20 · /dev/ttyUSB0");
    press(&mut screen, "Where it is now, /dev/ttyUSB0");
    press(&mut screen, "Back");
    assert!(screen.shows("Where is it plugged in?"));
    press(&mut screen, "Where it is now, /dev/ttyUSB0");
    press(&mut screen, "Epson TM-T20, epson-tm-t20");
    press(&mut screen, "Receipts and stickers");
    let both = [PrintKind::Receipt, PrintKind::Sticker];
    assert_eq!(screen.till.taken(), [choose(Some("counter"), None, &both)]);

    press(&mut screen, "Set up a printer");
    press(&mut screen, "counter, Epson TM-T20 · /dev/ttyUSB0");
    press(
        &mut screen,
        "Undo what was chosen here, It is again as the configuration says",
    );
    let printer = "counter".to_owned();
    let undo = Command::Paper(PaperCommand::Unchoose { printer });
    assert_eq!(screen.till.taken(), [undo]);
}

#[test]
fn every_question_about_a_printer_fits_every_panel() {
    let words = |language| match language {
        Language::De => ("Drucker einrichten", "Dieser ist es"),
        Language::Es => ("Configurar impresora", "Es esta"),
        _ => ("Set up a printer", "It is this one"),
    };
    for panel in PANELS {
        for language in [Language::En, Language::De, Language::Es] {
            let mut start = snapshot();
            start.screen = Which::Printer;
            start.language = language;
            let mut screen = Screen::on(panel, start);
            let (set_up, this) = words(language);
            check(panel, &screen, "no printer");
            press(&mut screen, set_up);
            check(panel, &screen, "where");
            press(&mut screen, "FTDI Serial adapter, /dev/ttyUSB1");
            check(panel, &screen, "try");
            press(&mut screen, this);
            check(panel, &screen, "kind");
            press(&mut screen, "Epson TM-T20, epson-tm-t20");
            check(panel, &screen, "use");
        }
    }
}
