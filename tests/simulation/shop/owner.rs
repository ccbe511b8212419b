//! What the owner does to the catalog.

use tillcode::terminal::{Actor, Command};

use crate::network::Parcel;
use crate::oracle::Outcome;
use crate::setup::product;
use crate::world::World;

impl World {
    pub(super) fn catalog(&mut self) -> Command {
        if self.dice.chance(300) {
            let many = usize::try_from(self.dice.below(5)).unwrap_or(0);
            let products = (0..many).filter_map(|number| self.disk.product(number));
            return Command::SetFavorites {
                products: products.map(|product| product.id).collect(),
            };
        }
        let number = self.dice.below(10);
        // Few prices, so that an old one comes back while the new one is still on its way.
        let minor = *self.dice.pick(&[350, 350, 120, 120, 2_000]).unwrap_or(&350);
        Command::PutProducts {
            products: vec![product(number, minor)],
            source: "the simulation".to_owned(),
        }
    }

    /// The owner mistypes a price and mends it; somebody buys the thing at once.
    pub(super) fn corrects(&mut self) -> Outcome {
        let number = usize::try_from(self.dice.below(8)).unwrap_or(0);
        let Some(right) = self.disk.product(number).cloned() else {
            return Ok(());
        };
        let mut wrong = right.clone();
        wrong.price.minor += 1;
        let bought = right.id;
        let put = |product| Command::PutProducts {
            products: vec![product],
            source: "the simulation".to_owned(),
        };
        self.command(put(wrong), Actor::Script, None)?;
        let mended = self.dice.below(6_000);
        self.post(mended, Parcel::Person(put(right), Actor::Script));
        let tap = Command::Tap { product: bought };
        let bought = mended + self.dice.below(6_000);
        self.post(bought, Parcel::Person(tap, Actor::Cashier));
        Ok(())
    }
}
