//! Links that were made before the till joined a message server, or for another one: the provider is
//! told where to report from now on, where it lets itself be told.

use std::collections::VecDeque;

use sha2::{Digest as _, Sha256};

use super::Terminal;
use super::hub::address_of;
use super::step::Write;
use super::turn::Turn;
use crate::domain::id::{JobId, LinkId};
use crate::domain::link::{Link, LinkState};
use crate::proto::backend::{Action, Learns};
use crate::proto::hub::Token;

/// A fingerprint of the address that an account's links report to, without a link's own part.
pub(super) fn mark_of(hook: &str) -> u32 {
    let digest: [u8; 32] = Sha256::digest(hook.as_bytes()).into();
    let [a, b, c, d, ..] = digest;
    u32::from_be_bytes([a, b, c, d])
}

/// The same of a link's whole address.
fn mark_of_address(address: &str) -> u32 {
    mark_of(address.rsplit_once('/').map_or(address, |(hook, _)| hook))
}

const fn is_payable(state: LinkState) -> bool {
    matches!(
        state,
        LinkState::Live | LinkState::Reserved | LinkState::Shown
    )
}

impl Terminal {
    /// Whether the provider was told where to report what is paid on a link.
    pub(super) fn is_reported(&self, link: &Link) -> bool {
        let account = self.accounts.get(&link.backend);
        let by_link = account.is_some_and(|account| account.can().learns == Learns::Notified);
        // The demo's provider knows its only till.
        !by_link || self.shop.demo || link.reports_to.is_some()
    }

    /// An account's links that can be paid and report to nobody, or to an earlier address.
    pub(super) fn unreported(&self, name: &str) -> VecDeque<LinkId> {
        let Some(account) = self.accounts.get(name) else {
            return VecDeque::new();
        };
        let can = account.can();
        let may_be_told = can.update && can.learns == Learns::Notified && account.takes_addresses;
        let Some(hook) = account.setup.hook.as_deref().filter(|_| may_be_told) else {
            return VecDeque::new();
        };
        let mark = Some(mark_of(hook));
        let ours = |link: &&Link| link.backend == name && link.account == account.setup.account;
        self.links
            .iter()
            .filter(ours)
            .filter(|link| is_payable(link.state) && link.remote.is_some())
            .filter(|link| link.reports_to != mark)
            .map(|link| link.id)
            .collect()
    }

    /// Looks for them anew: the addresses are known now, or have changed.
    pub(super) fn find_unreported(&mut self) {
        for name in self.accounts.names() {
            let unreported = self.unreported(&name);
            if let Some(account) = self.accounts.get_mut(&name) {
                account.targets.unreported = unreported;
            }
        }
    }

    /// Has the next of them reported.
    pub(super) fn next_subscription(&mut self, turn: &mut Turn, name: &str) -> Option<JobId> {
        loop {
            let account = self.accounts.get_mut(name)?;
            let id = *account.targets.unreported.front()?;
            // The request names the amount, too: a change on its way comes first.
            if self.jobs.concerns(id) {
                return None;
            }
            account.targets.unreported.pop_front();
            let hook = account.setup.hook.clone()?;
            let Some(link) = self.links.link(id).filter(|link| is_payable(link.state)) else {
                continue;
            };
            // A token that is damaged is no address's.
            let (Some(remote), Ok(token)) = (&link.remote, link.token.parse::<Token>()) else {
                continue;
            };
            let action = Action::Subscribe {
                remote_id: remote.id.clone(),
                notify_url: address_of(&hook, link.purpose, id, &token),
                link: Box::new(link.clone()),
            };
            return Some(self.queue(turn, name, Some(id), action, None));
        }
    }

    /// The provider has taken it.
    pub(super) fn subscribed(&mut self, turn: &mut Turn, mut link: Link, address: &str) {
        link.reports_to = Some(mark_of_address(address));
        turn.write(Write::Link(link.clone()));
        self.links.put(link);
        // Of a sticker's code several sales may wait.
        for sale in self.to_check.clone() {
            self.note_to_check(sale);
        }
    }

    /// The provider does not let itself be told: the others are not tried, until somebody asks for it.
    pub(super) fn not_subscribed(&mut self, name: &str) {
        if let Some(account) = self.accounts.get_mut(name) {
            account.takes_addresses = false;
            account.targets.unreported.clear();
        }
    }
}
