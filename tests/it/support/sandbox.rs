//! The simulated provider on a real port, to be stopped and started again, and a shop that uses it.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tillcode::config::Config;
use tillcode::io::clock::Clock;
use tillcode::runtime::Shop;
use tillcode::sandbox::Sandbox;
use tillcode::sandbox::shell::{SharedSandbox, serve};
use tokio::sync::oneshot;

/// The key of the shop's account.
pub(crate) const KEY: &str = "key-that-nobody-may-see-7f3a";

/// The provider.
pub(crate) struct Provider {
    /// Stays the same over restarts.
    pub(crate) port: u16,
    sandbox: SharedSandbox,
    serving: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Provider {
    /// Serves on a free port.
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        let mut this = Self {
            port,
            sandbox: Arc::new(Mutex::new(Sandbox::new(&url, [7; 32]))),
            serving: None,
        };
        this.serve(listener);
        this
    }

    fn serve(&mut self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let sandbox = Arc::clone(&self.sandbox);
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let clock = Clock::start();
                let clock = Arc::new(move || clock.now().wall);
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
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
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

    /// The configuration of a shop with an account here; its key lies in `folder`.
    pub(crate) fn config_text(&self, folder: &Path) -> String {
        let key = folder.join("4pay.key");
        if !key.exists() {
            let mut options = std::fs::OpenOptions::new();
            let mut file = options
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(&key)
                .unwrap();
            writeln!(file, "{KEY}").unwrap();
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
