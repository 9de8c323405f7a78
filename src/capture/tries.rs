//! When something is tried again: a list of the day by the schedule, a request after an outage.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// A list that failed is tried again so many hours after the first try of its day.
const AGAIN_HOURS: [i64; 4] = [1, 3, 6, 12];

/// The attempts to take a list from the provider on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    pub first_at: DateTime<Utc>,
    pub count: i64,
    /// The last one brought a list.
    pub is_done: bool,
}

/// When a list is to be taken whose day begins to be taken at `daily_at`. `None`: no more on this day.
pub fn due(daily_at: DateTime<Utc>, tried: Option<Tried>) -> Option<DateTime<Utc>> {
    let Some(tried) = tried else {
        return Some(daily_at);
    };
    let again = usize::try_from(tried.count - 1).ok()?;
    let hours = AGAIN_HOURS.get(again).filter(|_| !tried.is_done)?;
    Some(tried.first_at + TimeDelta::hours(*hours))
}

/// How long one run goes on.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Of a request, after outages.
    tries: u32,
    /// The deadline of one list. Less than the period of the lease.
    pub list: Duration,
    /// The deadline of all lists.
    pub run: Duration,
}

impl Patience {
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
        let at = |hour: u32| -> DateTime<Utc> {
            format!("2026-03-01T{hour:02}:00:00Z")
                .parse()
                .expect("an instant")
        };
        let tried = |count| Tried {
            first_at: at(7),
            count,
            is_done: false,
        };

        assert_eq!(due(at(6), None), Some(at(6)));
        for (count, expected) in [
            (1, Some(at(8))),
            (2, Some(at(10))),
            (3, Some(at(13))),
            (4, Some(at(19))),
            (5, None),
        ] {
            assert_eq!(due(at(6), Some(tried(count))), expected, "{count}");
        }
        assert_eq!(
            due(
                at(6),
                Some(Tried {
                    is_done: true,
                    ..tried(1)
                })
            ),
            None
        );
    }

    #[test]
    fn pauses_grow_and_end() {
        let pauses = [1, 2, 3].map(|tried| Patience::LONG.pause(tried, 0.5));

        assert_eq!(
            pauses,
            [
                Some(Duration::from_secs(2)),
                Some(Duration::from_secs(8)),
                None
            ]
        );
        assert_eq!(Patience::REQUEST.pause(1, 0.5), None);
    }
}
