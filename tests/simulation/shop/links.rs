//! What somebody does to codes and to the work that waits.

use tillcode::domain::link::{Asking, Purpose};
use tillcode::domain::options::Options;
use tillcode::proto::backend::Action;
use tillcode::terminal::{Command, CustomLink};

use super::Deed;
use crate::world::World;

impl World {
    /// None for a deed that is about something else, or where there is nothing to do it to.
    pub(super) fn link_work(&mut self, deed: Deed) -> Option<Command> {
        Some(match deed {
            Deed::Withdraw => {
                let links: Vec<_> = self.disk.links.keys().copied().collect();
                Command::WithdrawLink {
                    link: *self.dice.pick(&links)?,
                }
            }
            Deed::NewLink => self.link_by_hand(),
            Deed::NewCode => {
                let sale = self.sale()?;
                self.tally.state("another code for a sale");
                if self.dice.chance(300) {
                    let backend = self.account();
                    return Some(Command::PayOtherWay { sale, backend });
                }
                Command::NewCode { sale }
            }
            Deed::Part => Command::ShowPart {
                sale: self.published.as_ref()?.pay.as_ref()?.sale.id,
                number: u32::try_from(self.dice.between(1, 3)).ok()?,
            },
            Deed::Retry => self.retry()?,
            _ => return None,
        })
    }

    fn link_by_hand(&mut self) -> Command {
        self.tally.state("link made by hand");
        let amount = self.amount();
        let wish = CustomLink {
            backend: Some(self.account()),
            title: "Deposit".to_owned(),
            amount,
            asking: Asking::Fixed,
            purpose: if self.dice.chance(500) {
                Purpose::Single
            } else {
                Purpose::Permanent
            },
            expires_at: None,
            options: Options::default(),
        };
        Command::NewLink { wish }
    }

    /// Somebody looks at what waits.
    fn retry(&mut self) -> Option<Command> {
        if self.dice.chance(300) {
            return Some(Command::SendNow);
        }
        let jobs = self.disk.jobs.values();
        let (refused, others): (Vec<_>, Vec<_>) =
            jobs.cloned().partition(|job| job.refusal.is_some());
        let first = !refused.is_empty() && self.dice.chance(800);
        let job = self.dice.pick(if first { &refused } else { &others })?;
        // What is not made may be given up; to leave a link on that was to be switched off is a loss.
        let makes = matches!(job.action, Action::Create { .. });
        if job.refusal.is_some() && makes && self.dice.chance(600) {
            self.tally.state("work given up");
            return Some(Command::GiveUpJob {
                job: job.id,
                reason: "nobody needs it".to_owned(),
            });
        }
        self.tally.state("work tried again");
        Some(Command::RetryJob { job: job.id })
    }
}
