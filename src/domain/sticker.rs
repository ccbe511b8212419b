//! A sticker: a permanent link on paper, that hangs somewhere.

use serde::{Deserialize, Serialize};

use super::catalog::NAME_CHARS_MAX;
use super::id::{LinkId, ProductId, StickerId};
use super::link::{Asking, Link, LinkState};
use super::money::Amount;
use super::time::Timestamp;

/// Characters of the place where a sticker hangs.
pub const PLACE_CHARS_MAX: usize = 80;

/// Characters of a serial number.
pub const SERIAL_CHARS_MAX: usize = 40;
/// Bytes of what a scanner reads off a sticker: no code holds more.
pub const CODE_BYTES_MAX: usize = 3_000;

/// After so many milliseconds thermal paper that hangs in the light is looked at: eight weeks.
pub const FADES_AFTER_MS: i64 = 8 * 7 * 24 * 3_600_000;

/// One printed sticker, as the register knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    /// Ours.
    pub id: StickerId,
    /// For people, and printed on it: `K7-S12`.
    pub serial: String,
    /// Whose code it bears.
    pub link: LinkId,
    /// What it sells.
    pub product: Option<ProductId>,
    /// What it said that it sells.
    pub title: String,
    /// What it asked for when it was printed; none where the payer types it, or the owner prints no price.
    pub price: Option<Amount>,
    /// What its code holds.
    pub url: String,
    /// Where it hangs; empty where nobody said.
    #[serde(default)]
    pub place: String,
    /// When it was wanted on paper.
    pub printed_at: Timestamp,
    /// Until when a payer can use it, as it says.
    pub valid_until: Option<Timestamp>,
    /// When somebody said where it hangs.
    #[serde(default)]
    pub placed_at: Option<Timestamp>,
    /// When somebody last scanned it and it was right.
    #[serde(default)]
    pub checked_at: Option<Timestamp>,
    /// When somebody took it down.
    #[serde(default)]
    pub retired_at: Option<Timestamp>,
    /// What its own till said of it; none for a sticker of this till.
    #[serde(default)]
    pub told: Option<Told>,
    /// What this till told others last of a sticker of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Told>,
    /// Whether it is on thermal paper, which fades.
    #[serde(default)]
    pub is_thermal: bool,
}

/// How a till found a sticker of its own when it told another of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Whether it was right.
    pub verdict: Verdict,
    /// When that was.
    pub at: Timestamp,
}

impl Told {
    /// What was said last; of two at one moment the worse, so that the order does not matter.
    fn later(self, other: Self) -> Self {
        let key = |told: &Self| (told.at, told.verdict);
        std::cmp::max_by_key(self, other, key)
    }
}

/// Whether what hangs somewhere is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It takes the money that it says.
    Good,
    /// Its price, or its code, was replaced by another.
    Superseded,
    /// Nobody can pay with it.
    Dead,
    /// It was taken down.
    TakenDown,
    /// It is no code of this shop: perhaps somebody stuck it over ours.
    Foreign,
}

impl Verdict {
    /// Whether somebody has to do something about what hangs there.
    pub const fn is_wrong(self) -> bool {
        match self {
            Self::Superseded | Self::Dead => true,
            Self::Good | Self::TakenDown | Self::Foreign => false,
        }
    }
}

/// What is known of a permanent code now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeNow {
    /// How its link stands.
    pub state: LinkState,
    /// What it asks for; none where the payer types it.
    pub asks: Option<Amount>,
}

impl From<&Link> for CodeNow {
    fn from(link: &Link) -> Self {
        Self {
            state: link.state,
            asks: (link.asking == Asking::Fixed).then_some(link.amount),
        }
    }
}

/// Whether what hangs somewhere takes the money that its product costs now, with what it `costs` where
/// that is another price. A code that was never printed has no sticker; one of another till has a sticker
/// and no code here; what is neither is foreign. Some providers change a link's price in place: then the
/// code is right, and only the paper is wrong.
pub fn judge(
    sticker: Option<&Sticker>,
    code: Option<CodeNow>,
    costs: Option<Amount>,
) -> (Verdict, Option<Amount>) {
    if sticker.is_some_and(|sticker| !sticker.hangs()) {
        return (Verdict::TakenDown, None);
    }
    let says = [
        sticker.and_then(|sticker| sticker.price),
        code.and_then(|code| code.asks),
    ];
    let price_now = costs.filter(|now| says.iter().flatten().any(|says| says != now));
    let told = sticker.and_then(|sticker| sticker.told);
    let verdict = match (code, told) {
        (Some(code), _) => of_state(code.state),
        (None, Some(told)) => told.verdict,
        (None, None) if sticker.is_some() => Verdict::Dead,
        (None, None) => return (Verdict::Foreign, None),
    };
    if verdict == Verdict::Good && price_now.is_some() {
        (Verdict::Superseded, price_now)
    } else {
        (verdict, price_now)
    }
}

const fn of_state(state: LinkState) -> Verdict {
    match state {
        LinkState::Live | LinkState::Reserved | LinkState::Shown | LinkState::Paid => Verdict::Good,
        LinkState::Retired => Verdict::Superseded,
        LinkState::Wanted
        | LinkState::Requested
        | LinkState::Burned
        | LinkState::Expired
        | LinkState::Withdrawn
        | LinkState::Refused => Verdict::Dead,
    }
}

impl Sticker {
    /// Whether it was not taken down.
    pub const fn hangs(&self) -> bool {
        self.retired_at.is_none()
    }

    /// Whether its paper may have faded: nobody has seen since `before` that its code is still read.
    pub fn fades(&self, before: Timestamp) -> bool {
        let seen_at = self.checked_at.max(Some(self.printed_at));
        self.hangs() && self.is_thermal && seen_at < Some(before)
    }

    /// Whether every text of it is within its bound and on one line, as this program makes them.
    pub fn is_sound(&self) -> bool {
        let is_line = |text: &str, limit: usize| {
            text.chars().nth(limit).is_none() && !text.chars().any(char::is_control)
        };
        self.url.len() <= CODE_BYTES_MAX
            && is_line(&self.url, CODE_BYTES_MAX)
            && is_line(&self.serial, SERIAL_CHARS_MAX)
            && is_line(&self.title, NAME_CHARS_MAX)
            && is_line(&self.place, PLACE_CHARS_MAX)
    }

    /// The same sticker with what another till knows of it. In any order, however often: the same.
    #[must_use]
    pub fn merged(self, other: &Self) -> Self {
        let is_placed_later = (other.placed_at, &other.place) > (self.placed_at, &self.place);
        let place = if is_placed_later {
            other.place.clone()
        } else {
            self.place.clone()
        };
        let retired = [self.retired_at, other.retired_at];
        Self {
            place,
            placed_at: self.placed_at.max(other.placed_at),
            checked_at: self.checked_at.max(other.checked_at),
            retired_at: retired.into_iter().flatten().min(),
            told: match (self.told, other.told) {
                (Some(mine), Some(theirs)) => Some(mine.later(theirs)),
                // It is this till's own, or was never one's.
                (mine, _) => mine,
            },
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
