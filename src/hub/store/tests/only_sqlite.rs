//! What a file has that a server has not: others may change it meanwhile.

use rusqlite::Connection;

use super::{SHOP, Store, Taken, arrival, at};
use crate::domain::id::Entropy;

#[tokio::test]
async fn whose_address_it_is_is_remembered_only_as_long_as_nobody_changes_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.sqlite3");
    let address = format!("sqlite:{}", file.display());
    let store = Store::open(&address, Entropy::new([221; 32]))
        .await
        .unwrap();
    let name = || "main".to_owned();
    let added = store.add_endpoint(SHOP.into(), "4pay".into(), name(), None, at(0));
    let (_, hook) = added.await.unwrap();
    let owner = Connection::open(&file).unwrap();
    for (number, change, is_taken) in [
        (1, "UPDATE hook SET retired_at = 1", false),
        (2, "UPDATE hook SET retired_at = NULL", true),
        (
            3,
            "INSERT INTO secret SELECT id, 'whsec_1', 0 FROM endpoint",
            false,
        ),
        (4, "DELETE FROM secret", true),
        (5, "UPDATE endpoint SET kind = 'altapay'", false),
    ] {
        owner.execute_batch(change).unwrap();
        for again in 0..2 {
            let payment = format!("{number}-{again}");
            let taken = store.take(arrival(&hook, None, &payment)).await.unwrap();
            let is_stored = matches!(taken, Taken::Stored(_));
            assert_eq!(is_stored, is_taken, "{change}: {taken:?}");
        }
    }
}
