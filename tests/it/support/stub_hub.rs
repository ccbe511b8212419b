//! A hub in a few lines: it takes one pairing code and notifications, and serves a feed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::json;
use tillcode::domain::time::Timestamp;
use tillcode::io::clock::Clock;
use tillcode::proto::backend::Verdict;
use tillcode::proto::hub::feed::OtherHistory;
use tillcode::proto::hub::{
    Feed, FeedRequest, Hook, Item, LinkAddress, Notification, Page, Pair, Paired, Scope, Token,
    What,
};
use uuid::Uuid;

use super::shop::PATIENCE;

/// The code that is good.
pub(crate) const CODE: &str = "K7QF-2M9X-RTPA";
/// The endpoint's token.
const ENDPOINT: &str = "e5";

/// What it knows.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// The token of the till that joined.
    pub(crate) token: Option<Token>,
    pub(crate) own: Vec<Item>,
    pub(crate) shop: Vec<Item>,
    /// Every question for the feed, in order.
    pub(crate) asked: Vec<FeedRequest>,
    /// How often somebody joined.
    pub(crate) pairings: usize,
    /// The next answers to pairings are lost on their way.
    pub(crate) lose_pairings: usize,
    is_over: bool,
}

#[derive(Debug)]
struct Shared {
    books: Mutex<Books>,
    news: Condvar,
    address: String,
    clock: Clock,
}

/// Serves until it is dropped.
pub(crate) struct StubHub(Arc<Shared>);

impl StubHub {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            books: Mutex::default(),
            news: Condvar::new(),
            address,
            clock: Clock::start(),
        });
        let serving = Arc::clone(&shared);
        spawn(move || {
            for stream in listener.incoming() {
                if serving.books.lock().unwrap().is_over {
                    return;
                }
                let serving = Arc::clone(&serving);
                // A till that was killed breaks off in the middle.
                spawn(move || drop(serving.serve(&stream.unwrap())));
            }
        });
        Self(shared)
    }

    /// Scheme, host and port.
    pub(crate) fn address(&self) -> &str {
        &self.0.address
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.0.books.lock().unwrap()
    }

    /// Changes what it knows, and wakes those who wait for it.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Books)) {
        change(&mut self.books());
        self.0.news.notify_all();
    }

    /// Waits until something holds.
    pub(crate) fn until(&self, what: &str, is: impl Fn(&Books) -> bool) {
        let goes_on = |books: &mut Books| !is(books);
        let waited = self
            .0
            .news
            .wait_timeout_while(self.books(), PATIENCE, goes_on);
        let (books, timeout) = waited.unwrap();
        assert!(
            !timeout.timed_out(),
            "{what} did not come: {:?}",
            books.asked
        );
    }
}

impl Drop for StubHub {
    fn drop(&mut self) {
        self.change(|books| books.is_over = true);
        drop(TcpStream::connect(
            self.address().trim_start_matches("http://"),
        ));
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) {
    let builder = std::thread::Builder::new().name("stub hub".to_owned());
    drop(builder.spawn(work).unwrap());
}

struct Question {
    line: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> std::io::Result<Question> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length");
    let length = length.map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Question {
        line,
        headers,
        body,
    })
}

