//! The model in the world's time, on a thread of its own.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Fault, Flow, Traits, VirtualPrinter};

/// How often the printer looks at its line.
const STEP: Duration = Duration::from_millis(1);
/// How long anything may be waited for.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// Bits of a byte with its start and its end.
const BITS: u64 = 10;

/// A printer's end of a cable. Nothing here waits.
pub(crate) trait Cable: Debug + Send + 'static {
    /// Bytes that came, at most this many.
    fn read(&mut self, most: usize) -> Vec<u8>;
    /// Sends an answer, if anyone is there.
    fn write(&mut self, bytes: &[u8]);
    /// Before each look: says whether the till may send, where the cable can say that.
    fn pace(&mut self) {}
    /// Pulls the cable: whoever is at the other end sees that.
    fn unplug(&mut self);
    /// Puts it in again.
    fn plug(&mut self);
}

/// The printer and its cable: they are looked at and changed together.
#[derive(Debug)]
struct Inner<C> {
    printer: VirtualPrinter,
    cable: C,
    /// Bytes times bits per second times microseconds that the line may still carry.
    credit: u64,
    seen_us: u64,
}

#[derive(Debug)]
struct Shared<C> {
    inner: Mutex<Inner<C>>,
    changed: Condvar,
    stop: AtomicBool,
    start: Instant,
}

/// A printer that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Shell<C: Cable> {
    shared: Arc<Shared<C>>,
    thread: Option<JoinHandle<()>>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a printer has a clock of its own"
)]
fn instant() -> Instant {
    Instant::now()
}

impl<C: Cable> Shell<C> {
    pub(super) fn run(traits: Traits, cable: C) -> Self {
        let shared = Arc::new(Shared {
            inner: Mutex::new(Inner {
                printer: VirtualPrinter::new(traits),
                cable,
                credit: 0,
                seen_us: 0,
            }),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
            start: instant(),
        });
        let running = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("virtual printer".to_owned())
            .spawn(move || {
                while !running.stop.load(Ordering::Relaxed) {
                    running.lock().pump(running.now_us());
                    running.changed.notify_all();
                    std::thread::sleep(STEP);
                }
            })
            .unwrap();
        Self {
            shared,
            thread: Some(thread),
        }
    }

    /// Something happens to the printer; it has happened when this returns.
    pub(crate) fn fault(&self, fault: Fault) {
        let mut inner = self.shared.lock();
        inner.printer.fault(fault, self.shared.now_us());
        match fault {
            Fault::Unplug => inner.cable.unplug(),
            Fault::Plug => inner.cable.plug(),
            _ => {}
        }
    }

    /// Looks at the printer.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&mut VirtualPrinter) -> R) -> R {
        look(&mut self.shared.lock().printer)
    }

    /// Looks at the cable.
    pub(super) fn cable<R>(&self, look: impl FnOnce(&C) -> R) -> R {
        look(&self.shared.lock().cable)
    }

    /// Waits until the printer is so.
    ///
    /// # Panics
    /// Where it is not for half a minute.
    pub(crate) fn wait(&self, mut so: impl FnMut(&VirtualPrinter) -> bool) {
        let waited =
            self.shared
                .changed
                .wait_timeout_while(self.shared.lock(), WAIT_MAX, |inner| !so(&inner.printer));
        let (inner, late) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!late.timed_out(), "waited in vain: {:?}", inner.printer);
    }
}

impl<C: Cable> Drop for Shell<C> {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the virtual printer fell over"
            );
        }
    }
}

impl<C> Shared<C> {
    fn lock(&self) -> MutexGuard<'_, Inner<C>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap()
    }
}

impl<C: Cable> Inner<C> {
    fn pump(&mut self, now_us: u64) {
        let most = self.most(now_us);
        if self.printer.is_plugged() {
            self.cable.pace();
            // Bytes that are in a cable cannot be called back: not reading them is how a line holds.
            let most = most.min(64).min(self.room());
            if most > 0 {
                let came = self.cable.read(most);
                let cost = BITS * 1_000_000 * came.len() as u64;
                self.credit = self.credit.saturating_sub(cost);
                for byte in came {
                    self.printer.receive(byte, now_us);
                }
            }
        }
        self.printer.tick(now_us);
        let answers = self.printer.answers();
        if !answers.is_empty() && self.printer.is_plugged() {
            self.cable.write(&answers);
        }
    }

    /// How many bytes the printer lets come at once.
    fn room(&self) -> usize {
        match self.printer.traits().flow {
            Flow::Lines if self.printer.is_busy() => 0,
            // A till sees the line between two bytes, not only between two of our looks.
            Flow::Lines => self.printer.free(),
            Flow::None | Flow::XonXoff => usize::MAX,
        }
    }

    /// How many bytes the line could have carried since the last look; a pause is not saved up.
    fn most(&mut self, now_us: u64) -> usize {
        let baud = self.printer.traits().baud;
        if baud == 0 {
            return usize::MAX;
        }
        let passed = now_us - self.seen_us;
        self.seen_us = now_us;
        let whole = BITS * 1_000_000;
        self.credit = (self.credit + passed * baud).min(whole * 64);
        usize::try_from(self.credit / whole).unwrap()
    }
}
