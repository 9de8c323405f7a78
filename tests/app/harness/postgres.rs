//! A private PostgreSQL server for one run of the tests, made from the installed binaries.
//!
//! It listens on a socket in the system's temporary folder and nowhere else. `cargo test` runs the
//! tests as threads of one process and cargo-nextest as one process each: whoever comes first
//! starts the server, and a watchdog takes it away when the run has ended, however it ended.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use url::Url;

const MISSING: &str = "\
The tests need PostgreSQL's programs (initdb, pg_ctl) and found none. ./script/test installs them
where it may. By hand: Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install
postgresql-server; macOS: brew install postgresql@17. A server of your own does as well:
TEST_POSTGRES_URL=postgres://USER:PASSWORD@HOST/postgres, whose user may create databases.";

/// Its sorting and its letters are not those of C, as on many a server out there.
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
    Err(_) => started(),
});

/// The address of a database on the server of this run.
pub fn url(database: &str) -> String {
    let mut url = SERVER.clone();
    url.set_path(database);
    url.into()
}

fn started() -> Url {
    let (run, owner) = match std::env::var("NEXTEST_RUN_ID") {
        Ok(run) => (run.chars().take(8).collect(), parent_id()),
        Err(_) => (std::process::id().to_string(), std::process::id()),
    };
    let folder = std::env::temp_dir().join(format!("mtm-tests-{run}"));
    fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let lock = File::create(folder.join("lock")).expect("the folder can be written");
    lock.lock().expect("a file can be locked");
    if !folder.join("started").exists() {
        start(&folder, owner);
        File::create(folder.join("started")).expect("the folder can be written");
    }
    let socket = folder.display();
    Url::parse(&format!(
        "postgres://postgres@localhost/postgres?host={socket}"
    ))
    .expect("a URL")
}

fn start(folder: &Path, owner: u32) {
    let programs = programs().unwrap_or_else(|| panic!("{MISSING}"));
    let account = account(folder);
    if let Some((uid, gid)) = account {
        chown(folder, Some(uid), Some(gid)).expect("root may give files away");
    }
    let run = |program: &str, args: &[&str]| {
        let mut command = Command::new(programs.join(program));
        command.args(["-D", "data"]).args(args).current_dir(folder);
        if let Some((uid, gid)) = account {
            command.uid(uid).gid(gid);
        }
        let log = File::options()
            .append(true)
            .create(true)
            .open(folder.join("log"));
        let log = log.expect("the folder can be written");
        command
            .stdin(Stdio::null())
            .stderr(log.try_clone().expect("a file"))
            .stdout(log);
        command
            .status()
            .expect("PostgreSQL's programs can be run")
            .success()
    };
    let said = || fs::read_to_string(folder.join("log")).unwrap_or_default();

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
    let made = run("initdb", &[&init[..], &ICU].concat()) || run("initdb", &init);
    assert!(made, "initdb failed: {}", said());
    // Nobody will miss these data: nothing waits for the disk.
    let options = format!(
        "-k {} -c listen_addresses= -c fsync=off -c synchronous_commit=off \
         -c full_page_writes=off -c max_connections=300",
        folder.display()
    );
    let start = ["start", "-w", "-t", "60", "-l", "server.log", "-o"];
    let up = run("pg_ctl", &[&start[..], &[&options]].concat());
    assert!(up, "PostgreSQL did not start: {}", said());
    watch(folder, owner);
}

/// Of a group of its own, so that Ctrl-C does not reach it.
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

/// PostgreSQL does not run as root: then it runs as a user who may do nothing.
pub(super) fn account(folder: &Path) -> Option<(u32, u32)> {
    let made_by = fs::metadata(folder).expect("the folder is there").uid();
    if made_by != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("there are users");
    let numbers = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    Some(
        numbers("postgres")
            .or_else(|| numbers("nobody"))
            .expect("a user who is not root"),
    )
}

/// The folder of PostgreSQL's programs: on the path, or where distributions hide them.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let hidden = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    let mut installed: Vec<PathBuf> = hidden
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    installed.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
    folders.extend(installed);
    let found = folders
        .into_iter()
        .find(|bin| bin.join("initdb").exists())?;
    let initdb = fs::canonicalize(found.join("initdb")).expect("initdb is there");
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
