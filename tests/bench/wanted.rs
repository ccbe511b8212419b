//! A link as a till decides on it, before anybody was asked for it.

use tillcode::domain::catalog::Product;
use tillcode::domain::id::{Entropy, LinkId};
use tillcode::domain::link::{Asking, Link, LinkState, Purpose};
use tillcode::domain::options::Options;
use tillcode::domain::time::Timestamp;

/// When all of it happens: 2026-03-01T10:00:00Z.
pub(crate) const AT: Timestamp = Timestamp::from_millis(1_772_359_200_000);

/// The permanent link of a product.
pub(crate) fn link(product: &Product, entropy: &mut Entropy) -> Link {
    Link {
        id: LinkId(entropy.uuid(AT)),
        backend: "main".to_owned(),
        account: "fingerprint".to_owned(),
        purpose: Purpose::Permanent,
        product: Some(product.id),
        amount: product.price,
        asking: Asking::Fixed,
        title: product.name.clone(),
        word: "tulip".to_owned(),
        description: format!("Corner · {} · tulip", product.name),
        token: entropy.token(),
        state: LinkState::Requested,
        remote: None,
        sale: None,
        is_custom: false,
        reports_to: None,
        options: Options::default(),
        created_at: AT,
        expires_at: None,
    }
}
