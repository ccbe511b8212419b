//! What only the eye needs: the chosen tab, an open sheet, typed digits. Never sales or money.

use std::sync::Arc;

use super::Till;
use super::keypad::Keypad;
use super::pictures::Drawn;
use super::poll::{Due, Poll};
use super::set_up::SetUpDesk;
use super::stickers::Sticker;
use super::test_page::TestDesk;
use super::trip::{Draft, TripDesk};
use super::widgets::text::Facing;
use crate::domain::id::{JobId, LinkId, PrintId, ProductId, SaleId, StickerId};
use crate::domain::locale::Language;
use crate::domain::time::Timestamp;
use crate::proto::qr::QrGrid;
use crate::proto::translation::Words;
use crate::terminal::query::{DayTotal, PaperView, StickerView, SyncReport};
use crate::terminal::{Answer, Notice, Pin, Query, SaleView, Screen, Snapshot};

/// The most sales that Recent lists.
const RECENT_MAX: usize = 200;
/// The most products that a search lists.
const FOUND_MAX: usize = 500;
/// The longest PIN that can be typed.
const PIN_DIGITS_MAX: usize = 12;

/// What the grid of Sell lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The owner's favorites; all products where there are none.
    #[default]
    Favorites,
    /// All products.
    All,
    /// One category.
    Category(String),
}

/// Whom cash is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CashFor {
    /// The cart.
    Cart,
    /// A sale that waits.
    Sale(SaleId),
}

/// A page before the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// None.
    #[default]
    None,
    /// The cart, where there is no room beside the grid.
    Cart,
    /// Carts that were put aside.
    Held,
    /// The keypad for an amount without a product.
    Amount,
    /// The keypad for cash.
    Cash(CashFor),
    /// Whether the cart is really to be emptied.
    ConfirmClear,
    /// Whether a sale is really to be ended.
    ConfirmCancel(SaleId),
    /// Whether the window is really to be closed.
    ConfirmClose,
    /// Why goods are handed over without proof.
    Claim(SaleId),
    /// The payer's languages.
    Languages,
    /// The code on the whole screen.
    WholeCode,
    /// What else can be done with a sale, where there is no room for it.
    More(SaleId),
    /// The other payment accounts for a sale.
    OtherWay(SaleId),
    /// What each payment account can.
    Accounts,
    /// Whether something that was refused is really to be given up, and why.
    GiveUp(JobId),
    /// A sticker's code.
    Sticker(LinkId),
    /// Whether a sticker's code is really to be switched off.
    ConfirmWithdraw(LinkId),
    /// What the chosen payment is for.
    Payment,
    /// Whether a sale's payment is in the provider's list.
    Compare(SaleId),
    /// What is to become of a sheet of paper.
    Print(PrintId),
    /// What came out on a printer's test page.
    TestPage,
    /// A printer that somebody chooses.
    SetUp,
    /// How many stickers of a code are wanted.
    PrintSticker(LinkId),
    /// The stickers that were printed.
    Register,
    /// One of them.
    Registered(StickerId),
    /// Where one of them hangs.
    StickerPlace(StickerId),
}

/// Letters on the glass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keyboard {
    /// Not there.
    #[default]
    Hidden,
    /// There.
    Shown,
}

/// Favorites that are being arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arranging {
    /// The one that the arrows move.
    pub(crate) chosen: Option<ProductId>,
}

/// Everything that the window remembers between frames.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// What the grid lists.
    pub(crate) tab: Tab,
    /// What is searched for.
    pub(crate) search: String,
    /// What was searched for before the present burst of keys, which may turn out to be a scan.
    pub(crate) search_before: String,
    /// Letters on the glass.
    pub(crate) keyboard: Keyboard,
    /// A page before the screen.
    pub(crate) sheet: Sheet,
    /// The payment that [`Sheet::Payment`] asks about, by account and the provider's id.
    pub(crate) payment: Option<(String, String)>,
    /// What was typed on the keypad.
    pub(crate) pad: Keypad,
    /// Favorites that are being arranged.
    pub(crate) arranging: Option<Arranging>,
    /// Whom the Pay screen stands upright for; stays over sales, as the counter does.
    pub(crate) facing: Facing,
    /// The payer's words.
    pub(crate) payer: Option<Words>,
    /// The sales of Recent.
    pub(crate) recent: Recent,
    /// What waits for a payment account.
    pub(crate) sync: Poll<SyncReport>,
    /// The sticker codes.
    pub(crate) stickers: Poll<Vec<Sticker>>,
    /// How many stickers are wanted on paper.
    pub(crate) copies: u32,
    /// A sticker as it would be on paper, or why it cannot be.
    pub(crate) paper: Poll<Result<Arc<PaperView>, Notice>>,
    /// The same, drawn; of which code.
    pub(crate) paper_drawn: Option<(Arc<PaperView>, Drawn)>,
    /// The test page that [`Sheet::TestPage`] asks about.
    pub(crate) test: TestDesk,
    /// The printer that [`Sheet::SetUp`] asks about.
    pub(crate) set_up: SetUpDesk,
    /// The stickers that were printed.
    pub(crate) register: Poll<Vec<StickerView>>,
    /// Where a printed sticker hangs, as far as it was typed.
    pub(crate) sticker_place: String,
    /// The modules of the sticker that is shared.
    pub(crate) sticker_code: Option<StickerCode>,
    /// The trip that is being planned.
    pub(crate) trip: TripDesk,
    /// The owner's PIN, as far as it was typed.
    pub(crate) pin: PinPad,
    /// Why goods are handed over: the place in the list of reasons.
    pub(crate) claim_reason: Option<usize>,
    listing: Listing,
    screen: Option<(u64, Screen)>,
}

