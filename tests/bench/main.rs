//! Speed of what decides how the till feels, beside peers. Prints `name<TAB>ours<TAB>theirs<TAB>ratio`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::wildcard_enum_match_arm,
    reason = "a benchmark reads the clock, divides and prints"
)]

mod mint;
mod plan;
mod wanted;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use tillcode::domain::catalog::{Catalog, Product, Visibility};
use tillcode::domain::id::ProductId;
use tillcode::domain::money::{Amount, Currency};
use tillcode::proto::qr::QrGrid;

/// As many products as a large shop has.
const PRODUCTS: usize = 50_000;
/// What a tile grid shows of a search.
const FOUND_MAX: usize = 60;
/// Rounds over all inputs; the fastest one counts, as it was disturbed least.
const ROUNDS: usize = 7;

const FIRST_WORDS: [&str; 12] = [
    "Organic",
    "Dark",
    "Roasted",
    "Fresh",
    "Small",
    "Large",
    "Sparkling",
    "Smoked",
    "Sweet",
    "Salted",
    "Green",
    "Käse",
];
const SECOND_WORDS: [&str; 15] = [
    "espresso",
    "tea",
    "bread",
    "apple",
    "mug",
    "shirt",
    "water",
    "almond",
    "cake",
    "honey",
    "pretzel",
    "juice",
    "soap",
    "candle",
    "Brötchen",
];

/// What can be measured, by name.
const MEASURES: [(&str, fn()); 4] = [
    ("encode", encode),
    ("search", search),
    ("plan", plan::run),
    ("mint", mint::run),
];

/// Measures what is named, else everything: `cargo bench -- plan mint`.
fn main() {
    let words = std::env::args().skip(1);
    let chosen: Vec<String> = words.filter(|word| !word.starts_with("--")).collect();
    for (name, measure) in MEASURES {
        if chosen.is_empty() || chosen.iter().any(|word| word == name) {
            measure();
        }
    }
}

/// One row; without a ratio where there is nothing beside us.
fn line(name: &str, ours: &str, theirs: &str, ratio: Option<f64>) {
    let ratio = ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.1} ×"));
    println!("{name}\t{ours}\t{theirs}\t{ratio}");
}

/// Microseconds for each of `inputs`, in the fastest round.
fn micros_each<T>(inputs: &[T], mut work: impl FnMut(&T)) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            inputs.iter().for_each(&mut work);
            began.elapsed().as_secs_f64() * 1e6 / inputs.len() as f64
        })
        .fold(f64::INFINITY, f64::min)
}

fn catalog() -> Catalog {
    Catalog::index(1, products(PRODUCTS).map(Arc::new).collect())
}

/// Products with names of all kinds and different barcodes, at one price.
fn products(count: usize) -> impl Iterator<Item = Product> {
    let currency = Currency::from_code("EUR").expect("the euro is known");
    (0..count).map(move |number| {
        let sku = format!("S{number:05}");
        Product {
            id: ProductId::of_sku("bench", &sku),
            name: format!(
                "{} {} {number}",
                FIRST_WORDS[number % FIRST_WORDS.len()],
                SECOND_WORDS[number % SECOND_WORDS.len()]
            ),
            sku,
            group: None,
            category: Some(format!("Group {:02}", number % 40)),
            description: String::new(),
            price: Amount::new(100, currency),
            asking: tillcode::domain::link::Asking::default(),
            options: tillcode::domain::options::Options::default(),
            barcodes: vec![format!("{:013}", 4_000_000_000_000_u64 + number as u64)],
            picture: None,
            visibility: Visibility::Shown,
        }
    })
}

/// What a cashier has typed after each key: `e`, `es`, `esp`, …
fn typed() -> Vec<String> {
    [
        "espresso",
        "dark tea",
        "roasted almond 49",
        "s01234",
        "4000000012345",
        "kase brot",
    ]
    .iter()
    .flat_map(|whole| {
        whole
            .char_indices()
            .map(|(at, sign)| whole.chars().take(at).chain([sign]).collect())
    })
    .collect()
}

