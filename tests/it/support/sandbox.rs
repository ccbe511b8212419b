//! The simulated provider on a real port, to be stopped and started again, and a shop that uses it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tillcode::config::Config;
use tillcode::io::clock::Clock;
use tillcode::runtime::Shop;
use tillcode::sandbox::Sandbox;
use tillcode::sandbox::shell::{Clock as TimeOf, SharedSandbox, serve};
use tokio::sync::oneshot;

/// The key of the shop's account.
pub(crate) const KEY: &str = "key-that-nobody-may-see-7f3a";

/// One plain request to a host and port; gives back the whole answer.
pub(crate) fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// A file that only we can read, with a key in it.
pub(crate) fn write_key(file: &Path) {
    let mut options = std::fs::OpenOptions::new();
    let options = options.create_new(true).write(true).mode(0o600);
    writeln!(options.open(file).unwrap(), "{KEY}").unwrap();
}

/// `tillcode sandbox` as a process of its own, until it is dropped.
pub(crate) struct SandboxProcess {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl SandboxProcess {
    /// Starts it on a free port.
    pub(crate) fn start(seed: u8) -> Self {
        let mut child = Process::new(env!("CARGO_BIN_EXE_tillcode"))
            .args(["sandbox", "--seed", &seed.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap();
        let address = address.strip_prefix("http://").unwrap().to_owned();
        Self { child, address }
    }

    /// One plain request; gives back the whole answer.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        ask(&self.address, method, path, body)
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A clock that is a minute further with every 50th look: whoever counts requests in a minute counts
/// no more than that.
pub(crate) fn hurried_clock() -> TimeOf {
    let (clock, looks) = (Clock::start(), AtomicI64::new(0));
    Arc::new(move || {
        let minutes = looks.fetch_add(1, Ordering::Relaxed) / 50;
        clock.now().wall.plus_millis(minutes * 60_000)
    })
}

/// The provider.
pub(crate) struct Provider {
    /// Stays the same over restarts.
    pub(crate) port: u16,
    sandbox: SharedSandbox,
    clock: TimeOf,
    serving: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Provider {
    /// Serves on a free port.
    pub(crate) fn start() -> Self {
        let clock = Clock::start();
        Self::start_with(Arc::new(move || clock.now().wall))
    }

    /// The same on a clock of its own.
    pub(crate) fn start_with(clock: TimeOf) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        let mut this = Self {
            port,
            sandbox: Arc::new(Mutex::new(Sandbox::new(&url, [7; 32]))),
            clock,
            serving: None,
        };
        this.serve(listener);
        this
    }

    fn serve(&mut self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let sandbox = Arc::clone(&self.sandbox);
        let clock = Arc::clone(&self.clock);
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let served = serve(listener, sandbox, clock, std::future::pending());
                tokio::select! {
                    served = served => served.unwrap(),
                    // Whether told to or dropped: connections end with the runtime.
                    _ = stopped => {}
                }
            });
        };
        let thread = std::thread::Builder::new().spawn(run).unwrap();
        self.serving = Some((stop, thread));
    }

    /// Ends it, with all connections.
    pub(crate) fn stop(&mut self) {
        if let Some((stop, thread)) = self.serving.take() {
            drop(stop);
            thread.join().unwrap();
        }
    }

    /// Serves again, with all that it had.
    pub(crate) fn resume(&mut self) {
        let listener = std::net::TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.serve(listener);
    }

    /// One plain request; gives back the whole answer.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        ask(&format!("127.0.0.1:{}", self.port), method, path, body)
    }

    /// Where it listens.
    pub(crate) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The configuration of a shop with an account here; its key lies in `folder`.
    pub(crate) fn config_text(&self, folder: &Path) -> String {
        let key = folder.join("4pay.key");
        if !key.exists() {
            write_key(&key);
        }
        format!(
            "[shop]\nname = \"Corner shop\"\n\n\
             [[backend]]\nname = \"main\"\nkind = \"4pay\"\nbase_url = \"http://127.0.0.1:{}\"\n\
             mode = \"test\"\napi_key = {{ file = {:?} }}\n\n\
             [pool]\nper_amount = 1\nopen_amount = 0\namounts = 3\nin_flight = 2\n",
            self.port,
            key.display().to_string()
        )
    }

    /// The same as a shop.
    pub(crate) fn shop(&self, folder: &Path) -> Shop {
        let text = self.config_text(folder);
        let config = Config::parse(&text, "terminal.toml", &BTreeMap::new()).unwrap();
        Shop::Own(Box::new(config))
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}
