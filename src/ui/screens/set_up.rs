//! Choosing a printer: which, where, what kind, what for. One question at a time.

use egui::{Align2, Rect, Ui};

use crate::domain::print::PrintKind;
use crate::terminal::printing::PrinterChoice;
use crate::terminal::query::{PortView, PrinterView};
use crate::terminal::{Command, PaperCommand, PaperQuery, Query};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::poll::Due;
use crate::ui::set_up::{BAUDS, Ports, SetUpStep, pick_ports, pick_tried};
use crate::ui::size::Cut as _;
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::text::Style;

/// How often it is looked what is plugged in, in seconds.
const LOOK_SECS: f64 = 2.0;

/// Begins with the first question.
pub(crate) fn begin(cx: &Cx<'_>, view: &mut View) {
    view.set_up.begin(!cx.snap.printers.is_empty(), cx.now);
    view.sheet = Sheet::SetUp;
}

/// Draws the question.
pub(crate) fn set_up_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let due = Due {
        every: Some(LOOK_SECS),
        ..Due::at_news(0, cx.now)
    };
    let query = Query::Paper(PaperQuery::Ports);
    if let Some(secs) = view.set_up.ports.refresh(cx.till, query, due, pick_ports) {
        let after = std::time::Duration::from_secs_f64(secs.max(0.1));
        ui.ctx().request_repaint_after(after);
    }
    let gap = cx.metrics.gap();
    let heading = cx.say(match view.set_up.step {
        SetUpStep::Which => "set-up-which",
        SetUpStep::Where => "set-up-where",
        SetUpStep::Try => "set-up-try",
        SetUpStep::Kind => "set-up-kind",
        SetUpStep::Use => "set-up-use",
    });
    heading_ui(ui, cx, rect.cut_top(cx.mm(9.0), gap), &heading);
    let mut bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    back_ui(ui, cx, bottom.cut_left(cx.mm(30.0), gap), view);
    match view.set_up.step {
        SetUpStep::Which => which_ui(ui, cx, rect, view),
        SetUpStep::Where => where_ui(ui, cx, rect, view),
        SetUpStep::Try => try_ui(ui, cx, rect, bottom, view),
        SetUpStep::Kind => kind_ui(ui, cx, rect, view),
        SetUpStep::Use => use_ui(ui, cx, rect, view),
    }
}

fn back_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let back = Button::new(cx, "back").icon(Icon::Left);
    if !back.pressed(ui, cx, rect) || !view.set_up.hears(cx.now) {
        return;
    }
    match view.set_up.before(!cx.snap.printers.is_empty()) {
        Some(step) => view.set_up.ask(step, cx.now),
        None => view.sheet = Sheet::None,
    }
}

/// One line of a list of answers.
struct Answer {
    title: String,
    below: String,
    icon: Icon,
}

/// Draws the answers; tells which was pressed.
fn answers_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: Rect,
    view: &View,
    answers: &[Answer],
) -> Option<usize> {
    let rows = Rows {
        count: answers.len(),
        columns: 1,
        height: cx.mm(14.0),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    let mut pressed = None;
    let salt = ("set-up", "");
    rows_ui(ui, cx, rect, salt, rows, |ui, index, rect| {
        if let Some(answer) = answers.get(index) {
            let row = Row::before(answer.icon, Tone::Plain, &answer.title)
                .below(&answer.below)
                .leads_on();
            let name = format!("{}, {}", answer.title, answer.below);
            if row.pressed(ui, cx, rect, (index, &answer.title), &name) {
                pressed = Some(index);
            }
        }
    });
    pressed.filter(|_| view.set_up.hears(cx.now))
}

fn which_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let printers = &cx.snap.printers;
    let of = |printer: &PrinterView| Answer {
        title: printer.name.clone(),
        below: format!("{} · {}", printer.title, printer.place),
        icon: Icon::Paper,
    };
    let mut answers: Vec<Answer> = printers.iter().map(of).collect();
    answers.push(Answer {
        title: cx.say("set-up-new"),
        below: cx.say("set-up-new-how"),
        icon: Icon::Plus,
    });
    if let Some(index) = answers_ui(ui, cx, rect, view, &answers) {
        view.set_up.printer = printers.get(index).map(|printer| printer.name.clone());
        view.set_up.ask(SetUpStep::Where, cx.now);
    }
}

