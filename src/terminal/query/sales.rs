//! Answers about sales.

use serde::{Deserialize, Serialize};

use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::Link;
use crate::domain::money::Amount;
use crate::domain::payment::Proof;
use crate::domain::sale::{Fact, Line, SaleRecord, SaleState};
use crate::domain::time::Timestamp;

/// A sale in a list.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the names of a contract, each its own fact"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleView {
    /// The till's id of it.
    pub id: SaleId,
    /// What people call it: `K7-0042`.
    pub reference: String,
    /// When it began.
    pub created_at: Timestamp,
    /// What is bought.
    pub lines: Vec<Line>,
    /// The sum.
    pub total: Amount,
    /// The backend's name; empty for cash.
    pub backend: String,
    /// Where it stands.
    pub state: SaleState,
    /// How sure that is.
    pub proof: Proof,
    /// Money came after it was closed.
    pub late: bool,
    /// What is to be given back.
    pub over: Option<Amount>,
    /// What is missing.
    pub under: Option<Amount>,
    /// The payer's last attempt failed.
    pub failed: bool,
    /// Whoever paid must be matched by hand.
    pub by_hand: bool,
    /// Somebody looked for its payment in the provider's list, and it was not there.
    #[serde(default)]
    pub missing: bool,
    /// A payment was reported by somebody whose word is no proof.
    #[serde(default)]
    pub hinted: bool,
    /// Whether cash was taken.
    pub cash: bool,
    /// Change that was given.
    pub change: Option<Amount>,
    /// The link that was shown last.
    pub link: Option<LinkId>,
    /// Its address, which the code holds.
    pub url: Option<String>,
    /// Its short word.
    pub word: Option<String>,
}

/// A sale with all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleDetail {
    /// The sale.
    #[serde(flatten)]
    pub sale: SaleView,
    /// What happened, oldest first.
    pub facts: Vec<Fact>,
}

/// What a day brought, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotal {
    /// Paid by code, as a backend confirmed it.
    pub paid: Amount,
    /// Taken in cash.
    pub cash: Amount,
    /// Waiting, or handed over without proof.
    pub unknown: Amount,
    /// Sales that are paid, by code or in cash.
    pub sales: u32,
    /// Sales that are not known yet.
    pub open_sales: u32,
}

/// How often a sum was asked for by code at one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldSum {
    /// The account's name.
    pub backend: String,
    /// The sum.
    pub amount: Amount,
    /// On all days together.
    pub sales: u32,
    /// On the day with the most of them.
    pub peak: u32,
}

/// A sale as lists show it. `link` is the row of [`SaleRecord::last_shown`]; another link's address is never
/// taken for it.
pub fn sale_view(record: &SaleRecord, link: Option<&Link>) -> SaleView {
    let standing = record.standing();
    let shown = record.last_shown();
    let link = link.filter(|link| Some(link.id) == shown);
    let change = record.facts().find_map(|fact| match fact {
        Fact::Cash { change, .. } => Some(*change),
        Fact::Shown { .. }
        | Fact::Reported(_)
        | Fact::Claimed { .. }
        | Fact::Checked { .. }
        | Fact::Cancelled { .. }
        | Fact::Expired { .. } => None,
    });
    let sale = &record.sale;
    SaleView {
        id: sale.id,
        reference: sale.reference.clone(),
        created_at: sale.created_at,
        lines: sale.lines.clone(),
        total: sale.total,
        backend: sale.backend.clone(),
        state: standing.state,
        proof: standing.proof,
        late: standing.late,
        over: standing.over,
        under: standing.under,
        failed: standing.failed,
        by_hand: standing.by_hand,
        missing: standing.missing,
        hinted: standing.hinted,
        cash: change.is_some(),
        change,
        link: shown,
        url: link.and_then(Link::url).map(str::to_owned),
        word: link.map(|link| link.word.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::link::{LinkState, Purpose, RemoteLink};
    use crate::domain::money::Currency;
    use crate::domain::sale::Sale;

    fn link(last: u8) -> Link {
        let uuid = uuid::Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
        Link {
            id: LinkId(uuid),
            backend: "main".to_owned(),
            account: String::new(),
            purpose: Purpose::Single,
            product: None,
            amount: euros(350),
            asking: crate::domain::link::Asking::Fixed,
            title: "Tea".to_owned(),
            word: format!("river {last}"),
            description: String::new(),
            token: "secret".to_owned(),
            state: LinkState::Shown,
            remote: Some(RemoteLink {
                id: "pl".to_owned(),
                url: format!("https://4pay.online/{last}"),
            }),
            sale: None,
            is_custom: false,
            reports_to: None,
            options: crate::domain::options::Options::default(),
            created_at: Timestamp::default(),
            expires_at: None,
        }
    }

    fn euros(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    #[test]
    fn a_sale_shows_the_link_that_was_shown_last_and_no_other() {
        let shown = |last: u8, millis| Fact::Shown {
            link: link(last).id,
            purpose: Purpose::Single,
            part: None,
            at: Timestamp::from_millis(millis),
        };
        let sale = Sale {
            id: SaleId(uuid::Uuid::nil()),
            reference: "K7-0001".to_owned(),
            created_at: Timestamp::default(),
            lines: Vec::new(),
            total: euros(350),
            backend: "main".to_owned(),
        };
        let mut record = SaleRecord::new(sale, [shown(9, 1), shown(1, 2)]);
        let view = sale_view(&record, Some(&link(1)));
        assert_eq!(view.url.as_deref(), Some("https://4pay.online/1"));
        assert_eq!(view.word.as_deref(), Some("river 1"));
        assert_eq!((view.state, view.cash), (SaleState::Awaiting, false));
        let other = sale_view(&record, Some(&link(9)));
        assert_eq!((other.link, other.url), (Some(link(1).id), None));

        record.add(Fact::Cash {
            given: euros(500),
            change: euros(150),
            at: Timestamp::from_millis(3),
        });
        let paid = sale_view(&record, None);
        assert_eq!(
            (paid.state, paid.cash, paid.change),
            (SaleState::Paid, true, Some(euros(150)))
        );
    }
}
