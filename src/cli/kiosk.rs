//! `tillcode run`: the window over a running till.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::place::Place;
use crate::io::{libraries, logs, panel};
use crate::proto::qr::picture::is_guarded;
use crate::runtime::{Album, Handle, Running, Shop, start};
use crate::terminal::{Answer, Command, Query, Snapshot};
use crate::ui::{self, Picture, Till, WindowOptions};

/// What the till is given to answer a finger before the frame is drawn without its answer: half a
/// frame of a slow screen. A disk that needs longer is shown one frame later.
const ANSWER_TIME: Duration = Duration::from_millis(8);

#[derive(Debug, Args)]
pub(super) struct WindowArgs {
    /// Opens a window instead of filling the screen.
    #[arg(long)]
    windowed: bool,
    /// Opens the demo shop, whatever configuration there is.
    #[arg(long)]
    demo: bool,
}

/// Opens the kiosk and stays until its window is closed.
pub(super) fn run(place: &Place, args: &WindowArgs) -> anyhow::Result<String> {
    let shop = if args.demo {
        place.demo()?
    } else {
        place.shop()?
    };
    let data = place.data(&shop)?;
    let options = options(&shop, args);
    let starting = Starting::begin(shop, data, place.env.clone())?;
    let at_window = Rc::clone(&starting);
    let closed = ui::run(move || at_window.till(), options);
    starting.finish()?;
    closed.with_context(|| advice(&libraries::missing()))?;
    Ok(String::new())
}

/// What helps where the window does not open.
fn advice(missing: &[&str]) -> String {
    let headless = "try `bash packaging/run.sh --headless`, which needs no display";
    if missing.is_empty() {
        return headless.to_owned();
    }
    format!(
        "not found on this machine: {}; `bash packaging/run.sh` installs what is missing; or {headless}",
        missing.join(", ")
    )
}

/// The till, coming up on a thread of its own while the window does the same on this one.
struct Starting {
    coming: RefCell<Option<JoinHandle<anyhow::Result<Running>>>>,
    come: RefCell<Option<anyhow::Result<Running>>>,
}

impl Starting {
    fn begin(
        shop: Shop,
        data: PathBuf,
        env: BTreeMap<String, String>,
    ) -> std::io::Result<Rc<Self>> {
        let come_up = move || {
            let till = start(&shop, &data, &env)?;
            logs::start(Some(&data), env.get("TILLCODE_LOG").map(String::as_str))?;
            end_with_a_word_on_a_defect();
            Ok(till)
        };
        let coming = std::thread::Builder::new()
            .name("start".to_owned())
            .spawn(come_up)?;
        Ok(Rc::new(Self {
            coming: RefCell::new(Some(coming)),
            come: RefCell::new(None),
        }))
    }

    /// Waits until the till is there, or is known not to come.
    fn wait(&self) {
        if let Some(coming) = self.coming.take() {
            let come = coming.join().unwrap_or_else(|_defect| {
                Err(anyhow::anyhow!(
                    "the till did not come up: this is a defect, please report it"
                ))
            });
            self.come.replace(Some(come));
        }
    }

    fn till(&self) -> Option<Rc<dyn Till>> {
        self.wait();
        match self.come.borrow().as_ref() {
            Some(Ok(till)) => Some(Rc::new(WindowTill {
                handle: till.handle(),
                album: till.album(),
            })),
            Some(Err(_)) | None => None,
        }
    }

    /// Ends the till, if it came up; else says why it did not.
    fn finish(&self) -> anyhow::Result<()> {
        self.wait();
        match self.come.take() {
            Some(Ok(till)) => till.stop(),
            Some(Err(error)) => return Err(error),
            None => {}
        }
        Ok(())
    }
}

/// A till with a thread missing would look alive and sell nothing. Ended, it is started again by
/// whoever started it, and goes on from its rows. A picture from outside is no defect: it would come
/// again, and end the till for ever.
fn end_with_a_word_on_a_defect() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if is_guarded() {
            tracing::warn!(%panic, "a picture cannot be read");
            return;
        }
        usual(panic);
        tracing::error!(%panic, "a defect: the till ends and must be started again");
        std::process::abort();
    }));
}

fn options(shop: &Shop, args: &WindowArgs) -> WindowOptions {
    let display = &shop.config().display;
    WindowOptions {
        fullscreen: display.fullscreen && !args.windowed,
        size: (1280, 800),
        scanner_prefix: shop.config().scanner.prefix.clone(),
        width_mm: width_mm(display.width_mm.or_else(panel::width_mm)),
    }
}

/// Panels are at most a few meters wide, so that no millimeter is lost.
fn width_mm(width: Option<u32>) -> Option<f32> {
    width
        .and_then(|width| u16::try_from(width).ok())
        .map(f32::from)
}

/// The till as the window knows it.
struct WindowTill {
    handle: Handle,
    album: Arc<Album>,
}

impl Till for WindowTill {
    fn snapshot(&self) -> Arc<Snapshot> {
        self.handle.snapshot()
    }

    fn send(&self, command: Command, seen: u64) -> bool {
        self.handle.tap(command, seen).is_ok()
    }

    fn settle(&self, revision: u64) {
        self.handle.wait_newer(revision, ANSWER_TIME);
    }

    fn ask(&self, query: Query, answer: Box<dyn FnOnce(Answer) + Send>) {
        self.handle.ask(query, answer);
    }

    fn picture(&self, source: &str) -> Option<Arc<Picture>> {
        self.album.picture(source)
    }

    fn wake_with(&self, wake: Box<dyn Fn() + Send + Sync>) {
        let wake: Arc<dyn Fn() + Send + Sync> = wake.into();
        let again = Arc::clone(&wake);
        self.handle.wake_with(Box::new(move || wake()));
        self.album.wake_with(Box::new(move || again()));
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command as Process;

    use super::*;
    use crate::proto::qr::picture::guarded;

    const NAME: &str = "cli::kiosk::tests::a_defect_ends_the_till_and_a_picture_does_not";
    const WHICH: &str = "TILL_DEFECT";

    /// The same test as a process of its own, which a panic may end: whether it went on.
    fn goes_on_after(which: &str) -> bool {
        let output = Process::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(WHICH, which)
            .output()
            .unwrap();
        output.status.success()
    }

    #[test]
    fn a_defect_ends_the_till_and_a_picture_does_not() {
        let panics = || -> () { panic!("on purpose") };
        match std::env::var(WHICH).as_deref() {
            Ok("picture") => {
                end_with_a_word_on_a_defect();
                assert_eq!(guarded(panics), None);
            }
            Ok(_) => {
                end_with_a_word_on_a_defect();
                let thread = std::thread::Builder::new().name("defect".to_owned());
                drop(thread.spawn(panics).unwrap().join());
            }
            Err(_) => {
                assert!(goes_on_after("picture"));
                assert!(!goes_on_after("defect"));
            }
        }
    }
}
