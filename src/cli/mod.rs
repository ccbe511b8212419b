//! Floor 5: subcommands. The same commands and queries as the window's, in words.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 it
//! failed and standard error says why and what helps, 2 wrong usage.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::io::logs;
use crate::terminal::query::SyncReport;
use crate::terminal::{Answer, Command, Query, Reply};

pub mod catalog;
mod check;
mod desk;
mod kiosk;
mod label;
mod label_print;
mod label_sheet;
mod link;
mod options;
mod pair;
mod payment;
mod place;
mod printer;
mod printing;
pub mod product;
mod qr;
mod sale;
pub mod sandbox;
mod status;
mod sticker;
mod sync;
mod trip;

/// The till, as a script knows it: the running kiosk over its socket, or the database opened here.
pub trait Desk {
    /// Does one thing and waits until it is on disk.
    fn command(&mut self, command: Command) -> anyhow::Result<Reply>;
    /// Reads a list.
    fn query(&mut self, query: Query) -> anyhow::Result<Answer>;
}

/// A till that takes payments by QR code and keeps working with no network.
#[derive(Debug, Parser)]
#[command(name = "tillcode", version, about, max_term_width = 100)]
struct Cli {
    /// The configuration; without one the demo shop opens.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder, whatever the configuration says.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
    #[command(flatten)]
    window: kiosk::WindowArgs,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Opens the kiosk; the same as no subcommand.
    Run {
        #[command(flatten)]
        window: kiosk::WindowArgs,
    },
    /// Brings products in, or writes them out.
    #[command(subcommand)]
    Catalog(CatalogTask),
    /// Shows and changes single products.
    Product {
        #[command(subcommand)]
        command: product::ProductCommand,
        /// One JSON document.
        #[arg(long, global = true)]
        json: bool,
    },
    /// Sells without the screen, and shows what was sold.
    #[command(subcommand)]
    Sale(sale::SaleTask),
    /// Shows the codes of this till, gets new ones, switches some off.
    #[command(subcommand)]
    Link(link::LinkTask),
    /// What waits for a payment account, and why; tries it now, or decides on it.
    Sync(sync::SyncArgs),
    /// What payment accounts reported.
    #[command(subcommand)]
    Payment(payment::PaymentTask),
    /// How many spare codes days without a network need, and what that means; can get them.
    Trip(trip::TripArgs),
    /// Prints stickers, and shows them before.
    #[command(subcommand)]
    Label(label::LabelTask),
    /// The stickers that were printed: which of them are wrong, which is scanned.
    #[command(subcommand)]
    Sticker(sticker::StickerTask),
    /// The printers: which there are, how they are, what waits for them.
    #[command(subcommand)]
    Printer(printer::PrinterTask),
    /// Joins a message server, which hears of payments for this till.
    Pair(pair::PairArgs),
    /// Is everything ready to go? One line each; fails if anything is not.
    Check(check::CheckArgs),
    /// How the till is: network, codes, what waits.
    Status(status::StatusArgs),
    /// Draws a text as Tillcode draws its payment codes.
    Qr(qr::QrArgs),
    /// Serves all simulated payment providers, for trying things out.
    Sandbox(sandbox::SandboxArgs),
}

#[derive(Debug, Subcommand)]
enum CatalogTask {
    /// Takes products from a file: our own, a shop's export, or anybody's list.
    Import(catalog::ImportArgs),
    /// Writes the whole catalog into a .json or .csv file.
    Export {
        /// The file.
        file: PathBuf,
    },
}

/// Runs the program that the command line asks for.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let code = if error.use_stderr() { 2 } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match run(cli) {
        Ok(text) => print(&text),
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<String> {
    let place = place::Place::new(cli.config, cli.data);
    match cli.task {
        None => kiosk::run(&place, &cli.window),
        Some(Task::Run { window }) => kiosk::run(&place, &window),
        Some(Task::Check(args)) => check::run(&place, &args),
        Some(Task::Pair(args)) => pair::run(&place, &args),
        Some(Task::Qr(args)) => qr::run(&args),
        Some(Task::Sandbox(args)) => sandbox::run(&args).map(|()| String::new()),
        Some(task) => at_the_desk(&place, task),
    }
}

