//! `tillcode pair`: joins a hub with a code that its owner made for this till.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::place::Place;
use crate::config::Config;
use crate::domain::id::Entropy;
use crate::io::entropy::seed;
use crate::io::hub::pair;
use crate::io::hub_file;
use crate::proto::hub::joined::{HubFile, Joined};
use crate::proto::hub::pairing::NotAnInvitation;
use crate::proto::hub::{Invitation, Pair, PairingCode, Token};
use crate::runtime::{Shop, SocketClient};

#[derive(Debug, Args)]
pub(super) struct PairArgs {
    /// What the message server shows: its address with the code, as in
    /// <https://hub.example#K7QF-2M9X-RTPA>, or the code alone where the configuration names the hub.
    #[arg(value_name = "URL-OR-CODE", value_parser = Given::read)]
    given: Given,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// What was typed or scanned.
#[derive(Clone, Debug)]
enum Given {
    Whole(Invitation),
    Code(PairingCode),
}

impl Given {
    fn read(text: &str) -> Result<Self, NotAnInvitation> {
        if text.contains('#') {
            text.parse().map(Self::Whole)
        } else {
            text.trim().parse().map(Self::Code)
        }
    }
}

/// What was joined, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Report<'a> {
    /// The hub's address.
    hub: &'a str,
    /// The till's id there.
    terminal: uuid::Uuid,
    /// The till's name there.
    name: &'a str,
    /// The shop's name there.
    shop: &'a str,
    /// Which payments are heard of.
    endpoints: Vec<Endpoint<'a>>,
    /// Whether a kiosk runs that joins only at its next start.
    restart_needed: bool,
}

#[derive(Debug, Serialize)]
struct Endpoint<'a> {
    kind: &'a str,
    name: &'a str,
}

pub(super) fn run(place: &Place, args: &PairArgs) -> anyhow::Result<String> {
    let shop = place.shop()?;
    let Shop::Own(config) = &shop else {
        anyhow::bail!(
            "this is the demo shop, which hears of its payments by itself: configure a shop first"
        );
    };
    let invitation = invitation(&args.given, config)?;
    let data = place.data(&shop)?;
    std::fs::create_dir_all(&data)?;
    let file = join(&data, &invitation)?;
    let Some(joined) = &file.joined else {
        anyhow::bail!("nothing was joined: this is a defect, please report it");
    };
    let restart_needed = SocketClient::connect(&data)?.is_some();
    said(&file, joined, restart_needed, args, config)
}

fn invitation(given: &Given, config: &Config) -> anyhow::Result<Invitation> {
    let code = match given {
        Given::Whole(invitation) => return Ok(invitation.clone()),
        Given::Code(code) => code.clone(),
    };
    let Some(hub) = &config.hub else {
        anyhow::bail!(
            "a code alone does not say where the message server is: give its address too, as in https://hub.example#CODE, or set [hub] url"
        );
    };
    let hub = hub.url.to_string();
    Ok(Invitation { hub, code })
}

/// The token is on disk before anybody is asked, so that asking again after an answer that was lost
/// joins as the same till.
fn join(data: &Path, invitation: &Invitation) -> anyhow::Result<HubFile> {
    let mut file = hub_file::load(data)?;
    let fresh = Token::draw(&mut Entropy::new(seed()?));
    let token = file.begin(invitation, fresh);
    hub_file::save(data, &file)?;
    let code = invitation.code.clone();
    let asked = Pair {
        code,
        token: token.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let paired = runtime.block_on(pair(&invitation.hub, &asked))?;
    file.end(&invitation.hub, token, paired)?;
    hub_file::save(data, &file)?;
    Ok(file)
}

fn said(
    file: &HubFile,
    joined: &Joined,
    restart_needed: bool,
    args: &PairArgs,
    config: &Config,
) -> anyhow::Result<String> {
    let endpoints = file.hooks.list.iter().map(|hook| Endpoint {
        kind: &hook.kind,
        name: &hook.name,
    });
    let report = Report {
        hub: &joined.hub,
        terminal: joined.terminal,
        name: &joined.name,
        shop: &joined.shop,
        endpoints: endpoints.collect(),
        restart_needed,
    };
    if args.json {
        return super::to_json(&report);
    }
    let kinds: Vec<&str> = report.endpoints.iter().map(|one| one.kind).collect();
    let hears = if kinds.is_empty() {
        "it has no endpoint yet".to_owned()
    } else {
        format!("it hears of payments by {}", kinds.join(", "))
    };
    let restart = if restart_needed {
        "; close the kiosk and start it again"
    } else {
        ""
    };
    let own_token = config.hub.as_ref().is_some_and(|hub| hub.token.is_some());
    let above = if own_token {
        "; take the token out of [hub], it stands above this"
    } else {
        ""
    };
    Ok(format!(
        "joined {} as {} of {}: {hears}{restart}{above}",
        joined.hub, joined.name, joined.shop
    ))
}
