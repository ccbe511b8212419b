//! A document as lines of characters and codes of dots, for one printer.

use super::glyphs::Glyphs;
use super::profile::CHARACTER_DOTS;
use super::words::{self, Written};
use super::{CodePage, FittedCode, PrintError, Profile};
use crate::domain::bitmap::Bitmap;
use crate::domain::document::{Align, Block, Document, Paragraph, Proof, TEXT_CHARS_MAX};

/// A part of a document as it comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Line(Line),
    Code(FittedCode),
    Picture(Bitmap),
    Feed(u8),
    Cut,
    /// Also where no cutter is known.
    ProofCut,
    Drawer,
    Buzzer,
}

/// A line of text, no longer than the paper is wide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) align: Align,
    pub(super) is_large: bool,
    pub(super) is_bold: bool,
    /// Whether it has characters that the printer has not: it is sent as dots.
    pub(super) is_drawn: bool,
    /// The only code page that it is written in; none for any that has its characters.
    pub(super) page: Option<u8>,
}

impl Line {
    /// Its width on paper.
    pub(super) fn dots(&self) -> usize {
        let dots = self.text.chars().count().saturating_mul(CHARACTER_DOTS);
        if self.is_large {
            dots.saturating_mul(2)
        } else {
            dots
        }
    }

    /// As dots, just as wide and as high as its characters.
    pub(super) fn drawn(&self, glyphs: &Glyphs) -> Bitmap {
        let line = glyphs.line(&self.text, self.is_bold);
        if self.is_large { line.doubled() } else { line }
    }
}

/// A document laid out, and the characters that the printer has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) pieces: Vec<Piece>,
    pub(super) replaced: Vec<(char, String)>,
}

pub(super) fn lay_out(document: &Document, profile: &Profile) -> Result<Layout, PrintError> {
    lay_out_within(document, profile, usize::MAX)
}

/// With codes of modules of at most so many dots.
pub(super) fn lay_out_within(
    document: &Document,
    profile: &Profile,
    module_max: usize,
) -> Result<Layout, PrintError> {
    let mut layout = Layout::default();
    let printer = Printer {
        profile,
        module_max,
        glyphs: &Glyphs::new(),
    };
    for block in document.blocks() {
        layout.add(block, printer)?;
    }
    for piece in &mut layout.pieces {
        if let Piece::Line(line) = piece {
            line.is_drawn |= line.page.is_none() && !words::are_native(&line.text, profile);
        }
    }
    Ok(layout)
}

/// What is laid out for.
#[derive(Clone, Copy)]
struct Printer<'a> {
    profile: &'a Profile,
    module_max: usize,
    glyphs: &'a Glyphs,
}

