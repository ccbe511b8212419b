//! A printer on the network, with one connection at a time as real ones have.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use super::Traits;
use super::shell::{Cable, Shell};

#[derive(Debug)]
pub(crate) struct Network {
    address: SocketAddr,
    listener: Option<TcpListener>,
    till: Option<TcpStream>,
}

fn listen(address: SocketAddr) -> TcpListener {
    let listener = TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    listener
}

impl Cable for Network {
    fn read(&mut self, most: usize) -> Vec<u8> {
        if self.till.is_none()
            && let Some(Ok((till, _))) = self.listener.as_ref().map(TcpListener::accept)
        {
            till.set_nonblocking(true).unwrap();
            self.till = Some(till);
        }
        let Some(till) = &mut self.till else {
            return Vec::new();
        };
        let mut bytes = vec![0; most.min(4_096)];
        let count = match till.read(&mut bytes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Ok(count @ 1..) => count,
            // It went away; the next one may come.
            Ok(0) | Err(_) => {
                self.till = None;
                0
            }
        };
        bytes.truncate(count);
        bytes
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(till) = &mut self.till {
            // Nobody may be listening.
            drop(till.write(bytes));
        }
    }

    fn unplug(&mut self) {
        self.listener = None;
        self.till = None;
    }

    fn plug(&mut self) {
        if self.listener.is_none() {
            self.listener = Some(listen(self.address));
        }
    }
}

/// A printer on the network.
pub(crate) type TcpPrinter = Shell<Network>;

impl TcpPrinter {
    pub(crate) fn start(traits: Traits) -> Self {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = listener.local_addr().unwrap();
        Self::run(
            traits,
            Network {
                address,
                listener: Some(listener),
                till: None,
            },
        )
    }

    /// Where the till finds it, before and after a replug.
    pub(crate) fn address(&self) -> SocketAddr {
        self.cable(|cable| cable.address)
    }
}
