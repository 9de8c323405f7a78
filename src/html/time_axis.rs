//! The names of days along a time axis: of some days, months or years, so that they do not touch.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Names on a wide screen at most. On a narrow one every second is left out.
const MOST: i64 = 9;

/// A day with a name, as in `Apr`, `Jan 2026` or `2026`.
#[derive(Debug, PartialEq, Eq)]
pub struct Mark {
    pub day: NaiveDate,
    pub name: String,
    /// Narrow screens leave it out.
    pub is_between: bool,
}

#[derive(Clone, Copy)]
enum Step {
    Days(u64),
    Months(u32),
}

const STEPS: [Step; 12] = [
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(240),
];

impl Step {
    fn days(self) -> i64 {
        match self {
            Self::Days(days) => days.cast_signed(),
            Self::Months(months) => i64::from(months) * 30,
        }
    }

    /// The first day of a step that is not before the day.
    fn first(self, from: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(_) => Some(from),
            Self::Months(months) => {
                let month = month(from);
                let months = months.cast_signed();
                let start = month - month.rem_euclid(months);
                let starts = [start, start + months].map(first_of_month);
                starts.into_iter().flatten().find(|start| *start >= from)
            }
        }
    }

    fn next(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => day.checked_add_days(Days::new(days)),
            Self::Months(months) => day.checked_add_months(Months::new(months)),
        }
    }

    fn name(self, day: NaiveDate, is_first: bool) -> String {
        let format = match self {
            Self::Days(_) => "%-d %b",
            Self::Months(12..) => "%Y",
            Self::Months(_) if is_first || day.month() == 1 => "%b %Y",
            Self::Months(_) => "%b",
        };
        day.format(format).to_string()
    }
}

/// Months since the year 0.
fn month(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

fn first_of_month(month: i32) -> Option<NaiveDate> {
    let month0 = month.rem_euclid(12).cast_unsigned();
    NaiveDate::from_ymd_opt(month.div_euclid(12), month0 + 1, 1)
}

/// The days to name between two days, both included.
pub fn marks(from: NaiveDate, to: NaiveDate) -> Vec<Mark> {
    let length = (to - from).num_days();
    let fits = |step: &Step| length / step.days() < MOST;
    let step = STEPS.into_iter().find(fits).unwrap_or(STEPS[11]);
    let days = std::iter::successors(step.first(from), |day| step.next(*day));
    let days: Vec<_> = days.take_while(|day| *day <= to).collect();
    // The rougher step of narrow screens keeps the months of January.
    let offset = match step {
        Step::Months(months) => days
            .first()
            .map_or(0, |first| (month(*first) / months.cast_signed()) % 2),
        Step::Days(_) => 0,
    };
    let is_between = |index: usize| (index + offset.unsigned_abs() as usize) % 2 == 1;
    // The first name that every screen shows has its year.
    let first_shown = usize::from(is_between(0));
    let marks = days.iter().enumerate();
    marks
        .map(|(index, day)| Mark {
            day: *day,
            name: step.name(*day, index == first_shown),
            is_between: is_between(index),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names, those that narrow screens leave out in brackets.
    fn names(from: &str, to: &str) -> String {
        let day = |text: &str| text.parse().expect("a day");
        let marks = marks(day(from), day(to));
        let names = marks.iter().map(|mark| match mark.is_between {
            true => format!("[{}]", mark.name),
            false => mark.name.clone(),
        });
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_names_are_as_many_as_fit() {
        let cases = [
            ("2026-03-01", "2026-03-01", "1 Mar"),
            (
                "2026-02-27",
                "2026-03-03",
                "27 Feb [28 Feb] 1 Mar [2 Mar] 3 Mar",
            ),
            (
                "2026-01-05",
                "2026-02-20",
                "5 Jan [12 Jan] 19 Jan [26 Jan] 2 Feb [9 Feb] 16 Feb",
            ),
            (
                "2025-10-14",
                "2026-03-22",
                "Nov 2025 [Dec] Jan 2026 [Feb] Mar",
            ),
            (
                "2025-02-14",
                "2026-11-22",
                "[Apr] Jul 2025 [Oct] Jan 2026 [Apr] Jul [Oct]",
            ),
            (
                "2022-11-12",
                "2026-06-26",
                "Jan 2023 [Jul] Jan 2024 [Jul] Jan 2025 [Jul] Jan 2026",
            ),
            (
                "2019-01-01",
                "2026-06-26",
                "[2019] 2020 [2021] 2022 [2023] 2024 [2025] 2026",
            ),
        ];
        for (from, to, expected) in cases {
            assert_eq!(names(from, to), expected, "{from} to {to}");
        }
    }
}
