//! The register of the stickers that were printed.

use egui::{Rect, Ui};

use crate::domain::id::StickerId;
use crate::domain::sticker::Verdict;
use crate::terminal::query::StickerView;
use crate::terminal::{Answer, PaperQuery, Query};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::poll::Due;
use crate::ui::say::{self};
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::text::Style;

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
    let said = say::paper::registered(cx, view);
    let (title, rest) = (title(cx, view), facts(cx, view));
    let name = format!("{title}, {rest}, {}", said.words);
    let row = Row::beside(&said, 0.44, &title).below(&rest);
    row.pressed(ui, cx, rect, view.sticker.id, &name)
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
