//! How many stickers of a code are wanted, and how each will look on paper.

use std::sync::Arc;

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo};

use crate::domain::id::LinkId;
use crate::terminal::printing::StickerOf;
use crate::terminal::query::PaperView;
use crate::terminal::{Answer, Command, Notice, PaperCommand, PaperQuery, Query};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::pictures::Drawn;
use crate::ui::poll::{Due, Known};
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::text::Style;

/// The most stickers that the screen asks for at once.
const COPIES_MAX: u32 = 50;

/// Shows a sticker as it will come out, and asks how many are wanted.
pub(crate) fn copies_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View, link: LinkId) {
    let gap = cx.metrics.gap();
    let query = Query::Paper(PaperQuery::StickerPaper {
        of: StickerOf::Link { link },
        printer: None,
    });
    let due = Due::at_news(cx.snap.revision, cx.now);
    view.paper.refresh(cx.till, query, due, pick_paper);
    let copies = view.copies.clamp(1, COPIES_MAX);
    let title = cx.say("stickers-print-title");
    heading_ui(ui, cx, rect.cut_top(cx.mm(9.0), gap), &title);
    let mut bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    let back = bottom.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::Sticker(link);
    }
    let words = cx.say_with("stickers-print", &[("count", &copies.to_string())]);
    let button = Button::saying("stickers-print", words)
        .icon(Icon::Paper)
        .kind(Kind::Primary);
    if button.pressed(ui, cx, bottom) {
        // Its page closes: no second tap hits it.
        cx.send(Command::Paper(PaperCommand::Stickers {
            of: StickerOf::Link { link },
            copies,
            place: String::new(),
            printer: None,
        }));
        view.sheet = Sheet::Sticker(link);
    }
    let paper = match cx.metrics.class {
        Class::Portrait => rect.cut_top(rect.height() * 0.6, gap * 2.0),
        Class::Compact | Class::Wide => rect.cut_left(rect.width() * 0.45, gap * 2.0),
    };
    paper_ui(ui, cx, paper, view, link);
    let steps = rect.cut_top(cx.metrics.primary(), gap);
    view.copies = steps_ui(ui, cx, steps, copies);
    length_ui(ui, cx, rect, known_paper(view, link), copies);
}

type Paper = Result<Arc<PaperView>, Notice>;

fn pick_paper(answer: Answer) -> Option<Paper> {
    if let Answer::Paper { paper } = answer {
        Some(Ok(Arc::from(paper)))
    } else if let Answer::Refused { notice } = answer {
        Some(Err(notice))
    } else {
        None
    }
}

/// What is known of this code's paper: until its own answer is there, the one before is another code's.
fn known_paper(view: &View, link: LinkId) -> Option<Known<Paper>> {
    view.paper.read(|known| match known? {
        Ok(Ok(paper)) if paper.link != link => None,
        known => Some(known.clone()),
    })
}

/// The sticker in the printer's own dots.
fn paper_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, link: LinkId) {
    let Some(Ok(Ok(paper))) = known_paper(view, link) else {
        return;
    };
    let is_drawn = |(of, _): &(Arc<PaperView>, Drawn)| Arc::ptr_eq(of, &paper);
    if !view.paper_drawn.as_ref().is_some_and(is_drawn) {
        let drawn = Drawn::new(ui.ctx(), &paper.picture);
        view.paper_drawn = Some((paper, drawn));
    }
    let Some((_, drawn)) = &view.paper_drawn else {
        return;
    };
    let place = drawn.paint(ui, rect, Stroke::new(cx.mm(0.2), cx.palette.line));
    let response = ui.interact(place, ui.scope_id().with("paper"), Sense::empty());
    let name = cx.say("stickers-preview");
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
}

/// One fewer, how many, one more.
fn steps_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, copies: u32) -> u32 {
    let gap = cx.metrics.gap();
    let less = rect.cut_left(cx.mm(20.0), gap);
    let more = rect.cut_right(cx.mm(20.0), gap);
    let fewer = Button::new(cx, "stickers-fewer")
        .icon_only(Icon::Minus)
        .ready_if(copies > 1);
    let further = Button::new(cx, "stickers-more")
        .icon_only(Icon::Plus)
        .ready_if(copies < COPIES_MAX);
    let huge = Style::new(Letters::Huge, cx.metrics.scale, cx.palette.text);
    label_ui(ui, rect, "stickers-count", &copies.to_string(), huge);
    if fewer.pressed(ui, cx, less) {
        return copies.saturating_sub(1);
    }
    if further.pressed(ui, cx, more) {
        return copies.saturating_add(1);
    }
    copies
}

/// How much paper it takes, or why it cannot be printed.
fn length_ui(ui: &Ui, cx: &Cx<'_>, mut rect: Rect, known: Option<Known<Paper>>, copies: u32) {
    let (height, tone, words) = match known {
        None => return,
        Some(Err(reason)) => (30.0, (Icon::Warning, Tone::Alarm), reason),
        Some(Ok(Err(notice))) => {
            let words = say::notice(cx, &notice);
            (30.0, (Icon::Warning, Tone::Alarm), words)
        }
        Some(Ok(Ok(paper))) => {
            let tenths = u64::try_from(paper.tenths_mm).unwrap_or(u64::MAX);
            let length = tenths.saturating_mul(copies.into()).div_ceil(100);
            let words = cx.say_with("stickers-length", &[("length", &length.to_string())]);
            (9.0, (Icon::Paper, Tone::Plain), words)
        }
    };
    let line = rect.cut_top(cx.mm(height), 0.0);
    toned_ui(ui, cx, line, Letters::Body, tone, &words);
}
