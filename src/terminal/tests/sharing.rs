//! The register that the tills of a shop share by their hub.

use std::collections::BTreeMap;

use super::feed::joined;
use super::patrol::scan;
use super::world::{World, eur, setup};
use crate::domain::id::StickerId;
use crate::domain::sticker::{Sticker, Verdict};
use crate::proto::hub::stickers::STICKERS_MAX;
use crate::proto::hub::{Cursor, Feed, HeardStickers, Page, ToldStickers};
use crate::terminal::printing::{StickerChange, StickerOf};
use crate::terminal::{
    Command, Event, HubProblem, HubSaid, HubSetup, PaperCommand, Reply, Setup, Told,
};

/// A hub, as far as stickers go.
#[derive(Default)]
struct Register {
    rows: BTreeMap<StickerId, (u64, Sticker)>,
    version: u64,
    /// What it was restored from.
    history: String,
}

impl Register {
    fn end(&self) -> Cursor {
        self.cursor(self.version)
    }

    fn cursor(&self, seq: u64) -> Cursor {
        let mark = if seq > 0 {
            self.history.clone()
        } else {
            String::new()
        };
        Cursor { seq, mark }
    }

    fn hears(&mut self, asked: &ToldStickers) -> HeardStickers {
        assert!(asked.is_sound(), "{asked:?}");
        for told in &asked.stickers {
            let known = self.rows.get(&told.id).map(|(_, known)| known.clone());
            let merged = known
                .clone()
                .map_or(told.clone(), |known| known.merged(told));
            if known.as_ref() != Some(&merged) {
                self.version += 1;
                self.rows.insert(told.id, (self.version, merged));
            }
        }
        let is_other_history = asked.after.seq > 0 && asked.after.mark != self.history;
        let after = if is_other_history { 0 } else { asked.after.seq };
        let mut news: Vec<_> = self.rows.values().filter(|row| row.0 > after).collect();
        news.sort_by_key(|row| row.0);
        let more = news.len() > STICKERS_MAX;
        news.truncate(STICKERS_MAX);
        HeardStickers {
            until: self.cursor(news.last().map_or(after, |row| row.0)),
            stickers: news.into_iter().map(|row| row.1.clone()).collect(),
            more,
            is_other_history,
        }
    }
}

impl World {
    /// The hub answers the question for the feed, and says which version its register has.
    fn hears_of_register(&mut self, register: Option<Cursor>) {
        self.wait_ms(60_000);
        let asked = self.asked.last().cloned().expect("a question is open");
        let feed = Feed {
            now: self.now().wall,
            own: Page::default(),
            shop: Page::default(),
            register,
        };
        let answer = Ok(Box::new(feed));
        self.event(Event::Fed { asked, answer });
    }

    /// Till and hub tell each other all that they know. How often they spoke.
    fn shares(&mut self, hub: &mut Register) -> usize {
        self.hears_of_register(Some(hub.end()));
        let mut spoke = 0;
        while let Some(told) = self.told.pop() {
            let answer = if let Told::Stickers(asked) = &told {
                spoke += 1;
                HubSaid::Stickers(Box::new(hub.hears(asked)))
            } else {
                HubSaid::Stored
            };
            let answer = Ok(answer);
            self.event(Event::HubTold { told, answer });
            assert!(spoke < 1_000, "without end");
        }
        spoke
    }

    fn asks_stickers(&mut self) -> ToldStickers {
        while let Some(told) = self.told.pop() {
            if let Told::Stickers(asked) = told {
                return asked;
            }
            let answer = Ok(HubSaid::Stored);
            self.event(Event::HubTold { told, answer });
        }
        panic!("nothing is told of stickers");
    }

    fn registers(&mut self, copies: u32) {
        let product = self.product_row(0).id;
        let reply = self.reply(Command::Paper(PaperCommand::Register {
            of: StickerOf::Product { product },
            copies,
            place: "window".to_owned(),
        }));
        assert!(matches!(reply, Reply::Stickers { .. }), "{reply:?}");
    }

    fn sets(&mut self, sticker: StickerId, change: StickerChange) {
        let reply = self.reply(Command::Paper(PaperCommand::SetSticker { sticker, change }));
        assert_eq!(reply, Reply::Done);
    }

    fn any_sticker(&self) -> Sticker {
        self.disk.stickers.values().next().unwrap().clone()
    }
}

/// A till with codes, and another one of its shop without.
fn two() -> (World, World) {
    let hub = Some(HubSetup {
        address: "https://hub.example".to_owned(),
    });
    let mut theirs = World::with_setup(1, Setup { hub, ..setup() });
    theirs.online = false;
    (joined().0, theirs)
}

