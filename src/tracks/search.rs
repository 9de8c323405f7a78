//! Names by their beginning, in any case. A beginning can be written in many ways, of which few are
//! in the library: the walk goes through the names in their order, and jumps from one that begins
//! otherwise to the next way that could be.

use super::query::{Place, TrackSummary, name, page, sorted};
use crate::error::Result;
use crate::payload;
use entity::track;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The first tracks whose folded names begin so and of which the condition is true, after a place.
pub async fn tracks(
    db: &impl ConnectionTrait,
    prefix: &str,
    condition: Condition,
    after: Option<&Place>,
    most: u64,
) -> Result<Vec<TrackSummary>> {
    let mut found = Vec::new();
    let mut from = after.map_or(String::new(), |(name, _)| name.clone());
    while let Some(name_there) = first_name(db, &from).await? {
        let Some(spelling) = payload::spelling_from(prefix, &name_there) else {
            break;
        };
        if !name_there.starts_with(&spelling) {
            from = spelling;
            continue;
        }
        let end = past(&spelling);
        let end_of_names = end.as_ref().map(|end| sorted(name()).lt(end));
        let begins_so = condition.clone().add_option(end_of_names);
        let left = most - found.len() as u64;
        found.extend(page(db, begins_so, (&spelling, after), left).await?);
        match end {
            Some(end) if (found.len() as u64) < most => from = end,
            _ => break,
        }
    }
    Ok(found)
}

/// As much of the first name as its order goes by, from a name on.
async fn first_name(db: &impl ConnectionTrait, from: &str) -> Result<Option<String>> {
    Ok(track::Entity::find()
        .select_only()
        .column_as(sorted(name()), "sorted")
        .filter(sorted(name()).gte(sorted(Expr::val(from))))
        .order_by_asc(sorted(name()))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?)
}

/// The first text after all that start with `prefix`.
fn past(prefix: &str) -> Option<String> {
    prefix.char_indices().rev().find_map(|(index, last)| {
        let next = (last..=char::MAX).nth(1)?;
        Some(format!("{}{next}", &prefix[..index]))
    })
}
