//! What the cashier does to carts.

use super::cart::{add, checked_total, set_quantity};
use super::notice::Notice;
use super::step::{Cart, Write};
use super::turn::Turn;
use super::{CartInFront, HELD_CARTS_MAX, Terminal};
use crate::domain::id::CartId;
use crate::domain::sale::Line;

impl Terminal {
    /// Adds a line to the cart in front.
    pub(super) fn add_to_cart(&mut self, turn: &mut Turn, line: Line) -> Result<(), Notice> {
        let mut lines = self.cart.lines.clone();
        add(&mut lines, line)?;
        checked_total(&lines, self.setup.shop.currency)?;
        self.cart.lines = lines;
        self.keep_cart(turn);
        Ok(())
    }

    pub(super) fn set_quantity(
        &mut self,
        turn: &mut Turn,
        position: usize,
        quantity: u32,
    ) -> Result<(), Notice> {
        let mut lines = self.cart.lines.clone();
        set_quantity(&mut lines, position, quantity)?;
        if !lines.is_empty() {
            checked_total(&lines, self.setup.shop.currency)?;
        }
        self.cart.lines = lines;
        self.keep_cart(turn);
        Ok(())
    }

    /// Empties the cart in front; the next one is a new cart.
    pub(super) fn clear_cart(&mut self, turn: &mut Turn) {
        if self.cart.lines.is_empty() {
            return;
        }
        turn.write(Write::CartDone(self.cart.id));
        self.cart = self.fresh_cart(turn);
    }

    pub(super) fn hold_cart(&mut self, turn: &mut Turn) -> Result<(), Notice> {
        if self.cart.lines.is_empty() {
            return Err(Notice::EmptyCart);
        }
        if self.held.len() >= HELD_CARTS_MAX {
            return Err(Notice::TooMany {
                limit: HELD_CARTS_MAX,
            });
        }
        let fresh = self.fresh_cart(turn);
        let front = std::mem::replace(&mut self.cart, fresh);
        let held = Cart {
            id: front.id,
            held: true,
            at: turn.at(),
            lines: front.lines,
        };
        turn.write(Write::Cart(held.clone()));
        self.held.push_back(held);
        Ok(())
    }

    /// Takes a held cart back. The one in front changes places with it, so nothing is lost.
    pub(super) fn recall_cart(&mut self, turn: &mut Turn, id: CartId) -> Result<(), Notice> {
        let Some(position) = self.held.iter().position(|held| held.id == id) else {
            return Err(Notice::EmptyCart);
        };
        let Some(recalled) = self.held.remove(position) else {
            return Err(Notice::EmptyCart);
        };
        if !self.cart.lines.is_empty() {
            self.hold_cart(turn)?;
        }
        self.cart = CartInFront {
            id: recalled.id,
            lines: recalled.lines,
        };
        self.keep_cart(turn);
        Ok(())
    }

    fn keep_cart(&self, turn: &mut Turn) {
        if self.cart.lines.is_empty() {
            turn.write(Write::CartDone(self.cart.id));
        } else {
            let lines = self.cart.lines.clone();
            turn.write(Write::Cart(Cart {
                id: self.cart.id,
                held: false,
                at: turn.at(),
                lines,
            }));
        }
    }

    fn fresh_cart(&mut self, turn: &Turn) -> CartInFront {
        CartInFront {
            id: CartId(self.entropy.uuid(turn.at())),
            lines: Vec::new(),
        }
    }
}
