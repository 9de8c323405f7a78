//! One run: the lists of some ranges of today, each with its row in the ledger.

use super::failure::{ListFailure, Unable};
use super::tries::RetryPolicy;
use super::{Capturer, SOURCE};
use crate::config::Secret;
use crate::error::Error;
use crate::payload::{self, Track};
use crate::spotify::{Failure, TopTracks};
use crate::store::connection::{
    Lease, State, connection, mark_connected, mark_refused, not_before,
};
use crate::store::{self, Incoming};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::capture;
use entity::snapshot::TimeRange;
use sea_orm::ActiveEnum;
use tokio::time::{Instant, sleep, timeout_at};

/// One process at a time takes lists. Renewed before each list, so it must be longer than one list may take.
const LEASE: &str = "capture";
const LEASE_PERIOD: TimeDelta = TimeDelta::minutes(2);

/// The state of a run from list to list.
struct Run<'a> {
    capturer: &'a Capturer,
    /// The instant of the consent.
    consent: DateTime<Utc>,
    token: Option<Secret>,
    /// The provider has refused an access token. Once in a run it is refreshed.
    was_refused: bool,
    day: NaiveDate,
}

impl Capturer {
    /// Takes today's lists of these ranges. The day is fixed at the start.
    pub(super) async fn take(
        &self,
        ranges: &[TimeRange],
        policy: RetryPolicy,
    ) -> Result<Vec<capture::Model>, Unable> {
        let lease = Self::lease();
        self.with_lease(&lease, async || {
            self.take_leased(&lease, ranges, policy).await
        })
        .await
    }

    /// The lease of those who take lists.
    pub(super) fn lease() -> Lease {
        Lease::of(LEASE, LEASE_PERIOD)
    }

    /// As [`Capturer::take`], for a holder of the lease.
    pub(super) async fn take_leased(
        &self,
        lease: &Lease,
        ranges: &[TimeRange],
        policy: RetryPolicy,
    ) -> Result<Vec<capture::Model>, Unable> {
        let mut run = Run::begin(self).await?;
        let rows = run.take_all(lease, ranges, policy).await;
        if let Err(Unable::Database(_)) = rows {
            let mut unrecorded = self.parts.unrecorded.lock().expect("no holder panics");
            unrecorded.push(self.now());
        }
        rows
    }

    pub(super) fn paused(&self, until: DateTime<Utc>) -> ListFailure {
        ListFailure::Paused(self.parts.clock.local(until))
    }
}

fn log(row: &capture::Model) {
    let (day, range, tracks) = (row.snapshot_date, row.time_range.word(), row.track_count);
    match &row.reason {
        Some(reason) => tracing::warn!(%day, range, "no list came: {reason}"),
        None => tracing::info!(%day, range, tracks, "a list came: {}", row.outcome.to_value()),
    }
}

impl<'a> Run<'a> {
    async fn begin(capturer: &'a Capturer) -> Result<Self, Unable> {
        let db = capturer.parts.database.read();
        let connection = connection(&db).await?.ok_or(Unable::NotConnected)?;
        if connection.state == State::ConsentEnded {
            return Err(Unable::ConsentEnded);
        }
        match not_before(&db, capturer.now()).await? {
            Some(not_before) if not_before > capturer.now() => Err(Unable::NotBefore(not_before)),
            _ => Ok(Self {
                capturer,
                consent: connection.authorized_at,
                token: None,
                was_refused: false,
                day: capturer.parts.clock.today(),
            }),
        }
    }

