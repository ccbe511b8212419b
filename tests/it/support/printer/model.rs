//! The printer itself, in time of its own.

mod labels;
mod paper;

use std::collections::VecDeque;

use super::label::{Reader, Tspl, Zpl};
use super::realtime::{RealTime, Scanner};
use super::status::{Trouble, Troubles};
use super::values::{Event, Fault, Flow, Sheet, Speaks, Talk, Traits};

/// A line of text, in micrometers.
const LINE_UM: u64 = 3_750;

/// What the bytes that are taken belong to.
#[derive(Debug)]
enum Reading {
    /// A command, so far.
    Command(Vec<u8>),
    /// A picture, of which each row is printed when it is there: none has to fit into the buffer.
    Rows { bytes: Vec<u8>, left: usize },
}

impl Default for Reading {
    fn default() -> Self {
        Self::Command(Vec::new())
    }
}

/// A printer.
#[derive(Debug, Default)]
pub(crate) struct VirtualPrinter {
    traits: Traits,
    troubles: Troubles,
    scanner: Scanner,
    buffer: VecDeque<u8>,
    reading: Reading,
    /// Of a label printer.
    reader: Option<Reader>,
    /// The bytes that came last, as far as they may be the question how it is.
    asked: Vec<u8>,
    /// A label on its way through a label printer; it is there when the motor stops.
    label: Option<Sheet>,
    /// What is not on paper yet.
    line: Vec<Vec<u8>>,
    /// The paper that hangs out.
    strip: Sheet,
    sheets: Vec<Sheet>,
    events: Vec<Event>,
    answers: Vec<u8>,
    /// It was set up after the last loss: what it prints is what was sent.
    in_step: bool,
    /// A code's text is stored.
    stored: bool,
    busy: bool,
    /// What `GS a` asked for, and what was said last.
    automatic: u8,
    told: [u8; 4],
    paper_left_um: Option<u64>,
    drop_every: u32,
    received: u32,
    garble: u32,
    came: usize,
    lost: usize,
    /// The motor and the knife are done then, in microseconds.
    busy_until: u64,
    /// It was switched on, and hears nothing until then, in microseconds.
    boots_until: u64,
}

impl VirtualPrinter {
    pub(crate) fn new(traits: Traits) -> Self {
        let reader = match traits.speaks {
            Speaks::EscPos => None,
            Speaks::Zpl => Some(Reader::Zpl(Zpl::default())),
            Speaks::Tspl => Some(Reader::Tspl(Tspl::default())),
        };
        Self {
            traits,
            reader,
            ..Self::default()
        }
    }

    pub(crate) fn traits(&self) -> &Traits {
        &self.traits
    }

    /// A byte arrives.
    pub(crate) fn receive(&mut self, byte: u8, now_us: u64) {
        self.tick(now_us);
        if !self.is_plugged() {
            return;
        }
        self.came += 1;
        if now_us < self.boots_until {
            return self.lose();
        }
        let Some(byte) = self.on_the_way(byte) else {
            return self.lose();
        };
        if self.reader.is_some() {
            self.look_for_question(byte);
        } else if !self.troubles.has(Trouble::Hung)
            && let Some(command) = self.scanner.push(byte)
        {
            self.act(command);
        }
        if self.buffer.len() < self.traits.buffer {
            self.buffer.push_back(byte);
        } else {
            self.lose();
        }
        self.say_flow();
        self.tick(now_us);
    }

    /// Time goes on.
    pub(crate) fn tick(&mut self, now_us: u64) {
        while !self.stopped() && self.busy_until <= now_us {
            if self.end_label() {
                continue;
            }
            let Some(byte) = self.buffer.pop_front() else {
                self.busy_until = now_us;
                break;
            };
            self.take(byte);
        }
        self.say_flow();
    }

    /// Lets it work until it has nothing to do, or cannot go on; gives the time then.
    pub(crate) fn finish(&mut self, now_us: u64) -> u64 {
        let mut now = now_us;
        self.tick(now);
        while !self.stopped() && self.busy_until > now {
            now = self.busy_until;
            self.tick(now);
        }
        now
    }

