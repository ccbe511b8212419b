//! The provider's own picture of the code: read once, and never in the way of a sale.

use std::io::Cursor;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::{GrayImage, ImageFormat, Luma};

use super::super::picture::PICTURE_BYTES_MAX;
use super::*;
use crate::proto::qr::QrGrid;

const URL: &str = "https://testgateway.altapaysecure.com/pay/1";

/// The code of a text, so many pixels for each module.
fn drawn(text: &str, scale: u32, format: ImageFormat) -> Vec<u8> {
    let grid = QrGrid::encode(text).unwrap();
    let side = u32::try_from(grid.side_with_quiet_zone()).unwrap() * scale;
    let image = GrayImage::from_fn(side, side, |x, y| {
        let module = |pixel: u32| (pixel / scale).checked_sub(4);
        let dark = matches!((module(x), module(y)), (Some(column), Some(row))
            if grid.is_dark(column as usize, row as usize));
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    // The encoder of WebP knows colors only.
    let image = image::DynamicImage::from(image).into_rgb8();
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// What is said of a link whose answer has this in place of the picture.
fn warning(field: &str) -> Option<String> {
    let made = format!("{{\"id\":\"l-1\",\"paymentLink\":\"{URL}\"{field}}}");
    let answers = [answer(201, SESSION), answer(201, &made)];
    match next(&create(350, "EUR"), &answers, &Options::default()) {
        Next::Done(Outcome::Link(state)) => {
            assert_eq!(state.link.url, URL, "the link itself is shown");
            state.warning
        }
        other @ (Next::Send(_) | Next::Done(_) | Next::Later(_) | Next::Refused(_)) => {
            panic!("a picture hinders no sale: {other:?}")
        }
    }
}

fn of(picture: &[u8]) -> Option<String> {
    let encoded = BASE64_STANDARD.encode(picture);
    warning(&format!(",\"qrCode\":\"{encoded}\""))
}

#[test]
fn a_picture_says_the_same_or_somebody_should_look() {
    let padded = |length: usize| {
        let mut bytes = drawn(URL, 4, ImageFormat::Png);
        bytes.resize(length, 0);
        bytes
    };
    let other = "https://testgateway.altapaysecure.com/pay/2";
    let blank = {
        let mut bytes = Cursor::new(Vec::new());
        let image = GrayImage::from_pixel(300, 300, Luma([255]));
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let rows: [(Vec<u8>, &str); 14] = [
        (drawn(URL, 4, ImageFormat::Png), ""),
        (drawn(URL, 9, ImageFormat::Jpeg), ""),
        (drawn(URL, 4, ImageFormat::WebP), ""),
        (
            drawn(other, 4, ImageFormat::Png),
            "leads to https://testgateway.altapaysecure.com/pay/2",
        ),
        (drawn(&URL[..42], 4, ImageFormat::Png), "leads to"),
        (blank, "can be read"),
        (padded(PICTURE_BYTES_MAX), ""),
        (padded(PICTURE_BYTES_MAX + 1), "no usable picture"),
        (b"\x89PNG\r\n\x1a\n....".to_vec(), "no usable picture"),
        (b"\xff\xd8\xff\xe0".to_vec(), "no usable picture"),
        (b"<html>".to_vec(), "no usable picture"),
        (Vec::new(), "no usable picture"),
        // What only a browser draws is believed.
        (b"GIF89a".to_vec(), ""),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), ""),
    ];
    for (at, (picture, said)) in rows.iter().enumerate() {
        let found = of(picture).unwrap_or_default();
        assert_eq!(found.is_empty(), said.is_empty(), "{at}: {found}");
        assert!(found.contains(said), "{at}: {found}");
    }
}

#[test]
fn a_picture_is_base64_with_or_without_a_name_for_it() {
    let encoded = BASE64_STANDARD.encode(drawn(URL, 4, ImageFormat::Png));
    let bare = encoded.trim_end_matches('=');
    for (field, is_good) in [
        (format!(",\"qrCode\":\"{bare}\""), true),
        (
            format!(",\"qrCode\":\"data:image/png;base64,{encoded}\""),
            true,
        ),
        (format!(",\"qrCode\":\"data:image/png,{encoded}\""), false),
        (format!(",\"qrCode\":\"!{encoded}\""), false),
        (",\"qrCode\":null".to_owned(), false),
        (String::new(), false),
    ] {
        assert_eq!(warning(&field).is_none(), is_good, "{field}");
    }
}
