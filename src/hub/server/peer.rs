//! Who asks, by address: the other end of the connection, or whom a trusted proxy names.

use std::net::IpAddr;

use axum::http::request::Parts;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// An address that limits are counted for. Of IPv6 the first half: one customer has that much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer(IpAddr);

/// The other end of the connection, put into each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remote(pub(super) IpAddr);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                Self(IpAddr::V6(network.into()))
            }
            address @ IpAddr::V4(_) => Self(address),
        }
    }
}

impl Peer {
    /// Whether it is this machine.
    pub(super) const fn is_local(self) -> bool {
        self.0.is_loopback()
    }

    /// Who sent a request. A proxy that is trusted names it last in `X-Forwarded-For`; whatever stands
    /// before that the sender may have made up.
    pub(super) fn of(parts: &Parts, trusted: &[IpAddr]) -> Self {
        let remote = parts
            .extensions
            .get::<Remote>()
            .map_or(IpAddr::from([0; 4]), |remote| remote.0.to_canonical());
        if !trusted.contains(&remote) {
            return remote.into();
        }
        let named = parts.headers.get_all(FORWARDED_FOR).iter().next_back();
        let named = named
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .and_then(|address| address.trim().parse().ok());
        named.unwrap_or(remote).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(remote: &str, forwarded: &[&str], trusted: &[&str]) -> Peer {
        let mut request = axum::http::Request::builder();
        for value in forwarded {
            request = request.header(FORWARDED_FOR, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(Remote(remote.parse().unwrap()));
        let trusted: Vec<_> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        Peer::of(&parts, &trusted)
    }

    fn at(address: &str) -> Peer {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn only_a_trusted_proxy_says_who_asks() {
        let cases = [
            (peer("192.0.2.1", &[], &[]), at("192.0.2.1")),
            (peer("192.0.2.1", &["198.51.100.7"], &[]), at("192.0.2.1")),
            (
                peer("127.0.0.1", &["198.51.100.7"], &["127.0.0.1"]),
                at("198.51.100.7"),
            ),
            (
                peer("127.0.0.1", &["1.1.1.1, 198.51.100.7"], &["127.0.0.1"]),
                at("198.51.100.7"),
            ),
            (
                peer("127.0.0.1", &["1.1.1.1", "198.51.100.7"], &["127.0.0.1"]),
                at("198.51.100.7"),
            ),
            (
                peer("127.0.0.1", &["nonsense"], &["127.0.0.1"]),
                at("127.0.0.1"),
            ),
            (
                peer("::ffff:127.0.0.1", &["198.51.100.7"], &["127.0.0.1"]),
                at("198.51.100.7"),
            ),
        ];
        for (found, wanted) in cases {
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn one_customer_has_one_half_of_an_address() {
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
    }
}
