//! A page that shows what a printer can do, and asks what came out.

use super::{Paper, Room};
use crate::domain::document::{Align, Block, CodeSize, Document, DrawnBy, Paragraph, Proof};
use crate::domain::time::Timestamp;
use crate::terminal::printing::answers::{Scanned, TestQuestions};

/// Letters of the languages that the till speaks, and what prices need.
const LETTERS: &str = "€äöüßéñøåçąęłżşğΩλЖщЇ";

/// What the page is for.
#[derive(Clone, Copy, Debug)]
pub(in crate::terminal) struct TestPage<'a> {
    /// The printer's name.
    pub(in crate::terminal) name: &'a str,
    /// Its kind.
    pub(in crate::terminal) title: &'a str,
    /// What it can be asked.
    pub(in crate::terminal) questions: &'a TestQuestions,
    /// Where it is printed.
    pub(in crate::terminal) room: Room,
    /// Whether somebody wants the drawer to open.
    pub(in crate::terminal) opens_drawer: bool,
}

/// The page, with a question above each part.
pub(in crate::terminal) fn test_page(
    paper: Paper<'_>,
    page: TestPage<'_>,
    at: Timestamp,
) -> Document {
    let questions = page.questions;
    let mut document = Document::default();
    document.center(page.name, true);
    document.center(page.title, false);
    document.center(&paper.date(at), false);
    if page.opens_drawer {
        document.add(Block::Drawer);
    }
    if !questions.columns.is_empty() {
        ask(&mut document, paper, "paper-test-columns");
    }
    for columns in &questions.columns {
        document.add(Block::Proof(Proof::Columns(*columns)));
    }
    if let Some(dots) = questions.codes {
        ask(&mut document, paper, "paper-test-codes");
        for drawn_by in [DrawnBy::Printer, DrawnBy::Till] {
            code(&mut document, Scanned::Code(drawn_by), dots, drawn_by);
        }
    }
    if !questions.modules.is_empty() {
        ask(&mut document, paper, "paper-test-modules");
    }
    for dots in &questions.modules {
        // A label has room for one.
        if page.room == Room::Label {
            document.add(Block::Cut);
        }
        code(&mut document, Scanned::Module(*dots), *dots, DrawnBy::Till);
    }
    if !questions.pages.is_empty() {
        letters(&mut document, paper, &questions.pages);
    }
    if questions.cut {
        ask(&mut document, paper, "paper-test-cut");
        document.add(Block::Proof(Proof::Cut));
    } else {
        document.add(Block::Cut);
    }
    document
}

/// How the letters are meant, and each code page's below them, column by column.
fn letters(document: &mut Document, paper: Paper<'_>, pages: &[u8]) {
    ask(document, paper, "paper-test-letters");
    document.add(Block::Proof(Proof::Drawn(format!("    {LETTERS}"))));
    for number in pages {
        document.add(Block::Proof(Proof::Page {
            number: *number,
            text: format!("{number:3} {LETTERS}"),
        }));
    }
}

fn ask(document: &mut Document, paper: Paper<'_>, key: &str) {
    document.add(Block::Rule);
    document.add(Block::Text(Paragraph {
        text: paper.words.say(key),
        align: Align::Left,
        ..Paragraph::default()
    }));
}

/// A code below what it is called.
fn code(document: &mut Document, which: Scanned, dots: u8, drawn_by: DrawnBy) {
    document.center(&which.label(), false);
    document.add(Block::Code {
        text: which.code(),
        size: CodeSize::Proof { dots, drawn_by },
    });
}
