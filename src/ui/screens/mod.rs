//! One file for each screen, and for each page that lies before one.

mod amount;
mod ask;
mod cash;
mod claim;
mod compare;
mod copies;
mod fault;
mod held;
mod other_way;
mod paid;
mod pay;
mod pay_actions;
mod pay_view;
mod payments;
mod printer;
mod recent;
mod register;
mod registered;
mod sell;
mod sell_tools;
mod set_up;
mod settings;
mod stickers;
mod sync;
mod sync_rows;
mod test_page;
mod trip;
mod trip_facts;

use egui::Ui;

use super::cx::Cx;
use super::size::Class;
use super::view::{Sheet, View};
use super::widgets::notice::notice_ui;
use super::widgets::status_bar::{bar_ui, frame_ui};
use crate::terminal::Screen;

/// Draws the screen that the snapshot asks for over all of `ui`.
pub(crate) fn window_ui(ui: &mut Ui, cx: &Cx<'_>, view: &mut View) {
    let mut rect = ui.max_rect();
    // The ground is there already: the window is cleared to it. Painting it once more would be one
    // million pixels, and drawing in software costs by the pixel.
    frame_ui(ui, cx, &mut rect);
    match cx.snap.screen {
        Screen::Pay => return pay::pay_ui(ui, cx, rect, view),
        Screen::Paid => return paid::paid_ui(ui, cx, rect),
        Screen::Fault => return fault::fault_ui(ui, cx, rect),
        Screen::Sell
        | Screen::Recent
        | Screen::Payments
        | Screen::Sync
        | Screen::Stickers
        | Screen::Printer
        | Screen::Trip
        | Screen::Settings => {}
    }
    let margin = if cx.metrics.class == Class::Compact {
        0.7
    } else {
        2.0
    };
    let mut rect = rect.shrink(cx.mm(margin));
    if view.sheet != Sheet::None && cx.snap.screen != Screen::Recent {
        notice_ui(ui, cx, &mut rect);
        return sheet_ui(ui, cx, rect, view);
    }
    // Letters on the glass take the room of the bar on a small panel.
    let typing =
        view.keyboard == super::view::Keyboard::Shown && cx.metrics.class == Class::Compact;
    if !typing {
        bar_ui(ui, cx, &mut rect);
    }
    notice_ui(ui, cx, &mut rect);
    match cx.snap.screen {
        Screen::Recent => recent::recent_ui(ui, cx, rect, view),
        Screen::Payments => payments::payments_ui(ui, cx, rect, view),
        Screen::Sync => sync::sync_ui(ui, cx, rect, view),
        Screen::Stickers => stickers::stickers_ui(ui, cx, rect, view),
        Screen::Printer => printer::printer_ui(ui, cx, rect, view),
        Screen::Trip => trip::trip_ui(ui, cx, rect, view),
        Screen::Settings => settings::settings_ui(ui, cx, rect, view),
        Screen::Sell | Screen::Pay | Screen::Paid | Screen::Fault => {
            sell::sell_ui(ui, cx, rect, view);
        }
    }
}

/// Draws the page that lies before the screen.
fn sheet_ui(ui: &mut Ui, cx: &Cx<'_>, rect: egui::Rect, view: &mut View) {
    match view.sheet {
        Sheet::Cart => sell::cart_sheet_ui(ui, cx, rect, view),
        Sheet::Held => held::held_ui(ui, cx, rect, view),
        Sheet::Amount => amount::amount_ui(ui, cx, rect, view),
        Sheet::Cash(whom) => cash::cash_ui(ui, cx, rect, view, whom),
        Sheet::ConfirmClear => ask::clear_ui(ui, cx, rect, view),
        Sheet::ConfirmCancel(sale) => ask::cancel_ui(ui, cx, rect, view, sale),
        Sheet::ConfirmClose => ask::close_ui(ui, cx, rect, view),
        Sheet::Claim(sale) => claim::claim_ui(ui, cx, rect, view, sale),
        Sheet::Languages => pay_view::languages_sheet_ui(ui, cx, rect, view),
        Sheet::WholeCode => pay::whole_ui(ui, cx, rect, view),
        Sheet::More(sale) => pay_actions::more_ui(ui, cx, rect, view, sale),
        Sheet::OtherWay(sale) => other_way::other_way_ui(ui, cx, rect, view, sale),
        Sheet::Accounts => other_way::accounts_ui(ui, cx, rect, view),
        Sheet::GiveUp(job) => ask::give_up_ui(ui, cx, rect, view, job),
        Sheet::Sticker(link) => stickers::share_ui(ui, cx, rect, view, link),
        Sheet::ConfirmWithdraw(link) => ask::withdraw_ui(ui, cx, rect, view, link),
        Sheet::Payment => payments::payment_ui(ui, cx, rect, view),
        Sheet::Compare(sale) => compare::compare_ui(ui, cx, rect, view, sale),
        Sheet::Print(print) => printer::print_ui(ui, cx, rect, view, print),
        Sheet::PrintSticker(link) => copies::copies_ui(ui, cx, rect, view, link),
        Sheet::SetUp => set_up::set_up_ui(ui, cx, rect, view),
        Sheet::TestPage => test_page::test_page_ui(ui, cx, rect, view),
        Sheet::Register => register::register_ui(ui, cx, rect, view),
        Sheet::Registered(sticker) => registered::registered_ui(ui, cx, rect, view, sticker),
        Sheet::StickerPlace(sticker) => registered::place_ui(ui, cx, rect, view, sticker),
        Sheet::None => {}
    }
}

/// The part of a page that its content takes, in the middle of wide windows and in the lower part
/// of high ones, where arms reach.
fn page(cx: &Cx<'_>, rect: egui::Rect, width_mm: f32, height_mm: f32) -> egui::Rect {
    let size = egui::vec2(
        cx.mm(width_mm).min(rect.width()),
        cx.mm(height_mm).min(rect.height()),
    );
    let center = match cx.metrics.class {
        Class::Compact | Class::Wide => rect.center(),
        Class::Portrait => egui::pos2(rect.center().x, rect.max.y - rect.height() * 0.36),
    };
    egui::Rect::from_center_size(center, size).intersect(rect)
}
