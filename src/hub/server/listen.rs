//! The accept loop. `axum::serve` waits without end for slow and silent clients; here headers have a
//! deadline, connections a number, and a failed accept a pause.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::future::RouteFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower_service::Service as _;

use super::limits::Connected;
use super::peer::Remote;
use super::stop::Stops;
use super::{Hub, Phase};

/// How long headers may take; so long a connection without a request is kept, too.
const HEADERS_DEADLINE: Duration = Duration::from_secs(5);
/// Bytes and number of a request's headers.
const HEADERS_BYTES_MAX: usize = 8 * 1024;
const HEADERS_MAX: usize = 32;
/// Connections in all.
const CONNECTIONS_MAX: usize = 50_000;
/// After a failed accept: the system has no descriptors left, perhaps.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a hub that was told to stop still takes what comes, while `/readyz` says that it will not:
/// twice as long as the packaged proxy takes to ask.
const LEAVING: Duration = Duration::from_secs(2);
/// How long requests that are under way may take at the end. Together with the above less than the
/// packaged unit waits.
const GRACE: Duration = Duration::from_secs(15);

/// Serves until a signal and a little longer, then ends what is under way. A second signal cuts the
/// little short.
pub(super) async fn serve(
    listener: TcpListener,
    hub: &Arc<Hub>,
    routes: Router,
    phases: watch::Sender<Phase>,
    mut stops: Stops,
) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let stop = leave(&phases, &mut stops);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let Ok(counted) = admit(hub, from) else { continue };
                    let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
                    let (routes, phase) = (routes.clone(), hub.phase.clone());
                    connections.spawn(async move {
                        converse(stream, from.ip(), routes, phase).await;
                        drop((counted, place));
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            // Forgets what has ended.
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    phases.send_replace(Phase::Closing);
    hub.wakes.ring_all();
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("some connections were cut off at the end");
    }
}

/// A proxy that is trusted stands for many; whom it names is limited by the requests.
fn admit(hub: &Hub, from: SocketAddr) -> Result<Option<Connected>, TooMany> {
    let address = from.ip().to_canonical();
    if hub.config.trusted_proxies.contains(&address) {
        return Ok(None);
    }
    hub.limits.connect(address.into()).map(Some).ok_or(TooMany)
}

/// An address has as many connections as it may.
struct TooMany;

async fn converse(
    stream: TcpStream,
    from: IpAddr,
    routes: Router,
    mut phase: watch::Receiver<Phase>,
) {
    // Answers are small and whole.
    drop(stream.set_nodelay(true));
    let service = service_fn(move |request| answer(request, from, routes.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_DEADLINE)
        .max_buf_size(HEADERS_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closed(&mut phase) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn closed(phase: &mut watch::Receiver<Phase>) {
    drop(phase.wait_for(|phase| *phase == Phase::Closing).await);
}

/// Until the hub closes: it was told to stop, and proxies had the time to notice.
async fn leave(phases: &watch::Sender<Phase>, stops: &mut Stops) {
    stops.next().await;
    phases.send_replace(Phase::Leaving);
    tokio::select! {
        () = tokio::time::sleep(LEAVING) => {}
        () = stops.next() => {}
    }
}

/// No `async fn`, which would keep the request's place as long as it is answered.
fn answer(request: Request<Incoming>, from: IpAddr, mut routes: Router) -> RouteFuture<Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Remote(from));
    routes.call(request)
}
