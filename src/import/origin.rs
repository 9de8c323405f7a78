//! The origin of a list: its day, time range and time of capture, as named by the path of its file.

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

/// Lists are sorted by origin. The last one of a day and range is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    /// The time in the path, as UTC; midnight when it names the day alone.
    pub captured_at: DateTime<Utc>,
    pub source: String,
}

/// The origin of a ranked list in a file; `None` when its day or its range is unknown. The flags
/// `date` and `time_range` take precedence over the path. The last day and range in the path count.
pub fn origin(
    path: &str,
    date: Option<NaiveDate>,
    time_range: Option<TimeRange>,
) -> Option<Origin> {
    let named = day_and_time(path);
    let date = date.or(named.map(|(date, _)| date))?;
    let time_range = time_range.or_else(|| {
        let word = RANGE.find_iter(path).last()?;
        TimeRange::from_word(word.as_str())
    })?;
    let time = named
        .filter(|(named, _)| *named == date)
        .map_or(NaiveTime::MIN, |(_, time)| time);
    Some(Origin {
        date,
        time_range,
        captured_at: date.and_time(time).and_utc(),
        source: path.into(),
    })
}

fn day_and_time(path: &str) -> Option<(NaiveDate, NaiveTime)> {
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
    fn a_path_names_day_range_and_time() {
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
            let origin = origin(path, None, None).expect(path);

            assert_eq!(
                origin
                    .captured_at
                    .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                at
            );
            assert_eq!(origin.time_range.word(), range);
            assert_eq!(origin.date, origin.captured_at.date_naive());
        }
    }

    #[test]
    fn a_path_without_a_day_or_a_range_names_no_origin() {
        for path in [
            "short_term.json",
            "2026-02-30/short_term.json",
            "2026-03-01.json",
            "12026-03-01.short_term",
        ] {
            assert_eq!(origin(path, None, None), None, "{path}");
        }
    }

    #[test]
    fn a_flag_takes_precedence_over_the_path() {
        let flag = day("2026-03-02").expect("a day");

        let origin = origin(
            "2026-03-01T10/short_term.json",
            Some(flag),
            Some(TimeRange::LongTerm),
        )
        .expect("an origin");

        assert_eq!(
            (origin.date, origin.time_range),
            (flag, TimeRange::LongTerm)
        );
        assert_eq!(origin.captured_at.to_rfc3339(), "2026-03-02T00:00:00+00:00");
    }
}
