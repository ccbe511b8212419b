//! A label as all encoders are told it, and ours.

use serde::Serialize;
use tillcode::domain::document::{Align, Block, CodeSize, Document, Paragraph};
use tillcode::proto::print::{Job, Profile, Profiles, encode};

/// Lines, the code of a link, lines, and the end of the sheet; everything in the middle.
#[derive(Clone, Debug, Serialize)]
pub struct Label {
    pub printer: Printer,
    pub above: Vec<Line>,
    pub link: String,
    /// Dots of a module. Ours is told no size: that it comes to the same one is compared.
    pub module: u8,
    /// Lines left white above the code and below it, without which it is often not read. Ours leaves them
    /// by itself.
    pub white: u8,
    pub below: Vec<Line>,
    /// Whether the code is sent as dots. Ours does so where the profile has no code of its own.
    pub picture: bool,
}

/// One printer by the names that each has for it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Printer {
    pub ours: &'static str,
    /// The renderer has the same.
    pub python: &'static str,
    pub npm: &'static str,
    pub columns: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub text: String,
    pub large: bool,
    pub bold: bool,
    /// What the others are told to write from here on; ours chooses by itself. None: as before.
    pub page: Option<&'static str>,
}

pub const T88: Printer = Printer {
    ours: "epson-tm-t88",
    python: "TM-T88V",
    npm: "epson-tm-t88v",
    columns: 42,
};
pub const T20: Printer = Printer {
    ours: "epson-tm-t20",
    python: "TM-T20II",
    npm: "epson-tm-t20ii",
    columns: 48,
};
/// The same head, to those who do not trust it to draw codes.
pub const HEAD_180: Printer = Printer {
    ours: "head-180",
    ..T88
};
pub const GENERIC_80: Printer = Printer {
    ours: "generic-80",
    ..T20
};

/// 49 bytes.
pub const LINK: &str = "https://pay.example.com/l/7Kq2XmB9aZ?a=2450&c=EUR";

pub fn line(text: &str) -> Line {
    Line {
        text: text.to_owned(),
        large: false,
        bold: false,
        page: None,
    }
}

/// The label that everything is measured with: four lines and the code of a link of 49 bytes.
pub fn reference(printer: Printer, module: u8) -> Label {
    Label {
        printer,
        above: vec![
            Line {
                large: true,
                ..line("Cafe Rosa")
            },
            line("Table 12 - lunch menu"),
            line("EUR 24.50"),
        ],
        link: LINK.to_owned(),
        module,
        white: 1,
        below: vec![line("Ref A7K2QX, 20.11.2026")],
        picture: false,
    }
}

/// A sticker of a product, each with a title, a price and a link of its own.
pub fn sticker(printer: Printer, module: u8, number: usize) -> Label {
    let titles = ["Espresso", "Käse", "Smoked almonds", "Mug", "Brötchen"];
    let title = format!("{} {number}", titles[number % titles.len()]);
    let price = format!("EUR {}.{:02}", number / 100, number % 100);
    let large = |text: &str| Line {
        large: true,
        ..line(text)
    };
    Label {
        above: vec![
            Line {
                page: Some("cp437"),
                ..large(&title)
            },
            large(&price),
        ],
        link: format!("https://pay.example.com/l/{number:010}?a=2450&c=EUR"),
        below: vec![
            line("Scan to pay at pay.example.com"),
            line(&format!("Corner - {number:04}")),
        ],
        ..reference(printer, module)
    }
}

impl Printer {
    pub fn profile(self) -> Profile {
        Profiles::built_in()
            .unwrap()
            .get(self.ours)
            .unwrap()
            .clone()
    }
}

impl Label {
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        for line in &self.above {
            document.add(line.block());
        }
        document.add(Block::Code {
            text: self.link.clone(),
            size: CodeSize::Hand,
        });
        for line in &self.below {
            document.add(line.block());
        }
        document.add(Block::Cut);
        document
    }

    pub fn ours(&self) -> Job {
        encode(&self.document(), &self.printer.profile(), None, 1).unwrap()
    }
}

impl Line {
    fn block(&self) -> Block {
        Block::Text(Paragraph {
            text: self.text.clone(),
            align: Align::Center,
            is_large: self.large,
            is_bold: self.bold,
        })
    }
}
