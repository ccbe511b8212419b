//! The Merchant API's XML, within bounds: no DTD, no namespaces, no depth that only an attack has.

use roxmltree::{Document, Node, ParsingOptions};

/// The most elements and texts of a document. A hundred transactions have about a tenth of it.
const NODES_MAX: u32 = 100_000;
/// The deepest element that is read; a transaction's innermost ones are at eight.
const DEPTH_MAX: usize = 32;
/// The most equals signs from one `<` to the next: the reader compares each attribute of an element
/// with all before it.
const EQUALS_MAX: usize = 500;

/// Reads a document whose root is `APIResponse`; `None` for anything else. The caller bounds its
/// length.
pub(super) fn parse(text: &str) -> Option<Document<'_>> {
    let text = text.trim();
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let few = |element: &str| element.matches('=').count() <= EQUALS_MAX;
    // The reader copies the namespaces of all outer elements; this API has none.
    if !bare.starts_with('<') || bare.contains("xmlns") || !bare.split('<').all(few) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(bare, options).ok()?;
    let is_deep = |node: Node<'_, '_>| node.ancestors().nth(DEPTH_MAX).is_some();
    let is_known = document.root_element().has_tag_name("APIResponse");
    (is_known && !document.descendants().any(is_deep)).then_some(document)
}

/// The first child element of a name.
pub(super) fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.has_tag_name(name))
}

/// The text of the first child element of a name; `None` where it is missing or empty.
pub(super) fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let text = child(node, name)?.text()?.trim();
    (!text.is_empty()).then_some(text)
}
