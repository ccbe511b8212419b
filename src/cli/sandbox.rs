//! `tillcode sandbox`: all simulated providers on one address.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::domain::time::Timestamp;
use crate::sandbox::Sandbox;
use crate::sandbox::shell::{Clock, SharedSandbox, serve, with};

/// How often changes are stored, in milliseconds.
const SAVE_EVERY_MS: u64 = 1_000;

/// Simulates the payment providers, with a page on which each link can be paid. No real money.
#[derive(Clone, Debug, clap::Args)]
pub struct SandboxArgs {
    /// Address and port; port 0 takes a free one, which is printed.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Where payers reach it, if that is not the address it listens on.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// The same number gives the same random parts of ids.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Keeps the links in this file, so that a restart forgets none.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// What goes wrong from the start: a JSON list of rules, as for PUT /sandbox/faults.
    #[arg(long, value_name = "FILE")]
    pub fault: Option<PathBuf>,
}

/// Serves until it is interrupted.
pub fn run(args: &SandboxArgs) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run_async(args))
}

async fn run_async(args: &SandboxArgs) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}: choose another --listen", args.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    let public_url = args.public_url.as_deref().unwrap_or(&address);
    let mut sandbox = Sandbox::new(public_url, Sha256::digest(args.seed.to_be_bytes()).into());
    if let Some(file) = &args.state {
        load(&mut sandbox, file)?;
    }
    if let Some(file) = &args.fault {
        break_as_told(&mut sandbox, file)?;
    }
    let sandbox: SharedSandbox = Arc::new(Mutex::new(sandbox));
    // Before anybody knows that there is something to end.
    let interrupted = interrupted()?;
    writeln!(
        std::io::stdout(),
        "{}",
        serde_json::json!({ "listening": address })
    )?;
    let clock: Clock = Arc::new(wall_clock);
    let serving = serve(listener, Arc::clone(&sandbox), clock, interrupted);
    match &args.state {
        None => serving.await?,
        Some(file) => {
            tokio::select! {
                served = serving => served?,
                stopped = save_changes(&sandbox, file) => stopped?,
            }
            save(&sandbox, file)?;
        }
    }
    Ok(())
}

/// Listens for the word to end from now on; the future is ready once it came.
#[cfg(unix)]
fn interrupted() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens for the word to end; the future is ready once it came.
#[cfg(not(unix))]
fn interrupted() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

fn load(sandbox: &mut Sandbox, file: &Path) -> anyhow::Result<()> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    sandbox.state = serde_json::from_str(&text).with_context(|| {
        let file = file.display();
        format!("{file} is not a sandbox's state: name another file or remove it")
    })?;
    Ok(())
}

/// Takes the rules of a file.
fn break_as_told(sandbox: &mut Sandbox, file: &Path) -> anyhow::Result<()> {
    let place = file.display();
    let rules = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read {place}: name a file of fault rules"))?;
    sandbox
        .set_faults(&rules)
        .map_err(|error| anyhow::anyhow!("{place} is not a list of fault rules: {error}"))
}

/// Stores what changed, until something fails.
async fn save_changes(sandbox: &SharedSandbox, file: &Path) -> anyhow::Result<()> {
    let mut saved = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(SAVE_EVERY_MS)).await;
        let revision = with(sandbox, |sandbox| sandbox.revision);
        if revision != saved {
            save(sandbox, file)?;
            saved = revision;
        }
    }
}

/// Writes beside the file and renames, so that the file is whole at any time.
fn save(sandbox: &SharedSandbox, file: &Path) -> anyhow::Result<()> {
    let text = with(sandbox, |sandbox| serde_json::to_string(&sandbox.state))?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, file))
        .with_context(|| format!("cannot write {}: choose another --state", file.display()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox is a server of its own and shares no clock with a till"
)]
fn wall_clock() -> Timestamp {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let millis = since_1970.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_file_is_optional_whole_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.json");
        let mut sandbox = Sandbox::new("http://127.0.0.1:1", [0; 32]);
        load(&mut sandbox, &file).unwrap();
        let shared: SharedSandbox = Arc::new(Mutex::new(sandbox));
        save(&shared, &file).unwrap();
        with(&shared, |sandbox| load(sandbox, &file)).unwrap();
        std::fs::write(&file, "{\"what\": 1}").unwrap();
        let error = with(&shared, |sandbox| load(sandbox, &file)).unwrap_err();
        assert!(error.to_string().contains("name another file"), "{error}");
    }

    #[test]
    fn the_file_of_faults_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("faults.json");
        let mut sandbox = Sandbox::new("http://127.0.0.1:1", [0; 32]);
        for (text, said) in [
            (None, "cannot read"),
            (Some("{}"), "is not a list of fault rules"),
            (Some(r#"[{"fault":{"status":600}}]"#), "from 300 to 599"),
        ] {
            if let Some(text) = text {
                std::fs::write(&file, text).unwrap();
            }
            let error = break_as_told(&mut sandbox, &file).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        std::fs::write(&file, r#"[{"fault":"portal","times":3}]"#).unwrap();
        break_as_told(&mut sandbox, &file).unwrap();
    }
}
