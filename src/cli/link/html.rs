//! A code for an e-mail or an invoice: one piece of HTML without anything from outside.

use crate::domain::link::{Asking, Link};
use crate::domain::locale::Locale;
use crate::proto::qr::QrGrid;

/// The code, what it is for, how much, and its address as a link. Styles stand in the elements: mail
/// programs drop all others.
pub(super) fn page(link: &Link, url: &str, locale: Locale) -> anyhow::Result<String> {
    let grid = QrGrid::encode(url)?;
    let title = escape(&link.title);
    let amount = match link.asking {
        Asking::Fixed => escape(&link.amount.format(locale)),
        Asking::Open => String::new(),
    };
    let (url, word) = (escape(url), escape(&link.word));
    let code = super::super::qr::svg(&grid);
    let code = code.replacen(
        "<svg ",
        &format!("<svg role=\"img\" aria-label=\"{url}\" "),
        1,
    );
    Ok(format!(
        "<!DOCTYPE html>\n\
         <html>\n\
         <head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title></head>\n\
         <body style=\"margin:0;background:#fff;color:#000\">\n\
         <div style=\"max-width:20em;margin:1em auto;text-align:center;font-family:sans-serif\">\n\
         <p style=\"font-size:1.25em;margin:0\">{title}</p>\n\
         <p style=\"font-size:1.5em;font-weight:bold;margin:0\">{amount}</p>\n\
         <a href=\"{url}\">{code}</a>\
         <p style=\"margin:0;overflow-wrap:anywhere\"><a href=\"{url}\">{url}</a></p>\n\
         <p style=\"margin:0\">{word}</p>\n\
         </div>\n\
         </body>\n\
         </html>\n"
    ))
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_becomes_markup() {
        assert_eq!(
            escape("<b>\"Tom's\" & co</b>"),
            "&lt;b&gt;&quot;Tom&#39;s&quot; &amp; co&lt;/b&gt;"
        );
        assert_eq!(escape("Grüner Tee"), "Grüner Tee");
    }
}
