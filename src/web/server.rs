//! The HTTP server: accepts connections, applies timeouts, and drains them at the end.

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

/// The deadline for the head of a request, and for an idle connection.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// The deadline for a client to accept some part of its response.
const WRITE_DEADLINE: Duration = Duration::from_secs(30);
const MAX_HEAD_BYTES: usize = 64 << 10;
/// Further connections wait in the queue of the operating system.
const MAX_CONNECTIONS: usize = 2048;
/// The deadline for requests in progress when the program stops.
const DRAIN: Duration = Duration::from_secs(8);

pub struct Server {
    listener: TcpListener,
    pub address: SocketAddr,
}

impl Server {
    /// Listens on the first address, or on the fallback if the machine does not have the first.
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
        // Each connection is an open file, and the default limit is often 1024.
        let _ = rlimit::increase_nofile_limit(2 * MAX_CONNECTIONS as u64);
        Ok(Self { listener, address })
    }

    /// Serves until `stop` completes, then drains the connections.
    pub async fn run(self, app: BoxEndpoint<'static, Response>, stop: impl Future<Output = ()>) {
        let connections = GracefulShutdown::new();
        tokio::select! {
            () = self.accept(Arc::new(app), &connections) => {}
            () = stop => {}
        }
        drop(self.listener);
        if timeout(DRAIN, connections.shutdown()).await.is_err() {
            tracing::warn!("some requests did not finish in time");
        }
    }

    async fn accept(&self, app: Arc<BoxEndpoint<'static, Response>>, all: &GracefulShutdown) {
        let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let permit = permits.clone().acquire_owned().await;
            let (stream, peer) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                // Most likely the limit of open files is reached.
                Err(cause) => {
                    tracing::warn!(%cause, "cannot accept a connection");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            // Without this a response may wait for the client's acknowledgement.
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
            stream.set_write_timeout(Some(WRITE_DEADLINE));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_DEADLINE)
                .max_buf_size(MAX_HEAD_BYTES)
                .serve_connection(TokioIo::new(Box::pin(stream)), service);
            let served = all.watch(connection);
            tokio::spawn(async move {
                // A client may close its connection at any time.
                let _ = served.await;
                drop(permit);
            });
        }
    }
}
