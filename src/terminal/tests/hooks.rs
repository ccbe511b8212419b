//! Where providers post to: the hub says so, and links are made with it.

use uuid::Uuid;

use super::feed::{NOTHING, joined, own, silent};
use super::world::{World, setup};
use crate::domain::id::LinkId;
use crate::domain::link::Purpose;
use crate::proto::backend::Verdict;
use crate::proto::hub::{Hook, LinkAddress, Notification, Scope, Token};
use crate::terminal::hub::address_of;
use crate::terminal::{Command, Event, HubSetup, Notice, Reply, Setup, TestState};

#[test]
fn links_are_made_with_the_address_that_the_hub_names() {
    let (mut world, _) = joined();
    world.hub_answers(own(1, NOTHING));
    assert_eq!(world.asked_for_hooks, 1, "once, when it is heard");
    world.hub_answers(own(1, NOTHING));
    assert_eq!(world.asked_for_hooks, 1);
    let hook = |kind: &str, name: &str, address: &str| Hook {
        kind: kind.to_owned(),
        name: name.to_owned(),
        endpoint: Uuid::nil(),
        address: address.to_owned(),
    };
    let mut account = setup().backends.remove(0);
    let mut address = |hooks: &[Hook]| {
        account.take_hook(hooks);
        account.hook.clone()
    };
    let [one, other, devdraft] = [
        hook("4pay", "market", "https://h/hooks/4pay/1/"),
        hook("4pay", "main", "https://h/hooks/4pay/2"),
        hook("devdraft", "main", "https://h/hooks/devdraft/3"),
    ];
    let found = |address: &str| Some(address.to_owned());
    assert_eq!(address(&[]), None);
    assert_eq!(address(std::slice::from_ref(&devdraft)), None);
    assert_eq!(
        address(&[one.clone(), devdraft]),
        found("https://h/hooks/4pay/1")
    );
    assert_eq!(
        address(&[one.clone(), other]),
        found("https://h/hooks/4pay/2")
    );
    assert_eq!(
        address(&[one.clone(), one]),
        None,
        "which of them, nobody says"
    );
}

#[test]
fn spare_links_wait_for_their_address_as_long_as_the_hub_may_name_it() {
    let begin = || {
        let hub = Some(HubSetup {
            address: "https://hub.example".to_owned(),
        });
        let mut setup = Setup { hub, ..setup() };
        setup.backends[0].hook = None;
        let mut world = World::with_setup(1, setup);
        world.settle();
        assert_eq!(world.links().count(), 0);
        world
    };
    let hook = Hook {
        kind: "4pay".to_owned(),
        name: "main".to_owned(),
        endpoint: Uuid::nil(),
        address: "https://h/hooks/4pay/e".to_owned(),
    };
    let mut named = begin();
    named.hub_answers(own(1, NOTHING));
    assert_eq!(named.links().count(), 0, "heard, but nothing named yet");
    named.event(Event::Hooked(vec![hook]));
    named.settle();
    assert_eq!(named.links().count(), 5);
    let mut away = begin();
    away.hub_answers(silent());
    away.settle();
    assert_eq!(away.links().count(), 5, "it cannot be asked now");
    let mut slow = begin();
    slow.wait_ms(13_999);
    assert_eq!(slow.links().count(), 0);
    slow.wait_ms(1);
    assert_eq!(slow.links().count(), 5);
}

#[test]
fn an_address_says_whose_link_it_is() {
    let token: Token = "b".repeat(64).parse().unwrap();
    let id = LinkId(Uuid::from_u128(7));
    for (purpose, scope) in [
        (Purpose::Single, Scope::Own),
        (Purpose::Permanent, Scope::Shop),
    ] {
        let hook = "https://h/hooks/4pay/e";
        let address = address_of(hook, purpose, id, &token);
        let last = address.strip_prefix("https://h/hooks/4pay/e/").unwrap();
        let read: LinkAddress = last.parse().unwrap();
        assert_eq!(
            (read.scope, read.link, read.token),
            (scope, id, token.clone())
        );
    }
}

#[test]
fn a_test_goes_to_the_public_address_and_counts_once_it_is_back_on_the_feed() {
    let (mut world, _) = joined();
    let test = |world: &World| world.terminal.sync_report(world.now()).hub.unwrap().test;
    assert_eq!(test(&world), None);
    world.command(Command::TestHub);
    let address = world.tests.pop().expect("a test");
    let hook = setup().backends[0].hook.clone().unwrap();
    assert!(address.starts_with(&format!("{hook}/o")), "{address}");
    assert_eq!(test(&world).unwrap().state, "sent");
    world.event(Event::HubTested(TestState::Acknowledged));
    assert_eq!(test(&world).unwrap().state, "acknowledged");
    let posted: LinkAddress = address.rsplit('/').next().unwrap().parse().unwrap();
    let item = Notification {
        kind: "4pay".to_owned(),
        endpoint: Uuid::nil(),
        link: Some(posted.link),
        token: Some(posted.token.hash()),
        verdict: Verdict::Unsigned,
        headers: Vec::new(),
        body: b"{}".to_vec(),
        published: None,
        open_sales: 0,
    };
    world.hub_answers(own(1, vec![item.clone()]));
    assert_eq!(test(&world).unwrap().state, "heard");
    assert!(world.kept().is_empty(), "no payment, nothing to sort out");
    // It counts for this test alone.
    world.command(Command::TestHub);
    world.event(Event::HubTested(TestState::Failed("no route".to_owned())));
    world.hub_answers(own(2, vec![item]));
    let failed = test(&world).unwrap();
    assert_eq!(
        (failed.state.as_str(), failed.problem.as_deref()),
        ("failed", Some("no route"))
    );
    let mut alone = World::with_products(1);
    let notice = Notice::NoHub;
    assert_eq!(alone.reply(Command::TestHub), Reply::Refused { notice });
}