impl Shared {
    fn serve(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let question = read(stream)?;
        let path = question.line.split(' ').nth(1).unwrap_or("").to_owned();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let (status, body) = if path == "/v1/pair" {
            match self.pair(&question) {
                Some(answer) => answer,
                // The answer is lost.
                None => return Ok(()),
            }
        } else if let Some(last) = path.strip_prefix(&format!("/hooks/4pay/{ENDPOINT}/")) {
            self.hook(last, &question)
        } else if !self.knows(&question) {
            (401, json!({ "error": "who is this?" }).to_string())
        } else if path == "/v1/hooks" {
            (200, serde_json::to_string(&self.hooks()).unwrap())
        } else {
            self.feed(query)
        };
        write!(
            stream,
            "HTTP/1.1 {status} It is so\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    fn knows(&self, question: &Question) -> bool {
        let books = self.books.lock().unwrap();
        let bearer = question.headers.get("authorization");
        let token = books
            .token
            .as_ref()
            .map(|token| format!("Bearer {}", token.reveal()));
        token.is_some() && bearer == token.as_ref()
    }

    fn hooks(&self) -> Vec<Hook> {
        vec![Hook {
            kind: "4pay".to_owned(),
            name: "main".to_owned(),
            endpoint: Uuid::from_u128(5),
            address: format!("{}/hooks/4pay/{ENDPOINT}", self.address),
        }]
    }

    fn pair(&self, question: &Question) -> Option<(u16, String)> {
        let asked: Pair = serde_json::from_slice(&question.body).unwrap();
        let mut books = self.books.lock().unwrap();
        let is_same = books
            .token
            .as_ref()
            .is_none_or(|token| *token == asked.token);
        if asked.code.to_string() != CODE || !is_same {
            return Some((404, json!({ "error": "no such code" }).to_string()));
        }
        books.token = Some(asked.token);
        books.pairings += 1;
        if books.lose_pairings > 0 {
            books.lose_pairings -= 1;
            return None;
        }
        let paired = Paired {
            terminal: Uuid::from_u128(9),
            name: "Till 2".to_owned(),
            shop: "Corner shop".to_owned(),
            hooks: self.hooks(),
        };
        Some((200, serde_json::to_string(&paired).unwrap()))
    }

    fn hook(&self, last: &str, question: &Question) -> (u16, String) {
        let address: LinkAddress = last.parse().unwrap();
        let mut books = self.books.lock().unwrap();
        let stream = match address.scope {
            Scope::Own => &mut books.own,
            Scope::Shop => &mut books.shop,
        };
        let seq = u64::try_from(stream.len()).unwrap() + 1;
        stream.push(Item {
            seq,
            mark: format!("m{seq}"),
            received_at: self.now(),
            what: What::Notification(Notification {
                kind: "4pay".to_owned(),
                endpoint: Uuid::from_u128(5),
                link: Some(address.link),
                token: Some(address.token.hash()),
                verdict: Verdict::Unsigned,
                headers: Vec::new(),
                body: question.body.clone(),
                published: None,
                open_sales: 0,
            }),
        });
        drop(books);
        self.news.notify_all();
        (200, json!({ "success": "true" }).to_string())
    }

    fn now(&self) -> Timestamp {
        self.clock.now().wall
    }

    fn feed(&self, query: &str) -> (u16, String) {
        let values: BTreeMap<&str, &str> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        let asked = FeedRequest {
            after: values["after"].parse().unwrap(),
            mark: values["mark"].to_owned(),
            shop_after: values["shop_after"].parse().unwrap(),
            shop_mark: values["shop_mark"].to_owned(),
            wait: values["wait"].parse().unwrap(),
            register: None,
        };
        let mut books = self.books.lock().unwrap();
        books.asked.push(asked.clone());
        self.news.notify_all();
        let end = self.clock.now().mono_ms + u64::from(asked.wait) * 1_000;
        loop {
            let own = follows(&books.own, asked.after, &asked.mark);
            let shop = follows(&books.shop, asked.shop_after, &asked.shop_mark);
            let (Some(own), Some(shop)) = (&own, &shop) else {
                let which = OtherHistory {
                    own: own.is_none(),
                    shop: shop.is_none(),
                };
                return (409, serde_json::to_string(&which).unwrap());
            };
            let left = Duration::from_millis(end.saturating_sub(self.clock.now().mono_ms));
            let is_empty = own.is_empty() && shop.is_empty();
            if !is_empty || left.is_zero() || books.is_over {
                let page = |items: &Vec<Item>| Page {
                    items: items.clone(),
                    more: false,
                    first: 0,
                };
                let feed = Feed {
                    now: self.now(),
                    own: page(own),
                    shop: page(shop),
                    register: None,
                };
                return (200, serde_json::to_string(&feed).unwrap());
            }
            books = self.news.wait_timeout(books, left).unwrap().0;
        }
    }
}

/// What comes after an item; none where that is not an item of this stream.
fn follows(stream: &[Item], after: u64, mark: &str) -> Option<Vec<Item>> {
    let after = usize::try_from(after).unwrap();
    let is_known = after == 0 || stream.get(after - 1).is_some_and(|item| item.mark == mark);
    is_known.then(|| stream[after..].to_vec())
}
