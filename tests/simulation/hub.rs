//! The hub between providers and tills, as `hub::server` drives its store: questions that are held open
//! until there is news, and what a restored backup makes it forget.

mod desk;

use std::collections::{BTreeMap, BTreeSet};

use tillcode::domain::time::Timestamp;
use tillcode::hub::store::{Arrival, Fed, Joined, Stream, Taken};
use tillcode::proto::hub::feed::OtherHistory;
use tillcode::proto::hub::{Cursor, Feed, FeedRequest, Hook, Item, Token, What};
use tillcode::terminal::{HubProblem, HubSaid, SendError, Told};

use self::desk::Desk;
use super::dice::Dice;
use super::network::{Ask, Call, HubAnswer, Notice, Parcel};
use super::oracle::Word;
use super::plan::Plan;
use super::setup::SHOP;

/// Backups that are kept.
const BACKUPS_MAX: usize = 3;

/// A payment, and what was said of it.
pub type About = (String, Word);

/// A till that has joined.
#[derive(Debug)]
struct Member {
    token: Token,
    hooks: Vec<Hook>,
    own: Stream,
}

/// Something for a till.
#[derive(Debug)]
pub struct Mail {
    pub till: usize,
    pub at_ms: u64,
    pub parcel: Parcel,
}

/// A question that waits for news.
#[derive(Debug)]
struct Held {
    call: Call,
    request: FeedRequest,
    back: u64,
}

/// What is in the hub's file, as far as somebody outside knows.
#[derive(Clone, Debug, Default)]
struct Memory {
    /// The last number of each stream.
    last: BTreeMap<Stream, u64>,
    acknowledged: BTreeSet<About>,
    /// Payments that were claimed.
    claims: BTreeSet<String>,
}

/// The hub.
#[derive(Debug)]
pub struct Hub {
    desk: Desk,
    members: Vec<Member>,
    owner: BTreeMap<String, Token>,
    shop: Stream,
    held: Vec<Held>,
    mail: Vec<Mail>,
    down_until_ms: u64,
    /// Until when no till reaches it; providers do.
    apart_until_ms: u64,
    memory: Memory,
    backups: Vec<(u32, Memory)>,
    abouts: BTreeMap<Vec<u8>, About>,
    /// What was acknowledged, and is in no file any more.
    pub lost: BTreeSet<About>,
    /// Payments whose claim is in no file any more.
    pub lost_claims: BTreeSet<String>,
}

impl Hub {
    /// With the plan's accounts and tills.
    pub fn new(plan: &Plan, mut dice: Dice, at: Timestamp) -> Self {
        let desk = Desk::new(Dice::new(dice.next()));
        let mut owner = BTreeMap::new();
        for (name, kind) in plan.accounts() {
            let token = desk.add_endpoint(SHOP, kind.word, name, at);
            owner.insert(kind.word.to_owned(), token);
        }
        let mut shop = None;
        let members = (0..plan.tills).map(|till| {
            let mut entropy = tillcode::domain::id::Entropy::new(dice.seed());
            let token = Token::draw(&mut entropy);
            let joined = desk.pair(SHOP, &format!("Till {till}"), token.clone(), at);
            let start = FeedRequest::new(&Cursor::default(), &Cursor::default(), 0);
            let Fed::Feed(reader, _) = desk.feed(token.hash(), start, at) else {
                panic!("whoever joined is fed");
            };
            shop = Some(reader.shop);
            Member {
                token,
                hooks: hooks(joined),
                own: reader.own,
            }
        });
        let members = members.collect();
        let mut hub = Self {
            desk,
            members,
            owner,
            shop: shop.expect("a till"),
            held: Vec::new(),
            mail: Vec::new(),
            down_until_ms: 0,
            apart_until_ms: 0,
            memory: Memory::default(),
            backups: Vec::new(),
            abouts: BTreeMap::new(),
            lost: BTreeSet::new(),
            lost_claims: BTreeSet::new(),
        };
        hub.back_up();
        hub
    }

    /// What a till knew of it when it was switched on first.
    pub fn hooks_of(&self, till: usize) -> &[Hook] {
        &self.members[till].hooks
    }

    pub fn hook_of_owner(&self, kind: &str) -> Option<Token> {
        self.owner.get(kind).cloned()
    }

