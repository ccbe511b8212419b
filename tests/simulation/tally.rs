//! How often each fault and each state occurred. What never occurred was not tested.

use std::collections::BTreeMap;

macro_rules! faults {
    ($($name:ident $low:literal..$high:literal $words:literal,)*) => {
        /// A kind of fault, with the range of its rate per mille.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault { $($name,)* }

        impl Fault {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Per mille of the occasions at which it may occur.
            pub const fn rates(self) -> (u64, u64) {
                match self { $(Self::$name => ($low, $high),)* }
            }

            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

faults! {
    // Of each request.
    NotSent 10..300 "request not sent",
    Swallowed 10..300 "request lost on its way",
    AnswerLost 10..300 "answer lost, work done",
    AnswerLate 10..300 "answer late",
    WorkedTooLate 10..150 "work done after the till gave up",
    Replayed 10..500 "request delivered twice",
    Portal 10..200 "captive portal, 200 with HTML",
    BrokenJson 10..200 "answer cut within its JSON",
    Unreadable 5..100 "answer that is no text",
    Busy 10..200 "429 with Retry-After",
    ServerError 10..200 "5xx, nothing done",
    ErrorAfterWork 10..150 "5xx, work done",
    Rejected 5..60 "422, refused for good",
    TokenEnds 10..300 "token refused before its end",
    QuotaUsed 5..60 "quota used up by another till",
    // Of each deed.
    KeyRefused 1..10 "401 for a while",
    Partition 1..30 "no network for a while",
    WallJump 1..20 "wall clock jumps by up to 50 years",
    PowerOff 2..20 "switched off for hours",
    // Of each start of the machine.
    DeadBattery 100..900 "start in 1970",
    // Of each notification.
    NoticeLate 50..500 "notification late by up to 75 h",
    NoticeRepeated 50..500 "notification repeated",
    NoticeLost 50..500 "notification lost, sent again",
    NoticeStale 50..500 "older status of a payment after the newer one",
    Refunded 10..100 "payment given back",
    NoticeForeign 50..500 "notification that is nobody's",
    // Of each commit.
    CrashBefore 1..50 "process ends before a commit",
    CrashAfter 1..50 "process ends after a commit, before its effects",
    CrashBetween 1..50 "process ends between two effects",
    UnknownLost 1..50 "commit of unknown outcome, lost",
    UnknownKept 1..50 "commit of unknown outcome, kept",
    // Of each message to the hub.
    HubUnreached 10..200 "hub not reached",
    HubAskLost 10..200 "message to the hub lost on its way",
    HubAnswerLost 10..200 "answer of the hub lost, work done",
    HubAnswerLate 10..300 "answer of the hub late",
    HubAskedAgain 10..300 "message to the hub delivered again, much later",
    HubBusy 10..150 "hub busy",
    HubPortal 10..150 "captive portal in place of the hub",
    // Of each message to the hub and of each notification.
    HubCrashBefore 1..40 "hub ends before a commit",
    HubCrashAfter 1..40 "hub ends after a commit, before its answer",
    // Of each deed.
    HubAway 1..10 "hub away for hours",
    HubRestored 1..15 "hub restored from an old backup",
    // Of each attempt to open the database again.
    ReopenFails 50..500 "database cannot be opened for a while",
}

/// Things that must have occurred, besides the faults.
pub const STATES: &[&str] = &[
    "sale open",
    "sale awaiting",
    "sale paid",
    "sale cancelled",
    "sale expired",
    "sale late",
    "sale overpaid",
    "sale underpaid",
    "sale with a failed attempt",
    "sale to be matched by hand",
    "proof open",
    "proof claimed",
    "proof confirmed",
    "paid in cash",
    "paid after it was given up",
    "payment unmatched",
    "link requested",
    "link live",
    "link shown",
    "link paid",
    "link burned",
    "link expired",
    "link withdrawn",
    "link retired",
    "link refused",
    "link repriced",
    "code from the pool",
    "code made for the sale",
    "permanent code",
    "payer types the sum",
    "several codes",
    "code ended on the screen",
    "another code for a sale",
    "work refused",
    "work tried again",
    "work given up",
    "link made by hand",
    "reach unknown",
    "reach online",
    "reach offline",
    "reach refusing",
    "screen fault",
    "double tap",
    "possible stray",
    "real database compared",
    "paid at 4pay",
    "paid at altapay",
    "paid at devdraft",
    "paid at 4geeks",
    "two accounts",
    "paid the other way",
    "signed in",
    "token at its end",
    "look-up found a payment",
    "as many requests as a minute takes",
    "hint that is no proof",
    "payment that nobody hears of",
    "one till without a hub",
    "one till and its hub",
    "two tills and their hub",
    "three tills and their hub",
    "hub backed up",
    "hub forgot what all had read",
    "notification that the hub knows",
    "link published",
    "open sale told",
    "payment offered",
    "payment taken without asking",
    "payment set aside",
    "payment taken at several tills at once",
    "claim won",
    "claim lost",
    "payment taken elsewhere",
    "payment of another till's sticker taken",
    "stream restarted after a restore",
    "page that begins after forgotten items",
    "notification lost by a restore",
    "claim lost by a restore",
];

/// Counters of one run or of many.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    faults: BTreeMap<Fault, u64>,
    states: BTreeMap<&'static str, u64>,
    pub seeds: u64,
    pub deeds: u64,
    pub events: u64,
    pub commits: u64,
    pub sales: u64,
    pub payments: u64,
    pub checks: u64,
}

impl Tally {
    pub fn fault(&mut self, fault: Fault) {
        *self.faults.entry(fault).or_default() += 1;
    }

    pub fn state(&mut self, state: &'static str) {
        debug_assert!(STATES.contains(&state), "{state}");
        *self.states.entry(state).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (fault, count) in &other.faults {
            *self.faults.entry(*fault).or_default() += count;
        }
        for (state, count) in &other.states {
            *self.states.entry(state).or_default() += count;
        }
        self.seeds += other.seeds;
        self.deeds += other.deeds;
        self.events += other.events;
        self.commits += other.commits;
        self.sales += other.sales;
        self.payments += other.payments;
        self.checks += other.checks;
    }

    /// What was to occur so often at least and did not.
    pub fn missing(&self, least: u64) -> Vec<&'static str> {
        let faults = Fault::ALL
            .iter()
            .filter(|fault| self.faults.get(fault).copied().unwrap_or(0) < least)
            .map(|fault| fault.words());
        let states = STATES
            .iter()
            .filter(|state| self.states.get(*state).copied().unwrap_or(0) < least)
            .copied();
        faults.chain(states).collect()
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "| what | how often |\n|---|---|")?;
        let mut row = |name: &str, count: u64| writeln!(f, "| {name} | {count} |");
        for (name, count) in [
            ("seeds", self.seeds),
            ("deeds of people, network and power", self.deeds),
            ("events handled by the till", self.events),
            ("commits", self.commits),
            ("sales", self.sales),
            ("payments at the provider", self.payments),
            ("checks", self.checks),
        ] {
            row(name, count)?;
        }
        for fault in Fault::ALL {
            let count = self.faults.get(fault).copied().unwrap_or(0);
            row(&format!("fault: {}", fault.words()), count)?;
        }
        for state in STATES {
            row(state, self.states.get(state).copied().unwrap_or(0))?;
        }
        Ok(())
    }
}
