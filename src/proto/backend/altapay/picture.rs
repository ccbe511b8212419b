//! `AltaPay`'s own picture of a code. Tillcode draws the code itself, so the picture is not shown;
//! one that is none means that the answer is not what the document describes.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The largest picture that is believed, in bytes.
const PICTURE_BYTES_MAX: usize = 160 * 1024;
/// How the picture types that browsers draw begin.
const BEGINNINGS: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"<svg",
    b"<?xml",
];

/// Base64 with or without its padding.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What to tell a person about the picture; nothing where it is one.
pub(super) fn warning(encoded: Option<&str>) -> Option<String> {
    let is_good = encoded.is_some_and(is_picture);
    (!is_good).then(|| {
        "AltaPay sent no usable picture of the code, which Tillcode draws itself: scan the code \
         once and compare before relying on it"
            .to_owned()
    })
}

fn is_picture(encoded: &str) -> bool {
    let bare = match encoded.strip_prefix("data:") {
        Some(address) => address.split_once(";base64,").map_or("", |(_, data)| data),
        None => encoded,
    };
    // Four characters for three bytes.
    if bare.len() > PICTURE_BYTES_MAX.div_ceil(3).saturating_mul(4) {
        return false;
    }
    let Ok(bytes) = ENGINE.decode(bare.trim()) else {
        return false;
    };
    BEGINNINGS
        .iter()
        .any(|beginning| bytes.starts_with(beginning))
}
