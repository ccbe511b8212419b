//! What is posted to the message server in a provider's name: a line for each header, an empty line,
//! the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::{CODECS, Posted, Verdict};

const SECRETS: [&str; 2] = ["whsec_test", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"];

fuzz_target!(|data: &[u8]| {
    let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (&data[..0], data),
    };
    let head = String::from_utf8_lossy(head);
    let headers: Vec<_> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let posted = Posted {
        headers: &headers,
        body,
        at: Timestamp::from_millis(1_788_434_490_000),
    };
    let secrets = SECRETS.map(str::to_owned);
    for codec in CODECS {
        assert_eq!(codec.verify(&posted, &[]), Verdict::Unsigned);
        let _: Verdict = codec.verify(&posted, &secrets);
        if let Ok(text) = std::str::from_utf8(body)
            && let Ok(reported) = codec.read_notification(text)
        {
            assert!(!reported.payment.is_empty() && reported.payment.len() <= 200);
        }
    }
});
