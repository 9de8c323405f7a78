//! One run: the lists of some ranges of today, each with its row in the ledger.

use super::token::NoToken;
use super::tries::Patience;
use super::{Capturer, SOURCE};
use crate::config::Secret;
use crate::error::Error;
use crate::payload::{self, Track};
use crate::spotify::{Failure, TopTracks};
use crate::store::connection::{
    Lease, State, acquire_lease, connection, mark_connected, mark_refused, not_before,
    release_lease, set_not_before,
};
use crate::store::{self, Incoming};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::capture;
use entity::snapshot::TimeRange;
use tokio::time::{Instant, sleep, timeout_at};

/// One process at a time takes lists. Renewed before each list, so it must be longer than one list may take.
const LEASE: &str = "capture";
const LEASE_PERIOD: TimeDelta = TimeDelta::minutes(2);

/// Why no list was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Unable {
    #[error("not connected to Spotify: connect on the page /settings/spotify")]
    NotConnected,
    #[error("Spotify’s permission has ended: connect again on the page /settings/spotify")]
    ConsentEnded,
    #[error("another capture is running: try again in a moment")]
    Running,
    /// The provider asked for no request before this instant.
    #[error("Spotify asked for a pause until {}", .0.format("%-d %b %Y, %H:%M UTC"))]
    NotBefore(DateTime<Utc>),
    #[error(transparent)]
    Database(#[from] Error),
}

impl Unable {
    /// The error of a request.
    pub fn into_error(self, now: DateTime<Utc>) -> Error {
        let reason = self.to_string();
        match self {
            Self::Database(error) => error,
            Self::NotConnected | Self::ConsentEnded | Self::Running => Error::Conflict(reason),
            Self::NotBefore(not_before) => Error::Later {
                reason,
                seconds: (not_before - now).num_seconds().max(1).cast_unsigned(),
            },
        }
    }
}

/// Why a list could not be taken, in the words of the ledger.
struct Missing {
    reason: String,
    /// The other lists of this run would fail as well, so they are not asked for.
    ends_run: bool,
}

/// The state of a run from list to list.
struct Run<'a> {
    capturer: &'a Capturer,
    /// The instant of the consent.
    consent: DateTime<Utc>,
    token: Option<Secret>,
    was_refreshed: bool,
    day: NaiveDate,
}

impl Capturer {
    /// Takes today's lists of these ranges. The day is fixed at the start.
    pub(super) async fn take(
        &self,
        ranges: &[TimeRange],
        patience: Patience,
    ) -> Result<Vec<capture::Model>, Unable> {
        let lease = Self::lease();
        self.with_lease(&lease, async || {
            self.take_leased(&lease, ranges, patience).await
        })
        .await
    }

    /// Does something that one process at a time may do.
    pub(super) async fn with_lease<T>(
        &self,
        lease: &Lease,
        work: impl AsyncFnOnce() -> Result<T, Unable>,
    ) -> Result<T, Unable> {
        if !self.renew(lease).await? {
            return Err(Unable::Running);
        }
        let result = work().await;
        // If this fails, the lease ends by itself.
        if let Err(cause) = release_lease(&self.parts.database, lease).await {
            tracing::warn!(%cause, "the lease of the capture could not be given back");
        }
        result
    }

    pub(super) fn lease() -> Lease {
        Lease::of(LEASE)
    }

    async fn renew(&self, lease: &Lease) -> Result<bool, Error> {
        acquire_lease(&self.parts.database, lease, self.now(), LEASE_PERIOD).await
    }

    /// As [`Capturer::take`], for a holder of the lease.
    pub(super) async fn take_leased(
        &self,
        lease: &Lease,
        ranges: &[TimeRange],
        patience: Patience,
    ) -> Result<Vec<capture::Model>, Unable> {
        let mut run = Run::begin(self).await?;
        let end = Instant::now() + patience.run;
        let mut rows = Vec::with_capacity(ranges.len());
        let mut not_asked = None;
        for time_range in ranges {
            if !self.renew(lease).await? {
                return Err(Unable::Running);
            }
            let list = match &not_asked {
                Some(reason) => Err(Missing {
                    reason: String::clone(reason),
                    ends_run: true,
                }),
                None => match timeout_at(
                    end.min(Instant::now() + patience.list),
                    run.list(*time_range, patience),
                )
                .await
                {
                    Ok(list) => list,
                    Err(_) => Err(Missing::once("Spotify did not answer in time".into())),
                },
            };
            let row = match list {
                Ok(list) => run.keep(*time_range, list).await?,
                Err(missing) => {
                    not_asked = missing.ends_run.then(|| missing.reason.clone());
                    store::list_failed(
                        &self.parts.database,
                        &run.incoming(*time_range),
                        missing.reason,
                    )
                    .await?
                }
            };
            log(&row);
            rows.push(row);
        }
        Ok(rows)
    }
}

