//! Where stickers lie, what is on them, and what is no sheet.

use proptest::prelude::*;

use super::drawing::Drawing;
use super::outline::{Letters, Step};
use super::*;

fn sticker() -> Sticker {
    Sticker {
        title: "Żółte róże & Борщ".to_owned(),
        price: "12,50 €".to_owned(),
        link: "https://pay.example.com/l/7Kq2XmB9aZ".to_owned(),
        host: "pay.example.com".to_owned(),
        serial: "A7K2QX".to_owned(),
        valid_until: "Valid until 31.12.2026".to_owned(),
    }
}

fn mini() -> SheetLayout {
    SheetLayout::named("Avery L7651").unwrap()
}

/// What the makers' own tables say remains at the right and below: another way to the same numbers.
#[test]
fn layouts_fill_their_pages() {
    for (name, right, bottom) in [
        ("Avery L7160", 722, 1_515),
        ("Avery L7159", 646, 1_306),
        ("Avery L7163", 467, 1_515),
        ("Avery L7161", 721, 882),
        ("Avery L7651", 467, 1_089),
        ("Zweckform 3475", 0, 450),
        ("Avery 5160", 476, 1_270),
    ] {
        let layout = SheetLayout::named(name).unwrap();
        layout.check().unwrap();
        let near = |one: u32, other: u32| one.abs_diff(other) <= 2;
        let (rest_right, rest_bottom) = layout.rest().unwrap();
        assert!(
            near(rest_right, right) && near(rest_bottom, bottom),
            "{name} {:?}",
            layout.rest()
        );
        assert!(
            near(layout.left, right) && near(layout.top, bottom),
            "{name}"
        );
    }
    let places: Vec<usize> = LAYOUTS.iter().map(|(_, layout)| layout.places()).collect();
    assert_eq!(places, [21, 24, 14, 18, 65, 24, 30]);
    assert_eq!(mini().corner(0), (467, 1_090));
    assert_eq!(mini().corner(6), (467 + 4_064, 1_090 + 2_117));
}

#[test]
fn a_layout_that_cannot_be_is_refused() {
    let refuse = |change: fn(&mut SheetLayout)| {
        let mut layout = mini();
        change(&mut layout);
        assert!(layout.check().is_err(), "{layout:?}");
        assert!(pdf(&[sticker()], &layout, &SheetOptions::default()).is_err());
        assert!(svg(&sticker(), &layout).is_err());
    };
    refuse(|layout| layout.columns = 6);
    refuse(|layout| layout.rows = 14);
    refuse(|layout| layout.columns = 0);
    refuse(|layout| layout.rows = u32::MAX);
    refuse(|layout| layout.pitch_x = 3_000);
    refuse(|layout| layout.pitch_y = 2_000);
    refuse(|layout| layout.height = 1_000);
    refuse(|layout| layout.left = u32::MAX);
    refuse(|layout| layout.page_width = 60_000);
}

#[test]
fn stickers_fill_pages_from_the_first_free_place() {
    let pages = |count: usize, start: usize| {
        let options = SheetOptions {
            start,
            ..SheetOptions::default()
        };
        pdf(&vec![sticker(); count], &mini(), &options).map(|printed| printed.pages)
    };
    assert_eq!(pages(0, 0), Ok(1));
    assert_eq!(pages(65, 0), Ok(1));
    assert_eq!(pages(66, 0), Ok(2));
    assert_eq!(pages(65, 1), Ok(2));
    assert_eq!(pages(2, 64), Ok(2));
    assert_eq!(
        pages(1, 65).unwrap_err().to_string(),
        "a sheet of these labels has 65 places, so the first one cannot be number 66"
    );
    assert_eq!(pages(2_001, 0), Err(SheetError::TooMany(2_001)));
}

#[test]
fn a_file_is_printed_as_large_as_it_is_and_says_each_sticker_once() {
    let one = pdf(&[sticker()], &mini(), &SheetOptions::default()).unwrap();
    assert!(one.bytes.starts_with(b"%PDF-1."));
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|found| found == part);
    assert!(has(&one.bytes, b"/ViewerPreferences"));
    assert!(has(&one.bytes, b"/PrintScaling /None"));
    assert!(!has(&one.bytes, b"/Font"));
    let many = pdf(&vec![sticker(); 65], &mini(), &SheetOptions::default()).unwrap();
    assert!(
        many.bytes.len() < one.bytes.len() + 1_500,
        "{}",
        many.bytes.len()
    );
    assert!(one.missing.is_empty());
    let mut chinese = sticker();
    chinese.title = "日本 tea 日\u{1b}".to_owned();
    let printed = pdf(&[chinese], &mini(), &SheetOptions::default()).unwrap();
    assert_eq!(printed.missing, ['日', '本']);
}

