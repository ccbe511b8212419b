//! A printer's port on a thread of its own: does as it is told, and says what happened.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use super::transport::{Port, Transport, open};
use crate::terminal::printing::{Deed, Happened, Opening, PortTold};

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

/// The longest that what a port took is waited for when it is closed: four kilobytes at 9600 bits a second.
const FINISH_WAIT: Duration = Duration::from_secs(5);
/// The longest that the end of a thread is waited for.
const END_WAIT: Duration = Duration::from_secs(6);

/// A printer's port. Dropped, it waits until what the port took has left, for some seconds: of a printer
/// that says nothing nobody would ever know. A port that hangs holds nobody up longer than that, and one
/// that is not open not at all.
#[derive(Debug)]
pub struct Worker {
    deeds: Option<SyncSender<Deed>>,
    is_open: Arc<AtomicBool>,
    /// Hears that the thread has ended, by nobody being there to say anything.
    ended: Receiver<Infallible>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.deeds.take());
        if self.is_open.load(Ordering::Acquire)
            && self.ended.recv_timeout(END_WAIT) == Err(RecvTimeoutError::Timeout)
        {
            tracing::warn!("a printer's port hangs at the end");
        }
    }
}

impl Worker {
    /// Begins with no port open; `tell` may wait for nothing.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(
        name: &str,
        port: Port,
        tell: impl Fn(PortTold) + Send + 'static,
    ) -> io::Result<Self> {
        let (deeds, orders) = sync_channel(DEEDS);
        let (ends, ended) = sync_channel(1);
        let is_open = Arc::new(AtomicBool::new(false));
        let opened = Arc::clone(&is_open);
        drop(
            Builder::new()
                .name(format!("printer {name}"))
                .spawn(move || {
                    run(&port, &orders, &opened, &tell);
                    drop::<SyncSender<Infallible>>(ends);
                })?,
        );
        Ok(Self {
            deeds: Some(deeds),
            is_open,
            ended,
        })
    }

    /// Hands a deed over without waiting; false where the port hangs with too many.
    pub fn order(&self, deed: Deed) -> bool {
        let deeds = self.deeds.as_ref();
        deeds.is_some_and(|deeds| deeds.try_send(deed).is_ok())
    }
}

fn run(port: &Port, orders: &Receiver<Deed>, is_open: &AtomicBool, tell: &dyn Fn(PortTold)) {
    let mut line = Line {
        way: None,
        opening: 0,
        tell,
    };
    let mut pauses: u32 = 0;
    loop {
        is_open.store(line.way.is_some(), Ordering::Release);
        let order = if line.way.is_none() {
            orders.recv().map_err(|_gone| TryRecvError::Disconnected)
        } else {
            orders.try_recv()
        };
        match order {
            Ok(deed) => {
                pauses = 0;
                line.obey(deed, port);
            }
            Err(TryRecvError::Empty) => {
                pauses = pauses.saturating_add(1);
                let wait = if pauses > RESTING_AFTER {
                    LISTEN_RESTING
                } else {
                    LISTEN
                };
                line.listen(wait);
            }
            Err(TryRecvError::Disconnected) => break,
        }
    }
    line.finish();
}

/// The way to the printer, as it was opened last.
struct Line<'a> {
    way: Option<Box<dyn Transport>>,
    opening: Opening,
    tell: &'a dyn Fn(PortTold),
}

impl Line<'_> {
    fn obey(&mut self, deed: Deed, port: &Port) {
        match deed {
            Deed::Open(opening) => self.open(opening, port),
            Deed::Write(bytes) => self.write(&bytes),
            Deed::Close => self.close(),
            Deed::LetGo => self.finish(),
            // A row, not a deed of a port.
            Deed::Note(_) => {}
        }
    }

    fn open(&mut self, opening: Opening, port: &Port) {
        // Closed first: no printer takes two.
        self.way = None;
        self.opening = opening;
        match open(port) {
            Ok(opened) => {
                self.way = Some(opened);
                self.tell(Happened::Opened);
            }
            Err(error) => self.lost(error.to_string()),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        let Some(way) = &mut self.way else {
            return;
        };
        match way.write(bytes) {
            Ok(count) => self.tell(Happened::Took(count)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                self.tell(Happened::Took(0));
            }
            Err(error) => self.lost(error.to_string()),
        }
    }

    fn listen(&mut self, wait: Duration) {
        let Some(way) = &mut self.way else {
            return;
        };
        let mut buffer = [0; HEARD_BYTES];
        match way.read(&mut buffer, wait) {
            Ok(0) => {}
            Ok(count) => {
                let heard = buffer.get(..count).unwrap_or_default().to_vec();
                self.tell(Happened::Heard(heard));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => self.lost(error.to_string()),
        }
    }

    fn lost(&mut self, problem: String) {
        self.close();
        (self.tell)(PortTold {
            opening: self.opening,
            happened: Happened::Lost,
            problem: Some(problem),
        });
    }

    fn tell(&self, happened: Happened) {
        (self.tell)(PortTold {
            opening: self.opening,
            happened,
            problem: None,
        });
    }

    fn finish(&mut self) {
        if let Some(mut way) = self.way.take() {
            way.finish(FINISH_WAIT);
        }
    }

    fn close(&mut self) {
        if let Some(mut way) = self.way.take() {
            way.abandon();
        }
    }
}
