//! The provider's own picture of a code, fetched once for the code that the check makes, and compared
//! with the link. The till draws codes itself: a difference is a warning and hinders nothing.

use crate::domain::link::RemoteLink;
use crate::io::download::Downloader;
use crate::proto::backend::PaymentBackend;
use crate::proto::backend::url::host_of;
use crate::proto::qr::picture;

/// The longest text of a foreign code that is repeated, in characters.
const TEXT_CHARS_MAX: usize = 100;

/// What the picture says, to go on a sentence; nothing where the provider has none to fetch.
pub(super) fn in_words(codec: &dyn PaymentBackend, link: &RemoteLink) -> String {
    let Some(address) = codec.picture(link) else {
        return String::new();
    };
    match compare(&address, link) {
        Ok(()) => "; its own picture of the code says the same".to_owned(),
        Err(differs) => format!("; WARNING: {differs}"),
    }
}

fn compare(address: &str, link: &RemoteLink) -> Result<(), String> {
    let unread = |why: String| {
        format!("its own picture of the code at {address} was not compared ({why}): scan both once")
    };
    // The link's own host was checked against those that the account names.
    if host_of(address).is_none() || host_of(address) != host_of(&link.url) {
        return Err(unread("it is at another host".to_owned()));
    }
    let downloader = Downloader::new().map_err(|error| unread(error.to_string()))?;
    let bytes = downloader.download(address).map_err(unread)?;
    match picture::read(&bytes) {
        Ok(text) if text == link.url => Ok(()),
        Ok(text) => {
            let text = text.chars().filter(|letter| !letter.is_control());
            let text: String = text.take(TEXT_CHARS_MAX).collect();
            Err(format!(
                "its own picture of the code leads to {text}, not to the link: never hand that \
                 picture out, and ask the provider's support which one is right"
            ))
        }
        Err(error) => Err(unread(error.to_string())),
    }
}
