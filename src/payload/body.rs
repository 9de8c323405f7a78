//! The request bodies of the API: a track's columns, a ranked list as the provider answers it, a
//! rank. The last of duplicate keys counts. Unknown members are refused, except in the provider's
//! objects.

use super::track::{length_ms, name};
use super::{LONGEST_LIST, Payload, Refusal, Track, Tree, first_page, json};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const MAX_URL: usize = 2048;
const MAX_RANK: i64 = 10_000;

type Members<'a> = BTreeMap<String, &'a RawValue>;

/// A track without its id: `track_id` is empty, because the path of the request has it.
pub fn track(text: &str) -> Result<Track, Refusal> {
    let mut members = members(text)?;
    let members = &mut members;
    let track = Track {
        track_id: String::new(),
        name: name(take(members, "name")?.as_ref(), "name")?,
        artist_name: name(take(members, "artist_name")?.as_ref(), "artist_name")?,
        album_name: optional(members, "album_name", |value| {
            name(Some(value), "album_name")
        })?,
        duration_ms: optional(members, "duration_ms", |value| {
            length_ms(value).ok_or_else(|| {
                let reason = format!("a whole number from 0 to {} was expected", i32::MAX);
                Refusal::new("duration_ms", reason)
            })
        })?,
        spotify_url: optional(members, "spotify_url", |value| match value {
            Tree::String(url) if url.chars().count() <= MAX_URL => Ok(url.to_string()),
            _ => {
                let reason = format!("an address of at most {MAX_URL} characters was expected");
                Err(Refusal::new("spotify_url", reason))
            }
        })?,
        payload_at: None,
        payload: optional(members, "raw_json", |value| match value {
            Tree::Object(_) => Ok(Payload::from(value)),
            other => Err(Refusal::not_a("raw_json", "a track object", other)),
        })?,
    };
    no_others(members)?;
    Ok(track)
}

/// The tracks of a whole ranked list, best first. All members but `items` and `offset` are ignored.
pub fn list(text: &str) -> Result<Vec<Track>, Refusal> {
    let members = members(text)?;
    first_page(members.get("offset").copied())?;
    let items = members
        .get("items")
        .ok_or_else(|| Refusal::new("items", "is missing"))?;
    let items: Vec<&RawValue> = serde_json::from_str(items.get())
        .map_err(|_| Refusal::new("items", "a list of track objects was expected"))?;
    if items.len() > LONGEST_LIST {
        let reason = format!("must have at most {LONGEST_LIST} tracks");
        return Err(Refusal::new("items", reason));
    }
    let items = items.into_iter().enumerate();
    items
        .map(|(index, text)| {
            super::track(text).map_err(|refusal| refusal.at(index).within("items"))
        })
        .collect()
}

/// The rank of a track on a list: 1 is the top.
pub fn rank(text: &str) -> Result<i32, Refusal> {
    let mut members = members(text)?;
    let rank = take(&mut members, "rank")?;
    no_others(&members)?;
    rank.ok_or_else(|| Refusal::new("rank", "is missing"))?
        .as_i64()
        .filter(|rank| (1..=MAX_RANK).contains(rank))
        .map(|rank| rank as i32)
        .ok_or_else(|| {
            let reason = format!("a whole number from 1 to {MAX_RANK} was expected");
            Refusal::new("rank", reason)
        })
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

/// Removes a member and reads it, if it is there and not null.
fn optional<T>(
    members: &mut Members,
    key: &str,
    read: impl FnOnce(&Tree) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    match take(members, key)? {
        None | Some(Tree::Null) => Ok(None),
        Some(value) => read(&value).map(Some),
    }
}

/// Removes a member and parses it under the rules for payloads.
fn take<'a>(members: &mut Members<'a>, key: &str) -> Result<Option<Tree<'a>>, Refusal> {
    members
        .remove(key)
        .map(|text| json(text.get()).map_err(|refusal| refusal.within(key)))
        .transpose()
}

fn no_others(members: &Members) -> Result<(), Refusal> {
    members.keys().next().map_or(Ok(()), |key| {
        let key: String = key.chars().take(64).collect();
        let reason = "is not known here; see /docs for the members that are";
        Err(Refusal::new(key, reason))
    })
}
