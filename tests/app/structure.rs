//! The order of the folders in `src`: each imports only those above it in the list in `lib.rs`, and no feature
//! imports one that imports it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn a_folder_imports_only_those_above_it() {
    let order = modules("src/lib.rs");
    let rank = |name: &str| order.iter().position(|module| module == name);
    let upward: Vec<String> = imports(Path::new("src"), "crate::")
        .into_iter()
        .filter(|(from, to)| rank(from).zip(rank(to)).is_some_and(|(from, to)| to > from))
        .map(|(from, to)| format!("{from} imports {to}"))
        .collect();

    assert!(order.len() > 10, "{order:?}");
    assert!(upward.is_empty(), "arrows that point up: {upward:?}");
}

#[test]
fn features_import_each_other_without_a_circle() {
    let arrows = imports(Path::new("src/features"), "crate::features::");
    let mut imported: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in &arrows {
        imported.entry(from).or_default().insert(to);
    }

    // Remove features that import none of the others until no more can be removed.
    while let Some(leaf) = imported
        .keys()
        .copied()
        .find(|name| imported[name].iter().all(|to| !imported.contains_key(to)))
    {
        imported.remove(leaf);
    }

    assert!(arrows.len() > 3, "{arrows:?}");
    assert!(imported.is_empty(), "features in a circle: {imported:?}");
}

#[test]
fn the_kits_know_no_feature_and_the_root_is_imported_by_none() {
    for (from, to) in imports(Path::new("src"), "crate::") {
        assert!(to != "web", "{from} imports web");
        assert!(to != "features" || from == "web", "{from} imports features");
    }
}

/// The modules that a file declares, in order.
fn modules(file: &str) -> Vec<String> {
    let text = fs::read_to_string(file).expect("the file is there");
    text.lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .filter_map(|rest| rest.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// Which member of the folder names which other by paths with this prefix.
fn imports(folder: &Path, prefix: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in files(folder) {
        let member = file.strip_prefix(folder).expect("it is in the folder");
        let member = member.iter().next().expect("a name").to_string_lossy();
        let member = member.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).expect("the file is there");
        for part in text.split(prefix).skip(1) {
            let name: String = part
                .chars()
                .take_while(|character| character.is_alphanumeric() || *character == '_')
                .collect();
            assert!(
                !part.starts_with('{'),
                "{}: write one import a line",
                file.display()
            );
            if name != member {
                found.insert((member.clone(), name));
            }
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false if path.extension().is_some_and(|kind| kind == "rs") => files.push(path),
            false => {}
        }
    }
    files
}
