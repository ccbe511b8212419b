//! Product descriptions that shops export as HTML, as plain text.
//!
//! Not a parser of HTML: marks are dropped, blocks become lines, entities become characters, and
//! what is no mark (`5 < 6`) stays. Nothing of it is ever shown as HTML again.

/// The plain text of `html`; text without marks and entities comes back unchanged.
pub(super) fn to_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        rest = match mark.strip_prefix('<') {
            Some(_) => tag(mark, &mut out),
            None => entity(mark, &mut out),
        };
    }
    out.push_str(rest);
    out
}

/// Consumes a mark; a `<` that begins none is text.
fn tag<'a>(text: &'a str, out: &mut String) -> &'a str {
    let inner = text.strip_prefix('<').unwrap_or(text);
    if let Some(comment) = inner.strip_prefix("!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    let begins_mark =
        inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    let Some((mark, rest)) = inner.split_once('>').filter(|_| begins_mark) else {
        out.push('<');
        return inner;
    };
    let name: String = mark
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    match name.as_str() {
        // What stands inside of these is for machines.
        "script" | "style" if !mark.starts_with('/') => return after_closing(rest, &name),
        "li" if !mark.starts_with('/') => out.push_str("\n- "),
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol" => {
            out.push_str("\n\n");
        }
        "br" | "div" | "tr" | "section" | "hr" => out.push('\n'),
        "td" | "th" => out.push(' '),
        _ => {}
    }
    rest
}

fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    text.match_indices("</")
        .filter_map(|(at, _)| text.get(at.saturating_add(2)..))
        .find(|rest| {
            rest.get(..name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
        .and_then(|rest| rest.split_once('>'))
        .map_or("", |(_, rest)| rest)
}

/// Consumes an entity; a `&` that begins none is text.
fn entity<'a>(text: &'a str, out: &mut String) -> &'a str {
    let inner = text.strip_prefix('&').unwrap_or(text);
    let known = inner
        .split_once(';')
        .filter(|(name, _)| name.len() <= 10)
        .and_then(|(name, rest)| Some((character(name)?, rest)));
    if let Some((character, rest)) = known {
        out.push(character);
        return rest;
    }
    out.push('&');
    inner
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "lsquo" => '‘',
        "rsquo" => '’',
        "sbquo" => '‚',
        "ldquo" => '“',
        "rdquo" => '”',
        "bdquo" => '„',
        "laquo" => '«',
        "raquo" => '»',
        "euro" => '€',
        "pound" => '£',
        "yen" => '¥',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "deg" => '°',
        "times" => '×',
        "frac12" => '½',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "ecirc" => 'ê',
        "agrave" => 'à',
        "aacute" => 'á',
        "acirc" => 'â',
        "ccedil" => 'ç',
        "iacute" => 'í',
        "oacute" => 'ó',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::clean::plain_text;
    use super::*;

    #[test]
    fn marks_become_lines_and_entities_characters() {
        for (html, text) in [
            (
                "<p>Warm &amp; soft</p><p>100&nbsp;% wool</p>",
                "Warm & soft\n\n100 % wool",
            ),
            ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
            ("a<br/>b<BR>c", "a\nb\nc"),
            ("5 < 6 & 7 > 3 <3", "5 < 6 & 7 > 3 <3"),
            (
                "<style>p { x }</style>Shirt<script>let a = '<b>';</SCRIPT>!",
                "Shirt!",
            ),
            ("<!-- <b>no</b> -->yes", "yes"),
            (
                "Gr&ouml;&szlig;e &#8211; &#x2013; &bogus; &#xD800;",
                "Größe – – &bogus; &#xD800;",
            ),
            ("<a href=\"x\">link</a> <b>bold</b>", "link bold"),
            ("&lt;b&gt;", "<b>"),
            ("open <b", "open <b"),
        ] {
            assert_eq!(plain_text(&to_text(html), 500), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fall(text in "[<>&;/!a-d#x0-9é -]{0,60}") {
            drop(to_text(&text));
        }
    }
}
