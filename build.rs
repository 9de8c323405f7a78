//! Tells the program which commit it was built from, for `--version`, and packs the assets, so that
//! nobody has to when they are asked for.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::{env, io};

const ASSETS: &str = "src/html/assets";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={ASSETS}");
    let packed = Path::new(&env::var("OUT_DIR").expect("cargo says where")).join("packed");
    pack(Path::new(ASSETS), &packed).expect("the assets can be packed");
    commit();
}

/// Every script and stylesheet of a folder, packed, at the same place in the other.
fn pack(folder: &Path, packed: &Path) -> io::Result<()> {
    fs::create_dir_all(packed)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let packed = packed.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            pack(&path, &packed)?;
        } else if path
            .extension()
            .is_some_and(|kind| kind == "js" || kind == "css")
        {
            let mut packer = GzEncoder::new(File::create(packed)?, Compression::best());
            io::copy(&mut File::open(path)?, &mut packer)?;
            packer.finish()?;
        }
    }
    Ok(())
}

fn commit() {
    // This file grows with every commit; where there is none, the build script runs once.
    let log = ".git/logs/HEAD";
    if Path::new(log).exists() {
        println!("cargo:rerun-if-changed={log}");
    }
    println!("cargo:rerun-if-env-changed=SOURCE_VERSION");
    // Platforms that build without the repository name the commit in SOURCE_VERSION.
    let commit = env::var("SOURCE_VERSION").ok().or_else(|| {
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