#[test]
fn what_a_printer_is_never_off_by_is_refused() {
    let allowed = |right_tenths_mm, down_tenths_mm, scale_per_mille| {
        let options = SheetOptions {
            right_tenths_mm,
            down_tenths_mm,
            scale_per_mille,
            ..SheetOptions::default()
        };
        pdf(&[sticker()], &mini(), &options).is_ok()
    };
    assert!(allowed(200, -200, 900) && allowed(-200, 200, 1_100));
    for (right, down, scale) in [
        (201, 0, 1_000),
        (i16::MIN, 0, 1_000),
        (0, 201, 1_000),
        (0, 0, 899),
        (0, 0, 1_101),
        (0, 0, 0),
    ] {
        assert!(!allowed(right, down, scale));
    }
}

#[test]
fn a_code_that_nobody_could_scan_is_refused_with_its_sticker() {
    let mut long = sticker();
    long.link = format!("https://pay.example.com/{}", "x".repeat(250));
    let refused = pdf(&[sticker(), long], &mini(), &SheetOptions::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the code of sticker 2 would have modules of 21 hundredths of a millimeter, at least 33 can be scanned: take larger labels, or a shorter link"
    );
    let mut odd = sticker();
    odd.link = "a\nb".to_owned();
    assert_eq!(
        svg(&odd, &mini()),
        Err(SheetError::Code(1, CodeProblem::Controls))
    );
    odd.link = String::new();
    assert!(svg(&odd, &mini()).is_err());
}

#[test]
fn a_picture_to_scale_has_no_text_in_it() {
    let mut hostile = sticker();
    hostile.title = "\"/><script>alert(1)</script>&".to_owned();
    for (name, layout) in LAYOUTS {
        let file = svg(&hostile, &layout).unwrap();
        assert!(!file.contains("script") && !file.contains("alert"));
        let document = roxmltree::Document::parse(&file).unwrap();
        let names = document.descendants().filter(roxmltree::Node::is_element);
        let names: Vec<_> = names
            .map(|node| node.tag_name().name().to_owned())
            .collect();
        assert_eq!(names, ["svg", "rect", "path"], "{name}");
        let width = format!("{}mm", millimeters(layout.width));
        assert_eq!(
            document.root_element().attribute("width"),
            Some(width.as_str())
        );
    }
}

#[cfg(feature = "files")]
#[test]
fn the_code_of_a_picture_is_read() {
    for (name, layout) in LAYOUTS {
        for dpi in [300, 600, u16::MAX] {
            let file = png(&sticker(), &layout, dpi).unwrap();
            let picture = image::load_from_memory(&file).unwrap().into_luma8();
            let side = |dots: u32| usize::try_from(dots).unwrap();
            let width = side(picture.width());
            let wanted = millimeters(layout.width) / 25.4 * f32::from(dpi.min(600));
            assert!(
                (f32::from(u16::try_from(width).unwrap()) - wanted).abs() < 1.0,
                "{name}: {width} {wanted}"
            );
            let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
                width,
                side(picture.height()),
                |x, y| picture.as_raw()[y * width + x],
            );
            let grids = prepared.detect_grids();
            assert_eq!(grids[0].decode().unwrap().1, sticker().link, "{name} {dpi}");
        }
    }
}

fn points(drawing: &Drawing) -> Vec<[f32; 2]> {
    let letters = Letters::new();
    let steps = drawing.texts.iter().flat_map(|text| text.outline(&letters));
    let points = steps.flat_map(|step| match step {
        Step::Move(point) | Step::Line(point) => vec![point],
        Step::Curve(points) => points.to_vec(),
    });
    points.collect()
}

fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z ]{0,80}",
        "\\PC{0,60}",
        proptest::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter),
        Just("Щ".repeat(300)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_leaves_a_sticker_or_lies_on_its_code(
        title in anything(), price in anything(), host in anything(),
        serial in anything(), valid_until in anything(), place in 0..7_usize,
    ) {
        let (_, layout) = LAYOUTS[place];
        let link = sticker().link;
        let sticker = Sticker { title, price, link, host, serial, valid_until };
        let letters = Letters::new();
        let drawing = sticker::draw(&sticker, 1, &layout, &letters, &mut Vec::new()).unwrap();
        let (right, bottom) = (drawing.width - 1.0, drawing.height - 0.7);
        let bars = drawing.code.bars();
        let edge = |end: fn(&drawing::Bar) -> f32| bars.iter().map(end).fold(0.0, f32::max);
        let code = (edge(|bar| bar.x + bar.width), edge(|bar| bar.y + bar.height));
        for [x, y] in points(&drawing) {
            prop_assert!((0.9..right).contains(&x) && (0.7..bottom).contains(&y), "{x} {y} of {right} {bottom}");
            prop_assert!(x > code.0 || y > code.1, "{x} {y} on {code:?}");
        }
        let beside = drawing.texts.iter().filter(|text| text.x > code.0);
        let mut lines: Vec<_> = beside.map(|text| (text.baseline, text.em)).collect();
        lines.sort_by(|one, other| one.0.total_cmp(&other.0));
        for two in lines.windows(2) {
            let ((above, em_above), (below, em)) = (two[0], two[1]);
            prop_assert!(below - em * 0.8 >= above + em_above * 0.2, "{lines:?}");
        }
    }
}
