//! A barcode scanner on a serial port (USB serial or RS-232), on a thread of its own.
//!
//! A scanner that types like a keyboard is the window's affair. What a code means is decided above.

use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The longest code, in bytes: the largest QR code holds 2,953. What is longer is noise.
const CODE_BYTES_MAX: usize = 4_096;
/// A scanner sends a code without a pause; after this one it is whole, with an end mark or without.
const PAUSE: Duration = Duration::from_millis(200);
/// How often an unplugged scanner is looked for: this many pauses, so about two seconds.
const PAUSES_BETWEEN_TRIES: u32 = 10;

/// A scanner that is listened to.
#[derive(Debug)]
pub struct Scanner {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scanner {
    /// Listens on `port` at `baud` bits per second and hands every code to `deliver`, which must not
    /// wait. A scanner that is unplugged, or not there yet, is looked for every two seconds.
    pub fn start(
        port: &str,
        baud: u32,
        mut deliver: impl FnMut(String) + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let asked_to_stop = Arc::clone(&stop);
        let port = port.to_owned();
        let thread = std::thread::Builder::new()
            .name("scanner".to_owned())
            .spawn(move || {
                let mut was_there = true;
                while !asked_to_stop.load(Ordering::Relaxed) {
                    match serialport::new(&port, baud).timeout(PAUSE).open() {
                        Ok(mut source) => {
                            tracing::info!(port, "the scanner is there");
                            was_there = true;
                            listen(&mut source, &asked_to_stop, &mut deliver);
                        }
                        Err(error) if was_there => {
                            tracing::warn!(port, %error, "no scanner; looking for it every 2 s");
                            was_there = false;
                        }
                        Err(_the_same) => {}
                    }
                    wait(&asked_to_stop);
                }
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }

    /// Ends the thread and joins it; takes at most a quarter of a second.
    pub fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the scanner's thread ended by a defect");
        }
    }
}

fn wait(stop: &AtomicBool) {
    for _ in 0..PAUSES_BETWEEN_TRIES {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Delivers codes until the source ends, fails, or the stop is asked for.
fn listen(source: &mut dyn Read, stop: &AtomicBool, deliver: &mut dyn FnMut(String)) {
    let mut codes = Codes::default();
    let mut buffer = [0; 256];
    while !stop.load(Ordering::Relaxed) {
        match source.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                for byte in buffer.iter().take(count) {
                    if let Some(code) = codes.push(*byte) {
                        deliver(code);
                    }
                }
            }
            Err(pause) if pause.kind() == ErrorKind::TimedOut => {
                if let Some(code) = codes.end() {
                    deliver(code);
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                tracing::warn!(%error, "the scanner went away");
                return;
            }
        }
    }
}

/// Bytes on their way to a code.
#[derive(Debug, Default)]
struct Codes {
    bytes: Vec<u8>,
    /// Set once a code is too long, until its end.
    skipping: bool,
}

impl Codes {
    /// Takes a byte; gives the code that it ended.
    fn push(&mut self, byte: u8) -> Option<String> {
        if matches!(byte, b'\r' | b'\n' | 0) {
            return self.end();
        }
        if self.bytes.len() >= CODE_BYTES_MAX {
            self.skipping = true;
        } else {
            self.bytes.push(byte);
        }
        None
    }

    /// The code that is there, if it is one.
    fn end(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.bytes);
        if std::mem::take(&mut self.skipping) {
            tracing::warn!("the scanner sent more than one code can hold; passed over");
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let code: String = text.trim().chars().filter(|c| !c.is_control()).collect();
        (!code.is_empty()).then_some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its parts one by one; an empty one is a pause.
    struct Parts(Vec<&'static [u8]>);

    impl Read for Parts {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let part = self.0.remove(0);
            if part.is_empty() {
                return Err(ErrorKind::TimedOut.into());
            }
            buffer[..part.len()].copy_from_slice(part);
            Ok(part.len())
        }
    }

    fn heard(parts: Vec<&'static [u8]>) -> Vec<String> {
        let mut codes = Vec::new();
        listen(&mut Parts(parts), &AtomicBool::new(false), &mut |code| {
            codes.push(code);
        });
        codes
    }

    #[test]
    fn codes_end_with_a_mark_or_a_pause() {
        assert_eq!(heard(vec![b"4006381", b"333931\r\n"]), ["4006381333931"]);
        assert_eq!(heard(vec![b"A\rB\nC\r\n\r\n"]), ["A", "B", "C"]);
        assert_eq!(heard(vec![b"TEA", b"", b"CAKE\r"]), ["TEA", "CAKE"]);
        assert_eq!(heard(vec![b" \x02TEA\x03 \r"]), ["TEA"]);
        assert!(
            heard(vec![b"", b"\r\n", b"half"]).is_empty(),
            "unplugged in the middle"
        );
    }

    #[test]
    fn noise_without_an_end_is_bounded_and_passed_over() {
        let mut codes = Codes::default();
        for _ in 0..3 * CODE_BYTES_MAX {
            assert_eq!(codes.push(b'x'), None);
        }
        assert!(codes.bytes.capacity() <= 2 * CODE_BYTES_MAX);
        assert_eq!(codes.push(b'\r'), None);
        assert_eq!(codes.push(b'A'), None);
        assert_eq!(codes.push(b'\r').as_deref(), Some("A"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_scanner_on_a_terminal_line_is_heard() {
        use serialport::{SerialPort as _, TTYPort};
        use std::io::Write as _;
        let (mut device, mut till) = TTYPort::pair().unwrap();
        till.set_timeout(PAUSE).unwrap();
        device.write_all(b"4006381333931\r").unwrap();
        let stop = AtomicBool::new(false);
        let mut codes = Vec::new();
        listen(&mut till, &stop, &mut |code| {
            codes.push(code);
            stop.store(true, Ordering::Relaxed);
        });
        assert_eq!(codes, ["4006381333931"]);
        Scanner::start("/dev/no-such-scanner", 9_600, drop)
            .unwrap()
            .stop();
    }
}
