//! The page on which a payer pays, with a folded part for whoever tries out a till: to fail, to pay
//! less or twice, to let the link expire.

use super::{escape, frame};
use crate::domain::time::Timestamp;

/// What the page shows. Texts are escaped here.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Checkout<'a> {
    /// Who asks, or what for in a word.
    pub(in crate::sandbox) heading: &'a str,
    /// What is paid for.
    pub(in crate::sandbox) what: &'a str,
    /// Where its buttons lead, up to the word of the [`Act`]: `/pay/link/abc/`.
    pub(in crate::sandbox) to: &'a str,
    /// How much.
    pub(in crate::sandbox) asks: Asks<'a>,
    /// When the page ends.
    pub(in crate::sandbox) until: Option<Timestamp>,
    /// Whose page it is, in small letters.
    pub(in crate::sandbox) note: &'a str,
}

/// How much is paid.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) enum Asks<'a> {
    /// What the merchant says.
    Fixed {
        /// In words, as `3.50 EUR`.
        amount: &'a str,
        /// What [`Act::Less`] pays, in words; none where there is no less.
        less: Option<&'a str>,
    },
    /// What the payer types.
    Open {
        /// The currency's code.
        code: &'a str,
        /// A decimal that stands there already; may be empty.
        suggested: &'a str,
    },
}

/// What a payer does, by the word that ends the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Act {
    /// `pay`
    Pay,
    /// `fail`: the bank refuses.
    Fail,
    /// `less`: half of what is asked.
    Less,
    /// `twice`: the same again.
    Twice,
    /// `expire`: waits until the page is past its end.
    Expire,
}

impl Act {
    const ALL: [Self; 5] = [Self::Pay, Self::Fail, Self::Less, Self::Twice, Self::Expire];

    /// The act of a word.
    pub(in crate::sandbox) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Fail => "fail",
            Self::Less => "less",
            Self::Twice => "twice",
            Self::Expire => "expire",
        }
    }
}

impl Checkout<'_> {
    /// The page. One form, so that what is typed counts for every button.
    pub(in crate::sandbox) fn page(&self) -> String {
        let what = escape(self.what);
        let note = escape(self.note);
        let to = escape(self.to);
        let (ask, pay) = match self.asks {
            Asks::Fixed { amount, .. } => {
                let amount = escape(amount);
                let ask = format!("<p class=\"amount\">{amount}</p>");
                (ask, format!("Pay {amount}"))
            }
            Asks::Open { code, suggested } => (
                format!(
                    "<label>Amount in {}<input name=\"amount\" inputmode=\"decimal\" \
                     autocomplete=\"off\" pattern=\"[0-9]+([.][0-9]+)?\" required value=\"{}\">\
                     </label>",
                    escape(code),
                    escape(suggested)
                ),
                "Pay".to_owned(),
            ),
        };
        let until = self.until.map_or_else(String::new, |end| {
            format!("<p class=\"note\">Valid until {}</p>", minutes(end))
        });
        let others = [Act::Fail, Act::Less, Act::Twice, Act::Expire];
        let others: String = others.map(|act| self.button(act)).concat();
        let content = format!(
            "<h1>{}</h1><p class=\"what\">{what}</p>\
             <form method=\"post\" action=\"{to}pay\">{ask}<button>{pay}</button>{until}\
             <details><summary>Try something else</summary>{others}</details></form>\
             <p class=\"note\">{note}</p>",
            escape(self.heading),
        );
        frame("Pay", &content)
    }

    /// A button in the folded part; nothing where the act is not possible.
    fn button(&self, act: Act) -> String {
        let label = match (act, self.asks) {
            (Act::Less, Asks::Fixed { less, .. }) => less.map(|less| format!("Pay only {less}")),
            (Act::Pay, _) | (Act::Less, Asks::Open { .. }) => None,
            (Act::Fail, _) => Some("Be refused by the bank".to_owned()),
            (Act::Twice, _) => Some("Pay twice".to_owned()),
            (Act::Expire, _) => Some("Let it expire".to_owned()),
        };
        let Some(label) = label else {
            return String::new();
        };
        // Where nothing is paid, nothing has to be typed.
        let unchecked = match act {
            Act::Fail | Act::Expire => " formnovalidate",
            Act::Pay | Act::Less | Act::Twice => "",
        };
        format!(
            "<button class=\"other\" formaction=\"{}{}\"{unchecked}>{}</button>",
            escape(self.to),
            act.word(),
            escape(&label)
        )
    }
}

/// `2026-03-01 10:00 UTC`
fn minutes(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let minutes = time.get(..5).unwrap_or(time);
    format!("{day} {minutes} UTC")
}
