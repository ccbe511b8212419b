//! A printer's port on a thread of its own: does as it is told, and says what happened.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use super::transport::{Port, Transport, open};
use crate::terminal::printing::{Deed, Happened};

/// Deeds that may wait: the till gives one write at a time.
const DEEDS: usize = 8;
/// Bytes of a printer's answer at once.
const HEARD_BYTES: usize = 256;
/// How long is listened before it is looked whether there is something to do.
const LISTEN: Duration = Duration::from_millis(10);
/// The same once nothing was done for a while.
const LISTEN_RESTING: Duration = Duration::from_millis(100);
/// That while, in pauses of listening.
const RESTING_AFTER: u32 = 300;

/// What happened at a port, and why it is not there where it is not.
pub type Told = (Happened, Option<String>);

/// A printer's port. Dropped, it ends by itself as soon as the port lets it: a port that hangs holds
/// nobody up.
#[derive(Debug)]
pub struct Worker {
    deeds: SyncSender<Deed>,
}

impl Worker {
    /// Begins with no port open; `tell` may wait for nothing.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(name: &str, port: Port, tell: impl Fn(Told) + Send + 'static) -> io::Result<Self> {
        let (deeds, orders) = sync_channel(DEEDS);
        drop(
            Builder::new()
                .name(format!("printer {name}"))
                .spawn(move || run(&port, &orders, &tell))?,
        );
        Ok(Self { deeds })
    }

    /// Hands a deed over without waiting; false where the port hangs with too many.
    pub fn order(&self, deed: Deed) -> bool {
        self.deeds.try_send(deed).is_ok()
    }
}

fn run(port: &Port, orders: &Receiver<Deed>, tell: &dyn Fn(Told)) {
    let mut way: Option<Box<dyn Transport>> = None;
    let mut pauses: u32 = 0;
    loop {
        let order = if way.is_none() {
            orders.recv().map_err(|_gone| TryRecvError::Disconnected)
        } else {
            orders.try_recv()
        };
        match order {
            Ok(deed) => {
                pauses = 0;
                obey(deed, port, &mut way, tell);
            }
            Err(TryRecvError::Empty) => {
                pauses = pauses.saturating_add(1);
                let wait = if pauses > RESTING_AFTER {
                    LISTEN_RESTING
                } else {
                    LISTEN
                };
                listen(&mut way, wait, tell);
            }
            Err(TryRecvError::Disconnected) => break,
        }
    }
    if let Some(mut way) = way {
        way.abandon();
    }
}

fn obey(deed: Deed, port: &Port, way: &mut Option<Box<dyn Transport>>, tell: &dyn Fn(Told)) {
    match deed {
        Deed::Open => {
            // Closed first: no printer takes two.
            *way = None;
            match open(port) {
                Ok(opened) => {
                    *way = Some(opened);
                    tell((Happened::Opened, None));
                }
                Err(error) => tell((Happened::Lost, Some(error.to_string()))),
            }
        }
        Deed::Write(bytes) => write(&bytes, way, tell),
        Deed::Close => {
            if let Some(mut open) = way.take() {
                open.abandon();
            }
        }
        // A row, not a deed of a port.
        Deed::Note(_) => {}
    }
}

fn write(bytes: &[u8], way: &mut Option<Box<dyn Transport>>, tell: &dyn Fn(Told)) {
    let Some(open) = way else {
        return;
    };
    match open.write(bytes) {
        Ok(count) => tell((Happened::Took(count), None)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            tell((Happened::Took(0), None));
        }
        Err(error) => lost(&error, way, tell),
    }
}

fn listen(way: &mut Option<Box<dyn Transport>>, wait: Duration, tell: &dyn Fn(Told)) {
    let Some(open) = way else {
        return;
    };
    let mut buffer = [0; HEARD_BYTES];
    match open.read(&mut buffer, wait) {
        Ok(0) => {}
        Ok(count) => {
            let heard = buffer.get(..count).unwrap_or_default().to_vec();
            tell((Happened::Heard(heard), None));
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
        Err(error) => lost(&error, way, tell),
    }
}

fn lost(error: &io::Error, way: &mut Option<Box<dyn Transport>>, tell: &dyn Fn(Told)) {
    if let Some(mut open) = way.take() {
        open.abandon();
    }
    tell((Happened::Lost, Some(error.to_string())));
}
