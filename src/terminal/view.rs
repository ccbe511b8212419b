//! The snapshot: what the screens see of the till.

use std::sync::Arc;

use super::cart;
use super::notice::Notice;
use super::query::{SaleView, StatusReport};
use super::snapshot::{AccountView, CodeView, PayView, Screen, Snapshot, StatusView};
use super::sync_view::reach_words;
use super::{Paying, Terminal};
use crate::domain::id::SaleId;
use crate::domain::link::{Asking, Link, LinkState};
use crate::domain::sale::{Part, SaleRecord, SaleState};
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
            risk: self.risk_view(),
            loose: self.loose_views().into(),
            to_check: self.to_check_views().into(),
            printers: self.printing.printer_views().into(),
            prints: self.printing.print_views().into(),
            accounts: self.account_views().into(),
            notice: self.notice.clone(),
            fault: None,
        }
    }

    /// The status bar's values.
    fn status(&self) -> StatusView {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        // Where no sticker is possible, no product lacks one.
        let sticks = self.accounts.main().is_none_or(|main| main.can().permanent);
        let categories = self.catalog.categories().iter().filter(|_| sticks);
        let shown = categories.map(|category| category.products.len()).sum();
        StatusView {
            reach: self.accounts.reach(),
            waiting_to_send: count(self.jobs.waiting()),
            spare_codes: count(self.links.spare_count()),
            spare_codes_wanted: count(self.spares_wanted()),
            products_with_code: count(self.links.permanent_count()),
            products: count(shown),
            pictures_to_fetch: self.pictures_left,
            last_problem: self.accounts.last_problem().map(str::to_owned),
            hub: self.hub_view(),
            payments_to_sort: count(self.loose_count()),
            sales_to_check: count(self.to_check_count()),
            prints_to_settle: count(self.printing.asking()),
            stickers_hanging: count(self.hanging.count()),
            stickers_wrong: count(self.hanging.wrong()),
            stickers_fading: count(self.hanging.fading()),
            faded_before: self.hanging.faded_before(),
        }
    }

    fn account_views(&self) -> Vec<AccountView> {
        let views = self.accounts.iter().map(|account| AccountView {
            name: account.name().to_owned(),
            kind: account.codec.kind(),
            live: account.setup.live,
            reach: account.reach.reach(),
            can: account.can(),
            is_heard: self.hears_of(account.name()),
        });
        views.collect()
    }

    /// The same for scripts.
    pub fn status_report(&self) -> StatusReport {
        let status = self.status();
        let (reach, since) = reach_words(status.reach);
        StatusReport {
            reach: reach.to_owned(),
            since,
            waiting_to_send: status.waiting_to_send,
            refused: self.jobs.refused(),
            still_wanted: self.still_wanted(),
            spare_codes: status.spare_codes,
            spare_codes_wanted: status.spare_codes_wanted,
            products_with_code: status.products_with_code,
            products: status.products,
            payments_to_sort: status.payments_to_sort,
            stickers_wrong: status.stickers_wrong,
            stickers_fading: status.stickers_fading,
            sales_to_check: status.sales_to_check,
            hub: self.hub_report(),
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
        let (total_now, offer) = match record.standing().state {
            SaleState::Open | SaleState::Awaiting => (
                self.total_now(&record.sale.lines, record.sale.total),
                self.offer_for(record),
            ),
            SaleState::Paid | SaleState::Cancelled | SaleState::Expired => (None, None),
        };
        Some(PayView {
            sale,
            code,
            offer,
            is_heard: self.hears_of_sale(record),
            total_now,
        })
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
        if paying.new_code.is_some() {
            return CodeView::Minting {
                since: record.sale.created_at,
            };
        }
        if paying.has_ended {
            return CodeView::None {
                notice: Notice::CodeEnded,
            };
        }
        let shown = self.code_link(paying, record).and_then(|(link, part)| {
            let url = link.url()?;
            let (_, grid) = paying.code.as_ref().filter(|(made, _)| made == url)?;
            Some(CodeView::Ready {
                grid: Arc::clone(grid),
                host: host_of(url).unwrap_or_default(),
                url: url.to_owned(),
                word: link.word.clone(),
                purpose: link.purpose,
                asks: (link.asking == Asking::Fixed).then_some(link.amount),
                part,
                backend: link.backend.clone(),
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

    /// The link whose code may be on the screen for a sale: one that asks for just its sum, or for a
    /// part of it, or leaves the sum to the payer.
    fn code_link(&self, paying: &Paying, record: &SaleRecord) -> Option<(&Link, Option<Part>)> {
        let codes = record.last_codes();
        let place = paying.part.min(codes.len().saturating_sub(1));
        let (id, part) = codes.get(place)?;
        let link = self.links.link(*id)?;
        let asks_right =
            link.asking == Asking::Open || part.is_some() || link.amount == record.sale.total;
        // One that was switched off is for nobody to scan.
        let takes_money = matches!(link.state, LinkState::Shown | LinkState::Live);
        (asks_right && takes_money).then_some((link, *part))
    }

    /// Another of several codes.
    pub(super) fn show_part_number(&mut self, sale: SaleId, number: u32) -> Result<(), Notice> {
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        let count = record.last_codes().len();
        let place = usize::try_from(number.saturating_sub(1)).unwrap_or(0);
        if place >= count {
            return Err(Notice::UnknownLink);
        }
        if let Some(paying) = self.paying.as_mut().filter(|paying| paying.sale == sale) {
            paying.part = place;
        }
        Ok(())
    }

    /// Makes the modules of the code on the screen, once for each address.
    pub(super) fn make_code(&mut self) {
        let Some(paying) = &self.paying else { return };
        let record = self.sales.get(&paying.sale);
        let link = record.and_then(|record| self.code_link(paying, record));
        let Some(url) = link.and_then(|(link, _)| link.url()).map(str::to_owned) else {
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
