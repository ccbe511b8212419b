//! The Merchant API, as far as it looks up payments: a query in, XML out.

use super::book::{Session, State, Transaction, number_of};
use super::{access, problem};
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::{Request, page};

/// What a look-up may name.
const NAMES: &[&str] = &[
    "shop_orderid",
    "transaction_id",
    "payment_id",
    "shop",
    "terminal",
    "sort",
    "limit",
];
/// Transactions without a `limit`, and at most.
const LIMIT_USUAL: usize = 10;
const LIMIT_MAX: usize = 100;

/// Everything under `/merchant/API/`.
pub(super) fn handle(state: &State, request: &Request) -> Response {
    if request.path != "/merchant/API/payments" {
        return problem(404, "not found");
    }
    if request.method != "GET" {
        return problem(405, "method not allowed");
    }
    let Some(owner) = access::basic(request) else {
        return problem(401, "unauthorized");
    };
    match Query::read(&request.query) {
        Ok(query) => answer("0", "", &found(state, &owner, &query)),
        Err(said) => answer("17", &said, ""),
    }
}

/// What is asked for.
struct Query {
    order_id: String,
    transaction_id: Option<String>,
    limit: usize,
}

impl Query {
    fn read(query: &str) -> Result<Self, String> {
        let pairs: Vec<(&str, &str)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !NAMES.contains(name)) {
            return Err(format!("{name} is not a known parameter"));
        }
        let get = |name: &str| pairs.iter().find(|(found, _)| *found == name);
        let text = |name: &str| get(name).map(|(_, value)| (*value).to_owned());
        let limit = match text("limit") {
            Some(limit) => limit
                .parse()
                .ok()
                .filter(|limit| (1..=LIMIT_MAX).contains(limit))
                .ok_or("limit must be from 1 to 100")?,
            None => LIMIT_USUAL,
        };
        Ok(Self {
            order_id: text("shop_orderid").ok_or("shop_orderid is missing")?,
            transaction_id: text("transaction_id"),
            limit,
        })
    }
}

/// The account's transactions that fit, newest first.
fn found(state: &State, owner: &str, query: &Query) -> String {
    let sessions = state.sessions.values();
    let mine =
        sessions.filter(|session| session.owner == owner && session.order_id == query.order_id);
    let mut all: Vec<(&Session, &Transaction)> = mine
        .flat_map(|session| session.transactions.iter().map(move |one| (session, one)))
        .filter(|(_, one)| query.transaction_id.as_ref().is_none_or(|id| *id == one.id))
        .collect();
    all.sort_by_key(|(_, one)| std::cmp::Reverse(one.at));
    let parts = all.into_iter().take(query.limit);
    parts.map(|(session, one)| describe(session, one)).collect()
}

fn describe(session: &Session, transaction: &Transaction) -> String {
    let Amount { currency, .. } = session.amount;
    let sum = |minor| Amount::new(minor, currency).to_decimal();
    let number = number_of(currency).unwrap_or("");
    let at = Timestamp::to_rfc3339(transaction.at);
    format!(
        "<Transaction><TransactionId>{id}</TransactionId><AuthType>paymentAndCapture</AuthType>\
         <ShopOrderId>{order}</ShopOrderId><Terminal>Sandbox</Terminal>\
         <TransactionStatus>{status}</TransactionStatus>\
         <MerchantCurrency>{number}</MerchantCurrency>\
         <MerchantCurrencyAlpha>{currency}</MerchantCurrencyAlpha>\
         <ReservedAmount>{reserved}</ReservedAmount>\
         <CapturedAmount>{captured}</CapturedAmount>\
         <RefundedAmount>{refunded}</RefundedAmount>\
         <CreatedDate>{at}</CreatedDate><UpdatedDate>{at}</UpdatedDate>\
         <PaymentNature>CreditCard</PaymentNature></Transaction>",
        id = transaction.id,
        order = page::escape(&session.order_id),
        status = transaction.status,
        reserved = sum(transaction.reserved),
        captured = sum(transaction.captured),
        refunded = sum(transaction.refunded),
    )
}

fn answer(code: &str, message: &str, transactions: &str) -> Response {
    let message = page::escape(message);
    let result = if code == "0" { "Success" } else { "Error" };
    let list = if transactions.is_empty() {
        String::new()
    } else {
        format!("<Transactions>{transactions}</Transactions>")
    };
    let body = format!(
        "<?xml version=\"1.0\"?>\n<APIResponse version=\"20170228\"><Header>\
         <Path>API/payments</Path><ErrorCode>{code}</ErrorCode>\
         <ErrorMessage>{message}</ErrorMessage></Header>\
         <Body><Result>{result}</Result>{list}</Body></APIResponse>"
    );
    Response {
        status: 200,
        headers: vec![(
            "content-type".to_owned(),
            "text/xml; charset=utf-8".to_owned(),
        )],
        body,
    }
}
