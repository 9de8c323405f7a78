//! Passwords: the rule for new ones, and their hashes.
//!
//! Argon2id with 19 MiB, two passes and one lane, the minimum that OWASP's Password Storage Cheat Sheet asks for. Two are
//! computed at a time, so that memory stays bounded however many sign in at once.

use crate::config::Secret;
use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use zxcvbn::{Score, zxcvbn};

/// The shortest password that is accepted on a page, as NIST SP 800-63B-4 asks of a password that is the only proof.
pub const MIN_CHARS: usize = 15;
const MAX_CHARS: usize = 1024;
/// Hashes that are computed at a time.
const AT_ONCE: usize = 2;

/// How long a password waits for its turn.
const QUEUE_DEADLINE: Duration = Duration::from_secs(4);
const BUSY: Error = Error::Busy("Too many sign in at once. Try again in a moment.");

/// Why a password is not accepted as a new one, as a sentence; `None` if it is.
pub fn rule(password: &Secret) -> Option<String> {
    match password.expose().chars().count() {
        ..MIN_CHARS => Some(format!(
            "It must have {MIN_CHARS} characters or more; a sentence is good."
        )),
        MIN_CHARS..=MAX_CHARS if is_common(password.expose()) => Some(
            "It is among the first that are guessed: a common password, or a pattern. A sentence is better.".into(),
        ),
        MIN_CHARS..=MAX_CHARS => None,
        _ => Some(format!("It must have at most {MAX_CHARS} characters.")),
    }
}

/// Whether about a million guesses find it: lists of common passwords and words, and patterns of them.
fn is_common(password: &str) -> bool {
    zxcvbn(password, &["music", "time", "machine", "spotify"]).score() <= Score::One
}

#[derive(Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// The hash to store.
    pub async fn hash(&self, password: Secret) -> Result<String> {
        self.compute(move || hash(&password)).await
    }

    /// Whether a password is the one with this hash.
    pub async fn verify(&self, password: Secret, hash: String) -> Result<bool> {
        self.compute(move || verify(&password, &hash)).await
    }

    /// The permit goes along: a caller that goes away must not make room for another while the hash is computed.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let permit = timeout(QUEUE_DEADLINE, self.0.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| BUSY)?;
        let computed = spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        computed
            .await
            .map_err(|_| Error::Busy("The password could not be checked. Try again in a moment."))
    }
}

fn hash(password: &Secret) -> String {
    let hash = Argon2::default().hash_password(password.expose().as_bytes());
    hash.expect("the parameters are valid").to_string()
}

fn verify(password: &Secret, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| {
        let verified = Argon2::default().verify_password(password.expose().as_bytes(), &parsed);
        verified.is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_uncommon() {
        let refused = |text: &str| rule(&Secret::new(text)).is_some();

        for common in [
            "short but odd!",
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "spotifyspotifyspotify",
            "qwertyuiopasdfgh",
        ] {
            assert!(refused(common), "{common}");
        }
        for good in ["correct horse battery staple", "ein ganz gewöhnlicher Satz"] {
            assert!(!refused(good), "{good}");
        }
        assert!(refused(&"long ".repeat(300)));
    }

    #[tokio::test]
    async fn the_right_password_is_verified() {
        let passwords = Passwords::default();
        let right = Secret::new("correct horse battery staple");
        let wrong = Secret::new("correct horse battery stable");

        let hash = passwords.hash(right.clone()).await.expect("it is hashed");

        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let verify =
            |password: &Secret, hash: &str| passwords.verify(password.clone(), hash.to_owned());
        assert_eq!(verify(&right, &hash).await.ok(), Some(true));
        assert_eq!(verify(&wrong, &hash).await.ok(), Some(false));
        assert_eq!(verify(&right, "damaged").await.ok(), Some(false));
    }
}
