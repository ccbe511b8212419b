//! The sticker codes as the screen lists them: those that take money first.

use crate::domain::id::{LinkId, ProductId};
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::terminal::Answer;

/// The most codes that are listed.
pub(crate) const LINKS_MAX: usize = 20_000;

/// A permanent link, as far as a person needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sticker {
    /// Which link.
    pub(crate) link: LinkId,
    /// Which product it sells, where it was made for one.
    pub(crate) product: Option<ProductId>,
    /// What is bought.
    pub(crate) title: String,
    /// What it asks for; none where the payer types it.
    pub(crate) asks: Option<Amount>,
    /// The account's name.
    pub(crate) backend: String,
    /// Where it stands.
    pub(crate) state: LinkState,
    /// What the payer opens; none before the provider has made it.
    pub(crate) url: Option<String>,
}

impl Sticker {
    fn of(link: Link) -> Self {
        Self {
            link: link.id,
            product: link.product,
            asks: (link.asking == Asking::Fixed).then_some(link.amount),
            url: link.url().map(str::to_owned),
            title: link.title,
            backend: link.backend,
            state: link.state,
        }
    }

    /// Whether a payer is meant to use it.
    pub(crate) const fn is_live(&self) -> bool {
        matches!(self.state, LinkState::Live)
    }
}

/// The permanent links of an answer: live ones, then those to come, then those that are only
/// listened to, each by name.
pub(crate) fn pick(answer: Answer) -> Option<Vec<Sticker>> {
    let Answer::Links { links } = answer else {
        return None;
    };
    let permanent = links
        .into_iter()
        .filter(|link| link.purpose == Purpose::Permanent);
    let mut stickers: Vec<Sticker> = permanent.map(Sticker::of).collect();
    stickers.sort_by_cached_key(|sticker| (rank(sticker.state), sticker.title.to_lowercase()));
    Some(stickers)
}

const fn rank(state: LinkState) -> u8 {
    match state {
        LinkState::Live | LinkState::Reserved | LinkState::Shown | LinkState::Paid => 0,
        LinkState::Refused => 1,
        LinkState::Wanted | LinkState::Requested => 2,
        LinkState::Retired => 3,
        LinkState::Burned | LinkState::Expired | LinkState::Withdrawn => 4,
    }
}
