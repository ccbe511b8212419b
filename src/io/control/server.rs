//! The till's side: a few connections at a time, one question of each at a time.

use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{ControlError, FILE_NAME, frame, frame_length};

/// Connections at the same time; one more waits.
const CONNECTIONS_MAX: usize = 16;
/// How long a connection may be silent, and how long a frame may take.
const SILENCE: Duration = Duration::from_secs(30);
/// How long to wait where the system has no more file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

/// The socket, listening.
#[derive(Debug)]
pub struct ControlServer {
    listener: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl ControlServer {
    /// Listens in a data folder. The caller holds the folder's lock, so a socket that is there
    /// belongs to a till that is gone. Must be called within the runtime.
    pub fn bind(folder: &Path) -> Result<Self, ControlError> {
        let path = folder.join(FILE_NAME);
        let failed = |source| ControlError::Socket {
            path: path.clone(),
            source,
        };
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(failed(source)),
        }
        let listener = UnixListener::bind(&path).map_err(failed)?;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, private).map_err(failed)?;
        let owner = std::fs::metadata(&path).map_err(failed)?.uid();
        Ok(Self {
            listener,
            path,
            owner,
        })
    }

    /// Answers until `stopped`; then every connection ends, and the socket is removed.
    pub async fn serve<Q, A, H, F>(self, answer: H, stopped: impl Future<Output = ()>)
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize + Send + 'static,
        H: Fn(Q) -> F + Clone + Send + 'static,
        F: Future<Output = A> + Send + 'static,
    {
        let mut stopped = std::pin::pin!(stopped);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stopped => return,
                accepted = self.listener.accept(), if connections.len() < CONNECTIONS_MAX => {
                    if let Some(stream) = self.welcome(accepted).await {
                        connections.spawn(converse(stream, answer.clone()));
                    }
                }
                Some(ended) = connections.join_next() => note_end(ended),
            }
        }
    }

    async fn welcome(
        &self,
        accepted: std::io::Result<(UnixStream, SocketAddr)>,
    ) -> Option<UnixStream> {
        match accepted {
            Ok((stream, _address)) if self.is_ours(&stream) => return Some(stream),
            Ok(_stranger) => tracing::warn!("another user tried to use the till's socket"),
            Err(error) => {
                tracing::warn!(%error, "the till's socket takes no connections");
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
        None
    }

    /// Between its making and its rights the socket was open for a moment; the user is asked too.
    fn is_ours(&self, stream: &UnixStream) -> bool {
        stream
            .peer_cred()
            .is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == 0)
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        // A socket that stays does no harm: nobody listens, and the next till removes it.
        drop(std::fs::remove_file(&self.path));
    }
}

async fn converse<Q, A, H, F>(mut stream: UnixStream, answer: H) -> Result<(), ControlError>
where
    Q: DeserializeOwned,
    A: Serialize,
    H: Fn(Q) -> F,
    F: Future<Output = A>,
{
    loop {
        let question = match timeout(SILENCE, receive(&mut stream)).await {
            Ok(Ok(Some(body))) => serde_json::from_slice(&body)?,
            Ok(Ok(None)) | Err(_) => return Ok(()),
            Ok(Err(error)) => return Err(error),
        };
        let reply = frame(&answer(question).await)?;
        match timeout(SILENCE, stream.write_all(&reply)).await {
            Ok(written) => written?,
            Err(_slow) => return Ok(()),
        }
    }
}

/// The next frame's body; `None` where the other side has ended.
async fn receive(stream: &mut UnixStream) -> Result<Option<Vec<u8>>, ControlError> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length).await {
        Ok(_four) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let length = frame_length(length)?;
    let mut body = Vec::new();
    // Grows as bytes come, not as the other side says.
    stream.take(length).read_to_end(&mut body).await?;
    Ok(Some(body))
}

fn note_end(ended: Result<Result<(), ControlError>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a connection to the till's socket failed"),
        Err(error) => tracing::error!(%error, "a connection ended by a defect"),
    }
}
