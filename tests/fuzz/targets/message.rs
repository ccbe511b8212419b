//! What a till and the message server say to each other, and what a person types to join them. Whatever
//! is read is written as something that reads the same.

#![no_main]

use std::fmt::Debug;
use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tillcode::proto::hub::{
    Claim, Claimed, Feed, HeardStickers, Hook, HubFile, Invitation, KnownHooks, LinkAddress,
    OpenSales, Pair, Paired, PairingCode, PublishedLinks, Token, TokenHash, ToldStickers,
};

fn text<T: FromStr + ToString + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        let written = read.to_string();
        assert_eq!(written.parse::<T>().ok(), Some(read));
    }
}

fn json<T: serde::de::DeserializeOwned + serde::Serialize>(data: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(data) {
        let written = serde_json::to_value(&read).expect("what was read is written");
        let again: T = serde_json::from_value(written.clone()).expect("what was written is read");
        let again: Value = serde_json::to_value(&again).expect("it is written again");
        assert_eq!(again, written);
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(typed) = std::str::from_utf8(data) {
        text::<PairingCode>(typed);
        text::<Invitation>(typed);
        text::<LinkAddress>(typed);
        drop(typed.parse::<Token>());
        drop(typed.parse::<TokenHash>());
    }
    json::<Feed>(data);
    json::<Claim>(data);
    json::<Claimed>(data);
    json::<Pair>(data);
    json::<Paired>(data);
    json::<KnownHooks>(data);
    json::<Vec<Hook>>(data);
    json::<PublishedLinks>(data);
    json::<OpenSales>(data);
    json::<ToldStickers>(data);
    json::<HeardStickers>(data);
    json::<HubFile>(data);
});