    async fn take_all(
        &mut self,
        lease: &Lease,
        ranges: &[TimeRange],
        policy: RetryPolicy,
    ) -> Result<Vec<capture::Model>, Unable> {
        let end = Instant::now() + policy.run;
        let mut rows = Vec::with_capacity(ranges.len());
        let mut not_asked: Option<String> = None;
        for time_range in ranges {
            if !self.capturer.renew(lease).await? {
                return Err(Unable::Running);
            }
            let row = match &not_asked {
                Some(reason) => self.fail(*time_range, reason.clone()).await?,
                None => match self.take(*time_range, policy, end).await {
                    Ok(row) => row,
                    Err(ListFailure::Replaced) => return Err(Unable::Replaced),
                    Err(failure) => {
                        let reason = failure.to_string();
                        not_asked = self.is_over(&failure).then(|| reason.clone());
                        self.fail(*time_range, reason).await?
                    }
                },
            };
            if self.capturer.has_log {
                log(&row);
            }
            rows.push(row);
        }
        Ok(rows)
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

    /// Takes a list before the deadlines. What a failure says about the connection is stored after them.
    async fn take(
        &mut self,
        time_range: TimeRange,
        policy: RetryPolicy,
        end: Instant,
    ) -> Result<capture::Model, ListFailure> {
        let deadline = end.min(Instant::now() + policy.list);
        let list = timeout_at(deadline, self.list(time_range, policy)).await;
        match list.unwrap_or(Err(ListFailure::Late)) {
            Ok(list) => self.keep(time_range, list).await,
            Err(failure) => Err(self.noted(failure).await),
        }
    }

    /// Asks for a list; after an outage again, as the policy allows.
    async fn list(
        &mut self,
        time_range: TimeRange,
        policy: RetryPolicy,
    ) -> Result<Vec<Track>, ListFailure> {
        let mut tried = 0;
        loop {
            tried += 1;
            let cause = match self.ask(time_range).await {
                Ok(list) => return tracks(&list),
                Err(ListFailure::Spotify(Failure::Outage(cause))) => cause,
                Err(other) => return Err(other),
            };
            let Some(pause) = policy.pause(tried, fraction()) else {
                return Err(Failure::Outage(match tried {
                    1 => cause,
                    _ => format!("{cause}, {tried} times"),
                })
                .into());
            };
            if self.capturer.has_pauses {
                sleep(pause).await;
            }
        }
    }

    /// Asks for the pages of a list.
    async fn ask(&mut self, time_range: TimeRange) -> Result<TopTracks, ListFailure> {
        let spotify = self.capturer.spotify();
        let mut list = spotify.top_tracks(time_range, self.capturer.parts.depth);
        while !list.is_complete() {
            let token = self.token().await?;
            self.must_go_on().await?;
            match spotify.add_page(&token, &mut list).await {
                Err(Failure::Unauthorized) if !self.was_refused => {
                    self.was_refused = true;
                    self.token = None;
                }
                answer => answer?,
            }
        }
        Ok(list)
    }

    async fn token(&mut self) -> Result<Secret, ListFailure> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        self.must_go_on().await?;
        let token = match self.was_refused {
            true => self.capturer.refreshed_token(self.consent).await?,
            false => self.capturer.access_token(self.consent).await?,
        };
        Ok(self.token.insert(token).clone())
    }

    /// An error if the connection was replaced, or a pause has begun, since the last request.
    async fn must_go_on(&self) -> Result<(), ListFailure> {
        self.capturer.consented(self.consent).await?;
        let pause = not_before(&self.capturer.parts.database.read(), self.capturer.now()).await?;
        match pause.filter(|pause| *pause > self.capturer.now()) {
            Some(pause) => Err(self.capturer.paused(pause)),
            None => Ok(()),
        }
    }

    /// Stores what the failure says about the connection.
    async fn noted(&self, failure: ListFailure) -> ListFailure {
        let capturer = self.capturer;
        match &failure {
            ListFailure::Spotify(Failure::RateLimited { seconds, .. }) => {
                let until = capturer.now() + TimeDelta::seconds(seconds.cast_signed());
                capturer.pause(until).await;
                capturer.paused(until)
            }
            ListFailure::Spotify(Failure::Refused(refusal)) => {
                let database = &capturer.parts.database;
                match mark_refused(database, self.consent, refusal.word()).await {
                    Ok(true) => failure,
                    Ok(false) => ListFailure::Replaced,
                    Err(cause) => cause.into(),
                }
            }
            _ => failure,
        }
    }

    /// Whether the other lists would fail as well, so that they are not asked for.
    fn is_over(&self, failure: &ListFailure) -> bool {
        match failure {
            ListFailure::Late | ListFailure::Invalid(_) | ListFailure::Unstored(_) => false,
            ListFailure::Spotify(Failure::Outage(_)) => self.token.is_none(),
            _ => true,
        }
    }

    async fn keep(
        &self,
        time_range: TimeRange,
        list: Vec<Track>,
    ) -> Result<capture::Model, ListFailure> {
        let database = &self.capturer.parts.database;
        let incoming = self.incoming(time_range);
        match mark_connected(database, self.consent, incoming.at).await? {
            true => match store::keep_list(database, &incoming, list).await {
                Ok((_, row)) => Ok(row),
                Err(cause) => Err(ListFailure::Unstored(cause)),
            },
            false => Err(ListFailure::Replaced),
        }
    }

    async fn fail(&self, time_range: TimeRange, reason: String) -> Result<capture::Model, Error> {
        let database = &self.capturer.parts.database;
        store::list_failed(database, &self.incoming(time_range), reason).await
    }
}

/// The tracks of a list, best first. One that cannot be kept refuses the whole list.
fn tracks(list: &TopTracks) -> Result<Vec<Track>, ListFailure> {
    let items = list.items.iter().enumerate();
    let tracks = items.map(|(index, text)| {
        payload::track(text).map_err(|refusal| refusal.at(index).within("items"))
    });
    tracks
        .collect::<Result<_, _>>()
        .map_err(|refusal| ListFailure::Invalid(refusal.to_string()))
}

/// Random, from 0 to 1.
fn fraction() -> f64 {
    let mut bytes = [0; 2];
    // Without random numbers the pauses are the same; that is no reason not to capture.
    let _ = getrandom::fill(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}
