//! Codes and network: what is kept, what waits, what went wrong last.

use egui::{Rect, Ui};

use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::toned_ui;
use crate::ui::widgets::status_bar::{heading_ui, tabs_ui};
use crate::ui::widgets::surface::surface;

/// Draws the screen.
pub(crate) fn sync_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let gap = cx.metrics.gap();
    let mut rect = rect;
    if cx.metrics.class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
    }
    let mut page = super::page(cx, rect, 150.0, 110.0);
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), gap), &cx.say("sync-title"));
    let button = page.cut_bottom(cx.metrics.primary(), gap);
    let mint = Button::new(cx, "sync-mint")
        .icon(Icon::Code)
        .kind(Kind::Primary);
    if mint
        .ready_if(cx.snap.shop.has_backend)
        .pressed(ui, cx, button)
    {
        cx.send(Command::MintLinks);
    }
    surface(ui, cx, page, cx.palette.card, cx.palette.line);
    let inner = page.shrink(cx.mm(2.5));
    let facts = facts(cx);
    for (index, (icon, tone, words)) in facts.iter().enumerate() {
        let row = inner.row(index, facts.len(), 0.0);
        let row = Rect::from_center_size(
            row.center(),
            egui::vec2(row.width(), row.height().min(cx.mm(14.0))),
        );
        toned_ui(ui, cx, row, Letters::Strong, (*icon, *tone), words);
    }
}

fn facts(cx: &Cx<'_>) -> Vec<(Icon, Tone, String)> {
    let status = &cx.snap.status;
    let said = say::reach(cx);
    let count = |key: &str, count: u32| cx.say_with(key, &[("count", &count.to_string())]);
    let waits = if status.waiting_to_send > 0 {
        (
            Icon::Clock,
            Tone::Waiting,
            count("status-to-send", status.waiting_to_send),
        )
    } else {
        (Icon::Check, Tone::Good, cx.say("sync-nothing-waits"))
    };
    let products = cx.say_with(
        "sync-products",
        &[
            ("count", &status.products_with_code.to_string()),
            ("total", &status.products.to_string()),
        ],
    );
    let mut facts = vec![
        (said.icon, said.tone, said.words),
        waits,
        (
            Icon::Code,
            Tone::Plain,
            count("sync-spare", status.spare_codes),
        ),
        (Icon::Tiles, Tone::Plain, products),
    ];
    if status.pictures_to_fetch > 0 {
        facts.push((
            Icon::Clock,
            Tone::Plain,
            count("sync-pictures", status.pictures_to_fetch),
        ));
    }
    if let Some(problem) = &status.last_problem {
        let words = cx.say_with("sync-problem", &[("problem", problem)]);
        facts.push((Icon::Warning, Tone::Alarm, words));
    }
    facts
}
