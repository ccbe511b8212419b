//! Defects on purpose, to test the tests: the simulation must find each of them.
//!
//! Compiled with `--cfg planted` only, which no build of a till uses. At most one is present at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A single link that was given to a sale stays among the spare ones.
    LinkStaysSpare,
    /// The second payment of a sale is taken for the first one, told again.
    PaymentBySale,
    /// Every delivery of a notification counts as a payment of its own.
    PaymentByDelivery,
    /// A word that is no end yet is taken for money.
    PendingIsPaid,
    /// An older, lower status of a payment replaces the newer one.
    LowerStatusWins,
    /// A notification is believed although it names another link.
    StrangerBelieved,
    /// Money for a cancelled sale is dropped.
    CancelledIsDeaf,
    /// The link of a cancelled sale goes back to the spare ones.
    LinkReused,
    /// The link of a sale that ended is not switched off.
    LinkLeftOn,
    /// The wall clock ends sales.
    WallClockEnds,
    /// An answer is taken for the oldest job's, whosever it is.
    AnswerMixedUp,
    /// Any answer ends a job, a captive portal's too.
    PortalBelieved,
    /// The pause that a provider asked for is forgotten.
    PauseForgotten,
    /// Work that was sent once is forgotten at a start.
    JobForgotten,
    /// A sticker is shown while its price is being changed.
    PriceTooEarly,
    /// The number of the next sale is not kept.
    NumberForgotten,
    /// A claimed sale no longer listens.
    ClaimedIsDeaf,
    /// Whatever the hub says of a payment that was wanted, it is taken for ours.
    ClaimBelieved,
    /// A payment that others see too is taken without asking the hub.
    TakenUnasked,
    /// Where both streams bring something, the last item is read past.
    StreamSkipped,
    /// Of a hub that was restored the shop's stream is not read again.
    HalfBegunAgain,
    /// The hub gives a payment to whoever claims it last.
    LastClaimWins,
    /// The hub takes a number for the item that the till read, whatever its mark is.
    MarkIgnored,
    /// The hub removes what is old, read or not.
    UnreadForgotten,
}

impl Bug {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::LinkStaysSpare,
        Self::PaymentBySale,
        Self::PaymentByDelivery,
        Self::PendingIsPaid,
        Self::LowerStatusWins,
        Self::StrangerBelieved,
        Self::CancelledIsDeaf,
        Self::LinkReused,
        Self::LinkLeftOn,
        Self::WallClockEnds,
        Self::AnswerMixedUp,
        Self::PortalBelieved,
        Self::PauseForgotten,
        Self::JobForgotten,
        Self::PriceTooEarly,
        Self::NumberForgotten,
        Self::ClaimedIsDeaf,
        Self::ClaimBelieved,
        Self::TakenUnasked,
        Self::StreamSkipped,
        Self::HalfBegunAgain,
        Self::LastClaimWins,
        Self::MarkIgnored,
        Self::UnreadForgotten,
    ];
}

/// One more than the number of the present one; zero for none.
static PRESENT: AtomicUsize = AtomicUsize::new(0);

/// Plants one defect in place of any other, or none.
pub fn plant(bug: Option<Bug>) {
    let number = bug.map_or(0, |bug| (bug as usize).saturating_add(1));
    PRESENT.store(number, Ordering::Relaxed);
}

/// Whether it is present.
pub fn is(bug: Bug) -> bool {
    PRESENT.load(Ordering::Relaxed) == (bug as usize).saturating_add(1)
}
