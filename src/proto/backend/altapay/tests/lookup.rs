//! What was paid, in XML.

use super::super::super::sample;
use super::*;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::PaymentStatus;

/// A try of a payer, as the public samples have it.
fn transaction(id: &str, status: &str, captured: &str, refunded: &str) -> String {
    format!(
        "<Transaction><TransactionId>{id}</TransactionId><AuthType>paymentAndCapture</AuthType>\
         <CardStatus>Valid</CardStatus><CreditCardExpiry><Year>2030</Year></CreditCardExpiry>\
         <ShopOrderId>{ORDER}</ShopOrderId><Shop>Shop</Shop>\
         <TransactionStatus>{status}</TransactionStatus><MerchantCurrency>978</MerchantCurrency>\
         <ReservedAmount>3.50</ReservedAmount><CapturedAmount>{captured}</CapturedAmount>\
         <RefundedAmount>{refunded}</RefundedAmount><ChargebackEvents/>\
         <PaymentInfos><PaymentInfo name=\"x\"><![CDATA[a & <b>]]></PaymentInfo></PaymentInfos>\
         </Transaction>"
    )
}

fn found(code: &str, transactions: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<APIResponse version=\"20170228\">\n    <Header>\n\
         <Date>2026-03-01T11:00:00+01:00</Date><Path>API/payments</Path>\n\
         <ErrorCode>{code}</ErrorCode><ErrorMessage>Said &amp; done</ErrorMessage>\n    </Header>\n\
         <Body><Result/><Transactions>{transactions}</Transactions></Body>\n</APIResponse>\n"
    )
}

fn look_up(body: &str) -> Next {
    let mut asked = link(350, "EUR");
    asked.remote = Some(crate::domain::link::RemoteLink {
        id: "l-1".to_owned(),
        url: "https://testgateway.altapaysecure.com/pay/1".to_owned(),
    });
    let action = Action::LookUp { link: asked };
    next(&action, &[answer(200, body)], &Options::default())
}

fn payments(body: &str) -> Vec<Reported> {
    match look_up(body) {
        Next::Done(Outcome::Payments(payments)) => payments,
        other @ (Next::Send(_) | Next::Done(_) | Next::Later(_) | Next::Refused(_)) => {
            panic!("{other:?}")
        }
    }
}

fn only(transaction: &str) -> Reported {
    let mut payments = payments(&found("0", transaction));
    assert_eq!(payments.len(), 1);
    payments.remove(0)
}

#[test]
fn an_order_is_looked_up_by_its_id() {
    let action = Action::LookUp {
        link: link(350, "EUR"),
    };
    let request = sample::sent(&AltaPay, &action);
    assert_eq!(
        request.path,
        format!("/merchant/API/payments?shop_orderid={ORDER}&sort=desc&limit=100")
    );
    assert!(matches!(
        header(&request, "authorization"),
        Some(HeaderValue::Basic { .. })
    ));
}

#[test]
fn a_captured_amount_is_money() {
    let reported = only(&transaction("14398495", "captured", "3.50", "0.00"));
    assert_eq!(
        reported,
        Reported {
            remote_link: Some("l-1".to_owned()),
            payment: "14398495".to_owned(),
            status: PaymentStatus::Charged,
            minor: 350,
            currency: Currency::from_code("EUR"),
            net_minor: None,
            gross_minor: None,
            error: String::new(),
        }
    );
    let amount = Amount::new(reported.minor, reported.currency.unwrap());
    assert_eq!(amount.to_decimal(), "3.50");
}

#[test]
fn a_word_and_its_sums_decide_together() {
    use PaymentStatus::{Charged, Failed, PartRefunded, Pending, Refunded};
    for (word, captured, refunded, expected, minor) in [
        ("captured", "3.50", "0.00", Charged, 350),
        ("captured", "3.5", "", Charged, 350),
        ("captured", "0.00", "0.00", Pending, 350),
        ("captured", "3.50", "1.00", PartRefunded, 350),
        ("captured", "3.50", "3.50", Refunded, 350),
        ("bank_payment_finalized", "3.50", "0", Charged, 350),
        ("bank_payment_finalized", "0", "0", Pending, 350),
        ("refunded", "3.50", "3.49", PartRefunded, 350),
        ("refunded", "3.50", "3.50", Refunded, 350),
        ("refunded", "3.50", "0.00", Refunded, 350),
        ("bank_payment_refunded", "3.50", "3.50", Refunded, 350),
        ("preauth", "0.00", "0.00", Pending, 350),
        ("released", "0.00", "0.00", Failed, 350),
        ("released", "1.00", "0.00", Pending, 100),
        ("epayment_cancelled", "0.00", "0.00", Failed, 350),
        ("preauth_failed", "0.00", "0.00", Failed, 350),
        ("recurring_failed", "3.50", "0.00", Pending, 350),
        ("created", "0.00", "0.00", Pending, 350),
        ("CAPTURED", "3.50", "0.00", Pending, 350),
        ("", "3.50", "0.00", Pending, 350),
        // Not euros and cents: never money.
        ("captured", "3.505", "0.00", Pending, 350),
        ("captured", "-3.50", "0.00", Pending, 350),
        ("captured", "3,50", "0.00", Pending, 350),
        ("captured", "3.50", "x", Pending, 350),
    ] {
        let reported = only(&transaction("1", word, captured, refunded));
        assert_eq!(
            (reported.status, reported.minor),
            (expected, minor),
            "{word} {captured} {refunded}"
        );
    }
    let reserved = only(&transaction("1", "preauth", "0.00", "0.00"));
    assert!(reserved.error.contains("capture it"), "{}", reserved.error);
}

