//! The schedule: today's lists at the set time of day, later tries, and what the owner should be told.
//!
//! The loop looks at the clock at least every half minute, so it follows a clock that was set, and a machine that slept
//! takes the day when it wakes. What is due follows from the ledger, the connection and the clock.

use super::run::Unable;
use super::tries::{Patience, Tried, due};
use super::{Capturer, SOURCE};
use crate::error::Result;
use crate::spotify::consent_ends_at;
use crate::store::connection::{State, connection, not_before};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::time::Duration;
use tokio::time::sleep;

/// The longest time without a look at the clock.
const LOOK: Duration = Duration::from_secs(30);

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
                    .unwrap_or(LOOK)
                    .clamp(Duration::from_secs(1), LOOK),
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
        let days = days_until(self.now(), ends_at);
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
        let database = &self.parts.database;
        let next = self.next_capture_at(&database.read()).await?;
        let is_due = next.is_some_and(|next| next <= self.now());
        if is_due {
            self.take_due().await?;
        }
        self.send_notices().await?;
        match is_due {
            true => self.next_capture_at(&database.read()).await,
            false => Ok(next),
        }
    }

    /// Another process may have taken them meanwhile, so what is due is asked again under the lease.
    async fn take_due(&self) -> Result<()> {
        let lease = Self::lease();
        let work = async || {
            let due = self.due_today(&self.parts.database.read()).await?;
            let due = due.unwrap_or_default().into_iter();
            let due = due.filter(|(_, at)| *at <= self.now());
            let ranges: Vec<_> = due.map(|(range, _)| range).collect();
            match ranges.is_empty() {
                true => Ok(Vec::new()),
                false => self.take_leased(&lease, &ranges, Patience::LONG).await,
            }
        };
        match self.with_lease(&lease, work).await {
            Err(Unable::Database(cause)) => Err(cause),
            // The next step looks again.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// When the next list is due. `None` if not connected, or if the consent has ended.
    pub async fn next_capture_at(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<DateTime<Utc>>> {
        let Some(due) = self.due_today(db).await? else {
            return Ok(None);
        };
        if let Some(next) = due.into_iter().map(|(_, at)| at).min() {
            return Ok(Some(next));
        }
        let tomorrow = self.daily_at(self.parts.clock.today() + Days::new(1));
        let pause = not_before(db).await?;
        Ok(Some(pause.map_or(tomorrow, |pause| tomorrow.max(pause))))
    }

    /// For each range whose list of today is still to be taken, when it is due. `None` if not connected, or if the consent
    /// has ended.
    async fn due_today(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<Vec<(TimeRange, DateTime<Utc>)>>> {
        let connection = connection(db).await?;
        if connection.is_none_or(|connection| connection.state == State::ConsentEnded) {
            return Ok(None);
        }
        let today = self.parts.clock.today();
        let attempts = attempts(db, today).await?;
        let pause = not_before(db).await?;
        let due = TimeRange::ALL.into_iter().filter_map(|range| {
            let at = due(self.daily_at(today), tried(&attempts, range))?;
            let at = pause.map_or(at, |pause| at.max(pause));
            (self.parts.clock.local(at).date() == today).then_some((range, at))
        });
        Ok(Some(due.collect()))
    }

    fn daily_at(&self, day: NaiveDate) -> DateTime<Utc> {
        self.parts.clock.instant(day.and_time(self.parts.daily_at))
    }
}

/// The attempts to take the lists of a day from the provider, the last one last.
async fn attempts(db: &impl ConnectionTrait, day: NaiveDate) -> Result<Vec<capture::Model>> {
    let attempts = capture::Entity::find()
        .filter(Column::SnapshotDate.eq(day))
        .filter(Column::Source.eq(SOURCE))
        .order_by_asc(Column::CapturedAt);
    Ok(attempts.all(db).await?)
}

fn tried(attempts: &[capture::Model], range: TimeRange) -> Option<Tried> {
    let of_range = || {
        attempts
            .iter()
            .filter(|attempt| attempt.time_range == range)
    };
    Some(Tried {
        first_at: of_range().next()?.captured_at,
        last_at: of_range().map(capture::Model::attempted_at).max()?,
        // An empty list may be a mistake of the provider. The next one was full each time.
        is_done: !of_range()
            .all(|attempt| matches!(attempt.outcome, Outcome::Failed | Outcome::Empty)),
    })
}

/// So many days before the consent ends the owner is told.
pub const CONSENT_NOTICE_DAYS: [i64; 3] = [30, 7, 1];

/// The whole days from now to an instant, the last one begun: 1 on the last day.
pub fn days_until(now: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    let left = end - now;
    left.num_days() + i64::from(left > TimeDelta::days(left.num_days()))
}
