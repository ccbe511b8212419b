//! What people and scripts may ask of the till, and what it answers.
//!
//! The window, the subcommands and the local socket all use these; there is no other way in.

use serde::{Deserialize, Serialize};

use super::custom::{CustomLink, LinkChange};
use super::notice::Notice;
use super::printing::{PaperCommand, Patrol, StickerText};
use super::query::{RemoteReport, SaleView};
use super::snapshot::{Screen, SellMode, Theme};
use super::trip::TripTarget;
use crate::domain::catalog::Product;
use crate::domain::id::{CartId, JobId, LinkId, PrintId, ProductId, SaleId};
use crate::domain::locale::Language;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;

/// The most products of one [`Command::PutProducts`]: a tap that waits behind it waits briefly.
pub const PRODUCTS_PER_COMMAND_MAX: usize = 500;

/// One intent. Each either happens as a whole or is refused with a [`Notice`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// A product's tile was tapped: sells one piece at once, or adds it to the cart, by the mode.
    Tap {
        /// Which.
        product: ProductId,
    },
    /// One item for each sale, or several.
    SetMode {
        /// Which of the two.
        mode: SellMode,
    },
    /// Changes how many pieces a line of the cart has; zero removes it.
    SetQuantity {
        /// The line's position.
        line: usize,
        /// Pieces.
        quantity: u32,
    },
    /// Adds an amount that was typed on the keypad to the cart.
    AddAmount {
        /// Above zero.
        amount: Amount,
    },
    /// Sells an amount that was typed on the keypad at once.
    PayAmount {
        /// Above zero.
        amount: Amount,
    },
    /// Begins a sale of the cart, to be paid by code.
    PayCart,
    /// Empties the cart.
    ClearCart,
    /// Puts the cart aside, for the next customer to be served.
    HoldCart,
    /// Takes a held cart back; the present one, if any, is put aside.
    RecallCart {
        /// Which.
        cart: CartId,
    },
    /// Something was scanned with no field focused: a barcode, or one of our own stickers.
    Scan {
        /// As the scanner typed it, without its end mark.
        text: String,
    },
    /// Arranges the favorites.
    SetFavorites {
        /// In order; at most [`super::FAVORITES_MAX`].
        products: Vec<ProductId>,
    },
    /// Cash was taken for the cart; begins and ends its sale.
    PayCartInCash {
        /// What the customer gave.
        given: Amount,
    },
    /// Cash was taken for a sale that waits.
    PayInCash {
        /// Which.
        sale: SaleId,
        /// What the customer gave.
        given: Amount,
    },
    /// Shows a sale: its code where it waits, its receipt words where it is paid.
    OpenSale {
        /// Which.
        sale: SaleId,
    },
    /// Ends a sale that is not paid.
    CancelSale {
        /// Which.
        sale: SaleId,
    },
    /// The cashier hands the goods over without proof.
    ClaimSale {
        /// Which.
        sale: SaleId,
        /// Why; not empty, at most 200 characters.
        reason: String,
        /// The owner's, for what is above a cap.
        #[serde(default)]
        pin: Option<Pin>,
    },
    /// Somebody compared a sale with the provider's own list of payments.
    CheckSale {
        /// Which.
        sale: SaleId,
        /// Whether its payment is there.
        found: bool,
        /// The owner's, where there is one.
        #[serde(default)]
        pin: Option<Pin>,
    },
    /// Goes to a screen. Leaving Pay leaves its sale waiting.
    Go {
        /// Which.
        screen: Screen,
    },
    /// The language of the cashier's words.
    SetLanguage {
        /// Which.
        language: Language,
    },
    /// Light, dark or sunlight.
    SetTheme {
        /// Which.
        theme: Theme,
    },
    /// Takes the notice off the screen.
    DismissNotice,
    /// A demo's customer pays the code on the screen. Refused outside of the demo.
    CustomerPays {
        /// Which sale.
        sale: SaleId,
    },
    /// Adds or changes products; at most [`PRODUCTS_PER_COMMAND_MAX`].
    PutProducts {
        /// As they are to be.
        products: Vec<Product>,
        /// Where they come from, for the journal.
        source: String,
    },
    /// A script's sale; does not touch the screen.
    NewSale {
        /// What is sold.
        lines: Vec<NewLine>,
        /// The backend's name; none for the default one.
        backend: Option<String>,
        /// Acts as if there were no network.
        offline: bool,
    },
    /// Gets links for products that have none: `link mint`.
    MintLinks,
    /// Switches a link off: `link withdraw`.
    WithdrawLink {
        /// Our id of it.
        link: LinkId,
    },
    /// Makes a link by hand: `link new`. Its reply names it; it is made in the background.
    NewLink {
        /// As it is to be.
        wish: CustomLink,
    },
    /// Changes a live link: `link set`.
    SetLink {
        /// Our id of it.
        link: LinkId,
        /// What changes.
        change: LinkChange,
    },
    /// Reads the provider's own list to its end: `link list --remote`. The reply is
    /// [`Reply::Remote`].
    ListRemote {
        /// The account's name; none for the default one.
        backend: Option<String>,
    },
    /// Tries something that waits, or was refused, again.
    RetryJob {
        /// Which.
        job: JobId,
    },
    /// Decides that something that was refused is not to be tried any more.
    GiveUpJob {
        /// Which.
        job: JobId,
        /// Why; not empty, at most 200 characters.
        reason: String,
    },
    /// Tries the network and everything that waits at once.
    SendNow,
    /// Sends a test notification to the hub's public address: `check`. How far it came is in
    /// [`super::Query::Sync`].
    TestHub,
    /// Keeps more spare codes ready for days without a network. No targets end the trip.
    PlanTrip {
        /// The account's name; none for the default one.
        #[serde(default)]
        backend: Option<String>,
        /// At most [`super::trip::TRIP_AMOUNTS_MAX`], each sum once.
        targets: Vec<TripTarget>,
        /// Its end.
        until: Timestamp,
    },
    /// Says what a payment is for that belongs to no sale by itself: `payment take`. Where other tills
    /// see it too, the message server decides who was first; until then it waits.
    TakePayment {
        /// The account's name in the configuration.
        backend: String,
        /// The provider's id of the payment.
        payment: String,
        /// The sale; none for goods that were handed over for it: a sale is made of them.
        #[serde(default)]
        sale: Option<SaleId>,
    },
    /// Decides that a payment is for no sale of this till: `payment set-aside`.
    SetPaymentAside {
        /// The account's name in the configuration.
        backend: String,
        /// The provider's id of the payment.
        payment: String,
        /// Why; not empty, at most 200 characters.
        reason: String,
    },
    /// Something about paper.
    Paper(PaperCommand),
    /// Shows another of several codes for one sale.
    ShowPart {
        /// Which sale.
        sale: SaleId,
        /// From 1.
        number: u32,
    },
    /// The customer's phone says that the code is past its end: another one for the same sale. A
    /// payment on the old one still counts.
    NewCode {
        /// Which.
        sale: SaleId,
    },
    /// Shows the code of another payment account for the same sale.
    PayOtherWay {
        /// Which.
        sale: SaleId,
        /// The account's name in the configuration.
        backend: String,
    },
}

