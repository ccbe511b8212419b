//! What one seed decides before anything happens: which faults there are, how often, and the shop.

use std::collections::BTreeSet;

use tillcode::proto::backend::{self, Learns};

use super::dice::Dice;
use super::provider::{KINDS, Kind};
use super::setup::BACKENDS;
use super::tally::Fault;

/// The circumstances of one run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    /// Per mille, by [`Fault`].
    rates: Vec<u64>,
    pub products: u64,
    pub spares: u32,
    pub opens: u32,
    pub amounts: u32,
    pub life_hours: u32,
    pub in_flight: u32,
    pub latency_ms: u64,
    /// The kinds of account, as rows of [`super::provider::KINDS`]; the first is the default one.
    pub kinds: Vec<usize>,
    /// The owner's own bound of the requests in a minute.
    pub per_minute: Option<u32>,
    /// Whether the owner has tried out what a provider posts that only hints.
    pub commissioned: bool,
    /// Whether the real database is kept beside the simulated one.
    pub mirrored: bool,
    /// What the loop around the till does wrong, to see whether it is found.
    pub sloppy: Option<Sloppy>,
    /// How many tills the shop has.
    pub tills: usize,
    /// Whether they are joined to a hub; several always are.
    pub hub: bool,
}

/// A loop that does not keep the order: commit, effects, snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(planted),
    expect(dead_code, reason = "only planted defects are sloppy")
)]
pub enum Sloppy {
    /// The snapshot is shown before its rows are on disk.
    ShowsFirst,
    /// Replies and requests go out before the rows are on disk.
    ActsFirst,
    /// A commit of unknown outcome is taken for one that worked.
    BelievesItWorked,
    /// A notification is acknowledged before it is on disk.
    AcknowledgesFirst,
    /// The hub acknowledges a notification before it is on disk.
    HubAcknowledgesFirst,
    /// How far the feed was read is on disk before what was read.
    CursorFirst,
}

/// One account, or in some runs a second one of another kind.
fn kinds(dice: &mut Dice) -> Vec<usize> {
    let all = u64::try_from(KINDS.len()).unwrap_or(1);
    let (first, step) = (dice.below(all), dice.between(1, all - 1));
    let second = dice.chance(250).then_some((first + step) % all);
    [Some(first), second]
        .into_iter()
        .flatten()
        .filter_map(|kind| usize::try_from(kind).ok())
        .collect()
}

/// How many tills, and whether they have a hub.
fn tills(dice: &mut Dice) -> (usize, bool) {
    match dice.below(10) {
        0..3 => (1, false),
        3..5 => (1, true),
        5..8 => (2, true),
        _ => (3, true),
    }
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x7469_6c6c_636f_6465);
        let rates = Fault::ALL
            .iter()
            .map(|fault| {
                let (low, high) = fault.rates();
                let enabled = dice.chance(550);
                let rate = dice.between(low, high);
                if enabled { rate } else { 0 }
            })
            .collect();
        let (tills, hub) = tills(&mut dice);
        Self {
            tills,
            hub,
            seed,
            rates,
            products: dice.between(1, 8),
            spares: u32::try_from(dice.between(1, 3)).unwrap_or(1),
            amounts: u32::try_from(dice.between(0, 6)).unwrap_or(1),
            life_hours: *dice.pick(&[1, 1, 2, 6, 24, 336]).unwrap_or(&1),
            in_flight: u32::try_from(dice.between(1, 4)).unwrap_or(1),
            latency_ms: *dice.pick(&[20, 200, 2_000, 9_000]).unwrap_or(&20),
            kinds: kinds(&mut dice),
            commissioned: dice.chance(650),
            per_minute: *dice.pick(&[None, None, Some(8), Some(40)]).unwrap_or(&None),
            mirrored: seed.is_multiple_of(64),
            sloppy: None,
            opens: u32::try_from(dice.below(3)).unwrap_or(1),
        }
    }

    /// The accounts, each with its name in the configuration.
    pub fn accounts(&self) -> Vec<(&'static str, &'static Kind)> {
        let kinds = self.kinds.iter().map(|kind| &KINDS[*kind]);
        BACKENDS.into_iter().zip(kinds).collect()
    }

    /// The accounts whose word is proof.
    pub fn proving(&self) -> BTreeSet<String> {
        let proves = |kind: &Kind| {
            let learns = backend::codec(kind.word).map(|codec| codec.capabilities().learns);
            match learns {
                Some(Learns::Notified | Learns::LookedUp) => true,
                Some(Learns::Hinted) => self.commissioned,
                Some(Learns::Never) | None => false,
            }
        };
        let accounts = self.accounts().into_iter();
        let proving = accounts.filter(|(_, kind)| proves(kind));
        proving.map(|(name, _)| name.to_owned()).collect()
    }

    pub fn rate(&self, fault: Fault) -> u64 {
        self.rates[fault as usize]
    }

    /// The same without one kind of fault, to see whether a story needs it.
    pub fn without(&self, fault: Fault) -> Self {
        let mut plan = self.clone();
        plan.rates[fault as usize] = 0;
        plan
    }

    pub fn faults(&self) -> impl Iterator<Item = Fault> {
        Fault::ALL
            .iter()
            .copied()
            .filter(|fault| self.rate(*fault) > 0)
    }
}
