//! Sell's strips: search and keypad, categories, one or several items, arranging favorites.

use egui::{Align2, Frame, Margin, Rect, TextEdit, Ui, UiBuilder};

use crate::domain::id::ProductId;
use crate::terminal::{Command, SellMode};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, font};
use crate::ui::view::{Arranging, Keyboard, Sheet, Tab, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::scroll::strip_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::{self, Style};

/// Draws search, keypad and, on a small panel, the categories.
pub(crate) fn tools_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let searching = !view.search.is_empty() || view.keyboard == Keyboard::Shown;
    let compact = cx.metrics.class == Class::Compact;
    if searching || !compact {
        let amount = rect.cut_right(cx.mm(34.0), gap);
        amount_button_ui(ui, cx, amount, view);
        search_ui(ui, cx, rect, view);
        return;
    }
    let search = rect.cut_left(cx.metrics.touch(), gap);
    let button = Button::new(cx, "search").icon_only(Icon::Search);
    if button.pressed(ui, cx, search) {
        view.keyboard = Keyboard::Shown;
    }
    let amount = rect.cut_left(cx.metrics.touch(), gap);
    let button = Button::new(cx, "amount").icon_only(Icon::Keypad);
    if button.pressed(ui, cx, amount) {
        open_amount(view);
    }
    categories_ui(ui, cx, rect, view);
}

fn amount_button_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let button = Button::new(cx, "amount")
        .icon(Icon::Keypad)
        .letters(Letters::Body);
    if button.pressed(ui, cx, rect) {
        open_amount(view);
    }
}

fn open_amount(view: &mut View) {
    view.pad.set(0);
    view.sheet = Sheet::Amount;
}

fn search_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let palette = cx.palette;
    if !view.search.is_empty() {
        let clear = rect.cut_right(cx.metrics.touch(), cx.metrics.gap());
        let button = Button::new(cx, "search-clear").icon_only(Icon::Cross);
        if button.pressed(ui, cx, clear) {
            view.search.clear();
        }
    }
    surface(ui, cx, rect, palette.card, palette.line);
    let inner = rect.shrink2(egui::vec2(cx.mm(2.5), 0.0));
    let (icon, field) = text::split_icon(inner, cx.mm(5.0), cx.mm(2.0));
    Icon::Search.paint(ui.painter(), icon, palette.quiet);
    let mut child = ui.new_child(UiBuilder::new().max_rect(field));
    let style = Style::new(Letters::Body, cx.metrics.scale, palette.text);
    let letters = font(style.points, style.weight);
    let hint = cx.say("search");
    let edit = TextEdit::singleline(&mut view.search)
        .id_salt("search-field")
        .font(letters.clone())
        .hint_text(
            egui::RichText::new(&hint)
                .font(letters)
                .color(palette.quiet),
        )
        .frame(Frame::NONE)
        .margin(Margin::ZERO)
        .align(Align2::LEFT_CENTER)
        .desired_width(field.width())
        .min_size(field.size())
        .char_limit(crate::domain::catalog::NAME_CHARS_MAX);
    let response = child.add(edit);
    // The toolkit names a text field by its content; people look for what it is.
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_label(hint.clone()));
    if response.clicked() {
        view.keyboard = Keyboard::Shown;
    }
}

/// Draws the tabs of the grid.
pub(crate) fn categories_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let mut tabs: Vec<(Tab, String)> = Vec::new();
    if !cx.snap.favorites.is_empty() || view.arranging.is_some() {
        tabs.push((Tab::Favorites, cx.say("tab-favorites")));
    }
    tabs.push((Tab::All, cx.say("tab-all")));
    for category in cx.snap.catalog.categories() {
        let name = match category.name.as_str() {
            "" => cx.say("tab-other"),
            name => name.to_owned(),
        };
        tabs.push((Tab::Category(category.name.clone()), name));
    }
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text);
    let widths: Vec<f32> = tabs
        .iter()
        .map(|(_, name)| {
            (text::width(ui.painter(), name, style) + cx.mm(6.0)).clamp(cx.mm(16.0), cx.mm(60.0))
        })
        .collect();
    let chosen = match (&view.tab, tabs.first()) {
        (Tab::Favorites, Some((first, _))) => first.clone(),
        (tab, _) => tab.clone(),
    };
    strip_ui(ui, cx, rect, "categories", &widths, |ui, index, rect| {
        if let Some((tab, name)) = tabs.get(index) {
            let kind = Kind::Choice {
                chosen: (chosen == *tab).into(),
            };
            let button = Button::saying("category", name.clone())
                .nth(index)
                .letters(Letters::Body)
                .kind(kind);
            if button.pressed(ui, cx, rect) {
                view.tab = tab.clone();
                view.search.clear();
            }
        }
    });
}

/// Draws the switch between one item and several.
pub(crate) fn modes_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let choices = [
        (SellMode::OneItem, "mode-one"),
        (SellMode::SeveralItems, "mode-several"),
    ];
    for (index, (mode, key)) in choices.into_iter().enumerate() {
        let kind = Kind::Choice {
            chosen: (cx.snap.mode == mode).into(),
        };
        let button = Button::new(cx, key).letters(Letters::Body).kind(kind);
        if button.pressed(ui, cx, rect.column(index, 2, cx.metrics.gap())) {
            cx.send(Command::SetMode { mode });
        }
    }
}

/// Draws what can be done with the chosen favorite.
pub(crate) fn arrange_bar_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let done = rect.cut_right(cx.mm(24.0), gap);
    let button = Button::new(cx, "arrange-done")
        .icon(Icon::Check)
        .kind(Kind::Primary);
    if button.pressed(ui, cx, done) {
        view.arranging = None;
        return;
    }
    let favorites = &cx.snap.favorites;
    let chosen = view.arranging.and_then(|arranging| arranging.chosen);
    let place = chosen.and_then(|id| favorites.iter().position(|favorite| *favorite == id));
    let Some(place) = place else {
        let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
            .align(Align2::LEFT_CENTER)
            .rows(3);
        label_ui(ui, rect, "arrange-hint", &cx.say("arrange-hint"), style);
        return;
    };
    let left = Button::new(cx, "arrange-left")
        .icon(Icon::Left)
        .ready_if(place > 0);
    if left.pressed(ui, cx, rect.column(0, 3, gap)) {
        swap(cx, place, place.saturating_sub(1));
    }
    let last = place + 1 >= favorites.len();
    let right = Button::new(cx, "arrange-right")
        .icon(Icon::Right)
        .ready_if(!last);
    if right.pressed(ui, cx, rect.column(1, 3, gap)) {
        swap(cx, place, place + 1);
    }
    let remove = Button::new(cx, "arrange-remove")
        .icon(Icon::Cross)
        .kind(Kind::Danger);
    if remove.pressed(ui, cx, rect.column(2, 3, gap)) {
        let others = favorites.iter().copied().filter(|id| Some(*id) != chosen);
        cx.send(Command::SetFavorites {
            products: others.collect(),
        });
        view.arranging = Some(Arranging::default());
    }
}

fn swap(cx: &Cx<'_>, one: usize, other: usize) {
    let mut products: Vec<ProductId> = cx.snap.favorites.to_vec();
    if one < products.len() && other < products.len() {
        products.swap(one, other);
        cx.send(Command::SetFavorites { products });
    }
}
