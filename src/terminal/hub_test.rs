//! Whether the whole way holds: a test notification goes to the hub's public address, as a provider's
//! would, and has to come back on the feed.

use super::Terminal;
use super::notice::Notice;
use super::step::{Effect, TestPost};
use super::turn::Turn;
use crate::domain::id::LinkId;
use crate::proto::hub::{LinkAddress, Notification, Scope, Token};

/// The last test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HubTest {
    link: LinkId,
    began_mono: u64,
    pub(super) state: TestState,
}

/// How far it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestState {
    /// On its way to the public address.
    Sent,
    /// The hub has acknowledged it.
    Acknowledged,
    /// The hub was reached; its endpoint takes only what the account signs.
    Signed,
    /// It did not get there, and why.
    Failed(String),
    /// It came back on the feed.
    Heard {
        /// After so many milliseconds.
        after_ms: u64,
    },
}

impl Terminal {
    /// Sends a test notification to where the first account posts that has an endpoint.
    pub(super) fn test_hub(&mut self, turn: &mut Turn) -> Result<(), Notice> {
        let mut hooks = self.accounts.iter();
        let hook = hooks.find_map(|account| account.setup.hook.as_deref());
        let hook = hook.filter(|_| self.hub.is_some());
        let hook = hook.ok_or(Notice::NoHub)?.to_owned();
        let link = LinkId(self.entropy.uuid(turn.at()));
        let address = LinkAddress {
            scope: Scope::Own,
            link,
            token: Token::draw(&mut self.entropy),
        };
        self.hub_test = Some(HubTest {
            link,
            began_mono: turn.now.mono_ms,
            state: TestState::Sent,
        });
        turn.effect(Effect::TestHub(TestPost {
            address: format!("{hook}/{address}"),
        }));
        Ok(())
    }

    /// What the public address answered.
    pub(super) fn hub_tested(&mut self, answer: TestState) {
        // It may have come back before its answer did.
        if let Some(test) = &mut self.hub_test
            && test.state == TestState::Sent
        {
            test.state = answer;
        }
    }

    /// Whether a notification is the test: then it is no payment, and nothing to sort out.
    pub(super) fn is_hub_test(&mut self, posted: &Notification, mono_ms: u64) -> bool {
        let Some(test) = &mut self.hub_test else {
            return false;
        };
        if posted.link != Some(test.link) {
            return false;
        }
        if !matches!(test.state, TestState::Heard { .. }) {
            let after_ms = mono_ms.saturating_sub(test.began_mono);
            test.state = TestState::Heard { after_ms };
        }
        true
    }
}
