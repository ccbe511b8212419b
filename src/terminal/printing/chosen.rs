//! Printers as somebody chose them at the till: they go before those of the configuration.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::notice::PaperNotice;
use super::setup::PrinterSetup;
use super::tune::unknown;
use crate::domain::print::PrintKind;
use crate::proto::print::{Profile, Profiles};
use crate::terminal::command::Reply;
use crate::terminal::step::Effect;
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Terminal, recover};

/// The most printers of one till.
const PRINTERS_MAX: usize = 8;
/// The longest name of a port, in characters.
const PORT_CHARS_MAX: usize = 200;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenPrinter {
    /// What people call it.
    pub name: String,
    /// Where it is, as the configuration writes it: `/dev/ttyUSB0`, `usb:` and an adapter's serial number,
    /// `192.168.1.50:9100`; a serial one perhaps with its speed, `/dev/ttyUSB0@19200`. None: where it was.
    pub port: Option<String>,
    /// The name of its kind.
    pub profile: String,
    /// What it is used for.
    pub uses: Vec<PrintKind>,
}

/// What somebody chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterChoice {
    /// Which printer it is about; none for a new one.
    #[serde(default)]
    pub printer: Option<String>,
    /// Where it is; none where that stays.
    #[serde(default)]
    pub port: Option<String>,
    /// The name of its kind: `epson-tm-t20`.
    pub profile: String,
    /// What it is used for.
    pub uses: Vec<PrintKind>,
}

impl Terminal {
    /// All printers: those of the configuration as somebody chose otherwise, and those that are only chosen.
    pub(super) fn printer_setups(&self) -> Vec<PrinterSetup> {
        let configured = self.setup.printers.iter();
        let names = configured.map(|setup| setup.name.clone());
        let mut names: Vec<String> = names.collect();
        for chosen in &self.printing.chosen {
            if !names.contains(&chosen.name) {
                names.push(chosen.name.clone());
            }
        }
        let setups = names.iter().filter_map(|name| self.printer_setup(name));
        setups.collect()
    }

    /// One of them; none where there is no such printer.
    fn printer_setup(&self, name: &str) -> Option<PrinterSetup> {
        let configured = self.setup.printers.iter().find(|it| it.name == name);
        let chosen = self.printing.chosen.iter().find(|it| it.name == name);
        let Some(chosen) = chosen else {
            return configured.cloned();
        };
        // A kind that a later release forgot is none.
        let Ok(profile) = profile_of(&chosen.profile) else {
            return configured.cloned();
        };
        let media = self.setup.paper.media;
        let is_shared = match &chosen.port {
            Some(port) => is_network(port),
            None => configured.is_some_and(|it| it.is_shared),
        };
        let place = configured.map(|it| it.place.clone()).unwrap_or_default();
        // Without the speed.
        let port = chosen.port.as_ref().and_then(|port| port.split('@').next());
        Some(PrinterSetup {
            name: name.to_owned(),
            uses: chosen.uses.clone(),
            media: media.filter(|_| profile.is_for_labels()),
            profile,
            place: port.map_or(place, str::to_owned),
            is_shared,
            has_drawer: configured.is_some_and(|it| it.has_drawer),
        })
    }

    /// After a start: the ports that were chosen.
    pub(super) fn use_chosen_ports(&self, turn: &mut Turn) {
        for chosen in &self.printing.chosen {
            if chosen.port.is_some() {
                turn.effect(Effect::UsePort {
                    printer: chosen.name.clone(),
                    port: chosen.port.clone(),
                });
            }
        }
    }

    /// A printer is where, and what, somebody says.
    pub(super) fn choose_printer(
        &mut self,
        turn: &mut Turn,
        choice: PrinterChoice,
    ) -> Result<Reply, Notice> {
        let chosen = self.checked_choice(choice)?;
        let name = chosen.name.clone();
        self.check_rests(&name)?;
        turn.journal("printer_chosen", &name, &json!(chosen));
        let port = chosen.port.clone();
        self.printing.chosen.retain(|it| it.name != name);
        self.printing.chosen.push(chosen);
        self.keep_chosen(turn, &name);
        if port.is_some() {
            let printer = name;
            turn.effect(Effect::UsePort { printer, port });
        }
        Ok(Reply::Done)
    }

