//! Labels by encoders in other languages: programs beside this package, installed by `install.sh`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::label::Label;

/// What such a program answers.
pub struct Answer {
    /// Each label's bytes.
    pub bodies: Vec<Vec<u8>>,
    /// Microseconds for one label, in the fastest round; none where no round was asked for.
    pub micros: Option<f64>,
}

#[derive(serde::Serialize)]
struct Task<'a> {
    labels: &'a [Label],
    rounds: usize,
}

#[derive(serde::Deserialize)]
struct Written {
    bodies: Vec<String>,
    micros: Option<f64>,
}

pub fn python_escpos(labels: &[Label], rounds: usize) -> Answer {
    let mut program = Command::new(installed().join("python/bin/python"));
    program
        .arg(here("python_escpos.py"))
        // Else it leaves a folder with its printers behind at every start.
        .env("ESCPOS_CAPABILITIES_PICKLE_DIR", installed());
    answer(&mut program, labels, rounds)
}

pub fn receipt_printer_encoder(labels: &[Label], rounds: usize) -> Answer {
    let mut program = Command::new("node");
    program
        .arg(here("receipt_printer_encoder.mjs"))
        .arg(installed());
    answer(&mut program, labels, rounds)
}

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn installed() -> PathBuf {
    let folder = std::env::var_os("PEERS").filter(|folder| !folder.is_empty());
    folder
        .expect("PEERS is the folder of install.sh: run bash tests/run.sh --only peers")
        .into()
}

fn answer(program: &mut Command, labels: &[Label], rounds: usize) -> Answer {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program:?}: {error}"));
    let task = serde_json::to_vec(&Task { labels, rounds }).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It reads everything before it writes anything.
    stdin.write_all(&task).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program:?}: {}", output.status);
    let written: Written = serde_json::from_slice(&output.stdout).unwrap();
    let bodies: Vec<_> = written.bodies.iter().map(|hex| bytes(hex)).collect();
    assert_eq!(bodies.len(), labels.len(), "{program:?}");
    Answer {
        bodies,
        micros: written.micros,
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digit).collect()
}
