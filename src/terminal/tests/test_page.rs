//! A test page, what is answered about it, and what the next paper is like.

use super::printing::{one, receipt, stickers, world};
use super::world::{World, setup};
use crate::domain::document::DrawnBy;
use crate::proto::print::{Confirms, Letters, Media, Profiles};
use crate::terminal::printing::PrinterAnswers;
use crate::terminal::{
    Command, Notice, PaperCommand, PaperNotice, PrinterSetup, Reply, Screen, Setup,
};

const NONE: PrinterAnswers = PrinterAnswers {
    columns: None,
    code: None,
    least_module: None,
    letters: None,
    cutter: None,
};

fn tune(world: &mut World, answers: PrinterAnswers) -> Reply {
    let printer = "counter".to_owned();
    world.reply(Command::Paper(PaperCommand::Tune { printer, answers }))
}

fn by(code: DrawnBy) -> PrinterAnswers {
    PrinterAnswers {
        code: Some(code),
        ..NONE
    }
}

fn answers(world: &World) -> PrinterAnswers {
    world.snapshot().printers[0].answers
}

/// A till with a printer that prints, and codes for its stickers.
fn counter() -> World {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    world.serve_port();
    world
}

/// The bytes of one more sticker.
fn sticker(world: &mut World) -> Vec<u8> {
    one(stickers(world, 1));
    world.serve_port()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|it| it == part)
}

fn is_native(bytes: &[u8]) -> bool {
    let (native, raster) = (has(bytes, b"\x1d(k"), has(bytes, b"\x1dv0"));
    assert!(native != raster, "one code, drawn by one");
    native
}

#[test]
fn who_draws_codes_is_known_at_once_and_after_a_restart_until_it_is_forgotten() {
    let mut world = counter();
    assert!(is_native(&sticker(&mut world)));
    assert_eq!(tune(&mut world, by(DrawnBy::Till)), Reply::Done);
    assert!(!is_native(&sticker(&mut world)));
    world.restart();
    world.serve_port();
    assert_eq!(answers(&world), by(DrawnBy::Till));
    assert!(!is_native(&sticker(&mut world)));
    let printer = "counter".to_owned();
    world.reply(Command::Paper(PaperCommand::Untune { printer }));
    assert!(is_native(&sticker(&mut world)));
    world.restart();
    world.serve_port();
    assert_eq!(answers(&world), NONE);
    assert!(is_native(&sticker(&mut world)));
}

#[test]
fn what_waits_already_goes_by_the_answers_too() {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    // The port is not open yet.
    stickers(&mut world, 3);
    tune(&mut world, by(DrawnBy::Till));
    stickers(&mut world, 1);
    let sent = world.serve_port();
    let count = |part: &[u8]| sent.windows(part.len()).filter(|it| *it == part).count();
    assert_eq!((count(b"\x1d(k"), count(b"\x1b@")), (0, 4));
}

#[test]
fn answers_are_added_to_those_before_and_change_the_paper() {
    let mut world = counter();
    let columns = PrinterAnswers {
        columns: Some(32),
        ..NONE
    };
    let rest = PrinterAnswers {
        least_module: Some(5),
        letters: Some(Letters::Page(16)),
        cutter: Some(false),
        ..NONE
    };
    world.tap(0);
    receipt(&mut world);
    let wide = world.serve_port();
    tune(&mut world, columns);
    tune(&mut world, rest);
    assert_eq!(
        answers(&world),
        PrinterAnswers {
            columns: Some(32),
            ..rest
        }
    );
    receipt(&mut world);
    let narrow = world.serve_port();
    let rule = |columns| [b"-".repeat(columns), b"\n".to_vec()].concat();
    assert!(has(&wide, &rule(48)) && has(&wide, b"\x1dVB\x00"));
    assert!(!has(&narrow, &rule(48)) && has(&narrow, &rule(32)));
    assert!(!has(&narrow, b"\x1dVB\x00") && has(&narrow, b"\x1bd\x04"));
    let rows = world.disk.journal.len();
    tune(&mut world, rest);
    assert_eq!(
        world.disk.journal.len(),
        rows,
        "said twice, it is kept once"
    );
}

#[test]
fn what_cannot_be_so_is_refused_and_not_kept() {
    let mut world = counter();
    let wrong = [
        PrinterAnswers {
            columns: Some(16),
            ..NONE
        },
        PrinterAnswers {
            columns: Some(167),
            ..NONE
        },
        PrinterAnswers {
            least_module: Some(9),
            ..NONE
        },
        PrinterAnswers {
            least_module: Some(1),
            ..NONE
        },
        PrinterAnswers {
            letters: Some(Letters::Page(99)),
            ..NONE
        },
    ];
    let refused = |name: &str| Reply::Refused {
        notice: Notice::Paper(PaperNotice::WrongAnswer {
            name: name.to_owned(),
        }),
    };
    for answer in wrong {
        assert_eq!(tune(&mut world, answer), refused("counter"), "{answer:?}");
    }
    let printer = "kitchen".to_owned();
    let unknown = Reply::Refused {
        notice: Notice::Paper(PaperNotice::UnknownPrinter {
            name: printer.clone(),
        }),
    };
    let command = PaperCommand::Tune {
        printer,
        answers: by(DrawnBy::Till),
    };
    assert_eq!(world.reply(Command::Paper(command)), unknown);
    assert_eq!(answers(&world), NONE);
    // What is in the disk's row by other ways changes nothing either.
    let row = r#"{"counter":{"columns":1,"code":"till"}}"#;
    world
        .disk
        .settings
        .insert("printer_answers".to_owned(), row.to_owned());
    world.restart();
    world.serve_port();
    assert!(is_native(&sticker(&mut world)));
}

