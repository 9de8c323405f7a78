//! Writes what was read, in batches of one transaction each. An import that was killed and is run
//! again therefore ends in the same state.

use super::account::{Account, Refused, Report};
use super::archived::{self, Archived};
use super::lists::{attempt, keep_last};
use super::origin::Origin;
use super::read::{Entry, Found, Item};
use crate::clock::Clock;
use crate::db::{self, Database};
use crate::payload::Track;
use crate::store::{self, Attempt, Change};
use chrono::{DateTime, NaiveDate, Utc};
use entity::snapshot::TimeRange;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use tokio::sync::mpsc::Receiver;

/// The size of payloads in one transaction, about 3,000 tracks.
const BATCH_BYTES: usize = 8 << 20;
/// Lists of an archive in one transaction. Each holds a lock.
const BATCH_LISTS: usize = 500;
/// What a track without a payload counts for, in bytes.
const ROW_BYTES: usize = 256;

/// Writes everything that was found, and counts it.
pub async fn all(
    database: &Database,
    clock: &Clock,
    mut found: Receiver<Found>,
    report: &mut Report,
) -> anyhow::Result<Account> {
    let mut writer = Writer {
        now: clock.now(),
        ..Writer::default()
    };
    while let Some(found) = found.recv().await {
        match found {
            Found::Tracks(items) => writer.items(items, None, report)?,
            Found::Archived(entries) => {
                for entry in entries {
                    writer.entry(entry, database, report).await?;
                }
            }
            Found::List {
                origin,
                items,
                fault,
            } => writer.list(origin, items, fault, report)?,
            Found::UnrankedList { file } => report.unranked(file),
            Found::Unreadable { file, reason } => report.unreadable(&file, &reason),
        }
        if writer.size_bytes >= BATCH_BYTES {
            writer.flush(database, false, report).await?;
        }
    }
    writer.flush(database, true, report).await?;
    Ok(writer.account)
}

#[derive(Default)]
struct Writer {
    /// When the import began. Lists of the future count as seen then, in whatever order they come.
    now: DateTime<Utc>,
    account: Account,
    /// Every track of this import.
    tallies: HashMap<TrackKey, Tally>,
    /// The tracks to write, by id.
    tracks: BTreeMap<String, Track>,
    /// The size of the payloads that came since the last flush.
    size_bytes: usize,
    /// The attempts to write. More may come for the last list only, because files are sorted.
    attempts: BTreeMap<(NaiveDate, TimeRange), Vec<Attempt>>,
    /// What archives have of the days, to write. More may come for the last one only.
    archived: BTreeMap<(NaiveDate, TimeRange), Archived>,
}

#[derive(Default)]
struct Tally {
    change: Option<Change>,
    /// A payload has come that is not degraded.
    has_good: bool,
}

/// Part of a hash of the id, because these keys alone grow with the size of an import.
type TrackKey = [u8; 16];

fn track_key(track_id: &str) -> TrackKey {
    let hash = Sha256::digest(track_id);
    std::array::from_fn(|index| hash[index])
}

impl Writer {
    fn items(
        &mut self,
        items: Vec<Item>,
        payload_at: Option<DateTime<Utc>>,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        for item in items {
            self.account.read += 1;
            match item {
                Ok(track) => self.track(Track {
                    payload_at,
                    ..track
                }),
                Err(refused) => {
                    self.account.refused += 1;
                    report.refuse(refused)?;
                }
            }
        }
        Ok(())
    }

