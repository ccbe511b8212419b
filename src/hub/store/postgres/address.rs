//! `postgres://…`: where the database is, and whether the way to it has to be closed to others.

use std::net::IpAddr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::error::PostgresError;
use super::tls::Tls;

/// How long the system may take to make one connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// When a silent network is asked whether it is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// How long sent bytes may stay unacknowledged.
const SENT_TIMEOUT: Duration = Duration::from_secs(20);
/// Where Debian's PostgreSQL has its socket.
#[cfg(unix)]
const SOCKETS: &str = "/var/run/postgresql";

/// Where the database is. Holds a password, so it has no `Debug`.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: Tls,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self, PostgresError> {
        let mut config: Config = text.parse().map_err(|_unread| PostgresError::Address)?;
        #[cfg(unix)]
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host_path(SOCKETS);
        }
        if config.get_application_name().is_none() {
            config.application_name("tillcode-hub");
        }
        let mode = ssl_mode(&config);
        config
            .ssl_mode(mode)
            // A standby is behind, and shows commits in another order.
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .connect_timeout(CONNECT_TIMEOUT)
            .keepalives_idle(KEEPALIVE)
            .tcp_user_timeout(SENT_TIMEOUT);
        let tls = if mode == SslMode::Require {
            Tls::trusting_the_system()?
        } else {
            Tls::none()?
        };
        Ok(Self { config, tls })
    }
}

/// TLS unless the address says otherwise or nobody else is on the way. Never "perhaps": whoever is on
/// the way would choose.
fn ssl_mode(config: &Config) -> SslMode {
    let mode = config.get_ssl_mode();
    // "Prefer" is what an address without a word on it means.
    if mode == SslMode::Disable || (mode == SslMode::Prefer && is_near(config)) {
        SslMode::Disable
    } else {
        SslMode::Require
    }
}

/// Whether every server of the address is on this machine or in a private network.
fn is_near(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(is_private);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address| is_private(&address))
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn is_private(address: &IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_closed_to_others_unless_nobody_else_is_on_it() {
        let cases = [
            ("postgres://u:p@db.example/hub", SslMode::Require),
            (
                "postgres://u:p@db.example/hub?sslmode=prefer",
                SslMode::Require,
            ),
            (
                "postgres://u:p@db.example/hub?sslmode=disable",
                SslMode::Disable,
            ),
            ("postgres://u:p@localhost/hub", SslMode::Disable),
            (
                "postgres://u:p@localhost/hub?sslmode=require",
                SslMode::Require,
            ),
            ("postgresql://u@127.0.0.1:5433/hub", SslMode::Disable),
            ("postgres://u@10.1.2.3/hub", SslMode::Disable),
            ("postgres://u@[fd00::1]/hub", SslMode::Disable),
            ("postgres://u@8.8.8.8/hub", SslMode::Require),
            ("postgres://u@10.1.2.3,db.example/hub", SslMode::Require),
            ("postgres://u@%2Frun%2Fpostgresql/hub", SslMode::Disable),
            ("postgres:///hub?user=u", SslMode::Disable),
        ];
        for (text, wanted) in cases {
            let address = Address::parse(text);
            let mode = address.map(|address| address.config.get_ssl_mode());
            assert_eq!(mode.unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_a_word_of_it() {
        for text in [
            "postgres://u:hunter2@host:port/db",
            "postgres://u:p@host/db?hunter2=1",
            "postgres://u:p@host/db?sslmode=hunter2",
        ] {
            let Err(error) = Address::parse(text) else {
                panic!("{text} was taken");
            };
            let said = format!("{error} {error:?}");
            assert!(matches!(error, PostgresError::Address), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
