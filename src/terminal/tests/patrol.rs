//! The register of stickers, and what somebody scans in the shop.

use super::printing::{stickers, world};
use super::world::{World, eur};
use crate::domain::sticker::{Sticker, Told, Verdict};
use crate::proto::print::Confirms;
use crate::terminal::printing::{Patrol, StickerChange};
use crate::terminal::{Command, Notice, PaperCommand, PaperNotice, Reply, Screen};

#[test]
fn each_sticker_has_a_serial_number_of_its_own_and_a_place_in_the_register() {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    let Reply::Prints { prints } = stickers(&mut world, 3) else {
        panic!("no stickers");
    };
    assert_eq!(prints.len(), 3);
    world.restart();
    assert!(matches!(stickers(&mut world, 1), Reply::Prints { .. }));
    let serials: std::collections::BTreeSet<_> = world
        .disk
        .stickers
        .values()
        .map(|sticker| sticker.serial.clone())
        .collect();
    assert_eq!(serials.len(), 4);
    let sticker = world.disk.stickers.values().next().unwrap().clone();
    assert_eq!(
        (sticker.place.as_str(), sticker.price),
        ("shelf 3", Some(eur(100)))
    );
    let texts = world.texts_of(prints[0]);
    assert!(texts.contains(&format!("[{}]", sticker.url)), "{texts}");
    assert!(
        texts.contains("-S1") && texts.contains("4pay.online"),
        "{texts}"
    );

    world.reply(Command::Paper(PaperCommand::SetSticker {
        sticker: sticker.id,
        change: StickerChange::Retire,
    }));
    assert!(world.disk.stickers[&sticker.id].retired_at.is_some());
}

