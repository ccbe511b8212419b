//! What only the eye needs: the chosen tab, an open sheet, typed digits. Never sales or money.

use std::sync::{Arc, Mutex, PoisonError};

use super::keypad::Keypad;
use super::tr::Words;
use super::widgets::text::Facing;
use crate::domain::id::{ProductId, SaleId};
use crate::domain::locale::Language;
use crate::domain::time::Timestamp;
use crate::terminal::{Answer, Query, SaleView, Screen, Snapshot};

use super::Till;

/// The most sales that Recent lists.
const RECENT_MAX: usize = 200;
/// The most products that a search lists.
const FOUND_MAX: usize = 500;

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

/// The sales, or why they could not be read.
pub(crate) type Known = Result<Vec<SaleView>, String>;

/// The list of Recent, asked for anew when the till has something new.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    asked: Option<u64>,
    answered: Arc<Mutex<Option<Known>>>,
    waiting: Arc<std::sync::atomic::AtomicBool>,
}

impl Recent {
    /// Asks where what is known is older than the snapshot and no answer is under way.
    pub(crate) fn refresh(&mut self, till: &dyn Till, revision: u64) {
        use std::sync::atomic::Ordering;
        if self.asked == Some(revision) || self.waiting.swap(true, Ordering::AcqRel) {
            return;
        }
        self.asked = Some(revision);
        let answered = Arc::clone(&self.answered);
        let waiting = Arc::clone(&self.waiting);
        let query = Query::Sales {
            since: Timestamp::from_millis(0),
            limit: RECENT_MAX,
        };
        till.ask(
            query,
            Box::new(move |answer| {
                let found = match answer {
                    Answer::Sales { sales } => Some(Ok(sales)),
                    Answer::Failed { reason } => Some(Err(reason)),
                    Answer::Sale { .. }
                    | Answer::Products { .. }
                    | Answer::Links { .. }
                    | Answer::LinkStats { .. }
                    | Answer::Pool { .. }
                    | Answer::Journal { .. }
                    | Answer::Sync { .. }
                    | Answer::Payments { .. }
                    | Answer::Day { .. }
                    | Answer::Status { .. } => None,
                };
                if let Some(found) = found {
                    *answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
                }
                waiting.store(false, Ordering::Release);
            }),
        );
    }

    /// Gives what is known to `read`; none before the first answer.
    pub(crate) fn read<R>(&self, read: impl FnOnce(Option<&Known>) -> R) -> R {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        read(answered.as_ref())
    }
}
