//! What can go wrong with a server of its own only.

use super::postgres::{Server, own, shared};
use super::{Arrival, Place, SHOP, Store, StoreError, Taken, Token, arrival, at};
use crate::domain::id::Entropy;
use crate::hub::store::PostgresError;

async fn open(address: &str) -> Result<Store, StoreError> {
    Store::open(address, Entropy::new([220; 32])).await
}

async fn with_endpoint(server: &Server, database: &str) -> (Store, Token) {
    let store = open(&server.address(database)).await.unwrap();
    let name = || "main".to_owned();
    let added = store.add_endpoint(SHOP.into(), "4pay".into(), name(), None, at(0));
    let (_, hook) = added.await.unwrap();
    (store, hook)
}

/// The standby that is waited for never comes, and somebody gives the wait up.
#[tokio::test]
async fn a_commit_whose_wait_for_the_standby_was_given_up_is_not_acknowledged() {
    let Some(server) = own("a_commit_whose_wait_for_the_standby_was_given_up_is_not_acknowledged")
    else {
        return;
    };
    let database = server.database();
    // The hub's own connections do not follow this.
    server.sql(
        "postgres",
        &format!("ALTER DATABASE {database} SET synchronous_commit = off"),
    );
    let (store, hook) = with_endpoint(&server, &database).await;
    server.sql(
        "postgres",
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
    );
    server.sql("postgres", "SELECT pg_reload_conf()");
    let (task, late) = (store.clone(), arrival(&hook, None, "late"));
    let taken = tokio::spawn(async move { task.take(late).await });
    let given_up = "SELECT count(*) FROM (SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                    WHERE wait_event = 'SyncRep') AS waits";
    while server.sql("postgres", given_up) == "0" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let taken = taken.await.unwrap();
    assert!(matches!(taken, Err(StoreError::NotStored)), "{taken:?}");
    server.sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
    server.sql("postgres", "SELECT pg_reload_conf()");
    // Posted again, it is acknowledged: it was there, and now it is known to stay.
    let again = store.take(arrival(&hook, None, "late")).await;
    assert_eq!(again.unwrap(), Taken::Known);
}

#[tokio::test]
async fn a_server_that_ends_and_comes_back_is_found_again() {
    let Some(server) = own("a_server_that_ends_and_comes_back_is_found_again") else {
        return;
    };
    let (store, hook) = with_endpoint(&server, &server.database()).await;
    let before = store.take(arrival(&hook, None, "before")).await;
    assert!(matches!(before, Ok(Taken::Stored(_))), "{before:?}");
    server.crash("-QUIT");
    let mut refusals = 0;
    let after: Arrival = arrival(&hook, None, "after");
    while let Err(error) = store.take(after.clone()).await {
        assert!(matches!(error, StoreError::NotStored), "{error:?}");
        refusals += 1;
        assert!(refusals < 10_000, "it never comes back");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let known = store.take(arrival(&hook, None, "before")).await;
    assert_eq!(known.unwrap(), Taken::Known);
    assert!(store.is_ready().await);
    // Those that read had a connection to the old one, too.
    assert_eq!(store.endpoints().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_database_of_a_later_release_or_of_somebody_else_is_left_alone() {
    let Some(server) = shared("a_database_of_a_later_release_or_of_somebody_else_is_left_alone")
    else {
        return;
    };
    let later = server.database();
    drop(open(&server.address(&later)).await.unwrap());
    server.sql(&later, "UPDATE tillcode_hub SET version = 99");
    let refused = open(&server.address(&later)).await.unwrap_err();
    let wanted =
        "the database is of a newer release (version 99, this hub knows 4): start that release";
    assert_eq!(refused.to_string(), wanted);
    let theirs = server.database();
    server.sql(&theirs, "CREATE TABLE shop (name TEXT)");
    let refused = open(&server.address(&theirs)).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Postgres(PostgresError::Foreign)),
        "{refused:?}"
    );
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'
                  AND tablename NOT IN ('tillcode_hub', 'shop')";
    assert_eq!(server.sql(&theirs, tables), "0");
}

#[tokio::test]
async fn no_secret_is_ever_said() {
    let Some(server) = shared("no_secret_is_ever_said") else {
        return;
    };
    let real = server.address("hunter2");
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().to_str().unwrap().replace('/', "%2F");
    for address in [
        real.as_str(),
        &real.replace("hub@", "hunter2:hunter2@"),
        &format!("postgres://u:hunter2@{nowhere}/hunter2"),
        "postgres://u:hunter2@127.0.0.1:1/db",
        "postgres://u:hunter2@127.0.0.1:hunter2/db",
    ] {
        let error = open(address).await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// The shop's name is given by two at once: one adds it, the other finds it.
#[tokio::test]
async fn a_shop_that_two_processes_add_at_once_is_one_shop() {
    let Some(place) = Place::postgres("a_shop_that_two_processes_add_at_once_is_one_shop") else {
        return;
    };
    let (one, two) = (place.open(1).await, place.open(2).await);
    for round in 0..20 {
        let shop = || format!("shop {round}");
        let added = tokio::join!(
            one.add_terminal(shop(), "one".into(), at(0)),
            two.add_terminal(shop(), "two".into(), at(0)),
        );
        assert!(added.0.is_ok() && added.1.is_ok(), "{added:?}");
    }
    let terminals = one.terminals().await.unwrap();
    let mut shops: Vec<_> = terminals.into_iter().map(|row| row.shop).collect();
    assert_eq!(shops.len(), 40);
    shops.dedup();
    assert_eq!(shops.len(), 20);
}
