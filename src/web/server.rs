//! Connections: accepting them, letting nobody hold one open for nothing, and ending them well.

use anyhow::Context;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use poem::endpoint::BoxEndpoint;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request, Response};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

/// A request's head must be here by then; a connection that rests as long is closed.
const HEAD: Duration = Duration::from_secs(10);
/// A client that does not take any of its answer for as long has gone.
const READING: Duration = Duration::from_secs(30);
const MAX_HEAD_BYTES: usize = 64 << 10;
/// Who comes after these waits in the system's queue.
const MAX_CONNECTIONS: usize = 2048;
/// Requests on their way get this long to end when the program is told to stop.
const DRAIN: Duration = Duration::from_secs(8);

pub struct Server {
    listener: TcpListener,
    pub address: SocketAddr,
}

impl Server {
    /// Listens on the first address that the machine has.
    pub async fn bind(first: SocketAddr, fallback: Option<SocketAddr>) -> anyhow::Result<Self> {
        let bound = match (TcpListener::bind(first).await, fallback) {
            (Err(_), Some(fallback)) => TcpListener::bind(fallback).await,
            (bound, _) => bound,
        };
        let listener = bound.with_context(|| {
            format!(
                "cannot listen on {first}; if another program does, choose another port with PORT \
                 or --port"
            )
        })?;
        let address = listener
            .local_addr()
            .context("the listener has no address")?;
        // Each connection is an open file, and many a shell allows but a thousand.
        let _ = rlimit::increase_nofile_limit(2 * MAX_CONNECTIONS as u64);
        Ok(Self { listener, address })
    }

    /// Serves until told to stop, then finishes what is on its way.
    pub async fn run(self, app: BoxEndpoint<'static, Response>, stop: impl Future<Output = ()>) {
        let connections = GracefulShutdown::new();
        tokio::select! {
            () = self.accept(Arc::new(app), &connections) => {}
            () = stop => {}
        }
        drop(self.listener);
        if timeout(DRAIN, connections.shutdown()).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
    }

    async fn accept(&self, app: Arc<BoxEndpoint<'static, Response>>, all: &GracefulShutdown) {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let place = places.clone().acquire_owned().await;
            let (stream, peer) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                // Out of files, most likely: the next ones wait until some are closed.
                Err(cause) => {
                    tracing::warn!(%cause, "cannot accept a connection");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            // An answer leaves at once; without this it would wait for the client's acknowledgement.
            let _ = stream.set_nodelay(true);
            let local = LocalAddr(Addr::SocketAddr(self.address));
            let peer = RemoteAddr(Addr::SocketAddr(peer));
            let app = app.clone();
            let service = service_fn(move |request| {
                let request = Request::from((request, local.clone(), peer.clone(), Scheme::HTTP));
                let app = app.clone();
                async move {
                    Ok::<hyper::Response<_>, Infallible>(app.get_response(request).await.into())
                }
            });
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(READING));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .max_buf_size(MAX_HEAD_BYTES)
                .serve_connection(TokioIo::new(Box::pin(stream)), service);
            let served = all.watch(connection);
            tokio::spawn(async move {
                // How a client leaves is its own affair.
                let _ = served.await;
                drop(place);
            });
        }
    }
}
