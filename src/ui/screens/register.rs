//! The register of the stickers that were printed.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::domain::id::StickerId;
use crate::domain::sticker::Verdict;
use crate::terminal::query::StickerView;
use crate::terminal::{Answer, PaperQuery, Query};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::poll::Due;
use crate::ui::say::{self, plain};
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::{self, Style};

/// The most stickers that are listed.
const STICKERS_MAX: usize = 2_000;
/// Seconds between two readings of the register.
const PAUSE_SECS: f64 = 1.0;

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

pub(super) fn refresh(ui: &Ui, cx: &Cx<'_>, view: &mut View) {
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

pub(super) fn title(cx: &Cx<'_>, view: &StickerView) -> String {
    match view.sticker.price {
        Some(price) => format!("{} · {}", view.sticker.title, cx.money(price)),
        None => view.sticker.title.clone(),
    }
}

/// Which one it is, where it hangs and since when.
pub(super) fn facts(cx: &Cx<'_>, view: &StickerView) -> String {
    let sticker = &view.sticker;
    let day = cx.snap.shop.day.date(sticker.printed_at);
    let mut facts = vec![sticker.serial.clone(), day];
    if !sticker.place.is_empty() {
        facts.push(sticker.place.clone());
    }
    facts.join(" · ")
}
