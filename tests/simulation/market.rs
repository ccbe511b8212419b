//! The tills of one shop, with what they share: the provider, the hub, and time.

mod ending;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tillcode::domain::id::SaleId;
use tillcode::terminal::Actor;

use super::clock::Clock;
use super::dice::Dice;
use super::hub::Hub;
use super::oracle::{News, Outcome, require};
use super::plan::Plan;
use super::provider::Provider;
use super::tally::Tally;
use super::world::World;

/// How often all tills take the same payment, per mille of the deeds.
const AT_ONCE: u64 = 40;

/// What the tills of a shop share.
#[derive(Clone, Debug)]
pub struct Shared {
    pub provider: Rc<RefCell<Provider>>,
    pub hub: Option<Rc<RefCell<Hub>>>,
    /// The story, where it is told.
    pub told: Option<Rc<RefCell<Vec<String>>>>,
}

/// Everything.
#[derive(Debug)]
pub struct Market {
    pub worlds: Vec<World>,
    pub shared: Shared,
    pub now_ms: u64,
    /// Of which tills' sales a payment is.
    counts: BTreeMap<String, BTreeSet<(usize, SaleId)>>,
}

impl Market {
    pub fn new(plan: &Plan, telling: bool) -> Outcome<Self> {
        let mut dice = Dice::new(plan.seed);
        let at = Clock::new(0).server();
        let provider = Provider::new(&plan.accounts(), dice.seed(), at);
        let hub = plan.hub.then(|| Hub::new(plan, Dice::new(dice.next()), at));
        let shared = Shared {
            provider: Rc::new(RefCell::new(provider)),
            hub: hub.map(|hub| Rc::new(RefCell::new(hub))),
            told: telling.then(Rc::default),
        };
        let worlds = (0..plan.tills)
            .map(|number| World::new(plan.clone(), number, Dice::new(dice.next()), &shared));
        let mut market = Self {
            worlds: worlds.collect(),
            shared,
            now_ms: 0,
            counts: BTreeMap::new(),
        };
        let state = match (plan.tills, plan.hub) {
            (1, false) => "one till without a hub",
            (1, true) => "one till and its hub",
            (2, _) => "two tills and their hub",
            _ => "three tills and their hub",
        };
        market.worlds[0].tally.state(state);
        market.pass(0)?;
        Ok(market)
    }

    /// One deed at one of the tills, after some time.
    pub fn deed(&mut self, chance: u64) -> Outcome {
        let mut dice = Dice::new(chance);
        let tills = u64::try_from(self.worlds.len()).unwrap_or(1);
        let who = usize::try_from(dice.below(tills)).unwrap_or(0);
        for world in &mut self.worlds {
            world.dice = Dice::new(dice.next());
        }
        let pause = self.worlds[who].idles();
        self.pass(pause)?;
        if tills > 1 && dice.chance(AT_ONCE) {
            return self.all_take();
        }
        self.worlds[who].acts()?;
        self.spread(who)
    }

    /// At every till somebody says that goods were handed over for the newest payment.
    fn all_take(&mut self) -> Outcome {
        for till in 0..self.worlds.len() {
            if let Some(command) = self.worlds[till].takes_newest() {
                self.worlds[till]
                    .tally
                    .state("payment taken at several tills at once");
                self.worlds[till].command(command, Actor::Cashier, None)?;
            }
            self.spread(till)?;
        }
        Ok(())
    }

    pub fn pass(&mut self, millis: u64) -> Outcome {
        let end_ms = self.now_ms.saturating_add(millis);
        loop {
            let due = self.worlds.iter().enumerate().filter_map(|(till, world)| {
                let due = world.due()?;
                Some((due.max(world.clock.true_ms), till))
            });
            let Some((due, till)) = due.min().filter(|(due, _)| *due <= end_ms) else {
                break;
            };
            self.worlds[till].step(due)?;
            self.spread(till)?;
        }
        for world in &mut self.worlds {
            world.clock.true_ms = world.clock.true_ms.max(end_ms);
        }
        self.now_ms = end_ms;
        Ok(())
    }

    /// What happened at one till reaches whom it concerns.
    pub fn spread(&mut self, till: usize) -> Outcome {
        for news in std::mem::take(&mut self.worlds[till].oracle.news) {
            match news {
                News::Charge(payment, charge) => {
                    let others = self.worlds.iter_mut().filter(|world| world.number != till);
                    for world in others {
                        world.oracle.heard_of(&payment, &charge);
                    }
                }
                News::Counts(payment, sale) => self.counts(till, payment, sale)?,
            }
        }
        let mail = self.shared.hub.as_ref();
        let mail = mail.map(|hub| hub.borrow_mut().mail());
        for mail in mail.into_iter().flatten() {
            self.worlds[mail.till].post_at(mail.at_ms, mail.parcel);
        }
        Ok(())
    }

    /// A payment is on a sale: on one of the shop, unless the hub forgot who had it.
    fn counts(&mut self, till: usize, payment: String, sale: SaleId) -> Outcome {
        let is_lost = self.shared.hub.as_ref();
        let is_lost = is_lost.is_some_and(|hub| hub.borrow().lost_claims.contains(&payment));
        let sales = self.counts.entry(payment).or_default();
        sales.insert((till, sale));
        require(
            sales.len() == 1 || is_lost,
            "a payment counts for one sale of the shop",
            || format!("{sales:?}"),
        )
    }

    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for world in &self.worlds {
            tally.add(&world.tally);
        }
        tally
    }

    pub fn told(&self) -> Vec<String> {
        let told = self.shared.told.as_ref();
        told.map(|told| told.take()).unwrap_or_default()
    }
}
