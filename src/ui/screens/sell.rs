//! Sell: categories and tiles, the cart, the chips of sales that wait.

use egui::{Rect, Ui};

use super::sell_tools::{arrange_bar_ui, categories_ui, modes_ui, tools_ui};
use crate::domain::catalog::Product;
use crate::terminal::{Command, FAVORITES_MAX, SellMode};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _, POINTS_PER_MM, TILE_MM};
use crate::ui::theme::Letters;
use crate::ui::view::{Arranging, Keyboard, Sheet, Tab, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::cart::{cart_ui, held_button, pay_words};
use crate::ui::widgets::chip::{chips_ui, has_chips};
use crate::ui::widgets::keyboard::{self, Told, keyboard_ui};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::scroll::{Rows, rows_ui};
use crate::ui::widgets::status_bar::tabs_ui;
use crate::ui::widgets::text::Style;
use crate::ui::widgets::tile::{Mark, tile_ui};

/// Draws the screen.
pub(crate) fn sell_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let mut rect = rect;
    if view.keyboard == Keyboard::Shown {
        let keys = rect.cut_bottom(keyboard::height(cx), cx.metrics.gap());
        if keyboard_ui(ui, cx, keys, &mut view.search, "keyboard-close") == Told::Close {
            view.keyboard = Keyboard::Hidden;
        }
    }
    match cx.metrics.class {
        Class::Compact => compact_ui(ui, cx, rect, view),
        Class::Wide => wide_ui(ui, cx, rect, view),
        Class::Portrait => portrait_ui(ui, cx, rect, view),
    }
}

fn compact_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    if view.keyboard == Keyboard::Hidden {
        let bottom = rect.cut_bottom(cx.metrics.primary(), gap);
        if view.arranging.is_some() {
            arrange_bar_ui(ui, cx, bottom, view);
        } else {
            compact_bottom_ui(ui, cx, bottom, view);
        }
    }
    let tools = rect.cut_top(cx.metrics.touch(), gap);
    tools_ui(ui, cx, tools, view);
    grid_ui(ui, cx, rect, view);
}

fn compact_bottom_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let modes = rect.cut_left(cx.mm(45.0), gap);
    modes_ui(ui, cx, modes);
    let pieces: u32 = cx.snap.cart.lines.iter().map(|line| line.quantity).sum();
    if pieces > 0 || cx.snap.mode == SellMode::SeveralItems {
        let right = rect.cut_right(cx.mm(47.0), gap);
        let words = match cx.snap.cart.total {
            Some(total) => cx.say_with(
                "cart-open",
                &[("count", &pieces.to_string()), ("amount", &cx.money(total))],
            ),
            None => cx.say("cart-open-empty"),
        };
        let cart = Button::saying("cart-open", words)
            .icon(Icon::Cart)
            .kind(Kind::Primary);
        if cart.pressed(ui, cx, right) {
            view.sheet = Sheet::Cart;
        }
    } else if !cx.snap.held.is_empty() {
        let right = rect.cut_right(cx.mm(32.0), gap);
        if held_button(cx).pressed(ui, cx, right) {
            view.sheet = Sheet::Held;
        }
    }
    chips_ui(ui, cx, rect);
}

/// The cart on a page of its own, where there is no room beside the grid.
pub(crate) fn cart_sheet_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let mut top = rect.cut_top(cx.metrics.touch(), gap);
    let back = top.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    if !cx.snap.held.is_empty() && cx.snap.cart.total.is_some() {
        let held = top.cut_right(cx.mm(38.0), gap);
        if held_button(cx).pressed(ui, cx, held) {
            view.sheet = Sheet::Held;
        }
    }
    let style = Style::new(Letters::Title, cx.metrics.scale, cx.palette.text);
    label_ui(ui, top, "cart-sheet", &pay_words(cx), style);
    cart_ui(ui, cx, rect, view);
}

fn wide_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let side_width = (rect.width() * 0.34).clamp(cx.mm(62.0), cx.mm(88.0));
    let mut side = rect.cut_right(side_width, cx.mm(3.0));
    let modes = side.cut_top(cx.metrics.touch(), gap);
    modes_ui(ui, cx, modes);
    if !cx.snap.held.is_empty() && cx.snap.cart.total.is_some() {
        let held = side.cut_top(cx.metrics.touch(), gap);
        if held_button(cx).pressed(ui, cx, held) {
            view.sheet = Sheet::Held;
        }
    }
    cart_ui(ui, cx, side, view);
    main_ui(ui, cx, rect, view);
}

fn main_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let tools = rect.cut_top(cx.metrics.touch(), gap);
    tools_ui(ui, cx, tools, view);
    if view.arranging.is_some() {
        let bar = rect.cut_bottom(cx.metrics.primary(), gap);
        arrange_bar_ui(ui, cx, bar, view);
    } else if has_chips(cx) {
        let chips = rect.cut_bottom(cx.metrics.touch(), gap);
        chips_ui(ui, cx, chips);
    }
    grid_ui(ui, cx, rect, view);
}

