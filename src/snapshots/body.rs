//! A ranked list and a rank as clients write them.

use crate::payload::{self, Refusal, Track};
use crate::tracks;
use crate::web::body::Shape;
use poem_openapi::Object;
use poem_openapi::types::{Any, Example};
use serde_json::Value;

/// A ranked list as the provider answers it. Whatever else its paging object has may stay.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct ListBody {
    /// Track objects, best first.
    #[oai(validator(max_items = 10000))]
    items: Vec<Any<Value>>,
}

impl Shape for ListBody {
    /// A refusal is for the ledger first.
    type Read = Result<Vec<Track>, Refusal>;

    fn read(text: &str) -> Result<Self::Read, Refusal> {
        Ok(payload::body::list(text))
    }
}

impl Example for ListBody {
    fn example() -> Self {
        Self {
            items: tracks::query::Track::example()
                .raw_json
                .into_iter()
                .collect(),
        }
    }
}

/// The place of one track on a list.
#[derive(Clone, Debug, Object)]
#[oai(example, deny_unknown_fields)]
pub struct RankBody {
    /// 1 is the top.
    #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
    rank: i32,
}

impl Shape for RankBody {
    type Read = i32;

    fn read(text: &str) -> Result<i32, Refusal> {
        payload::body::rank(text)
    }
}

impl Example for RankBody {
    fn example() -> Self {
        Self { rank: 4 }
    }
}
