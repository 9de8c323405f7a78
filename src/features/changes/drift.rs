//! How far apart two ranked lists are, as two numbers. Only the order of the lists counts.

use poem_openapi::Object;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// The distance between two lists in two measures.
#[derive(Clone, Copy, Debug, PartialEq, Object)]
pub struct Drift {
    /// Extrapolated rank-biased overlap with p = 0.98: 1 for equal lists, 0 for lists that share no track.
    pub rank_biased_overlap: f64,
    /// Kendall's distance for top-k lists with p = ½, normalized: 0 for equal lists, 1 for lists that share no track.
    pub kendall_distance: f64,
}

impl Drift {
    pub fn between<T: Copy + Eq + Hash>(one: &[T], other: &[T]) -> Self {
        Self {
            rank_biased_overlap: rank_biased_overlap(one, other, PERSISTENCE),
            kendall_distance: kendall_distance(one, other),
        }
    }
}

/// Puts 86 % of the weight on the first 50 places.
const PERSISTENCE: f64 = 0.98;

/// RBO_EXT for lists of any lengths: Webber, Moffat, Zobel: A Similarity Measure for Indefinite Rankings (2010),
/// equation 32.
fn rank_biased_overlap<T: Copy + Eq + Hash>(one: &[T], other: &[T], p: f64) -> f64 {
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    if short.is_empty() {
        return 0.0;
    }
    // The sum rounds.
    if short == long {
        return 1.0;
    }
    let (s, l) = (short.len() as f64, long.len() as f64);
    let overlaps = overlaps(short, long);
    let overlap_s = overlaps[short.len() - 1];
    let overlap_l = overlaps[long.len() - 1];
    let mut sum = 0.0;
    let mut weight = 1.0;
    for (index, overlap) in overlaps.iter().enumerate() {
        let depth = (index + 1) as f64;
        weight *= p;
        sum += overlap / depth * weight;
        if depth > s {
            sum += overlap_s * (depth - s) / (s * depth) * weight;
        }
    }
    (1.0 - p) / p * sum + ((overlap_l - overlap_s) / l + overlap_s / s) * weight
}

/// The number of items that the lists share at each depth of the longer one.
fn overlaps<T: Copy + Eq + Hash>(short: &[T], long: &[T]) -> Vec<f64> {
    let mut in_short = HashSet::new();
    let mut in_long = HashSet::new();
    let mut overlap = 0.0;
    let mut overlaps = Vec::with_capacity(long.len());
    for (index, item) in long.iter().enumerate() {
        in_long.insert(*item);
        if in_short.contains(item) {
            overlap += 1.0;
        }
        if let Some(item) = short.get(index) {
            in_short.insert(*item);
            if in_long.contains(item) {
                overlap += 1.0;
            }
        }
        overlaps.push(overlap);
    }
    overlaps
}

/// K with penalty ½, divided by its value for two disjoint lists of the same lengths: Fagin, Kumar, Sivakumar:
/// Comparing Top k Lists (2003). The numbers are of pairs of items.
fn kendall_distance<T: Copy + Eq + Hash>(one: &[T], other: &[T]) -> f64 {
    let in_other: HashMap<T, usize> = places(other);
    let in_one: HashMap<T, usize> = places(one);
    let shared: Vec<usize> = one
        .iter()
        .filter_map(|item| in_other.get(item).copied())
        .collect();
    let only_one = (one.len() - shared.len()) as f64;
    let only_other = (other.len() - shared.len()) as f64;
    // Shared items in opposite order; an item that only one list has, ahead of a shared one; one item of each list;
    // two items that only one list has, whose order in the other is unknown.
    let distance = inversions(&shared)
        + overtaken(one, &in_other)
        + overtaken(other, &in_one)
        + only_one * only_other
        + (pairs(only_one) + pairs(only_other)) / 2.0;
    let (k, l) = (one.len() as f64, other.len() as f64);
    let greatest = k * l + (pairs(k) + pairs(l)) / 2.0;
    if greatest == 0.0 {
        0.0
    } else {
        distance / greatest
    }
}

fn places<T: Copy + Eq + Hash>(list: &[T]) -> HashMap<T, usize> {
    list.iter()
        .enumerate()
        .map(|(place, item)| (*item, place))
        .collect()
}

