//! Pictures of codes, as AltaPay sends them, and texts that are made into codes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tillcode::proto::qr::{QrGrid, picture};

fuzz_target!(|data: &[u8]| {
    drop(picture::read(data));
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(code) = QrGrid::encode(text)
    {
        assert!(code.side() >= 21);
    }
});
