//! The time: now, and today in `TIME_ZONE`. No other module asks for the time of day.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// A clock with a time zone. Tests use one of their own.
#[derive(Clone)]
pub struct Clock {
    zone: Tz,
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

impl Clock {
    /// The clock of the operating system.
    pub fn system(zone: Tz) -> Self {
        Self::new(zone, Utc::now)
    }

    pub fn new(zone: Tz, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self {
            zone,
            now: Arc::new(now),
        }
    }

    /// To the microsecond, which is the precision of PostgreSQL.
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)().trunc_subsecs(6)
    }

    /// The date in the time zone.
    pub fn today(&self) -> NaiveDate {
        self.local(self.now()).date()
    }

    /// An instant as date and time of day in the time zone.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_date_in_the_time_zone() {
        let cases = [
            ("2026-03-01T23:30:00Z", Tz::UTC, "2026-03-01"),
            ("2026-03-01T23:30:00Z", Tz::Europe__Berlin, "2026-03-02"),
            (
                "2026-03-01T05:30:00Z",
                Tz::America__Los_Angeles,
                "2026-02-28",
            ),
            ("2024-02-29T12:00:00Z", Tz::Pacific__Auckland, "2024-03-01"),
        ];
        for (now, zone, today) in cases {
            let now: DateTime<Utc> = now.parse().expect("an instant");

            let clock = Clock::new(zone, move || now);

            assert_eq!(clock.today().to_string(), today, "{now} in {zone}");
        }
    }
}
