//! Defects that real payloads have: in a few tracks a field is missing, empty or of another type.

use serde_json::{Value, json};

pub fn add_to(tracks: &mut [Value]) {
    replace(tracks, (11, 29), &release_dates(), |track, date| {
        set(&mut track["album"], "release_date", date)
    });
    replace(tracks, (5, 22), &explicits(), |track, explicit| {
        set(track, "explicit", explicit)
    });
    replace(tracks, (17, 101), &images(), |track, images| {
        set(&mut track["album"], "images", images)
    });
    replace(tracks, (3, 160), &restrictions(), |track, restrictions| {
        track["is_playable"] = json!(false);
        set(track, "restrictions", restrictions)
    });
    tracks.iter_mut().skip(140).step_by(250).for_each(relink);
    tracks[666]["name"] = json!(""); // so is a track that the provider has removed
    tracks[333]["album"] = Value::Null;
}

/// Values, each with the number of tracks that get it. `None` removes the field.
type Values = [(Option<Value>, usize)];

/// Puts the next of these values in every `step`th track from `first` on, until none is left.
fn replace(
    tracks: &mut [Value],
    (first, step): (usize, usize),
    values: &Values,
    put: impl Fn(&mut Value, Option<Value>),
) {
    let values = values
        .iter()
        .flat_map(|(value, tracks)| std::iter::repeat_n(value, *tracks));
    for (track, value) in tracks.iter_mut().skip(first).step_by(step).zip(values) {
        put(track, value.clone());
    }
}

fn set(object: &mut Value, key: &str, value: Option<Value>) {
    match value {
        Some(value) => object[key] = value,
        None => {
            let fields = object.as_object_mut();
            fields.expect("tracks and albums are objects").remove(key);
        }
    }
}

/// 42 in all. With the track that has no album, 43 tracks have no known year.
fn release_dates() -> [(Option<Value>, usize); 8] {
    [
        (Some(json!("0000")), 14),
        (None, 8),
        (Some(Value::Null), 8),
        (Some(json!("")), 4),
        (Some(json!(1997)), 3),
        (Some(json!("19")), 2),
        (Some(json!("n/a")), 2),
        (Some(json!({ "year": 2004 })), 1),
    ]
}

fn explicits() -> [(Option<Value>, usize); 4] {
    [
        (None, 24),
        (Some(Value::Null), 20),
        (Some(json!("yes")), 8),
        (Some(json!(1)), 5),
    ]
}

fn images() -> [(Option<Value>, usize); 2] {
    [(Some(json!([])), 8), (None, 4)]
}

fn restrictions() -> [(Option<Value>, usize); 3] {
    [
        (Some(json!({ "reason": "market" })), 5),
        (Some(json!({ "reason": "product" })), 1),
        (Some(json!({ "reason": "explicit" })), 1),
    ]
}

/// Marks the track as a substitute that the provider plays for another one.
fn relink(track: &mut Value) {
    let id: String = track["id"]
        .as_str()
        .into_iter()
        .flat_map(|id| id.chars().rev())
        .collect();
    track["linked_from"] = json!({
        "external_urls": {},
        "href": format!("https://api.spotify.com/v1/tracks/{id}"),
        "id": id,
        "type": "track",
        "uri": format!("spotify:track:{id}"),
    });
}
