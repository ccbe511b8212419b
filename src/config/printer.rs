//! `[[printer]]`: where a printer is, what it is used for, and what kind it is.

use std::path::PathBuf;

use super::document::Document;
use super::error::ConfigError;
use super::nearest::nearest;
use super::read::{filled, name};
use super::section::Section;
use crate::domain::document::CodeSize;
use crate::domain::print::PrintKind;
use crate::proto::print::{Confirms, Media, Profile, Profiles};

/// The most printers of one till.
const PRINTERS_MAX: usize = 8;
/// What a printer is taken for that nobody named.
const USUAL: &str = "generic-80";
/// Dots of a module that a printer may have which draws codes by itself.
const NATIVE_DOTS: (u8, u8) = (1, 8);
/// Bits a second of serial printers.
const BAUDS: std::ops::RangeInclusive<u32> = 1_200..=921_600;
/// Bits a second that most printers are set to.
const USUAL_BAUD: u32 = 9_600;
/// Where printers on the network listen.
const NETWORK_PORT: u16 = 9_100;

/// One printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterConfig {
    /// What people call it.
    pub name: String,
    /// What it is used for.
    pub uses: Vec<PrintKind>,
    /// Where it is.
    pub port: PrinterPort,
    /// What is known of its kind.
    pub profile: Profile,
    /// Whether a cash drawer hangs on it.
    pub has_drawer: bool,
}

/// Where a printer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrinterPort {
    /// On a serial line.
    Serial(SerialPort),
    /// On the network.
    Tcp {
        /// Its name or address.
        host: String,
        /// Most often 9100.
        port: u16,
    },
    /// A device file, read for its answers too.
    Device(PathBuf),
    /// A file that every job is appended to.
    File(PathBuf),
    /// Nowhere yet.
    None,
}

impl PrinterPort {
    /// A port that somebody chose, with the usual settings: a network address, a printer's device file, or a
    /// serial line, perhaps with its speed: `/dev/ttyUSB0@19200`.
    ///
    /// # Errors
    /// Where it is none, in one sentence.
    pub fn of_choice(text: &str) -> Result<Self, String> {
        let text = filled(text)?;
        let is_marked = text.starts_with("usb:") || text.starts_with("socket:");
        let file = text.rsplit('/').next().unwrap_or_default();
        if !is_marked && !text.starts_with('/') {
            return tcp(text);
        }
        if text.starts_with("/dev/") && file.starts_with("lp") {
            return Ok(Self::Device(text.into()));
        }
        let (place, baud) = speed(text)?;
        Ok(Self::Serial(SerialPort {
            place: place.to_owned(),
            baud,
            parity: ParityConfig::default(),
            flow: FlowConfig::default(),
        }))
    }
}

/// A serial port's name and its speed.
fn speed(text: &str) -> Result<(&str, u32), String> {
    let Some((place, speed)) = text.rsplit_once('@') else {
        return Ok((text, USUAL_BAUD));
    };
    let baud = speed.parse().ok().filter(|baud| BAUDS.contains(baud));
    let baud = baud.ok_or_else(|| format!("{speed:?} is no speed; write one such as 19200"))?;
    Ok((place, baud))
}

/// A serial line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialPort {
    /// A path, `usb:` and an adapter's serial number, or `socket:` and where it is plugged in.
    pub place: String,
    /// Bits per second.
    pub baud: u32,
    /// As the printer is set.
    pub parity: ParityConfig,
    /// How the printer says that it is full.
    pub flow: FlowConfig,
}

/// The bit that checks a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParityConfig {
    /// There is none.
    #[default]
    None,
    /// An even number of ones.
    Even,
    /// An odd number of ones.
    Odd,
}

/// How a printer says that it is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowConfig {
    /// It does not.
    #[default]
    None,
    /// By two bytes.
    XonXoff,
    /// By a line of the cable.
    RtsCts,
}

/// What lies in label printers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelConfig {
    /// Its size; none for a roll without labels, as wide as the head.
    pub media: Option<Media>,
    /// How large the code on a sticker is.
    pub size: CodeSize,
    /// Whether stickers say no price.
    pub hides_price: bool,
}

