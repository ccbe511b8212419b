//! Floor 5: subcommands. The same commands and queries as the window's, in words.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 it
//! failed and standard error says why and what helps, 2 wrong usage.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod sandbox;

pub mod catalog;
pub mod product;

use crate::terminal::{Answer, Command, Query, Reply};

pub mod catalog;
mod desk;
mod kiosk;
mod link;
mod place;
pub mod product;
mod qr;
mod sale;
pub mod sandbox;
mod status;

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
    Catalog(catalog::CatalogTask),
    /// Shows and changes single products.
    #[command(subcommand)]
    Product(product::ProductTask),
    /// Sells without the screen, and shows what was sold.
    #[command(subcommand)]
    Sale(sale::SaleTask),
    /// Shows the codes of this till, gets new ones, switches some off.
    #[command(subcommand)]
    Link(link::LinkTask),
    /// How the till is: network, codes, what waits.
    Status(status::StatusArgs),
    /// Draws a text as Tillcode draws its payment codes.
    Qr(qr::QrArgs),
    /// Serves all simulated payment providers, for trying things out.
    Sandbox(sandbox::SandboxArgs),
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
        Some(Task::Catalog(task)) => catalog::run(&place.shop_context()?, &mut *desk::open(&place)?, &task),
        Some(Task::Product(task)) => product::run(&place.shop_context()?, &mut *desk::open(&place)?, &task),
        Some(Task::Sale(task)) => sale::run(&place.shop_context()?, &mut *desk::open(&place)?, &task),
        Some(Task::Link(task)) => link::run(&mut *desk::open(&place)?, &task),
        Some(Task::Status(args)) => status::run(&mut *desk::open(&place)?, &args),
        Some(Task::Qr(args)) => qr::run(&args),
        Some(Task::Sandbox(args)) => sandbox::run(&args).map(|()| String::new()),
    }
}

fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let line_end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
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

/// A refused command is a failed one.
fn accept(reply: Reply) -> anyhow::Result<Reply> {
    match reply {
        Reply::Refused { notice } => Err(anyhow::anyhow!("{notice}")),
        reply => Ok(reply),
    }
}
