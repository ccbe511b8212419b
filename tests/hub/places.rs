//! The same test on each kind of database.

use crate::support::Place;

/// On a new database of a PostgreSQL.
#[cfg(feature = "postgres")]
pub(crate) fn on(server: &crate::postgres::Server) -> Place {
    Place::at(server.address(&server.database()))
}

/// One on each kind of database that there is. What is left out is said.
#[cfg(feature = "postgres")]
pub(crate) fn each(test: &str) -> Vec<Place> {
    let postgres = crate::postgres::shared(test).map(on);
    std::iter::once(Place::new()).chain(postgres).collect()
}

/// Without PostgreSQL there is one kind.
#[cfg(not(feature = "postgres"))]
pub(crate) fn each(_: &str) -> Vec<Place> {
    vec![Place::new()]
}
