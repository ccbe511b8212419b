//! One fault at every write, sync and cut of the database's files, or all of them from there on.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Sent, Shop, is_ready};
use crate::skipped::skip;
use crate::support::{HubProcess, Place};

/// SQLite's own: none of them touches a connection or what the hub prints.
const CALLS: [&str; 4] = ["pwrite64", "fsync,fdatasync", "ftruncate", "unlink"];
const ERRORS: [&str; 2] = ["EIO", "ENOSPC"];
/// Hubs that are tried at the same time.
const AT_ONCE: usize = 6;
/// One fault is over by then.
const TRIES: usize = 3;
/// Places that were hit, at least: fewer, and the story says nothing.
const HITS_MIN: usize = 350;
/// A story makes fewer calls of a kind.
const PLACES_MAX: u32 = 1_000;

/// Where the counting begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    /// With the program.
    Started,
    /// Once it serves.
    Serving,
}

/// What fails.
#[derive(Clone, Copy, Debug)]
struct Fault {
    begin: Begin,
    calls: &'static str,
    error: &'static str,
    /// Not only that one call, but all after it, too.
    on: bool,
}

impl Fault {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for calls in CALLS {
            for begin in [Begin::Serving, Begin::Started] {
                for error in ERRORS {
                    all.extend([false, true].map(|on| Self {
                        begin,
                        calls,
                        error,
                        on,
                    }));
                }
            }
        }
        all
    }

    fn strace(self, when: u32, trace: &Path) -> Command {
        let Self {
            calls, error, on, ..
        } = self;
        let on = if on { "+" } else { "" };
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "-e", &format!("trace={calls}"), "-e"])
            .arg(format!("inject={calls}:error={error}:when={when}{on}"))
            .arg("-o")
            .arg(trace);
        strace
    }
}

#[test]
fn a_fault_at_any_write_or_sync_loses_and_repeats_nothing() {
    let test = "a_fault_at_any_write_or_sync_loses_and_repeats_nothing";
    if !may_trace() {
        return skip(test, "nobody may look into a program here (strace -p)");
    }
    let folder = tempfile::tempdir().unwrap();
    let model = Model::new(folder.path());
    let (faults, next) = (Fault::all(), AtomicUsize::new(0));
    let hits = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(fault) = faults.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let hit = model.everywhere(*fault);
                    println!("{hit:5} places {fault:?}");
                    hits.fetch_add(hit, Ordering::Relaxed);
                }
            });
        }
    });
    let hits = hits.into_inner();
    println!("TOLD {hits} places were hit, and nothing was lost or repeated");
    assert!(hits > HITS_MIN, "{hits}");
}

/// Not everywhere may a program be looked into that is another one's child.
fn may_trace() -> bool {
    let sleep = Command::new("sleep").arg("60").spawn();
    let Ok(mut sleep) = sleep else { return false };
    let tracer = Tracer::attach(Command::new("strace"), &sleep.id().to_string());
    let may = tracer.is_some();
    sleep.kill().unwrap();
    sleep.wait().unwrap();
    may
}

/// Who watches a program that is there already.
struct Tracer {
    child: Child,
    /// Held to the end: it would die of a word for which nobody listens.
    _said: BufReader<ChildStderr>,
}

impl Tracer {
    /// Returns when it watches.
    fn attach(mut strace: Command, process: &str) -> Option<Self> {
        let begun = strace.args(["-p", process]).stderr(Stdio::piped()).spawn();
        let mut child = begun.ok()?;
        let mut line = String::new();
        let mut said = BufReader::new(child.stderr.take()?);
        said.read_line(&mut line).ok()?;
        let tracer = Self { child, _said: said };
        line.contains(" attached").then_some(tracer)
    }

    /// It ends with the program, and has written down all then.
    fn ended(mut self) {
        assert!(self.child.wait().unwrap().code().is_some());
    }
}

