//! Which addresses a code may hold. A hijacked answer must not become a phishing code.
//!
//! Stricter than any browser on purpose: what two readers could understand differently is refused,
//! not interpreted.

/// The longest address that is believed, in bytes.
pub const URL_BYTES_MAX: usize = 2_048;

/// Which schemes are good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schemes {
    /// Only `https`.
    Https,
    /// Also `http`, for an account whose `base_url` says `http`.
    HttpToo,
}

impl Schemes {
    /// What an account of this `base_url` may answer with.
    pub fn of_base(base_url: &str) -> Self {
        if base_url.starts_with("http://") {
            Self::HttpToo
        } else {
            Self::Https
        }
    }
}

/// Why an address is not put into a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute address, or one that could be read in two ways.
    #[error("the address is not a plain https address")]
    Malformed,
    /// More than [`URL_BYTES_MAX`].
    #[error("the address has {0} bytes, at most {URL_BYTES_MAX} are believed")]
    TooLong(usize),
    /// `http` where that is not allowed.
    #[error(
        "the address of {0} is not encrypted; only an account whose base_url is http may do that"
    )]
    Plain(String),
    /// A host that the account does not name.
    #[error("{0} is not a host of this account; add it to pay_hosts if it is right")]
    Host(String),
}

/// The host of an absolute `http` or `https` address, in lower case and without its port; `None`
/// where it is not plainly one.
pub fn host_of(url: &str) -> Option<String> {
    // No blanks, no controls, no backslash (browsers read it as a slash), nothing that needs IDNA.
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte);
    if !url.bytes().all(plain) {
        return None;
    }
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = split_port(authority)?;
    // The largest port has five digits; no port at all is the usual case.
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return None;
    }
    Some(host.to_ascii_lowercase())
}

/// Checks that a payer may be sent to `url`: its scheme is allowed and its host is, exactly, one of
/// `hosts` (lower case, without port).
pub fn check_url<H: AsRef<str>>(url: &str, hosts: &[H], schemes: Schemes) -> Result<(), UrlError> {
    if url.len() > URL_BYTES_MAX {
        return Err(UrlError::TooLong(url.len()));
    }
    let host = host_of(url).ok_or(UrlError::Malformed)?;
    if schemes == Schemes::Https && !url.starts_with("https://") {
        return Err(UrlError::Plain(host));
    }
    if hosts.iter().any(|allowed| allowed.as_ref() == host) {
        Ok(())
    } else {
        Err(UrlError::Host(host))
    }
}

/// Host and port of an authority. A user name (`@`) makes it unreadable: it is how
/// `https://4pay.online@evil.example` deceives.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (host, after) = bracketed.split_once(']')?;
        let address: std::net::Ipv6Addr = host.parse().ok()?;
        let _: std::net::Ipv6Addr = address;
        return match after.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None if after.is_empty() => Some((host, None)),
            None => None,
        };
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.split('.').all(label).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_host_is_read_or_the_address_is_refused() {
        let rows = [
            (
                "https://4pay.online/pay/link/abc12345-...",
                Some("4pay.online"),
            ),
            ("https://4PAY.online", Some("4pay.online")),
            ("http://127.0.0.1:8080/pay", Some("127.0.0.1")),
            ("http://[::1]:80/pay", Some("::1")),
            ("https://4pay.online?x=@evil.example", Some("4pay.online")),
            ("https://4pay.online@evil.example/", None),
            ("https://4pay.online\\@evil.example/", None),
            ("https://4pay.online:99999/", None),
            ("https://4pay.online:/", None),
            ("https://4pay.online./", None),
            ("https:///pay", None),
            ("https://", None),
            ("//4pay.online/", None),
            ("javascript:alert(1)", None),
            ("HTTPS://4pay.online", None),
            (" https://4pay.online", None),
            ("https://4pay.online/a b", None),
            ("https://4pay.online/\u{0}", None),
            ("https://4p\u{430}y.online/", None),
            ("https://[::1/", None),
            ("https://[::1]x/", None),
        ];
        for (url, expected) in rows {
            assert_eq!(host_of(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn only_the_accounts_hosts_are_drawn() {
        let hosts = ["4pay.online", "127.0.0.1"];
        let check = |url: &str, schemes| check_url(url, &hosts, schemes);
        assert_eq!(check("https://4pay.online/x", Schemes::Https), Ok(()));
        assert_eq!(check("http://127.0.0.1:1/x", Schemes::HttpToo), Ok(()));
        assert_eq!(
            check("http://4pay.online/x", Schemes::Https),
            Err(UrlError::Plain("4pay.online".to_owned()))
        );
        for evil in [
            "4pay.online.evil.example",
            "evil4pay.online",
            "pay.4pay.online",
        ] {
            assert_eq!(
                check(&format!("https://{evil}/x"), Schemes::Https),
                Err(UrlError::Host(evil.to_owned()))
            );
        }
        assert_eq!(
            check("ftp://4pay.online", Schemes::HttpToo),
            Err(UrlError::Malformed)
        );
        let fits = "https://4pay.online/";
        let fits = format!("{fits}{}", "a".repeat(URL_BYTES_MAX - fits.len()));
        assert_eq!(check(&fits, Schemes::Https), Ok(()));
        let long = format!("{fits}a");
        assert_eq!(
            check(&long, Schemes::Https),
            Err(UrlError::TooLong(long.len()))
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fall(url in "(https?://)?.{0,40}") {
            drop(host_of(&url));
        }
    }
}
