//! From the buffer onto paper: what each command does, and how long that takes.

use super::super::commands::{Shape, shape, word};
use super::{Event, LINE_UM, Reading, Trouble, VirtualPrinter};

/// A row of dots.
const DOT_UM: u64 = 125;
/// A code that the printer draws.
const CODE_UM: u64 = 25_000;
/// How long a cut takes, in microseconds.
const CUT_US: u64 = 150_000;

impl VirtualPrinter {
    /// Takes a byte out of the buffer.
    pub(super) fn take(&mut self, byte: u8) {
        if self.reader.is_some() {
            return self.take_of_label(byte);
        }
        match &mut self.reading {
            Reading::Rows { bytes, left } => {
                bytes.push(byte);
                *left -= 1;
                let (left, row) = (*left, word(bytes[4], bytes[5]));
                let dots = if matches!(bytes[3], 2 | 3 | 50 | 51) {
                    2
                } else {
                    1
                };
                if left.is_multiple_of(row) {
                    self.strip.marked = true;
                    self.strip.broken |= !self.in_step;
                    self.feed(dots * DOT_UM);
                }
                if left == 0
                    && let Reading::Rows { bytes, .. } = std::mem::take(&mut self.reading)
                {
                    self.strip.commands.push(bytes);
                }
            }
            Reading::Command(bytes) => {
                bytes.push(byte);
                match shape(bytes, &self.traits) {
                    Shape::Unfinished => {}
                    Shape::Whole => {
                        let command = std::mem::take(bytes);
                        self.execute(command);
                    }
                    Shape::NotACommand(count) => {
                        let bytes = std::mem::take(bytes);
                        for byte in bytes.iter().skip(count).rev() {
                            self.buffer.push_front(*byte);
                        }
                    }
                }
            }
        }
    }

    fn execute(&mut self, command: Vec<u8>) {
        // Text has no escapes: this command took in the beginning of the next job.
        if command.len() > 3 && command[3..].windows(2).any(|two| two == [0x1b, b'@']) {
            self.in_step = false;
        }
        match command.as_slice() {
            // Done when they came; a control byte alone does nothing.
            [0x10, ..] | [0..=8 | 0x0b..=0x0f | 0x11..=0x1a | 0x1e..=0x1f] => {}
            [0x1b, b'@'] => self.set_up(command),
            [0x0a] => self.print_line(command, LINE_UM),
            [0x1b, b'd', lines] => {
                let um = u64::from(*lines) * LINE_UM;
                self.print_line(command, um);
            }
            [0x1b, b'J', dots] => {
                let um = u64::from(*dots) * DOT_UM;
                self.print_line(command, um);
            }
            [0x1b, b'p', pin, ..] => self.events.push(Event::Drawer(pin & 1)),
            [0x1b, b'B', ..] | [0x1b, b'(', b'A', ..] => self.events.push(Event::Buzzer),
            [0x1d, b'v', _, _, xl, xh, yl, yh] => {
                let left = word(*xl, *xh) * word(*yl, *yh);
                self.print_line(Vec::new(), 0);
                if left > 0 {
                    let bytes = command;
                    self.reading = Reading::Rows { bytes, left };
                }
            }
            [0x1d, b'(', b'k', _, _, b'1', function, ..] => {
                let function = *function;
                self.code(command, function);
            }
            [0x1d, b'(' | b'8', b'L', ..] => {
                self.line.push(command);
                self.strip.marked = true;
                self.print_line(Vec::new(), CODE_UM);
            }
            [0x1d, b'V', ..] => self.cut(command),
            _ => self.answer_or_keep(command),
        }
    }

    /// Questions, and what sets something or is text.
    fn answer_or_keep(&mut self, command: Vec<u8>) {
        match command.as_slice() {
            [0x1d, b'a', mask] => {
                self.automatic = *mask;
                self.told = self.troubles.automatic();
                if *mask != 0 {
                    let told = self.told;
                    self.say(&told);
                }
            }
            [0x1d, b'r', n] => {
                if let Some(status) = self.troubles.in_order(*n) {
                    self.say(&[status]);
                }
            }
            [0x1d, b'I', n] => self.say(match n {
                1 | 49 => b"\x20",
                65 => b"_1.00\0",
                66 => b"_EPSON\0",
                67 => b"_VPRN-1\0",
                68 => b"_V0000001\0",
                _ => b"",
            }),
            [0x1d, b'(', b'H', _, _, 48, 48, a, b, c, d] if self.traits.process_ids => {
                self.say(&[0x37, 0x22, *a, *b, *c, *d, 0]);
            }
            [0x1d, b'(', b'H', ..] => {}
            _ => self.line.push(command),
        }
    }

    fn set_up(&mut self, command: Vec<u8>) {
        self.line.clear();
        self.stored = false;
        // Half of something hangs out, and what follows comes out below it.
        self.strip.broken |= self.strip.marked;
        self.in_step = true;
        self.strip.commands.push(command);
    }

    fn has_text(&self) -> bool {
        self.line.iter().any(|command| command.len() == 1)
    }

    /// Puts the line on paper, then moves it.
    fn print_line(&mut self, command: Vec<u8>, um: u64) {
        if self.has_text() {
            self.strip.marked = true;
        }
        self.strip.broken |= self.strip.marked && !self.in_step;
        self.strip.commands.append(&mut self.line);
        if !command.is_empty() {
            self.strip.commands.push(command);
        }
        self.feed(um);
    }

    fn code(&mut self, command: Vec<u8>, function: u8) {
        if function == 0x52 {
            let could = if self.stored { b'0' } else { b'1' };
            return self.say(&[
                0x37, 0x36, b'9', b'9', 0x1f, b'9', b'9', 0x1f, b'1', 0x1f, could, 0,
            ]);
        }
        let drawn = function == 0x51 && self.stored;
        self.stored |= function == 0x50;
        self.line.push(command);
        if drawn {
            self.strip.marked = true;
            self.print_line(Vec::new(), CODE_UM);
        }
    }

    /// A cut within a line is none.
    fn cut(&mut self, command: Vec<u8>) {
        if self.has_text() {
            return;
        }
        self.print_line(command, 0);
        if self.traits.cutter {
            self.strip.cut = true;
            self.tear();
            self.busy_until += CUT_US;
        }
    }

    fn feed(&mut self, um: u64) {
        self.busy_until += um * 1_000 / self.traits.mm_per_s;
        let Some(left) = self.paper_left_um else {
            return;
        };
        self.paper_left_um = Some(left.saturating_sub(um));
        if um >= left {
            self.paper_left_um = None;
            self.troubles.set(Trouble::PaperOut, true);
            self.tell_changes();
        }
    }
}
