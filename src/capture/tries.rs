//! When something is tried again: a list of the day by the schedule, a request after an outage.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// A list that failed is tried again so many hours after the first try of its day.
const AGAIN_HOURS: [i64; 4] = [1, 3, 6, 12];

/// The attempts to take a list from the provider on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// One of them brought a list.
    pub is_done: bool,
}

/// When a list is to be taken whose day begins to be taken at `daily_at`. `None`: no more on this day. A try by hand does
/// not count: the next one is the first of those after the first try that is still ahead of the last one.
pub fn due(daily_at: DateTime<Utc>, tried: Option<Tried>) -> Option<DateTime<Utc>> {
    let Some(tried) = tried else {
        return Some(daily_at);
    };
    let tries = AGAIN_HOURS.map(|hours| tried.first_at + TimeDelta::hours(hours));
    let mut later = tries.into_iter().filter(|at| *at > tried.last_at);
    later.next().filter(|_| !tried.is_done)
}

/// How often a request of a run is tried, and how long a run may take.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Of a request, after outages.
    tries: u32,
    /// The deadline of one list. Less than the period of the lease.
    pub list: Duration,
    /// The deadline of all lists.
    pub run: Duration,
}

impl RetryPolicy {
    /// While a request waits.
    pub const REQUEST: Self = Self {
        tries: 1,
        list: Duration::from_secs(30),
        run: Duration::from_secs(30),
    };
    /// Of the schedule and the command.
    pub const LONG: Self = Self {
        tries: 3,
        list: Duration::from_secs(100),
        run: Duration::from_secs(300),
    };

    /// The pause after a try that failed; `None` after the last. `fraction` is random, from 0 to 1, so that many programs
    /// do not ask again at the same moment.
    pub fn pause(self, tried: u32, fraction: f64) -> Option<Duration> {
        let seconds = 2_f64 * 4_f64.powi(tried as i32 - 1);
        (tried < self.tries).then(|| Duration::from_secs_f64(seconds * (0.5 + fraction)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_failed_is_tried_1_3_6_and_12_hours_after_the_first_try() {
        let at = |time: &str| -> DateTime<Utc> {
            format!("2026-03-01T{time}:00Z")
                .parse()
                .expect("an instant")
        };
        let tried = |last: &str| Tried {
            first_at: at("07:00"),
            last_at: at(last),
            is_done: false,
        };

        assert_eq!(due(at("06:00"), None), Some(at("06:00")));
        for (last, expected) in [
            ("07:00", Some("08:00")),
            // By hand.
            ("07:59", Some("08:00")),
            ("08:00", Some("10:00")),
            ("08:30", Some("10:00")),
            ("10:01", Some("13:00")),
            ("13:00", Some("19:00")),
            ("19:00", None),
        ] {
            let due = due(at("06:00"), Some(tried(last)));
            assert_eq!(due, expected.map(at), "{last}");
        }
        let done = Tried {
            is_done: true,
            ..tried("07:00")
        };
        assert_eq!(due(at("06:00"), Some(done)), None);
    }

    #[test]
    fn pauses_grow_and_end() {
        let pauses = [1, 2, 3].map(|tried| RetryPolicy::LONG.pause(tried, 0.5));

        assert_eq!(
            pauses,
            [
                Some(Duration::from_secs(2)),
                Some(Duration::from_secs(8)),
                None
            ]
        );
        assert_eq!(RetryPolicy::REQUEST.pause(1, 0.5), None);
    }
}
