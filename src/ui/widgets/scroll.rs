//! Lists and grids of any length: only what is seen is drawn. Moved by touch, wheel and buttons.

use egui::scroll_area::ScrollBarVisibility;
use egui::{Rect, ScrollArea, Ui, UiBuilder, Vec2, pos2, vec2};

use super::button::Button;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::Cut as _;

/// How a list is moved, besides by touch and wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moves {
    /// By two buttons at its side.
    Buttons,
    /// By a bar, where buttons would leave too little room.
    Bar,
}

/// A list's shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// How many cells.
    pub(crate) count: usize,
    /// Cells beside each other.
    pub(crate) columns: usize,
    /// Height of a cell in points.
    pub(crate) height: f32,
    /// Between cells in points.
    pub(crate) gap: f32,
    /// What moves it.
    pub(crate) moves: Moves,
}

impl Rows {
    /// Cells of at least `side` points, as many beside each other as fit.
    pub(crate) fn grid(count: usize, width: f32, side: f32, height: f32, gap: f32) -> Self {
        let columns = ((width + gap) / (side + gap)).floor().max(1.0) as usize;
        Self {
            count,
            columns,
            height,
            gap,
            moves: Moves::Buttons,
        }
    }

    fn lines(self) -> usize {
        self.count.div_ceil(self.columns.max(1))
    }

    fn total(self) -> f32 {
        (self.lines() as f32 * (self.height + self.gap) - self.gap).max(0.0)
    }
}

/// Draws the cells that are seen of a list that scrolls up and down.
pub(crate) fn rows_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    mut rect: Rect,
    salt: (&str, &str),
    rows: Rows,
    mut cell_ui: impl FnMut(&mut Ui, usize, Rect),
) {
    let mut jump = 0.0;
    let long = rows.total() > rect.height() + 1.0;
    // Buttons that are too low to hit are worse than none: touch and wheel still move the list.
    let room = rect.height() >= cx.metrics.touch() * 2.0 + cx.metrics.gap();
    if long && room && rows.moves == Moves::Buttons {
        let side = rect.cut_right(cx.metrics.touch(), cx.metrics.gap());
        let page = (rect.height() - rows.height * 0.5).max(rows.height + rows.gap);
        if up(cx, salt).pressed(ui, cx, side.row(0, 2, cx.metrics.gap())) {
            jump = page;
        }
        if down(cx, salt).pressed(ui, cx, side.row(1, 2, cx.metrics.gap())) {
            jump = -page;
        }
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(salt));
    child.shrink_clip_rect(rect);
    let bar = match rows.moves {
        Moves::Buttons => ScrollBarVisibility::AlwaysHidden,
        Moves::Bar => ScrollBarVisibility::VisibleWhenNeeded,
    };
    ScrollArea::vertical()
        .id_salt(salt)
        .auto_shrink([false, false])
        .scroll_bar_visibility(bar)
        .show_viewport(&mut child, |ui, viewport| {
            ui.set_min_size(vec2(rect.width(), rows.total()));
            if jump != 0.0 {
                ui.scroll_with_delta(vec2(0.0, jump));
            }
            let wide = match rows.moves {
                Moves::Buttons => rect.width(),
                Moves::Bar => rect.width() - cx.mm(1.5),
            };
            let origin = ui.min_rect().min;
            let step = (rows.height + rows.gap).max(1.0);
            let first = (viewport.min.y / step).floor().max(0.0) as usize;
            let last = ((viewport.max.y / step).ceil().max(0.0) as usize).min(rows.lines());
            for line in first..last {
                let top = origin.y + line as f32 * step;
                let row = Rect::from_min_size(pos2(origin.x, top), vec2(wide, rows.height));
                for column in 0..rows.columns {
                    let index = line * rows.columns + column;
                    if index < rows.count {
                        cell_ui(ui, index, row.column(column, rows.columns, rows.gap));
                    }
                }
            }
        });
}

/// Draws cells of given widths beside each other; moved by touch, wheel and buttons.
pub(crate) fn strip_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    mut rect: Rect,
    key: &str,
    widths: &[f32],
    mut cell_ui: impl FnMut(&mut Ui, usize, Rect),
) {
    let gap = cx.metrics.gap();
    let total = (widths.iter().map(|width| width + gap).sum::<f32>() - gap).max(0.0);
    let mut jump = 0.0;
    // A narrow strip keeps its room for the cells; a half-seen one tells that it moves.
    if total > rect.width() + 1.0 && rect.width() > cx.mm(75.0) {
        let left = rect.cut_left(cx.metrics.touch(), gap);
        let right = rect.cut_right(cx.metrics.touch(), gap);
        let page = rect.width() * 0.7;
        if Button::saying(key, cx.say("scroll-left"))
            .nth(1)
            .icon_only(Icon::Left)
            .pressed(ui, cx, left)
        {
            jump = page;
        }
        if Button::saying(key, cx.say("scroll-right"))
            .nth(2)
            .icon_only(Icon::Right)
            .pressed(ui, cx, right)
        {
            jump = -page;
        }
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(key));
    child.shrink_clip_rect(rect);
    ScrollArea::horizontal()
        .id_salt(key)
        .auto_shrink([false, false])
        .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
        .show_viewport(&mut child, |ui, viewport| {
            ui.set_min_size(vec2(total, rect.height()));
            if jump != 0.0 {
                ui.scroll_with_delta(vec2(jump, 0.0));
            }
            let origin = ui.min_rect().min;
            let mut left = 0.0;
            for (index, width) in widths.iter().enumerate() {
                if left <= viewport.max.x && left + width >= viewport.min.x {
                    let corner = origin + Vec2::new(left, 0.0);
                    cell_ui(
                        ui,
                        index,
                        Rect::from_min_size(corner, vec2(*width, rect.height())),
                    );
                }
                left += width + gap;
            }
        });
}

fn up<'a>(cx: &Cx<'_>, salt: (&'a str, &str)) -> Button<'a> {
    Button::saying(salt.0, cx.say("scroll-up"))
        .nth(1)
        .icon_only(Icon::Up)
}

fn down<'a>(cx: &Cx<'_>, salt: (&'a str, &str)) -> Button<'a> {
    Button::saying(salt.0, cx.say("scroll-down"))
        .nth(2)
        .icon_only(Icon::Down)
}