    /// What the tills are to be told.
    pub fn mail(&mut self) -> Vec<Mail> {
        std::mem::take(&mut self.mail)
    }

    pub const fn is_down(&self, now_ms: u64) -> bool {
        now_ms < self.down_until_ms
    }

    /// Whether a till cannot reach it.
    pub const fn is_out_of_reach(&self, now_ms: u64) -> bool {
        self.is_down(now_ms) || now_ms < self.apart_until_ms
    }

    /// The shop's tills are switched off, or their way to it is cut.
    pub fn is_cut_off(&mut self, until_ms: u64) {
        self.apart_until_ms = self.apart_until_ms.max(until_ms);
    }

    /// Nobody keeps it down any longer.
    pub const fn comes_up(&mut self) {
        self.down_until_ms = 0;
        self.apart_until_ms = 0;
    }

    /// Its process ends. Whoever waited hears nothing.
    pub fn dies(&mut self, now_ms: u64, until_ms: u64) {
        self.down_until_ms = self.down_until_ms.max(until_ms);
        for held in std::mem::take(&mut self.held) {
            let broke = HubProblem::Silent(SendError::NoAnswer("broken off".to_owned()));
            self.posts(held.call, held.back, now_ms, |call| {
                HubAnswer::failed(call, broke)
            });
        }
    }

    fn posts(
        &mut self,
        call: Call,
        back: u64,
        now_ms: u64,
        answer: impl FnOnce(&Call) -> HubAnswer,
    ) {
        let answer = answer(&call);
        self.mail.push(Mail {
            till: call.till,
            at_ms: now_ms + back,
            parcel: Parcel::FromHub { call, answer },
        });
    }

    /// A notification is on disk, or nobody's.
    pub fn takes(&mut self, notice: &Notice, kind: &str, now_ms: u64, at: Timestamp) -> Taken {
        let Some(hook) = notice.hook.as_ref().map(Token::hash) else {
            return Taken::Nobody;
        };
        let body = notice.body.clone().into_bytes();
        if let Some(about) = &notice.about {
            self.abouts.insert(body.clone(), about.clone());
        }
        let taken = self.desk.take(Arrival {
            kind: kind.to_owned(),
            hook,
            link: notice.address.clone(),
            headers: Vec::new(),
            body,
            at,
        });
        if let Taken::Stored(stream) = taken {
            self.rings(stream, now_ms, at);
        }
        taken
    }

    /// The provider has it in writing.
    pub fn acknowledged(&mut self, about: &About) {
        self.lost.remove(about);
        self.memory.acknowledged.insert(about.clone());
    }

    /// What an item says of which payment.
    pub fn about(&self, item: &Item) -> Option<&About> {
        match &item.what {
            What::Notification(posted) => self.abouts.get(&posted.body),
            What::Claim(_) => None,
        }
    }

    /// One more item is in a stream: whoever waits for it is answered.
    fn rings(&mut self, stream: Stream, now_ms: u64, at: Timestamp) {
        *self.memory.last.entry(stream).or_default() += 1;
        let held = std::mem::take(&mut self.held);
        for held in held {
            if stream == self.shop || self.members[held.call.till].own == stream {
                let fed = self.feeds(held.call.till, held.request, at);
                self.posts(held.call, held.back, now_ms, |_| HubAnswer::Feed(fed));
            } else {
                self.held.push(held);
            }
        }
    }

    fn feeds(
        &self,
        till: usize,
        request: FeedRequest,
        at: Timestamp,
    ) -> Result<Box<Feed>, HubProblem> {
        match self.desk.feed(self.members[till].token.hash(), request, at) {
            Fed::Feed(_, feed) => Ok(Box::new(feed)),
            Fed::OtherHistory { own, shop } => {
                Err(HubProblem::OtherHistory(OtherHistory { own, shop }))
            }
            Fed::Nobody => Err(HubProblem::Refused),
        }
    }

