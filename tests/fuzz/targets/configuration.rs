//! The till's and the message server's configuration files.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use tillcode::config::{Config, HubConfig};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let nothing = BTreeMap::new();
    for said in [
        Config::parse(text, "terminal.toml", &nothing).err(),
        HubConfig::parse(text, "hub.toml", &nothing).err(),
    ] {
        // Whoever mistyped something is told where, in one sentence.
        if let Some(error) = said {
            assert!(!error.to_string().is_empty());
        }
    }
});
