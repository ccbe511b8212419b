//! How often links were shown and paid, and whether that is found without reading every fact.

use rusqlite::Connection;

use super::super::*;
use super::open;
use super::sample::{at, sample};
use crate::domain::id::{LinkId, SaleId};
use crate::domain::payment::{PaymentReport, PaymentRow, PaymentStatus, Proof};
use crate::domain::sale::Fact;
use crate::terminal::query::{Answer, LinkStat, Query};

fn payment(link: LinkId, name: &str, status: PaymentStatus, seconds: i64) -> Write {
    Write::Payment(PaymentRow {
        report: PaymentReport {
            backend: "main".to_owned(),
            payment: name.to_owned(),
            link,
            status,
            amount: sample().product.price,
            proof: Proof::Confirmed,
            heard_at: at(seconds),
        },
        account: "f00d".to_owned(),
        sale: None,
    })
}

#[test]
fn a_link_is_counted_once_for_each_sale_and_each_payment() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    let mut other = sample.sale.clone();
    other.id = SaleId(uuid::Uuid::from_u128(7));
    let link = sample.link.id;
    let writes = [
        Write::Sale(other.clone()),
        Write::Fact {
            sale: other.id,
            fact: sample.shown(),
        },
        Write::Fact {
            sale: other.id,
            fact: Fact::Cancelled { at: at(13) },
        },
        payment(link, "p1", PaymentStatus::Pending, 20),
        payment(link, "p1", PaymentStatus::Charged, 21),
        payment(link, "p1", PaymentStatus::Refunded, 22),
        payment(link, "p2", PaymentStatus::Charged, 23),
        payment(link, "p3", PaymentStatus::Failed, 24),
    ];
    store.commit(&writes).unwrap();
    let path = folder.path().join(FILE_NAME);
    let mut reader = Reader::open(&path).unwrap();
    let stat = LinkStat {
        link,
        shown: 2,
        last_shown: Some(at(11)),
        paid: 2,
        last_paid: Some(at(23)),
    };
    assert_eq!(
        reader.answer(&Query::LinkStats),
        Answer::LinkStats { stats: vec![stat] }
    );
    let Answer::Links { links } = reader.answer(&Query::Link { id: link }) else {
        panic!("a link")
    };
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].token, "", "no list shows the token");
    let unknown = LinkId(uuid::Uuid::nil());
    assert_eq!(
        reader.answer(&Query::Link { id: unknown }),
        Answer::Links { links: Vec::new() }
    );
}

#[test]
fn what_is_looked_up_often_comes_from_an_index() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let connection = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for (sql, index) in [
        (stats::SHOWN, "sale_fact_shown"),
        (stats::PAID, "payment_by_link"),
        (recover::KEPT, "journal_kept"),
    ] {
        let plan: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {}", sql.replace("?1", "''")))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan.join(" ").contains(index), "{plan:?}");
    }
}
