//! The file that takes a till's stickers to the other tills of its shop.
//!
//! One JSON document: `{"tillcode_register": 1, "shop": "...", "stickers": [...]}`. A sticker in it says
//! how its own till found it, since the other tills do not have its link.

use serde::{Deserialize, Serialize};

use crate::domain::sticker::Sticker;

/// The version of the file that is written, and the only one that is read.
const VERSION: u32 = 1;
/// Bytes of a file that are read: some 100,000 stickers.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
struct File {
    tillcode_register: u32,
    shop: String,
    stickers: Vec<Sticker>,
}

/// Why a file is not taken in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// It is something else, or was cut off.
    #[error("this is no register of stickers ({0}): write one with `tillcode sticker export FILE`")]
    NoRegister(String),
    /// It is of a version that came later.
    #[error("this register is of version {0}, and this till reads {VERSION}: update this till")]
    OtherVersion(u32),
    /// Its stickers hang in another shop.
    #[error(
        "this register is of the shop {theirs:?}, and this till belongs to {ours:?}: tills of one shop have the same shop name in their configuration"
    )]
    OtherShop {
        /// The name in the file.
        theirs: String,
        /// The name in the configuration.
        ours: String,
    },
}

/// The file of a shop's stickers.
pub fn write_register(shop: &str, stickers: Vec<Sticker>) -> String {
    let file = File {
        tillcode_register: VERSION,
        shop: shop.to_owned(),
        stickers,
    };
    // Nothing in it can fail to be written as JSON.
    serde_json::to_string(&file).unwrap_or_default() + "\n"
}

/// The stickers of a file of the same shop.
///
/// # Errors
/// Where it is no such file, or another shop's.
pub fn read_register(shop: &str, text: &str) -> Result<Vec<Sticker>, RegisterError> {
    #[derive(Deserialize)]
    struct Version {
        tillcode_register: u32,
    }
    let broken = |error: serde_json::Error| RegisterError::NoRegister(error.to_string());
    let version: Version = serde_json::from_str(text).map_err(broken)?;
    if version.tillcode_register != VERSION {
        return Err(RegisterError::OtherVersion(version.tillcode_register));
    }
    let file: File = serde_json::from_str(text).map_err(broken)?;
    if file.shop != shop {
        return Err(RegisterError::OtherShop {
            theirs: file.shop,
            ours: shop.to_owned(),
        });
    }
    Ok(file.stickers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written_and_only_in_its_own_shop() {
        let text = write_register("Corner", Vec::new());
        assert_eq!(read_register("Corner", &text), Ok(Vec::new()));
        assert!(matches!(
            read_register("Market", &text),
            Err(RegisterError::OtherShop { .. })
        ));
        let later = text.replace("\"tillcode_register\":1", "\"tillcode_register\":2,\"x\":0");
        assert_eq!(
            read_register("Corner", &later),
            Err(RegisterError::OtherVersion(2))
        );
        for end in 0..text.trim_end().len() {
            let cut = read_register("Corner", &text[..end]);
            assert!(matches!(cut, Err(RegisterError::NoRegister(_))), "{end}");
        }
    }
}
