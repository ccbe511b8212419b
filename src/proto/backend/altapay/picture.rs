//! `AltaPay`'s own picture of a code. Tillcode draws the code itself, so the picture is not shown; it
//! is read once, when the link is made, and one that leads elsewhere is worth a look.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The largest picture that is believed, in bytes.
pub(super) const PICTURE_BYTES_MAX: usize = 160 * 1024;
/// How pictures of pixels begin that are read.
const READ: &[&[u8]] = &[b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"];
/// How those begin that only a browser draws: they are believed.
const DRAWN: &[&[u8]] = &[b"GIF87a", b"GIF89a", b"<svg", b"<?xml"];

const UNUSABLE: &str = "AltaPay sent no usable picture of the code, which Tillcode draws itself: \
                        scan the code once and compare before relying on it";

/// Base64 with or without its padding.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What to tell a person about the picture of the code for `url`; nothing where it says the same.
pub(super) fn warning(encoded: Option<&str>, url: &str) -> Option<String> {
    let picture = encoded.and_then(decode).unwrap_or_default();
    if begins(&picture, DRAWN) {
        None
    } else if begins(&picture, READ) {
        difference(&picture, url)
    } else {
        Some(UNUSABLE.to_owned())
    }
}

/// What the code on the picture says otherwise.
#[cfg(feature = "files")]
fn difference(picture: &[u8], url: &str) -> Option<String> {
    use super::read;
    use crate::proto::qr::picture::{Unread, read as read_picture};

    match read_picture(picture) {
        Ok(text) if text == url => None,
        Ok(text) => Some(format!(
            "AltaPay's own picture of the code leads to {}, not to {url}: Tillcode shows the link; \
             scan it once, and ask AltaPay's support which one is right",
            read::clip(&text)
        )),
        Err(Unread::NoCode) => Some(
            "no code on AltaPay's own picture can be read: scan Tillcode's once and compare, or set \
             a larger size"
                .to_owned(),
        ),
        Err(Unread::NoPicture) => Some(UNUSABLE.to_owned()),
    }
}

/// Where nothing is sold, nothing is compared.
#[cfg(not(feature = "files"))]
const fn difference(_picture: &[u8], _url: &str) -> Option<String> {
    None
}

fn decode(encoded: &str) -> Option<Vec<u8>> {
    let bare = match encoded.strip_prefix("data:") {
        Some(address) => address.split_once(";base64,").map_or("", |(_, data)| data),
        None => encoded,
    };
    // Four characters for three bytes.
    if bare.len() > PICTURE_BYTES_MAX.div_ceil(3).saturating_mul(4) {
        return None;
    }
    let picture = ENGINE.decode(bare.trim()).ok()?;
    (picture.len() <= PICTURE_BYTES_MAX).then_some(picture)
}

fn begins(picture: &[u8], beginnings: &[&[u8]]) -> bool {
    let mut beginnings = beginnings.iter();
    beginnings.any(|beginning| picture.starts_with(beginning))
}
