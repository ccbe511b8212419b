//! Stickers on paper: how many of a code are wanted, and the register of those that were printed.

use std::sync::Arc;

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo};

use crate::domain::id::{LinkId, StickerId};
use crate::domain::sticker::Verdict;
use crate::terminal::printing::{StickerChange, StickerOf};
use crate::terminal::query::{PaperView, StickerView};
use crate::terminal::{Answer, Command, PaperCommand, PaperQuery, Query};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::pictures::Drawn;
use crate::ui::poll::{Due, Known};
use crate::ui::say::{self, plain};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::{self, Style};

/// The most stickers that the screen asks for at once.
const COPIES_MAX: u32 = 50;
/// The most stickers that are listed.
const STICKERS_MAX: usize = 2_000;
/// Seconds between two readings of the register.
const PAUSE_SECS: f64 = 1.0;

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

fn pick_paper(answer: Answer) -> Option<Arc<PaperView>> {
    if let Answer::Paper { paper } = answer {
        Some(Arc::from(paper))
    } else {
        None
    }
}

/// What is known of this code's paper: until its own answer is there, the one before is another code's.
fn known_paper(view: &View, link: LinkId) -> Option<Known<Arc<PaperView>>> {
    view.paper.read(|known| match known? {
        Ok(paper) if paper.link != link => None,
        known => Some(known.clone()),
    })
}

/// The sticker in the printer's own dots.
fn paper_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, link: LinkId) {
    let Some(Ok(paper)) = known_paper(view, link) else {
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
fn length_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    mut rect: Rect,
    known: Option<Known<Arc<PaperView>>>,
    copies: u32,
) {
    let (height, tone, words) = match known {
        None => return,
        Some(Err(reason)) => (30.0, (Icon::Warning, Tone::Alarm), reason),
        Some(Ok(paper)) => {
            let tenths = u64::try_from(paper.tenths_mm).unwrap_or(u64::MAX);
            let length = tenths.saturating_mul(copies.into()).div_ceil(100);
            let words = cx.say_with("stickers-length", &[("length", &length.to_string())]);
            (9.0, (Icon::Paper, Tone::Plain), words)
        }
    };
    let line = rect.cut_top(cx.mm(height), 0.0);
    toned_ui(ui, cx, line, Letters::Body, tone, &words);
}

/// Draws the register: those that are wrong first.
pub(crate) fn register_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    refresh(ui, cx, view);
    let gap = cx.metrics.gap();
    let title = rect.cut_top(cx.mm(9.0), cx.mm(1.8));
    heading_ui(ui, cx, title, &cx.say("register-title"));
    let back = rect.cut_bottom(cx.metrics.primary(), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .kind(Kind::Primary)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    let open = view.register.read(|known| {
        let words = match known {
            None => cx.say("stickers-loading"),
            Some(Err(reason)) => cx.say_with("stickers-failed", &[("reason", reason)]),
            Some(Ok(stickers)) if stickers.is_empty() => cx.say("register-empty"),
            Some(Ok(stickers)) => return list_ui(ui, cx, rect, stickers),
        };
        let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
        label_ui(ui, rect, "register-words", &words, style);
        None
    });
    if let Some(id) = open {
        view.sheet = Sheet::Registered(id);
    }
}

fn refresh(ui: &Ui, cx: &Cx<'_>, view: &mut View) {
    let due = Due {
        pause: PAUSE_SECS,
        ..Due::at_news(cx.snap.revision, cx.now)
    };
    let query = Query::Paper(PaperQuery::Stickers {
        limit: STICKERS_MAX,
    });
    let again = view.register.refresh(cx.till, query, due, |answer| {
        let Answer::Stickers { mut stickers } = answer else {
            return None;
        };
        stickers.sort_by_key(|view| rank(view.verdict));
        Some(stickers)
    });
    if let Some(secs) = again {
        let after = std::time::Duration::from_secs_f64(secs.max(0.1));
        ui.ctx().request_repaint_after(after);
    }
}

/// What somebody has to do something about comes first, what hangs nowhere any more last.
const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Superseded | Verdict::Dead | Verdict::Foreign => 0,
        Verdict::Good => 1,
        Verdict::TakenDown => 2,
    }
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, stickers: &[StickerView]) -> Option<StickerId> {
    let rows = Rows {
        count: stickers.len(),
        columns: 1,
        height: cx.mm(15.0),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    let mut open = None;
    rows_ui(ui, cx, rect, ("register", ""), rows, |ui, index, rect| {
        if let Some(view) = stickers.get(index)
            && row_ui(ui, cx, rect, view)
        {
            open = Some(view.sticker.id);
        }
    });
    open
}

/// Draws a row; tells whether it was pressed.
fn row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, view: &StickerView) -> bool {
    let palette = cx.palette;
    let response = ui.interact(rect, ui.scope_id().with(view.sticker.id), Sense::click());
    let ground = if response.is_pointer_button_down_on() {
        palette.pressed
    } else {
        palette.card
    };
    surface(ui, cx, rect, ground, palette.line);
    let said = say::paper::registered(cx, view);
    let mut inner = rect.shrink2(egui::vec2(cx.mm(2.5), cx.mm(1.0)));
    let state = inner.cut_right(inner.width() * 0.44, cx.mm(2.0));
    let scale = cx.metrics.scale;
    let strong = Style::new(Letters::Strong, scale, palette.text).align(Align2::LEFT_CENTER);
    let title = title(cx, view);
    text::paint(ui.painter(), inner.row(0, 2, 0.0), &title, strong);
    let rest = facts(cx, view);
    let quiet = Style::new(Letters::Small, scale, palette.quiet).align(Align2::LEFT_CENTER);
    text::paint(ui.painter(), inner.row(1, 2, 0.0), &rest, quiet);
    let ink = palette.tone(said.tone);
    let (icon, words) = text::split_icon(state, cx.mm(5.0), cx.mm(1.5));
    said.icon.paint(ui.painter(), icon, ink);
    let toned = Style::new(Letters::Body, scale, ink)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    text::paint(ui.painter(), words, &said.words, toned);
    let name = plain(&format!("{title}, {rest}, {}", said.words));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.clicked()
}

