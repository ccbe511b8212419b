//! What comes in place of an answer, and what is left of one.

use tillcode::proto::backend::Response;
use tillcode::terminal::SendError;

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mangled {
    Not,
    Cut,
    NoText,
    Hidden,
}

pub(super) fn mangle(answer: Response, mangled: Mangled) -> Result<Response, SendError> {
    match mangled {
        Mangled::Not => Ok(answer),
        Mangled::Cut => {
            let half = answer.body.chars().count() / 2;
            let body = answer.body.chars().take(half.max(1)).collect();
            Ok(Response { body, ..answer })
        }
        Mangled::NoText => Err(SendError::Unreadable("not UTF-8".to_owned())),
        Mangled::Hidden => Ok(html(502)),
    }
}

pub(super) fn json(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
    }
}

pub(super) fn html(status: u16) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: "<!doctype html><title>Guest Wi-Fi</title><h1>Welcome</h1>".to_owned(),
    }
}
