//! The customer's part of Pay: the code and the words, which can stand upside down.

use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo};

use crate::domain::locale::Language;
use crate::domain::money::Amount;
use crate::proto::translation::{Words, native_name};
use crate::terminal::snapshot::{CodeView, PayView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self, plain};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::code;
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::status_bar::mark;
use crate::ui::widgets::text::{self, Style};

/// Draws the code, or why there is none, over all of `rect`.
pub(crate) fn code_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, pay: &PayView, view: &mut View) {
    let inner = rect.shrink(cx.mm(6.0));
    let words = Style::new(Letters::Title, cx.metrics.scale, cx.palette.text)
        .rows(6)
        .facing(view.facing);
    match &pay.code {
        CodeView::Ready { grid, .. } => {
            let around = if view.sheet == Sheet::WholeCode {
                code::Around::White
            } else {
                code::Around::Colors
            };
            code::paint(ui, rect, grid, view.facing, around);
            let response = ui.interact(rect, ui.scope_id().with("pay-code"), Sense::click());
            let amount = cx.money(this_code(pay));
            let values = [
                ("reference", pay.sale.reference.as_str()),
                ("amount", &amount),
            ];
            let name = plain(&cx.say_with("pay-code", &values));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            if response.clicked() {
                view.sheet = if view.sheet == Sheet::WholeCode {
                    Sheet::None
                } else {
                    Sheet::WholeCode
                };
            }
        }
        CodeView::Minting { .. } => {
            let said = view.payer_words(cx.snap.language).say("pay-minting", &[]);
            label_ui(ui, inner, "pay-minting", &said, words);
        }
        CodeView::None { notice } => {
            let mut inner = inner;
            let sign = inner.cut_top(inner.height() * 0.4, 0.0);
            let side = cx.mm(20.0).min(sign.height());
            let sign = Rect::from_center_size(sign.center(), egui::Vec2::splat(side));
            Icon::Warning.paint(ui.painter(), sign, cx.palette.waiting);
            let words = words
                .facing(text::Facing::Cashier)
                .align(Align2::CENTER_TOP);
            label_ui(ui, inner, "pay-none", &say::notice(cx, notice), words);
        }
    }
}

/// Draws what the code is for, in the payer's words.
pub(crate) fn words_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    rect: Rect,
    pay: &PayView,
    view: &mut View,
    ink: Color32,
) {
    let facing = view.facing;
    let mut lines = lines(cx, pay, view.payer_words(cx.snap.language));
    let narrow = rect.width() < cx.mm(45.0);
    for line in lines
        .iter_mut()
        .filter(|line| line.letters != Letters::Huge)
    {
        let style = Style::new(line.letters, cx.metrics.scale, ink);
        let wide = text::width(ui.painter(), &line.words, style);
        line.rows = match (wide / rect.width().max(1.0), line.key) {
            (..1.05, _) if !narrow => 1,
            (1.9.., _) | (_, "pay-scan") if narrow => 3,
            _wide => 2,
        };
        if line.rows > 1 {
            line.share *= line.rows as f32 * 0.85;
        }
    }
    let total: f32 = lines.iter().map(|line| line.share).sum();
    let unit = (rect.height() / total.max(0.1)).min(cx.mm(9.0));
    // Larger where there is room: it is read across the counter.
    let scale = cx.metrics.scale * (unit / cx.mm(5.2)).clamp(1.0, 1.6);
    let mut rest = Rect::from_center_size(rect.center(), egui::vec2(rect.width(), unit * total));
    for line in lines {
        let place = rest.cut_top(unit * line.share, 0.0);
        let place = facing.place(place, rect);
        let mut style = Style::new(line.letters, scale, ink)
            .rows(line.rows.max(1))
            .facing(facing);
        style.points = style.points.min(unit * line.share * 0.8 / line.rows as f32);
        style.align = Align2::CENTER_CENTER;
        label_ui(ui, place, line.key, &line.words, style);
    }
}

struct WordsLine {
    key: &'static str,
    words: String,
    letters: Letters,
    share: f32,
    rows: usize,
}