fn where_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let name = view.set_up.printer.as_ref();
    let printer = name.and_then(|name| cx.snap.printers.iter().find(|it| it.name == *name));
    let ports = view.set_up.ports.read(|known| match known {
        Some(Ok(Ports { ports, .. })) => ports.clone(),
        Some(Err(_)) | None => Vec::new(),
    });
    let mut answers = Vec::new();
    if let Some(printer) = printer {
        answers.push(Answer {
            title: cx.say("set-up-stays"),
            below: printer.place.clone(),
            icon: Icon::Check,
        });
    }
    let first = answers.len();
    answers.extend(ports.iter().map(|port| port_answer(cx, port)));
    let undo = answers.len();
    if printer.is_some_and(|printer| printer.is_chosen) {
        answers.push(Answer {
            title: cx.say("set-up-undo"),
            below: cx.say("set-up-undo-how"),
            icon: Icon::Turn,
        });
    }
    if answers.is_empty() {
        let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(5);
        label_ui(ui, rect, "set-up-nothing", &cx.say("set-up-nothing"), style);
        return;
    }
    let Some(index) = answers_ui(ui, cx, rect, view, &answers) else {
        return;
    };
    if index < first {
        view.set_up.port = None;
        view.set_up.ask(SetUpStep::Kind, cx.now);
    } else if index < undo {
        view.set_up.port = ports.into_iter().nth(index.saturating_sub(first));
        view.set_up.tried = None;
        view.set_up.ask(SetUpStep::Try, cx.now);
    } else if let Some(printer) = view.set_up.printer.clone() {
        cx.send(Command::Paper(PaperCommand::Unchoose { printer }));
        view.sheet = Sheet::None;
    }
}

fn port_answer(cx: &Cx<'_>, port: &PortView) -> Answer {
    let mut printers = cx.snap.printers.iter();
    let user = printers.find(|printer| port.places.contains(&printer.place));
    let below = match user {
        Some(user) => cx.say_with(
            "set-up-used",
            &[("place", &port.path), ("name", &user.name)],
        ),
        None => port.path.clone(),
    };
    Answer {
        title: if port.title.is_empty() {
            cx.say("set-up-port")
        } else {
            port.title.clone()
        },
        below,
        icon: Icon::Paper,
    }
}

/// A line on paper tells which printer is behind a port.
fn try_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, bottom: Rect, view: &mut View) {
    let Some(port) = view.set_up.port.clone() else {
        view.set_up.ask(SetUpStep::Where, cx.now);
        return;
    };
    let gap = cx.metrics.gap();
    let body = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(3);
    let what = format!("{} · {}", port.title, port.path);
    let line = rect.cut_top(cx.mm(7.0), cx.mm(1.0));
    label_ui(
        ui,
        line,
        "set-up-port",
        what.trim_start_matches(" · "),
        body,
    );
    let line = rect.cut_top(cx.mm(10.0), gap);
    label_ui(ui, line, "set-up-try-how", &cx.say("set-up-try-how"), body);
    let print = Button::new(cx, "set-up-print").icon(Icon::Paper);
    let hears = view.set_up.hears(cx.now);
    if print.pressed(ui, cx, bottom.column(0, 2, gap)) && hears {
        view.set_up.tried = Some(crate::ui::poll::Poll::default());
        view.set_up.since = cx.now;
    }
    let this = Button::new(cx, "set-up-this")
        .icon(Icon::Check)
        .kind(Kind::Primary);
    if this.pressed(ui, cx, bottom.column(1, 2, gap)) && hears {
        view.set_up.ask(SetUpStep::Kind, cx.now);
    }
    if port.is_serial {
        let height = cx.mm(8.0) + cx.metrics.touch();
        speed_ui(ui, cx, rect.cut_top(height, gap), view);
    }
    let height = cx.mm(16.0).min(rect.height());
    tried_ui(ui, cx, rect.cut_top(height, 0.0), view);
}

