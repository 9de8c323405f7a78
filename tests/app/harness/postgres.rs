//! A private PostgreSQL server for one test run, started from the installed binaries.
//!
//! It listens only on a Unix socket in the system's temporary folder. `cargo test` runs the tests as
//! threads of one process, cargo-nextest runs each in its own process. The first test starts the
//! server. A watchdog process stops it when the test run has ended, even if it was killed.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use url::Url;

const MISSING: &str = "\
The tests need PostgreSQL's programs (initdb, pg_ctl). ./script/test installs them if it has the
rights. Otherwise: Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install
postgresql-server; macOS: brew install postgresql@17. Or set the URL of a server, with a user who can
create databases: TEST_POSTGRES_URL=postgres://USER:PASSWORD@HOST/postgres";

/// Collation and case mapping differ from those of the C locale, as on many servers.
const ICU: [&str; 2] = ["--locale-provider=icu", "--icu-locale=en"];

const WATCHDOG: &str = r#"
{
    while kill -0 "$1" 2>/dev/null; do sleep 0.3; done
    server=$(head -n 1 "$2/data/postmaster.pid")
    kill -QUIT "$server"
    for turn in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$server" 2>/dev/null && sleep 0.2; done
    rm -rf "$2"
} &
"#;

static SERVER: LazyLock<Url> = LazyLock::new(|| match std::env::var("TEST_POSTGRES_URL") {
    Ok(url) => Url::parse(&url).expect("TEST_POSTGRES_URL is a URL"),
    Err(_) => start_once(),
});

/// The URL of a database on this run's server.
pub fn url(database: &str) -> String {
    let mut url = SERVER.clone();
    url.set_path(database);
    url.into()
}

fn start_once() -> Url {
    let (run, owner) = match std::env::var("NEXTEST_RUN_ID") {
        Ok(run) => (run.chars().take(8).collect(), parent_id()),
        Err(_) => (std::process::id().to_string(), std::process::id()),
    };
    let folder = std::env::temp_dir().join(format!("mtm-tests-{run}"));
    fs::create_dir_all(&folder).expect("the temporary folder is writable");
    let lock = File::create(folder.join("lock")).expect("the folder is writable");
    lock.lock().expect("the file can be locked");
    if !folder.join("started").exists() {
        start(&folder, owner);
        File::create(folder.join("started")).expect("the folder is writable");
    }
    let socket = folder.display();
    Url::parse(&format!(
        "postgres://postgres@localhost/postgres?host={socket}"
    ))
    .expect("a URL")
}

fn start(folder: &Path, owner: u32) {
    give_to_account(folder);
    let run = |program: &str, args: &[&str]| {
        let status = command(folder, program).args(args).status();
        status.expect("PostgreSQL's programs start").success()
    };
    let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();

    let init = [
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ];
    let is_created = run("initdb", &[&init[..], &ICU].concat()) || run("initdb", &init);
    assert!(is_created, "initdb failed: {}", log());
    // Durability is not needed, so that no commit waits for the disk.
    let options = format!(
        "-k {} -c listen_addresses= -c fsync=off -c synchronous_commit=off \
         -c full_page_writes=off -c max_connections=300",
        folder.display()
    );
    let start = ["start", "-w", "-t", "60", "-l", "server.log", "-o"];
    let is_started = run("pg_ctl", &[&start[..], &[&options]].concat());
    assert!(is_started, "PostgreSQL did not start: {}", log());
    watch(folder, owner);
}

/// Starts the watchdog. It has its own process group, so that Ctrl-C does not stop it.
pub(super) fn watch(folder: &Path, owner: u32) {
    Command::new("sh")
        .args(["-c", WATCHDOG, "watchdog", &owner.to_string()])
        .arg(folder)
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("there is a shell");
}

/// A command of PostgreSQL on the data in this folder, as the owner of the folder.
pub(super) fn command(folder: &Path, program: &str) -> Command {
    let programs = programs().unwrap_or_else(|| panic!("{MISSING}"));
    let mut command = Command::new(programs.join(program));
    let owner = fs::metadata(folder).expect("the folder exists");
    if is_root() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    let mut log = File::options();
    let log = log.append(true).create(true).open(folder.join("log"));
    let log = log.expect("the folder is writable");
    command
        .env("PGDATA", folder.join("data"))
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::null())
        .stderr(log.try_clone().expect("a file handle"))
        .stdout(log);
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// PostgreSQL refuses to run as root. If we are root, another user gets the folder.
pub(super) fn give_to_account(folder: &Path) {
    if !is_root() {
        return;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the system has users");
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    let (uid, gid) = ids("postgres")
        .or_else(|| ids("nobody"))
        .expect("there is a user other than root");
    chown(folder, Some(uid), Some(gid)).expect("root can change the owner");
}

/// The folder of PostgreSQL's programs: in `PATH`, or where distributions install them.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let prefixes = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    let mut installed: Vec<PathBuf> = prefixes
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    installed.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
    folders.extend(installed);
    let found = folders
        .into_iter()
        .find(|bin| bin.join("initdb").exists())?;
    let initdb = fs::canonicalize(found.join("initdb")).expect("initdb exists");
    initdb.parent().map(Into::into)
}

/// 15 of `/usr/lib/postgresql/15/bin` and of `/opt/homebrew/opt/postgresql@15/bin`.
fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).unwrap_or_default();
    let name = name.to_string_lossy();
    name.rsplit('@')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}
