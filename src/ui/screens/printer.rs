//! The printers: how each is, and the sheets that wait. For a sheet of which nobody knows whether it
//! came out, a page that asks.

use egui::{Align2, Rect, Ui};

use super::{set_up, test_page};
use crate::domain::id::PrintId;
use crate::terminal::printing::PrintDecision;
use crate::terminal::query::{PrintState, PrintView, PrinterView};
use crate::terminal::{Command, PaperCommand, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::{heading_ui, tabs_ui};
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::Style;

/// Draws the screen.
pub(crate) fn printer_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    if cx.metrics.class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
        let above = rect.height() * 0.28;
        super::sell::display_ui(ui, cx, rect.cut_top(above, gap));
    }
    let mut bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    let back = bottom.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        cx.send(Command::Go {
            screen: Screen::Sync,
        });
    }
    let title = rect.cut_top(cx.mm(9.0), cx.mm(1.8));
    heading_ui(ui, cx, title, &cx.say("printer-title"));
    let printers = &cx.snap.printers;
    let has_none = printers.is_empty();
    let (width, kind) = if has_none {
        (bottom.width(), Kind::Primary)
    } else {
        (bottom.width() * 0.34, Kind::Plain)
    };
    let set_up = Button::new(cx, "printer-set-up")
        .icon(Icon::Sliders)
        .letters(Letters::Body)
        .kind(kind);
    if set_up.pressed(ui, cx, bottom.cut_right(width, gap)) {
        set_up::begin(cx, view);
    }
    if has_none {
        let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(5);
        label_ui(ui, rect, "printer-none", &cx.say("printer-none"), style);
        return;
    }
    tests_ui(ui, cx, bottom, view);
    for printer in printers.iter() {
        printer_row_ui(ui, cx, rect.cut_top(cx.mm(15.0), cx.mm(1.5)), printer);
    }
    sheets_ui(ui, cx, rect, view);
}

/// A test page for each printer.
fn tests_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let printers = &cx.snap.printers;
    for (index, printer) in printers.iter().enumerate() {
        let words = if printers.len() == 1 {
            cx.say("printer-test")
        } else {
            cx.say_with("printer-test-of", &[("name", &printer.name)])
        };
        let button = Button::saying("printer-test", words)
            .nth(index)
            .icon(Icon::Paper)
            .letters(Letters::Body);
        if button.pressed(ui, cx, rect.column(index, printers.len(), cx.metrics.gap())) {
            test_page::begin(cx, view, printer);
        }
    }
}

fn printer_row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, printer: &PrinterView) {
    surface(ui, cx, rect, cx.palette.card, cx.palette.line);
    let mut inner = rect.shrink2(egui::vec2(cx.mm(2.5), cx.mm(1.0)));
    let names = inner.cut_left(inner.width() * 0.46, cx.mm(2.0));
    let strong =
        Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text).align(Align2::LEFT_CENTER);
    label_ui(
        ui,
        names.row(0, 2, 0.0),
        "printer-name",
        &printer.name,
        strong,
    );
    let quiet = Style::new(Letters::Small, cx.metrics.scale, cx.palette.quiet)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    let mut place = format!("{} · {}", printer.title, printer.place);
    if printer.is_chosen {
        place = format!("{place} · {}", cx.say("printer-chosen"));
    }
    if !printer.answers.is_empty() {
        place = format!("{place} · {}", cx.say("printer-tuned"));
    }
    label_ui(ui, names.row(1, 2, 0.0), "printer-place", &place, quiet);
    let said = say::paper::printer(cx, printer);
    let tone = (said.icon, said.tone);
    toned_ui(ui, cx, inner, Letters::Body, tone, &said.words);
}

fn sheets_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let prints = &cx.snap.prints;
    if prints.is_empty() {
        let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet).rows(3);
        label_ui(ui, rect, "printer-idle", &cx.say("printer-idle"), style);
        return;
    }
    let rows = Rows {
        count: prints.len(),
        columns: 1,
        height: cx.mm(13.0),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    rows_ui(ui, cx, rect, ("prints", ""), rows, |ui, index, rect| {
        if let Some(print) = prints.get(index)
            && sheet_row_ui(ui, cx, rect, print)
        {
            view.sheet = Sheet::Print(print.id);
        }
    });
}

/// Draws a row; tells whether it was pressed.
fn sheet_row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, print: &PrintView) -> bool {
    let said = say::paper::print(cx, print);
    let title = title(cx, print);
    let name = format!("{title}, {}", said.words);
    let row = Row::beside(&said, 0.5, &title)
        .asks_if(print.asks())
        .leads_on();
    row.pressed(ui, cx, rect, print.id, &name)
}

fn title(cx: &Cx<'_>, print: &PrintView) -> String {
    let title = cx.say_with(
        say::paper::print_kind(print.kind),
        &[("title", &print.title)],
    );
    if print.copy > 0 {
        let copy = cx.say_with("print-copy", &[("count", &print.copy.to_string())]);
        format!("{title} · {copy}")
    } else {
        title
    }
}

/// What is to become of a sheet: the first answer is the likeliest.
pub(crate) fn print_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, id: PrintId) {
    let Some(print) = cx.snap.prints.iter().find(|print| print.id == id) else {
        view.sheet = Sheet::None;
        return;
    };
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 144.0, 72.0);
    let asks = print.state == PrintState::Unconfirmed;
    let heading = if asks {
        cx.say("print-ask")
    } else {
        title(cx, print)
    };
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), cx.mm(1.0)), &heading);
    let back = page.cut_bottom(cx.metrics.touch(), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    let answers = page.cut_bottom(cx.metrics.primary(), gap);
    let all = answers_of(print);
    for (index, (key, icon, decision)) in all.iter().enumerate() {
        let kind = match (index, decision) {
            (0, _) => Kind::Primary,
            (_, PrintDecision::Forget) => Kind::Danger,
            (_, PrintDecision::ItIsHere | PrintDecision::Again) => Kind::Plain,
        };
        let button = Button::new(cx, key).icon(*icon).kind(kind);
        if button.pressed(ui, cx, answers.column(index, all.len(), gap)) {
            // Its page closes: no second tap hits it.
            cx.send(Command::Paper(PaperCommand::Settle {
                print: id,
                decision: *decision,
            }));
            view.sheet = Sheet::None;
        }
    }
    let what = page.cut_top(cx.mm(9.0), cx.mm(1.0));
    let strong = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    let when = format!("{} · {}", title(cx, print), cx.clock(print.wanted_at));
    label_ui(ui, what, "print-title", &when, strong);
    let said = say::paper::print(cx, print);
    toned_ui(
        ui,
        cx,
        page,
        Letters::Body,
        (said.icon, said.tone),
        &said.words,
    );
}

type Choice = (&'static str, Icon, PrintDecision);

const fn answers_of(print: &PrintView) -> &'static [Choice] {
    const HERE: Choice = ("print-here", Icon::Check, PrintDecision::ItIsHere);
    const AGAIN: Choice = ("print-again", Icon::Paper, PrintDecision::Again);
    const NOW: Choice = ("print-now", Icon::Paper, PrintDecision::Again);
    const FORGET: Choice = ("print-forget", Icon::Cross, PrintDecision::Forget);
    match print.state {
        PrintState::Unconfirmed => &[HERE, AGAIN, FORGET],
        PrintState::Held if print.problem.is_none() => &[NOW, FORGET],
        PrintState::Held | PrintState::Waiting => &[FORGET],
        PrintState::Printing | PrintState::Sent | PrintState::Printed | PrintState::Forgotten => {
            &[]
        }
    }
}
