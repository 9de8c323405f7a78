//! Every setting, as a flag and its environment variable. No other module reads the environment.

mod access;
mod secret;
mod spotify;

pub use access::{AccessConfig, Proxies};
pub use secret::{OwnerPassword, Secret, SecretKey, SecretSettings};
pub use spotify::{SpotifyConfig, client_id, is_loopback};

use chrono_tz::Tz;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};
use percent_encoding::percent_decode_str;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use url::Url;

#[derive(Args, Clone)]
#[command(next_help_heading = "Settings (flag or environment variable)")]
pub struct Config {
    /// Where the library is kept: sqlite://FILE (made when missing), or
    /// postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        default_value = "sqlite://music-time-machine.db"
    )]
    database_url: String,

    /// Connections the program holds to the database at most
    #[arg(
        long, global = true, env = "DATABASE_MAX_CONNECTIONS", value_name = "NUMBER",
        default_value = "10", value_parser = max_connections
    )]
    pub database_max_connections: u32,

    /// Address to listen on [default: 127.0.0.1; the wildcard address when PORT comes from the
    /// environment, as it does on a platform]
    #[arg(long, global = true, env = "HOST", value_name = "ADDRESS", value_parser = host)]
    pub host: Option<IpAddr>,

    /// Port to listen on; 0 takes a free one
    #[arg(
        long, global = true, env = "PORT", value_name = "NUMBER",
        default_value = "8080", value_parser = port
    )]
    pub port: u16,

    /// The address under which browsers reach the program: http:// or https:// and a host. Requests for another host
    /// are refused
    #[arg(long, global = true, env = "PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Url>,

    /// Time zone that decides which day is today, as in Europe/Berlin
    #[arg(
        long, global = true, env = "TIME_ZONE", value_name = "ZONE",
        default_value = "UTC", value_parser = time_zone
    )]
    pub time_zone: Tz,

    #[command(flatten)]
    pub spotify: SpotifyConfig,

    #[command(flatten)]
    pub access: AccessConfig,

    #[arg(skip)]
    pub secrets: SecretSettings,

    /// How log lines are written
    #[arg(
        long,
        global = true,
        env = "LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub log_format: LogFormat,

    /// Whether PORT came from the environment, as it does on a platform.
    #[arg(skip)]
    pub on_platform: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Notes which values came from the environment, which the parsed values alone do not contain, and reads the
    /// settings without a flag.
    pub fn with_sources(mut self, matches: &ArgMatches) -> anyhow::Result<Self> {
        self.on_platform = matches.value_source("port") == Some(ValueSource::EnvVariable);
        self.secrets = SecretSettings::of_environment().map_err(anyhow::Error::msg)?;
        Ok(self)
    }

    /// Validated here and not by clap, whose error message would repeat the password.
    pub fn database(&self) -> anyhow::Result<DatabaseUrl> {
        DatabaseUrl::parse(&self.database_url).map_err(anyhow::Error::msg)
    }

    /// The address to listen on, and a fallback for machines without IPv6.
    pub fn addresses(&self) -> (SocketAddr, Option<SocketAddr>) {
        let at = |ip: IpAddr| SocketAddr::new(ip, self.port);
        match (self.host, self.on_platform) {
            (Some(host), _) => (at(host), None),
            (None, false) => (at(Ipv4Addr::LOCALHOST.into()), None),
            (None, true) => (
                at(std::net::Ipv6Addr::UNSPECIFIED.into()),
                Some(at(Ipv4Addr::UNSPECIFIED.into())),
            ),
        }
    }

    /// The whole address of a page, as in `http://127.0.0.1:8080/settings`.
    pub fn page(&self, path: &str) -> Url {
        let local = local_address(self.addresses().0);
        let local = || Url::parse(&format!("http://{local}")).expect("an address is a host");
        let mut url = self.public_url.clone().unwrap_or_else(local);
        url.set_path(path);
        url
    }
}

/// Where browsers on this machine reach a program that listens on an address.
pub fn local_address(address: SocketAddr) -> SocketAddr {
    match address.ip().is_unspecified() {
        true => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        false => address,
    }
}

/// A valid database URL. `Display` and `Debug` leave the password out.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    fn parse(value: &str) -> Result<Self, String> {
        match value.split_once(':') {
            Some(("sqlite", file)) => sqlite(value, file),
            Some(("postgres" | "postgresql", _)) => postgres(value),
            _ => Err("DATABASE_URL must start with sqlite:, postgres:// or postgresql://".into()),
        }
    }

    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    /// The file of an SQLite database.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let file = self.0.strip_prefix("sqlite:")?.trim_start_matches("//");
        let file = file.split('?').next().unwrap_or_default();
        Some(PathBuf::from(
            percent_decode_str(file).decode_utf8_lossy().as_ref(),
        ))
    }

    /// The whole URL, with its password.
    pub fn secret(&self) -> &str {
        &self.0
    }

    pub fn sqlite(file: &std::path::Path) -> Self {
        Self(format!("sqlite://{}", file.display()))
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Url::parse(&self.0) {
            Ok(url) if !self.is_sqlite() => write!(
                formatter,
                "{}://{}{}{}",
                url.scheme(),
                url.host_str().unwrap_or_default(),
                url.port()
                    .map(|port| format!(":{port}"))
                    .unwrap_or_default(),
                url.path()
            ),
            _ => formatter.write_str(&self.0),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{self}")
    }
}

fn sqlite(value: &str, file: &str) -> Result<DatabaseUrl, String> {
    let file = file.trim_start_matches("//");
    if file.split('?').next().is_none_or(str::is_empty) {
        return Err("DATABASE_URL names no file; write sqlite://music-time-machine.db".into());
    }
    if file.contains(":memory:") || file.contains("mode=memory") {
        return Err(
            "DATABASE_URL must name a file: a database in memory would be a different one for \
             each connection. For a throw-away library run: music-time-machine demo"
                .into(),
        );
    }
    Ok(DatabaseUrl(value.into()))
}

fn postgres(value: &str) -> Result<DatabaseUrl, String> {
    // The drivers for Node use a word that sqlx does not know. It means the same as require.
    let known = value.replace("sslmode=no-verify", "sslmode=require");
    Url::parse(&known).map_err(|cause| {
        format!(
            "DATABASE_URL must be postgres://USER:PASSWORD@HOST:PORT/NAME, special characters of \
             the password percent-encoded: {cause}"
        )
    })?;
    Ok(DatabaseUrl(known))
}

fn public_url(value: &str) -> Result<Url, String> {
    let url = Url::parse(value).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
    });
    url.ok_or(
        "PUBLIC_URL must be http:// or https:// and a host, as in https://music.example.org".into(),
    )
}

fn time_zone(value: &str) -> Result<Tz, String> {
    let zone = value.parse();
    zone.map_err(|_| {
        "TIME_ZONE must be a name of the IANA time zone database, as in UTC or Europe/Berlin".into()
    })
}

fn max_connections(value: &str) -> Result<u32, String> {
    match value.parse() {
        Ok(number @ 1..=1000) => Ok(number),
        _ => Err("DATABASE_MAX_CONNECTIONS must be a whole number from 1 to 1000".into()),
    }
}

fn host(value: &str) -> Result<IpAddr, String> {
    if value == "localhost" {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    value
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .map_err(|_| "HOST must be an IP address such as 127.0.0.1, 0.0.0.0 or ::".into())
}

fn port(value: &str) -> Result<u16, String> {
    value
        .parse()
        .map_err(|_| "PORT must be a whole number from 0 to 65535".into())
}