impl Layout {
    /// All codes.
    pub(super) fn codes(&self) -> impl Iterator<Item = &FittedCode> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Code(code) => Some(code),
            Piece::Line(_)
            | Piece::Picture(_)
            | Piece::Feed(_)
            | Piece::Cut
            | Piece::ProofCut
            | Piece::Drawer
            | Piece::Buzzer => None,
        })
    }

    fn add(&mut self, block: &Block, printer: Printer<'_>) -> Result<(), PrintError> {
        let profile = printer.profile;
        match block {
            Block::Text(text) => self.text(text, printer),
            Block::Row {
                left,
                right,
                is_bold,
            } => self.row(left, right, *is_bold, printer),
            Block::Rule => self.line(Line {
                text: "-".repeat(profile.columns()),
                ..Line::default()
            }),
            Block::Code { text, size } => {
                let code = FittedCode::new_within(text, *size, profile, printer.module_max)?;
                self.pieces.push(Piece::Code(code));
            }
            Block::Picture(picture) => {
                if picture.width() > profile.dots {
                    return Err(PrintError::PictureTooWide {
                        dots: picture.width(),
                        paper: profile.dots,
                    });
                }
                self.pieces.push(Piece::Picture(picture.clone()));
            }
            Block::Proof(proof) => self.proof(proof, profile),
            Block::Feed(lines) => self.pieces.push(Piece::Feed(*lines)),
            Block::Cut => self.pieces.push(Piece::Cut),
            Block::Drawer => self.pieces.push(Piece::Drawer),
            Block::Buzzer => self.pieces.push(Piece::Buzzer),
        }
        Ok(())
    }

    /// Rows are as they are meant; label printers would print beyond their labels, and have one page.
    fn proof(&mut self, proof: &Proof, profile: &Profile) {
        let mut line = Line::default();
        match proof {
            Proof::Cut => return self.pieces.push(Piece::ProofCut),
            Proof::Columns(columns) => {
                let columns = usize::from(*columns);
                let number = format!("{columns} ");
                let letters = ('A'..='Z').cycle();
                line.text = number.chars().chain(letters).take(columns).collect();
            }
            Proof::Page { number, text } => {
                let known = profile.page(*number);
                let page = known.unwrap_or(CodePage::Ascii);
                let letters = text.chars().map(|letter| match page.byte(letter) {
                    Some(_) => letter,
                    None => ' ',
                });
                line.text = letters.collect();
                let is_asked = known.is_some() && !profile.is_for_labels();
                line.page = is_asked.then_some(*number);
            }
            Proof::Drawn(text) => {
                let letters = text.chars().filter(|letter| !letter.is_control());
                line.text = letters.collect();
                line.is_drawn = true;
            }
        }
        if profile.is_for_labels() || line.is_drawn {
            line.text = line.text.chars().take(profile.columns()).collect();
        }
        self.line(line);
    }

    fn line(&mut self, line: Line) {
        self.pieces.push(Piece::Line(line));
    }

    fn text(&mut self, text: &Paragraph, printer: Printer<'_>) {
        let columns = if text.is_large {
            printer.profile.columns() / 2
        } else {
            printer.profile.columns()
        };
        let written = self.written(&text.text, printer);
        for paragraph in written.split('\n') {
            for line in wrapped(paragraph, columns) {
                self.line(Line {
                    text: line,
                    align: text.align,
                    is_large: text.is_large,
                    is_bold: text.is_bold,
                    ..Line::default()
                });
            }
        }
    }

    /// A text on the right that would leave no room for the left has a line of its own.
    fn row(&mut self, left: &str, right: &str, is_bold: bool, printer: Printer<'_>) {
        let columns = printer.profile.columns();
        let left = self.written(left, printer).replace('\n', " ");
        let right = self.written(right, printer).replace('\n', " ");
        let line = |text| Line {
            text,
            is_bold,
            ..Line::default()
        };
        let taken = right.chars().count().saturating_add(1);
        if taken > columns / 2 {
            let own = wrapped(&left, columns).into_iter().map(line);
            self.pieces.extend(own.map(Piece::Line));
            for text in wrapped(&right, columns) {
                let align = Align::Right;
                self.line(Line {
                    align,
                    ..line(text)
                });
            }
            return;
        }
        let mut lines = wrapped(&left, columns.saturating_sub(taken));
        if let Some(last) = lines.last_mut() {
            let used = last.chars().count().saturating_add(taken);
            let free = columns.saturating_sub(used).saturating_add(1);
            last.push_str(&" ".repeat(free));
            last.push_str(&right);
        }
        self.pieces
            .extend(lines.into_iter().map(line).map(Piece::Line));
    }

    /// In characters that can be printed; what cannot is noted.
    fn written(&mut self, text: &str, printer: Printer<'_>) -> String {
        let bounded: String = text.chars().take(TEXT_CHARS_MAX).collect();
        let Written { text, replaced } = words::write(&bounded, printer.profile, printer.glyphs);
        for pair in replaced {
            if !self.replaced.contains(&pair) {
                self.replaced.push(pair);
            }
        }
        text
    }
}

/// Lines of at most so many characters, broken between words where a word fits a line at all; at least
/// one line.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word: Vec<char> = word.chars().collect();
        let used = line.chars().count();
        let wanted = word.len().saturating_add(usize::from(used > 0));
        if used > 0 && used.saturating_add(wanted) <= columns {
            line.push(' ');
            line.extend(word);
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > columns {
            let rest = word.split_off(columns);
            lines.push(word.into_iter().collect());
            word = rest;
        }
        line = word.into_iter().collect();
    }
    lines.push(line);
    lines
}
