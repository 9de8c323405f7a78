//! Days that lie wholly inside a pause of the provider. No list of them is asked for, so when they are over the ledger gets
//! a row for each list.

use super::failure::Unable;
use super::{Capturer, SOURCE};
use crate::error::Result;
use crate::store::connection::{State, connection, not_before};
use crate::store::{self, Incoming};
use chrono::{Days, NaiveDate};
use entity::capture::{self, Column};
use entity::snapshot::TimeRange;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

impl Capturer {
    pub(super) async fn record_paused_days(&self) -> Result<()> {
        let (days, _) = self.paused_days().await?;
        if days.is_empty() {
            return Ok(());
        }
        let lease = Self::lease();
        let work = async || Ok(self.record_under_lease().await?);
        self.with_lease(&lease, work)
            .await
            .or_else(Unable::or_later)
    }

    async fn record_under_lease(&self) -> Result<()> {
        // Another process may have recorded them meanwhile.
        let (days, reason) = self.paused_days().await?;
        for day in days {
            for time_range in TimeRange::ALL {
                let now = self.now();
                let incoming = Incoming {
                    date: day,
                    time_range,
                    source: SOURCE,
                    at: now,
                    payload_at: now,
                };
                store::list_failed(&self.parts.database, &incoming, reason.clone()).await?;
            }
        }
        Ok(())
    }

    /// The days before today without an attempt at whose end the last pause had not ended, and the reason for the ledger.
    /// It had begun before them: the attempt that it answered is in the ledger.
    async fn paused_days(&self) -> Result<(Vec<NaiveDate>, String)> {
        let (db, clock) = (self.parts.database.read(), &self.parts.clock);
        let connection = connection(&db).await?;
        let connection = connection.filter(|connection| connection.state != State::ConsentEnded);
        let pause = not_before(&db, self.now()).await?;
        let (Some(connection), Some(pause)) = (connection, pause) else {
            return Ok(Default::default());
        };
        let last: Option<NaiveDate> = capture::Entity::find()
            .select_only()
            .column(Column::SnapshotDate)
            .filter(Column::Source.eq(SOURCE))
            .order_by_desc(Column::SnapshotDate)
            .limit(1)
            .into_tuple()
            .one(&db)
            .await?;
        let connected_on = clock.local(connection.authorized_at).date();
        let before = last.map_or(connected_on, |last| last.max(connected_on));
        let end = clock.today().min(clock.local(pause).date());
        let days = (before + Days::new(1)).iter_days();
        let days = days.take_while(|day| *day < end).collect();
        Ok((days, self.paused(pause).to_string()))
    }
}