/// Subcommands that the running kiosk answers, where there is one.
fn at_the_desk(place: &place::Place, task: Task) -> anyhow::Result<String> {
    logs::start(None, Some("warn"))?;
    let context = place.shop_context()?;
    let mut desk = desk::open(place)?;
    let desk = &mut *desk;
    match task {
        Task::Catalog(CatalogTask::Import(args)) => {
            let done = import(desk, &args, &context)?;
            sticker::tell_wrong(desk)?;
            Ok(done)
        }
        Task::Catalog(CatalogTask::Export { file }) => {
            let count = catalog::export(desk, &file)?;
            Ok(format!("{count} products written to {}", file.display()))
        }
        Task::Product { command, json } => {
            let output = if json {
                product::Output::Json
            } else {
                product::Output::Text
            };
            let done = product::run(desk, &command, &context, output)?;
            sticker::tell_wrong(desk)?;
            Ok(done)
        }
        Task::Sale(task) => sale::run(&context, desk, &task),
        Task::Link(task) => link::run(&context, desk, &task),
        Task::Sync(args) => sync::run(desk, &args),
        Task::Payment(task) => payment::run(desk, &task),
        Task::Trip(args) => trip::run(&context, desk, &args),
        Task::Label(task) => label::run(desk, &task),
        Task::Sticker(task) => sticker::run(&context, desk, &task),
        Task::Printer(task) => printer::run(desk, &task),
        Task::Status(args) => status::run(desk, &args),
        Task::Run { .. } | Task::Check(_) | Task::Pair(_) | Task::Qr(_) | Task::Sandbox(_) => {
            anyhow::bail!("this subcommand needs no till: this is a defect, please report it")
        }
    }
}

/// The report comes in any case; rows with problems under `--strict` make it a failure.
fn import(
    desk: &mut dyn Desk,
    args: &catalog::ImportArgs,
    context: &catalog::ShopContext,
) -> anyhow::Result<String> {
    let report = catalog::import(desk, args, context)?;
    let text = if args.json {
        to_json(&report)?
    } else {
        report.to_text()
    };
    if report.is_done() {
        return Ok(text);
    }
    let _: ExitCode = print(&text);
    anyhow::bail!("nothing was imported: correct the rows above, or leave out --strict")
}

fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let line_end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    match write!(out, "{text}{line_end}").and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough (`| head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// One sentence, with its causes behind it.
fn complain(error: &anyhow::Error) {
    drop(writeln!(std::io::stderr(), "tillcode: {error:#}"));
}

/// Lists go out as one JSON document or as lines for people.
fn to_json(value: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

/// Why an answer is none to the question.
fn unexpected(answer: Answer) -> anyhow::Error {
    if let Answer::Failed { reason } = answer {
        return anyhow::anyhow!(reason);
    }
    if let Answer::Refused { notice } = answer {
        return anyhow::anyhow!(notice);
    }
    anyhow::anyhow!("the till answered something else: is another version of it running?")
}

/// The payment accounts and all that waits for them.
fn ask_sync(desk: &mut dyn Desk) -> anyhow::Result<SyncReport> {
    let answer = desk.query(Query::Sync)?;
    let Answer::Sync { sync } = answer else {
        return Err(unexpected(answer));
    };
    Ok(*sync)
}

/// One line for each row, columns wide enough for all; the last one is never padded.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths);
        let line: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A value that JSON writes as one word, as that word.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    let word = value.as_ref().and_then(serde_json::Value::as_str);
    word.unwrap_or_default().to_owned()
}

/// An amount for people who read lists: `2.50 EUR`, or that the payer types it.
fn sum_of(amount: Amount, asking: Asking) -> String {
    match asking {
        Asking::Fixed => format!("{} {}", amount.to_decimal(), amount.currency),
        Asking::Open => format!("open {}", amount.currency),
    }
}

/// What goes on while somebody waits: never a result.
fn tell(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// A refused command is a failed one.
fn accept(reply: Reply) -> anyhow::Result<Reply> {
    match reply {
        Reply::Refused { notice } => Err(anyhow::anyhow!("{notice}")),
        Reply::Done
        | Reply::Sale { .. }
        | Reply::Link { .. }
        | Reply::Remote { .. }
        | Reply::Prints { .. }
        | Reply::Patrol { .. }
        | Reply::Stickers { .. } => Ok(reply),
    }
}