/// `[label]`
pub(super) fn label(document: &mut Document<'_>) -> Result<LabelConfig, ConfigError> {
    let mut section = document.section("label")?;
    let label = LabelConfig {
        media: section.text("media", media)?,
        size: section.text("size", size)?.unwrap_or_default(),
        hides_price: section.text("template", template)?.unwrap_or(false),
    };
    document.finish(&section)?;
    Ok(label)
}

/// How far away a phone is held.
fn size(word: &str) -> Result<CodeSize, String> {
    match word {
        "hand" => Ok(CodeSize::Hand),
        "full" => Ok(CodeSize::Full),
        other => Err(format!(
            "{other:?} is unknown; write hand, or full for a code as large as the paper allows"
        )),
    }
}

/// Whether a sticker leaves its price out.
fn template(word: &str) -> Result<bool, String> {
    match word {
        "price" => Ok(false),
        "plain" => Ok(true),
        other => Err(format!(
            "{other:?} is unknown; write price, or plain for stickers that say no price"
        )),
    }
}

/// `50x40`: width and height in millimeters; one alone is a roll's width.
fn media(text: &str) -> Result<Media, String> {
    let (width, height) = match text.split_once('x') {
        Some((width, height)) => (tenths(width), Some(tenths(height))),
        None => (tenths(text), None),
    };
    let wrong = || {
        format!(
            "{text:?} is no size of a label; write width x height in millimeters, such as \"50x40\", \
             from 10 to 500"
        )
    };
    Ok(Media {
        width_tenths_mm: width.ok_or_else(wrong)?,
        height_tenths_mm: height.map(|height| height.ok_or_else(wrong)).transpose()?,
    })
}

/// Millimeters with at most one digit after the point, as tenths.
fn tenths(text: &str) -> Option<usize> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || part.len() > 1 || whole.len() > 3 {
        return None;
    }
    let whole: usize = whole.parse().ok()?;
    let part: usize = part.parse().ok()?;
    let tenths = whole.checked_mul(10)?.checked_add(part)?;
    (100..=5_000).contains(&tenths).then_some(tenths)
}

/// All `[[printer]]` sections, or the one `[printer]`.
pub(super) fn printers(document: &mut Document<'_>) -> Result<Vec<PrinterConfig>, ConfigError> {
    let mut printers: Vec<PrinterConfig> = Vec::new();
    for mut section in document.sections("printer")? {
        let start = section.start();
        let printer = printer(&mut section)?;
        document.finish(&section)?;
        if printers.iter().any(|other| other.name == printer.name) {
            let problem = format!(
                "two printers are called {:?}; give each a name of its own",
                printer.name
            );
            return Err(section.error("name", start, problem));
        }
        if printers.len() == PRINTERS_MAX {
            let problem = format!("there are more than {PRINTERS_MAX} printers; leave some out");
            return Err(section.error("name", start, problem));
        }
        printers.push(printer);
    }
    Ok(printers)
}

fn printer(section: &mut Section<'_>) -> Result<PrinterConfig, ConfigError> {
    let uses = section.list("use", kind)?;
    Ok(PrinterConfig {
        name: section
            .text("name", name)?
            .unwrap_or_else(|| "printer".to_owned()),
        uses: uses.unwrap_or_else(|| vec![PrintKind::Receipt, PrintKind::Sticker]),
        port: port(section)?,
        profile: own_profile(section)?,
        has_drawer: section.switch("drawer")?.unwrap_or(false),
    })
}

fn kind(word: &str) -> Result<PrintKind, String> {
    match word {
        "receipt" => Ok(PrintKind::Receipt),
        "sticker" => Ok(PrintKind::Sticker),
        other => Err(format!("{other:?} is unknown; write receipt or sticker")),
    }
}

