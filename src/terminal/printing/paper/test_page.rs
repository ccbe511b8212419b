//! A page that shows what a printer can do.

use super::Paper;
use crate::domain::document::{Align, Block, CodeSize, Document, Paragraph};
use crate::domain::time::Timestamp;
use crate::proto::print::Profile;

/// Letters of the languages that the till speaks, and what prices need.
const LETTERS: &str = "äöüß éèêç ñ¿¡ łąęśż øæå ğış Ωλ ЖщЇ € £";
/// What the code of the page says.
const CODE: &str = "https://example.com/tillcode/test-page";

/// The page, with the printer's name and the settings that it goes by.
pub(in crate::terminal) fn test_page(
    paper: Paper<'_>,
    name: &str,
    profile: &Profile,
    at: Timestamp,
) -> Document {
    let words = paper.words;
    let mut document = Document::default();
    document.center(name, true);
    document.center(&profile.title, false);
    document.center(&paper.date(at), false);
    document.add(Block::Rule);
    // The alphabet once across the paper: what is wrapped or cut off shows a wrong width.
    let columns = profile.columns();
    let width: String = ('A'..='Z').cycle().take(columns).collect();
    let values = words.with("paper-test-width", "count", &columns.to_string());
    for text in [
        values,
        width,
        words.say("paper-test-letters"),
        LETTERS.to_owned(),
    ] {
        document.add(Block::Text(Paragraph {
            text,
            align: Align::Left,
            ..Paragraph::default()
        }));
    }
    document.add(Block::Row {
        left: words.say("paper-total"),
        right: "12.50".to_owned(),
        is_bold: true,
    });
    document.center(&words.say("paper-test-code"), false);
    document.add(Block::Code {
        text: CODE.to_owned(),
        size: CodeSize::Hand,
    });
    document.add(Block::Cut);
    document
}