impl Drop for Tracer {
    /// Whoever is watched lives on.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A database with something in it, the newest of it not in its main file yet.
struct Model {
    folder: std::path::PathBuf,
    sent: Sent,
}

impl Model {
    fn new(folder: &Path) -> Self {
        let place = at(folder);
        let hub = place.serve();
        let mut sent = Sent::new(Shop::new(&place, &hub), 0);
        for number in 0..2 {
            assert!(sent.post(&hub, number));
        }
        hub.crash();
        assert!(!hub.ended());
        let folder = folder.to_owned();
        Self { folder, sent }
    }

    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        for name in ["hub.sqlite3", "hub.sqlite3-wal"] {
            std::fs::copy(self.folder.join(name), copy.path().join(name)).unwrap();
        }
        copy
    }

    /// One place after the other until there is none; how many there were.
    fn everywhere(&self, fault: Fault) -> usize {
        (1..PLACES_MAX)
            .take_while(|when| self.is_hit(fault, *when))
            .count()
    }

    /// The whole story with a fault; whether it came to that.
    fn is_hit(&self, fault: Fault, when: u32) -> bool {
        let folder = self.copy();
        let trace = folder.path().join("trace");
        let place = at(folder.path());
        let mut sent = self.sent.clone();
        story(&place, &mut sent, fault, when, &trace);
        sent.check(&place.serve());
        let trace = std::fs::read_to_string(trace).unwrap_or_default();
        trace.contains("(INJECTED)")
    }
}

fn at(folder: &Path) -> Place {
    Place::at(format!("sqlite:{}", folder.join("hub.sqlite3").display()))
}

fn story(place: &Place, sent: &mut Sent, fault: Fault, when: u32, trace: &Path) {
    let strace = fault.strace(when, trace);
    let log = trace.with_extension("log");
    let (hub, tracer) = match fault.begin {
        Begin::Serving => {
            let mut hub = Command::new(env!("CARGO_BIN_EXE_tillcode-hub"));
            hub.stderr(File::create(&log).unwrap());
            let hub = place.serve_by(hub, "127.0.0.1:0").unwrap();
            let tracer = Tracer::attach(strace, &hub.id()).unwrap();
            (hub, Some(tracer))
        }
        Begin::Started => {
            let mut strace = strace;
            // The hub is this test's child, the one who watches is nobody's.
            strace.args(["-D", "-qq", env!("CARGO_BIN_EXE_tillcode-hub")]);
            strace.stderr(File::create(&log).unwrap());
            match place.serve_by(strace, "127.0.0.1:0") {
                Ok(hub) => (hub, None),
                Err(ended) => {
                    let said = std::fs::read_to_string(log).unwrap();
                    assert_eq!(ended.code(), Some(1), "{fault:?} {when}: {said}");
                    assert!(said.contains("tillcode-hub: "), "{said}");
                    return;
                }
            }
        }
    };
    if fault.on && when == 1 && tracer.is_some() && !matches!(fault.calls, "ftruncate" | "unlink") {
        assert!(!is_ready(&hub), "{fault:?}: nothing can be stored");
    }
    posts(&hub, sent, fault, when);
    // A crash at once leaves what no orderly end does, and the other way round.
    if when.is_multiple_of(2) {
        hub.crash();
        assert!(!hub.ended());
    } else {
        hub.stop();
    }
    if let Some(tracer) = tracer {
        tracer.ended();
    }
}

/// Two streams, a repetition, and a terminal that says how far it has read.
fn posts(hub: &HubProcess, sent: &mut Sent, fault: Fault, when: u32) {
    let first = sent.next();
    for number in [first, first + 1, 0, first + 2, first + 3] {
        let mut is_taken = sent.post(hub, number);
        if !is_taken {
            assert!(!is_ready(hub), "{fault:?} {when}: nothing can be stored");
        }
        if !fault.on {
            for _ in 1..TRIES {
                is_taken = is_taken || sent.post(hub, number);
            }
            assert!(is_taken, "{fault:?} {when}: {number} is refused still");
            // The one fault may be this question's.
            let is_ready = (0..TRIES).any(|_| is_ready(hub));
            assert!(is_ready, "{fault:?} {when}");
        }
        if number == 0 {
            // Reading goes on, whatever cannot be written.
            let heard = sent.shop.heard(hub);
            let is_heard = sent.acknowledged.iter().all(|one| heard.contains_key(one));
            assert!(
                is_heard,
                "{fault:?} {when}: acknowledged and lost: {heard:?}"
            );
        }
    }
}