fn title(cx: &Cx<'_>, view: &StickerView) -> String {
    match view.sticker.price {
        Some(price) => format!("{} · {}", view.sticker.title, cx.money(price)),
        None => view.sticker.title.clone(),
    }
}

/// Which one it is, where it hangs and since when.
fn facts(cx: &Cx<'_>, view: &StickerView) -> String {
    let sticker = &view.sticker;
    let day = cx.snap.shop.day.date(sticker.printed_at);
    let mut facts = vec![sticker.serial.clone(), day];
    if !sticker.place.is_empty() {
        facts.push(sticker.place.clone());
    }
    facts.join(" · ")
}

/// One sticker, and what can be done with it.
pub(crate) fn registered_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, id: StickerId) {
    refresh(ui, cx, view);
    let found = view.register.read(|known| {
        let stickers = known?.as_ref().ok()?;
        stickers.iter().find(|view| view.sticker.id == id).cloned()
    });
    let Some(sticker) = found else {
        view.sheet = Sheet::Register;
        return;
    };
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 144.0, 66.0);
    let heading = title(cx, &sticker);
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), cx.mm(1.0)), &heading);
    let buttons = page.cut_bottom(cx.metrics.primary(), gap);
    let back = Button::new(cx, "back").icon(Icon::Left).kind(Kind::Primary);
    if back.pressed(ui, cx, buttons.column(0, 2, gap)) {
        view.sheet = Sheet::Register;
    }
    let down = Button::new(cx, "register-take-down")
        .icon(Icon::Cross)
        .letters(Letters::Body)
        .ready_if(sticker.sticker.hangs());
    if down.pressed(ui, cx, buttons.column(1, 2, gap)) {
        cx.send(Command::Paper(PaperCommand::SetSticker {
            sticker: id,
            change: StickerChange::Retire,
        }));
        view.sheet = Sheet::Register;
    }
    let quiet = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    let line = page.cut_top(cx.mm(9.0), cx.mm(1.0));
    label_ui(ui, line, "register-facts", &facts(cx, &sticker), quiet);
    let said = say::paper::registered(cx, &sticker);
    let tone = (said.icon, said.tone);
    toned_ui(ui, cx, page, Letters::Strong, tone, &said.words);
}