#[test]
fn answers_of_printers_that_are_gone_are_kept_within_bounds() {
    let mut world = counter();
    let gone = (0..32).map(|number| (format!("a{number}"), by(DrawnBy::Till)));
    let gone: std::collections::BTreeMap<_, _> = gone.collect();
    let row = serde_json::to_string(&gone).unwrap();
    world
        .disk
        .settings
        .insert("printer_answers".to_owned(), row);
    world.restart();
    tune(&mut world, by(DrawnBy::Till));
    let row = &world.disk.settings["printer_answers"];
    let kept: std::collections::BTreeMap<String, PrinterAnswers> =
        serde_json::from_str(row).unwrap();
    assert_eq!(kept.len(), 32);
    assert!(kept.contains_key("counter") && kept.contains_key("a31"));
}

fn scan(world: &mut World, what: &str) -> Reply {
    let text = format!("https://example.com/tillcode/test/{what}");
    world.reply(Command::Scan { text })
}

#[test]
fn a_scanned_code_of_the_page_answers_its_question() {
    let mut world = counter();
    assert!(
        matches!(scan(&mut world, "native"), Reply::Refused { .. }),
        "not on Sell"
    );
    world.command(Command::Go {
        screen: Screen::Printer,
    });
    let (printer, drawer) = (None, false);
    world.reply(Command::Paper(PaperCommand::Test { printer, drawer }));
    scan(&mut world, "raster");
    assert_eq!(answers(&world).code, Some(DrawnBy::Till));
    scan(&mut world, "native");
    assert_eq!(answers(&world).code, Some(DrawnBy::Printer));
    scan(&mut world, "raster");
    assert_eq!(
        answers(&world).code,
        Some(DrawnBy::Printer),
        "both are read"
    );
    for (dots, least) in [("6", 6), ("4", 4), ("5", 4)] {
        scan(&mut world, dots);
        assert_eq!(answers(&world).least_module, Some(least));
    }
    for other in ["7", "", "native/"] {
        assert!(
            matches!(scan(&mut world, other), Reply::Refused { .. }),
            "{other}"
        );
    }
    // Another page of another roll: what was read before says nothing any more.
    let (printer, drawer) = (None, false);
    world.reply(Command::Paper(PaperCommand::Test { printer, drawer }));
    scan(&mut world, "raster");
    scan(&mut world, "5");
    let now = answers(&world);
    assert_eq!((now.code, now.least_module), (Some(DrawnBy::Till), Some(5)));
    world.restart();
    world.command(Command::Go {
        screen: Screen::Printer,
    });
    scan(&mut world, "native");
    assert_eq!(
        answers(&world).code,
        Some(DrawnBy::Printer),
        "there is only one printer"
    );
}

#[test]
fn the_drawer_opens_only_where_there_is_one_and_somebody_asked() {
    let mut world = counter();
    let test = |drawer| {
        let printer = None;
        Command::Paper(PaperCommand::Test { printer, drawer })
    };
    let pulse = b"\x1bp\x00";
    one(world.reply(test(false)));
    assert!(!has(&world.serve_port(), pulse));
    one(world.reply(test(true)));
    assert!(has(&world.serve_port(), pulse));
    world.setup_mut().printers[0].has_drawer = false;
    world.restart();
    assert!(matches!(world.reply(test(true)), Reply::Refused { .. }));
}

#[test]
fn labels_are_asked_only_about_what_differs_on_labels() {
    let profiles = Profiles::built_in().unwrap();
    let label = |name: &str, height| PrinterSetup {
        name: "counter".to_owned(),
        uses: Vec::new(),
        profile: profiles.get(name).unwrap().clone(),
        media: Some(Media {
            width_tenths_mm: 500,
            height_tenths_mm: Some(height),
        }),
        place: String::new(),
        is_shared: false,
        has_drawer: false,
    };
    for name in ["zpl-203", "tspl-203"] {
        for (height, modules, sheets) in [(400, &[3, 4, 5, 6][..], 5), (250, &[3, 4], 3)] {
            let mut printers = vec![label(name, height)];
            // One that says nothing: all is sent at once.
            printers[0].profile.answers = false;
            printers[0].profile.confirms = Confirms::Nothing;
            let mut world = World::with_setup(
                2,
                Setup {
                    printers,
                    ..setup()
                },
            );
            let asked = world.snapshot().printers[0].questions.clone();
            assert_eq!(asked.modules, modules);
            assert!(asked.columns.is_empty() && asked.codes.is_none() && !asked.cut);
            let (printer, drawer) = (None, false);
            one(world.reply(Command::Paper(PaperCommand::Test { printer, drawer })));
            let sent = world.serve_port();
            let ends: &[u8] = if name == "zpl-203" {
                b"^XZ"
            } else {
                b"PRINT 1,1"
            };
            let labels = sent.windows(ends.len()).filter(|it| *it == ends).count();
            assert_eq!(labels, sheets, "{name}");
            assert!(matches!(
                tune(&mut world, by(DrawnBy::Till)),
                Reply::Refused { .. }
            ));
            let least_module = Some(5);
            assert_eq!(
                tune(
                    &mut world,
                    PrinterAnswers {
                        least_module,
                        ..NONE
                    }
                ),
                Reply::Done
            );
        }
    }
}
