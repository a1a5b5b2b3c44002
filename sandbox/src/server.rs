//! Starting, stopping, and the way of a request through the server.
//!
//! From the outside in: CORS, the request log, a fault if one is to happen, the latency, the rate limits,
//! and then the vendor's dialect, the control API or a file of the console.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::close::{self, Revision};
use crate::db::{Database, Plan};
use crate::faults::{Faults, HangUp};
use crate::genesys::{self, Conflict};
use crate::limits::{self, Limiter, RateLimits};
use crate::log::{Entered, RequestLog};
use crate::stats::Stats;
use crate::tokens::Tokens;
use crate::vendor::Vendor;
use crate::{control, cors, oauth, www};

/// No request of these APIs is anywhere near this large.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// Search criteria may be nested hundreds deep, and whatever walks them needs a stack for it.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// How to run the server. The default is what the binary does without flags, on any free port.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port to listen on; 0 takes any free one.
    pub port: u16,
    /// Address to listen on.
    pub bind: IpAddr,
    /// How many people a new database is filled with, at least two.
    pub people: u32,
    /// How many Close groups a new database is filled with.
    pub groups: u32,
    /// Where the random numbers of the data start.
    pub seed: u64,
    /// Database file, or `:memory:`.
    pub db: String,
    /// Milliseconds every API answer is held back.
    pub latency_ms: u64,
    /// Which of the Close API's revisions to follow.
    pub close_revision: Revision,
    /// Whether groups asked for without `_fields` are answered with only their `id`.
    pub strict_fields: bool,
    /// Largest `_limit` a list accepts.
    pub max_limit: u32,
    /// How many seconds the tokens of a sign-in live, whatever the application's setting is.
    pub oauth_token_seconds: Option<u32>,
    /// How many Genesys groups a new database is filled with.
    pub genesys_groups: u32,
    /// Milliseconds until Genesys carries out what it has accepted.
    pub genesys_lag_ms: u64,
    /// Whether a new Genesys group is unknown for as long.
    pub genesys_lag_create: bool,
    /// What Genesys answers to an update of an older version.
    pub genesys_conflict: Conflict,
    /// Whether CORS keeps pages from reading the headers of Genesys' answers.
    pub genesys_hide_headers: bool,
    /// How many requests the vendors take in a time.
    pub rate_limits: RateLimits,
    /// Folder served at `/`.
    pub www: Option<PathBuf>,
    /// Folder served at `/pkg/`.
    pub pkg: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            port: 0,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            people: 200,
            groups: 12,
            seed: 1,
            db: ":memory:".to_owned(),
            latency_ms: 0,
            close_revision: Revision::R2,
            strict_fields: false,
            max_limit: 100,
            oauth_token_seconds: None,
            genesys_groups: 40,
            genesys_lag_ms: 150,
            genesys_lag_create: false,
            genesys_conflict: Conflict::Status409,
            genesys_hide_headers: false,
            rate_limits: RateLimits::default(),
            www: None,
            pkg: None,
        }
    }
}

/// Why the server did not start. Reads as one line.
#[derive(Debug)]
pub struct StartError(String);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Somebody else's message may have line breaks in it.
        f.write_str(&self.0.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl std::error::Error for StartError {}

/// What every part of the server may need.
#[derive(Debug)]
pub(crate) struct Sandbox {
    pub config: Config,
    pub db: Database,
    pub log: RequestLog,
    pub faults: Faults,
    pub limiter: Limiter,
    pub tokens: Tokens,
    pub stats: Stats,
    pub found: close::Found,
}

/// A server that runs until this value is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    notes: Vec<String>,
    /// Only `None` while being dropped.
    runtime: Option<Runtime>,
}

impl Running {
    /// The port that was really taken.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Where the server is: `http://127.0.0.1:8787`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Things whoever started it should know, such as a database that kept its own data.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Stops the server and closes the database.
    pub fn shutdown(self) {
        drop(self);
    }

