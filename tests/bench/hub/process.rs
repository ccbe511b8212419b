//! The program itself: started on a folder or database of its own, and what the system says of it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Ticks of a second in `/proc`, on every Linux that there is.
const TICKS: u64 = 100;

/// A hub's database.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) database: String,
}

/// `tillcode-hub serve`, until it is dropped.
pub(crate) struct Hub {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// The one that is to be measured; the script names that of a release.
fn program() -> PathBuf {
    let named = std::env::var_os("HUB_PROGRAM").map(PathBuf::from);
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_tillcode-hub").into())
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("hub.sqlite3").display());
        Self { folder, database }
    }

    pub(crate) fn at(database: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, database }
    }

    /// SQLite's file, where it is that.
    pub(crate) fn file(&self) -> Option<&str> {
        self.database.strip_prefix("sqlite:")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(args)
            .args(["--database", &self.database])
            .current_dir(self.folder.path());
        command
    }

    /// One of the owner's commands that prints JSON.
    pub(crate) fn told(&self, args: &[&str]) -> Value {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(crate) fn serve(&self) -> Hub {
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap().replace("http://", "");
        Hub {
            child,
            address: address.parse().unwrap(),
        }
    }
}

impl Hub {
    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
    }

    /// Processor time that it has used.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        let ticks: u64 = fields[11..13]
            .iter()
            .map(|n| n.parse::<u64>().unwrap())
            .sum();
        Duration::from_millis(ticks * 1_000 / TICKS)
    }

    /// Memory that is its own, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let rollup = self.proc("smaps_rollup");
        let line = rollup
            .lines()
            .find(|line| line.starts_with("Pss:"))
            .unwrap();
        let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib * 1_024
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        drop(self.child.wait());
    }
}
