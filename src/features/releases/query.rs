//! Tracks counted by year of release and explicit flag.

use crate::error::Result;
use entity::track;
use poem_openapi::Object;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Counts of tracks. The sum of `data`, `other_count` and `unknown_count` is the number of all tracks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Distribution {
    /// In the order in which to draw them.
    pub labels: Vec<String>,
    /// Number of tracks with each label.
    pub data: Vec<i64>,
    /// Tracks with a label beyond the limit.
    pub other_count: i64,
    /// Tracks whose payload has no valid value.
    pub unknown_count: i64,
}

impl poem_openapi::types::Example for Distribution {
    fn example() -> Self {
        Self {
            labels: vec!["1990s".into(), "2000s".into()],
            data: vec![147, 203],
            other_count: 0,
            unknown_count: 43,
        }
    }
}

/// The counts behind all release charts: tracks by year and explicit flag.
#[derive(Clone, Debug, Default)]
pub struct Releases(Vec<Count>);

#[derive(Clone, Copy, Debug, FromQueryResult)]
struct Count {
    #[sea_orm(alias = "release_year")]
    year: Option<i16>,
    explicit: Option<bool>,
    tracks: i64,
}

/// One index-only scan over all tracks.
pub async fn releases(db: &impl ConnectionTrait) -> Result<Releases> {
    let counts = track::Entity::find()
        .select_only()
        .columns([track::Column::ReleaseYear, track::Column::Explicit])
        .column_as(Expr::col(Asterisk).count(), "tracks")
        .group_by(track::Column::ReleaseYear)
        .group_by(track::Column::Explicit)
        .into_model::<Count>()
        .all(db)
        .await?;
    Ok(Releases(counts))
}

impl Releases {
    pub fn track_count(&self) -> i64 {
        self.0.iter().map(|count| count.tracks).sum()
    }

    /// By decade, oldest first.
    pub fn decades(&self) -> Distribution {
        let (decades, unknown_count) = self.by(|count| count.year.map(|year| year - year % 10));
        let labelled = decades
            .into_iter()
            .map(|(decade, tracks)| (format!("{decade}s"), tracks));
        Distribution::of(labelled, usize::MAX, unknown_count)
    }

    /// By year, newest first; the years beyond `limit` are counted together.
    pub fn years(&self, limit: usize) -> Distribution {
        let (years, unknown_count) = self.by(|count| count.year);
        let labelled = years
            .into_iter()
            .rev()
            .map(|(year, tracks)| (year.to_string(), tracks));
        Distribution::of(labelled, limit, unknown_count)
    }

    /// By explicit flag, most tracks first.
    pub fn explicit(&self) -> Distribution {
        let (flags, unknown_count) = self.by(|count| count.explicit);
        let mut labelled: Vec<_> = flags
            .into_iter()
            .map(|(explicit, tracks)| {
                (
                    if explicit { "Explicit" } else { "Clean" }.to_owned(),
                    tracks,
                )
            })
            .collect();
        // The sort is stable: equal counts stay in order of the labels.
        labelled.sort_by_key(|(_, tracks)| Reverse(*tracks));
        Distribution::of(labelled, usize::MAX, unknown_count)
    }

    /// The number of tracks by key, and of those without one.
    fn by<K: Ord>(&self, key: impl Fn(&Count) -> Option<K>) -> (BTreeMap<K, i64>, i64) {
        let mut known = BTreeMap::new();
        let mut unknown = 0;
        for count in &self.0 {
            *match key(count) {
                Some(key) => known.entry(key).or_default(),
                None => &mut unknown,
            } += count.tracks;
        }
        (known, unknown)
    }
}

impl Distribution {
    fn of(
        labelled: impl IntoIterator<Item = (String, i64)>,
        limit: usize,
        unknown_count: i64,
    ) -> Self {
        let mut distribution = Self {
            unknown_count,
            ..Self::default()
        };
        for (index, (label, tracks)) in labelled.into_iter().enumerate() {
            if index < limit {
                distribution.labels.push(label);
                distribution.data.push(tracks);
            } else {
                distribution.other_count += tracks;
            }
        }
        distribution
    }
}
