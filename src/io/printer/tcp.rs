//! A printer on the network.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::Duration;

use crate::io::clock::instant;

use super::line::gone;
use super::transport::{CONNECT_WAIT, Port, PortError, Transport, WRITE_WAIT};

/// The most that is handed over at once, in bytes.
const CHUNK_BYTES_MAX: usize = 4_096;
/// How long a printer may go on talking once it has everything.
const HEAR_OUT: Duration = Duration::from_millis(500);
/// The shortest wait: a socket takes 0 for "as long as it takes".
const WAIT_MIN: Duration = Duration::from_millis(1);
/// How many addresses of one name are tried.
const ADDRESSES_MAX: usize = 8;

/// How a connection fails where there is no printer.
const NOBODY: [ErrorKind; 5] = [
    ErrorKind::TimedOut,
    ErrorKind::ConnectionRefused,
    ErrorKind::HostUnreachable,
    ErrorKind::NetworkUnreachable,
    ErrorKind::NotFound,
];
/// How a deadline that passed looks.
const NOTHING: [ErrorKind; 3] = [
    ErrorKind::WouldBlock,
    ErrorKind::TimedOut,
    ErrorKind::Interrupted,
];
/// How a connection that was lost looks.
const GONE: [ErrorKind; 3] = [
    ErrorKind::ConnectionReset,
    ErrorKind::ConnectionAborted,
    ErrorKind::NotConnected,
];

/// A connection to a printer.
#[derive(Debug)]
pub(super) struct Tcp(Option<TcpStream>);

impl Tcp {
    pub(super) fn open(host: &str, port: u16) -> Result<Self, PortError> {
        let place = || Port::Tcp(host.to_owned(), port).to_string();
        let stream = connect(host, port).map_err(|source| {
            if NOBODY.contains(&source.kind()) {
                PortError::NoAnswer { place: place() }
            } else {
                PortError::Other {
                    place: place(),
                    source,
                }
            }
        })?;
        Ok(Self(Some(stream)))
    }
}

/// Connects to the first address that takes it, all of them within the deadline.
fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let start = instant();
    let mut why = ErrorKind::NotFound.into();
    for address in addresses(host, port)?.iter().take(ADDRESSES_MAX) {
        let left = CONNECT_WAIT.saturating_sub(start.elapsed());
        match TcpStream::connect_timeout(address, left.max(WAIT_MIN)) {
            Ok(stream) => {
                stream.set_write_timeout(Some(WRITE_WAIT))?;
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// The addresses of a name. The system asks for them as long as it likes, so it does that elsewhere.
fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (sender, answer) = mpsc::sync_channel(1);
    let name = host.to_owned();
    std::thread::Builder::new()
        .name("printer's name".to_owned())
        .spawn(move || {
            let found = (name.as_str(), port).to_socket_addrs();
            // Whoever asked may have stopped waiting.
            drop(sender.send(found.map(Iterator::collect)));
        })?;
    match answer.recv_timeout(CONNECT_WAIT) {
        // A name that nobody knows has no error kind of its own.
        Ok(found) => found.map_err(|_unknown| ErrorKind::NotFound.into()),
        Err(_late) => Err(ErrorKind::TimedOut.into()),
    }
}

impl Transport for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let chunk = bytes.get(..CHUNK_BYTES_MAX).unwrap_or(bytes);
        let stream = self.0.as_mut().ok_or_else(gone)?;
        stream.write(chunk).or_else(nothing_or_gone)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let stream = self.0.as_mut().ok_or_else(gone)?;
        stream.set_read_timeout(Some(wait.max(WAIT_MIN)))?;
        match stream.read(buffer) {
            Ok(0) if !buffer.is_empty() => Err(gone()),
            said => said.or_else(nothing_or_gone),
        }
    }

    /// The system goes on sending what it has, also after this program has ended. What the printer said is
    /// read before: a connection that is closed with something unread is broken off, and what is on its way
    /// to the printer is thrown away.
    fn finish(&mut self, wait: Duration) {
        let Some(stream) = &self.0 else { return };
        if let Err(error) = stream.shutdown(Shutdown::Write) {
            tracing::debug!(%error, "a printer's connection was closed already");
        } else {
            self.hear_out(wait.min(HEAR_OUT));
        }
        self.0 = None;
    }

    /// Closes the connection at once; the system would go on sending what it has otherwise.
    fn abandon(&mut self) {
        let Some(stream) = self.0.take() else { return };
        if let Err(error) = rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)) {
            tracing::debug!(%error, "what was sent to a printer could not be thrown away");
        }
    }
}

impl Tcp {
    /// Until the printer closes its end, too, says nothing, or the time is over.
    fn hear_out(&mut self, wait: Duration) {
        let start = instant();
        let mut said = [0; 256];
        while let Some(left) = wait.checked_sub(start.elapsed()) {
            if !matches!(self.read(&mut said, left), Ok(1..)) {
                return;
            }
        }
    }
}

fn nothing_or_gone(error: io::Error) -> io::Result<usize> {
    if NOTHING.contains(&error.kind()) {
        Ok(0)
    } else if GONE.contains(&error.kind()) {
        Err(gone())
    } else {
        Err(error)
    }
}
