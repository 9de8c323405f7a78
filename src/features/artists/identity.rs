//! Which tracks are an artist's.
//!
//! A key is the provider's id, or `name:` and a name. The tracks of an id are those that have it, and those without an id
//! under a name that no other id has. So a name leads to the only id that has it. Names are equal if their characters are.

use crate::error::Result;
use crate::features::tracks::query::sort_key;
use entity::track;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// The beginning of a key that is a name.
const NAME: &str = "name:";

/// An artist, who may have no tracks.
#[derive(Debug)]
pub struct Identity {
    pub id: Option<String>,
    /// The tracks without an id under these names are the artist's.
    names: Vec<String>,
}

/// `None` if no artist can have the key.
pub async fn identity(db: &impl ConnectionTrait, key: &str) -> Result<Option<Identity>> {
    let Some(name) = key.strip_prefix(NAME) else {
        return of_id(db, key.to_owned()).await.map(Some);
    };
    if name.is_empty() {
        return Ok(None);
    }
    let names = vec![name.to_owned()];
    match only_ids(db, &names).await?.remove(name) {
        Some(id) => of_id(db, id).await.map(Some),
        None => Ok(Some(Identity { id: None, names })),
    }
}

async fn of_id(db: &impl ConnectionTrait, id: String) -> Result<Identity> {
    let names: Vec<String> = track::Entity::find()
        .select_only()
        .column(track::Column::ArtistName)
        .distinct()
        .filter(track::Column::ArtistId.eq(&id))
        .filter(track::Column::ArtistName.ne(""))
        .into_tuple()
        .all(db)
        .await?;
    let names = only_ids(db, &names).await?;
    Ok(Identity {
        id: Some(id),
        names: names.into_keys().collect(),
    })
}

/// The ids of those names that exactly one id has.
async fn only_ids(db: &impl ConnectionTrait, names: &[String]) -> Result<BTreeMap<String, String>> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let pairs: Vec<(String, String)> = track::Entity::find()
        .filter(is_named(names))
        .select_only()
        .columns([track::Column::ArtistName, track::Column::ArtistId])
        .distinct()
        .filter(track::Column::ArtistId.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, id) in pairs {
        ids.entry(name).or_default().insert(id);
    }
    let only = |(name, mut ids): (String, BTreeSet<String>)| match ids.len() {
        1 => Some((name, ids.pop_first()?)),
        _ => None,
    };
    Ok(ids.into_iter().filter_map(only).collect())
}

/// The first condition is what the index has.
fn is_named(names: &[String]) -> Condition {
    let name = Expr::col((track::Entity, track::Column::ArtistName));
    let keys = names.iter().map(|name| sort_key(Expr::val(name)));
    Condition::all()
        .add(sort_key(name).is_in(keys))
        .add(track::Column::ArtistName.is_in(names))
}

impl Identity {
    /// Selects the artist's tracks.
    pub fn has_track(&self) -> Condition {
        let with_id = self.id.as_ref().map(|id| track::Column::ArtistId.eq(id));
        let without_id = (!self.names.is_empty()).then(|| {
            Condition::all()
                .add(track::Column::ArtistId.is_null())
                .add(is_named(&self.names))
        });
        Condition::any().add_option(with_id).add_option(without_id)
    }

    /// The key of an artist whose tracks have this name.
    pub fn key(&self) -> String {
        match (&self.id, self.names.first()) {
            (Some(id), _) => id.clone(),
            (None, name) => format!("{NAME}{}", name.map_or("", String::as_str)),
        }
    }
}
