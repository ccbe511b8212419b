//! Comparing the provider's list with what is known here.

use super::asking::{answer as answered, now, sent, wakes};
use super::custom::{make, wish, world};
use super::world::{World, product_id, setup};
use crate::domain::id::Entropy;
use crate::domain::link::Link;
use crate::terminal::custom::REMOTE_MAX;
use crate::terminal::query::{RemoteReport, Whose};
use crate::terminal::{
    Actor, Command, CustomLink, Effect, Event, Notice, Recovered, Reply, RequestId, Rows, Step,
    Terminal,
};

fn list(world: &mut World) -> RemoteReport {
    let reply = world.reply(Command::ListRemote { backend: None });
    let Reply::Remote { report } = reply else {
        panic!("{reply:?}")
    };
    *report
}

#[test]
fn the_providers_list_says_whose_a_link_is_and_which_of_ours_are_gone() {
    let mut world = world();
    let known = list(&mut world);
    assert!(known.links.iter().all(|row| row.whose == Whose::Ours));
    assert_eq!((known.links.len(), known.gone.len()), (6, 0));
    assert!(world.journal_says("remote_listed"));

    world.provider_gets("stranger");
    let sticker = |number| {
        let is_it = |link: &&Link| link.product == Some(product_id(number));
        world.links().find(is_it).unwrap().clone()
    };
    let (lost, withdrawn) = (sticker(0), sticker(1));
    world.command(Command::WithdrawLink { link: withdrawn.id });
    world.settle();
    world.provider_loses(lost.url().unwrap());
    world.tap(0);
    let shown = world.link_of(world.pay().sale.id);
    world.provider_loses(shown.url().unwrap());
    let report = list(&mut world);
    let strangers = report
        .links
        .iter()
        .filter(|row| row.whose == Whose::Unknown);
    let strangers: Vec<_> = strangers.map(|row| (row.id.as_str(), row.link)).collect();
    assert_eq!(strangers, [("stranger", None)]);
    let mut gone = report.gone;
    gone.sort_unstable();
    let mut missing = [lost.id, shown.id];
    missing.sort_unstable();
    assert_eq!(gone, missing, "one that was switched off is not missed");
}

#[test]
fn another_accounts_links_are_not_missed_in_this_ones_list() {
    let mut setup = setup();
    let mut second = setup.backends[0].clone();
    "second".clone_into(&mut second.name);
    setup.backends.push(second);
    let mut world = World::with_setup(1, setup);
    world.settle();
    let elsewhere = CustomLink {
        backend: Some("second".to_owned()),
        ..wish("Invoice 7", 777)
    };
    let id = make(&mut world, elsewhere).unwrap();
    world.settle();
    let url = world.disk.links[&id]
        .remote
        .clone()
        .expect("it was made")
        .url;
    world.provider_loses(&url);
    assert_eq!(list(&mut world).gone, []);
}

#[test]
fn a_list_is_refused_where_there_is_none_and_while_there_is_no_network() {
    let mut world = world();
    let list = Command::ListRemote { backend: None };
    world.online = false;
    world.wait_ms(60_000);
    let notice = Notice::NotNow;
    assert_eq!(world.reply(list.clone()), Reply::Refused { notice });
    "altapay".clone_into(&mut world.setup_mut().backends[0].kind);
    world.restart();
    let kind = "altapay".to_owned();
    let notice = Notice::CannotList { kind };
    assert_eq!(world.reply(list), Reply::Refused { notice });
}

#[test]
fn a_list_that_is_put_off_is_asked_for_six_times_and_then_refused() {
    let mut world = world();
    world.busy = true;
    let before = world.requests_sent();
    let said = world.reply_within(Command::ListRemote { backend: None }, 3_600_000);
    let put_off = |reply: &Reply| {
        matches!(
            reply,
            Reply::Refused {
                notice: Notice::BackendRefused { .. }
            }
        )
    };
    assert!(put_off(&said), "{said:?}");
    assert_eq!(world.requests_sent() - before, 6);
}

/// A page of Devdraft's list.
fn page(from: u32, count: u32) -> String {
    let numbers = from..from + count;
    let links = numbers.map(|id| format!(r#"{{"id":"pl_{id}","url":"https://pay.example/{id}"}}"#));
    format!("[{}]", links.collect::<Vec<_>>().join(","))
}

/// A till with a Devdraft account, and its first step when it is asked for that account's list.
fn lists() -> (Terminal, Step) {
    let mut setup = setup();
    "devdraft".clone_into(&mut setup.backends[0].kind);
    setup.pool.per_amount = 0;
    setup.pool.open_amount = 0;
    let entropy = Entropy::new([1; 32]);
    let (mut till, _) = Terminal::recover(setup, Recovered::default(), entropy, now(0));
    answered(&mut till, None, 1, 200, &[], "{}");
    let list = Event::Command {
        command: Command::ListRemote { backend: None },
        actor: Actor::Script,
        seen: None,
        reply_to: Some(RequestId(1)),
    };
    let step = till.handle(list, Rows::default(), now(2));
    (till, step)
}

/// How many links the report counts that a step ends with.
fn reported(step: &Step) -> Option<usize> {
    step.effects.iter().find_map(|effect| {
        let Effect::Reply { reply, .. } = effect else {
            return None;
        };
        let Reply::Remote { report } = reply else {
            panic!("{reply:?}")
        };
        Some(report.links.len())
    })
}

#[test]
fn a_long_list_is_read_page_by_page_to_its_end() {
    let (mut till, mut step) = lists();
    for (from, count) in [(0, 100), (100, 100), (200, 1)] {
        let asked = sent(&step);
        let [(question, path)] = &asked[..] else {
            panic!("{asked:?}")
        };
        assert!(path.contains(&format!("skip={from}")), "{path}");
        step = answered(&mut till, *question, 3, 200, &[], &page(from, count));
    }
    assert_eq!(reported(&step), Some(201));
}

#[test]
fn a_list_without_end_is_read_as_far_as_there_is_room() {
    let (mut till, mut step) = lists();
    let (mut at, mut pages) = (3, 0);
    // More than enough: each page in the account's pace takes a step to ask for it and a pause.
    let counted = (0..10 * REMOTE_MAX / 100).find_map(|_| {
        let mut asked = sent(&step).into_iter();
        if let Some((question, _)) = asked.find(|(_, path)| path.contains("skip=")) {
            let page = page(u32::try_from(pages * 100).unwrap(), 100);
            step = answered(&mut till, question, at, 200, &[], &page);
            pages += 1;
        } else {
            at += 1_000;
            step = wakes(&mut till, at);
        }
        reported(&step)
    });
    assert_eq!((counted, pages), (Some(REMOTE_MAX), REMOTE_MAX / 100));
}
