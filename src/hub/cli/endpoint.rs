//! `tillcode-hub endpoint`.

use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use super::{Desk, words};
use crate::hub::args::EndpointTask;
use crate::hub::store::{EndpointRow, Retirement};
use crate::proto::backend::{CODECS, codec};

/// The longest secret, in bytes.
const SECRET_BYTES_MAX: u64 = 1_024;

#[derive(Serialize)]
struct Added {
    #[serde(flatten)]
    endpoint: EndpointRow,
    /// Shown once.
    address: String,
}

pub(super) async fn run(desk: &Desk, task: EndpointTask) -> anyhow::Result<()> {
    match task {
        EndpointTask::Add {
            shop,
            kind,
            name,
            secret_file,
            json,
        } => {
            let codec = codec(&kind).ok_or_else(|| no_such(&kind))?;
            let shop = words::name("the shop's name", &shop)?;
            let name = words::name("the endpoint's name", name.as_ref().unwrap_or(&kind))?;
            let secret = secret_file.as_deref().map(secret).transpose()?;
            if let Some(secret) = &secret {
                codec.check_secret(secret).map_err(|refusal| {
                    anyhow::anyhow!("the endpoint's secret: {}", refusal.reason)
                })?;
            }
            let now = desk.clock.now().wall;
            let (endpoint, token) = desk
                .store
                .add_endpoint(shop, kind, name, secret, now)
                .await?;
            let address = desk.config.hook_address(&endpoint.kind, token.reveal());
            show(endpoint, address, "added", json)
        }
        EndpointTask::Rotate { endpoint, json } => {
            let now = desk.clock.now().wall;
            let (endpoint, token) = desk.store.rotate_endpoint(endpoint, now).await?;
            let address = desk.config.hook_address(&endpoint.kind, token.reveal());
            show(endpoint, address, "given another address", json)?;
            if json {
                return Ok(());
            }
            words::line("The older ones are good until `tillcode-hub endpoint retire`.")
        }
        EndpointTask::Retire { endpoint, json } => {
            let now = desk.clock.now().wall;
            retired(&desk.store.retire_addresses(endpoint, now).await?, json)
        }
        EndpointTask::List { json } => list(&desk.store.endpoints().await?, json),
    }
}

fn no_such(kind: &str) -> anyhow::Error {
    let kinds: Vec<_> = CODECS.iter().map(|codec| codec.kind()).collect();
    anyhow::anyhow!(
        "there is no kind {kind:?} of payment account: use one of {}",
        kinds.join(", ")
    )
}

fn show(endpoint: EndpointRow, address: String, done: &str, json: bool) -> anyhow::Result<()> {
    if json {
        return words::json(&Added { endpoint, address });
    }
    let EndpointRow {
        shop, kind, name, ..
    } = &endpoint;
    words::line(&format!("{shop}: {name} ({kind}) is {done}."))?;
    words::line("Terminals get addresses of their own. For the account's own console:")?;
    words::line(&address)?;
    words::line("It is shown only now. Whoever knows it can post in the account's name.")
}

fn retired(retired: &Retirement, json: bool) -> anyhow::Result<()> {
    if json {
        return words::json(retired);
    }
    let EndpointRow { shop, name, .. } = &retired.endpoint;
    let less = match retired.retired {
        1 => "1 older address".to_owned(),
        count => format!("{count} older addresses"),
    };
    words::line(&format!("{shop}: {name} has {less} less."))?;
    for terminal in &retired.waiting_for {
        words::line(&format!(
            "{terminal} has not got another one yet: start it once, then repeat this."
        ))?;
    }
    Ok(())
}

fn list(endpoints: &[EndpointRow], json: bool) -> anyhow::Result<()> {
    if json {
        return words::json(&endpoints);
    }
    for row in endpoints {
        let signed = if row.is_signed {
            "signed"
        } else {
            "not signed"
        };
        words::line(&format!(
            "{}  {}  {} ({}), {signed}",
            row.id, row.shop, row.name, row.kind
        ))?;
    }
    Ok(())
}

/// The first line of a file.
fn secret(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .with_context(|| format!("the secret's file {shown} cannot be read"))?
        .len();
    anyhow::ensure!(
        size <= SECRET_BYTES_MAX,
        "the secret's file {shown} is too large: it holds the secret and nothing else"
    );
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the secret's file {shown} cannot be read"))?;
    let secret = text.trim();
    anyhow::ensure!(!secret.is_empty(), "the secret's file {shown} is empty");
    Ok(secret.to_owned())
}
