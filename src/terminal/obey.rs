//! What a command does: each one is handed to its subject, and its refusal to whoever asked.

use std::collections::BTreeSet;

use super::command::{Command, Reply};
use super::step::{Actor, Effect, RequestId, Rows};
use super::turn::Turn;
use super::{FAVORITES_MAX, Notice, Screen, SellMode, Terminal, Theme, cart, recover};
use crate::domain::id::ProductId;
use crate::domain::locale::Language;

impl Terminal {
    /// Does what was asked, and answers whoever waits for it. `seen` is the screen that the finger saw.
    pub(super) fn obey(
        &mut self,
        turn: &mut Turn,
        command: Command,
        (seen, reply_to): (Option<u64>, Option<RequestId>),
        rows: &Rows,
    ) {
        // A finger that was meant for an earlier screen: the second half of a double tap.
        let stale = seen.is_some_and(|seen| seen != self.screen_seq);
        if let Command::ListRemote { backend } = &command {
            // Its reply comes with the last page.
            match self.list_remote(turn, backend.as_deref(), reply_to) {
                Ok(()) => return,
                Err(notice) => {
                    if let Some(to) = reply_to {
                        let reply = Reply::Refused { notice };
                        turn.effect(Effect::Reply { to, reply });
                    }
                    return;
                }
            }
        }
        let reply = if stale {
            Ok(Reply::Done)
        } else {
            self.answer(turn, command, rows)
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(notice) => {
                if turn.actor == Actor::Cashier {
                    self.say(notice.clone());
                }
                Reply::Refused { notice }
            }
        };
        if let Some(to) = reply_to {
            turn.effect(Effect::Reply { to, reply });
        }
    }

    fn answer(&mut self, turn: &mut Turn, command: Command, rows: &Rows) -> Result<Reply, Notice> {
        if let Command::Paper(command) = command {
            return self.obey_paper(turn, command, rows);
        }
        if let Command::Scan { text } = &command
            && self.is_patrol(text)
        {
            return self.scan_sticker(turn, text, rows);
        }
        if let Command::Scan { text } = &command
            && let Some(reply) = self.scan_test_page(turn, text)
        {
            return reply;
        }
        self.carry_out(turn, command)
    }

    fn carry_out(&mut self, turn: &mut Turn, command: Command) -> Result<Reply, Notice> {
        match command {
            Command::Tap { product } => return self.tap(turn, product),
            Command::Scan { text } => return self.scan(turn, &text),
            Command::PayCart => return self.pay_cart(turn),
            Command::PayAmount { amount } => return self.pay_amount(turn, amount),
            Command::NewSale {
                lines,
                backend,
                offline,
            } => {
                return self.new_sale(turn, &lines, backend.as_deref(), offline);
            }
            Command::PayCartInCash { given } => return self.pay_cart_in_cash(turn, given),
            Command::PayInCash { sale, given } => return self.pay_in_cash(turn, sale, given),
            Command::CancelSale { sale } => return self.cancel(turn, sale),
            Command::ClaimSale { sale, reason, pin } => {
                return self.claim(turn, sale, &reason, pin.as_ref());
            }
            Command::CheckSale { sale, found, pin } => {
                return self.check_sale(turn, sale, found, pin.as_ref());
            }
            Command::OpenSale { sale } => return self.open_sale(turn, sale),
            Command::CustomerPays { sale } => self.customer_pays(turn, sale)?,
            Command::AddAmount { amount } => {
                self.add_to_cart(turn, cart::line_of_amount(amount))?;
            }
            Command::SetQuantity { line, quantity } => self.set_quantity(turn, line, quantity)?,
            Command::ClearCart => self.clear_cart(turn),
            Command::HoldCart => self.hold_cart(turn)?,
            Command::RecallCart { cart } => self.recall_cart(turn, cart)?,
            Command::SetFavorites { products } => self.set_favorites(turn, products)?,
            Command::SetMode { mode } => self.set_mode(turn, mode),
            Command::SetLanguage { language } => self.set_language(turn, language),
            Command::SetTheme { theme } => self.set_theme(turn, theme),
            Command::Go { screen } => self.go(screen),
            Command::DismissNotice => self.notice = None,
            Command::PutProducts { products, source } => {
                self.put_products(turn, products, &source)?;
            }
            Command::MintLinks => self.mint_again(turn),
            Command::WithdrawLink { link } => self.withdraw_link(turn, link)?,
            Command::NewLink { wish } => return self.new_link(turn, wish),
            Command::SetLink { link, change } => return self.set_link(turn, link, change),
            // Answered before it gets here.
            Command::ListRemote { .. } | Command::Paper(_) => {}
            Command::RetryJob { job } => self.retry_job(turn, job)?,
            Command::GiveUpJob { job, reason } => self.give_up_job(turn, job, &reason)?,
            Command::SendNow => self.send_now(turn),
            Command::TestHub => self.test_hub(turn)?,
            Command::PlanTrip {
                backend,
                targets,
                until,
            } => self.plan_trip(turn, backend.as_deref(), targets, until)?,
            Command::TakePayment {
                backend,
                payment,
                sale,
            } => return self.take_payment(turn, &backend, &payment, sale),
            Command::SetPaymentAside {
                backend,
                payment,
                reason,
            } => self.set_payment_aside(turn, &backend, &payment, &reason)?,
            Command::ShowPart { sale, number } => self.show_part_number(sale, number)?,
            Command::NewCode { sale } => return self.new_code(turn, sale, None),
            Command::PayOtherWay { sale, backend } => {
                return self.new_code(turn, sale, Some(&backend));
            }
        }
        Ok(Reply::Done)
    }

    /// Shows a screen that somebody may walk to.
    pub(super) fn go(&mut self, screen: Screen) {
        // Pay and Paid belong to a sale, Fault to the storage: nobody walks there by a tab.
        let screen = match screen {
            Screen::Pay | Screen::Paid | Screen::Fault => Screen::Sell,
            Screen::Sell
            | Screen::Recent
            | Screen::Sync
            | Screen::Payments
            | Screen::Stickers
            | Screen::Printer
            | Screen::Trip
            | Screen::Settings => screen,
        };
        self.paying = None;
        self.show(screen);
    }

    fn set_mode(&mut self, turn: &mut Turn, mode: SellMode) {
        self.mode = mode;
        recover::save(turn, recover::MODE, &mode);
    }

    fn set_language(&mut self, turn: &mut Turn, language: Language) {
        self.language = language;
        recover::save(turn, recover::LANGUAGE, &language);
    }

    fn set_theme(&mut self, turn: &mut Turn, theme: Theme) {
        self.theme = theme;
        recover::save(turn, recover::THEME, &theme);
    }

    fn set_favorites(&mut self, turn: &mut Turn, products: Vec<ProductId>) -> Result<(), Notice> {
        if products.len() > FAVORITES_MAX {
            return Err(Notice::TooMany {
                limit: FAVORITES_MAX,
            });
        }
        let mut seen = BTreeSet::new();
        let products: Vec<_> = products.into_iter().filter(|id| seen.insert(*id)).collect();
        recover::save(turn, recover::FAVORITES, &products);
        self.favorites = products.into();
        self.retarget();
        Ok(())
    }
}
