//! The hub's command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use uuid::Uuid;

use super::cli;

/// Tillcode's message server.
#[derive(Debug, Parser)]
#[command(name = "tillcode-hub", version, about)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    task: Task,
}

/// Which hub is meant; may stand before or after the task.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The configuration.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// sqlite:PATH or postgres://…, whatever the configuration says.
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub(super) database: Option<String>,
    /// The address that providers and terminals reach the hub by, whatever the configuration says.
    #[arg(long, value_name = "URL", global = true)]
    pub(super) public_url: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Serves until it is told to stop.
    Serve {
        /// Address and port, whatever the configuration says; port 0 takes a free one.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Brings the database to this release's form.
    Migrate,
    /// The addresses that payment accounts post to.
    #[command(subcommand)]
    Endpoint(EndpointTask),
    /// The terminals that read their feeds here.
    #[command(subcommand)]
    Terminal(TerminalTask),
    /// Prints the documented default configuration.
    DefaultConfig,
}

#[derive(Debug, Subcommand)]
pub(super) enum EndpointTask {
    /// Adds one, and the shop where it is new. Its address is shown once.
    Add {
        /// The shop's name.
        #[arg(long)]
        shop: String,
        /// The kind of the payment account: 4pay, 4geeks, devdraft or altapay.
        #[arg(long)]
        kind: String,
        /// Its name; the account's name in the terminals' configuration where they have several of a
        /// kind. The kind where it is left out.
        #[arg(long)]
        name: Option<String>,
        /// A file with the secret that the account signs its notifications with.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Shows all.
    List {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Gives one another address, shown once; its terminals get others of their own when they connect
    /// anew. What is posted to the older ones is taken until they are retired.
    Rotate {
        /// Its id; see `endpoint list`.
        endpoint: Uuid,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Takes all older addresses of one away: its account's console has the newer one, and no link that
    /// was made with an older one is still to be paid.
    Retire {
        /// Its id; see `endpoint list`.
        endpoint: Uuid,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TerminalTask {
    /// Adds one, and the shop where it is new. Shows the code that it joins with.
    Add {
        /// The shop's name.
        #[arg(long)]
        shop: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Shows all.
    List {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Shows a fresh code for a terminal that is known: with it the terminal gets another token.
    Rotate {
        /// Its id; see `terminal list`.
        terminal: Uuid,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Lets another machine take the place of one that was lost or broke: its token is gone at once, and
    /// the other one joins with the code that is shown, reads all that came for it, and hears of the
    /// payments on its links.
    Replace {
        /// Its id; see `terminal list`.
        terminal: Uuid,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Takes a terminal's token away: a till that was lost or stolen.
    Revoke {
        /// Its id; see `terminal list`.
        terminal: Uuid,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the program that the command line asks for.
pub fn main() -> ExitCode {
    use std::io::Write as _;
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match cli::run(&cli.place, cli.task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "tillcode-hub: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
