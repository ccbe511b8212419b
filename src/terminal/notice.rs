//! Sentences that the till says to people, as codes with values.
//!
//! The screen translates them; scripts and logs get the English of `Display`. Each names the
//! reason and a remedy.

use serde::{Deserialize, Serialize};

use super::printing::PaperNotice;
use crate::domain::money::Amount;

/// One sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// No network, and no code on this till asks for this sum.
    #[error(
        "there is no network and no spare code for {}: sell the items one by one, take cash, or wait for the network",
        amount.to_decimal()
    )]
    OfflineNoCode {
        /// What was to be paid.
        amount: Amount,
    },
    /// No network, and the codes on this till ask for the price before.
    #[error(
        "there is no network, and no code for the new price of {} yet: take cash, or wait for the network",
        amount.to_decimal()
    )]
    NewPriceNoCode {
        /// What was to be paid.
        amount: Amount,
    },
    /// No backend is configured.
    #[error("no payment account is set up: take cash, or add a [[backend]] to the configuration")]
    NoBackend,
    /// The backend's name is not in the configuration.
    #[error("there is no payment account named {name:?}: see [[backend]] in the configuration")]
    UnknownBackend {
        /// What was asked for.
        name: String,
    },
    /// The provider did not make the link.
    #[error("the payment account refused the code: {reason}")]
    BackendRefused {
        /// In the provider's words, with status and request id.
        reason: String,
    },
    /// Something about paper.
    #[error(transparent)]
    Paper(PaperNotice),
    /// Nothing in the catalog has this code.
    #[error("no product has the code {code:?}: check the catalog, or find it by its name")]
    UnknownCode {
        /// What was scanned or typed.
        code: String,
    },
    /// The product is gone.
    #[error("this product is no longer sold: it was archived or removed from the catalog")]
    UnknownProduct,
    /// The product has no price that the till could ask for.
    #[error(
        "the payer says how much {product:?} is: let them scan its sticker, or type the amount here"
    )]
    PayerSetsAmount {
        /// Its name.
        product: String,
    },
    /// No such sale.
    #[error("there is no such sale on this till: `tillcode sale list` shows them")]
    UnknownSale,
    /// No hub is joined, or it has no endpoint for any account of this till.
    #[error(
        "no notification can come here: pair this till with a message server that has an endpoint for its payment account"
    )]
    NoHub,
    /// No such payment.
    #[error("there is no such payment on this till: `tillcode payment list` shows them")]
    UnknownPayment,
    /// The message server has not said yet whether it is this till's.
    #[error("this payment was taken here already: the message server has not answered yet")]
    PaymentWanted,
    /// It belongs to a sale already.
    #[error("{till} has taken this payment already: ask there, or sort it out another way")]
    PaymentTaken {
        /// The till's name.
        till: String,
    },
    /// Two tills have a payment: the message server had forgotten who it was.
    #[error("{till} has this payment as well: it counts twice, compare with the account")]
    PaymentTakenTwice {
        /// The other one.
        till: String,
    },
    /// A payment in another currency than the sale that it is to be for.
    #[error("this payment is in another currency than the sale: give it back, or find its sale")]
    PaymentCurrency,
    /// No such link.
    #[error("there is no such code on this till: `tillcode link list` shows them")]
    UnknownLink,
    /// The cart has nothing in it.
    #[error("there is nothing to pay yet: tap a product first")]
    EmptyCart,
    /// A sum that is not above zero.
    #[error("the amount must be above zero")]
    AmountNotPositive,
    /// A sum beyond what is sensible.
    #[error("the sum is too large: sell in two parts")]
    AmountTooLarge,
    /// Two currencies in one cart.
    #[error(
        "{product:?} has its price in {found}, this till sells in {expected}: correct the catalog"
    )]
    WrongCurrency {
        /// The product's name.
        product: String,
        /// Its currency.
        found: String,
        /// The shop's currency.
        expected: String,
    },
    /// Too many lines or pieces.
    #[error("that is more than one sale can hold: finish this one and begin another")]
    CartFull,
    /// Cash below the total.
    #[error("{} are missing: take at least the total", missing.to_decimal())]
    CashTooLittle {
        /// What is missing.
        missing: Amount,
    },
    /// The sale is paid, so it cannot be cancelled or paid again.
    #[error("this sale is already paid")]
    AlreadyPaid,
    /// The sale is closed.
    #[error("this sale was closed: begin a new one")]
    AlreadyClosed,
    /// A claim without a reason.
    #[error("say why the goods are handed over without proof")]
    ReasonMissing,
    /// Only in the demo.
    #[error("this is possible in the demo shop only")]
    DemoOnly,
    /// Too many favorites, or the command is larger than allowed.
    #[error("that is too much at once: {limit} at most")]
    TooMany {
        /// How many are allowed.
        limit: usize,
    },
    /// A product that breaks a rule of the catalog.
    #[error("{sku:?} is not a product that can be sold: {reason}")]
    BadProduct {
        /// Which.
        sku: String,
        /// What is wrong and what helps.
        reason: String,
    },
    /// More than the owner lets out of the hand without proof.
    #[error(
        "at most {} may be handed over without proof: wait for the payment, or take cash",
        cap.to_decimal()
    )]
    AboveCap {
        /// What is allowed.
        cap: Amount,
    },
    /// The same, where the owner's PIN allows it.
    #[error(
        "more than {} is handed over without proof by the owner's PIN only",
        cap.to_decimal()
    )]
    PinNeeded {
        /// What is allowed without.
        cap: Amount,
    },
    /// The owner's word, and there is no PIN on it.
    #[error("this is the owner's to say: type the owner's PIN")]
    OwnerPin,
    /// The owner's word, and no PIN is set.
    #[error("this is the owner's to say: set a PIN under [risk], or use `tillcode sale check`")]
    OwnerOnly,
    /// It is another one.
    #[error("this is not the owner's PIN: type it again")]
    PinWrong,
    /// Too many wrong ones.
    #[error("too many wrong PINs: wait half a minute, then type it again")]
    PinLocked,
    /// The code on the screen takes no money any more.
    #[error("this code is past its end: press \"New code\"")]
    CodeEnded,
    /// The provider's document knows no way to change a link.
    #[error(
        "{kind} cannot change a code: make a new one, and switch the old one off where that is possible"
    )]
    CannotChange {
        /// The provider's word.
        kind: String,
    },
    /// The provider's document knows no list.
    #[error("{kind} does not list its codes: look at its console")]
    CannotList {
        /// The provider's word.
        kind: String,
    },
    /// Only with the account at hand.
    #[error("the payment account cannot be reached now: try again once it is online")]
    NotNow,
    /// A title that is empty or too long.
    #[error("write what is sold in 1 to {limit} characters")]
    BadTitle {
        /// How many are allowed.
        limit: usize,
    },
    /// No such piece of work.
    #[error("this does not wait any more: look at the list again")]
    UnknownJob,
    /// Work that was not refused cannot be given up.
    #[error("this is still being tried: it can be given up only once it was refused")]
    JobUnderWay,
    /// A link that is needed for money that may still come.
    #[error("this code belongs to a sale that waits for payment: cancel the sale first")]
    LinkInUse,
    /// No room for what was to be written; none of it was.
    #[error("the disk is full: free some space, nothing was written")]
    DiskFull,
    /// The disk gave an error and everything was read again.
    #[error(
        "the storage reported an error; everything was read again: check the last sale in Recent"
    )]
    StoreReopened,
}
