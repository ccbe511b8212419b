//! How a link is made so that a lost answer makes no second one that somebody sees.
//!
//! 1. The create goes out under a key that only the link's id decides, so the same key is sent again
//!    after a crash; the provider answers a known key with the first link.
//! 2. The provider forgets a key after 24 hours. From 23 on the account's links are searched first:
//!    the one that carries our reference is taken over.
//! 3. An address that is taken already is looked up the same way: ours is taken over, another till's
//!    makes this one try its next address, under a key of its own.

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::super::{LinkJob, Next, Outcome, Refusal, RemoteState, Response};
use super::answer::{self, Claim};
use super::{ask, problem, settings, slug};
use crate::domain::link::{Link, Purpose};

/// How long a key is relied on, in milliseconds; the provider keeps it 24 hours.
const KEY_LIFE_MS: i64 = 23 * 3_600_000;
/// Pages that are searched at most; whoever has more links gets a new one.
const SEARCH_PAGES_MAX: u64 = 20;

/// Where a create stands: a fold over its answers.
struct Trail<'a> {
    link: &'a Link,
    job: &'a LinkJob<'a>,
    /// Which of the link's slugs is tried.
    attempt: usize,
    /// Where the search goes on; none where the link is to be made.
    search: Option<u64>,
    /// Whether the slug is known to belong to another link, unless the search finds it to be ours.
    is_taken: bool,
    /// The last answer that said so.
    refused: Option<&'a Response>,
}

/// What a create needs next.
pub(super) fn next(
    link: &Link,
    job: &LinkJob<'_>,
    recognizes: impl Fn(&Response) -> bool,
) -> Result<Next, Refusal> {
    let mut trail = Trail {
        link,
        job,
        attempt: 0,
        search: None,
        is_taken: false,
        refused: None,
    };
    if age(job) > 0 {
        trail.search = Some(0);
    }
    for response in job.answers {
        if let Some(page) = answer::page(response) {
            if let Some(found) = trail.read_page(response, &page)? {
                return Ok(Next::Done(Outcome::Link(found)));
            }
        } else if !trail.is_taken && problem::is_taken(response) {
            // Said of the search itself it would go round in circles, so that is a problem below.
            trail.search = Some(0);
            trail.is_taken = true;
            trail.refused = Some(response);
        } else {
            return match problem::check(response, recognizes(response)) {
                Ok(()) => trail.made(response),
                Err(problem) => Ok(problem),
            };
        }
    }
    trail.send()
}

impl Trail<'_> {
    fn made(&self, response: &Response) -> Result<Next, Refusal> {
        let terms = ask::terms(self.link, self.job.account)?;
        let base = settings::checkout_base(self.job.account);
        let reference = self.link.id.to_string();
        let state = answer::created(response, &terms, &reference, base)?;
        Ok(Next::Done(Outcome::Link(state)))
    }

    /// Looks for our link on a page; without it the search goes on, or ends.
    fn read_page(
        &mut self,
        response: &Response,
        page: &[&RawValue],
    ) -> Result<Option<RemoteState>, Refusal> {
        let account = self.job.account;
        let base = settings::checkout_base(account);
        let reference = self.link.id.to_string();
        let slug = self.slug();
        for entry in page {
            let claim = answer::claim(entry, &reference, slug.as_deref().unwrap_or(""));
            let is_ours = match claim {
                Claim::Ours => true,
                // Nobody else could have thought of sixty random bits.
                Claim::Slug => self.link.purpose == Purpose::Single,
                Claim::Taken | Claim::None => false,
            };
            if is_ours {
                let terms = ask::terms(self.link, account)?;
                return answer::adopted(response, entry, &terms, base).map(Some);
            }
            self.is_taken |= matches!(claim, Claim::Slug | Claim::Taken);
        }
        let from = self.search.unwrap_or(0).saturating_add(ask::PAGE);
        let pages = from.checked_div(ask::PAGE).unwrap_or(0);
        if answer::is_full(page) && pages < SEARCH_PAGES_MAX {
            self.search = Some(from);
        } else {
            self.search = None;
            if self.is_taken {
                self.attempt = self.attempt.saturating_add(1);
            }
            self.is_taken = false;
        }
        Ok(None)
    }

    fn slug(&self) -> Option<String> {
        slug::of(self.link, self.job.account.shop, self.attempt)
    }

    fn send(&self) -> Result<Next, Refusal> {
        if let Some(from) = self.search {
            return Ok(Next::Send(ask::list(from)));
        }
        let Some(slug) = self.slug() else {
            return Err(self.gave_up());
        };
        let job = self.job;
        let key = key(self.link, self.attempt, age(job));
        ask::create(self.link, job.account, &slug, &key, job.now).map(Next::Send)
    }

    fn gave_up(&self) -> Refusal {
        let tries = slug::TRIES;
        let reason = format!(
            "Devdraft says of {tries} different addresses that they are taken: rename the product, or \
             ask Devdraft's support"
        );
        match self.refused {
            Some(response) => problem::because(response, reason),
            None => Refusal::of(reason),
        }
    }
}

/// How many lives of a key have passed since the job's first request.
fn age(job: &LinkJob<'_>) -> i64 {
    let passed = job.first_sent.map_or(0, |first| job.now.since(first));
    passed.div_euclid(KEY_LIFE_MS).max(0)
}

/// The idempotency key: a UUID of version 4 out of nothing but the link, its slug and the key's age,
/// so that nothing has to be kept for it.
pub(super) fn key(link: &Link, attempt: usize, age: i64) -> uuid::Uuid {
    let mut hash = Sha256::new();
    hash.update(b"tillcode devdraft idempotency-key");
    hash.update(link.id.0.as_bytes());
    hash.update(u64::try_from(attempt).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(age.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let bytes = digest.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
