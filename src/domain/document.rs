//! What is printed, before anything is known of the printer: blocks from top to bottom.

use super::bitmap::Bitmap;

/// Blocks of a document.
pub const BLOCKS_MAX: usize = 1_000;
/// Characters of one text.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// Receipt, sticker or test page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    blocks: Vec<Block>,
}

/// A part of a document, as wide as the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Text that is wrapped between words.
    Text(Paragraph),
    /// A text on the left and one on the right of the same line: a name and its price.
    Row {
        /// Wrapped where it is too long.
        left: String,
        /// Never cut.
        right: String,
        /// Whether it stands out.
        is_bold: bool,
    },
    /// A line across the paper.
    Rule,
    /// A text as a code to scan.
    Code {
        /// What the code says.
        text: String,
        /// How large it is wanted.
        size: CodeSize,
    },
    /// A picture, in the dots of the printer; centered.
    Picture(Bitmap),
    /// Empty lines.
    Feed(u8),
    /// The end of a sheet.
    Cut,
    /// Opens the cash drawer.
    Drawer,
    /// A sound.
    Buzzer,
}

/// A text with its looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// A line break begins a line.
    pub text: String,
    /// Where its lines stand.
    pub align: Align,
    /// Whether twice as wide and as high.
    pub is_large: bool,
    /// Whether it stands out.
    pub is_bold: bool,
}

/// Where lines stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// How large a code is wanted. It is made smaller where it does not fit, down to what still scans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeSize {
    /// For a hand's distance: modules of at most 0.8 mm.
    #[default]
    Hand,
    /// As large as the paper allows: scans from further away.
    Full,
}

impl Document {
    /// Adds a block; nothing beyond [`BLOCKS_MAX`].
    pub fn add(&mut self, block: Block) -> &mut Self {
        if self.blocks.len() < BLOCKS_MAX {
            self.blocks.push(block);
        }
        self
    }

    /// A line in the middle, large or not.
    pub fn center(&mut self, text: &str, is_large: bool) -> &mut Self {
        self.add(Block::Text(Paragraph {
            text: text.to_owned(),
            align: Align::Center,
            is_large,
            is_bold: false,
        }))
    }

    /// From top to bottom.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }
}
