//! What came out on a printer's test page: one question at a time, each of which may be left out. A
//! scanner answers those about codes.

use egui::{Align2, Rect, Ui};

use crate::domain::document::DrawnBy;
use crate::proto::print::Letters as Pages;
use crate::terminal::printing::{PrinterAnswers, TestQuestions};
use crate::terminal::query::PrinterView;
use crate::terminal::{Command, PaperCommand};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::test_page::TestStep;
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::text::Style;

/// Begins with a printer: its page is printed, unless something is asked before.
pub(crate) fn begin(cx: &Cx<'_>, view: &mut View, printer: &PrinterView) {
    view.test.printer.clone_from(&printer.name);
    if printer.questions.drawer {
        view.test.ask(TestStep::Drawer, cx.now);
        view.sheet = Sheet::TestPage;
    } else {
        print(cx, view, printer, false);
    }
}

fn print(cx: &Cx<'_>, view: &mut View, printer: &PrinterView, drawer: bool) {
    // Its page closes: no second tap hits it.
    cx.send(Command::Paper(PaperCommand::Test {
        printer: Some(printer.name.clone()),
        drawer,
    }));
    go_on(cx, view, &printer.questions, TestStep::Drawer);
}

/// The next question of this page, or none.
fn go_on(cx: &Cx<'_>, view: &mut View, questions: &TestQuestions, after: TestStep) {
    match after.next(questions) {
        Some(step) => {
            view.test.ask(step, cx.now);
            view.sheet = Sheet::TestPage;
        }
        None => view.sheet = Sheet::None,
    }
}

/// Draws the question.
pub(crate) fn test_page_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let mut printers = cx.snap.printers.iter();
    let Some(printer) = printers.find(|printer| printer.name == view.test.printer) else {
        view.sheet = Sheet::None;
        return;
    };
    let step = view.test.step;
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 144.0, 96.0);
    let (key, how) = words_of(step);
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), cx.mm(1.0)), &cx.say(key));
    bottom_ui(
        ui,
        cx,
        page.cut_bottom(cx.metrics.primary(), gap),
        view,
        printer,
    );
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(3);
    label_ui(ui, page.cut_top(cx.mm(12.0), gap), how, &cx.say(how), style);
    if step == TestStep::Drawer {
        drawer_ui(ui, cx, page, view, printer);
        return;
    }
    let choices = choices_of(cx, step, printer);
    if let Some(answers) = choices_ui(ui, cx, page, &choices)
        && view.test.hears(cx.now)
    {
        if !answers.is_empty() {
            cx.send(Command::Paper(PaperCommand::Tune {
                printer: printer.name.clone(),
                answers,
            }));
        }
        go_on(cx, view, &printer.questions, step);
    }
}

/// The question, and how its answer is found.
const fn words_of(step: TestStep) -> (&'static str, &'static str) {
    match step {
        TestStep::Drawer => ("test-drawer", "test-drawer-how"),
        TestStep::Columns => ("test-columns", "test-columns-how"),
        TestStep::Codes => ("test-codes", "test-codes-how"),
        TestStep::Modules => ("test-modules", "test-modules-how"),
        TestStep::Pages => ("test-letters", "test-letters-how"),
        TestStep::Cut => ("test-cut", "test-cut-how"),
    }
}

/// Away from here, away with all answers, and on without one.
fn bottom_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, printer: &PrinterView) {
    let gap = cx.metrics.gap();
    let back = Button::new(cx, "back").icon(Icon::Left);
    let hears = view.test.hears(cx.now);
    if back.pressed(ui, cx, rect.column(0, 3, gap)) && hears {
        view.sheet = Sheet::None;
    }
    let forget = Button::new(cx, "test-forget")
        .icon(Icon::Bin)
        .kind(Kind::Danger)
        .letters(Letters::Body);
    let has_answers = !printer.answers.is_empty();
    if has_answers && forget.pressed(ui, cx, rect.column(1, 3, gap)) && hears {
        cx.send(Command::Paper(PaperCommand::Untune {
            printer: printer.name.clone(),
        }));
    }
    let step = view.test.step;
    let next = Button::new(cx, "test-next").icon(Icon::Right);
    if step != TestStep::Drawer && next.pressed(ui, cx, rect.column(2, 3, gap)) && hears {
        go_on(cx, view, &printer.questions, step);
    }
}

