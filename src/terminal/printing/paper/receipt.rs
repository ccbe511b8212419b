//! A receipt: what was bought, and how far it is known to be paid, in the words of the proof.

use super::Paper;
use crate::domain::document::{Align, Block, CodeSize, Document, Paragraph};
use crate::domain::money::Amount;
use crate::domain::payment::Proof;
use crate::domain::sale::{Line, SaleState};
use crate::domain::tax::TaxSum;
use crate::proto::backend::url::host_of;
use crate::terminal::query::SaleView;

/// What a receipt is made of.
#[derive(Clone, Copy, Debug)]
pub(in crate::terminal) struct Receipt<'a> {
    pub(in crate::terminal) sale: &'a SaleView,
    /// What the customer gave in cash.
    pub(in crate::terminal) given: Option<Amount>,
    /// Zero for the first.
    pub(in crate::terminal) copy: u32,
    /// Whether a cash drawer hangs on the printer.
    pub(in crate::terminal) has_drawer: bool,
    /// What of its total are taxes.
    pub(in crate::terminal) taxes: &'a [TaxSum],
}

/// The receipt of a sale as it stands.
pub(in crate::terminal) fn receipt(paper: Paper<'_>, receipt: Receipt<'_>) -> Document {
    let sale = receipt.sale;
    let mut document = Document::default();
    // First, so that it opens while the rest is printed.
    if receipt.has_drawer && sale.cash && receipt.copy == 0 {
        document.add(Block::Drawer);
    }
    document.center(&paper.shop.name, true);
    paper.mark_of_tests(&mut document);
    paper.mark_of_copies(&mut document, receipt.copy);
    row(
        &mut document,
        &sale.reference,
        &paper.date(sale.created_at),
        false,
    );
    document.add(Block::Rule);
    for line in &sale.lines {
        add_line(&mut document, paper, line);
    }
    document.add(Block::Rule);
    let total = paper.words.say("paper-total");
    row(&mut document, &total, &paper.money(sale.total), true);
    for tax in receipt.taxes {
        let values = [("name", tax.name.as_str()), ("percent", &tax.percent)];
        let words = paper.words.with_all("paper-tax", &values);
        row(&mut document, &words, &paper.money(tax.amount), false);
    }
    if let Some(given) = receipt.given {
        let words = paper.words.say("paper-given");
        row(&mut document, &words, &paper.money(given), false);
    }
    if let Some(change) = sale.change.filter(|change| change.minor > 0) {
        let words = paper.words.say("paper-change");
        row(&mut document, &words, &paper.money(change), false);
    }
    add_proof(&mut document, paper, sale);
    document.add(Block::Cut);
    document
}

fn row(document: &mut Document, left: &str, right: &str, is_bold: bool) {
    document.add(Block::Row {
        left: left.to_owned(),
        right: right.to_owned(),
        is_bold,
    });
}

/// Pieces and their price on a line of their own where there are several.
fn add_line(document: &mut Document, paper: Paper<'_>, line: &Line) {
    let name = if line.name.is_empty() {
        paper.words.say("line-amount")
    } else {
        line.name.clone()
    };
    let total = line.total().unwrap_or(line.unit);
    let sum = total.format_plain(paper.shop.locale);
    if line.quantity == 1 {
        row(document, &name, &sum, false);
        return;
    }
    let unit = line.unit.format_plain(paper.shop.locale);
    document.add(Block::Text(Paragraph {
        text: name,
        ..Paragraph::default()
    }));
    row(
        document,
        &format!("  {} x {unit}", line.quantity),
        &sum,
        false,
    );
}

/// Only what is confirmed or proven says that it is paid.
fn add_proof(document: &mut Document, paper: Paper<'_>, sale: &SaleView) {
    let words = paper.words;
    document.add(Block::Feed(1));
    document.center(&words.say(proof_word(sale)), sale.state == SaleState::Paid);
    if let Some(over) = sale.over {
        document.center(
            &words.with("paper-over", "amount", &paper.money(over)),
            false,
        );
    }
    if let Some(under) = sale.under {
        let missing = words.with("paper-under", "amount", &paper.money(under));
        document.center(&missing, false);
    }
    let waits = matches!(sale.state, SaleState::Open | SaleState::Awaiting);
    let code = sale.url.as_ref().filter(|_| waits && !sale.hinted);
    let Some(url) = code.filter(|_| sale.proof == Proof::Open) else {
        return;
    };
    document.add(Block::Code {
        text: url.clone(),
        size: CodeSize::Hand,
    });
    let host = host_of(url).unwrap_or_default();
    document.center(&words.with("paper-scan", "host", &host), false);
    if let Some(word) = &sale.word {
        document.add(Block::Text(Paragraph {
            text: word.clone(),
            align: Align::Center,
            ..Paragraph::default()
        }));
    }
}

const fn proof_word(sale: &SaleView) -> &'static str {
    match (sale.state, sale.proof) {
        (SaleState::Paid, Proof::Confirmed) if sale.cash => "paper-cash",
        (SaleState::Paid, Proof::Confirmed) => "paper-paid",
        (SaleState::Paid, Proof::Proven) => "paper-proven",
        (SaleState::Cancelled, _) => "paper-cancelled",
        (SaleState::Expired, _) if sale.missing => "paper-missing",
        (_, Proof::Claimed) => "paper-claimed",
        (SaleState::Expired, _) => "paper-expired",
        (SaleState::Paid | SaleState::Open | SaleState::Awaiting, _) => "paper-open",
    }
}
