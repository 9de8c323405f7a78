//! One connection through the proxy.

use super::{Mode, ServerAddress, State};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// Time for the server's reply to arrive before the connection is reset instead.
const REPLY: Duration = Duration::from_millis(300);

/// Forwards until one side closes the connection, or until it is reset.
pub async fn forward(mut client: TcpStream, state: Arc<State>) {
    let _counted = Counted::new(&state.open);
    let _ = client.set_nodelay(true);
    let mut resets = state.resets.subscribe();
    tokio::select! {
        () = connect(&mut client, &state) => {}
        _ = resets.changed() => reset(&client),
    }
}

/// With a linger of zero, closing the connection sends a reset.
fn reset(client: &TcpStream) {
    let _ = client.set_zero_linger();
}

async fn connect(client: &mut TcpStream, state: &State) {
    match &state.server {
        ServerAddress::Socket(path) => match UnixStream::connect(path).await {
            Ok(mut server) => exchange(client, server.split(), state).await,
            Err(_) => reset(client),
        },
        ServerAddress::Tcp(address) => match TcpStream::connect(address).await {
            Ok(mut server) => exchange(client, server.split(), state).await,
            Err(_) => reset(client),
        },
    }
}

async fn exchange(
    client: &mut TcpStream,
    (from_server, to_server): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    state: &State,
) {
    let (last_request, mut last_requests) = watch::channel(false);
    let replies_are_lost = {
        let (from_client, to_client) = client.split();
        let requests = pump(from_client, to_server, state, Some(&last_request));
        let replies = pump(from_server, to_client, state, None);
        tokio::select! {
            () = requests => false,
            () = wait_for(&mut last_requests, |is_sent| *is_sent) => true,
            () = replies => false,
        }
    };
    if replies_are_lost {
        sleep(REPLY).await;
        reset(client);
    }
}

/// Forwards one direction. The requests have a sender that says when the last one was sent.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    state: &State,
    last_request: Option<&watch::Sender<bool>>,
) {
    let mut modes = state.mode.subscribe();
    let mut lost = state.mode.subscribe();
    let mut bytes = vec![0; 16 << 10];
    let is_client = last_request.is_some();
    loop {
        let size = tokio::select! {
            size = from.read(&mut bytes) => size.unwrap_or(0),
            () = wait_for(&mut lost, |mode| *mode == Mode::Lose) => {
                return discard(from, &mut bytes, state, is_client).await;
            }
        };
        if size == 0 {
            return;
        }
        let mode = modes.wait_for(|mode| *mode != Mode::Hold).await;
        let mode = *mode.expect("the state owns the sender");
        match mode {
            Mode::Lose => return discard(from, &mut bytes, state, is_client).await,
            Mode::Delay(time) if !is_client => sleep(time).await,
            _ => {}
        }
        let last_request = last_request.filter(|_| state.takes_reset(&bytes[..size]));
        if to.write_all(&bytes[..size]).await.is_err() {
            return;
        }
        if let Some(last_request) = last_request {
            last_request.send_replace(true);
            return pending().await;
        }
    }
}

/// Returns when the value of the channel fulfils the condition.
async fn wait_for<T>(values: &mut watch::Receiver<T>, condition: impl FnMut(&T) -> bool) {
    let _ = values.wait_for(condition).await;
}

/// Keeps a lost connection open until the client closes it.
async fn discard(
    mut from: impl AsyncRead + Unpin,
    bytes: &mut [u8],
    state: &State,
    is_client: bool,
) {
    if !is_client {
        return pending().await;
    }
    let _counted = Counted::new(&state.lost);
    while from.read(bytes).await.is_ok_and(|size| size > 0) {}
}

/// Increments a counter until it is dropped.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
