//! What the sandbox answers, and what is to become of it on its way.

use super::{Outgoing, Reply};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;

/// The answer to a request, what else it set off, and how it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// For whoever asked; its `date` header is the sandbox's own clock.
    pub response: Response,
    /// Bytes that go out in place of the response's text: a picture.
    pub file: Option<Vec<u8>>,
    /// For the merchant.
    pub notifications: Vec<Outgoing>,
    /// How the response gets there, or does not.
    pub delivery: Delivery,
}

/// How an answer gets to whoever asked. What was asked for is done in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// At once and whole.
    Send,
    /// Late.
    After {
        /// By so many milliseconds.
        millis: u32,
    },
    /// The connection ends within the answer.
    Cut {
        /// After so many of its bytes, counted from the status line; with zero there is none.
        bytes: u32,
    },
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self {
            response: reply.response,
            file: reply.file,
            notifications: reply.notifications,
            delivery: Delivery::Send,
        }
    }
}

impl Answer {
    /// Puts the time into the `date` header; nothing where the year has more than four digits.
    pub(super) fn date(&mut self, at: Timestamp) {
        if let Some(text) = http_date(at) {
            self.response.headers.push(("date".to_owned(), text));
        }
    }

    pub(super) fn date_unless_dated(&mut self, at: Timestamp) {
        if self.response.header("date").is_none() {
            self.date(at);
        }
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
fn http_date(at: Timestamp) -> Option<String> {
    let date = chrono::DateTime::from_timestamp_millis(at.millis())?;
    let text = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    // A year of five digits carries a sign.
    (text.len() == "Sun, 06 Nov 1994 08:49:37 GMT".len()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_form_or_none() {
        let rows = [
            (784_111_777_000, Some("Sun, 06 Nov 1994 08:49:37 GMT")),
            (-1, Some("Wed, 31 Dec 1969 23:59:59 GMT")),
            (253_402_300_799_000, Some("Fri, 31 Dec 9999 23:59:59 GMT")),
            (253_402_300_800_000, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ];
        for (millis, text) in rows {
            let found = http_date(Timestamp::from_millis(millis));
            assert_eq!(found.as_deref(), text, "{millis}");
        }
    }
}
