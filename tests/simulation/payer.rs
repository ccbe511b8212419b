//! Payers, and what the provider says of their payments.

use tillcode::domain::payment::PaymentStatus;
use tillcode::sandbox::Pay;

use super::network::Notice;
use super::oracle::Outcome;
use super::oracle::screen::in_front;
use super::provider::Asks;
use super::setup::eur;
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
        let asked = eur(0);
        let how = self.types(&address, how);
        let booked = match self.provider.pay(&address, how, self.clock.server(), asked) {
            Ok(booked) => booked,
            Err(error) => {
                self.tell(|| format!("payer: {address}: {error}"));
                return Ok(());
            }
        };
        self.tally.payments += 1;
        self.tell(|| {
            format!(
                "payer: {address}: {:?} {}",
                booked.status, booked.amount.minor
            )
        });
        self.oracle.booked(&address, &booked)?;
        for outgoing in booked.notices {
            let Some(token) = outgoing.url.rsplit('/').next() else {
                continue;
            };
            let notice = Notice {
                token: token.to_owned(),
                body: outgoing.body,
                about: Some((booked.payment.clone(), booked.status)),
                tries: 0,
            };
            self.more_about(&notice);
            self.notify(notice);
        }
        Ok(())
    }

    /// Where the page asks nothing, the cashier says the sum, and the payer may get it wrong.
    fn types(&mut self, address: &str, how: Pay) -> Pay {
        let open = self.provider.asks(address, self.clock.server()) == Some(Asks::Open);
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
    fn more_about(&mut self, notice: &Notice) {
        let Some((payment, status)) = notice.about.clone() else {
            return;
        };
        let mut besides = Vec::new();
        if self.strikes(Fault::NoticeStale) {
            besides.push(PaymentStatus::Pending);
        }
        if status == PaymentStatus::Charged && self.strikes(Fault::Refunded) {
            besides.push(PaymentStatus::Refunded);
        }
        for status in besides {
            if let Some(body) = (self.provider.kind.restated)(&notice.body, status) {
                self.oracle.restated(&payment, status);
                self.notify(Notice {
                    body,
                    about: Some((payment.clone(), status)),
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
            .map(|link| link.token.clone())
            .collect();
        let known = self.dice.pick(&links).cloned();
        let token = known.filter(|_| self.dice.chance(500));
        let forged = r#"{"type":"link","link":"another","txid":"t","id":"forged","status":"charged","amount":350,"amount_dest":350,"amount_with_fee":350}"#;
        let body = *self.dice.pick(&["{", "[]", forged]).unwrap_or(&"");
        self.notify(Notice {
            token: token.unwrap_or_else(|| "0".repeat(64)),
            body: body.to_owned(),
            about: None,
            tries: 0,
        });
    }
}
