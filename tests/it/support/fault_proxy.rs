//! A proxy that harms connections, each by a fault that is drawn from a seed, and keeps a record.
//!
//! One request per connection. What harm a connection comes to depends on the seed and on its number
//! only, never on timing.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tillcode::domain::id::Entropy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

/// How long a connection is held open for a client that never gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two bytes of a dripping answer.
const DRIP: Duration = Duration::from_millis(10);
/// The largest request and answer, in bytes.
const BYTES_MAX: usize = 1024 * 1024;

const PORTAL: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\
                      content-length: 30\r\n\r\n<html>Accept our terms!</html>";
const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n\
                    retry-after: 2\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";

/// What happens to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Harm {
    /// Nothing.
    None,
    /// Reset before a byte is read.
    Refuse,
    /// Read, reset, never forwarded.
    Reset,
    /// Read, never forwarded, never answered.
    Hang,
    /// Forwarded; reset within the answer.
    Cut,
    /// Forwarded; closed without an answer.
    Lost,
    /// Forwarded; the answer is held back until the client is gone.
    Late,
    /// Forwarded; the answer comes byte by byte, slower than any client waits.
    Drip,
    /// Forwarded twice, one after the other; the second answer is handed over.
    Replay,
    /// Never forwarded; a login page of a network answers, with 200.
    Portal,
    /// Never forwarded; 429 with `Retry-After: 2`.
    Busy,
}

impl Harm {
    /// All but none.
    pub(crate) const ALL: [Self; 10] = [
        Self::Refuse,
        Self::Reset,
        Self::Hang,
        Self::Cut,
        Self::Lost,
        Self::Late,
        Self::Drip,
        Self::Replay,
        Self::Portal,
        Self::Busy,
    ];

    /// That of a connection: for every second one, none.
    fn draw(entropy: &mut Entropy) -> Self {
        let harmed = entropy.below(2) == 1;
        let which = usize::try_from(entropy.below(10)).unwrap();
        if harmed { Self::ALL[which] } else { Self::None }
    }
}

/// What became of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Met {
    /// What was drawn.
    pub(crate) harm: Harm,
    /// How often the request reached the server.
    pub(crate) forwarded: usize,
}

/// The proxy, listening on an address of its own.
pub(crate) struct FaultProxy {
    /// Scheme, host and port.
    pub(crate) url: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    record: Arc<Mutex<Vec<Met>>>,
}

impl FaultProxy {
    /// Stands between its own address and `target`.
    pub(crate) async fn start(target: SocketAddr, seed: u8) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let record = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel();
        let kept = Arc::clone(&record);
        let running = tokio::spawn(async move {
            tokio::pin!(stopped);
            let mut entropy = Entropy::new([seed; 32]);
            let mut open = JoinSet::new();
            loop {
                let stream = tokio::select! {
                    _ = &mut stopped => break,
                    accepted = listener.accept() => accepted.unwrap().0,
                };
                let harm = Harm::draw(&mut entropy);
                let at = entropy.below(1_000);
                let number = {
                    let mut record = kept.lock().unwrap();
                    record.push(Met { harm, forwarded: 0 });
                    record.len() - 1
                };
                let server = Server {
                    target,
                    record: Arc::clone(&kept),
                    number,
                };
                open.spawn(async move {
                    // The client may be gone at any time.
                    drop(serve(stream, harm, at, &server).await);
                });
            }
            drop(listener);
            while let Some(done) = open.join_next().await {
                done.unwrap();
            }
        });
        Self {
            url,
            stop,
            running,
            record,
        }
    }

    /// Takes no more connections, waits for the end of all, and tells what became of each, in the
    /// order in which they came.
    pub(crate) async fn finish(self) -> Vec<Met> {
        drop(self.stop);
        self.running.await.unwrap();
        self.record.lock().unwrap().clone()
    }
}

/// Where requests are forwarded to, on behalf of one connection.
struct Server {
    target: SocketAddr,
    record: Arc<Mutex<Vec<Met>>>,
    number: usize,
}

impl Server {
    /// The whole answer.
    async fn ask(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.target).await?;
        stream.write_all(request).await?;
        self.record.lock().unwrap()[self.number].forwarded += 1;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

async fn serve(mut client: TcpStream, harm: Harm, at: u64, server: &Server) -> std::io::Result<()> {
    if harm == Harm::Refuse {
        return reset(client);
    }
    let request = read_request(&mut client).await?;
    match harm {
        Harm::None | Harm::Refuse => {
            let answer = server.ask(&request).await?;
            client.write_all(&answer).await?;
        }
        Harm::Reset => return reset(client),
        Harm::Hang => until_gone(&mut client).await,
        Harm::Cut => {
            let answer = server.ask(&request).await?;
            // At least one byte comes, and at least one does not.
            let room = u64::try_from(answer.len()).unwrap().saturating_sub(1);
            let length = usize::try_from(1 + at % room.max(1)).unwrap();
            client.write_all(&answer[..length]).await?;
            return reset(client);
        }
        Harm::Lost => drop(server.ask(&request).await?),
        Harm::Late => {
            let answer = server.ask(&request).await?;
            until_gone(&mut client).await;
            client.write_all(&answer).await?;
        }
        Harm::Drip => {
            client.set_nodelay(true)?;
            let mut drops = tokio::time::interval(DRIP);
            for byte in server.ask(&request).await? {
                drops.tick().await;
                client.write_all(&[byte]).await?;
            }
        }
        Harm::Replay => {
            server.ask(&request).await?;
            let answer = server.ask(&request).await?;
            client.write_all(&answer).await?;
        }
        Harm::Portal => client.write_all(PORTAL.as_bytes()).await?,
        Harm::Busy => client.write_all(BUSY.as_bytes()).await?,
    }
    client.shutdown().await
}

/// Ends a connection as a machine does that knows nothing of it.
fn reset(client: TcpStream) -> std::io::Result<()> {
    client.set_zero_linger()?;
    drop(client);
    Ok(())
}

/// Holds a connection for as long as the client does.
async fn until_gone(client: &mut TcpStream) {
    let gone = async { while matches!(client.read(&mut [0; 64]).await, Ok(1..)) {} };
    drop(tokio::time::timeout(PATIENCE, gone).await);
}

/// Head and body, made to be the only request of its connection.
async fn read_request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (line, head) = loop {
        let found = |mark: &[u8]| bytes.windows(mark.len()).position(|found| found == mark);
        if let (Some(line), Some(head)) = (found(b"\r\n"), found(b"\r\n\r\n")) {
            break (line + 2, head + 4);
        }
        more(client, &mut bytes).await?;
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text
        .split_once("\r\ncontent-length:")
        .and_then(|(_, rest)| rest.split_once("\r\n"))
        .map_or(0, |(digits, _)| digits.trim().parse().unwrap());
    while bytes.len() < head + length {
        more(client, &mut bytes).await?;
    }
    bytes.splice(line..line, *b"connection: close\r\n");
    Ok(bytes)
}

async fn more(client: &mut TcpStream, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let ended = client.read_buf(bytes).await? == 0;
    if ended || bytes.len() > BYTES_MAX {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}