pub(super) fn scan(world: &mut World, code: &str) -> Patrol {
    let code = code.to_owned();
    match world.reply(Command::Paper(PaperCommand::CheckSticker { code })) {
        Reply::Patrol { patrol } => *patrol,
        other @ (Reply::Done
        | Reply::Sale { .. }
        | Reply::Link { .. }
        | Reply::Remote { .. }
        | Reply::Prints { .. }
        | Reply::Stickers { .. }
        | Reply::Refused { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn a_scanned_sticker_is_good_until_its_price_changes_or_it_is_taken_down() {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    stickers(&mut world, 1);
    let sticker = world.disk.stickers.values().next().unwrap().clone();
    let found = scan(&mut world, &sticker.url);
    assert_eq!(found.verdict, Verdict::Good);
    assert_eq!((found.price, found.serials.len()), (Some(eur(100)), 1));
    assert!(world.disk.stickers[&sticker.id].checked_at.is_some());

    for code in [
        "https://4pay.online/pay/of-a-thief",
        "https://evil.example/x",
    ] {
        assert_eq!(scan(&mut world, code).verdict, Verdict::Foreign, "{code}");
    }

    let mut dearer = world.product_row(0);
    dearer.price = eur(150);
    let products = vec![dearer];
    let source = "test".to_owned();
    world.reply(Command::PutProducts { products, source });
    let found = scan(&mut world, &sticker.url);
    assert_eq!(
        (found.verdict, found.price_now),
        (Verdict::Superseded, Some(eur(150)))
    );
    // Its code has given way to the new one meanwhile, and it is known after a restart too.
    world.wait_ms(60_000);
    world.restart();
    assert_eq!(scan(&mut world, &sticker.url).verdict, Verdict::Superseded);

    world.reply(Command::Paper(PaperCommand::SetSticker {
        sticker: sticker.id,
        change: StickerChange::Retire,
    }));
    assert_eq!(scan(&mut world, &sticker.url).verdict, Verdict::TakenDown);
}

#[test]
fn what_is_scanned_on_the_screen_of_stickers_is_checked_and_not_sold() {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    stickers(&mut world, 1);
    let url = world.disk.stickers.values().next().unwrap().url.clone();
    world.command(Command::Go {
        screen: Screen::Stickers,
    });
    world.command(Command::Scan { text: url.clone() });
    assert!(world.disk.sales.is_empty() && world.snapshot().cart.lines.is_empty());
    let said = world.snapshot().notice.map(|(_, notice)| notice);
    assert!(
        matches!(said, Some(Notice::Paper(PaperNotice::StickerScanned { patrol })) if patrol.verdict == Verdict::Good)
    );
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.command(Command::Scan { text: url });
    assert_eq!(world.disk.sales.len(), 1);
}

#[test]
fn what_another_till_tells_is_known_here_and_what_is_known_of_ours_comes_back() {
    let mut ours = world(Confirms::Nothing);
    ours.wait_ms(5_000);
    stickers(&mut ours, 1);
    let sticker = ours.disk.stickers.values().next().unwrap().clone();
    let told = |verdict, sticker: &Sticker| Sticker {
        told: Some(Told {
            verdict,
            at: ours.now().wall,
        }),
        ..sticker.clone()
    };
    let good = told(Verdict::Good, &sticker);

    let mut theirs = world(Confirms::Nothing);
    assert_eq!(scan(&mut theirs, &sticker.url).verdict, Verdict::Foreign);
    // What is not told of by its own till could be anybody's.
    learn(&mut theirs, &sticker);
    assert!(theirs.disk.stickers.is_empty());
    let mut long = good.clone();
    long.title = "x".repeat(201);
    learn(&mut theirs, &long);
    assert!(theirs.disk.stickers.is_empty());

    learn(&mut theirs, &good);
    let found = scan(&mut theirs, &sticker.url);
    assert_eq!((found.verdict, found.price), (Verdict::Good, sticker.price));
    theirs.reply(Command::Paper(PaperCommand::SetSticker {
        sticker: sticker.id,
        change: StickerChange::Retire,
    }));

    let back = theirs.disk.stickers[&sticker.id].clone();
    learn(&mut ours, &back);
    let own = ours.disk.stickers[&sticker.id].clone();
    assert_eq!((own.told, own.hangs()), (None, false));
    assert_eq!(own.checked_at, back.checked_at);
}

#[test]
fn a_new_price_says_at_once_how_many_stickers_are_wrong_and_old_paper_is_looked_at() {
    let mut world = world(Confirms::Nothing);
    world.wait_ms(5_000);
    stickers(&mut world, 3);
    assert_eq!(world.snapshot().status.stickers_wrong, 0);
    let mut dearer = world.product_row(0);
    dearer.price = eur(150);
    let products = vec![dearer];
    let source = "test".to_owned();
    world.reply(Command::PutProducts { products, source });
    assert_eq!(world.snapshot().status.stickers_wrong, 3);
    let said = world.snapshot().notice.map(|(_, notice)| notice);
    let wanted = PaperNotice::StickersWrong { count: 3 };
    assert_eq!(said, Some(Notice::Paper(wanted)));
    let first = *world.disk.stickers.keys().next().unwrap();
    world.reply(Command::Paper(PaperCommand::SetSticker {
        sticker: first,
        change: StickerChange::Retire,
    }));
    assert_eq!(world.snapshot().status.stickers_wrong, 2);
    world.command(Command::DismissNotice);
    world.wait_ms(60_000);
    world.restart();
    assert_eq!(world.snapshot().status.stickers_wrong, 2);
    assert_eq!(world.snapshot().notice, None);

    stickers(&mut world, 1);
    assert_eq!(world.snapshot().status.stickers_fading, 0);
    let weeks = |count: u64| count * 7 * 24 * 3_600_000;
    world.wait_ms(weeks(8) + 120_000);
    assert_eq!(world.snapshot().status.stickers_fading, 3);
    // Somebody has seen that it is still read.
    let url = world.disk.stickers.values().last().unwrap().url.clone();
    assert_eq!(scan(&mut world, &url).verdict, Verdict::Good);
    world.wait_ms(120_000);
    assert_eq!(world.snapshot().status.stickers_fading, 2);
}

#[test]
fn a_sticker_without_a_price_on_it_is_seen_to_be_right() {
    let mut world = world(Confirms::Nothing);
    world.setup.paper.hides_price = true;
    world.restart();
    world.wait_ms(5_000);
    stickers(&mut world, 1);
    let sticker = world.disk.stickers.values().next().unwrap().clone();
    assert_eq!(sticker.price, None);
    assert_eq!(scan(&mut world, &sticker.url).verdict, Verdict::Good);
    assert!(world.disk.stickers[&sticker.id].checked_at.is_some());
}

fn learn(world: &mut World, sticker: &Sticker) {
    let stickers = vec![sticker.clone()];
    let reply = world.reply(Command::Paper(PaperCommand::LearnStickers { stickers }));
    assert_eq!(reply, Reply::Done);
}
