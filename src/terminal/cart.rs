//! Carts: the one in front of the cashier, and those that were put aside.

use super::notice::Notice;
use super::snapshot::{CartView, HeldCartView};
use super::step::Cart;
use crate::domain::catalog::Product;
use crate::domain::money::{Amount, Currency};
use crate::domain::sale::{LINES_MAX, Line, QUANTITY_MAX, total};

/// The most minor units that one sale may ask for: a slip of the finger is not sold.
pub(super) const SALE_MINOR_MAX: i64 = 100_000_000_000;

/// One piece of a product.
pub(super) fn line_of(product: &Product, quantity: u32) -> Line {
    Line {
        product: Some(product.id),
        sku: product.sku.clone(),
        name: product.name.clone(),
        unit: product.price,
        quantity,
    }
}

/// An amount that was typed.
pub(super) const fn line_of_amount(amount: Amount) -> Line {
    Line {
        product: None,
        sku: String::new(),
        name: String::new(),
        unit: amount,
        quantity: 1,
    }
}

/// Adds a line, or pieces to a line of the same product at the same price.
pub(super) fn add(lines: &mut Vec<Line>, line: Line) -> Result<(), Notice> {
    let same = lines.iter().position(|present| {
        line.product.is_some() && present.product == line.product && present.unit == line.unit
    });
    if let Some(present) = same.and_then(|position| lines.get_mut(position)) {
        let quantity = present.quantity.saturating_add(line.quantity);
        if quantity > QUANTITY_MAX {
            return Err(Notice::CartFull);
        }
        present.quantity = quantity;
    } else if lines.len() >= LINES_MAX {
        return Err(Notice::CartFull);
    } else {
        lines.push(line);
    }
    Ok(())
}

/// Sets a line's pieces; zero removes it. A line that is not there is left alone.
pub(super) fn set_quantity(
    lines: &mut Vec<Line>,
    position: usize,
    quantity: u32,
) -> Result<(), Notice> {
    if quantity > QUANTITY_MAX {
        return Err(Notice::CartFull);
    }
    if quantity == 0 && position < lines.len() {
        lines.remove(position);
    } else if let Some(line) = lines.get_mut(position) {
        line.quantity = quantity;
    }
    Ok(())
}

/// The sum of lines that may be sold together in the shop's currency.
pub(super) fn checked_total(lines: &[Line], currency: Currency) -> Result<Amount, Notice> {
    if lines.len() > LINES_MAX || lines.iter().any(|line| line.quantity > QUANTITY_MAX) {
        return Err(Notice::CartFull);
    }
    for line in lines {
        if line.unit.currency != currency {
            return Err(Notice::WrongCurrency {
                product: line.name.clone(),
                found: line.unit.currency.code().to_owned(),
                expected: currency.code().to_owned(),
            });
        }
        if line.unit.minor <= 0 || line.quantity == 0 {
            return Err(Notice::AmountNotPositive);
        }
    }
    let sum = total(lines).map_err(|_beyond_range| Notice::AmountTooLarge)?;
    let sum = sum.ok_or(Notice::EmptyCart)?;
    if sum.minor > SALE_MINOR_MAX {
        Err(Notice::AmountTooLarge)
    } else {
        Ok(sum)
    }
}

/// What the screen shows of the cart.
pub(super) fn view(lines: &[Line]) -> CartView {
    CartView {
        lines: lines.into(),
        total: total(lines).ok().flatten(),
    }
}

/// What the screen shows of a held cart; none for one that cannot be added up.
pub(super) fn held_view(cart: &Cart) -> Option<HeldCartView> {
    let pieces = cart
        .lines
        .iter()
        .fold(0_u32, |sum, line| sum.saturating_add(line.quantity));
    let total = total(&cart.lines).ok().flatten()?;
    Some(HeldCartView {
        id: cart.id,
        at: cart.at,
        pieces,
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    fn line(product: u128, minor: i64) -> Line {
        Line {
            product: Some(crate::domain::id::ProductId(uuid::Uuid::from_u128(product))),
            sku: product.to_string(),
            name: "Tea".to_owned(),
            unit: amount(minor),
            quantity: 1,
        }
    }

    #[test]
    fn the_same_product_at_the_same_price_is_one_line() {
        let mut lines = Vec::new();
        add(&mut lines, line(1, 250)).unwrap();
        add(&mut lines, line(1, 250)).unwrap();
        add(&mut lines, line(1, 300)).unwrap();
        add(&mut lines, line_of_amount(amount(100))).unwrap();
        add(&mut lines, line_of_amount(amount(100))).unwrap();
        let quantities: Vec<_> = lines.iter().map(|line| line.quantity).collect();
        assert_eq!(quantities, [2, 1, 1, 1]);
        let eur = Currency::from_code("EUR").unwrap();
        assert_eq!(checked_total(&lines, eur), Ok(amount(1_000)));
        set_quantity(&mut lines, 0, 0).unwrap();
        set_quantity(&mut lines, 99, 5).unwrap();
        assert_eq!(checked_total(&lines, eur), Ok(amount(500)));
    }

    #[test]
    fn what_cannot_be_sold_is_refused_with_its_reason() {
        let eur = Currency::from_code("EUR").unwrap();
        let usd = Currency::from_code("USD").unwrap();
        assert_eq!(checked_total(&[], eur), Err(Notice::EmptyCart));
        assert_eq!(
            checked_total(&[line(1, 0)], eur),
            Err(Notice::AmountNotPositive)
        );
        assert_eq!(
            checked_total(&[line(1, i64::MAX)], eur),
            Err(Notice::AmountTooLarge)
        );
        assert!(matches!(
            checked_total(&[line(1, 1)], usd),
            Err(Notice::WrongCurrency { .. })
        ));
        let mut full: Vec<_> = (0..200).map(|index| line(index, 1)).collect();
        assert_eq!(add(&mut full, line(999, 1)), Err(Notice::CartFull));
    }
}
