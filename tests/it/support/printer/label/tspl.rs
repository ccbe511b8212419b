//! TSPL: lines, and pictures within them that are as long as they say.

use super::Step;

const ESC: u8 = 0x1b;

/// What it has read of a label.
#[derive(Debug, Default)]
pub(in super::super) struct Tspl {
    line: Vec<u8>,
    /// Bytes of a picture that are still to come.
    missing: usize,
    /// Bytes of a command that was obeyed when it came.
    passed: usize,
    /// What was drawn since the last `CLS`, with that.
    drawn: Vec<Vec<u8>>,
}

impl Tspl {
    pub(super) fn take(&mut self, byte: u8) -> Step {
        if self.missing > 0 {
            self.missing -= 1;
            self.line.push(byte);
            return Step::Nothing;
        }
        if self.passed > 0 || byte == ESC {
            self.passed = if self.passed > 0 { self.passed - 1 } else { 2 };
            return Step::Nothing;
        }
        if byte == b'\n' {
            let line = std::mem::take(&mut self.line);
            return self.obey(line);
        }
        self.line.push(byte);
        if byte == b',' {
            self.missing = picture(&self.line);
        }
        Step::Nothing
    }

    /// A line that is not as it should be does nothing.
    fn obey(&mut self, mut line: Vec<u8>) -> Step {
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let (name, rest) = text.split_once(' ').unwrap_or((&text, ""));
        match name {
            "CLS" => {
                self.drawn = vec![line];
                return Step::Begin;
            }
            "TEXT" | "QRCODE" if rest.ends_with('"') && rest.matches('"').count() % 2 == 0 => {
                self.drawn.push(line);
            }
            "BITMAP" => self.drawn.push(line),
            "PRINT" if rest.starts_with(|first: char| first.is_ascii_digit()) => {
                let label = std::mem::take(&mut self.drawn);
                // What was drawn stays, but nobody prints it again.
                return Step::Print([label, vec![b"PRINT".to_vec()]].concat());
            }
            _ => {}
        }
        Step::Nothing
    }
}

/// How many bytes follow `BITMAP x,y,width,height,mode,`.
fn picture(line: &[u8]) -> usize {
    let Some(rest) = line.strip_prefix(b"BITMAP ") else {
        return 0;
    };
    let text = String::from_utf8_lossy(rest);
    let numbers: Vec<&str> = text.split(',').collect();
    let [_, _, width, height, _, ""] = numbers.as_slice() else {
        return 0;
    };
    let number = |text: &str| text.parse::<usize>().unwrap_or(0);
    number(width) * number(height)
}