#[test]
fn what_one_till_prints_takes_down_and_prices_anew_the_other_one_knows() {
    let (mut ours, mut theirs) = two();
    let mut hub = Register::default();
    ours.registers(3);
    let sticker = ours.any_sticker();
    assert_eq!(scan(&mut theirs, &sticker.url).verdict, Verdict::Foreign);
    ours.shares(&mut hub);
    theirs.shares(&mut hub);
    assert_eq!(theirs.disk.stickers.len(), 3);
    assert_eq!(scan(&mut theirs, &sticker.url).verdict, Verdict::Good);

    theirs.sets(sticker.id, StickerChange::Retire);
    theirs.shares(&mut hub);
    ours.shares(&mut hub);
    assert!(!ours.disk.stickers[&sticker.id].hangs());

    let mut dearer = ours.product_row(0);
    dearer.price = eur(150);
    let products = vec![dearer];
    let source = "test".to_owned();
    ours.reply(Command::PutProducts { products, source });
    ours.shares(&mut hub);
    theirs.shares(&mut hub);
    assert_eq!(scan(&mut theirs, &sticker.url).verdict, Verdict::Superseded);
    assert_eq!(theirs.snapshot().status.stickers_wrong, 2);

    // Both know the same: there is nothing to say any more, nor after a restart.
    theirs.shares(&mut hub);
    ours.shares(&mut hub);
    for till in [&mut ours, &mut theirs] {
        assert_eq!(till.shares(&mut hub), 0);
        till.restart();
        assert_eq!(till.shares(&mut hub), 0);
        assert!(till.disk.untold.is_empty());
    }
}

#[test]
fn a_register_of_many_is_told_in_parts_and_what_was_cut_off_is_told_after_a_restart() {
    let (mut ours, mut theirs) = two();
    let mut hub = Register::default();
    ours.registers(130);
    ours.hears_of_register(Some(Cursor::default()));
    let asked = ours.asks_stickers();
    assert_eq!(asked.stickers.len(), STICKERS_MAX);
    assert!(asked.stickers.iter().all(|sticker| sticker.said.is_none()));
    // That this is said is on disk before.
    let first = &asked.stickers[0];
    assert_eq!(ours.disk.stickers[&first.id].said, first.told);
    // The hub has it, and the till never hears that.
    hub.hears(&asked);
    ours.restart();
    ours.shares(&mut hub);
    theirs.shares(&mut hub);
    assert_eq!(
        (hub.rows.len(), hub.version, theirs.disk.stickers.len()),
        (130, 130, 130),
        "each once"
    );

    // Taken down while the hub is away.
    let sticker = ours.any_sticker();
    ours.sets(sticker.id, StickerChange::Retire);
    ours.restart();
    ours.shares(&mut hub);
    assert!(!hub.rows[&sticker.id].1.hangs());
}

#[test]
fn a_hub_that_was_restored_is_told_everything_again() {
    let (mut ours, mut theirs) = two();
    let mut hub = Register::default();
    ours.registers(2);
    ours.shares(&mut hub);
    theirs.shares(&mut hub);
    let mut restored = Register {
        version: 1,
        history: "another".to_owned(),
        ..Register::default()
    };
    assert_eq!(theirs.shares(&mut restored), 2, "asked, and told all");
    assert_eq!(restored.rows.len(), 2);
    ours.shares(&mut restored);
    for till in [&mut ours, &mut theirs] {
        till.shares(&mut restored);
        assert_eq!(till.shares(&mut restored), 0);
        assert_eq!(till.disk.stickers.len(), 2);
    }
}

#[test]
fn a_hub_without_a_register_is_left_alone_and_one_that_makes_no_sense_is_asked_again() {
    let (mut ours, _) = two();
    ours.registers(1);
    ours.hears_of_register(None);
    while let Some(told) = ours.told.pop() {
        assert!(!matches!(told, Told::Stickers(_)), "{told:?}");
        let answer = Ok(HubSaid::Stored);
        ours.event(Event::HubTold { told, answer });
    }
    // It was brought up to date.
    ours.hears_of_register(Some(Cursor::default()));
    let asked = ours.asks_stickers();
    assert_eq!(asked.stickers.len(), 1);
    let endless = HeardStickers {
        more: true,
        ..HeardStickers::default()
    };
    for answer in [
        Ok(HubSaid::Stickers(Box::new(endless))),
        Err(HubProblem::Refused),
    ] {
        let told = Told::Stickers(asked.clone());
        ours.event(Event::HubTold { told, answer });
        assert!(ours.told.is_empty(), "it has time");
        assert_eq!(ours.disk.untold.len(), 1);
        ours.wait_ms(120_000);
        assert_eq!(ours.asks_stickers(), asked);
    }
}