/// At another speed than the printer's own only garbage comes out.
fn speed_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let line = rect.cut_top(cx.mm(8.0), 0.0);
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    label_ui(ui, line, "set-up-speed", &cx.say("set-up-speed"), style);
    for (index, baud) in BAUDS.into_iter().enumerate() {
        let chosen = view.set_up.baud == baud;
        let button = Button::saying("set-up-baud", baud.to_string())
            .nth(index)
            .kind(Kind::Choice {
                chosen: chosen.into(),
            });
        if button.pressed(ui, cx, rect.column(index, BAUDS.len(), gap)) {
            view.set_up.baud = baud;
            view.set_up.tried = None;
        }
    }
}

fn tried_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let Some(port) = view.set_up.port_text() else {
        return;
    };
    let Some(tried) = &mut view.set_up.tried else {
        return;
    };
    // Once for each press: the revision stays.
    let query = Query::Paper(PaperQuery::TryPort { port });
    tried.refresh(cx.till, query, Due::at_news(0, cx.now), pick_tried);
    let (icon, tone, words) = tried.read(|known| match known {
        None => (Icon::Clock, Tone::Plain, cx.say("set-up-sending")),
        Some(Ok(Ok(()))) => (Icon::Check, Tone::Good, cx.say("set-up-sent")),
        Some(Ok(Err(problem)) | Err(problem)) => (Icon::Warning, Tone::Alarm, problem.clone()),
    });
    toned_ui(ui, cx, rect, Letters::Body, (icon, tone), &words);
}

fn kind_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let kinds = view.set_up.ports.read(|known| match known {
        Some(Ok(Ports { kinds, .. })) => kinds.clone(),
        Some(Err(_)) | None => Vec::new(),
    });
    let name = view.set_up.printer.as_ref();
    let printer = name.and_then(|name| cx.snap.printers.iter().find(|it| it.name == *name));
    let of = |title: &String| {
        let is_it = printer.is_some_and(|printer| printer.title == *title);
        if is_it { Icon::Check } else { Icon::Paper }
    };
    let answers = kinds.iter().map(|kind| Answer {
        title: kind.title.clone(),
        below: kind.profile.clone(),
        icon: of(&kind.title),
    });
    let answers: Vec<Answer> = answers.collect();
    if let Some(index) = answers_ui(ui, cx, rect, view, &answers)
        && let Some(kind) = kinds.get(index)
    {
        view.set_up.profile.clone_from(&kind.profile);
        view.set_up.ask(SetUpStep::Use, cx.now);
    }
}

fn use_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    const USES: [(&str, &[PrintKind]); 3] = [
        ("set-up-both", &[PrintKind::Receipt, PrintKind::Sticker]),
        ("set-up-receipts", &[PrintKind::Receipt]),
        ("set-up-stickers", &[PrintKind::Sticker]),
    ];
    let gap = cx.metrics.gap();
    let all = rect.cut_top(cx.metrics.primary(), gap);
    for (index, (key, uses)) in USES.into_iter().enumerate() {
        let button = Button::new(cx, key).icon(Icon::Paper);
        let place = all.column(index, USES.len(), gap);
        if button.pressed(ui, cx, place) && view.set_up.hears(cx.now) {
            let choice = PrinterChoice {
                printer: view.set_up.printer.clone(),
                port: view.set_up.port_text(),
                profile: view.set_up.profile.clone(),
                uses: uses.to_vec(),
            };
            cx.send(Command::Paper(PaperCommand::Choose { choice }));
            view.sheet = Sheet::None;
        }
    }
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet)
        .align(Align2::LEFT_TOP)
        .rows(3);
    label_ui(ui, rect, "set-up-then", &cx.say("set-up-then"), style);
}
