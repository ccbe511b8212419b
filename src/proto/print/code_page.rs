//! The tables of characters that printers have.

use encoding_rs::Encoding;

/// What the bytes beyond ASCII mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "their names say it")]
pub enum CodePage {
    Ascii,
    Cp437,
    Cp737,
    Cp850,
    Cp852,
    Cp855,
    Cp857,
    Cp858,
    Cp860,
    Cp863,
    Cp865,
    Cp866,
    #[serde(rename = "iso-8859-2")]
    Iso8859_2,
    #[serde(rename = "iso-8859-7")]
    Iso8859_7,
    #[serde(rename = "iso-8859-15")]
    Iso8859_15,
    #[serde(rename = "windows-1250")]
    Windows1250,
    #[serde(rename = "windows-1251")]
    Windows1251,
    #[serde(rename = "windows-1252")]
    Windows1252,
    #[serde(rename = "windows-1253")]
    Windows1253,
    #[serde(rename = "windows-1254")]
    Windows1254,
    #[serde(rename = "windows-1257")]
    Windows1257,
}

impl CodePage {
    /// The byte that prints this character; none where the table has it not. Controls have none.
    pub fn byte(self, character: char) -> Option<u8> {
        if character.is_control() {
            return None;
        }
        if character.is_ascii() {
            return u8::try_from(character).ok();
        }
        match self {
            Self::Ascii => None,
            Self::Cp437 => older::<oem_cp::Cp437>(character),
            Self::Cp737 => older::<oem_cp::Cp737>(character),
            Self::Cp850 => older::<oem_cp::Cp850>(character),
            Self::Cp852 => older::<oem_cp::Cp852>(character),
            Self::Cp855 => older::<oem_cp::Cp855>(character),
            Self::Cp857 => older::<oem_cp::Cp857>(character),
            Self::Cp858 => older::<oem_cp::Cp858>(character),
            Self::Cp860 => older::<oem_cp::Cp860>(character),
            Self::Cp863 => older::<oem_cp::Cp863>(character),
            Self::Cp865 => older::<oem_cp::Cp865>(character),
            Self::Cp866 => older::<oem_cp::Cp866>(character),
            Self::Iso8859_2 => newer(encoding_rs::ISO_8859_2, character),
            Self::Iso8859_7 => newer(encoding_rs::ISO_8859_7, character),
            Self::Iso8859_15 => newer(encoding_rs::ISO_8859_15, character),
            Self::Windows1250 => newer(encoding_rs::WINDOWS_1250, character),
            Self::Windows1251 => newer(encoding_rs::WINDOWS_1251, character),
            Self::Windows1252 => newer(encoding_rs::WINDOWS_1252, character),
            Self::Windows1253 => newer(encoding_rs::WINDOWS_1253, character),
            Self::Windows1254 => newer(encoding_rs::WINDOWS_1254, character),
            Self::Windows1257 => newer(encoding_rs::WINDOWS_1257, character),
        }
    }
}

fn older<T: TryFrom<char>>(character: char) -> Option<u8>
where
    u8: From<T>,
{
    printable(T::try_from(character).ok()?.into())
}

fn newer(table: &'static Encoding, character: char) -> Option<u8> {
    let mut text = [0; 4];
    let (bytes, _, had_none) = table.encode(character.encode_utf8(&mut text));
    match bytes.as_ref() {
        [byte] if !had_none => printable(*byte),
        _ => None,
    }
}

/// Some tables have pictures where controls are: to a printer those bytes are controls.
fn printable(byte: u8) -> Option<u8> {
    (byte >= 0x80).then_some(byte)
}
