//! `tillcode printer tune`: what came out on a printer's test page.

use clap::{Args, ValueEnum};

use super::super::{Desk, accept};
use super::printers;
use crate::domain::document::DrawnBy;
use crate::proto::print::Letters;
use crate::terminal::printing::PrinterAnswers;
use crate::terminal::query::PrinterView;
use crate::terminal::{Command, PaperCommand};

#[derive(Debug, Args)]
pub(in crate::cli) struct TuneArgs {
    /// The printer's name.
    name: String,
    /// The last row of letters that fits on one line, by its number.
    #[arg(long)]
    columns: Option<u8>,
    /// Which code is read: native is 1 (or both), raster is 2.
    #[arg(long)]
    code: Option<Code>,
    /// The smallest code that is read, by its number.
    #[arg(long, value_name = "DOTS")]
    least_module: Option<u8>,
    /// The rows of letters that are as the first one: all, none, or the number of the only one.
    #[arg(long, value_parser = letters)]
    letters: Option<Letters>,
    /// Whether the paper was cut.
    #[arg(long)]
    cutter: Option<Word>,
    /// Forgets all answers: the printer is again what the configuration says.
    #[arg(long, conflicts_with_all = ["columns", "code", "least_module", "letters", "cutter"])]
    forget: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Code {
    Native,
    Raster,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Word {
    Yes,
    No,
}

fn letters(word: &str) -> Result<Letters, String> {
    match word {
        "all" => Ok(Letters::All),
        "none" => Ok(Letters::None),
        number => match number.parse() {
            Ok(number) => Ok(Letters::Page(number)),
            Err(_) => Err("write all, none, or the number of a row".to_owned()),
        },
    }
}

/// Says it to the till; gives back all that is in force.
pub(super) fn run(desk: &mut dyn Desk, args: &TuneArgs) -> anyhow::Result<String> {
    let printer = args.name.clone();
    let answers = PrinterAnswers {
        columns: args.columns,
        code: args.code.map(|code| match code {
            Code::Native => DrawnBy::Printer,
            Code::Raster => DrawnBy::Till,
        }),
        least_module: args.least_module,
        letters: args.letters,
        cutter: args.cutter.map(|word| word == Word::Yes),
    };
    if args.forget {
        accept(desk.command(Command::Paper(PaperCommand::Untune { printer }))?)?;
    } else if !answers.is_empty() {
        accept(desk.command(Command::Paper(PaperCommand::Tune { printer, answers }))?)?;
    }
    let (printers, _) = printers(desk)?;
    let Some(printer) = printers.iter().find(|printer| printer.name == args.name) else {
        anyhow::bail!(
            "there is no printer named {:?}: see `tillcode printer list`",
            args.name
        );
    };
    Ok(match said(printer.answers) {
        Some(words) => format!("{}: {words}\n", printer.name),
        None => format!(
            "{}: nothing is answered, it is as the configuration says\n",
            printer.name
        ),
    })
}

/// The answers that are in force; none where there are none.
pub(super) fn said(answers: PrinterAnswers) -> Option<String> {
    let code = |by| match by {
        DrawnBy::Printer => "codes native",
        DrawnBy::Till => "codes raster",
    };
    let letters = |letters| match letters {
        Letters::All => "letters all".to_owned(),
        Letters::Page(number) => format!("letters {number}"),
        Letters::None => "letters none".to_owned(),
    };
    let cutter = |cuts: bool| if cuts { "cutter yes" } else { "cutter no" };
    let words: Vec<String> = [
        answers.columns.map(|columns| format!("columns {columns}")),
        answers.code.map(|by| code(by).to_owned()),
        answers
            .least_module
            .map(|dots| format!("least module {dots}")),
        answers.letters.map(letters),
        answers.cutter.map(|cuts| cutter(cuts).to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!words.is_empty()).then(|| format!("{} (by its test page)", words.join(", ")))
}

/// How the page that was just printed is answered.
pub(super) fn how_to_answer(printer: &PrinterView) -> String {
    let questions = &printer.questions;
    let name = &printer.name;
    let mut options: Vec<&str> = Vec::new();
    if !questions.columns.is_empty() {
        options.push("--columns NUMBER (the last row that fits on one line)");
    }
    if questions.codes.is_some() {
        options.push("--code native|raster (1 or both are read | only 2 is)");
    }
    if !questions.modules.is_empty() {
        options.push("--least-module NUMBER (the smallest code that is read)");
    }
    if !questions.pages.is_empty() {
        options.push("--letters all|NUMBER|none (the rows that are as the first one)");
    }
    if questions.cut {
        options.push("--cutter yes|no (whether the paper was cut)");
    }
    let options = options.iter().map(|option| format!("  {option}\n"));
    format!(
        "What came out? Say it on the Printer screen, or with tillcode printer tune {name}:\n{}",
        options.collect::<String>()
    )
}
