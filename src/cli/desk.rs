//! Where a subcommand's commands go: to the running kiosk, else to a till opened for the moment.

use anyhow::Context as _;

use super::Desk;
use super::place::Place;
use crate::runtime::{Ask, Handle, Running, SocketAnswer, SocketClient, start};
use crate::terminal::{Answer, Command, Query, Reply};

/// Opens the desk of a place. Both kinds answer alike.
pub(super) fn open(place: &Place) -> anyhow::Result<Box<dyn Desk>> {
    let shop = place.shop()?;
    let data = place.data(&shop)?;
    if let Some(client) = SocketClient::connect(&data)? {
        return Ok(Box::new(KioskDesk(client)));
    }
    let till = start(&shop, &data, &place.env)?;
    let handle = till.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(Box::new(OwnDesk {
        handle,
        runtime,
        _till: till,
    }))
}

/// The kiosk that runs on the same data.
struct KioskDesk(SocketClient);

impl Desk for KioskDesk {
    fn command(&mut self, command: Command) -> anyhow::Result<Reply> {
        match self.0.ask(&Ask::Command(command))? {
            SocketAnswer::Reply(reply) => Ok(reply),
            SocketAnswer::Answer(_) | SocketAnswer::Busy => Err(busy()),
        }
    }

    fn query(&mut self, query: Query) -> anyhow::Result<Answer> {
        match self.0.ask(&Ask::Query(query))? {
            SocketAnswer::Answer(answer) => Ok(answer),
            SocketAnswer::Reply(_) | SocketAnswer::Busy => Err(busy()),
        }
    }
}

fn busy() -> anyhow::Error {
    anyhow::anyhow!("the kiosk is busy or just ended: try again")
}

/// A till without a window, for one call.
struct OwnDesk {
    handle: Handle,
    runtime: tokio::runtime::Runtime,
    _till: Running,
}

impl Desk for OwnDesk {
    fn command(&mut self, command: Command) -> anyhow::Result<Reply> {
        self.runtime
            .block_on(self.handle.command(command))
            .context("the till ended by itself")
    }

    fn query(&mut self, query: Query) -> anyhow::Result<Answer> {
        Ok(self.runtime.block_on(self.handle.query(query)))
    }
}