/// A profile by its name, and what this very printer can do otherwise.
fn own_profile(section: &mut Section<'_>) -> Result<Profile, ConfigError> {
    let start = section.start();
    let named = section.text("profile", profile)?;
    let Some(mut profile) = named.or_else(|| profile(USUAL).ok()) else {
        return Err(section.error("profile", start, "this release has no profiles"));
    };
    let number = |number: Option<u32>| number.and_then(|number| usize::try_from(number).ok());
    if let Some(dots) = number(section.number("dots", 200..=2_000)?) {
        profile.dots = dots;
    }
    if let Some(dpi) = number(section.number("dpi", 100..=600)?) {
        profile.dpi = dpi;
    }
    if let Some(cutter) = section.switch("cutter")? {
        profile.cutter = cutter;
    }
    if let Some(draws) = section.switch("native_code")? {
        profile.native_code = draws.then(|| profile.native_code.unwrap_or(NATIVE_DOTS));
    }
    if let Some(confirms) = section.text("confirms", confirms)? {
        profile.confirms = confirms;
    }
    if let Some(answers) = section.switch("answers")? {
        profile.answers = answers;
    }
    // Labels come out unseen where their printer is not asked.
    if profile.is_for_labels() && !profile.answers {
        profile.confirms = Confirms::Nothing;
    }
    Ok(profile)
}

fn confirms(word: &str) -> Result<Confirms, String> {
    match word {
        "process-id" => Ok(Confirms::ProcessId),
        "queued-status" => Ok(Confirms::QueuedStatus),
        "nothing" => Ok(Confirms::Nothing),
        other => Err(format!(
            "{other:?} is unknown; write process-id, queued-status or nothing"
        )),
    }
}

fn profile(word: &str) -> Result<Profile, String> {
    let profiles = Profiles::built_in().map_err(|error| error.to_string())?;
    profiles.get(word).cloned().ok_or_else(|| {
        let names: Vec<&str> = profiles.names().collect();
        let near = nearest(word, names.iter().copied());
        let near = near
            .map(|name| format!("did you mean {name:?}? "))
            .unwrap_or_default();
        format!(
            "{near}there is no profile {word:?}; write one of {}",
            names.join(", ")
        )
    })
}

/// Serial unless said, so that a port alone is enough.
fn port(section: &mut Section<'_>) -> Result<PrinterPort, ConfigError> {
    let start = section.start();
    let transport = section.text("transport", |word| match word {
        "serial" | "tcp" | "device" | "file" | "none" => Ok(word.to_owned()),
        other => Err(format!(
            "{other:?} is unknown; write serial, tcp, device, file or none"
        )),
    })?;
    let place = section.text("port", |port| filled(port).map(str::to_owned))?;
    let baud = section.number("baud", BAUDS)?.unwrap_or(USUAL_BAUD);
    let parity = section.text("parity", parity)?.unwrap_or_default();
    let flow = section.text("flow", flow)?.unwrap_or_default();
    match (transport.as_deref(), place) {
        (Some("none"), _) | (None, None) => Ok(PrinterPort::None),
        (Some(_), None) => Err(section.error(
            "port",
            start,
            "the printer's port is missing; write one such as \"/dev/ttyUSB0\", or transport = \"none\"",
        )),
        (Some("tcp"), Some(place)) => {
            tcp(&place).map_err(|problem| section.error("port", start, problem))
        }
        (Some("device"), Some(place)) => Ok(PrinterPort::Device(place.into())),
        (Some("file"), Some(place)) => Ok(PrinterPort::File(place.into())),
        (_, Some(place)) => Ok(PrinterPort::Serial(SerialPort {
            place,
            baud,
            parity,
            flow,
        })),
    }
}

fn tcp(place: &str) -> Result<PrinterPort, String> {
    let (host, port) = match place.rsplit_once(':') {
        // An IPv6 address without a port has more than one colon.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            let port = port.parse().map_err(|_not_a_number| {
                format!("{port:?} is not a port; write one such as \"192.168.1.50:9100\"")
            })?;
            (host, port)
        }
        Some(_) | None => (place, NETWORK_PORT),
    };
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    Ok(PrinterPort::Tcp { host, port })
}

fn parity(word: &str) -> Result<ParityConfig, String> {
    match word {
        "none" => Ok(ParityConfig::None),
        "even" => Ok(ParityConfig::Even),
        "odd" => Ok(ParityConfig::Odd),
        other => Err(format!("{other:?} is unknown; write none, even or odd")),
    }
}

fn flow(word: &str) -> Result<FlowConfig, String> {
    match word {
        "none" => Ok(FlowConfig::None),
        "xonxoff" => Ok(FlowConfig::XonXoff),
        "rtscts" => Ok(FlowConfig::RtsCts),
        other => Err(format!(
            "{other:?} is unknown; write none, xonxoff or rtscts"
        )),
    }
}
