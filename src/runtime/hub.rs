//! The hub that this till is joined to: which one, and the one question that is kept open.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::assemble::{Shop, StartError};
use super::demo;
use crate::io::clock::Clock;
use crate::io::config_file::read_secret;
use crate::io::hub::HubClient;
use crate::io::hub_file;
use crate::proto::hub::joined::Hooks;
use crate::proto::hub::{FeedRequest, Hook, Token};
use crate::terminal::step::TestPost;
use crate::terminal::{Event, HubSetup, Told};

/// The hub of a till: what the configuration names, else what was paired.
#[derive(Debug, Default)]
pub(super) struct Hub {
    /// What the terminal decides by; none without a hub.
    pub(super) setup: Option<HubSetup>,
    /// Where providers post to, as far as it is known.
    pub(super) hooks: Vec<Hook>,
    /// How to ask it.
    pub(super) line: Option<HubLine>,
}

/// A way to ask the hub. One question at a time is open.
#[derive(Debug)]
pub(super) struct HubLine {
    client: HubClient,
    address: String,
    folder: PathBuf,
    open: Mutex<Option<AbortHandle>>,
}

impl Hub {
    /// Finds out which one that is.
    pub(super) fn find(
        shop: &Shop,
        data: &Path,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, StartError> {
        let config = match shop {
            // Its notifications never leave the process.
            Shop::Demo(_) => {
                return Ok(Self {
                    hooks: vec![demo::hook()],
                    ..Self::default()
                });
            }
            Shop::Own(config) => config,
        };
        let file = hub_file::load(data)?;
        let named = config.hub.as_ref();
        let own = named.and_then(|hub| Some((hub.url.to_string(), hub.token.as_ref()?)));
        let (address, token) = match (own, &file.joined) {
            (Some((address, secret)), _) => {
                let token = read_secret(secret, env)?.parse::<Token>();
                (address, token.map_err(|_not_a_token| StartError::HubToken)?)
            }
            (None, Some(joined)) => (joined.hub.clone(), joined.token.clone()),
            (None, None) => return Ok(Self::default()),
        };
        Ok(Self {
            hooks: file.hooks_of(&address).to_vec(),
            setup: Some(HubSetup {
                address: address.clone(),
            }),
            line: Some(HubLine {
                client: HubClient::new(&address, token)?,
                folder: data.to_owned(),
                address,
                open: Mutex::default(),
            }),
        })
    }
}

impl HubLine {
    /// Asks for the feed, in place of an earlier question.
    pub(super) fn ask(&self, asked: FeedRequest, clock: Arc<Clock>, events: mpsc::Sender<Event>) {
        let client = self.client.clone();
        let task = tokio::spawn(async move {
            let answer = client.feed(&asked).await.map(Box::new);
            if let Ok(feed) = &answer {
                clock.heard(feed.now);
            }
            // The engine that asked is the one that listens; it is gone only at the end.
            drop(events.send(Event::Fed { asked, answer }).await);
        });
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = open.replace(task.abort_handle()) {
            earlier.abort();
        }
    }

    /// Tells it something.
    pub(super) fn tell(&self, told: Told, events: mpsc::Sender<Event>) {
        let client = self.client.clone();
        drop(tokio::spawn(async move {
            let answer = client.tell(&told).await;
            drop(events.send(Event::HubTold { told, answer }).await);
        }));
    }

    /// Posts a test to where a provider would.
    pub(super) fn test(post: TestPost, events: mpsc::Sender<Event>) {
        drop(tokio::spawn(async move {
            let answer = crate::io::hub::test(&post).await;
            drop(events.send(Event::HubTested(answer)).await);
        }));
    }

    /// Asks where providers post to, and keeps it for a start without a network.
    pub(super) fn ask_hooks(&self, events: mpsc::Sender<Event>) {
        let client = self.client.clone();
        let (folder, address) = (self.folder.clone(), self.address.clone());
        drop(tokio::spawn(async move {
            let (place, hub) = (folder.clone(), address.clone());
            // What cannot be read is not known: the hub gives fresh ones.
            let known = tokio::task::spawn_blocking(move || known(&place, &hub)).await;
            let hooks = match client.hooks(&known.unwrap_or_default()).await {
                Ok(hooks) => hooks,
                Err(error) => {
                    tracing::warn!(%error, "the addresses of notifications could not be asked for");
                    return;
                }
            };
            let kept = hooks.clone();
            let keeping = tokio::task::spawn_blocking(move || keep(&folder, &address, kept)).await;
            if let Ok(Err(error)) = keeping {
                tracing::warn!(%error, "the addresses of notifications could not be kept");
            }
            drop(events.send(Event::Hooked(hooks)).await);
        }));
    }
}

fn known(folder: &Path, hub: &str) -> Vec<Hook> {
    hub_file::load(folder).map_or_else(|_unreadable| Vec::new(), |file| file.hooks_of(hub).to_vec())
}

fn keep(folder: &Path, hub: &str, list: Vec<Hook>) -> Result<(), hub_file::HubFileError> {
    let mut file = hub_file::load(folder)?;
    // Another hub was joined in the meantime: its addresses are for the next start.
    let is_another = file.joined.as_ref().is_some_and(|joined| joined.hub != hub);
    if is_another && file.hooks.hub != hub {
        return Ok(());
    }
    let hooks = Hooks {
        hub: hub.to_owned(),
        list,
    };
    if file.hooks == hooks {
        return Ok(());
    }
    file.hooks = hooks;
    hub_file::save(folder, &file)
}
