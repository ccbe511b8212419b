//! The subcommand's side: one question after the other, each waited for.

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ControlError, FILE_NAME, frame, frame_length};

/// How long an answer may take: a code that is made at a slow provider takes half a minute.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);

/// A connection to the running till.
#[derive(Debug)]
pub struct ControlClient {
    stream: UnixStream,
}

impl ControlClient {
    /// Connects to the till that runs on a data folder; `None` where none runs.
    pub fn connect(folder: &Path) -> Result<Option<Self>, ControlError> {
        let path = folder.join(FILE_NAME);
        let stream = match UnixStream::connect(&path) {
            Ok(stream) => stream,
            // A till that was killed leaves its socket, and nobody listens.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused
                ) =>
            {
                return Ok(None);
            }
            Err(source) => return Err(ControlError::Socket { path, source }),
        };
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
        Ok(Some(Self { stream }))
    }

    /// Asks and waits for the answer, at most two minutes.
    pub fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
    ) -> Result<A, ControlError> {
        self.stream.write_all(&frame(question)?)?;
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = frame_length(length)?;
        let mut body = Vec::new();
        // Grows as bytes come, not as the other side says.
        (&self.stream).take(length).read_to_end(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }
}
