//! The address of a server: scheme, host and port, and nothing behind them.

/// How a server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Encrypted.
    Https,
    /// In the clear: only where the owner wrote it so.
    Http,
}

/// Scheme, host and port of a server, such as `https://4pay.online`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    /// How it is reached.
    pub scheme: Scheme,
    /// Lower case; an IPv6 address with its brackets.
    pub host: String,
    /// Where it is not the scheme's own.
    pub port: Option<u16>,
}

impl BaseUrl {
    /// Reads `https://host[:port]`, with or without one slash at the end.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (Scheme::Https, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (Scheme::Http, rest)
        } else {
            return Err("an address begins with https://; write it as https://host".to_owned());
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@']) {
            return Err(
                "only scheme and host belong here; leave out path, user and query".to_owned(),
            );
        }
        let (host, port) = split_port(rest)?;
        if !is_host(host) {
            return Err(format!(
                "{host:?} is not a host's name; write it as https://host"
            ));
        }
        Ok(Self {
            scheme,
            host: host.to_ascii_lowercase(),
            port,
        })
    }
}

impl std::fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = match self.scheme {
            Scheme::Https => "https",
            Scheme::Http => "http",
        };
        write!(f, "{scheme}://{}", self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// Whether a text is a host's name or address as it stands in a URL.
pub(super) fn is_host(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    }
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

fn split_port(rest: &str) -> Result<(&str, Option<u16>), String> {
    // The colons of an IPv6 address stand inside its brackets.
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => match port.parse() {
            Ok(port) if port != 0 => Ok((host, Some(port))),
            Ok(_) | Err(_) => Err(format!(
                "{port:?} is not a port; write a number up to 65535"
            )),
        },
        Some(_) | None => Ok((rest, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scheme_host_and_port_pass() {
        for (text, shown) in [
            ("https://4pay.online", "https://4pay.online"),
            ("https://4Pay.Online/", "https://4pay.online"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80/", "http://[::1]:80"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "4pay.online",
            "ftp://4pay.online",
            "https://",
            "https://4pay.online/api/v1",
            "https://user:key@4pay.online",
            "https://4pay.online?x=1",
            "https://4pay.online:0",
            "https://4pay.online:99999",
            "https://4pay .online",
            "https://-4pay.online",
            "https://4pay..online",
            "https://[::1",
        ] {
            let refused = BaseUrl::parse(text).unwrap_err();
            assert!(refused.contains("; "), "{text}: {refused}");
        }
    }
}
