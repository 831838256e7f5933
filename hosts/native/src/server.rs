//! The listening side: connections, limits and the way to an end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tailorbird::Keys;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::exposures::ExposureLog;
use crate::origin::Origin;
use crate::proxy::Proxy;
use crate::snapshot::Snapshots;

/// The most bytes that a head may have, in either direction. hyper reads bodies in pieces of at
/// most this size, too.
pub(crate) const MAX_HEAD_BYTES: usize = 64 * 1024;
/// The most header lines that a head may have.
pub(crate) const MAX_HEAD_LINES: usize = 200;
/// How long a visitor may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long open connections may go on after the signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait after a failed accept: the usual cause is a lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// The shortest time between two looks at the snapshot directory.
const MIN_RELOAD: Duration = Duration::from_millis(50);

/// What [`serve`] is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on; [`bind`] opens it.
    pub listen: SocketAddr,
    /// The shop: scheme and authority, for instance `http://127.0.0.1:8080`.
    pub origin: Uri,
    /// The directory that holds `current` and the snapshots.
    pub snapshots: PathBuf,
    /// What signs the visitor's cookie; `None` when cookies are not signed.
    pub keys: Option<Arc<Keys>>,
    /// Whether to keep pages that a shared cache may keep, so that they need no parsing.
    pub pages: bool,
    /// A file to which each changed page appends one line of JSON.
    pub exposures: Option<PathBuf>,
    /// How often to look for a new snapshot; 2 seconds are usual.
    pub reload: Duration,
}

/// Why the proxy could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The origin is not a scheme and an authority.
    #[error(
        "the origin must be a scheme and an authority like http://127.0.0.1:8080, found {found:?}"
    )]
    Origin {
        /// What was given.
        found: String,
    },
    /// The origin wants HTTPS and this build has none.
    #[error(
        "the origin {origin} needs HTTPS: build with `--features tls`, or put a TLS proxy before it"
    )]
    NoTls {
        /// The origin that was asked for.
        origin: Uri,
    },
    /// The file for exposures cannot be opened.
    #[error("cannot append exposures to {}: {source}", path.display())]
    Exposures {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Opens the address to listen on.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(listen)
        .await
        .map_err(|source| ServeError::Listen {
            address: listen,
            source,
        })
}

/// Serves until `shutdown` is ready; then lets open requests come to their end for up to ten
/// seconds.
///
/// # Errors
///
/// Only for what is wrong with `options`. A missing or damaged snapshot is no error: pages then go
/// through unchanged, and standard error says why.
pub async fn serve(
    options: Options,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let snapshots = Arc::new(Snapshots::open(
        options.snapshots,
        options.keys,
        options.pages,
    ));
    let proxy = Arc::new(Proxy {
        origin: Origin::new(&options.origin)?,
        snapshots: Arc::clone(&snapshots),
        exposures: ExposureLog::open(options.exposures)?,
    });

    let reload = options.reload.max(MIN_RELOAD);
    let watcher = tokio::spawn(async move {
        loop {
            tokio::time::sleep(reload).await;
            let snapshots = Arc::clone(&snapshots);
            // A panic in there is reported by the task itself; the engine in use stays.
            let _ = tokio::task::spawn_blocking(move || snapshots.refresh()).await;
        }
    });

    // Each connection holds a receiver: it hears of the end, and its drop tells that it is done.
    let (stop, stopped) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connect(stream, &proxy, stopped.clone()),
                Err(error) => {
                    eprintln!("tailorbird: cannot accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    watcher.abort();
    drop((listener, stopped));
    let _ = stop.send(());
    if tokio::time::timeout(DRAIN_TIMEOUT, stop.closed())
        .await
        .is_err()
    {
        eprintln!("tailorbird: stopped before every request had come to its end");
    }
    Ok(())
}

fn connect(stream: TcpStream, proxy: &Arc<Proxy>, mut stop: watch::Receiver<()>) {
    // Without this, the small writes of a streamed page wait for the visitor's acknowledgements.
    let _ = stream.set_nodelay(true);
    let proxy = Arc::clone(proxy);
    let service = service_fn(move |request| {
        let proxy = Arc::clone(&proxy);
        async move { Ok::<_, Infallible>(proxy.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEAD_LINES)
        .preserve_header_case(true)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::spawn(async move {
        let mut connection = pin!(connection);
        // Errors here are visitors who left and origins that stopped: both have been dealt with.
        tokio::select! {
            _ = &mut connection => {}
            _ = stop.changed() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    });
}
