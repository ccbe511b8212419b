//! A hub on a free port, and plain requests to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes, so that a mistake ends the test and not the day.
const PATIENCE: Duration = Duration::from_mins(1);

/// A hub's database, and a folder for what is beside it.
pub(crate) struct Place {
    folder: TempDir,
    database: String,
}

/// `tillcode-hub serve`, until it is dropped.
pub(crate) struct HubProcess {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("hub.sqlite3").display());
        Self { folder, database }
    }

    /// On a database that is there, or in a folder of the test's own.
    pub(crate) fn at(database: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, database }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One of the owner's commands.
    pub(crate) fn command(&self, args: &[&str]) -> std::process::Output {
        Command::new(env!("CARGO_BIN_EXE_tillcode-hub"))
            .args(args)
            .args(["--database", &self.database])
            .current_dir(self.folder())
            .output()
            .unwrap()
    }

    /// One that has to work and prints JSON.
    pub(crate) fn told(&self, args: &[&str]) -> Value {
        let output = self.command(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(crate) fn serve(&self) -> HubProcess {
        self.serve_at("127.0.0.1:0")
    }

    /// At an address that it had before.
    pub(crate) fn serve_at(&self, listen: &str) -> HubProcess {
        let hub = Command::new(env!("CARGO_BIN_EXE_tillcode-hub"));
        self.serve_by(hub, listen).unwrap()
    }

    /// By a command that becomes a hub; what it left where it ended before it served.
    pub(crate) fn serve_by(
        &self,
        mut hub: Command,
        listen: &str,
    ) -> Result<HubProcess, ExitStatus> {
        let mut child = hub
            .args(["serve", "--listen", listen, "--database", &self.database])
            .current_dir(self.folder())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        if line.is_empty() {
            return Err(child.wait().unwrap());
        }
        let said: Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap().replace("http://", "");
        Ok(HubProcess { child, address })
    }

    /// Adds an endpoint; gives back the path that a provider posts to.
    pub(crate) fn endpoint(&self, shop: &str, kind: &str) -> String {
        let added = self.told(&["endpoint", "add", "--shop", shop, "--kind", kind, "--json"]);
        path_of(added["address"].as_str().unwrap())
    }

    /// Adds a terminal and lets it join; gives back its token and what it was answered.
    pub(crate) fn terminal(&self, hub: &HubProcess, shop: &str, name: &str) -> (String, Value) {
        let added = self.told(&["terminal", "add", "--shop", shop, "--name", name, "--json"]);
        let digit = char::from(name.bytes().last().unwrap());
        assert!(digit.is_ascii_hexdigit(), "names end with a digit here");
        let token = digit.to_string().repeat(64);
        let body = serde_json::json!({ "code": added["code"], "token": token });
        let joined = hub.post("/v1/pair", &body.to_string());
        assert_eq!(joined.status, 200, "{joined:?}");
        (token, joined.json())
    }
}

/// The path of an address.
pub(crate) fn path_of(address: &str) -> String {
    let rest = address.split_once("://").unwrap().1;
    rest[rest.find('/').unwrap()..].to_owned()
}

impl HubProcess {
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, "", body)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        self.try_ask(method, path, headers, body).unwrap()
    }

    /// An error where the hub is gone.
    pub(crate) fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        );
        // At once: a hub that refuses its headers does not wait for the rest.
        stream.write_all(request.as_bytes())?;
        let answer = read_answer(&mut stream)?;
        documented(method, path, answer.status);
        Ok(answer)
    }

    /// What a terminal has not read yet.
    pub(crate) fn feed(&self, token: &str, query: &str) -> Answer {
        let bearer = format!("Authorization: Bearer {token}\r\n");
        self.ask("GET", &format!("/v1/feed?{query}"), &bearer, "")
    }

    /// Its process.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// As the power goes. Whoever has a connection finds it cut.
    pub(crate) fn crash(&self) {
        Command::new("kill")
            .args(["-KILL", &self.id()])
            .status()
            .unwrap();
    }

    /// As a service manager asks for it.
    pub(crate) fn terminate(&self) {
        Command::new("kill")
            .args(["-TERM", &self.id()])
            .status()
            .unwrap();
    }

    /// As somebody at its keyboard asks who will not wait for proxies; whether it ended well.
    pub(crate) fn stop(self) -> bool {
        self.leave();
        self.terminate();
        self.ended()
    }

    /// Told to stop, and it has heard that.
    pub(crate) fn leave(&self) {
        self.terminate();
        while self.ask("GET", "/readyz", "", "").status != 503 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether it ended well.
    pub(crate) fn ended(mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

/// The hub's own description names every status that any test here sees.
fn documented(method: &str, path: &str, status: u16) {
    let document = include_str!("../../src/hub/server/openapi.json");
    let document: Value = serde_json::from_str(document).unwrap();
    let path = path.split('?').next().unwrap();
    let fits = |template: &&String| {
        let (mut parts, mut named) = (path.split('/'), template.split('/'));
        let same = parts.by_ref().zip(named.by_ref());
        let same = same.filter(|(part, name)| part == name || name.starts_with('{'));
        same.count() == path.split('/').count()
            && template.split('/').count() == path.split('/').count()
    };
    let paths = document["paths"].as_object().unwrap();
    let Some(template) = paths.keys().find(fits) else {
        assert_eq!(status, 404, "{method} {path} is not described");
        return;
    };
    let responses = &paths[template][method.to_lowercase()]["responses"];
    // What hyper answers by itself: no such method, headers beyond their bound.
    let is_described = responses.get(status.to_string()).is_some() || matches!(status, 405 | 431);
    assert!(
        is_described,
        "{method} {template} with {status} is not described"
    );
}

/// Reads until the other side closes.
pub(crate) fn read_answer(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let cut = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "cut off");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length != body.len()) {
        return Err(cut());
    }
    Ok(Answer {
        status: status.ok_or_else(cut)?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

impl Drop for HubProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
