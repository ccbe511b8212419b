//! What was paid on an order, as the Merchant API says in XML.
//!
//! `<APIResponse>` holds a `<Header>` with `<ErrorCode>` (0 is good) and `<ErrorMessage>`, and a
//! `<Body>` with one `<Transaction>` for each try of a payer. Amounts are decimals with a point.

use roxmltree::Node;

use super::super::{Refusal, Reported, Response, decimal, read};
use super::answer::unexpected;
use super::{ask, currencies, xml};
use crate::domain::link::Link;
use crate::domain::money::Currency;
use crate::domain::payment::PaymentStatus;

/// Transactions of one order that are asked for: the most that the provider gives at once.
pub(super) const REPORTS_MAX: usize = 100;

/// Whether an answer can be the Merchant API's.
pub(super) fn is_answer(response: &Response) -> bool {
    xml::parse(&response.body).is_some()
}

/// What the header of an answer complains about: code and sentence.
pub(super) fn complaint(body: &str) -> Option<(String, String)> {
    let document = xml::parse(body)?;
    let header = xml::child(document.root_element(), "Header")?;
    let code = xml::text(header, "ErrorCode")?;
    let message = xml::text(header, "ErrorMessage").unwrap_or("");
    (code != "0").then(|| (read::clip(code), read::clip(message)))
}

/// The payments of a link, newest first. Those of other orders are passed over.
pub(super) fn read(response: &Response, link: &Link) -> Result<Vec<Reported>, Refusal> {
    let document = xml::parse(&response.body)
        .ok_or_else(|| unexpected(response, "AltaPay's answer is not as documented"))?;
    if let Some((code, message)) = complaint(&response.body) {
        let reason = format!("AltaPay could not look the order up; it says: {message} ({code})");
        return Err(Refusal {
            code: Some(code),
            ..unexpected(response, reason)
        });
    }
    let root = document.root_element();
    let is_good = xml::child(root, "Header").and_then(|header| xml::text(header, "ErrorCode"));
    if is_good != Some("0") {
        return Err(unexpected(
            response,
            "AltaPay's answer does not say whether it worked",
        ));
    }
    let order_id = ask::order_id(link);
    let transactions = xml::child(root, "Body").and_then(|body| xml::child(body, "Transactions"));
    transactions
        .into_iter()
        .flat_map(|list| list.children())
        .filter(|node| node.has_tag_name("Transaction"))
        .filter(|node| xml::text(*node, "ShopOrderId") == Some(&order_id))
        .take(REPORTS_MAX)
        .map(|node| transaction(response, node, link))
        .collect()
}

fn transaction(response: &Response, node: Node<'_, '_>, link: &Link) -> Result<Reported, Refusal> {
    let payment = xml::text(node, "TransactionId")
        .filter(|id| read::is_id(id))
        .ok_or_else(|| {
            let reason = "AltaPay names a payment of this order without a usable id: look into \
                          its console";
            unexpected(response, reason)
        })?;
    let currency = currency(node);
    let minted = link.amount.currency;
    let exponent = currency.ok().flatten().unwrap_or(minted).exponent();
    let amount = |name: &str| match xml::text(node, name) {
        Some(text) => decimal::from_text(text, exponent),
        None => Some(0),
    };
    let sums = Sums {
        reserved: amount("ReservedAmount").unwrap_or(0),
        captured: amount("CapturedAmount").unwrap_or(0),
        refunded: amount("RefundedAmount").unwrap_or(0),
    };
    let is_clear = currency.is_ok()
        && amount("CapturedAmount").is_some()
        && amount("RefundedAmount").is_some();
    let word = xml::text(node, "TransactionStatus").unwrap_or("");
    let (status, remark) = if is_clear {
        status(word, sums)
    } else {
        let unclear = "AltaPay names an amount or a currency that is not understood: look into its \
                    console";
        (PaymentStatus::Pending, unclear)
    };
    Ok(Reported {
        remote_link: link.remote.as_ref().map(|remote| remote.id.clone()),
        payment: payment.to_owned(),
        status,
        minor: if sums.captured > 0 {
            sums.captured
        } else {
            sums.reserved
        },
        currency: currency.ok().flatten(),
        net_minor: None,
        gross_minor: None,
        error: remark.to_owned(),
    })
}

/// A transaction's sums, in the currency's smallest unit.
#[derive(Clone, Copy)]
struct Sums {
    reserved: i64,
    captured: i64,
    refunded: i64,
}

/// A word means money only together with a captured amount; a word that is not known is neither
/// money nor an end. With it a note for people, empty where there is nothing to do.
fn status(word: &str, sums: Sums) -> (PaymentStatus, &'static str) {
    let Sums {
        captured, refunded, ..
    } = sums;
    let is_back = matches!(word, "refunded" | "bank_payment_refunded");
    match word {
        "captured" | "bank_payment_finalized" | "refunded" | "bank_payment_refunded"
            if captured > 0 =>
        {
            // A refund whose amount is not said is taken for all of it: never too much money.
            let status = match refunded {
                0 if is_back => PaymentStatus::Refunded,
                0 => PaymentStatus::Charged,
                _ if refunded < captured => PaymentStatus::PartRefunded,
                _ => PaymentStatus::Refunded,
            };
            (status, "")
        }
        "preauth" => (
            PaymentStatus::Pending,
            "authorized, but not captured: capture it in AltaPay's console",
        ),
        "released" | "epayment_cancelled" | "failed" if captured == 0 => {
            (PaymentStatus::Failed, "not paid")
        }
        _ if word.ends_with("_failed") && captured == 0 => (PaymentStatus::Failed, "not paid"),
        _ => (PaymentStatus::Pending, ""),
    }
}

/// The currency of a transaction: `Ok(None)` where none is named, an error where the one that is
/// named is not known here.
fn currency(node: Node<'_, '_>) -> Result<Option<Currency>, UnknownCurrency> {
    let named = match xml::text(node, "MerchantCurrencyAlpha") {
        Some(code) => Currency::from_code(code),
        None => match xml::text(node, "MerchantCurrency") {
            Some(number) => currencies::of_number(number),
            None => return Ok(None),
        },
    };
    named.map(Some).ok_or(UnknownCurrency)
}

#[derive(Clone, Copy)]
struct UnknownCurrency;
