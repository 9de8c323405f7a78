//! The notices to the owner, each sent once: a day failed for good, the consent ends or has ended, all is well again.

use super::failure::Unable;
use super::notify::Notifier;
use super::schedule::{CONSENT_NOTICE_DAYS, attempts, brought_list};
use super::{Capturer, SOURCE};
use crate::error::Result;
use crate::spotify::consent_ends_at;
use crate::store::connection::{
    Connection, Lease, State, connection, record_notice, unresolved_notice, was_sent,
};
use chrono::{Days, NaiveDate, TimeDelta};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use std::collections::BTreeMap;

/// One process at a time sends notices. Renewed before each one.
const LEASE: &str = "notices";
const LEASE_PERIOD: TimeDelta = TimeDelta::minutes(2);

const CAPTURE_FAILED: &str = "capture_failed";
const CONSENT_ENDED: &str = "consent_ended";
const RECOVERED: &str = "recovered";
/// Once all is well after one of these, [`RECOVERED`] is sent.
const BAD: [&str; 2] = [CAPTURE_FAILED, CONSENT_ENDED];

/// No notice is sent about a day that failed earlier than this.
const MAX_NOTICE_AGE_DAYS: u64 = 14;

/// The body of a notice: members for programs, and a title and a text under the names that ntfy and Apprise have for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub event: &'static str,
    /// The day or the consent of the event, as in `2026-03-01`.
    pub subject: String,
    pub title: &'static str,
    pub message: String,
}

impl Capturer {
    /// Sends what is due, in one process. What could not be sent is due again.
    pub(super) async fn send_notices(&self) -> Result<()> {
        let Some(notifier) = &self.parts.notifier else {
            return Ok(());
        };
        let db = self.parts.database.read();
        if notifier.has_just_failed(self.now()) || self.due_notices(&db).await?.is_empty() {
            return Ok(());
        }
        let lease = Lease::of(LEASE, LEASE_PERIOD);
        let work = async || Ok(self.send_due(notifier, &lease).await?);
        self.with_lease(&lease, work)
            .await
            .or_else(Unable::or_later)
    }

    /// Another process may have sent them meanwhile, so what is due is asked again under the lease.
    async fn send_due(&self, notifier: &Notifier, lease: &Lease) -> Result<()> {
        let (database, now) = (&self.parts.database, self.now());
        for notice in self.due_notices(&database.read()).await? {
            if !self.renew(lease).await? || !notifier.send(&notice, now).await {
                break;
            }
            record_notice(database, notice.event, &notice.subject, now).await?;
        }
        Ok(())
    }

    async fn due_notices(&self, db: &impl ConnectionTrait) -> Result<Vec<Notice>> {
        let Some(connection) = connection(db).await? else {
            return Ok(Vec::new());
        };
        let mut notices = self.failed_days(db).await?;
        notices.extend(self.about_consent(&connection));
        let mut due = Vec::new();
        for notice in notices {
            if !was_sent(db, notice.event, &notice.subject).await? {
                due.push(notice);
            }
        }
        if due.is_empty() {
            due.extend(self.recovered(db, &connection).await?);
        }
        Ok(due)
    }

    /// The days before today on which a list failed, and none came later.
    async fn failed_days(&self, db: &impl ConnectionTrait) -> Result<Vec<Notice>> {
        let today = self.parts.clock.today();
        let attempts = capture::Entity::find()
            .filter(Column::Source.eq(SOURCE))
            .filter(Column::SnapshotDate.lt(today))
            .filter(Column::SnapshotDate.gte(today - Days::new(MAX_NOTICE_AGE_DAYS)))
            .order_by_asc(Column::CapturedAt)
            .all(db)
            .await?;
        let mut last = BTreeMap::new();
        let mut good = Vec::new();
        for attempt in attempts {
            let list = (attempt.snapshot_date, attempt.time_range);
            if attempt.outcome != Outcome::Failed {
                good.push(list);
            }
            last.insert(list, attempt);
        }
        let mut reasons: BTreeMap<NaiveDate, String> = BTreeMap::new();
        for (list, attempt) in last {
            if !good.contains(&list) {
                reasons
                    .entry(list.0)
                    .or_insert(attempt.reason.unwrap_or_default());
            }
        }
        let notice = |(day, reason): (NaiveDate, String)| Notice {
            event: CAPTURE_FAILED,
            subject: day.to_string(),
            title: "A day of your lists was lost",
            message: format!("The lists of {day} could not be taken: {reason}."),
        };
        Ok(reasons.into_iter().map(notice).collect())
    }

    fn about_consent(&self, connection: &Connection) -> Option<Notice> {
        let ends_at = consent_ends_at(connection.authorized_at);
        let ends_on = self.parts.clock.local(ends_at).date();
        if connection.state == State::ConsentEnded {
            return Some(Notice {
                event: CONSENT_ENDED,
                subject: connection.authorized_at.to_rfc3339(),
                title: "Spotify’s permission has ended",
                message: "No list is taken until you connect again on the page /settings/spotify."
                    .into(),
            });
        }
        let left = self.parts.clock.days_until(ends_at);
        // Of several whose day has passed, the most urgent one.
        let days = CONSENT_NOTICE_DAYS
            .into_iter()
            .rfind(|days| left <= *days)?;
        Some(Notice {
            event: "consent_ends",
            subject: format!("{ends_on}, {days}"),
            title: "Spotify’s permission ends soon",
            message: format!(
                "It ends on {ends_on}. Renew it on the page /settings/spotify, so that no day is missed."
            ),
        })
    }

    /// After bad news, once all lists of a day have come again.
    async fn recovered(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
    ) -> Result<Option<Notice>> {
        let Some(bad) = unresolved_notice(db, &BAD, RECOVERED).await? else {
            return Ok(None);
        };
        let today = attempts(db, self.parts.clock.today()).await?;
        let came = |range| {
            let mut of_range = today.iter().filter(|attempt| attempt.time_range == range);
            of_range.any(brought_list)
        };
        let came = TimeRange::ALL.into_iter().all(came)
            && connection.last_answer_at.is_some_and(|at| at > bad.sent_at);
        Ok(came.then(|| Notice {
            event: RECOVERED,
            subject: format!("{} {}", bad.event, bad.subject),
            title: "Your lists are taken again",
            message: "Spotify answers, and the lists of today were taken.".into(),
        }))
    }
}