fn log(row: &capture::Model) {
    let (day, range, tracks) = (row.snapshot_date, row.time_range.word(), row.track_count);
    match &row.reason {
        Some(reason) => tracing::warn!(%day, range, "no list came: {reason}"),
        None => tracing::info!(%day, range, tracks, "a list came: {:?}", row.outcome),
    }
}

impl<'a> Run<'a> {
    async fn begin(capturer: &'a Capturer) -> Result<Self, Unable> {
        let db = capturer.parts.database.read();
        let connection = connection(&db).await?.ok_or(Unable::NotConnected)?;
        if connection.state == State::ConsentEnded {
            return Err(Unable::ConsentEnded);
        }
        match not_before(&db).await? {
            Some(not_before) if not_before > capturer.now() => Err(Unable::NotBefore(not_before)),
            _ => Ok(Self {
                capturer,
                consent: connection.authorized_at,
                token: None,
                was_refreshed: false,
                day: capturer.parts.clock.today(),
            }),
        }
    }

    fn incoming(&self, time_range: TimeRange) -> Incoming {
        let now = self.capturer.now();
        Incoming {
            date: self.day,
            time_range,
            source: SOURCE,
            at: now,
            payload_at: now,
        }
    }

    /// Asks for a list; after an outage again, as the patience allows.
    async fn list(
        &mut self,
        time_range: TimeRange,
        patience: Patience,
    ) -> Result<Vec<Track>, Missing> {
        let mut tried = 0;
        loop {
            tried += 1;
            let cause = match self.ask(time_range).await {
                Ok(list) => return tracks(&list),
                Err(NoToken::Spotify(Failure::Outage(cause))) => cause,
                Err(other) => return Err(self.missing(other).await),
            };
            let Some(pause) = patience.pause(tried, fraction()) else {
                return Err(Missing {
                    reason: match tried {
                        1 => cause,
                        _ => format!("{cause}, {tried} times"),
                    },
                    // Without a token the other lists cannot be asked for either.
                    ends_run: self.token.is_none(),
                });
            };
            if self.capturer.has_pauses {
                sleep(pause).await;
            }
        }
    }

    async fn ask(&mut self, time_range: TimeRange) -> Result<TopTracks, NoToken> {
        let (capturer, depth) = (self.capturer, self.capturer.parts.depth);
        let token = match &self.token {
            Some(token) => token.clone(),
            None => self
                .token
                .insert(capturer.access_token(self.consent).await?)
                .clone(),
        };
        match capturer
            .spotify()
            .top_tracks(&token, time_range, depth)
            .await
        {
            Err(Failure::Unauthorized) if !self.was_refreshed => {
                self.was_refreshed = true;
                let token = capturer.refreshed_token(self.consent).await?;
                self.token = Some(token.clone());
                Ok(capturer
                    .spotify()
                    .top_tracks(&token, time_range, depth)
                    .await?)
            }
            answer => Ok(answer?),
        }
    }

    /// Stores what the failure says about the connection.
    async fn missing(&self, cause: NoToken) -> Missing {
        let database = &self.capturer.parts.database;
        let mut reason = cause.to_string();
        let stored = match &cause {
            NoToken::Spotify(Failure::RateLimited { seconds, .. }) => {
                let not_before = self.capturer.now() + TimeDelta::seconds((*seconds).cast_signed());
                let local = self.capturer.parts.clock.local(not_before);
                reason = format!(
                    "Spotify asked for a pause until {}",
                    local.format("%-d %b %Y, %H:%M")
                );
                set_not_before(database, not_before).await
            }
            NoToken::Spotify(Failure::Refused(refusal)) => {
                mark_refused(database, self.consent, &refusal.to_string())
                    .await
                    .map(drop)
            }
            _ => Ok(()),
        };
        if let Err(cause) = stored {
            tracing::error!(%cause, "what Spotify said could not be stored");
        }
        Missing {
            reason,
            ends_run: true,
        }
    }

    async fn keep(&self, time_range: TimeRange, list: Vec<Track>) -> Result<capture::Model, Error> {
        let database = &self.capturer.parts.database;
        let incoming = self.incoming(time_range);
        mark_connected(database, self.consent, incoming.at).await?;
        Ok(store::keep_list(database, &incoming, list).await?.1)
    }
}

impl Missing {
    /// The other lists are asked for all the same.
    fn once(reason: String) -> Self {
        Self {
            reason,
            ends_run: false,
        }
    }
}

/// The tracks of a list, best first. One that cannot be kept refuses the whole list.
fn tracks(list: &TopTracks) -> Result<Vec<Track>, Missing> {
    let items = list.items.iter().enumerate();
    let tracks = items.map(|(index, text)| {
        payload::track(text).map_err(|refusal| refusal.at(index).within("items"))
    });
    tracks
        .collect::<Result<_, _>>()
        .map_err(|refusal| Missing::once(refusal.to_string()))
}

/// Random, from 0 to 1.
fn fraction() -> f64 {
    let mut bytes = [0; 2];
    // Without random numbers the pauses are the same; that is no reason not to capture.
    let _ = getrandom::fill(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}
