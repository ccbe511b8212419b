//! What 4pay posts, each about another payment.

use std::sync::atomic::{AtomicU64, Ordering};

/// Digits of a payment's number at the end of its id.
const DIGITS: usize = 12;
const ID: &str = "018f3c6e-0000-7000-8000-";

/// A request without its number.
pub(crate) struct Template {
    bytes: Vec<u8>,
    number: usize,
}

impl Template {
    pub(crate) fn new(path: &str) -> Self {
        let body = format!(
            "{{\"amount\":350,\"amount_dest\":343,\"amount_with_fee\":357,\"error_description\":\"\",\
             \"id\":\"{ID}{:0>DIGITS$}\",\"link\":\"Zk3v9QpLxR2mTn8B\",\"status\":\"charged\",\
             \"txid\":\"018f3c6e-7d1f-7c3a-9a51-2f6d0c1b7e44\",\"type\":\"link\"}}",
            0
        );
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: hub.example.org\r\ncontent-type: application/json\r\n\
             user-agent: 4pay-webhooks/1.0\r\naccept: */*\r\naccept-encoding: gzip, br\r\n\
             x-forwarded-for: 198.51.100.17\r\nx-forwarded-proto: https\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let number = head.len() + body.find(ID).unwrap() + ID.len();
        let bytes = (head + &body).into_bytes();
        Self { bytes, number }
    }

    /// The request about a payment that there was not before.
    pub(crate) fn write(&self, into: &mut Vec<u8>) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        into.clear();
        into.extend_from_slice(&self.bytes);
        let mut rest = NEXT.fetch_add(1, Ordering::Relaxed);
        for digit in into[self.number..self.number + DIGITS].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
}
