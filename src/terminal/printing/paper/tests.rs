//! The papers in all languages: no key is shown to a customer, and each fits the narrowest paper.

use super::{Paper, Receipt, receipt};
use crate::domain::document::{Block, Document};
use crate::domain::id::SaleId;
use crate::domain::locale::Locale;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::Proof;
use crate::domain::sale::{Line, SaleState};
use crate::domain::tax::TaxSum;
use crate::domain::time::Timestamp;
use crate::terminal::printing::{PaperSetup, PaperWords};
use crate::terminal::query::SaleView;
use crate::terminal::snapshot::ShopView;

fn eur(minor: i64) -> Amount {
    Amount::new(minor, Currency::from_code("EUR").unwrap())
}

fn shop() -> ShopView {
    ShopView {
        name: "Café Rosa".to_owned(),
        currency: Currency::from_code("EUR").unwrap(),
        locale: Locale::english(),
        day: crate::domain::day::DayRule {
            zone: chrono_tz::UTC,
            cutoff: chrono::NaiveTime::MIN,
        },
        terminal: "K7".to_owned(),
        demo: false,
        test_account: false,
        has_backend: true,
    }
}

fn sale(state: SaleState, proof: Proof) -> SaleView {
    let line = |name: &str, quantity, minor| Line {
        product: None,
        sku: name.to_owned(),
        name: name.to_owned(),
        unit: eur(minor),
        quantity,
    };
    SaleView {
        id: SaleId(uuid::Uuid::nil()),
        reference: "K7-0042".to_owned(),
        created_at: Timestamp::from_millis(1_772_000_000_000),
        lines: vec![
            line("Soup", 1, 650),
            line("Smørbrød", 2, 900),
            line("", 1, 50),
        ],
        total: eur(2_500),
        backend: "main".to_owned(),
        state,
        proof,
        late: false,
        over: None,
        under: None,
        failed: false,
        by_hand: false,
        missing: false,
        hinted: false,
        cash: false,
        change: None,
        link: None,
        url: Some("https://pay.example.com/l/7Kq2XmB9aZ".to_owned()),
        word: Some("river 42".to_owned()),
    }
}

fn texts(document: &Document) -> String {
    let texts = document.blocks().iter().filter_map(|block| match block {
        Block::Text(paragraph) => Some(paragraph.text.clone()),
        Block::Row { left, right, .. } => Some(format!("{left} | {right}")),
        Block::Code { text, .. } => Some(format!("[{text}]")),
        Block::Rule
        | Block::Proof(_)
        | Block::Picture(_)
        | Block::Feed(_)
        | Block::Cut
        | Block::Drawer
        | Block::Buzzer => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn made(words: &PaperWords, sale: &SaleView) -> Document {
    let shop = shop();
    let setup = PaperSetup {
        words: words.clone(),
        ..PaperSetup::default()
    };
    let paper = Paper {
        shop: &shop,
        words,
        setup: &setup,
    };
    receipt(
        paper,
        Receipt {
            sale,
            given: None,
            copy: 0,
            has_drawer: false,
            taxes: &[],
        },
    )
}

#[test]
fn taxes_stand_under_the_total_they_are_part_of() {
    let words = PaperWords::default();
    let (shop, setup) = (shop(), PaperSetup::default());
    let paper = Paper {
        shop: &shop,
        words: &words,
        setup: &setup,
    };
    let sale = sale(SaleState::Paid, Proof::Confirmed);
    let tax = TaxSum {
        name: "VAT".to_owned(),
        percent: "5.5".to_owned(),
        amount: sale.total,
    };
    let made = receipt(
        paper,
        Receipt {
            sale: &sale,
            given: None,
            copy: 0,
            has_drawer: false,
            taxes: &[tax],
        },
    );
    let texts = texts(&made);
    let lines: Vec<_> = texts.lines().collect();
    let total = lines
        .iter()
        .position(|line| line.starts_with("paper-total"));
    assert!(
        lines[total.unwrap() + 1].starts_with("paper-tax VAT 5.5"),
        "{texts}"
    );
}

/// Only what is confirmed or proven says PAID; whatever else is known, no other word is near it.
#[test]
fn only_what_is_confirmed_or_proven_says_paid() {
    let words = PaperWords::default();
    let states = [
        SaleState::Open,
        SaleState::Awaiting,
        SaleState::Paid,
        SaleState::Cancelled,
        SaleState::Expired,
    ];
    let proofs = [Proof::Open, Proof::Claimed, Proof::Proven, Proof::Confirmed];
    for state in states {
        for proof in proofs {
            let texts = texts(&made(&words, &sale(state, proof)));
            let says_paid = ["paper-paid", "paper-proven", "paper-cash"]
                .iter()
                .any(|word| texts.contains(word));
            let is_paid =
                state == SaleState::Paid && matches!(proof, Proof::Confirmed | Proof::Proven);
            assert_eq!(says_paid, is_paid, "{state:?} {proof:?}: {texts}");
            // A customer who paid, or whose sale is over, is not asked to pay.
            let asks = texts.contains('[');
            let waits = matches!(state, SaleState::Open | SaleState::Awaiting);
            assert_eq!(asks, waits && proof == Proof::Open, "{state:?} {proof:?}");
        }
    }
}

#[test]
fn a_receipt_adds_up_in_front_of_the_customer() {
    let texts = texts(&made(
        &PaperWords::default(),
        &sale(SaleState::Paid, Proof::Confirmed),
    ));
    for expected in [
        "Café Rosa",
        "K7-0042 | 2026-02-25 06:13",
        "Soup | 6.50",
        "  2 x 9.00 | 18.00",
        "line-amount | 0.50",
        "paper-total | 25.00\u{a0}€",
        "paper-paid",
    ] {
        assert!(texts.contains(expected), "{expected}: {texts}");
    }
}

/// The translation files are read where there is a window.
#[cfg(feature = "terminal")]
mod languages;
