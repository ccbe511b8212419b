//! The snapshot: what the screens see of the till.

use std::sync::Arc;

use super::cart;
use super::notice::Notice;
use super::query::{SaleView, StatusReport};
use super::snapshot::{CodeView, PayView, Reach, Screen, Snapshot, StatusView};
use super::{Paying, Terminal};
use crate::domain::link::{Link, LinkState};
use crate::domain::sale::{SaleRecord, SaleState};
use crate::proto::backend::url::host_of;
use crate::proto::qr::QrGrid;

/// The most chips on Sell; the rest is found in Recent.
const CHIPS_MAX: usize = 60;

impl Terminal {
    /// The state of all screens now.
    pub fn snapshot(&self) -> Snapshot {
        let newest = self.waiting.iter().rev().take(CHIPS_MAX);
        let mut waiting: Vec<SaleView> = newest.filter_map(|id| self.view_of(*id)).collect();
        waiting.sort_by(|a, b| (a.created_at, &a.reference).cmp(&(b.created_at, &b.reference)));
        Snapshot {
            revision: self.revision,
            screen: self.screen,
            screen_seq: self.screen_seq,
            shop: Arc::clone(&self.shop),
            language: self.language,
            theme: self.theme,
            catalog: Arc::clone(&self.catalog),
            favorites: Arc::clone(&self.favorites),
            mode: self.mode,
            cart: cart::view(&self.cart.lines),
            held: self.held.iter().filter_map(cart::held_view).collect(),
            waiting: waiting.into(),
            pay: self.pay_view(),
            status: self.status(),
            notice: self.notice.clone(),
            fault: None,
        }
    }

    /// The status bar's values.
    fn status(&self) -> StatusView {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let shown = self
            .catalog
            .categories()
            .iter()
            .map(|category| category.products.len())
            .sum();
        StatusView {
            reach: self.reach.reach(),
            waiting_to_send: count(self.jobs.len()),
            spare_codes: count(self.links.spare_count()),
            products_with_code: count(self.links.permanent_count()),
            products: count(shown),
            pictures_to_fetch: self.pictures_left,
            last_problem: self.last_problem.clone(),
        }
    }

    /// The same for scripts.
    pub fn status_report(&self) -> StatusReport {
        let status = self.status();
        let (reach, since) = match status.reach {
            Reach::NoBackend => ("no_backend", None),
            Reach::Unknown => ("unknown", None),
            Reach::Online => ("online", None),
            Reach::Offline { since } => ("offline", Some(since)),
            Reach::Refusing { since } => ("refusing", Some(since)),
        };
        StatusReport {
            reach: reach.to_owned(),
            since,
            waiting_to_send: status.waiting_to_send,
            spare_codes: status.spare_codes,
            products_with_code: status.products_with_code,
            products: status.products,
            last_problem: status.last_problem,
        }
    }

    /// Every picture that the catalog names.
    pub(super) fn pictures(&self) -> Vec<String> {
        let products = self.catalog.products().iter();
        let mut sources: Vec<_> = products
            .filter_map(|product| product.picture.clone())
            .collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    fn pay_view(&self) -> Option<PayView> {
        if !matches!(self.screen, Screen::Pay | Screen::Paid) {
            return None;
        }
        let paying = self.paying.as_ref()?;
        let record = self.sales.get(&paying.sale)?;
        let sale = self.view_of(paying.sale)?;
        let code = self.code_view(paying, record);
        Some(PayView { sale, code })
    }

    fn code_view(&self, paying: &Paying, record: &SaleRecord) -> CodeView {
        match record.standing().state {
            SaleState::Open | SaleState::Awaiting => {}
            SaleState::Paid => {
                return CodeView::None {
                    notice: Notice::AlreadyPaid,
                };
            }
            SaleState::Cancelled | SaleState::Expired => {
                return CodeView::None {
                    notice: Notice::AlreadyClosed,
                };
            }
        }
        let shown = self.code_link(record).and_then(|link| {
            let url = link.url()?;
            let (_, grid) = paying.code.as_ref().filter(|(made, _)| made == url)?;
            Some(CodeView::Ready {
                grid: Arc::clone(grid),
                host: host_of(url).unwrap_or_default(),
                url: url.to_owned(),
                word: link.word.clone(),
                purpose: link.purpose,
            })
        });
        match (shown, &paying.refused) {
            (Some(ready), _) => ready,
            (None, Some(notice)) => CodeView::None {
                notice: notice.clone(),
            },
            // Its code was switched off in the meantime: nobody may scan it, and no other comes.
            (None, None) if record.last_shown().is_some() => CodeView::None {
                notice: Notice::AlreadyClosed,
            },
            (None, None) => CodeView::Minting {
                since: record.sale.created_at,
            },
        }
    }

    /// The link whose code may be on the screen for a sale: one that asks for just its sum and takes
    /// money.
    fn code_link(&self, record: &SaleRecord) -> Option<&Link> {
        let link = record.last_shown().and_then(|link| self.links.link(link));
        link.filter(|link| link.amount == record.sale.total)
            .filter(|link| matches!(link.state, LinkState::Shown | LinkState::Live))
    }

    /// Makes the modules of the code on the screen, once for each address.
    pub(super) fn make_code(&mut self) {
        let Some(paying) = &self.paying else { return };
        let record = self.sales.get(&paying.sale);
        let link = record.and_then(|record| self.code_link(record));
        let Some(url) = link.and_then(Link::url).map(str::to_owned) else {
            return;
        };
        if paying.code.as_ref().is_some_and(|(made, _)| *made == url) {
            return;
        }
        let code = QrGrid::encode(&url).ok().map(|grid| (url, Arc::new(grid)));
        if let Some(paying) = &mut self.paying {
            paying.code = code;
        }
    }
}
