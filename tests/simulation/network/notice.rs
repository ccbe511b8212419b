//! Notifications: late, lost, repeated, and acknowledged once they are on disk.

use tillcode::hub::store::Taken;
use tillcode::proto::backend::Verdict;
use tillcode::proto::hub::{Item, LinkAddress, Notification, Token, What};
use tillcode::terminal::Event;
use uuid::Uuid;

use super::Parcel;
use crate::oracle::{Outcome, Word};
use crate::plan::Sloppy;
use crate::tally::Fault;
use crate::world::World;

/// The longest that a provider holds a notification back, in hours.
const NOTICE_LATE_HOURS: u64 = 75;

/// A notification.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The account.
    pub backend: String,
    /// The account's part of the address; none where no hub is joined.
    pub hook: Option<Token>,
    /// The link's own address; none for the account's.
    pub address: Option<LinkAddress>,
    pub body: String,
    /// The payment and what is said of it; none for one that is nobody's.
    pub about: Option<(String, Word)>,
    pub tries: u32,
}

impl World {
    pub(super) fn notified(&mut self, mut notice: Notice) -> Outcome {
        notice.tries += 1;
        let pause = if self.calm {
            10_000
        } else {
            self.dice.between(1_000, 3_600_000)
        };
        if self.hub.is_some() {
            self.posted_to_hub(notice, pause);
            return Ok(());
        }
        if !self.runs() || self.strikes(Fault::NoticeLost) {
            self.post(pause, Parcel::Notice(notice));
            return Ok(());
        }
        self.tell(|| format!("notification {:?}", notice.about));
        if let Some((payment, status)) = &notice.about {
            self.oracle.told(payment, *status);
        }
        let event = Event::Notified(Box::new(self.delivered(&notice)));
        let done = self.handle(event, false)?;
        let acknowledged = done || self.plan.sloppy == Some(Sloppy::AcknowledgesFirst);
        if acknowledged && let Some((payment, status)) = &notice.about {
            self.oracle.acknowledged(payment, *status, &self.disk)?;
        }
        if !acknowledged || (notice.tries < 8 && self.strikes(Fault::NoticeRepeated)) {
            self.post(pause, Parcel::Notice(notice));
        }
        Ok(())
    }

    /// A provider posts to the hub, and posts again what was not acknowledged.
    fn posted_to_hub(&mut self, notice: Notice, pause: u64) {
        let acknowledged = self.is_taken(&notice);
        if acknowledged && let (Some(hub), Some(about)) = (&self.hub, &notice.about) {
            hub.borrow_mut().acknowledged(about);
        }
        if !acknowledged || (notice.tries < 8 && self.strikes(Fault::NoticeRepeated)) {
            self.post(pause, Parcel::Notice(notice));
        }
    }

    /// Whether the hub acknowledged it.
    fn is_taken(&mut self, notice: &Notice) -> bool {
        let Some(hub) = self.hub.clone() else {
            return false;
        };
        let (now_ms, at) = (self.clock.true_ms, self.clock.server());
        if hub.borrow().is_down(now_ms) || self.strikes(Fault::NoticeLost) {
            return false;
        }
        if self.strikes(Fault::HubCrashBefore) {
            self.hub_dies();
            return self.plan.sloppy == Some(Sloppy::HubAcknowledgesFirst);
        }
        let kind = self.provider.borrow().access(&notice.backend).kind.word;
        let taken = hub.borrow_mut().takes(notice, kind, now_ms, at);
        self.tell(|| format!("the hub has notification {:?}: {taken:?}", notice.about));
        if taken == Taken::Known {
            self.tally.state("notification that the hub knows");
        }
        if self.strikes(Fault::HubCrashAfter) {
            self.hub_dies();
            return false;
        }
        // Whoever posts to nobody's address is told so, and posts it no more.
        true
    }

    /// As a hub hands it over.
    fn delivered(&self, notice: &Notice) -> Item {
        let address = notice.address.as_ref();
        Item {
            seq: 0,
            mark: String::new(),
            received_at: self.clock.server(),
            what: What::Notification(Notification {
                kind: self
                    .provider
                    .borrow()
                    .access(&notice.backend)
                    .kind
                    .word
                    .to_owned(),
                endpoint: Uuid::nil(),
                link: address.map(|address| address.link),
                token: address.map(|address| address.token.hash()),
                verdict: Verdict::Unsigned,
                headers: Vec::new(),
                body: notice.body.clone().into_bytes(),
                published: None,
                open_sales: 0,
            }),
        }
    }

    /// The provider has something to say, now or much later.
    pub fn notify(&mut self, notice: Notice) {
        let delay = if self.strikes(Fault::NoticeLate) {
            let hours = self.dice.between(1, NOTICE_LATE_HOURS);
            self.dice.between(1_000, hours * 3_600_000)
        } else {
            self.dice.between(1, 5_000)
        };
        self.post(delay, Parcel::Notice(notice));
    }
}
