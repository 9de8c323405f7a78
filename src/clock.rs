//! The time: now, and today in `TIME_ZONE`. No other module asks for the time of day.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, TimeDelta, TimeZone, Utc};
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

    /// As in `Europe/Berlin`.
    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    /// The date in the time zone.
    pub fn today(&self) -> NaiveDate {
        self.local(self.now()).date()
    }

    /// The days from today to the date of an instant. Negative if it is past.
    pub fn days_until(&self, at: DateTime<Utc>) -> i64 {
        (self.local(at).date() - self.today()).num_days()
    }

    /// The instant of a date and time of day in the time zone: the first of two when clocks are set back, the end of the
    /// gap when they are set forward.
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let minutes = (0..=24 * 60).map(TimeDelta::minutes);
        let existing =
            minutes.filter_map(|later| self.zone.from_local_datetime(&(local + later)).earliest());
        existing
            .map(|at| at.to_utc())
            .next()
            .unwrap_or_else(|| local.and_utc())
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
    fn a_time_of_day_that_occurs_never_or_twice_is_the_next_or_the_first() {
        let cases = [
            (
                "2026-03-01T06:00:00",
                Tz::Europe__Berlin,
                "2026-03-01T05:00:00Z",
            ),
            (
                "2026-03-29T02:30:00",
                Tz::Europe__Berlin,
                "2026-03-29T01:00:00Z",
            ),
            (
                "2026-10-25T02:30:00",
                Tz::Europe__Berlin,
                "2026-10-25T00:30:00Z",
            ),
            // Samoa left out a whole day.
            (
                "2011-12-30T06:00:00",
                Tz::Pacific__Apia,
                "2011-12-30T10:00:00Z",
            ),
        ];
        for (local, zone, expected) in cases {
            let local: NaiveDateTime = local.parse().expect("a date and time");

            let at = Clock::new(zone, Utc::now).instant(local);

            assert_eq!(
                at,
                expected.parse::<DateTime<Utc>>().expect("an instant"),
                "{local} in {zone}"
            );
        }
    }

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
