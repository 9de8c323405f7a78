//! A wire between the program and PostgreSQL that breaks when a test wants it to.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::sleep;
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Pass,
    /// Each answer of the server comes so much later.
    Delay(Duration),
    /// Nobody listens.
    Refuse,
    /// Connections are accepted and nothing is forwarded; what is held back comes when it ends.
    Hold,
    /// The same, but who was connected meanwhile is never heard of again.
    Lose,
}

pub struct Proxy {
    address: std::net::SocketAddr,
    wire: Arc<Wire>,
}

struct Wire {
    server: Server,
    mode: watch::Sender<Mode>,
    /// Each time that all connections are cut it is one more.
    cuts: watch::Sender<u32>,
    open: AtomicUsize,
    /// Of these, the ones that will never be answered.
    lost: AtomicUsize,
    /// The first message that holds this text is the last that is answered: not at all.
    last_words: Mutex<Option<String>>,
}

enum Server {
    Socket(PathBuf),
    Address(String),
}

impl Proxy {
    /// Between the program and the server of this address.
    pub async fn start(server: &str, mode: Mode) -> Self {
        let wire = Arc::new(Wire {
            server: Server::of(&Url::parse(server).expect("a URL")),
            mode: watch::Sender::new(mode),
            cuts: watch::Sender::new(0),
            open: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
            last_words: Mutex::default(),
        });
        let any = "127.0.0.1:0".parse().expect("an address");
        let socket = reserved(any);
        let address = socket.local_addr().expect("it has an address");
        tokio::spawn(accept(wire.clone(), socket));
        Self { address, wire }
    }

    /// The same database by way of the proxy.
    pub fn url(&self, database: &str) -> String {
        let mut url = Url::parse(database).expect("a URL");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.address.port())).expect("a port");
        url.set_query(Some("sslmode=disable"));
        url.into()
    }

    pub fn set(&self, mode: Mode) {
        self.wire.mode.send_replace(mode);
    }

    /// Resets every connection there is.
    pub fn cut(&self) {
        self.wire.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// The next message that holds this text is carried out, but its answer is a reset.
    pub fn cut_reply_to(&self, text: &str) {
        *self.wire.last_words() = Some(text.into());
    }

    /// Whether that has happened.
    pub fn has_cut_reply(&self) -> bool {
        self.wire.last_words().is_none()
    }

    /// Connections that the program holds.
    pub fn open(&self) -> usize {
        self.wire.open.load(Ordering::SeqCst)
    }

    /// Those of them on which it will never be answered.
    pub fn lost(&self) -> usize {
        self.wire.lost.load(Ordering::SeqCst)
    }
}

impl Server {
    fn of(url: &Url) -> Self {
        let port = url.port().unwrap_or(5432);
        match url.query_pairs().find(|(key, _)| key == "host") {
            Some((_, folder)) => {
                Self::Socket(PathBuf::from(&*folder).join(format!(".s.PGSQL.{port}")))
            }
            None => Self::Address(format!("{}:{port}", url.host_str().expect("a host"))),
        }
    }
}

impl Wire {
    fn last_words(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.last_words
            .lock()
            .expect("nobody panics while holding it")
    }

    fn are_last_words(&self, bytes: &[u8]) -> bool {
        let mut last = self.last_words();
        let said = last.as_ref().is_some_and(|text| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        });
        if said {
            *last = None;
        }
        said
    }
}

/// One more, as long as it lives.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn in_(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A port that is ours, though nobody listens: who connects is refused.
fn reserved(address: std::net::SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("a socket");
    socket.bind(address).expect("the port is free");
    socket
}

async fn accept(wire: Arc<Wire>, mut socket: TcpSocket) {
    let mut modes = wire.mode.subscribe();
    loop {
        let open = modes.wait_for(|mode| *mode != Mode::Refuse).await;
        open.expect("the sender is in the wire");
        let listener = socket.listen(1024).expect("it can listen");
        let address = listener.local_addr().expect("it has an address");
        tokio::select! {
            () = accept_from(&wire, &listener) => {}
            _ = modes.wait_for(|mode| *mode == Mode::Refuse) => {}
        }
        drop(listener);
        socket = reserved(address);
    }
}

async fn accept_from(wire: &Arc<Wire>, listener: &TcpListener) {
    loop {
        let (client, _) = listener.accept().await.expect("a connection");
        let wire = wire.clone();
        tokio::spawn(async move {
            let _counted = Counted::in_(&wire.open);
            carry(client, &wire).await;
        });
    }
}

/// One connection, until one of the two ends it or it is cut.
async fn carry(mut client: TcpStream, wire: &Wire) {
    let _ = client.set_nodelay(true);
    let mut cuts = wire.cuts.subscribe();
    tokio::select! {
        () = to_server(&mut client, wire) => {}
        _ = cuts.changed() => {
            let _ = client.set_zero_linger();
        }
    }
}

async fn to_server(client: &mut TcpStream, wire: &Wire) {
    match &wire.server {
        Server::Socket(path) => match UnixStream::connect(path).await {
            Ok(mut server) => between(client, server.split(), wire).await,
            Err(_) => drop(client.set_zero_linger()),
        },
        Server::Address(address) => match TcpStream::connect(address).await {
            Ok(mut server) => between(client, server.split(), wire).await,
            Err(_) => drop(client.set_zero_linger()),
        },
    }
}

async fn between(
    client: &mut TcpStream,
    (from_server, to_server): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    wire: &Wire,
) {
    let (last_words, mut silenced) = watch::channel(false);
    let reset = {
        let (from_client, to_client) = client.split();
        let asking = pump(from_client, to_server, wire, Some(&last_words));
        let answering = pump(from_server, to_client, wire, None);
        tokio::select! {
            () = asking => false,
            // The answer is on its way by then, and is what is lost.
            _ = async { silenced.wait_for(|said| *said).await.map(drop) } => {
                sleep(Duration::from_millis(300)).await;
                true
            }
            () = answering => false,
        }
    };
    if reset {
        let _ = client.set_zero_linger();
    }
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    wire: &Wire,
    asking: Option<&watch::Sender<bool>>,
) {
    let mut modes = wire.mode.subscribe();
    let mut lost = wire.mode.subscribe();
    let mut bytes = vec![0; 16 << 10];
    loop {
        let size = tokio::select! {
            size = from.read(&mut bytes) => size.unwrap_or(0),
            _ = async { lost.wait_for(|mode| *mode == Mode::Lose).await.map(drop) } => {
                return swallow(from, &mut bytes, wire, asking.is_some()).await;
            }
        };
        if size == 0 {
            return;
        }
        let mode = modes.wait_for(|mode| *mode != Mode::Hold).await;
        let mode = *mode.expect("the sender is in the wire");
        match (mode, asking) {
            (Mode::Lose, _) => return swallow(from, &mut bytes, wire, asking.is_some()).await,
            (Mode::Delay(time), None) => sleep(time).await,
            _ => {}
        }
        let last = asking.filter(|_| wire.are_last_words(&bytes[..size]));
        if to.write_all(&bytes[..size]).await.is_err() {
            return;
        }
        if let Some(last) = last {
            last.send_replace(true);
            return std::future::pending().await;
        }
    }
}

/// Until the client goes; nobody tells it that the server has gone.
async fn swallow(mut from: impl AsyncRead + Unpin, bytes: &mut [u8], wire: &Wire, is_client: bool) {
    if !is_client {
        return std::future::pending().await;
    }
    let _counted = Counted::in_(&wire.lost);
    while from.read(bytes).await.is_ok_and(|size| size > 0) {}
}
