//! The payment accounts of this till, each with its own reach, pace and wishes: one that fails never
//! holds up another.

use super::pace::PaceMachine;
use super::reach::ReachMachine;
use super::setup::BackendSetup;
use super::snapshot::Reach;
use super::targets::Targets;
use crate::domain::time::Now;
use crate::proto::backend::{self, Capabilities, PaymentBackend};

/// One account.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) setup: BackendSetup,
    pub(super) codec: &'static dyn PaymentBackend,
    pub(super) reach: ReachMachine,
    pub(super) pace: PaceMachine,
    pub(super) targets: Targets,
    /// Whether its provider lets itself be told where a link's payments are to be reported.
    pub(super) takes_addresses: bool,
    /// What it said last that a person should know.
    pub(super) last_problem: Option<String>,
}

impl Account {
    fn new(setup: &BackendSetup, now: Now) -> Option<Self> {
        let codec = backend::codec(&setup.kind)?;
        let documented = codec.pace().map(|pace| pace.per_minute);
        let per_minute = match (setup.requests_per_minute, documented) {
            (Some(own), Some(documented)) => Some(own.min(documented)),
            (own, documented) => own.or(documented),
        };
        Some(Self {
            setup: setup.clone(),
            codec,
            reach: ReachMachine::new(Reach::Unknown, now),
            pace: PaceMachine::new(per_minute),
            targets: Targets::default(),
            takes_addresses: true,
            last_problem: None,
        })
    }

    /// What its provider's document allows.
    pub(super) fn can(&self) -> Capabilities {
        self.codec.capabilities()
    }

    pub(super) fn name(&self) -> &str {
        &self.setup.name
    }
}

/// All of them, in the order of the configuration; the first is the default.
#[derive(Debug, Default)]
pub(super) struct Accounts(Vec<Account>);

impl Accounts {
    pub(super) fn new(setups: &[BackendSetup], now: Now) -> Self {
        Self(
            setups
                .iter()
                .filter_map(|setup| Account::new(setup, now))
                .collect(),
        )
    }

    /// The default one; none for a till that takes cash only.
    pub(super) fn main(&self) -> Option<&Account> {
        self.0.first()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Account> {
        self.0.iter().find(|account| account.name() == name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Account> {
        self.0.iter_mut().find(|account| account.setup.name == name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        self.0.iter_mut()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|account| account.name().to_owned())
            .collect()
    }

    /// Whether requests to it may be sent in the hope of an answer.
    pub(super) fn is_online(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|account| account.reach.is_online())
    }

    /// What the status bar says: of the default account.
    pub(super) fn reach(&self) -> Reach {
        self.main()
            .map_or(Reach::NoBackend, |account| account.reach.reach())
    }

    /// What was said last, of the first account that has something to say.
    pub(super) fn last_problem(&self) -> Option<&str> {
        self.0
            .iter()
            .find_map(|account| account.last_problem.as_deref())
    }

    pub(super) fn say(&mut self, name: &str, problem: String) {
        if let Some(account) = self.get_mut(name) {
            account.last_problem = Some(problem);
        }
    }
}
