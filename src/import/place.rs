//! What a path says of the list in the file: its day, its time range, and when it was captured.

use crate::payload::day;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::snapshot::TimeRange;
use regex::Regex;
use std::sync::LazyLock;

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?:^|[^0-9]) (\d{4}-\d{2}-\d{2})
          (?: [T_\ ] (\d{2}) [:-]? (\d{2}) (?: [:-]? (\d{2}) )? )? (?:[^0-9]|$)",
    )
    .expect("the pattern is well formed")
});
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(?:short|medium|long)_term").expect("the pattern is well formed"));

/// Where a list belongs. Lists sort by it: of one day and range, the last is the one to keep.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    /// The time in the path, as UTC; midnight when it names the day alone.
    pub captured_at: DateTime<Utc>,
    pub source: String,
}

/// The place a path names, what it leaves open taken from the flags. The part of the path nearest
/// to its end counts.
pub fn place(path: &str, date: Option<NaiveDate>, time_range: Option<TimeRange>) -> Option<Place> {
    let named = moment(path);
    let date = date.or(named.map(|(date, _)| date))?;
    let time_range = time_range.or_else(|| {
        let word = RANGE.find_iter(path).last()?;
        TimeRange::from_word(word.as_str())
    })?;
    let time = named
        .filter(|(named, _)| *named == date)
        .map_or(NaiveTime::MIN, |(_, time)| time);
    Some(Place {
        date,
        time_range,
        captured_at: date.and_time(time).and_utc(),
        source: path.into(),
    })
}

fn moment(path: &str) -> Option<(NaiveDate, NaiveTime)> {
    let mut found = None;
    let mut start = 0;
    while let Some(part) = DAY.captures_at(path, start) {
        let number = |group| {
            part.get(group)
                .map_or(0, |text| text.as_str().parse().unwrap_or(0))
        };
        if let Ok(date) = day(&part[1]) {
            let time = NaiveTime::from_hms_opt(number(2), number(3), number(4));
            found = Some((date, time.unwrap_or_default()));
        }
        start = part.get(1).map_or(path.len(), |date| date.end());
    }
    found
}

pub fn time_range(word: &str) -> Result<TimeRange, String> {
    TimeRange::from_word(word).ok_or("short_term, medium_term or long_term was expected".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_day_range_and_time() {
        let cases = [
            (
                "2026-03-01/short_term.json",
                "2026-03-01T00:00:00Z",
                "short_term",
            ),
            (
                "in/2024-03-11T083403Z.short_term.json.gz",
                "2024-03-11T08:34:03Z",
                "short_term",
            ),
            (
                "2020-01-01-backup/long_term/2021-02-03 04:05:06.json",
                "2021-02-03T04:05:06Z",
                "long_term",
            ),
            (
                "2021-02-03_0405.medium_term.json",
                "2021-02-03T04:05:00Z",
                "medium_term",
            ),
        ];
        for (path, at, range) in cases {
            let place = place(path, None, None).expect(path);

            assert_eq!(
                place
                    .captured_at
                    .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                at
            );
            assert_eq!(place.time_range.word(), range);
            assert_eq!(place.date, place.captured_at.date_naive());
        }
    }

    #[test]
    fn a_path_without_a_day_or_a_range_names_no_place() {
        for path in [
            "short_term.json",
            "2026-02-30/short_term.json",
            "2026-03-01.json",
            "12026-03-01.short_term",
        ] {
            assert_eq!(place(path, None, None), None, "{path}");
        }
    }

    #[test]
    fn a_flag_speaks_before_the_path() {
        let flag = day("2026-03-02").expect("a day");

        let place = place(
            "2026-03-01T10/short_term.json",
            Some(flag),
            Some(TimeRange::LongTerm),
        )
        .expect("a place");

        assert_eq!((place.date, place.time_range), (flag, TimeRange::LongTerm));
        assert_eq!(place.captured_at.to_rfc3339(), "2026-03-02T00:00:00+00:00");
    }
}
