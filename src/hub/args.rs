//! The hub's command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use super::database::Database;
use super::server;
use crate::config::{HUB_DEFAULTS, HubConfig};
use crate::io::config_file::{environment, load_hub};

/// Tillcode's message server.
#[derive(Debug, Parser)]
#[command(name = "tillcode-hub", version, about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Serves until it is told to stop.
    Serve(ServeArgs),
    /// Prints the documented default configuration.
    DefaultConfig,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port, whatever the configuration says; port 0 takes a free one.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// sqlite:PATH or postgres://…, whatever the configuration says.
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,
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
    let result = match cli.task {
        Task::Serve(args) => serve(args),
        Task::DefaultConfig => std::io::stdout()
            .write_all(HUB_DEFAULTS.as_bytes())
            .map_err(anyhow::Error::from),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "tillcode-hub: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let mut config: HubConfig = load_hub(args.config.as_deref(), &environment())?;
    config.listen = args.listen.unwrap_or(config.listen);
    config.database = args.database.unwrap_or(config.database);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let database = Database::open(&config.database).await?;
        server::serve(config.listen, database).await
    })
}
