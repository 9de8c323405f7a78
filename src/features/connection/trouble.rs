//! What is wrong with the connection, if something is: the one thing that the owner should do something about first.

use super::arrivals::last_attempts;
use crate::capture::{CONSENT_NOTICE_DAYS, Capturer};
use crate::clock::Clock;
use crate::error::Result;
use crate::features::snapshots::days::ranges_of;
use crate::spotify::{Refusal, consent_ends_at};
use crate::store::connection::{Connection, State, connection};
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Outcome};
use sea_orm::ConnectionTrait;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The stored tokens cannot be decrypted, for this reason.
    NoTokens(String),
    ConsentEnded {
        given_on: NaiveDate,
    },
    Refused {
        refusal: Refusal,
        next_at: Option<DateTime<Utc>>,
    },
    /// Spotify asked for no request before an instant.
    Paused {
        until: DateTime<Utc>,
        next_at: Option<DateTime<Utc>>,
    },
    FailedToday {
        reason: String,
        next_at: Option<DateTime<Utc>>,
    },
    ConsentEnds {
        on: NaiveDate,
        days: i64,
    },
}

impl Trouble {
    /// Whether no list comes until the owner does something.
    pub fn needs_owner(&self) -> bool {
        match self {
            Self::NoTokens(_) | Self::ConsentEnded { .. } | Self::Refused { .. } => true,
            Self::Paused { .. } | Self::FailedToday { .. } | Self::ConsentEnds { .. } => false,
        }
    }
}

/// As [`trouble`], without what ends at an instant of its own: for a page that is kept until the data or the date changes.
pub async fn lasting_trouble(
    db: &impl ConnectionTrait,
    capturer: &Capturer,
    clock: &Clock,
) -> Result<Option<Trouble>> {
    let Some(stored) = connection(db).await? else {
        return Ok(None);
    };
    let next_at = capturer.next_capture_at(db, &stored).await?;
    trouble(db, capturer, clock, &stored, (next_at, None)).await
}

/// What is wrong with a connection whose next list is due at an instant, and whose pause lasts until another.
pub async fn trouble(
    db: &impl ConnectionTrait,
    capturer: &Capturer,
    clock: &Clock,
    stored: &Connection,
    (next_at, pause): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
) -> Result<Option<Trouble>> {
    if let Err(cause) = stored.tokens(capturer.secrets()) {
        return Ok(Some(Trouble::NoTokens(cause.to_string())));
    }
    if stored.state == State::ConsentEnded {
        let given_on = clock.local(stored.authorized_at).date();
        return Ok(Some(Trouble::ConsentEnded { given_on }));
    }
    if stored.state == State::Refused {
        let word = stored.refusal.as_deref().unwrap_or_default();
        return Ok(Some(Trouble::Refused {
            refusal: Refusal::of_word(word),
            next_at,
        }));
    }
    if let Some(until) = pause {
        return Ok(Some(Trouble::Paused { until, next_at }));
    }
    if let Some(reason) = failed_on(db, clock.today(), stored.authorized_at).await? {
        return Ok(Some(Trouble::FailedToday { reason, next_at }));
    }
    let ends_at = consent_ends_at(stored.authorized_at);
    let days = clock.days_until(ends_at);
    let on = clock.local(ends_at).date();
    let is_near = days <= CONSENT_NOTICE_DAYS[0];
    Ok(is_near.then_some(Trouble::ConsentEnds { on, days }))
}

/// Why a list of a day is missing, if its last attempt since the consent failed. A list that is kept is not missing.
async fn failed_on(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    since: DateTime<Utc>,
) -> Result<Option<String>> {
    let kept = ranges_of(db, day).await?;
    let attempts = last_attempts(db, since).await?.into_iter();
    let failed = attempts
        .filter(|attempt| attempt.snapshot_date == day && attempt.outcome == Outcome::Failed)
        .filter(|attempt| !kept.contains(&attempt.time_range))
        .max_by_key(capture::Model::attempted_at);
    Ok(failed.map(|attempt| attempt.reason.unwrap_or_default()))
}
