//! Records the commit for `--version`, and prepares the assets that `src/html/assets.rs` embeds: joins the parts of the
//! stylesheet, and compresses scripts and stylesheets.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

const ASSETS: &str = "src/html/assets";
/// The folder of the stylesheet's parts.
const CSS: &str = "css";
/// Any part may override these.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];
/// This part may override any other. The parts between are joined in the order of their names and must not override each
/// other.
const LAST: &str = "print.css";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={ASSETS}");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    prepare_assets(&out).expect("the assets can be read and written");
    commit();
}

fn prepare_assets(out: &Path) -> io::Result<()> {
    for folder in ["assets", "gzip"] {
        // A file that has since been deleted would still be embedded.
        fs::remove_dir_all(out.join(folder)).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
    }
    let assets = Path::new(ASSETS);
    publish_folder(assets, out)?;
    publish(Path::new("app.css"), &stylesheet(&assets.join(CSS))?, out)
}

fn publish_folder(folder: &Path, out: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(ASSETS).expect("the folder is in it");
        if name == Path::new(CSS) {
            continue;
        } else if path.is_dir() {
            publish_folder(&path, out)?;
        } else {
            publish(name, &fs::read(&path)?, out)?;
        }
    }
    Ok(())
}

/// Writes an asset to `assets`, and a script or a stylesheet compressed to `gzip`.
fn publish(name: &Path, content: &[u8], out: &Path) -> io::Result<()> {
    create(&out.join("assets").join(name))?.write_all(content)?;
    if name
        .extension()
        .is_some_and(|kind| kind == "js" || kind == "css")
    {
        let file = create(&out.join("gzip").join(name))?;
        let mut encoder = GzEncoder::new(file, Compression::best());
        encoder.write_all(content)?;
        encoder.finish()?;
    }
    Ok(())
}

fn create(path: &Path) -> io::Result<File> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    File::create(path)
}

fn stylesheet(folder: &Path) -> io::Result<Vec<u8>> {
    let mut parts: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    parts.sort_by_key(|part| {
        let name = part.file_name().unwrap_or_default().to_owned();
        let first = FIRST.iter().position(|first| name == *first);
        (first.unwrap_or(FIRST.len()), name == LAST, name)
    });
    let parts: Vec<_> = parts.iter().map(fs::read).collect::<io::Result<_>>()?;
    Ok(parts.join(&b'\n'))
}

fn commit() {
    // Every commit appends to this file.
    let log = ".git/logs/HEAD";
    if Path::new(log).exists() {
        println!("cargo:rerun-if-changed={log}");
    }
    println!("cargo:rerun-if-env-changed=SOURCE_VERSION");
    // Heroku builds without the repository and sets SOURCE_VERSION.
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
