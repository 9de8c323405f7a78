//! The `import` command and the counts that it prints.

use super::program::Output;
use super::{TestApp, page, payload};
use serde::Deserialize;

/// The counts that `import --json` prints. Unknown members are an error.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub read: u64,
    pub new: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub duplicate: u64,
    pub refused: u64,
    pub lists: Lists,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    pub captured: u64,
    pub unchanged: u64,
    pub empty: u64,
    pub degraded: u64,
    pub superseded: u64,
    #[serde(default)]
    pub refused: u64,
}

impl Account {
    /// Parses the output of `import --json` and checks its sum.
    pub fn of(output: &Output) -> Self {
        let account: Self = serde_json::from_str(&output.stdout)
            .unwrap_or_else(|cause| panic!("{cause} in the output of {output:?}"));
        let counted = account.new + account.updated + account.unchanged + account.duplicate;
        assert_eq!(
            account.read,
            counted + account.refused,
            "{account:?} does not add up"
        );
        account
    }
}

/// One line of the report.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    pub file: String,
    pub position: String,
    pub reason: String,
}

impl TestApp {
    /// An import that succeeds.
    pub async fn import<const N: usize>(&self, paths: [&str; N]) -> Account {
        let output = self.try_import(&paths).await;
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        Account::of(&output)
    }

    /// Imports a ranked list of tracks with these ids.
    pub async fn import_list<const N: usize>(&self, date: &str, range: &str, ids: [&str; N]) {
        let file = format!("{date}/{range}.json");
        self.write(&file, page(ids.map(payload)));
        self.import([&file]).await;
    }

    /// An import that may fail.
    pub async fn try_import(&self, args: &[&str]) -> Output {
        self.run(&[&["import", "--json"], args].concat()).await
    }

    /// Imports one file; returns the counts and the refused objects.
    pub async fn import_with_report(&self, path: &str) -> (Account, Vec<Refused>) {
        let account = self.import(["--report", "report.ndjson", path]).await;
        let report = std::fs::read_to_string(self.folder.path().join("report.ndjson"));
        let report = report.expect("the report is written");
        let refused = report
            .lines()
            .map(|line| serde_json::from_str(line).expect("a refusal"));
        (account, refused.collect())
    }
}
