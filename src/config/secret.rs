//! Texts that must not be shown, and the settings that are such texts. They come from the environment alone: the
//! arguments of a process can be read by others.

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
    fn debug_does_not_show_a_secret() {
        let settings = SecretSettings {
            key: SecretKey::parse(&"ab".repeat(32)),
            spotify_client_secret: Some(Secret::new("hush")),
            notify_url: None,
        };

        let shown = format!("{settings:?}");

        assert!(!shown.contains("hush") && !shown.contains("171"), "{shown}");
    }
}
