//! Now, and today; nothing else asks.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

#[derive(Clone)]
pub struct Clock(());

impl Clock {
    pub fn utc() -> Self {
        Self(())
    }

    /// To the microsecond, which is what PostgreSQL keeps.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}
