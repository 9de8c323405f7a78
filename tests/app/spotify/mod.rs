//! The connection to the provider, against a fake on this machine.

mod captures;
mod client;
mod kills;
mod notices;
mod replay;
mod runs;
mod schedule;
mod simulation;
mod store;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use music_time_machine::config::{Config, Secret};
use music_time_machine::demo::spotify::FakeSpotify;
use music_time_machine::spotify::{Authorization, Callback, Consent, Spotify, Tokens};
use url::Url;

pub const CLIENT_ID: &str = "0123456789abcdef0123456789abcdef";
pub const REDIRECT_URI: &str = "http://127.0.0.1:8080/spotify/callback";

/// The settings, with flags of the test's own.
pub fn config(flags: &[&str]) -> Config {
    let line = [&["test"], flags].concat();
    let matches: ArgMatches = Config::augment_args(Command::new("test")).get_matches_from(line);
    Config::from_arg_matches(&matches).expect("the settings are valid")
}

/// A client of the fake.
pub fn client(fake: &FakeSpotify) -> Spotify {
    let origin = fake.origin().as_str();
    let flags = [
        "--spotify-api-url",
        origin,
        "--spotify-accounts-url",
        origin,
    ];
    Spotify::new(&config(&flags)).expect("a client")
}

/// A new authorization, and the code that the owner's consent gives.
pub fn consent(fake: &FakeSpotify, spotify: &Spotify) -> (Authorization, Secret) {
    let redirect_uri = Url::parse(REDIRECT_URI).expect("a URL");
    let authorization = Authorization::new(CLIENT_ID.into(), redirect_uri);
    let back = fake.agree(&spotify.authorize_url(&authorization));
    let back = back.expect("the fake accepts the address");
    let callback = Callback::of_query(back.query().unwrap_or_default()).expect("an answer");
    assert_eq!(callback.state, authorization.state);
    match callback.consent {
        Consent::Given { code } => (authorization, code),
        Consent::Refused { error } => panic!("{error}"),
    }
}

/// The tokens of a new consent.
pub async fn connect(fake: &FakeSpotify, spotify: &Spotify) -> Tokens {
    let (authorization, code) = consent(fake, spotify);
    let tokens = spotify.exchange_code(CLIENT_ID, &code, &authorization.verifier, REDIRECT_URI);
    tokens.await.expect("tokens")
}