/// Digits that nobody is to read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pin(pub String);

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A line of a script's sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewLine {
    /// Pieces of a product.
    Sku {
        /// Its article number.
        sku: String,
        /// Pieces.
        quantity: u32,
    },
    /// An amount without a product.
    Amount(Amount),
}

/// What a command brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// It is done and on disk.
    Done,
    /// The sale that was begun or changed.
    Sale {
        /// As it stands.
        sale: Box<SaleView>,
    },
    /// The link that is being made or changed.
    Link {
        /// Our id of it.
        link: LinkId,
    },
    /// What the provider has.
    Remote {
        /// Compared with what is known here.
        report: Box<RemoteReport>,
    },
    /// What a scanned code is.
    Patrol {
        /// As far as this till knows.
        patrol: Box<Patrol>,
    },
    /// Stickers that are in the register now.
    Stickers {
        /// What stands on each.
        stickers: Vec<StickerText>,
    },
    /// The sheets that are wanted now.
    Prints {
        /// Our ids of them.
        prints: Vec<PrintId>,
    },
    /// It was not done.
    Refused {
        /// Why, and what helps.
        notice: Notice,
    },
}

impl Command {
    /// The sale that the command is about, where it names one.
    pub const fn sale(&self) -> Option<SaleId> {
        match self {
            Self::PayInCash { sale, .. }
            | Self::OpenSale { sale }
            | Self::CancelSale { sale }
            | Self::ClaimSale { sale, .. }
            | Self::CheckSale { sale, .. }
            | Self::CustomerPays { sale }
            | Self::NewCode { sale }
            | Self::ShowPart { sale, .. }
            | Self::Paper(PaperCommand::Receipt { sale, .. })
            | Self::PayOtherWay { sale, .. } => Some(*sale),
            Self::TakePayment { sale, .. } => *sale,
            Self::Tap { .. }
            | Self::SetMode { .. }
            | Self::SetQuantity { .. }
            | Self::AddAmount { .. }
            | Self::PayAmount { .. }
            | Self::PayCart
            | Self::ClearCart
            | Self::HoldCart
            | Self::RecallCart { .. }
            | Self::Scan { .. }
            | Self::SetFavorites { .. }
            | Self::PayCartInCash { .. }
            | Self::Go { .. }
            | Self::SetLanguage { .. }
            | Self::SetTheme { .. }
            | Self::DismissNotice
            | Self::PutProducts { .. }
            | Self::NewSale { .. }
            | Self::MintLinks
            | Self::WithdrawLink { .. }
            | Self::NewLink { .. }
            | Self::SetLink { .. }
            | Self::ListRemote { .. }
            | Self::RetryJob { .. }
            | Self::GiveUpJob { .. }
            | Self::PlanTrip { .. }
            | Self::SetPaymentAside { .. }
            | Self::Paper(_)
            | Self::TestHub
            | Self::SendNow => None,
        }
    }

    /// The payment that it is about, by account and the provider's id.
    pub(super) fn payment(&self) -> Option<(String, String)> {
        let (Self::TakePayment {
            backend, payment, ..
        }
        | Self::SetPaymentAside {
            backend, payment, ..
        }) = self
        else {
            return None;
        };
        Some((backend.clone(), payment.clone()))
    }
}
