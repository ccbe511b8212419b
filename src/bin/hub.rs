//! `tillcode-hub`: the message server.

use std::process::ExitCode;

fn main() -> ExitCode {
    tillcode::hub::main()
}
