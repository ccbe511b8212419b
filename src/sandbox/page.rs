//! Pages for a payer's phone. Everything that a merchant wrote is escaped.

use crate::proto::backend::Response;

mod checkout;
mod outcome;
mod picture;

pub(super) use checkout::{Act, Asks, Checkout};
pub(super) use outcome::{HEARD, Wanted, expired, half, how, paid, refused, typed, wrong_method};
pub(super) use picture::png;

const STYLE: &str = "\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;\
font:17px/1.45 system-ui,sans-serif;background:#f3f4f6;color:#111827}\
.test{width:100%;padding:10px;text-align:center;background:#fde68a;color:#78350f;font-weight:600}\
main{width:calc(100% - 32px);max-width:26rem;margin:5vh 0;padding:28px 24px;background:#fff;\
border-radius:16px;box-shadow:0 8px 30px #0000001a;text-align:center}\
h1{margin:0 0 4px;font-size:1rem;font-weight:600;color:#4b5563}\
.what{margin:0 0 20px;font-size:1.15rem;overflow-wrap:anywhere}\
.amount{margin:0 0 24px;font-size:2.6rem;line-height:1.2;font-weight:700;\
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\
button{width:100%;min-height:56px;border:0;border-radius:12px;background:#047857;color:#fff;\
font:inherit;font-size:1.2rem;font-weight:600}\
label{display:block;color:#4b5563}\
input{width:100%;min-height:52px;margin:6px 0 16px;border:1px solid #6b7280;border-radius:12px;\
font:inherit;font-size:1.4rem;text-align:center;color:#111827}\
details{margin-top:20px;border-top:1px solid #e5e7eb;padding-top:6px}\
summary{padding:12px 0;color:#4b5563;font-size:.95rem}\
.other{min-height:48px;margin-top:8px;background:#fff;color:#1f2937;border:1px solid #9ca3af;\
font-size:1rem;font-weight:500}\
.note{margin:16px 0 0;font-size:.9rem;color:#4b5563;overflow-wrap:anywhere}\
a{display:inline-block;padding:8px;color:#047857}\
.done{color:#047857}.bad{color:#b91c1c}\
.done,.bad{margin-bottom:12px;font-size:2rem}\
.done::before,.bad::before{display:block;width:72px;height:72px;margin:4px auto 16px;\
border-radius:50%;color:#fff;font-size:2.4rem;line-height:72px}\
.done::before{content:'\\2713';background:#047857}\
.bad::before{content:'!';background:#b91c1c}";

/// An HTML answer.
pub(super) fn response(status: u16, body: String) -> Response {
    Response {
        status,
        headers: vec![
            (
                "content-type".to_owned(),
                "text/html; charset=utf-8".to_owned(),
            ),
            ("cache-control".to_owned(), "no-store".to_owned()),
        ],
        body,
    }
}

/// A page around `content`, which is HTML; `title` is text.
pub(super) fn frame(title: &str, content: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head><body>\
         <div class=\"test\">SANDBOX \u{2013} no real money</div>\
         <main>{content}</main></body></html>"
    )
}

/// A page with a heading and a sentence.
pub(super) fn message(title: &str, class: &str, sentence: &str) -> String {
    let heading = escape(title);
    let sentence = escape(sentence);
    let content =
        format!("<p class=\"amount {class}\">{heading}</p><p class=\"what\">{sentence}</p>");
    frame(title, &content)
}

/// What a hotel's network answers until somebody accepted its terms.
pub(super) fn portal() -> String {
    "<!doctype html><title>Guest Wi-Fi</title><h1>Welcome! Please accept our terms.</h1>".to_owned()
}

/// Text as HTML, also within a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
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
