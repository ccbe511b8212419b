//! Links that an owner makes and keeps by hand: for a service, a limited offer, an e-mail, an invoice;
//! and comparing what the provider has with what is known here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Terminal;
use super::command::Reply;
use super::minting::Wish;
use super::notice::Notice;
use super::query::{RemoteReport, RemoteRow, Whose};
use super::step::{Effect, RequestId, Write};
use super::turn::Turn;
use crate::domain::id::{JobId, LinkId};
use crate::domain::link::{Ask, Asking, Link, LinkState, Purpose};
use crate::domain::options::Options;
use crate::domain::time::Timestamp;
use crate::proto::backend::{Action, RemoteState};

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;
/// The most links of an account that are read for one report.
pub(super) const REMOTE_MAX: usize = 100_000;

/// How often a page of that list is asked for.
const LISTING_TRIES_MAX: u32 = 5;

/// What a link by hand is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomLink {
    /// The account's name; none for the default one.
    #[serde(default)]
    pub backend: Option<String>,
    /// What is bought, in a few words.
    pub title: String,
    /// What it asks for; zero where the payer types it.
    pub amount: crate::domain::money::Amount,
    /// Who says how much.
    #[serde(default)]
    pub asking: Asking,
    /// Whether it may be paid as often as wanted, or once.
    pub purpose: Purpose,
    /// When it ends; none for never.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// What only its provider understands.
    #[serde(default)]
    pub options: Options,
}

/// Reading the provider's own list, page by page.
#[derive(Debug)]
pub(super) struct Listing {
    job: JobId,
    backend: String,
    found: Vec<RemoteState>,
    asked_by: Option<RequestId>,
}

impl Terminal {
    /// `link new`: a link by hand.
    pub(super) fn new_link(&mut self, turn: &mut Turn, wish: CustomLink) -> Result<Reply, Notice> {
        let account = self
            .account(wish.backend.as_deref())?
            .ok_or(Notice::NoBackend)?;
        let name = account.name().to_owned();
        let title = checked_title(&wish.title)?;
        let ask = Ask {
            amount: wish.amount,
            asking: wish.asking,
        };
        check_ask(ask)?;
        let job = self.want(
            turn,
            &name,
            Wish {
                purpose: wish.purpose,
                ask,
                title,
                product: None,
                sale: None,
                options: wish.options,
            },
        );
        let link = self.jobs.get(job).and_then(|flight| flight.job.link);
        let Some(mut link) = link.and_then(|id| self.links.link(id)).cloned() else {
            return Err(Notice::UnknownLink);
        };
        // A link by hand is nobody's spare: no tap may take it.
        link.state = LinkState::Requested;
        link.expires_at = wish.expires_at;
        link.is_custom = true;
        self.replace_wish(turn, job, &link);
        Ok(Reply::Link { link: link.id })
    }

    fn replace_wish(&mut self, turn: &mut Turn, job: JobId, link: &Link) {
        turn.write(Write::Link(link.clone()));
        self.links.put(link.clone());
        if let Some(flight) = self.jobs.get_mut(job) {
            if let Action::Create { link: asked, .. } = &mut flight.job.action {
                **asked = link.clone();
            }
            let job = flight.job.clone();
            Self::keep(turn, job);
        }
    }

    /// `link set`: changes what a live link asks for or says.
    pub(super) fn set_link(
        &mut self,
        turn: &mut Turn,
        id: LinkId,
        change: LinkChange,
    ) -> Result<Reply, Notice> {
        let link = self.links.link(id).cloned().ok_or(Notice::UnknownLink)?;
        let account = self.accounts.get(&link.backend).ok_or(Notice::NoBackend)?;
        if !account.can().update {
            return Err(Notice::CannotChange {
                kind: account.setup.kind.clone(),
            });
        }
        let Some(remote) = link
            .remote
            .clone()
            .filter(|_| link.state == LinkState::Live)
        else {
            return Err(Notice::LinkInUse);
        };
        let mut changed = link;
        if let Some(title) = change.title {
            changed.title = checked_title(&title)?;
            changed.description = self.describe(&changed.title, &changed.word);
        }
        if let Some(amount) = change.amount {
            changed.amount = amount;
        }
        check_ask(changed.ask())?;
        changed.options = change.options.over(&changed.options);
        let backend = changed.backend.clone();
        let action = Action::Update {
            remote_id: remote.id,
            link: Box::new(changed),
        };
        self.queue(turn, &backend, Some(id), action, None);
        Ok(Reply::Link { link: id })
    }

    /// `link list --remote`: begins to read the provider's own list; the reply comes at its end.
    pub(super) fn list_remote(
        &mut self,
        turn: &mut Turn,
        backend: Option<&str>,
        asked_by: Option<RequestId>,
    ) -> Result<(), Notice> {
        let account = self.account(backend)?.ok_or(Notice::NoBackend)?;
        if !account.can().list {
            return Err(Notice::CannotList {
                kind: account.setup.kind.clone(),
            });
        }
        let name = account.name().to_owned();
        if !self.accounts.is_online(&name) {
            return Err(Notice::NotNow);
        }
        let job = self.queue(turn, &name, None, Action::List { from: 0 }, None);
        self.listings.push(Listing {
            job,
            backend: name,
            found: Vec::new(),
            asked_by,
        });
        Ok(())
    }

