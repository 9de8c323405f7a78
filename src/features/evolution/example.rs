//! Examples for the document. The music is invented.

use super::answer::{
    ConsistentArtist, Evolution, ListDiscoveries, ListDrift, ListTurnover, MonthDiversity,
    MonthGrowth, Survival, TopTenTrack, TopTenWeek,
};
use crate::features::changes::drift::Drift;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use poem_openapi::types::Example;

impl Example for Evolution {
    fn example() -> Self {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March");
        let month = || "2026-03".to_owned();
        Self {
            as_of: Some(day(2)),
            first_snapshot_date: Some(day(1)),
            latest_snapshot_date: Some(day(2)),
            from: Some(day(1)),
            list_count: 2,
            artist_count: 33,
            turnover: vec![turnover(day(2))],
            discoveries: vec![discoveries(day(1), 50), discoveries(day(2), 3)],
            growth: vec![MonthGrowth {
                month: month(),
                track_count: 53,
            }],
            diversity: vec![MonthDiversity {
                month: month(),
                artist_count: 33,
            }],
            consistent_artists: vec![consistent_artist()],
            drift: vec![drift(day(2))],
            half_life_days: Some(22),
            stay_count: 54,
            ongoing_stay_count: 50,
            survival: vec![Survival {
                day_count: 1,
                share: 0.92,
            }],
            top_ten: vec![top_ten_track([day(1), day(2)])],
        }
    }
}

fn turnover(snapshot_date: NaiveDate) -> ListTurnover {
    ListTurnover {
        snapshot_date,
        newcomer_count: 4,
        track_count: 50,
        newcomer_count_above_ties: 2,
        track_count_above_ties: 40,
    }
}

fn discoveries(snapshot_date: NaiveDate, track_count: i64) -> ListDiscoveries {
    ListDiscoveries {
        snapshot_date,
        track_count,
    }
}

fn consistent_artist() -> ConsistentArtist {
    let track = TrackSummary::example();
    ConsistentArtist {
        artist_name: track.artist_name,
        artist_key: track.artist_key,
        day_count: 2,
    }
}

fn drift(snapshot_date: NaiveDate) -> ListDrift {
    ListDrift {
        snapshot_date,
        drift: Drift {
            rank_biased_overlap: 0.894,
            kendall_distance: 0.036,
        },
    }
}

fn top_ten_track(days: [NaiveDate; 2]) -> TopTenTrack {
    TopTenTrack {
        track: TrackSummary::example(),
        cover_url: Some("https://i.scdn.co/image/ab67616d00001e02".into()),
        week_count: 2,
        best_place: 1,
        weeks: days
            .into_iter()
            .map(|snapshot_date| TopTenWeek {
                snapshot_date,
                place: 1,
            })
            .collect(),
    }
}
