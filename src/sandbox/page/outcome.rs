//! What becomes of a payer's deed, the same on every provider's page: where a request leads, what a
//! button means for the books, and what the payer is told.

use super::{Act, escape, frame, message, response};
use crate::proto::backend::Response;
use crate::sandbox::{Outgoing, Pay, PayError, Reply, Request};

/// How the till hears of a payment where the provider tells, or is asked.
pub(in crate::sandbox) const HEARD: &str = "The till hears of it by itself.";

/// What a request to a page wants.
pub(in crate::sandbox) enum Wanted {
    /// To see it.
    Show,
    /// To do something there.
    Do(Act),
    /// Nothing that a page has.
    Nothing(Response),
}

impl Wanted {
    /// `rest` is what follows the page's own address: nothing, or the word of an [`Act`].
    pub(in crate::sandbox) fn of(request: &Request, rest: &str) -> Self {
        match (request.method.as_str(), rest, Act::of(rest)) {
            ("GET", "", _) => Self::Show,
            ("POST", _, Some(act)) => Self::Do(act),
            (_, "", _) | (_, _, Some(_)) => Self::Nothing(wrong_method()),
            _ => Self::Nothing(refuse(404, "Not found", "There is no such page.")),
        }
    }
}

/// What a deed means for the books. `half` is what [`Act::Less`] pays, where there is less; `typed`
/// what the payer wrote, where they may.
pub(in crate::sandbox) fn how(
    act: Act,
    half: Option<i64>,
    typed: Result<Option<i64>, PayError>,
) -> Result<Pay, PayError> {
    match act {
        Act::Fail => Ok(Pay::Fail),
        Act::Less => half
            .map(|minor| Pay::Less { minor })
            .ok_or(PayError::Amount),
        // Whoever waits for the end pays nothing.
        Act::Expire => Err(PayError::Expired),
        Act::Pay | Act::Twice => Ok(typed?.map_or(Pay::Once, |minor| Pay::Typed { minor })),
    }
}

/// The amount in a form, `amount=3.50`; none in an empty one.
pub(in crate::sandbox) fn typed(
    form: &str,
    read: impl FnOnce(&str) -> Option<i64>,
) -> Result<Option<i64>, PayError> {
    let text = form.strip_prefix("amount=");
    text.map(|text| read(text).ok_or(PayError::Amount))
        .transpose()
}

/// Half of an amount; none where half is nothing.
pub(in crate::sandbox) fn half(minor: i64) -> Option<i64> {
    minor.checked_div(2).filter(|half| *half > 0)
}

/// Pays once, or twice, and says so. What was paid before something was refused stays paid, and is
/// told. `charge` gives back the amount in words; `news` is how the till hears of it.
pub(in crate::sandbox) fn paid(
    act: Act,
    news: &str,
    back: &str,
    mut charge: impl FnMut() -> Result<(String, Vec<Outgoing>), PayError>,
) -> Reply {
    let times = if act == Act::Twice { 2 } else { 1 };
    let mut notifications = Vec::new();
    let mut amount = String::new();
    for _ in 0..times {
        match charge() {
            Ok((words, told)) => {
                amount = words;
                notifications.extend(told);
            }
            Err(error) => return Reply::told(refused(error), notifications),
        }
    }
    let (title, class, sentence) = match act {
        Act::Fail => ("Not paid", "bad", format!("The bank refused. {news}")),
        Act::Twice => (
            "Thank you",
            "done",
            format!("{amount} paid, and once more. {news}"),
        ),
        Act::Pay | Act::Less | Act::Expire => {
            ("Thank you", "done", format!("{amount} paid. {news}"))
        }
    };
    Reply::told(
        response(200, outcome(title, class, &sentence, back)),
        notifications,
    )
}

/// What is said of a page that somebody let expire.
pub(in crate::sandbox) fn expired(done: Result<(), PayError>, back: &str) -> Response {
    match done {
        Ok(()) => {
            let sentence = "This payment page is past its end now.";
            response(200, outcome("Too late", "bad", sentence, back))
        }
        Err(error) => refused(error),
    }
}

/// A page that takes no payment, and why.
pub(in crate::sandbox) fn refused(error: PayError) -> Response {
    let (status, title) = match error {
        PayError::Unknown => (404, "Not found"),
        PayError::Gone => (410, "Switched off"),
        PayError::Expired => (410, "Too late"),
        PayError::Amount => (422, "Not paid"),
        PayError::Full => (409, "Not paid"),
    };
    refuse(status, title, &error.to_string())
}

/// A button's address was opened, or something else was done to a page.
pub(in crate::sandbox) fn wrong_method() -> Response {
    refuse(405, "Wrong method", "Open this address in a browser.")
}

fn refuse(status: u16, title: &str, sentence: &str) -> Response {
    response(status, message(title, "bad", sentence))
}

/// What a payer is told after a deed, with the way back.
fn outcome(title: &str, class: &str, sentence: &str, back: &str) -> String {
    let content = format!(
        "<p class=\"amount {class}\">{}</p><p class=\"what\">{}</p>\
         <p class=\"note\"><a href=\"{}\">Back to the payment page</a></p>",
        escape(title),
        escape(sentence),
        escape(back)
    );
    frame(title, &content)
}
