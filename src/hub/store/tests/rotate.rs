//! An endpoint's other address, and the end of its older ones.

use super::*;

async fn hook(desk: &Desk, terminal: &Token, known: &[Token]) -> Token {
    let asked = desk.store.hooks(terminal.hash(), known.to_vec(), at(5));
    asked.await.unwrap().unwrap().hooks[0].1.clone()
}

async fn is_good(desk: &Desk, hook: &Token) -> bool {
    let taken = desk.store.take(arrival(hook, None, "once")).await.unwrap();
    taken != Taken::Nobody
}

pub(super) async fn an_endpoints_older_addresses_are_good_until_they_are_retired(place: Place) {
    let desk = Desk::new(place, None).await;
    let id = desk.store.endpoints().await.unwrap()[0].id;
    let other = desk
        .store
        .add_endpoint(SHOP.into(), "4pay".into(), "other".into(), None, at(0));
    let (_, other) = other.await.unwrap();
    let (first, second) = (token(1), token(2));
    let [mut older, mut idle] = [Vec::new(), Vec::new()];
    for (name, terminal, hooks) in [("one", &first, &mut older), ("two", &second, &mut idle)] {
        hooks.push(desk.terminal(name, terminal).await.hooks[0].1.clone());
    }

    let (row, owner) = desk.store.rotate_endpoint(id, at(4)).await.unwrap();
    assert_eq!((row.id, row.name.as_str()), (id, "main"));
    assert_ne!(owner, desk.owner);
    // A terminal gets another one, and keeps that.
    let newer = hook(&desk, &first, &older).await;
    assert_ne!(newer, older[0]);
    let known = [older[0].clone(), newer.clone()];
    assert_eq!(hook(&desk, &first, &known).await, newer);
    for hook in [&owner, &desk.owner, &newer, &older[0], &idle[0], &other] {
        assert!(is_good(&desk, hook).await);
    }

    let retired = desk.store.retire_addresses(id, at(6)).await.unwrap();
    assert_eq!((retired.endpoint.id, retired.retired), (id, 2));
    // It did not ask: its links still carry the older one, and new ones would.
    assert_eq!(retired.waiting_for, ["two"]);
    for (hook, wanted) in [
        (&owner, true),
        (&desk.owner, false),
        (&newer, true),
        (&older[0], false),
        (&idle[0], true),
        (&other, true),
    ] {
        assert_eq!(is_good(&desk, hook).await, wanted);
    }
    assert_eq!(hook(&desk, &first, &older).await.hash().as_str().len(), 64);

    hook(&desk, &second, &idle).await;
    let retired = desk.store.retire_addresses(id, at(7)).await.unwrap();
    assert_eq!((retired.retired, retired.waiting_for.len()), (1, 0));
    assert!(!is_good(&desk, &idle[0]).await);
    assert!(is_good(&desk, &owner).await);
    let again = desk.store.retire_addresses(id, at(8)).await.unwrap();
    assert_eq!(again.retired, 0);
}

pub(super) async fn a_terminal_that_was_shut_out_holds_no_older_address_up(place: Place) {
    let desk = Desk::new(place, None).await;
    let id = desk.store.endpoints().await.unwrap()[0].id;
    let joined = desk.terminal("one", &token(1)).await;
    desk.store.rotate_endpoint(id, at(4)).await.unwrap();
    desk.store.revoke(joined.terminal, at(5)).await.unwrap();
    let retired = desk.store.retire_addresses(id, at(6)).await.unwrap();
    assert_eq!((retired.retired, retired.waiting_for.len()), (2, 0));
    assert!(!is_good(&desk, &joined.hooks[0].1).await);
}

pub(super) async fn only_an_endpoint_that_is_there_is_rotated_or_retired(place: Place) {
    let desk = Desk::new(place, None).await;
    let rotated = desk.store.rotate_endpoint(Uuid::nil(), at(4)).await;
    assert!(matches!(rotated, Err(StoreError::UnknownEndpoint(_))));
    let retired = desk.store.retire_addresses(Uuid::nil(), at(4)).await;
    assert!(matches!(retired, Err(StoreError::UnknownEndpoint(_))));
    assert!(is_good(&desk, &desk.owner).await);
    assert_eq!(desk.store.endpoints().await.unwrap().len(), 1);
}
