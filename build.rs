//! Tells the program which commit it was built from, for `--version`.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
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
