//! How terminals and endpoints come and go.

use super::*;

pub(super) async fn a_code_is_good_once_and_for_ten_minutes(place: Place) {
    let desk = Desk::new(place, None).await;
    let (row, code) = desk
        .store
        .add_terminal(SHOP.into(), "one".into(), at(0))
        .await
        .unwrap();
    assert_eq!(row.state, TerminalState::Invited);
    let pair = |number| Pair {
        code: code.clone(),
        token: token(number),
    };
    assert_eq!(desk.store.pair(pair(1), at(601)).await.unwrap(), None);
    let joined = desk.store.pair(pair(1), at(600)).await.unwrap().unwrap();
    assert_eq!((joined.name.as_str(), joined.shop.as_str()), ("one", SHOP));
    assert_eq!(joined.hooks.len(), 1);
    // The answer was lost: the same terminal asks again. Another one has no luck.
    let again = desk.store.pair(pair(1), at(600)).await.unwrap().unwrap();
    assert_eq!(again.terminal, joined.terminal);
    assert_eq!(desk.store.pair(pair(2), at(600)).await.unwrap(), None);
    // Addresses of both answers are good.
    for hook in [&joined.hooks[0].1, &again.hooks[0].1] {
        let body = hook.hash().as_str().to_owned();
        let taken = desk.store.take(arrival(hook, None, &body)).await.unwrap();
        assert!(matches!(taken, Taken::Stored(_)));
    }
}

pub(super) async fn a_terminal_gets_another_token_and_may_be_shut_out(place: Place) {
    let desk = Desk::new(place, None).await;
    let (old, new) = (token(1), token(2));
    let joined = desk.terminal("one", &old).await;
    desk.store
        .take(arrival(&joined.hooks[0].1, None, "x"))
        .await
        .unwrap();
    let (_, code) = desk.store.invite(joined.terminal, at(10)).await.unwrap();
    // Until it joins with the new code the old token is good.
    assert_eq!(bodies(&desk.whole_feed(&old).await.shop), ["x"]);
    let pair = Pair {
        code,
        token: new.clone(),
    };
    desk.store.pair(pair, at(11)).await.unwrap().unwrap();
    let start = Cursor::default();
    assert_eq!(desk.feed(&old, &start, &start).await, Fed::Nobody);
    assert_eq!(bodies(&desk.whole_feed(&new).await.shop), ["x"]);
    let row = desk.store.revoke(joined.terminal, at(12)).await.unwrap();
    assert_eq!(row.state, TerminalState::Revoked);
    assert_eq!(desk.feed(&new, &start, &start).await, Fed::Nobody);
    assert_eq!(
        desk.store
            .hooks(new.hash(), Vec::new(), at(12))
            .await
            .unwrap(),
        None
    );
    // What is posted for it is kept.
    let taken = desk
        .store
        .take(arrival(&joined.hooks[0].1, None, "y"))
        .await
        .unwrap();
    assert!(matches!(taken, Taken::Stored(_)));
    let stranger = desk.store.revoke(Uuid::nil(), at(13)).await;
    assert!(matches!(stranger, Err(StoreError::UnknownTerminal(_))));
}

pub(super) async fn a_terminal_that_knows_its_addresses_gets_them_again_and_the_new_ones(
    place: Place,
) {
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    let mine = desk.terminal("one", &one).await.hooks[0].1.clone();
    let theirs = desk.terminal("two", &two).await.hooks[0].1.clone();
    let ask = |known: Vec<Token>| desk.store.hooks(one.hash(), known, at(3));
    let tokens = |joined: Option<Joined>| -> Vec<Token> {
        let hooks = joined.unwrap().hooks;
        hooks.into_iter().map(|(_, token)| token).collect()
    };
    let known = vec![theirs.clone(), token(9), mine.clone()];
    assert_eq!(
        tokens(ask(known).await.unwrap()),
        std::slice::from_ref(&mine)
    );
    // Another terminal's is none of its own.
    let fresh = tokens(ask(vec![theirs.clone()]).await.unwrap());
    assert!(fresh[0] != theirs && fresh[0] != mine);
    desk.store
        .add_endpoint(SHOP.into(), "devdraft".into(), "second".into(), None, at(4))
        .await
        .unwrap();
    let both = tokens(ask(vec![mine.clone()]).await.unwrap());
    assert_eq!((both.len(), &both[0]), (2, &mine));
    assert_eq!(tokens(ask(both.clone()).await.unwrap()), both);
}

pub(super) async fn names_are_given_once_in_a_shop(place: Place) {
    let desk = Desk::new(place, None).await;
    let again = desk
        .store
        .add_endpoint(SHOP.into(), "devdraft".into(), "main".into(), None, at(0))
        .await;
    assert_eq!(
        again.unwrap_err().to_string(),
        "Corner café has an endpoint \"main\" already: choose another name"
    );
    desk.terminal("one", &token(1)).await;
    let again = desk
        .store
        .add_terminal(SHOP.into(), "one".into(), at(0))
        .await;
    assert!(matches!(again, Err(StoreError::Taken { .. })));
    assert_eq!(desk.store.endpoints().await.unwrap().len(), 1);
    assert_eq!(desk.store.terminals().await.unwrap().len(), 1);
}
