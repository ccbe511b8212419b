//! Product pictures for the window: loaded and fetched on a thread of their own, never waited for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::handle::Wakers;
use crate::domain::picture::Picture;
use crate::io::download::Downloader;
use crate::io::pictures::Pictures;

/// Decoded pictures that are kept: a few screens full, 64 MiB at most.
const KEPT_MAX: usize = 256;
/// Pictures that may wait to be loaded; a tile asks again when it is drawn again.
const QUEUE: usize = 256;

/// What is known of a picture.
#[derive(Clone)]
enum Page {
    Loading,
    There(Arc<Picture>),
    /// Not kept, or not readable: the tile shows its name.
    Missing,
}

#[derive(Default)]
struct Pages {
    pages: BTreeMap<String, Page>,
    oldest_first: VecDeque<String>,
}

enum Work {
    Load(String),
    Fetch(Vec<String>, Box<dyn Fn(u32) + Send>),
}

/// All pictures of the catalog.
pub struct Album {
    pages: Arc<Mutex<Pages>>,
    work: SyncSender<Work>,
    wakers: Wakers,
}

impl std::fmt::Debug for Album {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Album").finish_non_exhaustive()
    }
}

impl Album {
    /// Starts the thread. It ends with the process: a download in the middle is simply begun anew.
    pub(super) fn open(pictures: Pictures, downloader: Downloader) -> std::io::Result<Self> {
        let (work, queue) = sync_channel(QUEUE);
        let pages = Arc::<Mutex<Pages>>::default();
        let wakers = Wakers::default();
        let worker = Worker {
            pictures,
            downloader,
            pages: Arc::clone(&pages),
            wakers: wakers.clone(),
        };
        let builder = std::thread::Builder::new().name("pictures".to_owned());
        drop(builder.spawn(move || worker.run(&queue))?);
        Ok(Self {
            pages,
            work,
            wakers,
        })
    }

    /// The picture of a source, if it is loaded; else begins to load it.
    pub fn picture(&self, source: &str) -> Option<Arc<Picture>> {
        let mut pages = lock(&self.pages);
        match pages.pages.get(source) {
            Some(Page::There(picture)) => return Some(Arc::clone(picture)),
            Some(Page::Loading | Page::Missing) => return None,
            None => {}
        }
        if self.work.try_send(Work::Load(source.to_owned())).is_ok() {
            pages.put(source, Page::Loading);
        }
        None
    }

    /// Registers what to call when a picture has been loaded.
    pub fn wake_with(&self, wake: Box<dyn Fn() + Send + Sync>) {
        self.wakers.add(wake);
    }

    /// Fetches what is not in the data folder yet; `left` hears how many are still to come.
    pub(super) fn fetch(&self, sources: Vec<String>, left: Box<dyn Fn(u32) + Send>) {
        if self.work.try_send(Work::Fetch(sources, left)).is_err() {
            tracing::warn!("too much waits for pictures; they are fetched at the next start");
        }
    }
}

impl Pages {
    fn put(&mut self, source: &str, page: Page) {
        if self.pages.insert(source.to_owned(), page).is_none() {
            self.oldest_first.push_back(source.to_owned());
        }
        while self.pages.len() > KEPT_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.pages.remove(&oldest);
        }
    }
}

fn lock(pages: &Mutex<Pages>) -> MutexGuard<'_, Pages> {
    pages.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Worker {
    pictures: Pictures,
    downloader: Downloader,
    pages: Arc<Mutex<Pages>>,
    wakers: Wakers,
}

impl Worker {
    fn run(&self, queue: &Receiver<Work>) {
        while let Ok(work) = queue.recv() {
            match work {
                Work::Load(source) => self.load(&source),
                Work::Fetch(sources, left) => self.fetch_all(&sources, queue, &left),
            }
        }
    }

    fn load(&self, source: &str) {
        let page = match self.pictures.load(source) {
            Ok(picture) => Page::There(Arc::new(picture)),
            Err(_not_fetched_yet) => Page::Missing,
        };
        lock(&self.pages).put(source, page);
        self.wakers.wake();
    }

    fn fetch_all(&self, sources: &[String], queue: &Receiver<Work>, left: &dyn Fn(u32)) {
        let missing: Vec<&String> = sources
            .iter()
            .filter(|source| !self.pictures.has(source))
            .collect();
        let mut to_come = u32::try_from(missing.len()).unwrap_or(u32::MAX);
        for source in missing {
            left(to_come);
            match self
                .pictures
                .fetch(source, |address| self.downloader.download(address))
            {
                Ok(()) => self.load(source),
                Err(error) => tracing::warn!(%error, "a picture could not be fetched"),
            }
            to_come = to_come.saturating_sub(1);
            // The tiles on the screen go before the rest of the catalog.
            while let Ok(work) = queue.try_recv() {
                match work {
                    Work::Load(source) => self.load(&source),
                    // A newer catalog: what it lacks is found by its own round.
                    Work::Fetch(sources, left) => return self.fetch_all(&sources, queue, &left),
                }
            }
        }
        left(0);
    }
}