/// The index beside what a simple program does: every word against every product.
fn search() {
    let began = Instant::now();
    let catalog = catalog();
    let made_ms = began.elapsed().as_secs_f64() * 1e3;
    let lowered: Vec<String> = catalog
        .products()
        .iter()
        .map(|product| {
            let codes = product.barcodes.join(" ");
            format!("{} {} {codes}", product.name, product.sku).to_lowercase()
        })
        .collect();
    let typed = typed();
    let ours = micros_each(&typed, |query| {
        black_box(catalog.search(query, FOUND_MAX));
    });
    let theirs = micros_each(&typed, |query| {
        let words: Vec<&str> = query.split_whitespace().collect();
        let found: Vec<usize> = lowered
            .iter()
            .enumerate()
            .filter(|(_, text)| words.iter().all(|word| text.contains(word)))
            .map(|(position, _)| position)
            .take(FOUND_MAX)
            .collect();
        black_box(found);
    });
    let found = catalog.search("espresso", FOUND_MAX).len();
    assert!(
        found == FOUND_MAX,
        "the search found {found} products, so its speed means nothing"
    );
    line(
        &format!(
            "search per key in {PRODUCTS} products, beside a scan (index made in {made_ms:.0} ms)"
        ),
        &format!("{ours:.1} µs"),
        &format!("{theirs:.1} µs"),
        Some(theirs / ours),
    );
}

/// Addresses as providers make them, of several lengths.
fn addresses() -> Vec<String> {
    (0..200_u64)
        .map(|number| {
            let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            match number % 3 {
                0 => format!("https://4pay.online/pay/link/{id:016x}"),
                1 => format!("https://console.4geeks.io/pay/checkout/{id:016x}{id:016x}"),
                _ => format!(
                    "https://checkout.example.com/eCommerce/API/embedded/{id:016x}?s={number}"
                ),
            }
        })
        .collect()
}

/// Microseconds for a code, and modules along its side, both on average.
fn measure(texts: &[String], side_of: impl Fn(&str) -> usize) -> (f64, f64) {
    let micros = micros_each(texts, |text| {
        black_box(side_of(text));
    });
    let sides: usize = texts.iter().map(|text| side_of(text)).sum();
    (micros, sides as f64 / texts.len() as f64)
}

/// The same addresses at error level M, by us and by two other encoders.
fn encode() {
    let texts = addresses();
    let (ours, our_side) = measure(&texts, |text| QrGrid::encode(text).expect("it fits").side());
    for (peer, (theirs, their_side)) in [
        ("fast_qr", measure(&texts, |text| fast(text).size)),
        (
            "qrcodegen",
            measure(&texts, |text| {
                usize::try_from(generic(text).size()).expect("above zero")
            }),
        ),
    ] {
        line(
            &format!("code for a link at level M, beside {peer}: time"),
            &format!("{ours:.0} µs"),
            &format!("{theirs:.0} µs"),
            Some(theirs / ours),
        );
        line(
            &format!("code for a link at level M, beside {peer}: modules along a side, mean"),
            &format!("{our_side:.1}"),
            &format!("{their_side:.1}"),
            Some(their_side / our_side),
        );
    }
}

fn fast(text: &str) -> fast_qr::QRCode {
    fast_qr::QRBuilder::new(text)
        .ecl(fast_qr::ECL::M)
        .build()
        .expect("it fits")
}

fn generic(text: &str) -> qrcodegen::QrCode {
    // Boosting would raise the level while the symbol stays the same size; the others do not.
    let segments = qrcodegen::QrSegment::make_segments(text);
    qrcodegen::QrCode::encode_segments_advanced(
        &segments,
        qrcodegen::QrCodeEcc::Medium,
        qrcodegen::Version::MIN,
        qrcodegen::Version::MAX,
        None,
        false,
    )
    .expect("it fits")
}
