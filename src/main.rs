//! `tillcode`: the kiosk and its subcommands.

use std::process::ExitCode;

fn main() -> ExitCode {
    tillcode::cli::main()
}
