//! `AltaPay`'s checksum: the MD5 of `amount=A,currency=C,secret=S,shop_orderid=O`, in lower-case
//! hexadecimal, where the terminal has a secret.
//!
//! It says nothing of status, transaction or time: a callback that has it is worth a look-up, as one
//! without is where no secret is known. All that it does is keep strangers from asking for look-ups.
//!
//! Source: `AltaPay`'s modules for Magento and `WordPress`.

use hmac::digest::Digest as _;
use md5::Md5;

use super::super::{Posted, Verdict};
use super::notification::one;

pub(super) fn verify(posted: &Posted<'_>, secrets: &[String]) -> Verdict {
    let is_theirs = || {
        let body = std::str::from_utf8(posted.body).ok()?;
        let field = |name| one(body, name).ok().flatten();
        let (amount, currency) = (field("amount")?, field("currency")?);
        let (order, checksum) = (field("shop_orderid")?, field("checksum")?);
        let fits = |secret: &String| {
            let text =
                format!("amount={amount},currency={currency},secret={secret},shop_orderid={order}");
            is_same(&hex(&text), &checksum)
        };
        secrets.iter().any(fits).then_some(())
    };
    if secrets.is_empty() || is_theirs().is_some() {
        Verdict::Unsigned
    } else {
        Verdict::Forged
    }
}

fn hex(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Whether two texts are the same, in a time that does not say where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let pairs = one.bytes().zip(other.bytes());
    let differing = pairs.fold(0, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && differing == 0
}
