//! Tells the program which commit it was built from, for `--version`.

use std::process::Command;

fn main() {
    // This file grows with every commit; where there is none, the build script runs once.
    let log = ".git/logs/HEAD";
    println!("cargo:rerun-if-changed=build.rs");
    if std::path::Path::new(log).exists() {
        println!("cargo:rerun-if-changed={log}");
    }
    println!("cargo:rerun-if-env-changed=SOURCE_VERSION");
    // Platforms that build without the repository name the commit in SOURCE_VERSION.
    let commit = std::env::var("SOURCE_VERSION").ok().or_else(|| {
        let output = Command::new("git")
            .args(["rev-parse", "HEAD"])
            .output()
            .ok()?;
        let commit = String::from_utf8(output.stdout).ok()?;
        output.status.success().then_some(commit)
    });
    let short = commit.as_deref().and_then(|commit| commit.trim().get(..12));
    println!("cargo:rustc-env=COMMIT={}", short.unwrap_or("unknown"));
}