#[test]
fn a_currency_is_named_by_code_or_number() {
    let paid = transaction("1", "captured", "3.50", "0.00");
    let number = "<MerchantCurrency>978</MerchantCurrency>";
    let swap = |to: &str| only(&paid.replace(number, to));
    let named = swap(
        "<MerchantCurrencyAlpha>USD</MerchantCurrencyAlpha><MerchantCurrency>978</MerchantCurrency>",
    );
    assert_eq!(
        (named.status, named.currency),
        (PaymentStatus::Charged, Currency::from_code("USD"))
    );
    let yen = only(
        &paid
            .replace(number, "<MerchantCurrency>392</MerchantCurrency>")
            .replace("3.50", "350.00"),
    );
    assert_eq!((yen.minor, yen.currency), (350, Currency::from_code("JPY")));
    let silent = swap("");
    assert_eq!(
        (silent.status, silent.currency),
        (PaymentStatus::Charged, None)
    );
    for unknown in [
        "<MerchantCurrency>999</MerchantCurrency>",
        "<MerchantCurrencyAlpha>XXQ</MerchantCurrencyAlpha>",
    ] {
        let unknown = swap(unknown);
        assert_eq!(
            (unknown.status, unknown.currency),
            (PaymentStatus::Pending, None)
        );
        assert!(unknown.error.contains("currency"));
    }
}

#[test]
fn every_try_is_reported_and_no_other_order() {
    let two = [
        transaction("3", "captured", "3.50", "0.00"),
        transaction("2", "epayment_cancelled", "0.00", "0.00"),
        transaction("1", "captured", "3.50", "0.00").replace(ORDER, "another-order"),
        transaction("0", "captured", "3.50", "0.00").replace("ShopOrderId", "Other"),
        "<Else/>".to_owned(),
    ];
    let payments = payments(&found("0", &two.concat()));
    let short: Vec<_> = payments
        .iter()
        .map(|reported| (reported.payment.as_str(), reported.status))
        .collect();
    assert_eq!(
        short,
        [("3", PaymentStatus::Charged), ("2", PaymentStatus::Failed)]
    );
}

#[test]
fn an_order_that_nobody_tried_to_pay_has_no_payments() {
    let none = found("0", "");
    let bare = none.replace("<Transactions></Transactions>", "");
    assert_ne!(none, bare);
    for body in [none, bare] {
        assert_eq!(payments(&body), []);
    }
}

#[test]
fn an_answer_that_says_no_is_no_list() {
    let Next::Refused(refusal) = look_up(&found("17", "")) else {
        panic!("not refused")
    };
    assert_eq!(refusal.code.as_deref(), Some("17"));
    assert!(refusal.reason.contains("Said & done"), "{refusal}");
    for body in [
        found("", ""),
        "<APIResponse/>".to_owned(),
        "{}".to_owned(),
        found("0", &transaction("a b", "captured", "3.50", "0.00")),
        found("0", &transaction("", "captured", "3.50", "0.00")),
    ] {
        assert!(matches!(look_up(&body), Next::Refused(_)), "{body}");
    }
}

#[test]
fn a_document_that_only_an_attack_has_is_not_read() {
    let nested = |depth: usize| {
        let inner = ["<a>".repeat(depth), "</a>".repeat(depth)].concat();
        format!("<APIResponse>{inner}</APIResponse>")
    };
    let equals = |count: usize| {
        let attributes: Vec<_> = (0..count).map(|index| format!(" a{index}=''")).collect();
        let attributes = attributes.concat();
        format!("<APIResponse{attributes}/>")
    };
    for (body, is_read) in [
        (nested(30), true),
        (nested(31), false),
        (nested(36_000), false),
        (equals(500), true),
        (equals(501), false),
        ("<APIResponse xmlns:a='b'/>".to_owned(), false),
        (
            "<!DOCTYPE x [<!ENTITY a 'b'>]><APIResponse>&a;</APIResponse>".to_owned(),
            false,
        ),
        ("<APIResponse>&a;</APIResponse>".to_owned(), false),
    ] {
        let response = answer(200, &body);
        assert_eq!(
            AltaPay.recognizes(&response),
            is_read,
            "{}",
            &body[..40.min(body.len())]
        );
    }
}