fn lines(cx: &Cx<'_>, pay: &PayView, words: &Words) -> Vec<WordsLine> {
    let line = |key, words, letters, share| WordsLine {
        key,
        words,
        letters,
        share,
        rows: 1,
    };
    let sale = &pay.sale;
    let mut lines = Vec::new();
    if let CodeView::Ready { .. } = pay.code {
        let scan = words.say("pay-scan", &[]);
        lines.push(line("pay-scan", scan, Letters::Body, 1.0));
    }
    lines.extend(sum_lines(cx, pay, words));
    let what = say::lines(words, &sale.lines);
    lines.push(line("pay-what", what, Letters::Strong, 1.0));
    let shop = words.say("pay-to", &[("shop", &cx.snap.shop.name)]);
    lines.push(line("pay-to", shop, Letters::Body, 0.9));
    if let CodeView::Ready { host, word, .. } = &pay.code {
        let host = words.say("pay-host", &[("host", host)]);
        lines.push(line("pay-host", host, Letters::Body, 0.9));
        let values = [
            ("reference", sale.reference.as_str()),
            ("word", word.as_str()),
        ];
        lines.push(line(
            "pay-reference",
            words.say("pay-reference", &values),
            Letters::Strong,
            1.0,
        ));
    } else {
        lines.push(line(
            "pay-reference-only",
            sale.reference.clone(),
            Letters::Strong,
            1.0,
        ));
    }
    if let Some(key) = mark(cx) {
        lines.push(line(key, words.say(key, &[]), Letters::Body, 0.9));
    }
    lines
}

/// What this code is paid with: a part of the sum where there are several codes.
fn this_code(pay: &PayView) -> Amount {
    match &pay.code {
        CodeView::Ready {
            asks: Some(asks),
            part: Some(_),
            ..
        } => *asks,
        CodeView::Ready { .. } | CodeView::Minting { .. } | CodeView::None { .. } => pay.sale.total,
    }
}

/// The sum, and what the payer has to do for it to be right.
fn sum_lines(cx: &Cx<'_>, pay: &PayView, words: &Words) -> Vec<WordsLine> {
    let line = |key, words, letters, share| WordsLine {
        key,
        words,
        letters,
        share,
        rows: 1,
    };
    let total = cx.money(pay.sale.total);
    let this = cx.money(this_code(pay));
    match &pay.code {
        CodeView::Ready {
            part: Some(part), ..
        } => {
            let values = [
                ("number", part.number.to_string()),
                ("of", part.of.to_string()),
                ("amount", this),
            ];
            let values = values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            let one = words.say("pay-part", &values);
            let all = words.say("pay-in-all", &[("amount", &total)]);
            vec![
                line("pay-part", one, Letters::Title, 1.6),
                line("pay-in-all", all, Letters::Body, 0.9),
            ]
        }
        CodeView::Ready { asks: None, .. } => {
            let all = words.say("pay-type", &[("amount", &total)]);
            vec![line("pay-type", all, Letters::Title, 2.0)]
        }
        CodeView::Ready { .. } | CodeView::Minting { .. } | CodeView::None { .. } => {
            vec![line("pay-amount", total, Letters::Huge, 2.5)]
        }
    }
}

/// Draws the payer's languages beside each other, in two rows where one is too narrow.
pub(crate) fn language_row_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let rows = if rect.height() > cx.metrics.touch() * 1.9 {
        2
    } else {
        1
    };
    let columns = Language::ALL.len().div_ceil(rows);
    for (index, languages) in Language::ALL.chunks(columns).enumerate() {
        let mut rest = rect.row(index, rows, gap);
        // A long name gets more room than a short one, and none less than a finger.
        let style = Style::new(Letters::Small, cx.metrics.scale, cx.palette.text);
        let named = |language: &Language| {
            let wide = text::width(ui.painter(), native_name(*language), style) + cx.mm(2.4);
            wide.max(cx.metrics.touch())
        };
        let named: Vec<f32> = languages.iter().map(named).collect();
        let spare = rest.width() - gap * (columns as f32 - 1.0) - named.iter().sum::<f32>();
        for (column, (language, wide)) in languages.iter().zip(named).enumerate() {
            let place = rest.cut_left(wide + (spare / columns as f32).max(0.0), gap);
            language_ui(ui, cx, place, index * columns + column, *language, view);
        }
    }
}

fn language_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: Rect,
    index: usize,
    language: Language,
    view: &mut View,
) {
    let chosen = view.payer_words(cx.snap.language).language() == language;
    let letters = if view.sheet == Sheet::Languages {
        Letters::Strong
    } else {
        Letters::Small
    };
    let button = Button::saying("payer-language", native_name(language).to_owned())
        .nth(index)
        .letters(letters)
        .kind(Kind::Choice {
            chosen: chosen.into(),
        });
    if button.pressed(ui, cx, rect) {
        view.payer = Some(Words::of(language));
        if view.sheet == Sheet::Languages {
            view.sheet = Sheet::None;
        }
    }
}

/// The payer's languages on a page of their own, for small panels.
pub(crate) fn languages_sheet_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 140.0, 70.0);
    let back = page.cut_bottom(cx.metrics.touch(), gap);
    let columns = if cx.metrics.class == Class::Portrait {
        2
    } else {
        3
    };
    let rows = Language::ALL.len().div_ceil(columns);
    for (index, language) in Language::ALL.into_iter().enumerate() {
        let place = page
            .row(index / columns, rows, gap)
            .column(index % columns, columns, gap);
        language_ui(ui, cx, place, index, language, view);
    }
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
}