fn portrait_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    // Above the lower two thirds nothing is to be touched.
    let above = (ui.max_rect().height() / 3.0 - (rect.min.y - ui.max_rect().min.y)).max(0.0);
    let display = rect.cut_top(above, gap);
    display_ui(ui, cx, display);
    let tabs = rect.cut_bottom(cx.metrics.touch(), gap);
    tabs_ui(ui, cx, tabs);
    let mut cart = rect.cut_bottom(cx.mm(92.0).min(rect.height() * 0.46), gap);
    let modes = cart.cut_top(cx.metrics.touch(), gap);
    // Below an empty cart they have a place already.
    if cx.snap.held.is_empty() || cx.snap.cart.total.is_none() {
        modes_ui(ui, cx, modes);
    } else {
        modes_ui(ui, cx, modes.column(0, 2, gap));
        if held_button(cx).pressed(ui, cx, modes.column(1, 2, gap)) {
            view.sheet = Sheet::Held;
        }
    }
    cart_ui(ui, cx, cart, view);
    main_ui(ui, cx, rect, view);
}

/// The upper third of a high panel: the sum for the customer, nothing to touch.
pub(crate) fn display_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect) {
    let name = Style::new(Letters::Title, cx.metrics.scale * 1.2, cx.palette.quiet);
    let sum = Style::new(Letters::Huge, cx.metrics.scale * 1.8, cx.palette.text);
    let mut rest = rect;
    let top = rest.cut_top(rect.height() * 0.35, 0.0);
    label_ui(ui, top, "shop-name", &cx.snap.shop.name, name);
    let words = match cx.snap.cart.total {
        Some(total) => cx.money(total),
        None => cx.say("display-welcome"),
    };
    label_ui(ui, rest, "display", &words, sum);
}

fn grid_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    if cx.metrics.class != Class::Compact && view.search.is_empty() {
        let strip = rect.cut_top(cx.metrics.touch(), gap);
        categories_ui(ui, cx, strip, view);
    }
    let listed = view.listed(cx.snap);
    if listed.is_empty() {
        let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
        let key = if view.search.is_empty() {
            "grid-empty"
        } else {
            "grid-not-found"
        };
        label_ui(ui, rect, key, &cx.say(key), style);
        return;
    }
    let smallest = TILE_MM * POINTS_PER_MM;
    let side = cx.mm(25.0).max(smallest);
    // Whole rows where the panel has few of them.
    let room = rect.height() + gap;
    let (wanted, rows) = match cx.metrics.class {
        Class::Compact => (cx.mm(27.0), (room / (smallest + gap) + 0.01).floor()),
        Class::Wide | Class::Portrait => (cx.mm(32.0), (room / (cx.mm(29.0) + gap)).round()),
    };
    let rows = rows.max(1.0);
    let height = ((rect.height() + gap) / rows - gap).clamp(smallest, wanted);
    let inner = rect.width() - cx.metrics.touch() - gap;
    let grid = Rows::grid(listed.len(), inner, side, height, gap);
    let (tab, search) = (view.tab.clone(), view.search.clone());
    let name = match &tab {
        Tab::Favorites => "",
        Tab::All => "*",
        Tab::Category(name) => name,
    };
    let salt = if search.is_empty() {
        ("grid", name)
    } else {
        ("found", search.as_str())
    };
    rows_ui(ui, cx, rect, salt, grid, |ui, index, rect| {
        let product = listed.get(index).and_then(|at| cx.snap.catalog.at(*at));
        if let Some(product) = product {
            cell_ui(ui, cx, rect, product, view);
        }
    });
}

fn cell_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, product: &Product, view: &mut View) {
    let favorite = cx.snap.favorites.contains(&product.id);
    let mark = match view.arranging {
        Some(Arranging { chosen }) if chosen == Some(product.id) => Mark::Chosen,
        Some(_) if favorite => Mark::Favorite,
        Some(_) | None => Mark::None,
    };
    let response = tile_ui(ui, cx, rect, product, mark);
    if response.long_touched() && view.arranging.is_none() {
        view.arranging = Some(Arranging {
            chosen: favorite.then_some(product.id),
        });
        return;
    }
    if !response.clicked() {
        return;
    }
    if view.arranging.is_some() {
        arrange(cx, product, view);
        return;
    }
    let tap = Command::Tap {
        product: product.id,
    };
    match cx.snap.mode {
        SellMode::OneItem => cx.commit(tap),
        SellMode::SeveralItems => cx.send(tap),
    }
}

/// A tap while arranging: chooses a favorite, or makes a product one.
fn arrange(cx: &Cx<'_>, product: &Product, view: &mut View) {
    view.arranging = Some(Arranging {
        chosen: Some(product.id),
    });
    let favorites = &cx.snap.favorites;
    if !favorites.contains(&product.id) && favorites.len() < FAVORITES_MAX {
        let products = favorites.iter().copied().chain([product.id]).collect();
        cx.send(Command::SetFavorites { products });
    }
}