    /// Does what it is asked; none where the question is held open. `back`: how long an answer takes,
    /// none where nobody waits for it.
    pub fn does(
        &mut self,
        call: &Call,
        back: Option<u64>,
        now_ms: u64,
        at: Timestamp,
    ) -> Option<HubAnswer> {
        let token = self.members[call.till].token.hash();
        Some(match &call.ask {
            Ask::Feed(request) => {
                let fed = self.feeds(call.till, request.clone(), at);
                let is_empty = fed
                    .as_ref()
                    .is_ok_and(|feed| feed.own.items.is_empty() && feed.shop.items.is_empty());
                if let Some(back) = back.filter(|_| is_empty && request.wait > 0) {
                    self.held.push(Held {
                        call: call.clone(),
                        request: request.clone(),
                        back,
                    });
                    return None;
                }
                HubAnswer::Feed(fed)
            }
            Ask::Hooks => {
                let known = &self.members[call.till].hooks;
                let known = known.iter().filter_map(Hook::token).collect();
                HubAnswer::Hooks(self.desk.hooks(token, known, at).map(hooks))
            }
            Ask::Tell(Told::Links(links)) => {
                let heard = self.desk.publish(token, links.clone(), at);
                HubAnswer::Told(heard.then_some(HubSaid::Stored).ok_or(HubProblem::Refused))
            }
            Ask::Tell(Told::OpenSales(sales)) => {
                let heard = self.desk.open_sales(token, sales.clone());
                HubAnswer::Told(heard.then_some(HubSaid::Stored).ok_or(HubProblem::Refused))
            }
            Ask::Tell(Told::Claim(claim)) => {
                let claiming = self.desk.claim(token, claim.clone(), at);
                let claiming = claiming.expect("whoever joined may claim");
                self.memory.claims.insert(claim.payment.clone());
                if let Some(stream) = claiming.told {
                    self.rings(stream, now_ms, at);
                }
                HubAnswer::Told(Ok(HubSaid::Claimed(claiming.claimed)))
            }
            // The tills of the market print nothing.
            Ask::Tell(Told::Stickers(_)) => HubAnswer::Told(Ok(HubSaid::Stickers(Box::default()))),
        })
    }

    /// A question that was held open is answered with what there is.
    pub fn lets_go(&mut self, call: &Call, now_ms: u64, at: Timestamp) {
        let is_it = |held: &Held| {
            let other = &held.call;
            (other.till, other.process, other.number) == (call.till, call.process, call.number)
        };
        let Some(place) = self.held.iter().position(is_it) else {
            return;
        };
        let held = self.held.swap_remove(place);
        let fed = self.feeds(held.call.till, held.request, at);
        self.posts(held.call, held.back, now_ms, |_| HubAnswer::Feed(fed));
    }

    /// Somebody keeps a copy.
    pub fn back_up(&mut self) {
        let number = self.desk.back_up();
        self.backups.push((number, self.memory.clone()));
        if self.backups.len() > BACKUPS_MAX {
            self.backups.remove(1);
        }
    }

    /// The owner goes on with one of the copies. What was acknowledged since is lost to the hub.
    /// Returns how many notifications and claims.
    pub fn restore(&mut self, dice: &mut Dice) -> (usize, usize) {
        let Some((number, memory)) = dice.pick(&self.backups).cloned() else {
            return (0, 0);
        };
        self.desk.restore(number);
        let earlier = std::mem::replace(&mut self.memory, memory);
        let posted = earlier.acknowledged.difference(&self.memory.acknowledged);
        let claims = earlier.claims.difference(&self.memory.claims);
        let lost = (posted.clone().count(), claims.clone().count());
        self.lost.extend(posted.cloned());
        self.lost_claims.extend(claims.cloned());
        lost
    }

    /// What is older and was read by all is removed.
    pub fn forgets(&self, before: Timestamp) -> bool {
        self.desk.forget(before)
    }

    /// Where a till's two streams end.
    pub fn ends(&self, till: usize) -> [u64; 2] {
        let last = |stream| self.memory.last.get(&stream).copied().unwrap_or(0);
        [last(self.members[till].own), last(self.shop)]
    }
}

fn hooks(joined: Joined) -> Vec<Hook> {
    let hooks = joined.hooks.into_iter().map(|(endpoint, token)| Hook {
        address: format!(
            "https://hub.example/hooks/{}/{}",
            endpoint.kind,
            token.reveal()
        ),
        kind: endpoint.kind,
        name: endpoint.name,
        endpoint: endpoint.id,
    });
    hooks.collect()
}
