//! Codes for a whole catalog from the simulated provider, which runs as a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tillcode::config::Config;
use tillcode::domain::catalog::Product;
use tillcode::domain::id::Entropy;
use tillcode::domain::options::Options;
use tillcode::proto::backend::{AccountView, Action, HeaderValue, LinkJob, Next, Request, codec};
use tillcode::runtime::{Handle, Shop, start};
use tillcode::terminal::{Answer, Command, Query, Reply};

use crate::line;
use crate::wanted::{self, AT};

const PRODUCTS: usize = 1_000;
/// Requests that are under way at the same time, on both sides.
const IN_FLIGHT: usize = 4;
/// Rounds, a fresh sandbox and a fresh folder each; the fastest one counts.
const ROUNDS: usize = 3;
/// How often the till is asked whether it is done, and how often at most.
const LOOK: Duration = Duration::from_millis(2);
const LOOKS_MAX: usize = 30_000;
const KEY: &str = "key";

/// `tillcode sandbox` until it is dropped.
struct SandboxProcess(Child, String);

impl SandboxProcess {
    /// On this port; 0 takes a free one.
    fn start(port: u16) -> Self {
        let mut child = Process::new(env!("CARGO_BIN_EXE_tillcode"))
            .args(["sandbox", "--listen", &format!("127.0.0.1:{port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut said).expect("it says where it is");
        let said: serde_json::Value = serde_json::from_str(&said).expect("that is JSON");
        let address = said["listening"].as_str().expect("it is a text").to_owned();
        Self(child, address)
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The fastest of some rounds, in milliseconds.
fn fastest(mut round: impl FnMut() -> f64) -> f64 {
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

pub(crate) fn run() {
    let theirs = fastest(plain_loop);
    let ours = fastest(till);
    line(
        &format!(
            "{PRODUCTS} products get their codes, {IN_FLIGHT} requests under way at most, beside a \
             plain loop of the same requests that keeps nothing"
        ),
        &format!("{ours:.0} ms"),
        &format!("{theirs:.0} ms"),
        Some(theirs / ours),
    );
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

// --- ours -----------------------------------------------------------------------------------------

/// A free port, where nobody listens yet.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it has one").port()
}

fn shop(folder: &Path, port: u16) -> Shop {
    let key = folder.join("key");
    let mut options = std::fs::OpenOptions::new();
    let options = options.create_new(true).write(true).mode(0o600);
    writeln!(options.open(&key).expect("a new file"), "{KEY}").expect("a short text");
    let text = format!(
        "[shop]\nname = \"bench\"\n\n[[backend]]\nname = \"main\"\nkind = \"4pay\"\n\
         base_url = \"http://127.0.0.1:{port}\"\napi_key = {{ file = {:?} }}\n\n\
         [pool]\nper_amount = 0\nopen_amount = 0\namounts = 0\nin_flight = {IN_FLIGHT}\n",
        key.display().to_string()
    );
    let config = Config::parse(&text, "terminal.toml", &BTreeMap::new()).expect("it is right");
    Shop::Own(Box::new(config))
}

/// From the start of a till whose catalog has no codes until all of them are in its database.
fn till() -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let (shop, data) = (shop(folder.path(), port), folder.path().join("data"));
    let open = || start(&shop, &data, &BTreeMap::new()).expect("the till starts");
    // With nobody there to ask.
    let till = open();
    for chunk in crate::products(PRODUCTS).collect::<Vec<_>>().chunks(500) {
        let put = Command::PutProducts {
            products: chunk.to_vec(),
            source: "benchmark".to_owned(),
        };
        let reply = block_on(till.handle().command(put)).expect("the till is there");
        assert!(matches!(reply, Reply::Done), "{reply:?}");
    }
    till.stop();
    let sandbox = SandboxProcess::start(port);
    let began = Instant::now();
    let till = open();
    wait_for_codes(&till.handle());
    let took = began.elapsed().as_secs_f64() * 1e3;
    till.stop();
    let client = reqwest::Client::builder().no_proxy().build();
    let client = client.expect("a client");
    assert_eq!(block_on(held(&client, &sandbox.1)), PRODUCTS);
    took
}

fn wait_for_codes(till: &Handle) {
    let all = u32::try_from(PRODUCTS).expect("it is small");
    let mut last = None;
    for _ in 0..LOOKS_MAX {
        let Answer::Status { status } = block_on(till.query(Query::Status)) else {
            break;
        };
        if status.products_with_code == all && status.waiting_to_send == 0 {
            return;
        }
        last = Some(status);
        std::thread::sleep(LOOK);
    }
    unreachable!("the products did not get their codes: {last:?}");
}

// --- theirs ---------------------------------------------------------------------------------------

/// What the till sends, product for product.
fn requests() -> Vec<Request> {
    let codec = codec("4pay").expect("it is known");
    let options = Options::default();
    let mut entropy = Entropy::new([2; 32]);
    let request = |product: Product| {
        let action = Action::Create {
            link: Box::new(wanted::link(&product, &mut entropy)),
            notify_url: None,
        };
        let next = codec.next(LinkJob {
            action: &action,
            answers: &[],
            account: AccountView {
                shop: "Corner",
                options: &options,
            },
            first_sent: None,
            now: AT,
        });
        let Next::Send(request) = next else {
            unreachable!("a link begins with a request")
        };
        request
    };
    crate::products(PRODUCTS).map(request).collect()
}

/// Sends them all and reads each answer; nothing is kept.
fn plain_loop() -> f64 {
    let sandbox = SandboxProcess::start(0);
    let waiting = Arc::new(Mutex::new(requests()));
    // Fails only where it was installed in an earlier round.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().no_proxy().build();
    let client = client.expect("a client");
    let began = Instant::now();
    block_on(async {
        let lane = || lane(Arc::clone(&waiting), client.clone(), sandbox.1.clone());
        let lanes: Vec<_> = (0..IN_FLIGHT).map(|_| tokio::spawn(lane())).collect();
        for lane in lanes {
            lane.await.expect("the lane comes to its end");
        }
    });
    let took = began.elapsed().as_secs_f64() * 1e3;
    assert_eq!(block_on(held(&client, &sandbox.1)), PRODUCTS);
    took
}

/// Sends one request after the other, as long as some wait.
async fn lane(waiting: Arc<Mutex<Vec<Request>>>, client: reqwest::Client, address: String) {
    loop {
        let next = waiting.lock().expect("no lane fell over").pop();
        let Some(request) = next else { return };
        send(&client, &address, &request).await;
    }
}

/// How many links the sandbox holds.
async fn held(client: &reqwest::Client, address: &str) -> usize {
    let answer = client.get(format!("{address}/sandbox/links")).send().await;
    let body = answer.expect("an answer").bytes().await;
    let links: Vec<serde_json::Value> =
        serde_json::from_slice(&body.expect("the whole answer")).expect("a list");
    links.len()
}

async fn send(client: &reqwest::Client, address: &str, request: &Request) {
    let mut sending = client.post(format!("{address}{}", request.path));
    for (name, value) in &request.headers {
        sending = match value {
            HeaderValue::Text(text) => sending.header(*name, text),
            HeaderValue::Credential(_) => sending.header(*name, KEY),
            HeaderValue::OptionalCredential(_)
            | HeaderValue::Basic { .. }
            | HeaderValue::Bearer => sending,
        };
    }
    let sending = sending.body(request.body.clone().unwrap_or_default());
    let answer = sending.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    let body: serde_json::Value =
        serde_json::from_slice(&answer.bytes().await.expect("the whole answer")).expect("JSON");
    std::hint::black_box(body);
}
