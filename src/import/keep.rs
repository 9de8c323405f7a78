//! What was read → tables, in batches: each is one transaction, so an import that is killed and
//! run again ends as if it had not been killed.

use super::account::{Account, Refused, Report};
use super::day::{self, Day};
use super::place::Place;
use super::read::{Item, Parcel};
use crate::clock::Clock;
use crate::db::{self, Database};
use crate::payload::Track;
use crate::store::{self, Attempt, Change};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use tokio::sync::mpsc::Receiver;

/// Payloads in one transaction: some two thousand tracks.
const BATCH_BYTES: usize = 8 << 20;

/// Writes every parcel and counts.
pub async fn all(
    database: &Database,
    clock: &Clock,
    mut parcels: Receiver<Parcel>,
    report: &mut Report,
) -> anyhow::Result<Account> {
    let mut keeper = Keeper {
        now: clock.now(),
        ..Keeper::default()
    };
    while let Some(parcel) = parcels.recv().await {
        match parcel {
            Parcel::Tracks(items) => keeper.items(items, None, report)?,
            Parcel::List {
                place,
                items,
                fault,
            } => keeper.list(place, items, fault, report)?,
            Parcel::Unreadable { file, reason } => report.cannot_read(&file, &reason),
        }
        if keeper.size_bytes >= BATCH_BYTES {
            keeper.flush(database).await?;
        }
    }
    keeper.days.extend(keeper.day.take());
    keeper.flush(database).await?;
    Ok(keeper.account)
}

#[derive(Default)]
struct Keeper {
    /// When the import began. All lists of the future count as seen then, whatever their order.
    now: DateTime<Utc>,
    account: Account,
    /// Every track of this run, and what became of it.
    seen: HashMap<TrackKey, Tally>,
    /// The best of each track that waits to be written.
    tracks: BTreeMap<String, Track>,
    /// Bytes of the payloads taken since the last flush.
    size_bytes: usize,
    /// The day and range whose lists are being read; another may follow.
    day: Option<Day>,
    /// Those that are complete and wait to be written.
    days: Vec<Day>,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    kept: Option<Change>,
    /// A payload with a real album has been offered.
    has_good: bool,
}

/// Sixteen bytes stand for an id of any length: this is all that grows with an import.
type TrackKey = [u8; 16];

fn track_key(track_id: &str) -> TrackKey {
    let hash = Sha256::digest(track_id);
    std::array::from_fn(|index| hash[index])
}

impl Keeper {
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

    /// Of undated payloads the first good one of a run counts; of dated ones the best.
    fn track(&mut self, track: Track) {
        let key = track_key(&track.track_id);
        let known = self.seen.contains_key(&key);
        let tally = self.seen.entry(key).or_default();
        let adds_nothing = tally.has_good || track.is_degraded();
        tally.has_good |= !track.is_degraded();
        self.size_bytes += track.text().map_or(0, str::len);
        if known {
            self.account.duplicate += 1;
            if track.payload_at.is_none() && adds_nothing {
                return;
            }
        }
        store::add_track(&mut self.tracks, track);
    }

    /// One bad item refuses the whole list.
    fn list(
        &mut self,
        place: Place,
        items: Vec<Item>,
        fault: Option<Refused>,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let bad_item = || items.iter().find_map(|item| item.as_ref().err().cloned());
        let fault = fault.or_else(bad_item);
        let payload_at = Some(place.captured_at.min(self.now));
        self.attempt(day::attempt(place, &items, fault.as_ref()));
        match fault {
            None => self.items(items, payload_at, report),
            Some(fault) => {
                let along = |(index, item): (usize, Item)| {
                    Err(item.err().unwrap_or_else(|| Refused {
                        file: fault.file.clone(),
                        position: format!("item {index}"),
                        reason: format!("refused with its whole list, for {}", fault.position),
                    }))
                };
                self.items(
                    items.into_iter().enumerate().map(along).collect(),
                    None,
                    report,
                )
            }
        }
    }

    fn attempt(&mut self, attempt: Attempt) {
        match &mut self.day {
            Some(day) if day.has(&attempt) => day.attempts.push(attempt),
            _ => {
                self.days.extend(self.day.take());
                self.day = Some(Day {
                    attempts: vec![attempt],
                });
            }
        }
    }

    /// Writes all that is complete, tracks first.
    async fn flush(&mut self, database: &Database) -> anyhow::Result<()> {
        let tracks = std::mem::take(&mut self.tracks);
        let days = std::mem::take(&mut self.days);
        self.size_bytes = 0;
        if tracks.is_empty() && days.is_empty() {
            return Ok(());
        }
        let (kept, lists) = db::retried(|| async {
            let work = database.begin().await?;
            let kept = store::keep_tracks(&work, &tracks).await?;
            let mut lists = self.account.lists.clone();
            for day in &days {
                day.keep(&work, &mut lists).await?;
            }
            work.commit().await?;
            Ok((kept, lists))
        })
        .await?;
        self.account.lists = lists;
        for (track_id, kept) in kept {
            self.count(track_key(&track_id), kept);
        }
        Ok(())
    }

    /// A track counts once a run, as the most that became of it.
    fn count(&mut self, key: TrackKey, kept: Change) {
        let tally = self.seen.entry(key).or_default();
        let account = &mut self.account;
        match (tally.kept, kept) {
            (None, Change::New) => account.new += 1,
            (None, Change::Updated) => account.updated += 1,
            (None, Change::Unchanged) => account.unchanged += 1,
            (Some(Change::Unchanged), Change::Updated) => {
                account.unchanged -= 1;
                account.updated += 1;
            }
            _ => return,
        }
        tally.kept = Some(kept);
    }
}