    /// A page of the provider's list came.
    pub(super) fn listed(
        &mut self,
        turn: &mut Turn,
        job: JobId,
        links: Vec<RemoteState>,
        next: Option<u64>,
    ) {
        let Some(place) = self.listings.iter().position(|listing| listing.job == job) else {
            return;
        };
        let mut listing = self.listings.swap_remove(place);
        listing.found.extend(links);
        match next {
            Some(from) if listing.found.len() < REMOTE_MAX => {
                let backend = listing.backend.clone();
                listing.job = self.queue(turn, &backend, None, Action::List { from }, None);
                self.listings.push(listing);
            }
            Some(_) | None => {
                let report = self.compare(&listing);
                turn.journal(
                    "remote_listed",
                    &listing.backend,
                    &json!({ "links": listing.found.len() }),
                );
                if let Some(to) = listing.asked_by {
                    turn.effect(Effect::Reply {
                        to,
                        reply: Reply::Remote {
                            report: Box::new(report),
                        },
                    });
                }
            }
        }
    }

    /// The list could not be read.
    pub(super) fn listing_failed(&mut self, turn: &mut Turn, job: JobId, reason: &str) {
        let Some(place) = self.listings.iter().position(|listing| listing.job == job) else {
            return;
        };
        let listing = self.listings.swap_remove(place);
        if let Some(to) = listing.asked_by {
            let notice = Notice::BackendRefused {
                reason: reason.to_owned(),
            };
            turn.effect(Effect::Reply {
                to,
                reply: Reply::Refused { notice },
            });
        }
    }

    /// Whoever waits for a list is told when it cannot come soon: the account is not online any more,
    /// or put it off too often.
    pub(super) fn end_listings(&mut self, turn: &mut Turn, backend: &str) {
        let is_online = self.accounts.is_online(backend);
        let ended: Vec<(JobId, String)> = self
            .listings
            .iter()
            .filter(|listing| listing.backend == backend)
            .filter_map(|listing| self.jobs.get(listing.job))
            .filter(|flight| !is_online || flight.job.attempts > LISTING_TRIES_MAX)
            .map(|flight| {
                (
                    flight.job.id,
                    flight.job.problem.clone().unwrap_or_default(),
                )
            })
            .collect();
        for (job, problem) in ended {
            self.jobs.remove(job);
            if problem.is_empty() {
                self.listing_failed(turn, job, "it cannot be reached now");
            } else {
                self.listing_failed(turn, job, &problem);
            }
        }
    }

    /// Which links of the provider are ours, which are not known here, and which of ours are gone.
    fn compare(&self, listing: &Listing) -> RemoteReport {
        let ours: BTreeMap<&str, &Link> = self
            .links
            .iter()
            .filter(|link| link.backend == listing.backend)
            .filter_map(|link| Some((link.remote.as_ref()?.id.as_str(), link)))
            .collect();
        let there: Vec<RemoteRow> = listing
            .found
            .iter()
            .map(|state| {
                let link = ours.get(state.link.id.as_str());
                RemoteRow {
                    id: state.link.id.clone(),
                    url: state.link.url.clone(),
                    standing: state.standing,
                    whose: if link.is_some() {
                        Whose::Ours
                    } else {
                        // Another till's, perhaps: never withdrawn by itself.
                        Whose::Unknown
                    },
                    link: link.map(|link| link.id),
                    title: link.map(|link| link.title.clone()),
                }
            })
            .collect();
        let listed: std::collections::BTreeSet<&str> =
            there.iter().map(|row| row.id.as_str()).collect();
        let gone = ours
            .iter()
            .filter(|(id, link)| {
                !listed.contains(*id) && matches!(link.state, LinkState::Live | LinkState::Shown)
            })
            .map(|(_, link)| link.id)
            .collect();
        RemoteReport {
            backend: listing.backend.clone(),
            links: there,
            gone,
        }
    }
}

/// What `link set` changes; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkChange {
    /// What is bought, in a few words.
    #[serde(default)]
    pub title: Option<String>,
    /// What it asks for.
    #[serde(default)]
    pub amount: Option<crate::domain::money::Amount>,
    /// What only its provider understands, above what is set.
    #[serde(default)]
    pub options: Options,
}

fn checked_title(title: &str) -> Result<String, Notice> {
    let title = title.trim();
    match title.chars().count() {
        1..=TITLE_CHARS_MAX => Ok(title.to_owned()),
        _ => Err(Notice::BadTitle {
            limit: TITLE_CHARS_MAX,
        }),
    }
}

fn check_ask(ask: Ask) -> Result<(), Notice> {
    match ask.asking {
        Asking::Fixed if ask.amount.minor <= 0 => Err(Notice::AmountNotPositive),
        Asking::Fixed | Asking::Open => Ok(()),
    }
}
