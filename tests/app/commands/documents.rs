//! Documents and vendored files match the program.

use crate::harness::files::{workspace, workspace_text};
use crate::harness::program::{program, run};
use regex::Regex;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

#[tokio::test]
async fn openapi_yaml_is_current() {
    let output = run(&mut program(["openapi"])).await;

    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let is_current = output.stdout == workspace_text("openapi.yaml");
    assert!(is_current, "update it: cargo run -- openapi > openapi.yaml");
}

/// `deny.toml` relies on it: the advisories on quick-xml concern the parsing of XML.
#[tokio::test]
async fn no_operation_takes_or_returns_xml() {
    let document = workspace_text("openapi.yaml");
    let media_types = Regex::new(r"(?m)^ +([a-z]+/[a-z+.-]+):$").expect("a pattern");

    let used: BTreeSet<_> = media_types
        .captures_iter(&document)
        .map(|found| found[1].to_owned())
        .collect();

    let expected = [
        "application/gzip",
        "application/json",
        "application/problem+json",
        "text/csv",
    ]
    .map(String::from);
    assert_eq!(used, BTreeSet::from(expected));
}

#[tokio::test]
async fn every_setting_is_in_the_readme() {
    let help = run(&mut program(["--help"])).await.stdout;
    let pattern = Regex::new(r"\[env: ([A-Z_]+)").expect("a pattern");
    let settings: Vec<_> = pattern
        .captures_iter(&help)
        .map(|found| found[1].to_owned())
        .collect();
    let readme = workspace_text("README.md");

    assert!(settings.contains(&"DATABASE_URL".to_owned()), "{help}");
    for setting in settings {
        assert!(readme.contains(&format!("`{setting}`")), "{setting}");
    }
}

#[tokio::test]
async fn every_command_is_in_the_readme() {
    let help = run(&mut program(["--help"])).await.stdout;
    let commands = help
        .split("Commands:")
        .nth(1)
        .and_then(|rest| rest.split("Options:").next());
    let listed = Regex::new(r"(?m)^  ([a-z]+) ").expect("a pattern");
    let readme = workspace_text("README.md");

    for command in listed.captures_iter(commands.expect("a list of commands")) {
        let pattern = Regex::new(&format!("`{}[ `]", &command[1])).expect("a pattern");
        assert!(
            &command[1] == "help" || pattern.is_match(&readme),
            "{}",
            &command[1]
        );
    }
}

#[tokio::test]
async fn the_version_contains_the_commit() {
    let version = run(&mut program(["--version"])).await;

    let shape =
        Regex::new(r"^music-time-machine \d+\.\d+\.\d+ \([0-9a-z-]+\)\n$").expect("a pattern");
    assert!(shape.is_match(&version.stdout), "{}", version.stdout);
}

#[test]
fn vendored_files_have_the_recorded_checksums() {
    let row = Regex::new(r"(?m)^\| `[^`]+` \| [0-9.]+ \| `([^`]+)` \| `([0-9a-f]{64})` \|")
        .expect("a pattern");

    for folder in ["src/html/assets/vendor", "tests/vendor"] {
        let readme = workspace_text(&format!("{folder}/README.md"));
        let recorded: Vec<_> = row.captures_iter(&readme).collect();
        for row in &recorded {
            let file = std::fs::read(workspace(folder).join(&row[1])).expect("the file exists");
            assert_eq!(
                format!("{:x}", Sha256::digest(file)),
                row[2],
                "{folder}/{}",
                &row[1]
            );
        }
        let files = walkdir::WalkDir::new(workspace(folder))
            .into_iter()
            .flatten();
        let files = files.filter(|entry| entry.file_type().is_file()).count();
        assert_eq!(
            recorded.len() + 1,
            files,
            "files in {folder} and rows of its README.md"
        );
    }
}
