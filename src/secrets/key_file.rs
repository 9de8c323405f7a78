//! The key file beside an SQLite database: 64 hexadecimal digits, readable by its owner alone.

use super::{SecretError, random_bytes};
use crate::config::SecretKey;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The path of the key of this database, as in `music-time-machine.db.key`.
pub fn beside(database: &Path) -> PathBuf {
    let mut path = OsString::from(database);
    path.push(".key");
    path.into()
}

/// Returns the key that was there first if several processes create it at once.
pub fn read_or_create(path: &Path) -> Result<SecretKey, SecretError> {
    match read(path)? {
        Some(key) => Ok(key),
        None => {
            create(path).map_err(|cause| error(path, &cause))?;
            read(path)?.ok_or(SecretError::Unreadable)
        }
    }
}

/// `None` if there is no file.
pub fn read(path: &Path) -> Result<Option<SecretKey>, SecretError> {
    match fs::read_to_string(path) {
        Ok(text) => match SecretKey::parse(text.trim()) {
            Some(key) => Ok(Some(key)),
            None => Err(SecretError::KeyFile {
                path: path.display().to_string(),
                reason: "it does not hold 64 hexadecimal digits".into(),
            }),
        },
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(error(path, &cause)),
    }
}

/// Writes another file first, so that no process reads half a key. A temporary file has the mode 0600.
fn create(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let digits = random_bytes::<32>()
        .map(|byte| format!("{byte:02x}"))
        .concat();
    writeln!(file, "{digits}")?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => Err(failed.error),
        _ => Ok(()),
    }
}

fn error(path: &Path, cause: &io::Error) -> SecretError {
    SecretError::KeyFile {
        path: path.display().to_string(),
        reason: cause.to_string(),
    }
}
