//! Connections that cost the generator little: kept open, prepared bytes out, one answer in.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// One connection to the hub.
pub(crate) struct Line {
    pub(crate) stream: TcpStream,
    bytes: Vec<u8>,
    filled: usize,
}

/// Many connections, no faster than the hub takes them: what it has not taken would be tried again by
/// the system only after a second.
pub(crate) async fn many(to: SocketAddr, count: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for number in 0..count {
        lines.push(Line::open(to, number).await);
        if number % 250 == 249 {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    lines
}

/// An answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Line {
    /// From one of this machine's many addresses, 250 connections from each.
    pub(crate) async fn open(to: SocketAddr, number: usize) -> Self {
        let from = Ipv4Addr::new(127, 0, 1, u8::try_from(1 + number / 250).unwrap());
        Self::from(to, from).await
    }

    pub(crate) async fn from(to: SocketAddr, from: Ipv4Addr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        let stream = socket.connect(to).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            bytes: vec![0; 1_024],
            filled: 0,
        }
    }

    pub(crate) async fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.unwrap();
    }

    pub(crate) async fn ask(&mut self, request: &[u8]) -> Answer<'_> {
        self.send(request).await;
        self.answer().await
    }

    pub(crate) async fn answer(&mut self) -> Answer<'_> {
        self.filled = 0;
        loop {
            if let Some((head, whole)) = self.measure() {
                if self.filled >= whole {
                    return Answer {
                        status: status(&self.bytes),
                        body: &self.bytes[head..whole],
                    };
                }
                self.bytes.resize(whole.max(self.bytes.len()), 0);
            }
            if self.filled == self.bytes.len() {
                self.bytes.resize(self.filled * 2, 0);
            }
            let read = self.stream.read(&mut self.bytes[self.filled..]).await;
            let read = read.unwrap();
            assert!(read > 0, "the hub closed a connection");
            self.filled += read;
        }
    }

    /// Where the body begins and ends, as far as the head is there.
    fn measure(&self) -> Option<(usize, usize)> {
        let text = &self.bytes[..self.filled];
        let head = find(text, b"\r\n\r\n")? + 4;
        let length = find(&text[..head], b"content-length: ").map_or(0, |at| {
            let digits = text[at + 16..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit());
            digits.fold(0, |all, digit| all * 10 + usize::from(digit - b'0'))
        });
        Some((head, head + length))
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

fn status(text: &[u8]) -> u16 {
    std::str::from_utf8(&text[9..12]).unwrap().parse().unwrap()
}

/// One connection, for one question.
pub(crate) async fn once(to: SocketAddr, request: &[u8]) -> (u16, Vec<u8>) {
    let mut line = Line::from(to, Ipv4Addr::LOCALHOST).await;
    let answer = line.ask(request).await;
    (answer.status, answer.body.to_vec())
}

/// Runs on this thread alone.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
