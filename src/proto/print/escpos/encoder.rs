//! Commands one after the other, and none that changes nothing.

use super::super::layout::Line;
use super::super::{Job, Profile};
use crate::domain::document::Align;

pub(super) const ESC: u8 = 0x1b;
pub(super) const GS: u8 = 0x1d;
const LINE_FEED: u8 = 0x0a;

/// The bytes of a job, and how the printer stands after them.
pub(super) struct Encoder<'a> {
    profile: &'a Profile,
    pub(super) job: Job,
    /// The code page's number; none where the printer's own is not known.
    page: Option<u8>,
    align: Align,
    is_large: bool,
    is_bold: bool,
}

impl<'a> Encoder<'a> {
    /// Begins a job: whatever the printer was told before is undone.
    pub(super) fn new(profile: &'a Profile) -> Self {
        let mut encoder = Self {
            profile,
            job: Job::default(),
            page: None,
            align: Align::Left,
            is_large: false,
            is_bold: false,
        };
        encoder.command(&[ESC, b'@']);
        encoder
    }

    /// One command with all that belongs to it.
    pub(super) fn command(&mut self, bytes: &[u8]) {
        self.job.body.extend_from_slice(bytes);
        self.job.boundaries.push(self.job.body.len());
        self.job.longest = self.job.longest.max(bytes.len());
    }

    /// A function of `GS ( k`: all about codes of two dimensions.
    pub(super) fn symbol(&mut self, function: u8, parameters: &[u8]) {
        let length = parameters.len().saturating_add(2);
        let [low, high] = u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes();
        let mut bytes = vec![GS, b'(', b'k', low, high, 0x31, function];
        bytes.extend_from_slice(parameters);
        self.command(&bytes);
    }

    pub(super) fn line(&mut self, line: &Line) {
        self.align(line.align);
        if self.is_large != line.is_large {
            self.command(&[GS, b'!', if line.is_large { 0x11 } else { 0 }]);
            self.is_large = line.is_large;
        }
        if self.is_bold != line.is_bold {
            self.command(&[ESC, b'E', line.is_bold.into()]);
            self.is_bold = line.is_bold;
        }
        self.paper(self.profile.text_rows(line.is_large));
        self.text(&line.text, line.page);
    }

    /// Only at the beginning of a line.
    pub(super) fn align(&mut self, align: Align) {
        if self.align == align {
            return;
        }
        let number = match align {
            Align::Left => 0,
            Align::Center => 1,
            Align::Right => 2,
        };
        self.command(&[ESC, b'a', number]);
        self.align = align;
    }

    /// In the code page that is on, else in the first that has the character, or in only one.
    fn text(&mut self, text: &str, only: Option<u8>) {
        let mut bytes = Vec::new();
        for character in text.chars() {
            // The layout has replaced what no page has.
            let Some((page, byte)) = self.byte(character, only) else {
                continue;
            };
            if !character.is_ascii() && self.page != Some(page) {
                if self.page.is_none() && self.profile.two_bytes {
                    bytes.extend([0x1c, b'.']);
                }
                bytes.extend([ESC, b't', page]);
                self.page = Some(page);
            }
            bytes.push(byte);
        }
        bytes.push(LINE_FEED);
        self.command(&bytes);
    }

    fn byte(&self, character: char, only: Option<u8>) -> Option<(u8, u8)> {
        if let Some(number) = only {
            let byte = self.profile.page(number)?.byte(character)?;
            return Some((number, byte));
        }
        let pages = || self.profile.pages();
        let current = pages().filter(|(page, _)| self.page == Some(*page));
        let mut tried = current.chain(pages());
        tried.find_map(|(number, page)| Some((*number, page.byte(character)?)))
    }

    pub(super) fn feed(&mut self, lines: u8) {
        let dots = self.profile.line_dots().saturating_mul(lines.into());
        self.paper(dots);
        match lines {
            0 => {}
            1 => self.command(&[LINE_FEED]),
            lines => self.command(&[ESC, b'd', lines]),
        }
    }

    /// So much paper comes out, in dots.
    pub(super) fn paper(&mut self, dots: usize) {
        let more = self.profile.tenths_mm(dots);
        self.job.paper_tenths_mm = self.job.paper_tenths_mm.saturating_add(more);
    }
}
