//! The address that a provider posts a link's notifications to:
//! `{hub}/hooks/{kind}/{endpoint-token}[/{scope}{link}{token}]`.
//!
//! The link's part says by itself which link is meant and who is to hear of it, so that a
//! notification finds its way before the hub has heard of the link.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::token::{NotAToken, Token};
use crate::domain::id::LinkId;

/// Digits of a link's id.
const ID_DIGITS: usize = 32;

/// Who hears of a link's payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The terminal that made it: a single link.
    Own,
    /// Every terminal of the shop: a permanent link.
    Shop,
}

/// The last part of the address. Its token makes it unguessable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAddress {
    /// Who hears of it.
    pub scope: Scope,
    /// Which link.
    pub link: LinkId,
    /// The link's token.
    pub token: Token,
}

impl fmt::Display for LinkAddress {
    /// In the clear: for the request that makes the link, and for nothing else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = match self.scope {
            Scope::Own => 'o',
            Scope::Shop => 's',
        };
        write!(f, "{scope}{}{}", self.link.0.simple(), self.token.reveal())
    }
}

impl FromStr for LinkAddress {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scope, rest) = text.split_at_checked(1).ok_or(NotAToken)?;
        let scope = match scope {
            "o" => Scope::Own,
            "s" => Scope::Shop,
            _ => return Err(NotAToken),
        };
        let (id, token) = rest.split_at_checked(ID_DIGITS).ok_or(NotAToken)?;
        let link = Uuid::try_parse(id).map_err(|_not_an_id| NotAToken)?;
        Ok(Self {
            scope,
            link: LinkId(link),
            token: token.parse()?,
        })
    }
}
