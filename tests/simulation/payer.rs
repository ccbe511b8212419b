//! Payers, and what the provider says of their payments.

use tillcode::domain::payment::PaymentStatus;
use tillcode::proto::backend::Learns;
use tillcode::proto::hub::{LinkAddress, Scope, Token};
use tillcode::sandbox::Pay;

use super::network::Notice;
use super::oracle::Outcome;
use super::oracle::screen::in_front;
use super::provider::{Asks, Kind, Posts};
use super::tally::Fault;
use super::world::World;

impl World {
    /// A payer pays an address that somebody showed, and no other.
    pub fn pays(&mut self, how: Pay, likely_in_front: bool) -> Outcome {
        let front = in_front(self.published.as_ref());
        let address = match front {
            Some(front) if likely_in_front && self.dice.chance(700) => Some(front),
            _ => self.dice.pick(&self.oracle.addresses).cloned(),
        };
        let Some(address) = address else {
            return Ok(());
        };
        let how = self.types(&address, how);
        let at = self.clock.server();
        let booked = match self.provider.borrow_mut().pay(&address, how, at) {
            Ok(booked) => booked,
            Err(error) => {
                self.tell(|| format!("payer: {address}: {error}"));
                return Ok(());
            }
        };
        self.tally.payments += 1;
        self.tally.state(booked.kind.state);
        self.tell(|| {
            format!(
                "payer: {address}: {:?} {}",
                booked.status, booked.amount.minor
            )
        });
        let sale = self.oracle.sale_of(&address);
        let sale = sale.and_then(|sale| self.disk.sales.get(&sale));
        if sale.is_some_and(|record| record.sale.backend != booked.backend) {
            self.tally.state("paid the other way");
        }
        let learns = self.provider.borrow().access(&booked.backend).can().learns;
        self.oracle.booked(&address, &booked, learns, at)?;
        for outgoing in &booked.notices {
            let mut parts = outgoing.url.rsplit('/');
            let (last, before) = (parts.next(), parts.next());
            let (address, hook) = match booked.kind.posts {
                Posts::ToLink => (
                    last.and_then(|part| part.parse().ok()),
                    before.and_then(|part| part.parse().ok()),
                ),
                Posts::ToAccount | Posts::Never => (None, self.hook_of_owner(booked.kind.word)),
            };
            // A callback is no money: the till is to ask.
            let word = match learns {
                Learns::LookedUp => (PaymentStatus::Pending, 0),
                Learns::Notified | Learns::Hinted | Learns::Never => {
                    (booked.status, booked.amount.minor)
                }
            };
            let notice = Notice {
                backend: booked.backend.clone(),
                hook,
                address,
                body: outgoing.body.clone(),
                about: Some((booked.payment.clone(), word)),
                tries: 0,
            };
            self.more_about(booked.kind, &notice);
            self.notify(notice);
        }
        Ok(())
    }

    /// Where the page asks nothing, the cashier says the sum, and the payer may get it wrong.
    fn types(&mut self, address: &str, how: Pay) -> Pay {
        let open = self
            .provider
            .borrow_mut()
            .asks(address, self.clock.server())
            == Some(Asks::Open);
        let sale = self
            .oracle
            .sale_of(address)
            .filter(|_| open && how == Pay::Once);
        let Some(record) = sale.and_then(|sale| self.disk.sales.get(&sale)) else {
            return how;
        };
        let slip = *self.dice.pick(&[0, 0, 0, 0, 0, -1, 1]).unwrap_or(&0);
        let minor = (record.sale.total.minor + slip).max(1);
        Pay::Typed { minor }
    }

    /// What the provider says of the same payment besides: an earlier status, or a refund.
    fn more_about(&mut self, kind: &Kind, notice: &Notice) {
        let Some((payment, (status, minor))) = notice.about.clone() else {
            return;
        };
        let mut besides = Vec::new();
        if (kind.restated)(&notice.body, PaymentStatus::Pending).is_none() {
            return;
        }
        if self.strikes(Fault::NoticeStale) {
            besides.push(PaymentStatus::Pending);
        }
        if status == PaymentStatus::Charged && self.strikes(Fault::Refunded) {
            besides.push(PaymentStatus::Refunded);
        }
        for status in besides {
            if let Some(body) = (kind.restated)(&notice.body, status) {
                self.oracle.restated(&payment, status);
                self.notify(Notice {
                    body,
                    about: Some((payment.clone(), (status, minor))),
                    ..notice.clone()
                });
            }
        }
    }

    /// Somebody who knows no token, or one token and no more.
    pub fn nobodys(&mut self) {
        if !self.strikes(Fault::NoticeForeign) {
            return;
        }
        let links: Vec<_> = self
            .disk
            .links
            .values()
            .map(|link| (link.backend.clone(), link.id, link.token.clone()))
            .collect();
        let Some((backend, link, token)) = self.dice.pick(&links).cloned() else {
            return;
        };
        let token = Some(token).filter(|_| self.dice.chance(500));
        let token = token.unwrap_or_else(|| "0".repeat(64)).parse();
        let address = token.ok().map(|token| LinkAddress {
            scope: Scope::Own,
            link,
            token,
        });
        let forged = self.provider.borrow().access(&backend).kind.forged;
        let body = *self.dice.pick(&["{", "[]", forged]).unwrap_or(&"");
        let hook = self.hook_of_till(&backend);
        self.notify(Notice {
            backend,
            address,
            body: body.to_owned(),
            about: None,
            hook,
            tries: 0,
        });
    }

    /// The address's token that this till got for an account.
    fn hook_of_till(&self, backend: &str) -> Option<Token> {
        let mut accounts = self.setup.backends.iter();
        let account = accounts.find(|account| account.name == backend)?;
        account.hook.as_deref()?.rsplit('/').next()?.parse().ok()
    }

    /// The owner's own, which the provider of an account was given.
    fn hook_of_owner(&self, kind: &str) -> Option<Token> {
        let hub = self.hub.as_ref()?.borrow();
        hub.hook_of_owner(kind)
    }
}
