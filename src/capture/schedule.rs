//! The schedule: today's lists at the set time of day, later tries, and what the owner should be told.
//!
//! The loop reads the clock at least every half minute, so it follows a change of the clock, and a machine that was
//! suspended takes the day when it resumes. What is due is computed from the ledger, the connection and the clock.

use super::failure::Unable;
use super::tries::{RetryPolicy, Tried, due};
use super::{Capturer, SOURCE};
use crate::error::Result;
use crate::spotify::consent_ends_at;
use crate::store::connection::{Connection, State, connection, not_before};
use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::time::Duration;
use tokio::time::sleep;

/// The longest time between two looks at the clock.
const POLL_INTERVAL: Duration = Duration::from_secs(30);

impl Capturer {
    /// Never ends.
    pub async fn follow_schedule(&self) {
        let mut is_failing = false;
        let mut warned_on = None;
        loop {
            let step = self.step().await;
            if step.is_ok() && warned_on != Some(self.parts.clock.today()) {
                warned_on = Some(self.parts.clock.today());
                self.warn_of_consent().await;
            }
            // The log has one line for each outage of the database, not one for each look.
            if let Err(cause) = &step
                && !is_failing
            {
                tracing::warn!(%cause, "the schedule cannot look at the library; it goes on looking");
            }
            is_failing = step.is_err();
            let until_next = step.ok().flatten().map(|next| next - self.now());
            let until_next = until_next.and_then(|left| left.to_std().ok());
            sleep(
                until_next
                    .unwrap_or(POLL_INTERVAL)
                    .clamp(Duration::from_secs(1), POLL_INTERVAL),
            )
            .await;
        }
    }

    /// A line of the log on each of the last days of the consent, and after them.
    async fn warn_of_consent(&self) {
        let Ok(Some(connection)) = connection(&self.parts.database.read()).await else {
            return;
        };
        let ends_at = consent_ends_at(connection.authorized_at);
        let ends_on = self.parts.clock.local(ends_at).date();
        let days = self.parts.clock.days_until(ends_at);
        if connection.state == State::ConsentEnded {
            tracing::warn!(
                "Spotify's permission has ended: connect again on the page /settings/spotify"
            );
        } else if days <= CONSENT_NOTICE_DAYS[0] {
            tracing::warn!(%ends_on, days, "Spotify's permission ends: renew it on the page /settings/spotify");
        }
    }

    /// Takes the lists that are due and sends the notices that are due. Returns when the next list is due; `None` if none
    /// is asked for any more.
    pub async fn step(&self) -> Result<Option<DateTime<Utc>>> {
        self.record_paused_days().await?;
        let next = self.next().await?;
        let is_due = next.is_some_and(|next| next <= self.now());
        if is_due {
            self.take_due().await?;
        }
        self.send_notices().await?;
        match is_due {
            true => self.next().await,
            false => Ok(next),
        }
    }

    async fn next(&self) -> Result<Option<DateTime<Utc>>> {
        let db = self.parts.database.read();
        match connection(&db).await? {
            Some(connection) => self.next_capture_at(&db, &connection).await,
            None => Ok(None),
        }
    }

    /// Another process may have taken them meanwhile, so what is due is asked again under the lease.
    async fn take_due(&self) -> Result<()> {
        let lease = Self::lease();
        let work = async || {
            let due = self
                .due_today(&self.parts.database.read())
                .await?
                .into_iter();
            let due = due.filter(|(_, at)| *at <= self.now());
            let ranges: Vec<_> = due.map(|(range, _)| range).collect();
            match ranges.is_empty() {
                true => Ok(Vec::new()),
                false => self.take_leased(&lease, &ranges, RetryPolicy::LONG).await,
            }
        };
        let taken = self.with_lease(&lease, work).await;
        taken.map(drop).or_else(Unable::or_later)
    }

    /// When the next list is due. `None` if the consent has ended.
    pub async fn next_capture_at(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
    ) -> Result<Option<DateTime<Utc>>> {
        if connection.state == State::ConsentEnded {
            return Ok(None);
        }
        let due = self.due_today(db).await?.into_iter();
        if let Some(next) = due.map(|(_, at)| at).min() {
            return Ok(Some(next));
        }
        let pause = not_before(db, self.now()).await?.unwrap_or_default();
        let tomorrow = self.parts.clock.today() + Days::new(1);
        let day = tomorrow.max(self.parts.clock.local(pause).date());
        Ok(Some(self.daily_at(day).max(pause)))
    }

    /// For each range whose list of today is still to be taken, when it is due.
    async fn due_today(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<(TimeRange, DateTime<Utc>)>> {
        let today = self.parts.clock.today();
        let attempts = attempts(db, today).await?;
        let unrecorded = self.unrecorded_on(today);
        let pause = not_before(db, self.now()).await?.unwrap_or_default();
        let due = TimeRange::ALL.into_iter().filter_map(|range| {
            let tried = tried(&attempts, &unrecorded, range);
            let at = due(self.daily_at(today), tried)?.max(pause);
            (self.parts.clock.local(at).date() == today).then_some((range, at))
        });
        Ok(due.collect())
    }

    /// The runs of a day whose failure the ledger does not have.
    fn unrecorded_on(&self, day: NaiveDate) -> Vec<DateTime<Utc>> {
        let mut unrecorded = self.parts.unrecorded.lock().expect("no holder panics");
        unrecorded.retain(|at| self.parts.clock.local(*at).date() == day);
        unrecorded.clone()
    }

    fn daily_at(&self, day: NaiveDate) -> DateTime<Utc> {
        self.parts.clock.instant(day.and_time(self.parts.daily_at))
    }
}

/// The attempts to take the lists of a day from the provider, the last one last.
pub async fn attempts(db: &impl ConnectionTrait, day: NaiveDate) -> Result<Vec<capture::Model>> {
    let attempts = capture::Entity::find()
        .filter(Column::SnapshotDate.eq(day))
        .filter(Column::Source.eq(SOURCE))
        .order_by_asc(Column::CapturedAt);
    Ok(attempts.all(db).await?)
}

/// A run that the ledger does not have counts as an attempt for each range.
fn tried(
    attempts: &[capture::Model],
    unrecorded: &[DateTime<Utc>],
    range: TimeRange,
) -> Option<Tried> {
    let of_range = || {
        attempts
            .iter()
            .filter(|attempt| attempt.time_range == range)
    };
    let at = || {
        let recorded = of_range().flat_map(|attempt| [attempt.captured_at, attempt.attempted_at()]);
        recorded.chain(unrecorded.iter().copied())
    };
    Some(Tried {
        first_at: at().min()?,
        last_at: at().max()?,
        is_done: of_range().any(brought_list),
    })
}

/// An empty list may be a mistake of the provider. The next one was full each time.
pub fn brought_list(attempt: &capture::Model) -> bool {
    !matches!(attempt.outcome, Outcome::Failed | Outcome::Empty)
}

/// So many days before the consent ends the owner is told.
pub const CONSENT_NOTICE_DAYS: [i64; 3] = [30, 7, 1];
