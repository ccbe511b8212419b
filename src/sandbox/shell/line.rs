//! Connections that can be cut: everything below HTTP, so that even a status line can go missing.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What a valve lets through that nobody closes.
const OPEN: u64 = u64::MAX;

/// Lets so many bytes more through to the client, then ends the connection. Clones are one valve.
#[derive(Clone, Debug)]
pub(super) struct Valve(Arc<AtomicU64>);

impl Valve {
    /// From now on; with zero, nothing more is sent.
    pub(super) fn close_after(&self, bytes: u32) {
        self.0.store(bytes.into(), Ordering::Release);
    }

    /// How many bytes may still be sent; no number where it is open.
    fn left(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Acquire)).filter(|left| *left != OPEN)
    }

    fn sent(&self, bytes: usize) {
        if let Some(left) = self.left() {
            let bytes = u64::try_from(bytes).unwrap_or(OPEN);
            self.0.store(left.saturating_sub(bytes), Ordering::Release);
        }
    }
}

impl Connected<IncomingStream<'_, Lines>> for Valve {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().valve.clone()
    }
}

/// A listener whose connections have a valve.
pub(super) struct Lines(pub(super) TcpListener);

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let valve = Valve(Arc::new(AtomicU64::new(OPEN)));
        (Line { stream, valve }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection with a valve.
pub(super) struct Line {
    stream: TcpStream,
    valve: Valve,
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let allowed = match this.valve.left() {
            None => bytes,
            // The server gives up a connection that it cannot write to, and so closes it.
            Some(0) => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Some(left) => {
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                bytes.get(..left).unwrap_or(bytes)
            }
        };
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, allowed))?;
        this.valve.sent(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
