//! Texts that must not be shown, and the settings that are such texts. They come from the environment alone: the
//! arguments of a process can be read by others.

use argon2::Params;
use argon2::password_hash::phc::PasswordHash;
use std::env;
use url::Url;

/// A text that `Debug` does not show. It has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The key that encrypts what the database must not hold in clear text.
#[derive(Clone, Copy)]
pub struct SecretKey(pub [u8; 32]);

impl SecretKey {
    /// Parses 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut key = [0; 32];
        for (index, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self(key))
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

/// The settings without a flag.
#[derive(Clone, Debug, Default)]
pub struct SecretSettings {
    /// `SECRET_KEY`
    pub key: Option<SecretKey>,
    /// `SPOTIFY_CLIENT_SECRET`
    pub spotify_client_secret: Option<Secret>,
    /// `NOTIFY_URL`, which often contains a token.
    pub notify_url: Option<Secret>,
    /// `OWNER_PASSWORD`
    pub owner_password: Option<OwnerPassword>,
}

/// The password of the owner, or its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerPassword {
    Clear(Secret),
    /// Argon2id, as a PHC string.
    Hash(Secret),
}

impl OwnerPassword {
    /// A shorter one could be guessed. For passwords that are typed on a page more is asked.
    const MIN_CHARS: usize = 8;

    fn parse(text: String) -> Result<Self, String> {
        if text.starts_with("$argon2") {
            return match PasswordHash::new(&text) {
                Ok(hash) if is_usable(&hash) => {
                    Ok(Self::Hash(Secret::new(text)))
                }
                _ => Err("OWNER_PASSWORD must be a password or its argon2id hash, as in $argon2id$v=19$m=19456,t=2,p=1$…".into()),
            };
        }
        match text.chars().count() {
            ..Self::MIN_CHARS => Err(format!(
                "OWNER_PASSWORD must have at least {} characters; 15 or more are better",
                Self::MIN_CHARS
            )),
            _ => Ok(Self::Clear(Secret::new(text))),
        }
    }
}

impl SecretSettings {
    /// Reads the environment. An empty variable counts as unset.
    pub fn of_environment() -> Result<Self, String> {
        let key = match variable("SECRET_KEY")? {
            Some(text) => Some(SecretKey::parse(&text).ok_or(
                "SECRET_KEY must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them",
            )?),
            None => None,
        };
        let spotify_client_secret = variable("SPOTIFY_CLIENT_SECRET")?.map(Secret::new);
        Ok(Self {
            key,
            spotify_client_secret,
            notify_url: notify_url()?,
            owner_password: variable("OWNER_PASSWORD")?
                .map(OwnerPassword::parse)
                .transpose()?,
        })
    }
}

fn notify_url() -> Result<Option<Secret>, String> {
    let Some(text) = variable("NOTIFY_URL")? else {
        return Ok(None);
    };
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            Ok(Some(Secret::new(text)))
        }
        _ => Err("NOTIFY_URL must be http:// or https:// and a host".into()),
    }
}

fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!("{name} must be plain text")),
    }
}

/// An argon2id hash that can be verified, with at most 1 GiB of memory.
fn is_usable(hash: &PasswordHash) -> bool {
    let parameters = Params::try_from(hash);
    hash.algorithm.as_str() == "argon2id"
        && hash.hash.is_some()
        && parameters.is_ok_and(|parameters| parameters.m_cost() <= 1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        let digits = "0123456789abcdefABCDEF".repeat(3);

        assert!(SecretKey::parse(&digits[..64]).is_some());
        for wrong in [
            &digits[..63],
            &digits[..65],
            &"g".repeat(64),
            &"é".repeat(32),
            "",
        ] {
            assert!(SecretKey::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_password_of_the_owner_is_long_enough_or_a_hash() {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b0WkXv5lD0kcKB8sWT8G3dBoDs";

        let parsed = |text: &str| OwnerPassword::parse(text.into());

        assert_eq!(parsed(hash), Ok(OwnerPassword::Hash(Secret::new(hash))));
        let clear = "correct horse battery staple";
        assert_eq!(parsed(clear), Ok(OwnerPassword::Clear(Secret::new(clear))));
        assert!(parsed("short").is_err());
        assert!(parsed("$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCs").is_err());
        assert!(parsed("$argon2id$nonsense").is_err());
        assert!(parsed("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ").is_err());
        assert!(parsed(&hash.replace("m=19456", "m=9999999")).is_err());
    }

    #[test]
    fn debug_does_not_show_a_secret() {
        let settings = SecretSettings {
            key: SecretKey::parse(&"ab".repeat(32)),
            spotify_client_secret: Some(Secret::new("hush")),
            notify_url: None,
            owner_password: Some(OwnerPassword::Clear(Secret::new("hush-hush-hush"))),
        };

        let shown = format!("{settings:?}");

        assert!(!shown.contains("hush") && !shown.contains("171"), "{shown}");
    }
}
