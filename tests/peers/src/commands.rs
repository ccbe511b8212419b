//! ESC/POS read back: what comes out on paper, without the ways in which encoders differ on purpose.
//!
//! Left out are:
//! - `ESC @`, `ESC M`, and modes that are told twice: how a printer is brought to where it stands;
//! - `FS .`, "a byte is a character": some say it always, ours only to printers that need it;
//! - the code page of ASCII, which is the same in all of them;
//! - carriage returns, empty lines and fed paper: ours leaves white around a code, and has the cut
//!   (`GS V`, form B) move the paper, where others feed lines before a cut of form A;
//! - when a code is stored: ours does it first, so that a printer that was off in between is found out;
//! - how a line gets into the middle: by `ESC a`, or by spaces before it.
//!
//! Ours also asks whether the sheet has come out; that is no part of it and is sent behind. Of several
//! spaces ours makes one: no label here has such.
//!
//! All other bytes are kept, and a command that nobody is known to use is an error.

/// What comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Line {
        signs: Vec<Sign>,
        is_centered: bool,
    },
    /// A whole command of `GS ( k`.
    Symbol {
        command: Vec<u8>,
        is_centered: bool,
    },
    Picture {
        is_centered: bool,
    },
    Cut,
}

/// A character on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    pub byte: u8,
    /// The number of its code page; none for ASCII.
    pub page: Option<u8>,
    /// `GS !`: how many times as wide and as high.
    pub times: (u8, u8),
    pub is_bold: bool,
}

const LINE_FEED: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const ESC: u8 = 0x1b;
const FS: u8 = 0x1c;
const GS: u8 = 0x1d;
/// Which byte of `GS ( k` says what it does, and two of those.
const FUNCTION: usize = 6;
const STORE: u8 = 0x50;
const PRINT: u8 = 0x51;

/// A printer with so many columns.
pub struct Reader<'a> {
    rest: &'a [u8],
    columns: usize,
    page: u8,
    times: (u8, u8),
    is_bold: bool,
    align: u8,
    line: Vec<Sign>,
    /// A code that was stored and not printed yet.
    stored: Option<Vec<u8>>,
    said: Vec<Said>,
    /// All bytes but `FS .`, which the renderer does not know.
    plain: Vec<u8>,
}

/// What comes out, and all bytes but `FS .`, which the renderer does not know.
pub fn read(bytes: &[u8], columns: usize) -> Result<(Vec<Said>, Vec<u8>), String> {
    let mut reader = Reader {
        rest: bytes,
        columns,
        page: 0,
        times: (1, 1),
        is_bold: false,
        align: 0,
        line: Vec::new(),
        stored: None,
        said: Vec::new(),
        plain: Vec::new(),
    };
    while !reader.rest.is_empty() {
        let place = bytes.len() - reader.rest.len();
        reader
            .step()
            .ok_or_else(|| format!("byte {place}: nobody says {:x?}", &bytes[place..]))?;
    }
    if reader.line.is_empty() {
        Ok((reader.said, reader.plain))
    } else {
        Err("a line has no end".to_owned())
    }
}

impl<'a> Reader<'a> {
    /// One character or one command.
    fn step(&mut self) -> Option<()> {
        let before = self.rest;
        let is_unknown = before.starts_with(&[FS, b'.']);
        match self.byte()? {
            LINE_FEED => self.end_line(),
            CARRIAGE_RETURN => {}
            ESC => self.esc()?,
            FS if is_unknown => drop(self.take(1)?),
            GS => self.gs(before)?,
            byte @ (0x20..=0x7e | 0x80..) => self.line.push(Sign {
                byte,
                page: (byte >= 0x80).then_some(self.page),
                times: self.times,
                is_bold: self.is_bold,
            }),
            _ => return None,
        }
        if !is_unknown {
            self.plain.extend(&before[..before.len() - self.rest.len()]);
        }
        Some(())
    }

    fn esc(&mut self) -> Option<()> {
        match self.byte()? {
            b'@' => {
                (self.page, self.times, self.is_bold, self.align) = (0, (1, 1), false, 0);
            }
            b'!' => {
                let mode = self.byte()?;
                let twice = |bit: u8| 1 + u8::from(mode & bit != 0);
                (self.times, self.is_bold) = ((twice(0x20), twice(0x10)), mode & 8 != 0);
            }
            b'E' => self.is_bold = self.byte()? & 1 == 1,
            b'a' => self.align = self.byte()?,
            b't' => self.page = self.byte()?,
            b'M' if self.byte()? == 0 => {}
            // Prints the line before it feeds.
            b'd' if self.byte()? > 0 => self.end_line(),
            _ => return None,
        }
        Some(())
    }

    fn gs(&mut self, command: &[u8]) -> Option<()> {
        match self.byte()? {
            b'!' => {
                let size = self.byte()?;
                self.times = ((size >> 4) + 1, (size & 0x0f) + 1);
            }
            b'V' => match self.byte()? {
                0 | 1 => self.said.push(Said::Cut),
                0x41 | 0x42 if self.take(1).is_some() => self.said.push(Said::Cut),
                _ => return None,
            },
            b'(' if self.byte()? == b'k' => {
                let length = self.word()?;
                self.take(length)?;
                let command = command[..command.len() - self.rest.len()].to_vec();
                self.symbol(command)?;
            }
            b'v' if self.byte()? == b'0' => {
                self.byte()?;
                let (width, height) = (self.word()?, self.word()?);
                self.take(width * height)?;
                let is_centered = self.is_centered()?;
                self.said.push(Said::Picture { is_centered });
            }
            _ => return None,
        }
        Some(())
    }

    /// What is stored is told where it is printed.
    fn symbol(&mut self, command: Vec<u8>) -> Option<()> {
        let is_centered = self.is_centered()?;
        let function = command.get(FUNCTION).copied();
        if function == Some(STORE) {
            self.stored = Some(command);
            return Some(());
        }
        let stored = self.stored.take_if(|_| function == Some(PRINT));
        for command in stored.into_iter().chain([command]) {
            self.said.push(Said::Symbol {
                command,
                is_centered,
            });
        }
        Some(())
    }

    /// None within a line: what is no text begins at its beginning.
    fn is_centered(&self) -> Option<bool> {
        self.line.is_empty().then_some(self.align == 1)
    }

    fn end_line(&mut self) {
        let mut signs = std::mem::take(&mut self.line);
        let wide = |signs: &[Sign]| -> usize {
            let widths = signs.iter().map(|sign| usize::from(sign.times.0));
            widths.sum()
        };
        let spaces = signs.iter().take_while(|sign| sign.byte == b' ').count();
        let text = signs.split_off(spaces);
        if text.is_empty() {
            return;
        }
        let is_centered = match self.align {
            0 => wide(&signs) == self.columns.saturating_sub(wide(&text)) / 2,
            1 => signs.is_empty(),
            _ => false,
        };
        self.said.push(Said::Line {
            signs: text,
            is_centered,
        });
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn word(&mut self) -> Option<usize> {
        Some(usize::from(u16::from_le_bytes([
            self.byte()?,
            self.byte()?,
        ])))
    }
}
