//! Those who mean harm: what they get, and what an honest sender feels of it meanwhile.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use super::line::{Line, block_on, many};
use super::process::{Hub, Place};
use super::row;
use super::shop::Shop;
use super::spread::{Spread, millis};

/// Connections that say nothing.
const IDLE: usize = 10_000;
/// Connections that dawdle, of each kind.
const SLOW: usize = 200;
/// Connections that guess.
const GUESSING: usize = 16;

pub(crate) fn run() {
    let place = Place::sqlite();
    let hub = place.serve();
    let shop = Arc::new(Shop::open(&place, &hub));
    block_on(async {
        idle(&hub, &shop).await;
        slow(&hub, &shop).await;
        huge(&hub, &shop).await;
        guesses(&hub, &shop).await;
    });
}

/// Posts of an honest sender, one after the other, until it is enough.
async fn honest(hub: &Hub, shop: &Shop, is_over: impl Fn() -> bool) -> Spread {
    let mut line = Line::from(hub.address, Ipv4Addr::new(127, 0, 9, 1)).await;
    let mut request = Vec::new();
    let mut spread = Spread::default();
    for turn in 0.. {
        shop.template(turn).write(&mut request);
        let began = Instant::now();
        assert_eq!(
            line.ask(&request).await.status,
            200,
            "an honest sender was turned away"
        );
        spread.add(began.elapsed());
        if is_over() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    spread
}

fn felt(name: &str, what: &str, spread: &Spread) {
    row(
        &format!("hub: {name}; beside it, honest posts are acknowledged within p50 and p99"),
        what,
        &format!("{}, {}", millis(spread.at(50)), millis(spread.at(99))),
        None,
    );
}

async fn idle(hub: &Hub, shop: &Shop) {
    let before = hub.memory();
    let began = Instant::now();
    let mut lines = many(hub.address, IDLE).await;
    let opening = began.elapsed().as_secs_f64();
    let all_open = Instant::now();
    let spread = honest(hub, shop, || all_open.elapsed() > Duration::from_secs(1)).await;
    let each = (hub.memory().saturating_sub(before)) as f64 / IDLE as f64 / 1_024.0;
    for line in &mut lines {
        assert_eq!(cut(line).await, None, "a silent connection was answered");
    }
    let ended = all_open.elapsed().as_secs_f64();
    felt(
        &format!(
            "{IDLE} silent connections, opened in {opening:.1} s, memory of each and how long after the last one all were cut"
        ),
        &format!("{each:.1} KiB, {ended:.1} s"),
        &spread,
    );
}

/// Reads until the end; the status if there is an answer.
async fn cut(line: &mut Line) -> Option<u16> {
    let mut text = Vec::new();
    // A connection that is reset is as much at its end.
    drop(line.stream.read_to_end(&mut text).await);
    let digits = std::str::from_utf8(text.get(9..12)?).ok()?;
    digits.parse().ok()
}

/// A byte each half second; gives back what came of it and after how long.
async fn dawdle(mut line: Line, beginning: String) -> (Option<u16>, Duration) {
    let began = Instant::now();
    line.stream.write_all(beginning.as_bytes()).await.unwrap();
    let (mut reads, mut writes) = line.stream.into_split();
    let drip = async {
        while writes.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut text = Vec::new();
    tokio::select! {
        _ = reads.read_to_end(&mut text) => {}
        () = drip => {}
    }
    let status = text
        .get(9..12)
        .and_then(|digits| std::str::from_utf8(digits).ok());
    (
        status.and_then(|digits| digits.parse().ok()),
        began.elapsed(),
    )
}

async fn slow(hub: &Hub, shop: &Arc<Shop>) {
    let rest = [
        ("slow headers", "x-slow: "),
        ("slow bodies", "content-length: 1000\r\n\r\n"),
    ];
    for (name, rest) in rest {
        let mut slow = JoinSet::new();
        for number in 0..SLOW {
            let line = Line::open(hub.address, number).await;
            let path = path(shop, number);
            let beginning = format!("POST {path} HTTP/1.1\r\nhost: hub\r\n{rest}");
            slow.spawn(dawdle(line, beginning));
        }
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let waits = async {
            let all = slow.join_all().await;
            ends.store(true, Ordering::Relaxed);
            all
        };
        let (all, spread) = tokio::join!(waits, honest(hub, shop, || over.load(Ordering::Relaxed)));
        let longest = all.iter().map(|(_, took)| *took).max().unwrap();
        let status = all[0]
            .0
            .map_or_else(|| "cut".to_owned(), |status| status.to_string());
        felt(
            &format!("{SLOW} {name}, answer and when the last was cut"),
            &format!("{status}, {:.1} s", longest.as_secs_f64()),
            &spread,
        );
    }
}

/// A good address.
fn path(shop: &Shop, number: usize) -> String {
    let mut request = Vec::new();
    shop.template(number).write(&mut request);
    let text = String::from_utf8(request).unwrap();
    text.split(' ').nth(1).unwrap().to_owned()
}

async fn huge(hub: &Hub, shop: &Shop) {
    let path = path(shop, 0);
    let said =
        format!("POST {path} HTTP/1.1\r\nhost: hub\r\ncontent-length: 1000000000000\r\n\r\n");
    let endless =
        format!("POST {path} HTTP/1.1\r\nhost: hub\r\ntransfer-encoding: chunked\r\n\r\n");
    for (name, head) in [("announced", said), ("endless in chunks", endless)] {
        let before = hub.memory();
        let began = Instant::now();
        let line = Line::from(hub.address, Ipv4Addr::new(127, 0, 9, 2)).await;
        let (mut reads, mut writes) = line.stream.into_split();
        let sent = AtomicU64::new(0);
        let flood = async {
            writes.write_all(head.as_bytes()).await.unwrap();
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
            while writes.write_all(chunk.as_bytes()).await.is_ok() {
                sent.fetch_add(0x1000, Ordering::Relaxed);
            }
            std::future::pending::<()>().await;
        };
        let mut answer = [0; 12];
        tokio::select! {
            read = reads.read_exact(&mut answer) => drop(read.unwrap()),
            () = flood => {}
        }
        let took = u32::try_from(began.elapsed().as_micros()).unwrap();
        let more = hub.memory().saturating_sub(before) / 1_024;
        row(
            &format!(
                "hub: a huge body, {name}: answer, after how long and how much was sent, memory"
            ),
            &format!(
                "{}, {}, {} KiB, {more} KiB",
                String::from_utf8_lossy(&answer[9..]),
                millis(took),
                sent.load(Ordering::Relaxed) / 1_024
            ),
            "–",
            None,
        );
    }
}

async fn guesses(hub: &Hub, shop: &Shop) {
    let over = Arc::new(AtomicBool::new(false));
    let mut guessing = JoinSet::new();
    let before = hub.cpu();
    let began = Instant::now();
    for number in 0..GUESSING {
        guessing.spawn(guess(hub.address, number as u64, Arc::clone(&over)));
    }
    let spread = honest(hub, shop, || began.elapsed() > Duration::from_secs(4)).await;
    over.store(true, Ordering::Relaxed);
    let counts = guessing.join_all().await;
    let seconds = began.elapsed().as_secs_f64();
    let (guesses, listened): (Vec<u64>, Vec<u64>) = counts.into_iter().unzip();
    let guesses: u64 = guesses.iter().sum();
    let cpu = (hub.cpu() - before).as_secs_f64() * 1e6 / guesses as f64;
    felt(
        &format!(
            "wrong tokens from one address as fast as it can ({cpu:.0} µs of the processor each), and how many were looked at"
        ),
        &format!(
            "{:.0}/s, {}",
            guesses as f64 / seconds,
            listened.iter().sum::<u64>()
        ),
        &spread,
    );
}

/// How many wrong tokens it sent, and how many were looked at before it was turned away.
async fn guess(to: std::net::SocketAddr, number: u64, over: Arc<AtomicBool>) -> (u64, u64) {
    let mut line = Line::from(to, Ipv4Addr::new(127, 0, 9, 3)).await;
    let (mut sent, mut listened) = (0, 0);
    while !over.load(Ordering::Relaxed) {
        let token = sent * 1_000 + number;
        let request = format!(
            "POST /hooks/4pay/{token:064x} HTTP/1.1\r\nhost: hub\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        let status = line.ask(request.as_bytes()).await.status;
        assert!(matches!(status, 404 | 429), "{status}");
        listened += u64::from(status == 404);
        sent += 1;
    }
    (sent, listened)
}