    /// An entry of an archive. Its tracks were seen when it says.
    async fn entry(
        &mut self,
        entry: Entry,
        database: &Database,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        match entry {
            // Two archives may have lists of the same day.
            Entry::Begin => self.flush(database, true, report).await?,
            Entry::Track(item) => {
                let payload_at = item.as_ref().ok().and_then(|track| track.payload_at);
                self.items(vec![item], payload_at, report)?;
            }
            Entry::Capture(row) => {
                self.size_bytes += ROW_BYTES;
                let key = (row.snapshot_date, row.time_range);
                self.archived.entry(key).or_default().add_capture(row);
            }
            Entry::List(list) => {
                self.size_bytes += ROW_BYTES * list.ranking.len();
                let key = (list.snapshot_date, list.time_range);
                self.archived.entry(key).or_default().list = Some(list);
            }
            Entry::Refused(refused) => report.refuse(refused)?,
        }
        if self.archived.len() >= BATCH_LISTS {
            self.flush(database, false, report).await?;
        }
        Ok(())
    }

    /// The first undated payload of an import wins over later undated ones, unless it is degraded.
    fn track(&mut self, track: Track) {
        let key = track_key(&track.track_id);
        let is_duplicate = self.tallies.contains_key(&key);
        let tally = self.tallies.entry(key).or_default();
        let adds_nothing = tally.has_good || track.is_degraded();
        tally.has_good |= track.payload.is_some() && !track.is_degraded();
        self.size_bytes += ROW_BYTES + track.text().map_or(0, str::len);
        if is_duplicate {
            self.account.duplicate += 1;
            if track.payload_at.is_none() && adds_nothing {
                return;
            }
        }
        store::add_track(&mut self.tracks, track);
    }

    /// One refused item refuses the whole list.
    fn list(
        &mut self,
        origin: Origin,
        mut items: Vec<Item>,
        fault: Option<Refused>,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let list = (origin.date, origin.time_range);
        let payload_at = Some(origin.captured_at.min(self.now));
        let fault = fault.or_else(|| items.iter().find_map(|item| item.as_ref().err().cloned()));
        let attempt = attempt(origin, &items, fault.as_ref());
        self.attempts.entry(list).or_default().push(attempt);
        if let Some(fault) = fault {
            for (index, item) in items
                .iter_mut()
                .enumerate()
                .filter(|(_, item)| item.is_ok())
            {
                *item = Err(Refused {
                    file: fault.file.clone(),
                    position: format!("item {index}"),
                    reason: format!("refused with its whole list, for {}", fault.position),
                });
            }
        }
        self.items(items, payload_at, report)
    }

    /// Writes tracks and lists. The last list waits for further attempts until the end.
    async fn flush(
        &mut self,
        database: &Database,
        is_end: bool,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        self.size_bytes = 0;
        let tracks = std::mem::take(&mut self.tracks);
        let mut attempts = std::mem::take(&mut self.attempts);
        let mut archived = std::mem::take(&mut self.archived);
        if !is_end {
            self.attempts.extend(attempts.pop_last());
            self.archived.extend(archived.pop_last());
        }
        let (changes, lists, refused) = db::retried(|| async {
            let work = database.begin().await?;
            let changes = store::keep_tracks(&work, &tracks).await?;
            let mut lists = self.account.lists.clone();
            for (list, attempts) in &attempts {
                keep_last(&work, *list, attempts, &mut lists).await?;
            }
            let mut refused = Vec::new();
            for (list, archived) in &archived {
                refused.extend(archived::keep(&work, *list, archived, &mut lists).await?);
            }
            work.commit().await?;
            Ok((changes, lists, refused))
        })
        .await?;
        self.account.lists = lists;
        for refused in refused {
            report.refuse(refused)?;
        }
        for (track_id, change) in changes {
            self.count(track_key(&track_id), change);
        }
        Ok(())
    }

    /// Counts a track once per import, with its greatest change.
    fn count(&mut self, key: TrackKey, change: Change) {
        let tally = self.tallies.entry(key).or_default();
        let account = &mut self.account;
        match (tally.change, change) {
            (None, Change::New) => account.new += 1,
            (None, Change::Updated) => account.updated += 1,
            (None, Change::Unchanged) => account.unchanged += 1,
            (Some(Change::Unchanged), Change::Updated) => {
                account.unchanged -= 1;
                account.updated += 1;
            }
            _ => return,
        }
        tally.change = Some(change);
    }
}
