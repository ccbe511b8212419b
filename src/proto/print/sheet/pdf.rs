//! Sheets as a PDF file (ISO 32000-1), with `pdf-writer`.
//!
//! Each sticker is written once, however often it stands there. The file asks to be printed as large as it
//! is: "fit to page" is what makes stickers miss their labels.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref};

use super::drawing::{Drawing, count};
use super::outline::{Letters, Step};
use super::{STICKERS_MAX, SheetError, SheetLayout, SheetOptions, Sticker, millimeters, sticker};

/// Points of a millimeter.
const POINTS: f32 = 72.0 / 25.4;
/// How hard streams are pressed, of 10.
const PRESS: u8 = 6;
/// The line that must measure 100 mm: its distance from the upper edge, in millimeters.
const CHECK_LINE_TOP: f32 = 6.0;
const CATALOG: i32 = 1;
const PAGES: i32 = 2;
/// The first object of a page or a sticker.
const FIRST: i32 = 3;

/// A file to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Characters that the font has not; question marks stand for them.
    pub missing: Vec<char>,
}

/// Stickers on sheets, row by row from the first free place. Without stickers there is one page.
///
/// # Errors
/// Where the layout or the options cannot be, or a code would not scan.
pub fn pdf(
    stickers: &[Sticker],
    layout: &SheetLayout,
    options: &SheetOptions,
) -> Result<Printed, SheetError> {
    layout.check()?;
    options.check(layout)?;
    if stickers.len() > STICKERS_MAX {
        return Err(SheetError::TooMany(stickers.len()));
    }
    let letters = Letters::new();
    let mut missing = Vec::new();
    let mut known: BTreeMap<&Sticker, usize> = BTreeMap::new();
    let (mut drawings, mut cells) = (Vec::new(), Vec::new());
    for (place, sticker) in stickers.iter().enumerate() {
        let next = drawings.len();
        let drawing = *known.entry(sticker).or_insert(next);
        if drawing == next {
            let place = place.saturating_add(1);
            drawings.push(sticker::draw(
                sticker,
                place,
                layout,
                &letters,
                &mut missing,
            )?);
        }
        cells.push(drawing);
    }
    let pages = pages(&cells, layout, options.start);
    let bytes = File {
        layout,
        options,
        letters: &letters,
    }
    .write(&drawings, &pages);
    Ok(Printed {
        bytes,
        pages: pages.len(),
        missing,
    })
}

/// The places of each page, with the drawing that stands there.
fn pages(cells: &[usize], layout: &SheetLayout, start: usize) -> Vec<Vec<(usize, usize)>> {
    let mut pages = vec![Vec::new()];
    let mut place = start;
    for drawing in cells {
        if place >= layout.places() {
            pages.push(Vec::new());
            place = 0;
        }
        if let Some(page) = pages.last_mut() {
            page.push((place, *drawing));
        }
        place = place.saturating_add(1);
    }
    pages
}

struct File<'a> {
    layout: &'a SheetLayout,
    options: &'a SheetOptions,
    letters: &'a Letters,
}

/// The number of an object.
fn object(first: i32, place: usize) -> Ref {
    let place = i32::try_from(place).unwrap_or(i32::MAX / 2);
    Ref::new(first.saturating_add(place))
}

