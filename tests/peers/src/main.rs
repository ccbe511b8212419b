//! Length and speed of printing beside other encoders. Prints `name<TAB>ours<TAB>theirs<TAB>ratio`.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use tillcode::proto::print::encode;
use tillcode_peers::crate_escpos;
use tillcode_peers::label::{HEAD_180, Label, Printer, T88, reference, sticker};
use tillcode_peers::outside::{python_escpos, receipt_printer_encoder};

/// What receipt printers are set to when they are sold. A byte is ten bits on the line.
const BAUD: f64 = 9600.0;
const STICKERS: usize = 1_000;
/// Rounds over all stickers; the fastest one counts, as it was disturbed least.
const ROUNDS: usize = 7;

const PYTHON: &str = "python-escpos";
const NPM: &str = "receipt-printer-encoder";
const CRATE: &str = "the crate escpos";

fn main() {
    lengths();
    speeds();
}

/// The label, with the question of ours whether it has come out.
fn lengths() {
    let name = "label with the code of a link of 49 bytes";
    let native = reference(T88, 5);
    let ours = length(&native);
    for (peer, theirs) in [
        (PYTHON, one(python_escpos(&task(&native), 0).bodies)),
        (NPM, one(receipt_printer_encoder(&task(&native), 0).bodies)),
        (CRATE, crate_escpos::encode(&native).unwrap().len()),
    ] {
        line_of_lengths(
            &format!("{name}, drawn by the printer, beside {peer}"),
            ours,
            theirs,
        );
    }
    let dots = pictured(reference(HEAD_180, 4));
    let theirs = one(python_escpos(&task(&dots), 0).bodies);
    line_of_lengths(
        &format!("{name}, sent as dots, beside {PYTHON}"),
        length(&dots),
        theirs,
    );
}

fn speeds() {
    let native = stickers(T88, 5);
    let name = format!("one of {STICKERS} stickers, from document to bytes");
    let ours = our_micros(&native);
    for (peer, theirs) in [
        (PYTHON, python_escpos(&native, ROUNDS).micros.unwrap()),
        (
            NPM,
            receipt_printer_encoder(&native, ROUNDS).micros.unwrap(),
        ),
        (
            CRATE,
            micros(&native, |label| {
                drop(black_box(crate_escpos::encode(label)))
            }),
        ),
    ] {
        line_of_speeds(
            &format!("{name}, code drawn by the printer, beside {peer}"),
            ours,
            theirs,
        );
    }
    let dots: Vec<_> = stickers(HEAD_180, 4).into_iter().map(pictured).collect();
    let theirs = python_escpos(&dots, ROUNDS).micros.unwrap();
    let name = format!("{name}, code sent as dots, beside {PYTHON}");
    line_of_speeds(&name, our_micros(&dots), theirs);
}

fn pictured(label: Label) -> Label {
    Label {
        picture: true,
        ..label
    }
}

fn task(label: &Label) -> [Label; 1] {
    [label.clone()]
}

fn one(bodies: Vec<Vec<u8>>) -> usize {
    bodies[0].len()
}

fn length(label: &Label) -> usize {
    let job = label.ours();
    job.body.len() + job.confirm.len()
}

fn stickers(printer: Printer, module: u8) -> Vec<Label> {
    (0..STICKERS)
        .map(|number| sticker(printer, module, number))
        .collect()
}

/// Microseconds for a sticker of ours whose text is decided.
fn our_micros(labels: &[Label]) -> f64 {
    let profile = labels[0].printer.profile();
    let documents: Vec<_> = labels.iter().map(Label::document).collect();
    micros(&documents, |document| {
        drop(black_box(encode(document, &profile, None, 1)));
    })
}

fn micros<T>(inputs: &[T], mut work: impl FnMut(&T)) -> f64 {
    let mut round = || {
        let began = Instant::now();
        inputs.iter().for_each(&mut work);
        began.elapsed().as_secs_f64() * 1e6 / inputs.len() as f64
    };
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn line_of_lengths(name: &str, ours: usize, theirs: usize) {
    let written = |bytes: usize| format!("{bytes} B, {:.2} s", bytes as f64 * 10.0 / BAUD);
    let ratio = theirs as f64 / ours as f64;
    println!(
        "{name}: bytes, at {BAUD} baud\t{}\t{}\t{ratio:.1} ×",
        written(ours),
        written(theirs)
    );
}

fn line_of_speeds(name: &str, ours: f64, theirs: f64) {
    let ratio = theirs / ours;
    let digits = if ratio < 0.1 { 2 } else { 1 };
    println!("{name}\t{ours:.0} µs\t{theirs:.0} µs\t{ratio:.digits$} ×");
}
