//! Who is in the shop: a cashier, a script, an owner, and somebody who trips over cables.

mod links;
mod loose;
mod owner;
mod server;

use tillcode::domain::id::SaleId;
use tillcode::domain::locale::Language;
use tillcode::domain::money::Amount;
use tillcode::sandbox::Pay;
use tillcode::terminal::{Actor, Command, NewLine, Screen, SellMode, Theme};

use super::oracle::{Outcome, at_most_one_more};
use super::setup::eur;
use super::tally::Fault;
use super::world::World;

const HOUR_MS: u64 = 3_600_000;
/// Half a century.
const YEARS_50_MS: u64 = 50 * 365 * 24 * HOUR_MS;

/// What somebody does next.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Tap,
    TapTwice,
    PayAmount,
    Cart,
    PayCart,
    CartInCash,
    Mode,
    Go,
    Open,
    Cash,
    Cancel,
    Claim,
    Look,
    Scan,
    Taste,
    Catalog,
    Correct,
    Mint,
    Withdraw,
    NewLink,
    NewCode,
    Part,
    Retry,
    Take,
    SetAside,
    Script,
    Pay,
    PayAgain,
    PayFails,
    Nothing,
}

const DEEDS: &[(u64, Deed)] = &[
    (24, Deed::Tap),
    (5, Deed::TapTwice),
    (5, Deed::PayAmount),
    (8, Deed::Cart),
    (5, Deed::PayCart),
    (2, Deed::CartInCash),
    (3, Deed::Mode),
    (8, Deed::Go),
    (6, Deed::Open),
    (4, Deed::Cash),
    (7, Deed::Cancel),
    (4, Deed::Claim),
    (3, Deed::Look),
    (2, Deed::Scan),
    (2, Deed::Taste),
    (5, Deed::Catalog),
    (4, Deed::Correct),
    (2, Deed::Mint),
    (2, Deed::Withdraw),
    (1, Deed::NewLink),
    (3, Deed::NewCode),
    (3, Deed::Part),
    (2, Deed::Retry),
    (9, Deed::Take),
    (1, Deed::SetAside),
    (5, Deed::Script),
    (22, Deed::Pay),
    (5, Deed::PayAgain),
    (5, Deed::PayFails),
    (8, Deed::Nothing),
];

impl World {
    /// How long nobody does anything before the next deed.
    pub fn idles(&mut self) -> u64 {
        match self.dice.below(1_000) {
            0..600 => self.dice.below(2_000),
            600..850 => self.dice.below(20_000),
            850..980 => self.dice.below(300_000),
            980..998 => self.dice.below(HOUR_MS / 2),
            _ => self.dice.below(6 * HOUR_MS),
        }
    }

    /// One deed: something may go wrong, somebody does something.
    pub fn acts(&mut self) -> Outcome {
        self.tally.deeds += 1;
        self.trouble();
        self.trouble_at_hub();
        let deed = *self.dice.weighted(DEEDS);
        match deed {
            Deed::Pay => self.pays(Pay::Once, true),
            Deed::PayAgain => self.pays(Pay::Once, false),
            Deed::PayFails => self.pays(Pay::Fail, true),
            Deed::TapTwice => self.taps_twice(),
            Deed::Script => self.script(),
            Deed::Correct => self.corrects(),
            Deed::Look => self.oracle.looks(&self.disk, &mut self.dice),
            Deed::Nothing => {
                self.nobodys();
                Ok(())
            }
            _ => {
                let seen = self.published.as_ref().map(|seen| seen.screen_seq);
                match self.intent(deed) {
                    Some(command) => self.command(command, Actor::Cashier, seen),
                    None => Ok(()),
                }
            }
        }
    }

    fn trouble(&mut self) {
        let now = self.clock.true_ms;
        if self.strikes(Fault::Partition) {
            let most = if self.dice.chance(200) {
                8 * HOUR_MS
            } else {
                120_000
            };
            self.no_network_until_ms = now + self.dice.below(most);
        }
        if self.strikes(Fault::KeyRefused) {
            self.key_refused_until_ms = now + self.dice.below(600_000);
        }
        if self.strikes(Fault::WallJump) {
            let millis = i64::try_from(self.dice.below(2 * YEARS_50_MS)).unwrap_or(0);
            self.clock
                .jump(millis - i64::try_from(YEARS_50_MS).unwrap_or(0));
        }
        if self.runs() && self.strikes(Fault::PowerOff) {
            let millis = self.dice.below(30 * HOUR_MS);
            self.off_for(millis, true);
        }
    }

