//! What clients write, read from the JSON text of a request: a track column by column, a ranked
//! list as the provider answers it, a rank. Of duplicate keys the last counts; a member that nobody
//! knows is refused, except in what the provider sends.

use super::{
    Columns, LONGEST_LIST, Payload, Refusal, Track, Tree, first_page, json, length_ms, name, track,
};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const MAX_URL: usize = 2048;
const MAX_RANK: i64 = 10_000;

type Members<'a> = BTreeMap<String, &'a RawValue>;

/// A track's columns, and its payload when there is one.
pub fn columns(text: &str) -> Result<(Columns, Option<Payload>), Refusal> {
    let mut members = members(text)?;
    let name_at = |value: Option<Tree>, key| name(value.as_ref(), key);
    let columns = Columns {
        name: name_at(take(&mut members, "name")?, "name")?,
        artist_name: name_at(take(&mut members, "artist_name")?, "artist_name")?,
        album_name: take(&mut members, "album_name")?
            .filter(|value| *value != Tree::Null)
            .map(|value| name(Some(&value), "album_name"))
            .transpose()?,
        duration_ms: duration_ms(&mut members)?,
        spotify_url: spotify_url(&mut members)?,
    };
    let payload = match take(&mut members, "raw_json")? {
        None | Some(Tree::Null) => None,
        Some(object @ Tree::Object(_)) => Some(Payload::from(&object)),
        Some(other) => return Err(Refusal::not_a("raw_json", "a track object", &other)),
    };
    nothing_else(members)?;
    Ok((columns, payload))
}

fn duration_ms(members: &mut Members) -> Result<Option<i32>, Refusal> {
    let key = "duration_ms";
    match take(members, key)? {
        None | Some(Tree::Null) => Ok(None),
        Some(value) => length_ms(&value).map(Some).ok_or_else(|| {
            let reason = format!("a whole number from 0 to {} was expected", i32::MAX);
            Refusal::new(key, reason)
        }),
    }
}

fn spotify_url(members: &mut Members) -> Result<Option<String>, Refusal> {
    let key = "spotify_url";
    match take(members, key)? {
        None | Some(Tree::Null) => Ok(None),
        Some(Tree::String(url)) if url.chars().count() <= MAX_URL => Ok(Some(url.into())),
        Some(_) => {
            let reason = format!("an address of at most {MAX_URL} characters was expected");
            Err(Refusal::new(key, reason))
        }
    }
}

/// The tracks of a whole ranked list, best first; whatever stands beside `items` is the provider's
/// and of no matter.
pub fn list(text: &str) -> Result<Vec<Track>, Refusal> {
    let mut members = members(text)?;
    first_page(members.get("offset").copied())?;
    let items = members
        .remove("items")
        .ok_or_else(|| Refusal::new("items", "is missing"))?;
    let items: Vec<&RawValue> = serde_json::from_str(items.get())
        .map_err(|_| Refusal::new("items", "a list of track objects was expected"))?;
    if items.len() > LONGEST_LIST {
        let reason = format!("must have at most {LONGEST_LIST} tracks");
        return Err(Refusal::new("items", reason));
    }
    let items = items.into_iter().enumerate();
    items
        .map(|(index, text)| track(text).map_err(|refusal| refusal.at(index).within("items")))
        .collect()
}

/// Where a track stands: 1 is the top.
pub fn rank(text: &str) -> Result<i32, Refusal> {
    let mut members = members(text)?;
    let rank = take(&mut members, "rank")?;
    nothing_else(members)?;
    match rank {
        None => Err(Refusal::new("rank", "is missing")),
        Some(rank) => rank
            .as_i64()
            .filter(|rank| (1..=MAX_RANK).contains(rank))
            .map(|rank| rank as i32)
            .ok_or_else(|| {
                let reason = format!("a whole number from 1 to {MAX_RANK} was expected");
                Refusal::new("rank", reason)
            }),
    }
}

fn members(text: &str) -> Result<Members<'_>, Refusal> {
    serde_json::from_str(text).map_err(|cause| {
        let reason = match serde_json::from_str::<&RawValue>(text) {
            Ok(_) => "an object was expected".to_owned(),
            Err(_) => format!("not JSON: {cause}"),
        };
        Refusal::new("", reason)
    })
}

/// Takes a member out, through the same door as every payload.
fn take<'a>(members: &mut Members<'a>, key: &str) -> Result<Option<Tree<'a>>, Refusal> {
    members
        .remove(key)
        .map(|text| json(text.get()).map_err(|refusal| refusal.within(key)))
        .transpose()
}

fn nothing_else(members: Members) -> Result<(), Refusal> {
    match members.into_keys().next() {
        None => Ok(()),
        Some(key) => {
            let shown: String = key.chars().take(64).collect();
            Err(Refusal::new(
                shown,
                "is not known here; see /docs for the members that are",
            ))
        }
    }
}