fn inversions(places: &[usize]) -> f64 {
    let mut sorted: Vec<usize> = Vec::with_capacity(places.len());
    let mut count = 0;
    for place in places {
        let position = sorted.partition_point(|before| before < place);
        count += sorted.len() - position;
        sorted.insert(position, *place);
    }
    count as f64
}

/// The pairs of a shared item and one ahead of it that the other list does not have.
fn overtaken<T: Copy + Eq + Hash>(list: &[T], other: &HashMap<T, usize>) -> f64 {
    let mut ahead = 0;
    let mut count = 0;
    for item in list {
        match other.contains_key(item) {
            true => count += ahead,
            false => ahead += 1,
        }
    }
    f64::from(count)
}

fn pairs(items: f64) -> f64 {
    items * (items - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Worked out by hand.
    #[test]
    fn short_lists_have_their_distances() {
        let cases: [(&str, &str, f64, f64); 7] = [
            ("abc", "abc", 1.0, 0.0),
            ("abc", "def", 0.0, 1.0),
            // One pair of shared items of the 12 that two disjoint lists have is in opposite order.
            ("ab", "ba", 0.5 * (0.0 + 0.5) + 0.5 * 0.5, 1.0 / 5.0),
            ("a", "a", 1.0, 0.0),
            // Uneven: the overlap of the shorter list is extrapolated.
            ("a", "ab", 1.0, 0.0),
            ("", "a", 0.0, 0.0),
            ("", "ab", 0.0, 1.0),
        ];
        for (one, other, overlap, distance) in cases {
            let one: Vec<char> = one.chars().collect();
            let other: Vec<char> = other.chars().collect();

            assert!(
                (rank_biased_overlap(&one, &other, 0.5) - overlap).abs() < 1e-12,
                "{one:?} {other:?}"
            );
            assert!(
                (kendall_distance(&one, &other) - distance).abs() < 1e-12,
                "{one:?} {other:?}"
            );
            assert!(
                (kendall_distance(&other, &one) - distance).abs() < 1e-12,
                "{other:?} {one:?}"
            );
        }
    }

    /// Made-up pairs of lists. The file says which software computed the distances.
    #[test]
    fn the_distances_of_made_up_lists_are_those_of_other_software() {
        let fixture = include_str!("../../../tests/fixtures/drift.json");
        let fixture: Value = serde_json::from_str(fixture).expect("the file is JSON");
        let vectors = fixture["vectors"].as_array().expect("vectors");
        for vector in vectors {
            let list = |name: &str| -> Vec<&str> {
                vector[name].as_str().expect("ids").split(' ').collect()
            };

            let found = Drift::between(&list("one"), &list("other"));

            for (name, found) in [
                ("rank_biased_overlap", found.rank_biased_overlap),
                ("kendall_distance", found.kendall_distance),
            ] {
                let expected = vector[name].as_f64().expect("a number");
                assert!((found - expected).abs() < 1e-9, "{name} of {vector}");
            }
        }
        assert!(vectors.len() > 30);
    }

    /// Pairs of real lists with the distances that other software computed, in `../shared/data` beside the checkout.
    #[test]
    fn the_distances_of_real_lists_are_those_of_other_software() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../shared/data/time_machine.json"
        );
        let Ok(text) = std::fs::read_to_string(file) else {
            println!("skipped: there is no {file}");
            return;
        };
        let answers: Value = serde_json::from_str(&text).expect("the file is JSON");
        let vectors = answers["vectors"].as_array().expect("vectors");
        for vector in vectors {
            let list = |name: &str| -> Vec<&str> {
                let ids = vector[name].as_array().expect("a list").iter();
                ids.map(|id| id.as_str().expect("an id")).collect()
            };
            let (a, b) = (list("a"), list("b"));
            for (name, found) in [
                ("rbo_ext_p098", rank_biased_overlap(&a, &b, 0.98)),
                ("rbo_ext_p09", rank_biased_overlap(&a, &b, 0.9)),
                ("kendall_p05", kendall_distance(&a, &b)),
            ] {
                let expected = vector[name].as_f64().expect("a number");
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{name}: {found} {expected}"
                );
            }
        }
        assert!(!vectors.is_empty());
    }
}
