//! Dots as a PNG file (W3C, second edition): one bit a dot, and how many there are to a meter.

use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::domain::bitmap::Bitmap;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// How hard the dots are pressed, of 10.
const PRESS: u8 = 6;

/// A picture with so many dots to a meter: 8,000 for a head of 203 dpi.
pub fn file(picture: &Bitmap, dots_per_meter: usize) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    let mut file = SIGNATURE.to_vec();
    let (width, height) = (number(picture.width()), number(picture.height()));
    // One bit, gray, and the only ways there are to compress, filter and order.
    let head = [&width[..], &height, &[1, 0, 0, 0, 0]].concat();
    add(&mut file, *b"IHDR", &head);
    let meter = number(dots_per_meter);
    add(&mut file, *b"pHYs", &[&meter[..], &meter, &[1]].concat());
    let mut rows = Vec::new();
    for row in picture.packed().chunks(picture.width().div_ceil(8).max(1)) {
        // As it is; a dot that is not printed is a one.
        rows.push(0);
        rows.extend(row.iter().map(|byte| !byte));
    }
    add(&mut file, *b"IDAT", &compress_to_vec_zlib(&rows, PRESS));
    add(&mut file, *b"IEND", &[]);
    file
}

fn add(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    file.extend(name);
    file.extend_from_slice(data);
    let sum = checksum([&name, data]);
    file.extend(sum.to_be_bytes());
}

/// CRC-32, as in the specification's annex.
fn checksum(parts: [&[u8]; 2]) -> u32 {
    let mut sum = u32::MAX;
    for byte in parts.into_iter().flatten() {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let shifted = sum >> 1;
            sum = if sum & 1 == 1 {
                shifted ^ 0xedb8_8320
            } else {
                shifted
            };
        }
    }
    !sum
}
