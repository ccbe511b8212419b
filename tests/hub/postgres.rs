//! A real PostgreSQL for tests, begun by the tests themselves.
//!
//! One server is shared by all tests of a process, each with a database of its own; it ends with the
//! process, even where that is killed: see `postgres.sh`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::skipped::skip;

/// A server of a test's own, until it is dropped.
pub(crate) struct Server {
    folder: PathBuf,
    tools: PathBuf,
    guard: Child,
    databases: AtomicU32,
}

/// The server that tests share; none where PostgreSQL is not installed: then the test is left out.
pub(crate) fn shared(test: &str) -> Option<&'static Server> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    let server = SHARED.get_or_init(Server::start).as_ref();
    if server.is_none() {
        leave_out(test);
    }
    server
}

/// A server that the test may do anything with.
pub(crate) fn own(test: &str) -> Option<Server> {
    let server = Server::start();
    if server.is_none() {
        leave_out(test);
    }
    server
}

fn leave_out(test: &str) {
    skip(test, "PostgreSQL is not installed");
}

/// The newest of Debian's folders, else wherever it is.
fn tools() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let debian = versions.into_iter().flatten().flatten().map(|entry| {
        let version: Option<u32> = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        (version, entry.path().join("bin"))
    });
    let newest = debian
        .filter(|(_, path)| path.join("initdb").exists())
        .max();
    newest.map(|(_, path)| path).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|path| path.join("initdb").exists())
    })
}

/// What makes a command an ordinary user's: PostgreSQL refuses to be run by root.
fn unprivileged(folder: &Path) -> Command {
    let id = |args: &[&str]| {
        let output = Command::new("id").args(args).output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    if id(&["-u"]).1.trim() != "0" {
        return Command::new("sh");
    }
    let user = if id(&["-u", "postgres"]).0 {
        "postgres"
    } else {
        "nobody"
    };
    let group = id(&["-gn", user]).1;
    let owned = Command::new("chown")
        .arg(user)
        .arg(folder)
        .status()
        .unwrap();
    assert!(owned.success());
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={user}"))
        .arg(format!("--regid={}", group.trim()))
        .args(["--clear-groups", "sh"]);
    command
}

impl Server {
    fn start() -> Option<Self> {
        tools().map(Self::with)
    }

    fn with(tools: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let mut guard = unprivileged(&folder)
            .args(["-c", include_str!("postgres.sh"), "postgres"])
            .args([&folder, &tools])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(guard.stdout.take().unwrap());
        lines.read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n", "see {}", folder.display());
        Self {
            folder,
            tools,
            guard,
            databases: AtomicU32::new(0),
        }
    }

    /// A new database's name.
    pub(crate) fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("hub{number}");
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// As it stands in a hub's configuration.
    pub(crate) fn address(&self, database: &str) -> String {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://hub@{folder}/{database}")
    }

    /// One of its own programs, told how to reach it.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.tools.join(name));
        command
            .arg("--username=hub")
            .arg("--host")
            .arg(&self.folder);
        command
    }

    /// What a statement answers.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> String {
        let output = self
            .tool("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .arg("--set=ON_ERROR_STOP=1")
            .args(["--dbname", database, "--command", statement])
            .output()
            .unwrap();
        assert!(output.status.success(), "{statement}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Its log.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Ends it in the middle of everything; it begins anew by itself. Returns once it has ended.
    pub(crate) fn crash(&self, signal: &str) {
        // None where it is just beginning.
        let Some(pid) = self.process() else { return };
        drop(Command::new("kill").args([signal, &pid]).output());
        for _ in 0..1_000 {
            if self.process().as_ref() != Some(&pid) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("PostgreSQL did not end: {}", self.said());
    }

    fn process(&self) -> Option<String> {
        let file = self.folder.join("data").join("postmaster.pid");
        let text = std::fs::read_to_string(file).ok()?;
        text.lines().next().map(str::to_owned)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its standard input is closed before it is waited for.
        drop(self.guard.stdin.take());
        drop(self.guard.wait());
    }
}
