//! A disk that is really full: a small one, filled up while notifications come in, on either kind of
//! database.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use super::{Sent, Shop, is_ready};
use crate::own_disk::{fill, on_own_disk};
use crate::support::{HubProcess, Place};

/// A disk of any size here takes fewer.
const POSTS_MAX: u32 = 20_000;
/// How often is looked whether it goes on.
const LOOKS_MAX: u32 = 600;
/// An account may post so often.
const PAUSE: Duration = Duration::from_millis(100);
/// What a database cannot put beside others without more room, in bytes.
const LARGE: usize = 30_000;
/// A hundred megabytes.
#[cfg(feature = "postgres")]
const WRITTEN_AHEAD: &str = "SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000)) FROM generate_series(1, 100)";

#[test]
fn a_full_disk_under_sqlite_loses_nothing_and_room_is_all_it_needs() {
    let test = "faults::full::a_full_disk_under_sqlite_loses_nothing_and_room_is_all_it_needs";
    let Some(disk) = on_own_disk(test, 4) else {
        return;
    };
    let file = disk.join("hub.sqlite3");
    let place = Place::at(format!("sqlite:{}", file.display()));
    let mut story = Story::new(&place, &disk);
    story.fill(0, |hub| {
        // Nothing was refused until now: that is not how it knows.
        assert!(!is_ready(hub), "a full disk is not ready");
    });
    story.fill(1, |_| {});
    story.end();
}

#[cfg(feature = "postgres")]
#[test]
fn a_full_disk_under_postgresql_loses_nothing_and_room_is_all_it_needs() {
    let test = "faults::full::a_full_disk_under_postgresql_loses_nothing_and_room_is_all_it_needs";
    let Some(disk) = on_own_disk(test, 120) else {
        return;
    };
    let Some(server) = crate::postgres::own(test) else {
        return;
    };
    let place = crate::places::on(&server);
    let mut story = Story::new(&place, &disk);
    story.fill(0, |_| {});
    // Where it finds no room for what is written ahead of all tables, the whole server ends.
    story.fill(1, |_| {
        let words = ["--dbname=postgres", "--command", WRITTEN_AHEAD];
        let ended = server.tool("psql").args(words).output().unwrap();
        assert!(!ended.status.success());
    });
    assert!(server.said().contains(" PANIC:"), "{}", server.said());
    story.end();
}

struct Story<'a> {
    place: &'a Place,
    disk: &'a Path,
    hub: HubProcess,
    sent: Sent,
}

impl<'a> Story<'a> {
    fn new(place: &'a Place, disk: &'a Path) -> Self {
        let hub = place.serve();
        let mut sent = Sent::new(Shop::new(place, &hub), LARGE);
        for number in 0..4 {
            assert!(sent.post(&hub, number));
        }
        assert!(is_ready(&hub));
        Self {
            place,
            disk,
            hub,
            sent,
        }
    }

    /// Leaves so much room in megabytes, and then gives it all back.
    fn fill(&mut self, room: u64, when_full: impl FnOnce(&HubProcess)) {
        let Self {
            disk, hub, sent, ..
        } = self;
        let ballast = fill(disk);
        let file = File::options().write(true).open(&ballast).unwrap();
        let length = file.metadata().unwrap().len() - (room << 20);
        file.set_len(length).unwrap();
        drop(file);
        when_full(hub);
        let taken = post_until_refused(hub, sent);
        println!("{taken} fitted on a disk with {room} megabytes");
        // What is there already is known, or refused.
        sent.post(hub, 0);
        std::fs::remove_file(ballast).unwrap();
        goes_on(hub, sent);
        sent.check(hub);
    }

    fn end(mut self) {
        self.hub.crash();
        assert!(!self.hub.ended());
        self.sent.check(&self.place.serve());
        let known = self.sent.acknowledged.len();
        println!("TOLD none of {known} was lost or repeated");
    }
}

/// Some more may fit where the database has room of its own; how many did.
fn post_until_refused(hub: &HubProcess, sent: &mut Sent) -> u32 {
    let first = sent.next();
    for number in first..POSTS_MAX {
        if !sent.post(hub, number) {
            assert!(!is_ready(hub), "it just refused one");
            return number - first;
        }
    }
    panic!("the disk never was full")
}

/// By itself: nobody begins it anew.
fn goes_on(hub: &HubProcess, sent: &mut Sent) {
    let number = sent.next();
    for _ in 0..LOOKS_MAX {
        if sent.post(hub, number) {
            assert!(is_ready(hub), "it just stored one");
            return;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("there is room, and it does not go on")
}
