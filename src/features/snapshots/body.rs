//! The bodies of `put_snapshot_list` and `put_snapshot`.

use crate::api::body::{self, RawMembers, RequestBody};
use crate::features::tracks::query::Track;
use crate::payload::{self, Refusal};
use poem_openapi::Object;
use poem_openapi::registry::MetaSchema;
use poem_openapi::types::{Any, Example};
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::LazyLock;

/// A ranked list as the provider answers it. The other members of its paging object may stay.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct ListBody {
    /// Track objects, best first.
    #[oai(validator(max_items = 10000))]
    items: Vec<Any<Value>>,
}

static LIST: LazyLock<MetaSchema> = LazyLock::new(ListBody::schema);

impl RequestBody for ListBody {
    const MAX_BYTES: usize = body::MAX_BYTES;
    const IS_OPEN: bool = true;
    /// A refused list is recorded in the ledger, so the handler gets the refusal.
    type Read = Result<Vec<payload::Track>, Refusal>;

    fn read(text: &str) -> Result<Self::Read, Refusal> {
        Ok(body::raw_members(text).and_then(|members| list(&members)))
    }
}

/// The tracks of the list, best first. One invalid item refuses the whole list.
fn list(members: &RawMembers) -> Result<Vec<payload::Track>, Refusal> {
    payload::first_page(members.get("offset").copied())?;
    let items = members
        .get("items")
        .ok_or_else(|| Refusal::new("items", "is missing"))?;
    let items: Vec<&RawValue> = serde_json::from_str(items.get())
        .map_err(|_| Refusal::new("items", "a list of track objects was expected"))?;
    body::check_length(&LIST, "items", items.len())?;
    let items = items.into_iter().enumerate();
    items
        .map(|(index, text)| {
            payload::track(text).map_err(|refusal| refusal.at(index).within("items"))
        })
        .collect()
}

impl Example for ListBody {
    fn example() -> Self {
        Self {
            items: Track::example().raw_json.into_iter().collect(),
        }
    }
}

/// The rank of one track on a list.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct RankBody {
    /// 1 is the top.
    #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
    rank: i32,
}

static RANK: LazyLock<MetaSchema> = LazyLock::new(RankBody::schema);

impl RequestBody for RankBody {
    type Read = i32;

    fn read(text: &str) -> Result<i32, Refusal> {
        let members = body::members(text, &RANK)?;
        let rank = members["rank"].as_i64();
        Ok(rank.expect("the schema requires a number") as i32)
    }
}

impl Example for RankBody {
    fn example() -> Self {
        Self { rank: 4 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_and_a_put_take_lists_of_the_same_length() {
        assert!(body::check_length(&LIST, "items", payload::LONGEST_LIST).is_ok());
        assert!(body::check_length(&LIST, "items", payload::LONGEST_LIST + 1).is_err());
    }
}