    /// A printer is again what the configuration says, or is none.
    pub(super) fn unchoose_printer(
        &mut self,
        turn: &mut Turn,
        name: &str,
    ) -> Result<Reply, Notice> {
        let place = self.printing.chosen.iter().position(|it| it.name == name);
        let Some(place) = place else {
            return Err(unknown(name));
        };
        self.check_rests(name)?;
        self.printing.chosen.remove(place);
        turn.journal("printer_unchosen", name, &json!({}));
        self.keep_chosen(turn, name);
        turn.effect(Effect::UsePort {
            printer: name.to_owned(),
            port: None,
        });
        Ok(Reply::Done)
    }

    fn keep_chosen(&mut self, turn: &mut Turn, name: &str) {
        recover::save(turn, recover::PRINTERS_CHOSEN, &self.printing.chosen);
        // What a test page told was of another one.
        if self.printing.answers.remove(name).is_some() {
            recover::save(turn, recover::PRINTER_ANSWERS, &self.printing.answers);
        }
        match self.printer_setup(name) {
            Some(setup) => self.printing.put_printer(setup),
            None => self.printing.drop_printer(name),
        }
    }

    fn check_rests(&self, name: &str) -> Result<(), Notice> {
        let printer = self.printing.printer(name);
        if printer.is_some_and(|printer| printer.lane.is_under_way()) {
            return Err(Notice::Paper(PaperNotice::PrintUnderWay));
        }
        Ok(())
    }

    fn checked_choice(&self, choice: PrinterChoice) -> Result<ChosenPrinter, Notice> {
        profile_of(&choice.profile)?;
        let port = choice.port.map(|port| port.trim().to_owned());
        let is_port = |port: &String| {
            !port.is_empty()
                && port.chars().nth(PORT_CHARS_MAX).is_none()
                && !port.chars().any(char::is_control)
        };
        if port.as_ref().is_some_and(|port| !is_port(port)) {
            return Err(Notice::Paper(PaperNotice::NoPort));
        }
        let mut uses = choice.uses;
        uses.retain(|kind| *kind != PrintKind::Test);
        uses.dedup();
        let uses = if uses.is_empty() {
            vec![PrintKind::Receipt, PrintKind::Sticker]
        } else {
            uses
        };
        let before = |name: &str| self.printing.chosen.iter().find(|it| it.name == name);
        let name = match (choice.printer, &port) {
            (Some(name), _) if self.printing.printer(&name).is_some() => name,
            (Some(name), _) => return Err(unknown(&name)),
            (None, Some(_)) => self.new_name()?,
            (None, None) => return Err(Notice::Paper(PaperNotice::NoPort)),
        };
        let port = port.or_else(|| before(&name).and_then(|it| it.port.clone()));
        Ok(ChosenPrinter {
            name,
            port,
            profile: choice.profile,
            uses,
        })
    }

    /// A name for a new printer.
    fn new_name(&self) -> Result<String, Notice> {
        if self.printing.setups.len() >= PRINTERS_MAX {
            return Err(Notice::TooMany {
                limit: PRINTERS_MAX,
            });
        }
        let numbered = (2..).map(|number| format!("printer {number}"));
        let mut names = std::iter::once("printer".to_owned()).chain(numbered);
        let free = names.find(|name| self.printing.printer(name).is_none());
        Ok(free.unwrap_or_default())
    }
}

/// Whether a port is an address on the network, whose printer others use too.
fn is_network(port: &str) -> bool {
    !["/", "usb:", "socket:"]
        .iter()
        .any(|prefix| port.starts_with(prefix))
}

fn profile_of(name: &str) -> Result<Profile, Notice> {
    let profiles = Profiles::built_in().ok();
    let found = profiles.and_then(|profiles| profiles.get(name).cloned());
    found.ok_or_else(|| {
        Notice::Paper(PaperNotice::UnknownProfile {
            name: name.to_owned(),
        })
    })
}
