//! Encryption of the secrets that the database keeps: tokens, and the verifiers of pending authorizations.
//!
//! XChaCha20-Poly1305 with a random nonce. The purpose of a secret is authenticated with it, so a ciphertext copied to
//! another column cannot be opened. The key is `SECRET_KEY`, or a file beside an SQLite database.

mod key_file;

use crate::config::{DatabaseUrl, Secret, SecretKey};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

const NONCE_BYTES: usize = 24;
/// The version of the format, before the nonce and the ciphertext in base64.
const VERSION: &str = "1:";

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    AccessToken,
    RefreshToken,
    Verifier,
}

/// An encrypted secret, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The key is lost or is another one, or the ciphertext was changed.
    #[error("the key that encrypted the tokens is not the present one; connect again")]
    Unreadable,
    /// PostgreSQL without `SECRET_KEY`.
    #[error(
        "SECRET_KEY must be set before connecting: 64 hexadecimal digits, as `openssl rand -hex 32` prints them"
    )]
    NoKey,
    /// The key file cannot be read or created.
    #[error("the key file {path} cannot be used: {reason}")]
    KeyFile { path: String, reason: String },
}

/// Encrypts and decrypts with the program's key.
#[derive(Clone, Debug)]
pub struct Secrets(KeySource);

#[derive(Clone, Debug)]
enum KeySource {
    Setting(SecretKey),
    /// Beside an SQLite database. Created when the first secret is encrypted.
    File(PathBuf),
    None,
}

impl Secrets {
    pub fn new(key: Option<SecretKey>, database: &DatabaseUrl) -> Self {
        Self(match (key, database.sqlite_file()) {
            (Some(key), _) => KeySource::Setting(key),
            (None, Some(file)) => KeySource::File(key_file::beside(&file)),
            (None, None) => KeySource::None,
        })
    }

    /// Encrypts a secret. Creates the key file if there is none.
    pub fn seal(&self, purpose: Purpose, secret: &Secret) -> Result<Sealed, SecretError> {
        let key = match &self.0 {
            KeySource::Setting(key) => *key,
            KeySource::File(path) => key_file::read_or_create(path)?,
            KeySource::None => return Err(SecretError::NoKey),
        };
        let nonce: [u8; NONCE_BYTES] = random_bytes();
        let payload = Payload {
            msg: secret.expose().as_bytes(),
            aad: purpose.context(),
        };
        let ciphertext = XChaCha20Poly1305::new(&key.0.into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a token is shorter than 256 GB");
        let bytes = [&nonce[..], &ciphertext].concat();
        let text = BASE64_STANDARD_NO_PAD.encode(bytes);
        Ok(Sealed(format!("{VERSION}{text}")))
    }

    /// Decrypts a secret that was encrypted for the same purpose.
    pub fn open(&self, purpose: Purpose, sealed: &Sealed) -> Result<Secret, SecretError> {
        let key = match &self.0 {
            KeySource::Setting(key) => *key,
            KeySource::File(path) => key_file::read(path)?.ok_or(SecretError::Unreadable)?,
            KeySource::None => return Err(SecretError::NoKey),
        };
        decrypt(key, purpose, &sealed.0).ok_or(SecretError::Unreadable)
    }
}

fn decrypt(key: SecretKey, purpose: Purpose, text: &str) -> Option<Secret> {
    let bytes = BASE64_STANDARD_NO_PAD
        .decode(text.strip_prefix(VERSION)?)
        .ok()?;
    let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: ciphertext,
        aad: purpose.context(),
    };
    let plain = XChaCha20Poly1305::new(&key.0.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .ok()?;
    String::from_utf8(plain).ok().map(Secret::new)
}

impl Purpose {
    fn context(self) -> &'static [u8] {
        match self {
            Self::AccessToken => b"access token",
            Self::RefreshToken => b"refresh token",
            Self::Verifier => b"verifier",
        }
    }
}

impl Sealed {
    /// A value from the database.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The value for the database.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// 256 random bits in 43 characters that a URL, a cookie and a PKCE verifier may contain.
pub fn random() -> Secret {
    Secret::new(BASE64_URL_SAFE_NO_PAD.encode(random_bytes::<32>()))
}

/// 128 random bits in hexadecimal, for what has to be named and is no secret.
pub fn random_id() -> String {
    hexadecimal(&random_bytes::<16>())
}

/// A token that people copy from the log: 140 random bits in 28 letters and digits that are not mistaken for others, in
/// groups.
pub fn random_set_up_token() -> Secret {
    const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    let characters = random_bytes::<28>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let groups = characters
        .chunks(7)
        .map(|group| group.iter().collect::<String>());
    Secret::new(format!(
        "mtm-setup-{}",
        groups.collect::<Vec<_>>().join("-")
    ))
}

/// SHA-256 in hexadecimal, for secrets that only have to be recognized.
pub fn hash(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

#[cfg(test)]
mod tests;
