//! Reads pictures off the web: bounded in size, time and redirects; never an account's credentials.

use std::time::Duration;

use super::http::{HttpError, Timeouts};
use super::pictures::SOURCE_BYTES_MAX;

/// Shops keep pictures behind content networks, which redirect.
const REDIRECTS_MAX: usize = 4;

/// Downloads one file at a time, on the thread that asks.
#[derive(Debug)]
pub struct Downloader {
    runtime: tokio::runtime::Runtime,
    timeouts: Timeouts,
    client: std::sync::OnceLock<reqwest::Client>,
}

impl Downloader {
    /// Opens no connection yet.
    pub fn new() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let timeouts = Timeouts {
            connect: Duration::from_secs(5),
            total: Duration::from_mins(1),
        };
        Ok(Self {
            runtime,
            timeouts,
            client: std::sync::OnceLock::new(),
        })
    }

    /// The bytes behind an address, at most [`SOURCE_BYTES_MAX`]; else why not, in one sentence.
    pub fn download(&self, address: &str) -> Result<Vec<u8>, String> {
        let client = if let Some(client) = self.client.get() {
            client
        } else {
            let made = self.make_client().map_err(|error| error.to_string())?;
            self.client.get_or_init(|| made)
        };
        self.runtime.block_on(read(client, address))
    }

    fn make_client(&self) -> Result<reqwest::Client, HttpError> {
        super::http::download_client(self.timeouts, REDIRECTS_MAX)
    }
}

async fn read(client: &reqwest::Client, address: &str) -> Result<Vec<u8>, String> {
    let broken = |error: reqwest::Error| format!("the download broke off: {}", error.without_url());
    let mut answer = client.get(address).send().await.map_err(broken)?;
    if !answer.status().is_success() {
        return Err(format!("the server answered {}", answer.status()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > SOURCE_BYTES_MAX {
            return Err(format!(
                "it has more than {SOURCE_BYTES_MAX} bytes: use a smaller picture"
            ));
        }
    }
    Ok(bytes)
}
