//! Connections: for accounts and the sandbox's notifications, and for public files.

use std::sync::Arc;

use super::receive::deepest;
use super::{HttpError, Timeouts};
use crate::proto::backend::url::Schemes;

/// A client for public files: follows a few redirects, takes http too, sends no credentials.
pub(in crate::io) fn download_client(
    timeouts: Timeouts,
    redirects_max: usize,
) -> Result<reqwest::Client, HttpError> {
    // Fails only where a provider is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .user_agent(concat!("tillcode/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(reqwest::redirect::Policy::limited(redirects_max))
        .referer(false)
        .build()
        .map_err(|error| HttpError::Tls(deepest(&error)))
}

/// A client that follows no redirect and keeps no cookie. Also for the sandbox's notifications.
pub(crate) fn client(schemes: Schemes, timeouts: Timeouts) -> Result<reqwest::Client, HttpError> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("tillcode/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false);
    let builder = match schemes {
        Schemes::Https => {
            // Fails only where a provider is installed already, which is as good.
            drop(rustls::crypto::ring::default_provider().install_default());
            builder.https_only(true)
        }
        // A simulator or a server in the same room: no proxy, and no root certificates needed.
        Schemes::HttpToo => builder
            .no_proxy()
            .tls_backend_preconfigured(trusting_nobody()?),
    };
    builder
        .build()
        .map_err(|error| HttpError::Tls(deepest(&error)))
}

/// TLS without a single root: an `http` account never needs one.
pub(super) fn trusting_nobody() -> Result<rustls::ClientConfig, HttpError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::Tls(error.to_string()))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}
