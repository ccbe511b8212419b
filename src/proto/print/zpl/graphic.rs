//! Dots as text (`^GFA`): hexadecimal digits, with letters for how often one comes.

use crate::domain::bitmap::Bitmap;

/// Rows one after the other: `:` is a row like the one before, `,` the white rest of a row.
pub(super) fn compressed(picture: &Bitmap) -> String {
    let mut text = String::new();
    let mut before: &[u8] = &[];
    let packed = picture.packed();
    for row in packed.chunks(picture.width().div_ceil(8).max(1)) {
        if row == before {
            text.push(':');
        } else {
            add_row(&mut text, row);
        }
        before = row;
    }
    text
}

fn add_row(text: &mut String, row: &[u8]) {
    let digits: String = row.iter().copied().flat_map(super::digits).collect();
    let inked = digits.trim_end_matches('0');
    let mut rest = inked.chars().peekable();
    while let Some(digit) = rest.next() {
        let mut times = 1_usize;
        while rest.next_if_eq(&digit).is_some() {
            times = times.saturating_add(1);
        }
        add_times(text, times);
        text.push(digit);
    }
    if inked.len() < digits.len() {
        text.push(',');
    }
}

/// `z` is 400 times, `g` 20 times, `G` to `Y` once to 19 times; they add up. Once needs no letter.
fn add_times(text: &mut String, times: usize) {
    let mut left = times;
    while left >= 20 {
        let twenties = (left / 20).min(20);
        text.extend(letter(b'f', twenties));
        left = left.saturating_sub(twenties.saturating_mul(20));
    }
    if left > 1 || (left == 1 && times > 1) {
        text.extend(letter(b'F', left));
    }
}

fn letter(before_first: u8, place: usize) -> Option<char> {
    let place = u8::try_from(place).ok()?;
    Some(char::from(before_first.checked_add(place)?))
}
