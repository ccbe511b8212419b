//! What must hold of a till's data folder at any time, read from disk after the till has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tillcode::domain::id::{LinkId, SaleId};
use tillcode::domain::link::{Link, Purpose};
use tillcode::domain::sale::Fact;
use tillcode::domain::time::Timestamp;
use tillcode::io::store::{FILE_NAME, Reader, Store};
use tillcode::terminal::query::{ROWS_MAX, SaleDetail};
use tillcode::terminal::{Answer, Query};

/// All sales and links of a data folder.
pub(crate) struct Books {
    /// With their facts.
    pub(crate) sales: BTreeMap<SaleId, SaleDetail>,
    /// By our id.
    pub(crate) links: BTreeMap<LinkId, Link>,
}

/// Reads one answer.
pub(crate) fn ask(reader: &mut Reader, query: &Query) -> Answer {
    match reader.answer(query) {
        Answer::Failed { reason } => panic!("{query:?}: {reason}"),
        answer => answer,
    }
}

impl Books {
    /// Opens the folder as a till would, with all its checks, and reads everything.
    pub(crate) fn open(folder: &Path) -> Self {
        let path = folder.join(FILE_NAME);
        let store = Store::open(&path).expect("the database opens, whole and unaltered");
        store.verify_journal().expect("the journal is unaltered");
        let mut reader = Reader::open(&path).unwrap();
        let everything = Query::Sales {
            since: Timestamp::from_millis(0),
            limit: ROWS_MAX,
        };
        let Answer::Sales { sales } = ask(&mut reader, &everything) else {
            panic!()
        };
        let details = sales.iter().map(|sale| {
            let Answer::Sale { sale: Some(detail) } =
                ask(&mut reader, &Query::Sale { id: sale.id })
            else {
                panic!("{} is in the list and not alone", sale.reference)
            };
            (sale.id, *detail)
        });
        let sales = details.collect();
        let Answer::Links { links } = ask(
            &mut reader,
            &Query::Links {
                limit: ROWS_MAX,
                purpose: None,
            },
        ) else {
            panic!()
        };
        Self {
            sales,
            links: links.into_iter().map(|link| (link.id, link)).collect(),
        }
    }

    /// References are unique, every link that was shown exists, and a single one was shown for one
    /// sale only.
    pub(crate) fn check(&self) {
        let mut references = BTreeSet::new();
        let mut shown_for = BTreeMap::new();
        for (id, detail) in &self.sales {
            let reference = &detail.sale.reference;
            assert!(references.insert(reference), "{reference} is there twice");
            let lines = &detail.sale.lines;
            let total = tillcode::domain::sale::total(lines).unwrap();
            assert_eq!(total, Some(detail.sale.total), "{reference}");
            for fact in &detail.facts {
                let Fact::Shown { link, purpose, .. } = fact else {
                    continue;
                };
                let found = self.links.get(link);
                let found = found.unwrap_or_else(|| panic!("{reference} showed an unknown link"));
                if *purpose == Purpose::Single {
                    assert_eq!(found.sale, Some(*id), "{reference}'s link names its sale");
                    let other = shown_for.insert(*link, *id);
                    assert_eq!(other, None, "{reference}'s link was shown for two sales");
                }
            }
        }
    }

    /// What was on the screen is on disk: the code as shown for that sale, and for no other.
    pub(crate) fn check_shown(&self, sale: SaleId, url: &str) {
        let detail = self.sales.get(&sale);
        let detail = detail.unwrap_or_else(|| panic!("{sale} was shown and is not on disk"));
        let links = detail.facts.iter().filter_map(|fact| match fact {
            Fact::Shown { link, .. } => self.links.get(link),
            _ => None,
        });
        let named: Vec<&str> = links.filter_map(Link::url).collect();
        assert!(
            named.contains(&url),
            "{} was on the screen with {url}, on disk are {named:?}",
            detail.sale.reference
        );
    }
}
