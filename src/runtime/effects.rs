//! Runs effects. None of them is waited for: what comes back comes as an event.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use super::album::Album;
use super::demo::DemoProvider;
use super::hub::HubLine;
use super::printers::Ports;
use crate::domain::catalog::Catalog;
use crate::domain::time::Timestamp;
use crate::io::clock::Clock;
use crate::io::http::HttpClient;
use crate::io::sound::Speaker;
use crate::io::store::StoreHandle;
use crate::proto::backend::Request;
use crate::terminal::{Answer, Effect, Event, Query, Question};

/// Who answers requests.
#[derive(Clone)]
pub(super) enum Provider {
    /// The accounts of the configuration, over the network.
    Network(Arc<HttpClient>),
    /// The demo's, in this process; never beside a real one.
    Demo(Arc<Mutex<DemoProvider>>),
    /// None is configured.
    Nobody,
}

/// Does what a step asked for.
pub(super) struct Executor {
    pub(super) provider: Provider,
    pub(super) clock: Arc<Clock>,
    pub(super) album: Arc<Album>,
    pub(super) store: StoreHandle,
    /// The hub that this till is joined to; none without one.
    pub(super) hub: Option<HubLine>,
    /// The printers' ports.
    pub(super) ports: Ports,
    /// None where the owner wants no sound.
    pub(super) speaker: Option<Speaker>,
    pub(super) events: mpsc::Sender<Event>,
}

impl Executor {
    pub(super) fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Send {
                question,
                backend,
                request,
            } => self.send(question, backend, request),
            Effect::Index { revision, products } => {
                let events = self.events.clone();
                drop(tokio::task::spawn_blocking(move || {
                    let catalog = Arc::new(Catalog::index(revision, products));
                    // The engine that asked is the one that listens; it is gone only at the end.
                    drop(events.blocking_send(Event::Indexed(catalog)));
                }));
            }
            Effect::CountSales { days } => self.count_sales(days),
            Effect::FetchPictures { sources } => self.fetch_pictures(sources),
            Effect::PayInSandbox { remote_id } => self.pay_in_sandbox(&remote_id),
            Effect::AskHub(asked) => {
                if let Some(hub) = &self.hub {
                    hub.ask(asked, Arc::clone(&self.clock), self.events.clone());
                }
            }
            Effect::TellHub(told) => {
                if let Some(hub) = &self.hub {
                    hub.tell(told, self.events.clone());
                }
            }
            Effect::TestHub(post) => {
                HubLine::test(post, self.events.clone());
            }
            Effect::AskHooks => {
                if let Some(hub) = &self.hub {
                    hub.ask_hooks(self.events.clone());
                }
            }
            Effect::UsePort { printer, port } => {
                self.ports.use_port(&printer, port.as_deref(), &self.events);
            }
            Effect::Printer { printer, deed } => self.ports.order(&printer, deed, &self.events),
            Effect::Sound(sound) => {
                if let Some(speaker) = &self.speaker {
                    speaker.play(sound);
                }
            }
            // The engine answers by itself.
            Effect::Reply { .. } => {}
        }
    }

    fn send(&self, question: Option<Question>, backend: String, request: Request) {
        let (provider, events, clock) = (
            self.provider.clone(),
            self.events.clone(),
            Arc::clone(&self.clock),
        );
        drop(tokio::spawn(async move {
            let result = match provider {
                Provider::Nobody => return,
                Provider::Demo(demo) => {
                    let mut demo = demo.lock().unwrap_or_else(PoisonError::into_inner);
                    Ok(demo.answer(&request, clock.now().wall))
                }
                Provider::Network(client) => client.send(&backend, &request).await.map(|heard| {
                    if let Some(date) = heard.server_date {
                        clock.heard(date);
                    }
                    heard.response
                }),
            };
            drop(
                events
                    .send(Event::Answered {
                        question,
                        backend,
                        result,
                    })
                    .await,
            );
        }));
    }

    fn count_sales(&self, days: Vec<Timestamp>) {
        let (store, events) = (self.store.clone(), self.events.clone());
        drop(tokio::spawn(async move {
            let answer = store.query(Query::Sold { days }).await;
            if let Answer::Sold { sums, .. } = answer {
                drop(events.send(Event::SalesCounted(sums)).await);
            } else {
                tracing::warn!(?answer, "past sales could not be counted");
            }
        }));
    }

    fn pay_in_sandbox(&self, remote_id: &str) {
        let Provider::Demo(demo) = &self.provider else {
            return;
        };
        let mut demo = demo.lock().unwrap_or_else(PoisonError::into_inner);
        for event in demo.pay(remote_id, self.clock.now().wall) {
            let events = self.events.clone();
            drop(tokio::spawn(async move { drop(events.send(event).await) }));
        }
    }

    fn fetch_pictures(&self, sources: Vec<String>) {
        let events = self.events.clone();
        // Only a counter on the screen: where the queue is full, the next one tells.
        let left = move |left| drop(events.try_send(Event::PicturesLeft(left)));
        self.album.fetch(sources, Box::new(left));
    }
}