impl File<'_> {
    fn write(&self, drawings: &[Drawing], pages: &[Vec<(usize, usize)>]) -> Vec<u8> {
        let mut pdf = Pdf::new();
        let tree = Ref::new(PAGES);
        let mut catalog = pdf.catalog(Ref::new(CATALOG));
        catalog.pages(tree);
        let mut viewer = catalog.viewer_preferences();
        viewer.pair(Name(b"PrintScaling"), Name(b"None"));
        viewer.finish();
        catalog.finish();
        let sticker = |place| object(FIRST, place);
        let page = |place: usize| sticker(drawings.len().saturating_add(place.saturating_mul(2)));
        let content = |place: usize| page(place).get().saturating_add(1);
        let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
        pdf.pages(tree)
            .kids((0..pages.len()).map(page))
            .count(count);
        for (place, cells) in pages.iter().enumerate() {
            let mut written = pdf.page(page(place));
            let (width, height) = self.page();
            written.media_box(Rect::new(0.0, 0.0, width * POINTS, height * POINTS));
            written.parent(tree);
            written.contents(Ref::new(content(place)));
            let mut resources = written.resources();
            let mut objects = resources.x_objects();
            let mut used: Vec<usize> = cells.iter().map(|(_, drawing)| *drawing).collect();
            used.sort_unstable();
            used.dedup();
            for drawing in used {
                objects.pair(Name(name(drawing).as_bytes()), sticker(drawing));
            }
            objects.finish();
            resources.finish();
            written.finish();
            let stream = compress_to_vec_zlib(&self.content(cells, place == 0), PRESS);
            let mut stream = pdf.stream(Ref::new(content(place)), &stream);
            stream.filter(Filter::FlateDecode);
        }
        for (place, drawing) in drawings.iter().enumerate() {
            let stream = compress_to_vec_zlib(&self.sticker(drawing), PRESS);
            let mut form = pdf.form_xobject(sticker(place), &stream);
            form.filter(Filter::FlateDecode);
            form.bbox(Rect::new(0.0, 0.0, drawing.width, drawing.height));
        }
        pdf.finish()
    }

    /// In millimeters.
    fn page(&self) -> (f32, f32) {
        let layout = self.layout;
        (
            millimeters(layout.page_width),
            millimeters(layout.page_height),
        )
    }

    /// From millimeters from the upper left corner to points from the lower left one, moved and scaled
    /// from the middle of the page as asked for.
    fn matrix(&self) -> [f32; 6] {
        let (width, height) = self.page();
        let scale = f32::from(self.options.scale_per_mille) / 1_000.0;
        let right = f32::from(self.options.right_tenths_mm) / 10.0;
        let down = f32::from(self.options.down_tenths_mm) / 10.0;
        let x = width / 2.0 * (1.0 - scale) + right;
        let y = height / 2.0 * (1.0 + scale) - down;
        let unit = scale * POINTS;
        [unit, 0.0, 0.0, -unit, x * POINTS, y * POINTS]
    }

    fn content(&self, cells: &[(usize, usize)], is_first: bool) -> Vec<u8> {
        let mut content = Content::new();
        content.transform(self.matrix());
        if is_first && self.options.has_check_line {
            self.check_line(&mut content);
        }
        if self.options.has_outlines {
            content.set_line_width(0.1);
            for place in 0..self.layout.places() {
                let (x, y) = self.layout.corner(place);
                let (x, y) = (millimeters(x), millimeters(y));
                let (width, height) = (self.layout.width, self.layout.height);
                content.rect(x, y, millimeters(width), millimeters(height));
                content.stroke();
            }
        }
        for (place, drawing) in cells {
            let (x, y) = self.layout.corner(*place);
            content.save_state();
            content.transform([1.0, 0.0, 0.0, 1.0, millimeters(x), millimeters(y)]);
            content.x_object(Name(name(*drawing).as_bytes()));
            content.restore_state();
        }
        content.finish().into_vec()
    }

    /// In the middle, with its ends marked and what it must measure.
    fn check_line(&self, content: &mut Content) {
        let left = self.page().0 / 2.0 - 50.0;
        let (top, bottom) = (CHECK_LINE_TOP - 1.0, CHECK_LINE_TOP + 1.0);
        content.set_line_width(0.2);
        for (from, to) in [
            ([left, CHECK_LINE_TOP], [left + 100.0, CHECK_LINE_TOP]),
            ([left, top], [left, bottom]),
            ([left + 100.0, top], [left + 100.0, bottom]),
        ] {
            content.move_to(from[0], from[1]).line_to(to[0], to[1]);
        }
        content.stroke();
        let text = self.letters.outline("100.0 mm", 2.5, left + 102.0, bottom);
        fill(content, &text);
    }

    fn sticker(&self, drawing: &Drawing) -> Vec<u8> {
        let mut content = Content::new();
        let ([x, y], module) = (drawing.code.corner(), drawing.code.module);
        content.save_state();
        content.transform([module, 0.0, 0.0, module, x, y]);
        for run in drawing.code.runs() {
            content.rect(count(run.column), count(run.row), count(run.modules), 1.0);
        }
        content.fill_nonzero();
        content.restore_state();
        for text in &drawing.texts {
            fill(&mut content, &text.outline(self.letters));
        }
        content.finish().into_vec()
    }
}

fn name(drawing: usize) -> String {
    format!("S{drawing}")
}

fn fill(content: &mut Content, steps: &[Step]) {
    // A hundredth of a millimeter is a quarter of a dot of a good printer.
    let short = |point: &[f32; 2]| point.map(|at| (at * 100.0).round() / 100.0);
    for step in steps {
        match step {
            Step::Move(to) => {
                let [x, y] = short(to);
                content.move_to(x, y);
            }
            Step::Line(to) => {
                let [x, y] = short(to);
                content.line_to(x, y);
            }
            Step::Curve(points) => {
                let [[x1, y1], [x2, y2], [x3, y3]] = points.each_ref().map(short);
                content.cubic_to(x1, y1, x2, y2, x3, y3);
            }
        }
    }
    if !steps.is_empty() {
        content.fill_nonzero();
    }
}