impl View {
    /// Takes notice of a new screen: pages and typed digits belong to the old one.
    pub(crate) fn follow(&mut self, snapshot: &Snapshot) {
        let screen = (snapshot.screen_seq, snapshot.screen);
        if self.screen == Some(screen) {
            return;
        }
        if self.screen.is_some() {
            self.sheet = Sheet::None;
            self.keyboard = Keyboard::Hidden;
            self.search.clear();
            self.pad = Keypad::default();
            self.payer = None;
            self.pin = PinPad::default();
            self.claim_reason = None;
            self.trip.draft = Draft::default();
        }
        if snapshot.screen != Screen::Sell {
            self.arranging = None;
        }
        self.screen = Some(screen);
    }

    /// The payer's words: the chosen language, else the cashier's.
    pub(crate) fn payer_words(&mut self, cashier: Language) -> &Words {
        self.payer.get_or_insert_with(|| Words::of(cashier))
    }

    /// Positions of the products that the grid lists now; found once for each change.
    pub(crate) fn listed(&mut self, snapshot: &Snapshot) -> Arc<[usize]> {
        let key = (
            snapshot.catalog.revision(),
            self.tab.clone(),
            self.search.trim().to_owned(),
        );
        let favorites_moved = self.listing.favorites != *snapshot.favorites;
        if self.listing.key.as_ref() != Some(&key) || favorites_moved {
            self.listing.positions = positions(snapshot, &key.1, &key.2).into();
            self.listing.favorites = snapshot.favorites.to_vec();
            self.listing.key = Some(key);
        }
        Arc::clone(&self.listing.positions)
    }
}

#[derive(Debug, Default)]
struct Listing {
    key: Option<(u64, Tab, String)>,
    favorites: Vec<ProductId>,
    positions: Arc<[usize]>,
}

fn positions(snapshot: &Snapshot, tab: &Tab, search: &str) -> Vec<usize> {
    let catalog = &snapshot.catalog;
    if !search.is_empty() {
        return catalog.search(search, FOUND_MAX);
    }
    let categories = catalog.categories();
    match tab {
        Tab::Category(name) => categories
            .iter()
            .filter(|category| category.name == *name)
            .flat_map(|category| category.products.iter().copied())
            .collect(),
        Tab::Favorites if !snapshot.favorites.is_empty() => snapshot
            .favorites
            .iter()
            .filter_map(|id| {
                catalog
                    .products()
                    .iter()
                    .position(|product| product.id == *id)
            })
            .collect(),
        Tab::Favorites | Tab::All => categories
            .iter()
            .flat_map(|category| category.products.iter().copied())
            .collect(),
    }
}

/// What Recent lists, and what the day brought.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    /// The last sales, newest first.
    pub(crate) sales: Poll<Vec<SaleView>>,
    /// The totals of the newest sale's day.
    pub(crate) day: Poll<Vec<DayTotal>>,
}

impl Recent {
    /// Asks for what is older than the snapshot.
    pub(crate) fn refresh(&mut self, till: &dyn Till, snapshot: &Snapshot, now: f64) {
        let due = Due::at_news(snapshot.revision, now);
        let query = Query::Sales {
            since: Timestamp::from_millis(0),
            limit: RECENT_MAX,
        };
        self.sales.refresh(till, query, due, |answer| {
            if let Answer::Sales { sales } = answer {
                Some(sales)
            } else {
                None
            }
        });
        // The window has no clock: the newest sale tells which day it is.
        let newest = self.sales.read(|known| {
            let sales = known?.as_ref().ok()?;
            Some(sales.first()?.created_at)
        });
        let Some(newest) = newest else { return };
        let query = Query::Day {
            since: snapshot.shop.day.start_of_day(newest),
        };
        self.day.refresh(till, query, due, |answer| {
            if let Answer::Day { totals } = answer {
                Some(totals)
            } else {
                None
            }
        });
    }
}

/// A sticker's code on the whole page, and its modules.
pub(crate) type StickerCode = (LinkId, Option<QrGrid>);

/// Digits that nobody is to read over a shoulder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PinPad(Pin);

impl Default for PinPad {
    fn default() -> Self {
        Self(Pin(String::new()))
    }
}

impl PinPad {
    /// Adds a digit; one too many does nothing.
    pub(crate) fn press(&mut self, digit: u8) {
        if self.len() < PIN_DIGITS_MAX && digit < 10 {
            self.0.0.push(char::from(b'0' + digit));
        }
    }

    /// Takes the last digit away.
    pub(crate) fn erase(&mut self) {
        self.0.0.pop();
    }

    /// How many digits were typed.
    pub(crate) fn len(&self) -> usize {
        self.0.0.len()
    }

    /// Gives the digits away and begins anew.
    pub(crate) fn take(&mut self) -> Pin {
        std::mem::take(self).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_bounded_given_away_once_and_never_said() {
        let mut pad = PinPad::default();
        pad.erase();
        pad.press(10);
        assert_eq!(pad.len(), 0);
        for digit in (0..10).chain(0..10) {
            pad.press(digit);
        }
        assert_eq!(pad.len(), PIN_DIGITS_MAX);
        pad.erase();
        assert_eq!(pad.len(), PIN_DIGITS_MAX - 1);
        assert!(!format!("{pad:?}").contains("0123"));
        assert_eq!(pad.take(), Pin("01234567890".to_owned()));
        assert_eq!(pad.len(), 0);
    }
}
