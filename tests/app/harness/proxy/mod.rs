//! A TCP proxy between the program and PostgreSQL, which injects faults.

mod connection;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Pass,
    /// Delays each reply of the server.
    Delay(Duration),
    /// Refuses new connections.
    Refuse,
    /// Accepts connections and holds all bytes back until the mode changes.
    Hold,
    /// Accepts connections and forwards nothing. Connections that were open in this mode stay open
    /// and dead for ever.
    Lose,
}

pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    server: ServerAddress,
    mode: watch::Sender<Mode>,
    /// Counts the calls of [`Proxy::reset_all`].
    resets: watch::Sender<u32>,
    open: AtomicUsize,
    lost: AtomicUsize,
    /// The reply to the first message that contains this text is replaced by a reset.
    reset_reply_to: Mutex<Option<String>>,
}

enum ServerAddress {
    Socket(PathBuf),
    Tcp(String),
}

impl Proxy {
    /// Forwards to the server of this database URL.
    pub async fn start(server: &str, mode: Mode) -> Self {
        let state = Arc::new(State {
            server: ServerAddress::of(&Url::parse(server).expect("a URL")),
            mode: watch::Sender::new(mode),
            resets: watch::Sender::new(0),
            open: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
            reset_reply_to: Mutex::default(),
        });
        let socket = bind("127.0.0.1:0".parse().expect("an address"));
        let address = socket.local_addr().expect("a bound socket has an address");
        tokio::spawn(accept(state.clone(), socket));
        Self { address, state }
    }

    /// The URL of the same database through the proxy.
    pub fn url(&self, database: &str) -> String {
        let mut url = Url::parse(database).expect("a URL");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.address.port())).expect("a port");
        url.set_query(Some("sslmode=disable"));
        url.into()
    }

    pub fn set(&self, mode: Mode) {
        self.state.mode.send_replace(mode);
    }

    /// Resets every open connection.
    pub fn reset_all(&self) {
        self.state.resets.send_modify(|resets| *resets += 1);
    }

    /// Forwards the next message that contains this text, and resets the connection instead of
    /// forwarding the reply.
    pub fn reset_reply_to(&self, text: &str) {
        *self.state.reset_reply_to() = Some(text.into());
    }

    /// Returns whether [`Self::reset_reply_to`] has taken effect.
    pub fn has_reset_reply(&self) -> bool {
        self.state.reset_reply_to().is_none()
    }

    /// Connections from the program, including the lost ones.
    pub fn open(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }

    /// Open connections that are dead because of [`Mode::Lose`].
    pub fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }
}

impl ServerAddress {
    fn of(url: &Url) -> Self {
        let port = url.port().unwrap_or(5432);
        match url.query_pairs().find(|(key, _)| key == "host") {
            Some((_, folder)) => {
                Self::Socket(PathBuf::from(&*folder).join(format!(".s.PGSQL.{port}")))
            }
            None => Self::Tcp(format!("{}:{port}", url.host_str().expect("a host"))),
        }
    }
}

impl State {
    fn reset_reply_to(&self) -> MutexGuard<'_, Option<String>> {
        self.reset_reply_to.lock().expect("no holder panics")
    }

    /// Returns whether the reply to this message is to be replaced by a reset. Only one is.
    fn takes_reset(&self, message: &[u8]) -> bool {
        let contains = |text: &mut String| {
            let mut windows = message.windows(text.len());
            windows.any(|window| window == text.as_bytes())
        };
        self.reset_reply_to().take_if(contains).is_some()
    }
}

/// A bound socket that does not listen: it keeps the port, and connections to it are refused.
fn bind(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("a socket option");
    socket.bind(address).expect("the port is free");
    socket
}

async fn accept(state: Arc<State>, mut socket: TcpSocket) {
    let mut modes = state.mode.subscribe();
    loop {
        let open = modes.wait_for(|mode| *mode != Mode::Refuse).await;
        open.expect("the state owns the sender");
        let listener = socket.listen(1024).expect("the socket is bound");
        let address = listener.local_addr().expect("a listener has an address");
        tokio::select! {
            () = accept_from(&state, &listener) => {}
            _ = modes.wait_for(|mode| *mode == Mode::Refuse) => {}
        }
        drop(listener);
        socket = bind(address);
    }
}

async fn accept_from(state: &Arc<State>, listener: &TcpListener) {
    loop {
        let (client, _) = listener.accept().await.expect("a connection");
        tokio::spawn(connection::forward(client, state.clone()));
    }
}
