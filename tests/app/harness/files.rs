//! Files that tests write for the program, and files of the workspace that they read.

use super::TestApp;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The content of a file or of a request body.
pub trait Content {
    fn bytes(self) -> Vec<u8>;
}

impl Content for serde_json::Value {
    fn bytes(self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Content for &serde_json::Value {
    fn bytes(self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Content for String {
    fn bytes(self) -> Vec<u8> {
        self.into_bytes()
    }
}

impl Content for &str {
    fn bytes(self) -> Vec<u8> {
        self.into()
    }
}

impl Content for Vec<u8> {
    fn bytes(self) -> Vec<u8> {
        self
    }
}

impl TestApp {
    /// Writes a file in the folder in which commands run.
    pub fn write(&self, path: &str, content: impl Content) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("the folder is writable");
        fs::write(path, content.bytes()).expect("the folder is writable");
    }
}

pub fn gzip(content: impl Content) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&content.bytes()).expect("a Vec is writable");
    gzip.finish().expect("a Vec is writable")
}

/// A file or folder of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A text file of the workspace.
pub fn workspace_text(path: &str) -> String {
    let path = workspace(path);
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}