    fn intent(&mut self, deed: Deed) -> Option<Command> {
        Some(match deed {
            Deed::Tap => self.tap()?,
            Deed::PayAmount => Command::PayAmount {
                amount: self.amount(),
            },
            Deed::Cart => match self.dice.below(6) {
                0 | 1 => Command::AddAmount {
                    amount: self.amount(),
                },
                2 => Command::SetQuantity {
                    line: usize::try_from(self.dice.below(3)).unwrap_or(0),
                    quantity: u32::try_from(self.dice.below(4)).unwrap_or(0),
                },
                3 => Command::HoldCart,
                4 => Command::RecallCart {
                    cart: self.published.as_ref()?.held.first()?.id,
                },
                _ => Command::ClearCart,
            },
            Deed::PayCart => Command::PayCart,
            Deed::CartInCash => Command::PayCartInCash { given: eur(50_000) },
            Deed::Mode => Command::SetMode {
                mode: if self.dice.chance(500) {
                    SellMode::OneItem
                } else {
                    SellMode::SeveralItems
                },
            },
            Deed::Go => Command::Go {
                screen: *self
                    .dice
                    .pick(&[Screen::Sell, Screen::Sell, Screen::Recent])?,
            },
            Deed::Open => Command::OpenSale { sale: self.sale()? },
            Deed::Cash => Command::PayInCash {
                sale: self.sale()?,
                given: eur(*self.dice.pick(&[50_000, 50_000, 100])?),
            },
            Deed::Cancel => Command::CancelSale { sale: self.sale()? },
            Deed::Claim => Command::ClaimSale {
                sale: self.sale()?,
                reason: "a regular".to_owned(),
                pin: None,
            },
            Deed::Scan => Command::Scan {
                text: self.code_to_scan()?,
            },
            Deed::Taste => match self.dice.below(3) {
                0 => Command::SetTheme { theme: Theme::Dark },
                1 => Command::SetLanguage {
                    language: Language::Uk,
                },
                _ => Command::DismissNotice,
            },
            Deed::Catalog => self.catalog(),
            Deed::Mint => Command::MintLinks,
            Deed::Take => self.takes()?,
            Deed::SetAside => self.sets_aside()?,
            _ => return self.link_work(deed),
        })
    }

    /// One of the accounts.
    fn account(&mut self) -> String {
        let provider = self.provider.borrow();
        let names: Vec<_> = provider
            .accounts
            .iter()
            .map(|own| &own.name)
            .cloned()
            .collect();
        drop(provider);
        self.dice.pick(&names).cloned().expect("an account")
    }

    fn tap(&mut self) -> Option<Command> {
        let number = usize::try_from(self.dice.below(8)).ok()?;
        Some(Command::Tap {
            product: self.disk.product(number)?.id,
        })
    }

    fn amount(&mut self) -> Amount {
        let minor = *self.dice.pick(&[350, 120, 75, 999, 12_345]).unwrap_or(&350);
        eur(minor)
    }

    /// The sale on the screen, one that waits, or any other.
    fn sale(&mut self) -> Option<SaleId> {
        let screen = self.published.as_ref()?;
        let front = screen.pay.as_ref().map(|pay| pay.sale.id);
        let waiting: Vec<_> = screen.waiting.iter().map(|sale| sale.id).collect();
        let chance = self.dice.below(100);
        if let Some(front) = front.filter(|_| chance < 45) {
            return Some(front);
        }
        if chance < 85 && !waiting.is_empty() {
            return self.dice.pick(&waiting).copied();
        }
        let all: Vec<_> = self.disk.sales.keys().copied().collect();
        self.dice.pick(&all).copied()
    }

    fn code_to_scan(&mut self) -> Option<String> {
        if self.dice.chance(500) {
            let number = usize::try_from(self.dice.below(8)).ok()?;
            return self.disk.product(number)?.barcodes.first().cloned();
        }
        self.dice.pick(&self.oracle.addresses).cloned()
    }

    /// Both halves of a double tap were meant for the screen that was there before the first.
    fn taps_twice(&mut self) -> Outcome {
        let Some(seen) = self.published.as_ref().map(|seen| seen.screen_seq) else {
            return Ok(());
        };
        let Some(tap) = self.tap() else { return Ok(()) };
        let sales = self.disk.sales.len();
        self.command(tap.clone(), Actor::Cashier, Some(seen))?;
        self.command(tap, Actor::Cashier, Some(seen))?;
        self.tally.state("double tap");
        at_most_one_more(sales, self.disk.sales.len())
    }

    fn line(&mut self) -> NewLine {
        if self.dice.chance(500) {
            NewLine::Amount(self.amount())
        } else {
            NewLine::Sku {
                sku: format!("P{}", self.dice.below(8)),
                quantity: u32::try_from(self.dice.between(1, 2)).unwrap_or(1),
            }
        }
    }

    fn script(&mut self) -> Outcome {
        let count = *self.dice.pick(&[1, 1, 2, 3]).unwrap_or(&1);
        let lines = (0..count).map(|_| self.line()).collect();
        let command = Command::NewSale {
            lines,
            backend: self.dice.chance(300).then(|| self.account()),
            offline: self.dice.chance(250),
        };
        self.command(command, Actor::Script, None)
    }
}
