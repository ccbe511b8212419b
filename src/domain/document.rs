//! What is printed, before anything is known of the printer: blocks from top to bottom.

use serde::{Deserialize, Serialize};

use super::bitmap::Bitmap;

/// Blocks of a document.
pub const BLOCKS_MAX: usize = 1_000;
/// Characters of one text.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Dots of all pictures of a document together.
pub const DOTS_MAX: usize = 16_000_000;

/// Receipt, sticker or test page. Kept as the list of its blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Block>", try_from = "Vec<Block>")]
pub struct Document {
    blocks: Vec<Block>,
}

/// Why a list of blocks is no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// More than paper is for.
    #[error("a document has at most {BLOCKS_MAX} blocks, this one has {0}")]
    Blocks(usize),
    /// A text that is no line of a receipt.
    #[error(
        "a text in a document has at most {TEXT_CHARS_MAX} characters, the one in block {0} has more"
    )]
    Text(usize),
    /// Pictures that no printer would take.
    #[error("the pictures of a document have at most {DOTS_MAX} dots: make them smaller")]
    Dots,
}

/// A part of a document, as wide as the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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
        #[serde(default, rename = "bold")]
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
    /// Something that shows what a printer does by itself.
    Proof(Proof),
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// A line break begins a line.
    pub text: String,
    /// Where its lines stand.
    #[serde(default)]
    pub align: Align,
    /// Whether twice as wide and as high.
    #[serde(default, rename = "large")]
    pub is_large: bool,
    /// Whether it stands out.
    #[serde(default, rename = "bold")]
    pub is_bold: bool,
}

/// Where lines stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeSize {
    /// For a hand's distance: modules of at most 0.8 mm.
    #[default]
    Hand,
    /// As large as the paper allows: scans from further away.
    Full,
    /// For a test page: just so, whatever is known of the printer.
    Proof {
        /// Dots of a module.
        dots: u8,
        /// Who draws it.
        drawn_by: DrawnBy,
    },
}

/// Who makes a code's dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawnBy {
    /// The printer, which is told the text.
    Printer,
    /// The till, which sends a picture.
    Till,
}

/// What a test page shows, whatever is known of the printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Proof {
    /// A row of so many characters that only the printer breaks. It begins with their number.
    Columns(u8),
    /// A row in one code page, by its number; blank where the page has not the character.
    Page {
        /// By which the printer chooses it.
        number: u8,
        /// What is to be seen.
        text: String,
    },
    /// A row as dots: how its letters are meant.
    Drawn(String),
    /// The end of a sheet, cut off also where no cutter is known.
    Cut,
}

impl Proof {
    const fn text(&self) -> Option<&String> {
        match self {
            Self::Page { text, .. } | Self::Drawn(text) => Some(text),
            Self::Columns(_) | Self::Cut => None,
        }
    }

    const fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Page { text, .. } | Self::Drawn(text) => Some(text),
            Self::Columns(_) | Self::Cut => None,
        }
    }
}

impl Document {
    /// Adds a block; none beyond [`BLOCKS_MAX`], and no picture beyond [`DOTS_MAX`] or larger than
    /// pictures are. Texts end at [`TEXT_CHARS_MAX`].
    pub fn add(&mut self, block: Block) -> &mut Self {
        let block = block.bounded();
        let dots = self.dots().saturating_add(block.dots());
        if self.blocks.len() < BLOCKS_MAX && dots <= DOTS_MAX && block.is_storable() {
            self.blocks.push(block);
        }
        self
    }

    fn dots(&self) -> usize {
        let dots = self.blocks.iter().map(Block::dots);
        dots.fold(0, usize::saturating_add)
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

impl From<Document> for Vec<Block> {
    fn from(document: Document) -> Self {
        document.blocks
    }
}

impl TryFrom<Vec<Block>> for Document {
    type Error = DocumentError;

    fn try_from(blocks: Vec<Block>) -> Result<Self, DocumentError> {
        if blocks.len() > BLOCKS_MAX {
            return Err(DocumentError::Blocks(blocks.len()));
        }
        let is_long = |block: &Block| block.texts().into_iter().any(is_too_long);
        if let Some(place) = blocks.iter().position(is_long) {
            return Err(DocumentError::Text(place.saturating_add(1)));
        }
        let document = Self { blocks };
        if document.dots() > DOTS_MAX {
            return Err(DocumentError::Dots);
        }
        Ok(document)
    }
}

impl Block {
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(paragraph) => vec![&paragraph.text],
            Self::Row { left, right, .. } => vec![left, right],
            Self::Code { text, .. } => vec![text],
            Self::Proof(proof) => proof.text().map(String::as_str).into_iter().collect(),
            Self::Rule
            | Self::Picture(_)
            | Self::Feed(_)
            | Self::Cut
            | Self::Drawer
            | Self::Buzzer => Vec::new(),
        }
    }

    fn bounded(mut self) -> Self {
        match &mut self {
            Self::Text(paragraph) => bound(&mut paragraph.text),
            Self::Row { left, right, .. } => {
                bound(left);
                bound(right);
            }
            Self::Code { text, .. } => bound(text),
            Self::Proof(proof) => {
                if let Some(text) = proof.text_mut() {
                    bound(text);
                }
            }
            Self::Rule
            | Self::Picture(_)
            | Self::Feed(_)
            | Self::Cut
            | Self::Drawer
            | Self::Buzzer => {}
        }
        self
    }

    fn picture(&self) -> Option<&Bitmap> {
        if let Self::Picture(picture) = self {
            Some(picture)
        } else {
            None
        }
    }

    fn dots(&self) -> usize {
        let dots = |picture: &Bitmap| picture.width().saturating_mul(picture.height());
        self.picture().map_or(0, dots)
    }

    fn is_storable(&self) -> bool {
        self.picture().is_none_or(Bitmap::is_storable)
    }
}

fn is_too_long(text: &str) -> bool {
    text.chars().nth(TEXT_CHARS_MAX).is_some()
}

fn bound(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests;
