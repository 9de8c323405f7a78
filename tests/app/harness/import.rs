//! The import command, and the account it gives.

use super::program::Ended;
use super::{TestApp, page, payload};
use serde::Deserialize;

/// The account as `import --json` prints it: these members and no others.
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
}

impl Account {
    /// Read from what `import --json` printed. It adds up, always.
    pub fn of(ended: &Ended) -> Self {
        let account: Self = serde_json::from_str(&ended.stdout)
            .unwrap_or_else(|cause| panic!("{cause} in the account of {ended:?}"));
        let told = account.new + account.updated + account.unchanged + account.duplicate;
        assert_eq!(
            account.read,
            told + account.refused,
            "{account:?} does not add up"
        );
        account
    }
}

/// One line of a report.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    pub file: String,
    pub position: String,
    pub reason: String,
}

impl TestApp {
    /// Imports files that can all be read.
    pub async fn import<const N: usize>(&self, paths: [&str; N]) -> Account {
        let ended = self.try_import(&paths).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        Account::of(&ended)
    }

    /// Imports a ranked list of tracks with these ids.
    pub async fn import_list<const N: usize>(&self, date: &str, range: &str, ids: [&str; N]) {
        let file = format!("{date}/{range}.json");
        self.write(&file, page(ids.map(payload)));
        self.import([&file]).await;
    }

    /// The same with arguments of the caller's choice, however it ends.
    pub async fn try_import(&self, args: &[&str]) -> Ended {
        self.run(&[&["import", "--json"], args].concat()).await
    }

    /// Imports one file; its account and why each refused object was.
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
