//! What the kiosk's local socket understands: a command or a query, as any subcommand has them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::handle::Handle;
use crate::io::control::{ControlClient, ControlError, ControlServer};
use crate::terminal::{Answer, Command, Query, Reply};

/// A question to the running kiosk.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// To do something.
    Command(Command),
    /// To read something.
    Query(Query),
}

/// The running kiosk's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SocketAnswer {
    /// To a command.
    Reply(Reply),
    /// To a query.
    Answer(Answer),
    /// The kiosk is ending.
    Busy,
}

/// A connection to the running kiosk.
#[derive(Debug)]
pub struct SocketClient(ControlClient);

impl SocketClient {
    /// Reaches the kiosk on a data folder; `None` where none runs.
    pub fn connect(data: &Path) -> Result<Option<Self>, ControlError> {
        Ok(ControlClient::connect(data)?.map(Self))
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, ask: &Ask) -> Result<SocketAnswer, ControlError> {
        self.0.ask(ask)
    }
}

/// Serves the socket until the engine ends. A till whose socket cannot be made sells all the same.
pub(super) async fn serve(data: std::path::PathBuf, handle: Handle) {
    let server = match ControlServer::bind(&data) {
        Ok(server) => server,
        Err(error) => {
            tracing::error!(%error, "subcommands cannot reach this till");
            return;
        }
    };
    let answer = move |ask: Ask| {
        let handle = handle.clone();
        async move {
            match ask {
                Ask::Command(command) => handle
                    .command(command)
                    .await
                    .map_or(SocketAnswer::Busy, SocketAnswer::Reply),
                Ask::Query(query) => SocketAnswer::Answer(handle.query(query).await),
            }
        }
    };
    server.serve(answer, std::future::pending()).await;
}