    /// What it said since it was asked last.
    pub(crate) fn answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answers)
    }

    /// What was cut or torn off, in order.
    pub(crate) fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The paper that hangs out.
    pub(crate) fn strip(&self) -> &Sheet {
        &self.strip
    }

    /// Somebody tears off what hangs out.
    pub(crate) fn tear(&mut self) {
        self.sheets.push(std::mem::take(&mut self.strip));
    }

    /// How many times exactly this label is on paper, however it got there.
    pub(crate) fn copies(&self, label: &[u8]) -> usize {
        let label = printed(label, self.traits);
        let paper = self.sheets.iter().chain([&self.strip]);
        paper.map(|sheet| sheet.copies(&label)).sum()
    }

    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many bytes came, on paper or not.
    pub(crate) fn came(&self) -> usize {
        self.came
    }

    /// How many bytes were lost on the way or thrown away.
    pub(crate) fn lost(&self) -> usize {
        self.lost
    }

    /// How many bytes the buffer still takes.
    pub(crate) fn free(&self) -> usize {
        self.traits.buffer - self.buffer.len()
    }

    /// It asks not to be sent anything.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy
    }

    pub(crate) fn is_plugged(&self) -> bool {
        !self.troubles.has(Trouble::Unplugged)
    }

    /// Something happens to it.
    pub(crate) fn fault(&mut self, fault: Fault, now_us: u64) {
        self.tick(now_us);
        self.busy_until = self.busy_until.max(now_us);
        match fault {
            Fault::PaperOut => self.troubles.set(Trouble::PaperOut, true),
            Fault::PaperOutAfter(lines) => self.paper_left_um = Some(lines * LINE_UM),
            Fault::PaperIn => self.new_roll(),
            Fault::NearEnd(so) => self.troubles.set(Trouble::NearEnd, so),
            Fault::Cover(open) => self.troubles.set(Trouble::CoverOpen, open),
            Fault::CutterJam(so) => {
                self.troubles.set(Trouble::Jam, so);
                if so {
                    self.troubles.set(Trouble::CutterError, true);
                }
            }
            Fault::Overheated(so) => self.troubles.set(Trouble::Hot, so),
            Fault::Hang(so) => self.troubles.set(Trouble::Hung, so),
            Fault::Unplug => self.troubles.set(Trouble::Unplugged, true),
            Fault::Plug => self.troubles.set(Trouble::Unplugged, false),
            Fault::PowerCycle => {
                self.power_cycle();
                self.boots_until = now_us + self.traits.boot_ms * 1_000;
            }
            Fault::Garbage(count) => self.babble(count),
            Fault::Garble(count) => self.garble = count,
            Fault::DropEvery(nth) => (self.drop_every, self.received) = (nth, 0),
        }
        self.tell_changes();
        self.tick(now_us);
    }

    fn stopped(&self) -> bool {
        self.troubles.offline() || self.troubles.has(Trouble::Hung)
    }

    /// What becomes of a byte in the cable.
    fn on_the_way(&mut self, byte: u8) -> Option<u8> {
        self.received = self.received.wrapping_add(1);
        if self.drop_every > 0 && self.received.is_multiple_of(self.drop_every) {
            return None;
        }
        if self.garble == 0 {
            return Some(byte);
        }
        self.garble -= 1;
        self.in_step = false;
        Some(byte ^ 0x55)
    }

    fn lose(&mut self) {
        self.lost += 1;
        self.in_step = false;
    }

    fn new_roll(&mut self) {
        if self.strip.marked && self.troubles.has(Trouble::PaperOut) {
            self.strip.new_rolls += 1;
        }
        self.paper_left_um = None;
        self.troubles.set(Trouble::PaperOut, false);
    }

    fn power_cycle(&mut self) {
        self.forget();
        self.scanner = Scanner::default();
        self.answers.clear();
        self.automatic = 0;
        self.garble = 0;
        self.busy = false;
        self.troubles.set(Trouble::Hung, false);
        let jammed = self.troubles.has(Trouble::Jam);
        self.troubles.set(Trouble::CutterError, jammed);
    }

    /// What was received and not printed is gone.
    fn forget(&mut self) {
        self.buffer.clear();
        self.line.clear();
        if let Reading::Rows { bytes, .. } = std::mem::take(&mut self.reading) {
            self.strip.commands.push(bytes);
            self.strip.broken = true;
        }
        self.in_step = false;
        self.stored = false;
        self.label = None;
        if let Some(reader) = &mut self.reader {
            reader.forget();
        }
    }

    fn babble(&mut self, count: u32) {
        // Any numbers will do that are the same each time.
        let noise = (1..=count).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]);
        self.answers.extend(noise);
    }

    fn say(&mut self, bytes: &[u8]) {
        let talks = match self.traits.talk {
            Talk::Full => true,
            Talk::WhileWell => !self.troubles.offline(),
            Talk::Constant | Talk::Silent => false,
        };
        if talks && !self.troubles.has(Trouble::Hung) && self.is_plugged() {
            self.answers.extend_from_slice(bytes);
        }
    }

    fn say_flow(&mut self) {
        let free = self.free();
        let (low, high) = if self.traits.buffer < 256 {
            (16, 26)
        } else {
            (128, 256)
        };
        let busy = free <= low || (self.busy && free < high);
        if busy != self.busy && self.traits.flow == Flow::XonXoff && self.is_plugged() {
            self.answers.push(if busy { 0x13 } else { 0x11 });
        }
        self.busy = busy;
    }

    fn tell_changes(&mut self) {
        let now = self.troubles.automatic();
        if self.automatic != 0 && now != self.told {
            self.say(&now);
        }
        self.told = now;
    }

    fn act(&mut self, command: RealTime) {
        match command {
            RealTime::Status(_) if self.traits.talk == Talk::Constant => self.answers.push(0x12),
            RealTime::Status(n) => self.say(&[self.troubles.real_time(n)]),
            RealTime::Pulse(pin) => self.events.push(Event::Drawer(pin)),
            RealTime::Clear => {
                self.forget();
                self.say(&[0x37, 0x25, 0]);
            }
            RealTime::Recover(n) => {
                let stuck = self.troubles.has(Trouble::Jam);
                if self.troubles.has(Trouble::CutterError) && !stuck {
                    self.troubles.set(Trouble::CutterError, false);
                    if n == 2 {
                        self.forget();
                    }
                    self.tell_changes();
                }
            }
        }
    }
}

/// What a printer like this makes of a label when nothing happens.
fn printed(label: &[u8], traits: Traits) -> Vec<Vec<u8>> {
    let mut printer = VirtualPrinter::new(Traits {
        buffer: usize::MAX,
        flow: Flow::None,
        ..traits
    });
    printer.buffer.extend(label);
    printer.finish(0);
    let mut sheets = printer.sheets.into_iter();
    let mut commands: Vec<Vec<u8>> = sheets.next().unwrap_or_default().commands;
    commands.extend(printer.strip.commands);
    commands
}
