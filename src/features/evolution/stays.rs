//! Stays: how long tracks remain on the lists of a range, and their Kaplan–Meier estimate.

use super::answer::Survival;
use super::lists::List;
use num_bigint::BigUint;
use std::collections::BTreeMap;

/// The number of stays of each length in days. The first and the last day both count.
#[derive(Debug, Default)]
pub struct Stays(BTreeMap<i64, Count>);

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    ended: u32,
    /// Stays that reach the latest list. They are censored: how long they last is not known yet.
    ongoing: u32,
}

/// The stays that end at one length, out of those that are at least as long.
struct Step {
    day_count: i64,
    at_risk: u32,
    ended: u32,
}

impl Stays {
    pub fn of(lists: &[List], track_count: usize) -> Self {
        let mut stays = Self::default();
        // The first and the last list of the latest stay of each track.
        let mut latest: Vec<Option<(usize, usize)>> = vec![None; track_count];
        for (index, list) in lists.iter().enumerate() {
            for track in &list.tracks {
                let stay = &mut latest[*track as usize];
                match stay {
                    Some((_, last)) if *last + 1 >= index => *last = index,
                    _ => {
                        if let Some((first, last)) = stay.replace((index, index)) {
                            stays.count(&lists[first], &lists[last]).ended += 1;
                        }
                    }
                }
            }
        }
        for (first, last) in latest.into_iter().flatten() {
            let count = stays.count(&lists[first], &lists[last]);
            match last + 1 == lists.len() {
                true => count.ongoing += 1,
                false => count.ended += 1,
            }
        }
        stays
    }

    fn count(&mut self, first: &List, last: &List) -> &mut Count {
        let days = (last.date - first.date).num_days() + 1;
        self.0.entry(days).or_default()
    }

    pub fn stay_count(&self) -> i64 {
        let counts = self.0.values();
        counts
            .map(|count| i64::from(count.ended) + i64::from(count.ongoing))
            .sum()
    }

    pub fn ongoing_count(&self) -> i64 {
        let counts = self.0.values();
        counts.map(|count| i64::from(count.ongoing)).sum()
    }

    /// The lengths at which stays end. At equal lengths, stays end before others are censored.
    fn steps(&self) -> impl Iterator<Item = Step> {
        let mut at_risk = self.stay_count() as u32;
        self.0.iter().filter_map(move |(day_count, count)| {
            let step = Step {
                day_count: *day_count,
                at_risk,
                ended: count.ended,
            };
            at_risk -= count.ended + count.ongoing;
            (step.ended > 0).then_some(step)
        })
    }

    pub fn survival(&self) -> Vec<Survival> {
        let mut share = 1.0;
        let steps = self.steps().map(|step| {
            share *= f64::from(step.at_risk - step.ended) / f64::from(step.at_risk);
            Survival {
                day_count: step.day_count,
                share,
            }
        });
        steps.collect()
    }

    /// The first length at which the estimate is at most ½. The comparison is exact: a product of doubles may miss ½.
    pub fn half_life_days(&self) -> Option<i64> {
        let mut left = BigUint::from(2_u32);
        let mut whole = BigUint::from(1_u32);
        let step = self.steps().find(|step| {
            left *= step.at_risk - step.ended;
            whole *= step.at_risk;
            left <= whole
        });
        step.map(|step| step.day_count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lists::tests::lists;
    use super::*;
    use serde_json::Value;

    fn stays(ended: &[i64], ongoing: &[i64]) -> Stays {
        let mut stays = Stays::default();
        for length in ended {
            stays.0.entry(*length).or_default().ended += 1;
        }
        for length in ongoing {
            stays.0.entry(*length).or_default().ongoing += 1;
        }
        stays
    }

    #[test]
    fn a_stay_is_a_run_of_consecutive_lists_and_days_without_a_list_count() {
        let lists = lists(&[(1, "ab"), (4, "a"), (6, "bc"), (7, "ab"), (9, "ab")]);

        let stays = Stays::of(&lists.all, lists.track_ids.len());

        let found: Vec<_> = stays
            .0
            .iter()
            .map(|(days, count)| (*days, count.ended, count.ongoing))
            .collect();
        // b on the 1st and c on the 6th; a from the 7th; a until the 4th, and b from the 6th.
        assert_eq!(found, [(1, 2, 0), (3, 0, 1), (4, 1, 1)]);
        assert_eq!((stays.stay_count(), stays.ongoing_count()), (5, 2));
    }

    #[test]
    fn the_half_life_is_the_first_length_at_which_at_most_half_go_on() {
        let cases: [(&[i64], &[i64], Option<i64>); 6] = [
            (&[], &[], None),
            (&[], &[3, 4], None),
            (&[3], &[], Some(3)),
            (&[1, 2, 3, 4], &[], Some(2)),
            // At equal lengths, stays end before others are censored.
            (&[2, 2], &[2, 2], Some(2)),
            // 2/3 after length 2. After length 4 only one is at risk.
            (&[2, 5], &[4], Some(5)),
        ];
        for (ended, ongoing, expected) in cases {
            let half_life = stays(ended, ongoing).half_life_days();

            assert_eq!(half_life, expected, "{ended:?} {ongoing:?}");
        }
    }

    /// Made-up lengths. The file says which software computed the estimates.
    #[test]
    fn the_estimates_are_those_of_other_software() {
        let fixture = include_str!("../../../tests/fixtures/stays.json");
        let fixture: Value = serde_json::from_str(fixture).expect("the file is JSON");
        let samples = fixture["samples"].as_array().expect("samples");
        for sample in samples {
            let lengths = |name: &str| -> Vec<i64> {
                let lengths = sample[name].as_array().expect("lengths").iter();
                lengths.filter_map(Value::as_i64).collect()
            };

            let stays = stays(&lengths("ended"), &lengths("ongoing"));

            assert_eq!(stays.half_life_days(), sample["half_life_days"].as_i64());
            let survival = stays.survival();
            let expected = sample["survival"].as_array().expect("steps");
            assert_eq!(survival.len(), expected.len(), "{sample}");
            for (found, expected) in survival.iter().zip(expected) {
                let share = expected[1].as_f64().expect("a share");
                assert_eq!(Some(found.day_count), expected[0].as_i64(), "{sample}");
                assert!((found.share - share).abs() < 1e-9, "{found:?} {expected}");
            }
        }
        assert!(samples.len() > 30);
    }

    /// The product of doubles is above ½ for some of these.
    #[test]
    fn exactly_half_is_half() {
        for count in 1..500 {
            let lengths: Vec<i64> = (1..=2 * count).collect();

            assert_eq!(stays(&lengths, &[]).half_life_days(), Some(count));
        }
    }
}
