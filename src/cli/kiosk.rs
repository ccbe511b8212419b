//! `tillcode run`: the window over a running till.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::place::Place;
use crate::io::{logs, panel};
use crate::runtime::{Album, Handle, Shop, start};
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
    let till = start(&shop, &data, &place.env)?;
    logs::start(
        Some(&data),
        place.env.get("TILLCODE_LOG").map(String::as_str),
    )?;
    end_with_a_word_on_a_defect();
    let options = options(&shop, args);
    let window = WindowTill {
        handle: till.handle(),
        album: till.album(),
    };
    let closed = ui::run(Rc::new(window), options);
    till.stop();
    closed.context("the window cannot be opened: is there a display? `bash packaging/run.sh --headless` needs none")?;
    Ok(String::new())
}

/// A till with a thread missing would look alive and sell nothing. Ended, it is started again by
/// whoever started it, and goes on from its rows.
fn end_with_a_word_on_a_defect() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
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
