//! One request to the hub and its answer as a value. It does not retry, follow a redirect or decide.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::http::{HttpError, Timeouts, classify, client, receive};
use crate::proto::backend::Response;
use crate::proto::backend::url::{Schemes, host_of};
use crate::proto::hub::joined::are_sound;
use crate::proto::hub::{
    ANSWER_BYTES_MAX, CLAIMS_PATH, FEED_PATH, Feed, FeedRequest, HOOKS_PATH, Hook, KnownHooks,
    LINKS_PATH, OPEN_SALES_PATH, OpenSales, PAIR_PATH, Pair, Paired, PublishedLinks, STICKERS_PATH,
    Token,
};
use crate::terminal::step::TestPost;
use crate::terminal::{HubProblem, HubSaid, SendError, TestState, Told};

/// How long a request may take that is answered at once.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    total: Duration::from_secs(15),
};

/// A hub that this till is joined to.
#[derive(Clone, Debug)]
pub struct HubClient {
    address: String,
    token: Token,
    client: reqwest::Client,
}

/// Why the till was not joined.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// No client for the network.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The code is not good, or not any more.
    #[error(
        "the message server does not know this code, or not any more: get a new one from it, they are good for ten minutes and for one till"
    )]
    Code,
    /// Everything else.
    #[error("{0}; then pair again with the same code")]
    Hub(HubProblem),
}

impl HubClient {
    /// Reaches the hub at an address such as `https://hub.example`; plain http only where it says so.
    /// Opens no connection.
    pub fn new(address: &str, token: Token) -> Result<Self, HttpError> {
        Ok(Self {
            address: address.trim_end_matches('/').to_owned(),
            token,
            client: client(Schemes::of_base(address), TIMEOUTS)?,
        })
    }

    /// What follows the cursors of a request.
    pub async fn feed(&self, request: &FeedRequest) -> Result<Feed, HubProblem> {
        let url = format!("{}{FEED_PATH}?{}", self.address, request.to_query());
        let longest = TIMEOUTS
            .total
            .saturating_add(Duration::from_secs(request.wait.into()));
        let asked = self.client.get(url).timeout(longest);
        let answer = exchange(&self.address, self.signed(asked)).await?;
        match answer.status {
            200 => read(&answer),
            409 => Err(HubProblem::OtherHistory(read(&answer)?)),
            _ => Err(problem(&answer)),
        }
    }

    /// Where providers post to, with what is known of it.
    pub async fn hooks(&self, known: &[Hook]) -> Result<Vec<Hook>, HubProblem> {
        let tokens = known.iter().filter_map(Hook::token).collect();
        let asked = self.client.post(format!("{}{HOOKS_PATH}", self.address));
        let asked = json(asked, &KnownHooks { tokens })?;
        let answer = exchange(&self.address, self.signed(asked)).await?;
        let hooks: Vec<Hook> = match answer.status {
            200 => read(&answer)?,
            _ => return Err(problem(&answer)),
        };
        if are_sound(&hooks) {
            Ok(hooks)
        } else {
            Err(foreign(&answer))
        }
    }

    /// Tells it something.
    pub async fn tell(&self, told: &Told) -> Result<HubSaid, HubProblem> {
        match told {
            Told::Links(links) => {
                let links = links.clone();
                self.post(LINKS_PATH, &PublishedLinks { links }).await?;
                Ok(HubSaid::Stored)
            }
            Told::OpenSales(sales) => {
                let sales = sales.clone();
                self.post(OPEN_SALES_PATH, &OpenSales { sales }).await?;
                Ok(HubSaid::Stored)
            }
            Told::Claim(claim) => {
                let answer = self.post(CLAIMS_PATH, claim).await?;
                read(&answer).map(HubSaid::Claimed)
            }
            Told::Stickers(stickers) => {
                let answer = self.post(STICKERS_PATH, stickers).await?;
                read(&answer).map(|heard| HubSaid::Stickers(Box::new(heard)))
            }
        }
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<Response, HubProblem> {
        let asked = self.client.post(format!("{}{path}", self.address));
        let answer = exchange(&self.address, self.signed(json(asked, body)?)).await?;
        match answer.status {
            200 | 204 => Ok(answer),
            _ => Err(problem(&answer)),
        }
    }

    fn signed(&self, asked: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        asked.bearer_auth(self.token.reveal())
    }
}

/// Joins a hub. What was asked has to be on disk before.
pub async fn pair(hub: &str, pair: &Pair) -> Result<Paired, PairError> {
    let hub = hub.trim_end_matches('/');
    let client = client(Schemes::of_base(hub), TIMEOUTS)?;
    let asked = client.post(format!("{hub}{PAIR_PATH}"));
    let asked = json(asked, pair).map_err(PairError::Hub)?;
    let answer = exchange(hub, asked).await.map_err(PairError::Hub)?;
    match answer.status {
        200 => read(&answer).map_err(PairError::Hub),
        // Only a hub says so in JSON; another program has no such path.
        404 if is_json(&answer) => Err(PairError::Code),
        _ => Err(PairError::Hub(problem(&answer))),
    }
}

/// Posts a test notification to where a provider would, as anybody could.
pub async fn test(post: &TestPost) -> TestState {
    let failed = |problem: HubProblem| TestState::Failed(problem.to_string());
    let address = post.address.as_str();
    // Of the address only the host may be repeated.
    let host = host_of(address).unwrap_or_default();
    let client = match client(Schemes::of_base(address), TIMEOUTS) {
        Ok(client) => client,
        Err(error) => return TestState::Failed(error.to_string()),
    };
    let asked = match json(client.post(address), &serde_json::json!({ "test": true })) {
        Ok(asked) => asked,
        Err(problem) => return failed(problem),
    };
    match exchange(&host, asked).await {
        Ok(answer) if answer.status == 200 && is_json(&answer) => TestState::Acknowledged,
        Ok(answer) if answer.status == 401 && is_json(&answer) => TestState::Signed,
        Ok(answer) => failed(problem(&answer)),
        Err(problem) => failed(problem),
    }
}

fn json(
    asked: reqwest::RequestBuilder,
    body: &impl Serialize,
) -> Result<reqwest::RequestBuilder, HubProblem> {
    let body = serde_json::to_vec(body)
        .map_err(|error| HubProblem::Silent(SendError::NotSent(error.to_string())))?;
    let content_type = (reqwest::header::CONTENT_TYPE, "application/json");
    Ok(asked.header(content_type.0, content_type.1).body(body))
}

async fn exchange(address: &str, asked: reqwest::RequestBuilder) -> Result<Response, HubProblem> {
    let answer = asked
        .send()
        .await
        .map_err(|error| classify(address, &error))?;
    let received = receive(address, answer, ANSWER_BYTES_MAX).await?;
    Ok(received.response)
}

fn read<T: DeserializeOwned>(answer: &Response) -> Result<T, HubProblem> {
    serde_json::from_str(&answer.body).map_err(|_not_a_hubs| foreign(answer))
}

fn is_json(answer: &Response) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(&answer.body).is_ok()
}

/// What an answer says that is not the one that was asked for.
fn problem(answer: &Response) -> HubProblem {
    let retry_after_secs = answer
        .header("retry-after")
        .and_then(|secs| secs.parse().ok());
    match answer.status {
        401 | 403 => HubProblem::Refused,
        status @ (429 | 500..=599) => HubProblem::Busy {
            status,
            retry_after_secs,
        },
        _ => foreign(answer),
    }
}

const fn foreign(answer: &Response) -> HubProblem {
    HubProblem::Foreign {
        status: answer.status,
    }
}
