//! `tillcode printer`: which there are, how they are, and what waits for them.

mod choose;
mod find;
mod tune;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::label::{WaitArgs, report};
use super::printing::{condition, is_known, line, printers};
use super::{Desk, accept, table, tell, to_json};
use crate::domain::id::PrintId;
use crate::io::printer::{Attached as _, Kind, System, Usb};
use crate::terminal::printing::PrintDecision;
use crate::terminal::query::{PrinterView, PrinterWord};
use crate::terminal::{Command, PaperCommand, Reply};

#[derive(Debug, Subcommand)]
pub(super) enum PrinterTask {
    /// Lists the printers of the configuration, and what else is plugged in.
    List {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// How each printer is; fails if one of them cannot print.
    Status {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Prints a page that shows what a printer can do.
    Test {
        /// Its name; without it the first.
        name: Option<String>,
        /// Opens its cash drawer, too.
        #[arg(long)]
        drawer: bool,
        #[command(flatten)]
        wait: WaitArgs,
    },
    /// Says what came out on a printer's test page; without an answer, what was said before.
    Tune(tune::TuneArgs),
    /// Prints one line on what is plugged in and not in use, to see which printer is which.
    Find(find::FindArgs),
    /// Says where a printer is and what kind it is: this goes before the configuration.
    Choose(choose::ChooseArgs),
    /// Lists the kinds of printers that are known.
    Kinds,
    /// The sheets that wait, and those of which nobody knows whether they came out.
    Queue(QueueArgs),
}

#[derive(Debug, Args)]
#[group(multiple = false, args = ["here", "again", "forget"])]
pub(super) struct QueueArgs {
    /// This sheet came out.
    #[arg(long, value_name = "ID")]
    here: Option<PrintId>,
    /// Print this sheet: marked as a copy, unless nothing of it was sent.
    #[arg(long, value_name = "ID")]
    again: Option<PrintId>,
    /// Nobody wants this sheet any more.
    #[arg(long, value_name = "ID")]
    forget: Option<PrintId>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(desk: &mut dyn Desk, task: &PrinterTask) -> anyhow::Result<String> {
    match task {
        PrinterTask::List { json } => list(desk, *json),
        PrinterTask::Status { json } => status(desk, *json),
        PrinterTask::Test { name, drawer, wait } => test(desk, name.as_deref(), *drawer, *wait),
        PrinterTask::Tune(args) => tune::run(desk, args),
        PrinterTask::Find(args) => find::run(desk, args),
        PrinterTask::Choose(args) => choose::run(desk, args),
        PrinterTask::Kinds => choose::kinds(),
        PrinterTask::Queue(args) => queue(desk, args),
    }
}

/// Prints the page, and says how it is answered.
fn test(
    desk: &mut dyn Desk,
    name: Option<&str>,
    drawer: bool,
    wait: WaitArgs,
) -> anyhow::Result<String> {
    let printer = name.map(str::to_owned);
    let reply = accept(desk.command(Command::Paper(PaperCommand::Test { printer, drawer }))?)?;
    let text = report(desk, reply, wait)?;
    let (printers, _) = printers(desk)?;
    let mut printers = printers.iter();
    let printer = match name {
        Some(name) => printers.find(|printer| printer.name == name),
        None => printers.next(),
    };
    if let Some(printer) = printer {
        tell(tune::how_to_answer(printer).trim_end());
    }
    Ok(text)
}

/// What is plugged in.
#[derive(Debug, Serialize)]
struct Plugged {
    port: String,
    kind: &'static str,
    title: String,
    usb_serial: Option<String>,
}

#[derive(Debug, Serialize)]
struct List {
    configured: Vec<PrinterView>,
    plugged_in: Vec<Plugged>,
}

fn list(desk: &mut dyn Desk, json: bool) -> anyhow::Result<String> {
    let (configured, _) = printers(desk)?;
    let found = System::default().list().into_iter();
    let plugged_in = found.map(|found| Plugged {
        port: found.path.display().to_string(),
        kind: match found.kind {
            Kind::Serial => "serial",
            Kind::Printer => "device",
            Kind::Bluetooth => "bluetooth",
        },
        usb_serial: found.usb.as_ref().and_then(|usb| usb.serial.clone()),
        title: title(found.usb.as_ref()),
    });
    let list = List {
        configured,
        plugged_in: plugged_in.collect(),
    };
    if json {
        return to_json(&list);
    }
    let mut rows: Vec<[String; 3]> = Vec::new();
    for printer in &list.configured {
        rows.push([printer.name.clone(), printer.place.clone(), kind(printer)]);
    }
    for plugged in &list.plugged_in {
        rows.push([
            "(plugged in)".to_owned(),
            plugged.port.clone(),
            plugged.title.clone(),
        ]);
    }
    Ok(table(&rows))
}

/// What it is, who said so, and what its test page told.
fn kind(printer: &PrinterView) -> String {
    let mut words = printer.title.clone();
    if printer.is_chosen {
        words.push_str("; chosen at the till");
    }
    if let Some(answers) = tune::said(printer.answers) {
        words.extend(["; ", &answers]);
    }
    words
}

/// What it calls itself.
fn title(usb: Option<&Usb>) -> String {
    let names = usb.map(|usb| [usb.maker.clone(), usb.name.clone()]);
    let known: Vec<String> = names.into_iter().flatten().flatten().collect();
    known.join(" ")
}

fn status(desk: &mut dyn Desk, json: bool) -> anyhow::Result<String> {
    let printers = settled(desk)?;
    let bad: Vec<String> = printers
        .iter()
        .filter(|printer| !can_print(printer))
        .map(|printer| format!("{} ({})", printer.name, condition(printer)))
        .collect();
    let text = if json {
        to_json(&printers)?
    } else {
        let rows: Vec<[String; 3]> = printers
            .iter()
            .map(|printer| {
                [
                    printer.name.clone(),
                    format!("waiting {}, to answer {}", printer.waiting, printer.asking),
                    match tune::said(printer.answers) {
                        Some(answers) => format!("{}; {answers}", condition(printer)),
                        None => condition(printer),
                    },
                ]
            })
            .collect();
        table(&rows)
    };
    if bad.is_empty() {
        return Ok(text);
    }
    let _: std::process::ExitCode = super::print(&text);
    anyhow::bail!("not every printer can print: {}", bad.join("; "))
}

/// One line for each printer, for `tillcode check`.
pub(super) fn look_at(
    desk: &mut dyn Desk,
) -> anyhow::Result<Vec<(String, Result<String, String>)>> {
    let found = settled(desk)?.into_iter().map(|printer| {
        let says = format!(
            "{} at {}: {}",
            printer.title,
            printer.place,
            condition(&printer)
        );
        let subject = format!("printer {}", printer.name);
        if can_print(&printer) {
            (subject, Ok(says))
        } else {
            (subject, Err(says))
        }
    });
    Ok(found.collect())
}

fn settled(desk: &mut dyn Desk) -> anyhow::Result<Vec<PrinterView>> {
    /// How long a printer may take to be opened, on a network five seconds, and to answer.
    const ROUNDS: u32 = 130;
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        found = printers(desk)?.0;
        if found.iter().all(is_known) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    Ok(found)
}

fn can_print(printer: &PrinterView) -> bool {
    matches!(printer.state, PrinterWord::Ready | PrinterWord::Printing)
}

fn queue(desk: &mut dyn Desk, args: &QueueArgs) -> anyhow::Result<String> {
    let decisions = [
        (args.here, PrintDecision::ItIsHere),
        (args.again, PrintDecision::Again),
        (args.forget, PrintDecision::Forget),
    ];
    for (print, decision) in decisions {
        let Some(print) = print else { continue };
        let reply =
            accept(desk.command(Command::Paper(PaperCommand::Settle { print, decision }))?)?;
        return match reply {
            Reply::Prints { .. } => {
                let json = args.json;
                let wait = WaitArgs {
                    no_wait: false,
                    json,
                };
                report(desk, reply, wait)
            }
            Reply::Done
            | Reply::Sale { .. }
            | Reply::Link { .. }
            | Reply::Remote { .. }
            | Reply::Patrol { .. }
            | Reply::Stickers { .. }
            | Reply::Refused { .. } => Ok(String::new()),
        };
    }
    let (_, prints) = printers(desk).context("the queue cannot be read")?;
    if args.json {
        return to_json(&prints);
    }
    Ok(prints.iter().map(|print| line(print) + "\n").collect())
}