    /// Runs until the process is asked to stop, by Ctrl-C or a signal to terminate.
    ///
    /// `ready` is called once such a request would be heard, and not before.
    pub fn run_until_stopped(self, ready: impl FnOnce(&Self)) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(async {
                let stopped = stop_signal();
                ready(&self);
                stopped.await;
            });
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

/// Starts the server on threads of its own.
///
/// # Errors
/// When a folder is missing, the database cannot be used or the port is taken.
pub fn serve(config: Config) -> Result<Running, StartError> {
    for folder in [&config.www, &config.pkg].into_iter().flatten() {
        require_folder(folder)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .map_err(|error| StartError(format!("cannot start threads: {error}")))?;

    // The port comes first: finding it taken should not cost the time of filling a database.
    let wanted = SocketAddr::new(config.bind, config.port);
    let listener = runtime.block_on(TcpListener::bind(wanted)).map_err(|error| {
        StartError(match error.kind() {
            io::ErrorKind::AddrInUse => format!("port {} on {} is in use", config.port, config.bind),
            _ => format!("cannot listen on {wanted}: {error}"),
        })
    })?;
    let address =
        listener.local_addr().map_err(|error| StartError(format!("cannot listen on {wanted}: {error}")))?;

    let plan = Plan {
        people: config.people.max(2),
        groups: config.groups,
        genesys_groups: config.genesys_groups,
        seed: config.seed,
    };
    let (db, stored) = Database::open(&config.db, plan)
        .map_err(|error| StartError(format!("cannot use database {}: {error}", config.db)))?;
    let mut notes = Vec::new();
    if stored != plan {
        notes.push(format!(
            "{} keeps the data it was filled with: {} people, {} groups, {} Genesys groups, seed {}",
            config.db, stored.people, stored.groups, stored.genesys_groups, stored.seed
        ));
    }

    let sandbox = Arc::new(Sandbox {
        limiter: Limiter::new(config.rate_limits),
        config,
        db,
        log: RequestLog::default(),
        faults: Faults::default(),
        tokens: Tokens::default(),
        stats: Stats::default(),
        found: close::Found::default(),
    });
    runtime.spawn(accept(listener, sandbox));
    Ok(Running { address, notes, runtime: Some(runtime) })
}

fn require_folder(folder: &Path) -> Result<(), StartError> {
    if folder.is_dir() { Ok(()) } else { Err(StartError(format!("there is no folder {}", folder.display()))) }
}

/// Begins to listen for signals at once; the future ends when one has come.
#[cfg(unix)]
fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        match signals {
            [Ok(mut interrupted), Ok(mut terminated)] => tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            },
            // The process can still be killed; there is just nothing to wait for.
            _ => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Takes connections. Not `axum::serve`, because a fault may ask to hang up without an answer, and
/// only the connection itself can do that.
async fn accept(listener: TcpListener, sandbox: Arc<Sandbox>) {
    let app = router(sandbox.clone());
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, most likely: wait for some to be closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small answers should not wait for more to say.
        let _ = stream.set_nodelay(true);
        tokio::spawn(talk(stream, app.clone(), sandbox.clone()));
    }
}

/// Serves one connection to its end. While faults may cut one, each serves one request only; see
/// [`Faults::may_cut`].
async fn talk(stream: TcpStream, app: Router, sandbox: Arc<Sandbox>) {
    let mut armed = sandbox.faults.armed();
    let service = hyper::service::service_fn(|request| {
        let answer = app.clone().oneshot(request);
        let faults = &sandbox.faults;
        async move {
            let answer: Result<Response, Infallible> = answer.await;
            let Ok(mut response) = answer;
            if response.extensions().get::<HangUp>().is_some() {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            if faults.may_cut() {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        }
    });
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // A connection that breaks is the client's business, or a fault that was asked for.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = armed.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

fn router(sandbox: Arc<Sandbox>) -> Router {
    let api = Router::new()
        .route("/api/{*path}", any(close::answer))
        .route("/api/v2/{*path}", any(genesys::answer))
        .merge(oauth::router())
        .layer(middleware::from_fn_with_state(sandbox.clone(), limits::enforce))
        .layer(middleware::from_fn_with_state(sandbox.clone(), hold_back));
    let files = www::router(&sandbox.config);
    Router::new()
        .merge(api)
        .merge(control::router())
        .fallback_service(files)
        .layer(middleware::from_fn_with_state(sandbox.clone(), inject_faults))
        .layer(middleware::from_fn_with_state(sandbox.clone(), keep_log))
        .layer(middleware::from_fn_with_state(sandbox.clone(), cors::allow))
        .with_state(sandbox)
}

/// `--latency-ms`.
async fn hold_back(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let pause = sandbox.config.latency_ms;
    if pause > 0 {
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    next.run(request).await
}

/// Lets go wrong what is to go wrong.
async fn inject_faults(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let fired = sandbox.faults.take(&parts);
    let request = Request::from_parts(parts, body);
    let Some((id, fault)) = fired else {
        return next.run(request).await;
    };
    if let Some(entered) = request.extensions().get::<Entered>() {
        sandbox.log.blame(*entered, id);
        sandbox.stats.fault();
    }
    fault.carry_out(&sandbox, request, next).await
}

/// Notes what was asked of the vendors and what came of it.
async fn keep_log(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let vendor = Vendor::of(request.uri().path()).filter(|_| request.method() != Method::OPTIONS);
    let Some(vendor) = vendor else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    // If the client hangs up, this future is dropped in the middle, and the entry says so.
    let entry = sandbox.log.begin(&parts, &body, vendor, &sandbox.stats);
    parts.extensions.insert(entry.entered());
    // Nobody will ask for the body of such an answer.
    let bodiless = parts.method == Method::HEAD;
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.extensions().get::<HangUp>().is_some() {
        entry.cut();
        return response;
    }
    entry.answer(response, bodiless)
}

/// Everything the client sent, unless it is absurdly much.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, Response> {
    axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| {
        json_error(StatusCode::PAYLOAD_TOO_LARGE, "The request's body is too large, or broke off.")
    })
}

/// The plainest error there is: `{"error": "…"}`.
pub(crate) fn json_error(status: StatusCode, text: &str) -> Response {
    json(status, &serde_json::json!({ "error": text }))
}

/// Any JSON answer.
pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [("content-type", "application/json")], body.to_string()).into_response()
}
