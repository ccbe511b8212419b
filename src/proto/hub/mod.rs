//! What a terminal and its hub say to each other, and the addresses that providers post to. Values
//! and texts; both sides use the same types, so that they cannot drift apart.

pub mod address;
pub mod feed;
pub mod joined;
pub mod pairing;
pub mod shop;
pub mod stickers;
pub mod token;

#[cfg(test)]
mod tests;

pub use address::{LinkAddress, Scope};
pub use feed::{Cursor, Feed, FeedRequest, Item, Notification, Page, What};
pub use joined::HubFile;
pub use pairing::{HOOKS_MAX, Hook, Invitation, KnownHooks, Pair, Paired, PairingCode};
pub use shop::{Claim, Claimed, OpenSale, OpenSales, Published, PublishedLinks, ShopLink};
pub use stickers::{HeardStickers, ToldStickers};
pub use token::{Token, TokenHash};

/// Where a terminal asks for its feed: `GET`, with its token as bearer.
pub const FEED_PATH: &str = "/v1/feed";
/// Where a terminal joins: `POST` of a [`Pair`], answered with a [`Paired`].
pub const PAIR_PATH: &str = "/v1/pair";
/// Where a terminal asks for the addresses of its shop's endpoints: `POST` of [`KnownHooks`], answered
/// with all [`Hook`]s.
pub const HOOKS_PATH: &str = "/v1/hooks";
/// Where a terminal tells of links that it made: `POST` of [`PublishedLinks`], answered with 204.
pub const LINKS_PATH: &str = "/v1/links";
/// Where a terminal tells which of its sales wait for a sticker to be paid: `POST` of [`OpenSales`],
/// answered with 204.
pub const OPEN_SALES_PATH: &str = "/v1/open-sales";
/// Where a terminal takes a payment that several could have: `POST` of a [`Claim`], answered with a
/// [`Claimed`].
pub const CLAIMS_PATH: &str = "/v1/claims";
/// Where the terminals of a shop share their register of stickers: `POST` of [`ToldStickers`], answered
/// with [`HeardStickers`].
pub const STICKERS_PATH: &str = "/v1/stickers";
/// The longest that a feed is held open, in seconds: shorter than the idle limits of common routers.
pub const WAIT_SECS_MAX: u32 = 55;
/// The most items of one stream in one answer.
pub const ITEMS_MAX: usize = 100;
/// The largest notification that is taken, in bytes.
pub const NOTIFICATION_BYTES_MAX: usize = 64 * 1024;
/// The largest answer of a hub that a terminal reads, in bytes. A page is cut before that.
pub const ANSWER_BYTES_MAX: usize = 1024 * 1024;
