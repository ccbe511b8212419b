//! What somebody does about payments that name no sale.

use tillcode::terminal::Command;

use crate::world::World;

impl World {
    /// Somebody says what a payment is for: the sale in front, one that is suggested, or goods that
    /// were handed over.
    pub(super) fn takes(&mut self) -> Option<Command> {
        let chance = self.dice.below(100);
        let screen = self.published.as_ref()?;
        let in_front = screen.pay.as_ref();
        let offer = in_front.and_then(|pay| pay.offer.clone());
        let views: Vec<_> = screen.loose.iter().cloned().collect();
        let front = in_front.map(|pay| pay.sale.id);
        if let Some(offer) = offer.filter(|_| chance < 60) {
            return Some(take(&offer, front));
        }
        let view = self.dice.pick(&views)?;
        let suggested = view.suggestions.first().map(|sale| sale.id);
        let sale = match chance % 3 {
            0 => None,
            1 => suggested,
            _ => suggested.or(front),
        };
        Some(take(&view.payment, sale))
    }

    /// Goods were handed over for the payment that came last.
    pub fn takes_newest(&self) -> Option<Command> {
        let newest = self.published.as_ref()?.loose.first()?;
        Some(take(&newest.payment, None))
    }

    pub(super) fn sets_aside(&mut self) -> Option<Command> {
        let views: Vec<_> = self.published.as_ref()?.loose.iter().cloned().collect();
        let report = &self.dice.pick(&views)?.payment.report;
        self.tally.state("payment set aside");
        Some(Command::SetPaymentAside {
            backend: report.backend.clone(),
            payment: report.payment.clone(),
            reason: "somebody tried the code".to_owned(),
        })
    }
}

fn take(
    payment: &tillcode::domain::loose::LoosePayment,
    sale: Option<tillcode::domain::id::SaleId>,
) -> Command {
    Command::TakePayment {
        backend: payment.report.backend.clone(),
        payment: payment.report.payment.clone(),
        sale,
    }
}
