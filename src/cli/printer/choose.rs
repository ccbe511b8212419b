//! `tillcode printer choose`: where a printer is and what it is, as the Printer screen asks it.

use clap::{Args, ValueEnum};

use super::super::{Desk, accept, table};
use crate::domain::print::PrintKind;
use crate::proto::print::Profiles;
use crate::terminal::printing::PrinterChoice;
use crate::terminal::{Command, PaperCommand};

#[derive(Debug, Args)]
pub(in crate::cli) struct ChooseArgs {
    /// Its name; without it a new printer.
    name: Option<String>,
    /// Where it is: /dev/ttyUSB0, usb: and an adapter's serial number, or 192.168.1.50:9100; without it, where
    /// it was.
    #[arg(long)]
    port: Option<String>,
    /// What kind it is, see `tillcode printer kinds`.
    #[arg(long, required_unless_present = "forget")]
    kind: Option<String>,
    /// What it is used for; without it, receipts and stickers.
    #[arg(long = "use", value_delimiter = ',')]
    uses: Vec<Use>,
    /// It is again what the configuration says.
    #[arg(long, requires = "name", conflicts_with_all = ["port", "kind", "uses"])]
    forget: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Use {
    Receipt,
    Sticker,
}

pub(super) fn run(desk: &mut dyn Desk, args: &ChooseArgs) -> anyhow::Result<String> {
    let command = match &args.name {
        Some(printer) if args.forget => PaperCommand::Unchoose {
            printer: printer.clone(),
        },
        _ => PaperCommand::Choose {
            choice: choice(args),
        },
    };
    accept(desk.command(Command::Paper(command))?)?;
    Ok(String::new())
}

fn choice(args: &ChooseArgs) -> PrinterChoice {
    let uses = args.uses.iter().map(|wanted| match wanted {
        Use::Receipt => PrintKind::Receipt,
        Use::Sticker => PrintKind::Sticker,
    });
    PrinterChoice {
        printer: args.name.clone(),
        port: args.port.clone(),
        profile: args.kind.clone().unwrap_or_default(),
        uses: uses.collect(),
    }
}

/// All kinds of printers.
pub(super) fn kinds() -> anyhow::Result<String> {
    let profiles = Profiles::built_in()?;
    let rows = profiles.names().filter_map(|name| {
        let title = profiles.get(name)?.title.clone();
        Some([name.to_owned(), title])
    });
    Ok(table(&rows.collect::<Vec<_>>()))
}
