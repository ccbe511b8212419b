//! The accept loop. `axum::serve` waits without end for slow and silent clients; here headers have a
//! deadline, connections a number, and a failed accept a pause.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower_service::Service as _;

use super::Hub;
use super::limits::Connected;
use super::peer::Remote;

/// How long headers may take; so long a connection without a request is kept, too.
const HEADERS_DEADLINE: Duration = Duration::from_secs(5);
/// Bytes and number of a request's headers.
const HEADERS_BYTES_MAX: usize = 8 * 1024;
const HEADERS_MAX: usize = 32;
/// Connections in all.
const CONNECTIONS_MAX: usize = 50_000;
/// After a failed accept: the system has no descriptors left, perhaps.
const PAUSE: Duration = Duration::from_millis(100);
/// How long requests that are under way may take at the end.
const GRACE: Duration = Duration::from_secs(15);

/// Serves until a signal, then ends what is under way.
pub(super) async fn serve(
    listener: TcpListener,
    hub: &Arc<Hub>,
    routes: Router,
    close: watch::Sender<bool>,
) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let stop = stopped();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let Ok(counted) = admit(hub, from) else { continue };
                    let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
                    let (routes, closing) = (routes.clone(), hub.closing.clone());
                    connections.spawn(async move {
                        converse(stream, from.ip(), routes, closing).await;
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
    close.send_replace(true);
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
    mut closing: watch::Receiver<bool>,
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
        () = closed(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    drop(closing.wait_for(|closing| *closing).await);
}

async fn answer(
    request: Request<Incoming>,
    from: IpAddr,
    mut routes: Router,
) -> Result<Response<Body>, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Remote(from));
    routes.call(request).await
}

/// The system asks the hub to stop: Ctrl-C, or SIGTERM from a service manager.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                () = interrupted() => {}
            }
            return;
        }
    }
    interrupted().await;
}

async fn interrupted() {
    // Where the system gives no signals, only the end of the process stops it.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
