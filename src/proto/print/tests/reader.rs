//! A reader of jobs, written from the manuals and not from the encoder: it knows the commands that a
//! job may have and falls over at every other byte.

use crate::proto::print::Profile;

/// What a printer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Line(String),
    Code(String),
    Raster { width: usize, height: usize },
    Feed(u8),
    Cut,
    Drawer,
    Buzzer,
}

/// All of a job.
pub(super) fn read(bytes: &[u8], profile: &Profile) -> Vec<Read> {
    let mut reader = Reader {
        rest: bytes,
        profile,
        page: None,
        stored: None,
        module: 3,
    };
    assert_eq!(
        reader.take(2),
        [0x1b, b'@'],
        "a job begins with a clean printer"
    );
    let mut found = Vec::new();
    let mut line = String::new();
    while let Some(byte) = reader.rest.first().copied() {
        reader.rest = &reader.rest[1..];
        match byte {
            b'\n' => found.push(Read::Line(std::mem::take(&mut line))),
            0x1b..=0x1d => {
                let deed = reader.command(byte);
                assert!(
                    deed.is_none() || line.is_empty(),
                    "only at a line's beginning"
                );
                found.extend(deed);
            }
            0x20..=0x7e => line.push(char::from(byte)),
            0x80.. => line.push(reader.character(byte)),
            _ => panic!("a control {byte:#x} in a text"),
        }
    }
    assert!(line.is_empty(), "a line has no end: {line:?}");
    found
}

struct Reader<'a> {
    rest: &'a [u8],
    profile: &'a Profile,
    page: Option<u8>,
    stored: Option<String>,
    module: u8,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken
    }

    /// The one that this byte is in the page that is on.
    fn character(&self, byte: u8) -> char {
        let page = self
            .page
            .expect("a code page is chosen before its characters");
        let (_, page) = self
            .profile
            .code_pages
            .iter()
            .find(|(number, _)| *number == page)
            .unwrap();
        let mut characters = '\u{80}'..='\u{ffff}';
        characters
            .find(|character| page.byte(*character) == Some(byte))
            .unwrap()
    }

    fn command(&mut self, byte: u8) -> Option<Read> {
        let name = self.take(1)[0];
        match (byte, name) {
            (0x1c, b'.') => None,
            (0x1b, b't') => {
                self.page = Some(self.take(1)[0]);
                None
            }
            (0x1b, b'a') => {
                assert!(self.take(1)[0] <= 2);
                None
            }
            (0x1b, b'E') => {
                assert!(self.take(1)[0] <= 1);
                None
            }
            (0x1b, b'd') => Some(Read::Feed(self.take(1)[0])),
            (0x1b, b'p') => {
                assert_eq!(self.take(3), [0, 25, 250]);
                Some(Read::Drawer)
            }
            (0x1b, b'B') => {
                self.take(2);
                Some(Read::Buzzer)
            }
            (0x1d, b'!') => {
                assert!(matches!(self.take(1)[0], 0 | 0x11));
                None
            }
            (0x1d, b'V') => {
                assert_eq!(self.take(2), [0x42, 0]);
                Some(Read::Cut)
            }
            (0x1d, b'v') => {
                let head = self.take(6);
                assert!(head[0] == b'0' && matches!(head[1], 0 | 3), "{head:?}");
                let size = |low: usize| usize::from(u16::from_le_bytes([head[low], head[low + 1]]));
                let (width, height) = (size(2), size(4));
                self.take(width * height);
                assert!(width > 0 && height > 0);
                Some(Read::Raster { width, height })
            }
            (0x1d, b'(') => self.symbol(),
            other => panic!("a command of nobody's: {other:x?}"),
        }
    }

    fn symbol(&mut self) -> Option<Read> {
        let head = self.take(3);
        assert_eq!(head[0], b'k');
        let length = usize::from(u16::from_le_bytes([head[1], head[2]]));
        let block = self.take(length);
        assert_eq!(block[0], 0x31);
        match (block[1], &block[2..]) {
            (0x41, [0x32, 0]) | (0x45, [0x30 | 0x31]) => None,
            (0x43, [module @ 1..=16]) => {
                self.module = *module;
                None
            }
            (0x50, [0x30, text @ ..]) => {
                self.stored = Some(String::from_utf8(text.to_vec()).unwrap());
                None
            }
            (0x51, [0x30]) => {
                assert!(self.module >= 4, "it would not scan");
                Some(Read::Code(self.stored.clone().unwrap_or_default()))
            }
            other => panic!("no function of codes: {other:x?}"),
        }
    }
}