fn drawer_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, printer: &PrinterView) {
    let gap = cx.metrics.gap();
    let mut rect = rect;
    let rect = rect.cut_top(cx.metrics.primary(), 0.0);
    for (index, (key, drawer)) in [("test-drawer-no", false), ("test-drawer-yes", true)]
        .into_iter()
        .enumerate()
    {
        let button = Button::new(cx, key).icon(Icon::Paper);
        if button.pressed(ui, cx, rect.column(index, 2, gap)) && view.test.hears(cx.now) {
            print(cx, view, printer, drawer);
        }
    }
}

/// One answer; an empty one is that nothing is known.
struct Choice {
    words: String,
    name: Option<String>,
    answers: PrinterAnswers,
    is_chosen: bool,
}

fn choices_of(cx: &Cx<'_>, step: TestStep, printer: &PrinterView) -> Vec<Choice> {
    let (questions, known) = (&printer.questions, printer.answers);
    let none = PrinterAnswers::default();
    let choice = |words: String, answers: PrinterAnswers| Choice {
        words,
        name: None,
        is_chosen: !answers.is_empty() && answers.after(known) == known,
        answers,
    };
    match step {
        TestStep::Drawer => Vec::new(),
        TestStep::Columns => {
            let columns = questions.columns.iter();
            let choices = columns.map(|count| {
                let columns = Some(*count);
                choice(count.to_string(), PrinterAnswers { columns, ..none })
            });
            choices.collect()
        }
        TestStep::Codes => {
            let by = |by| PrinterAnswers {
                code: Some(by),
                ..none
            };
            // The printer's own go where both are read; chosen is what was said, not both ways of saying it.
            let both = Choice {
                is_chosen: false,
                ..choice(cx.say("test-codes-both"), by(DrawnBy::Printer))
            };
            vec![
                choice("1".to_owned(), by(DrawnBy::Printer)),
                choice("2".to_owned(), by(DrawnBy::Till)),
                both,
                choice(cx.say("test-none"), none),
            ]
        }
        TestStep::Modules => {
            let modules = questions.modules.iter();
            let choices = modules.map(|dots| {
                let least_module = Some(*dots);
                choice(
                    dots.to_string(),
                    PrinterAnswers {
                        least_module,
                        ..none
                    },
                )
            });
            choices.collect()
        }
        TestStep::Pages => pages_of(cx, questions, choice),
        TestStep::Cut => {
            let cut = |cutter| PrinterAnswers {
                cutter: Some(cutter),
                ..none
            };
            vec![
                choice(cx.say("test-yes"), cut(true)),
                choice(cx.say("test-no"), cut(false)),
            ]
        }
    }
}

fn pages_of(
    cx: &Cx<'_>,
    questions: &TestQuestions,
    choice: impl Fn(String, PrinterAnswers) -> Choice,
) -> Vec<Choice> {
    let say = |letters| PrinterAnswers {
        letters: Some(letters),
        ..PrinterAnswers::default()
    };
    let only = questions.pages.iter().map(|number| {
        let number_said = number.to_string();
        let name = cx.say_with("test-letters-of", &[("count", &number_said)]);
        Choice {
            name: Some(name),
            ..choice(number_said, say(Pages::Page(*number)))
        }
    });
    let mut choices = vec![choice(cx.say("test-all"), say(Pages::All))];
    choices.extend(only);
    choices.push(choice(cx.say("test-none"), say(Pages::None)));
    choices
}

/// Draws the answers; tells which was pressed.
fn choices_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, choices: &[Choice]) -> Option<PrinterAnswers> {
    let gap = cx.metrics.gap();
    let widest = match cx.metrics.class {
        Class::Compact | Class::Wide => 6,
        Class::Portrait => 4,
    };
    let columns = choices.len().clamp(1, widest);
    let rows = choices.len().div_ceil(columns);
    let mut rect = rect;
    let height = cx.metrics.primary() * rows as f32 + gap * (rows as f32 - 1.0);
    let rect = rect.cut_top(height, 0.0);
    let mut pressed = None;
    for (index, choice) in choices.iter().enumerate() {
        let kind = Kind::Choice {
            chosen: choice.is_chosen.into(),
        };
        let mut button = Button::saying("test-answer", choice.words.clone())
            .nth(index)
            .kind(kind);
        if let Some(name) = &choice.name {
            button = button.named(name.clone());
        }
        let place = rect
            .row(index / columns, rows, gap)
            .column(index % columns, columns, gap);
        if button.pressed(ui, cx, place) {
            pressed = Some(choice.answers);
        }
    }
    pressed
}
