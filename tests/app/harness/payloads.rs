//! Track objects as the provider sends them, made up for the tests.

use serde::Serialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Payload(pub Value);

/// A healthy track object with every member that a real one has.
pub fn payload(id: &str) -> Payload {
    let url = |kind: &str| format!("https://open.spotify.com/{kind}/{id}");
    let artist = json!({
        "external_urls": { "spotify": url("artist") }, "href": url("artist"), "id": format!("artist-{id}"),
        "name": format!("Artist of {id}"), "type": "artist", "uri": format!("spotify:artist:{id}"),
    });
    let image = |size: u32| {
        json!({
            "height": size, "width": size, "url": format!("https://i.scdn.co/image/{size}{id}"),
        })
    };
    Payload(json!({
        "album": {
            "album_type": "album", "artists": [artist], "available_markets": ["AT", "DE", "PK"],
            "external_urls": { "spotify": url("album") }, "href": url("album"), "id": format!("album-{id}"),
            "images": [image(640), image(300), image(64)], "is_playable": true,
            "name": format!("Album of {id}"), "release_date": "1999-05-04",
            "release_date_precision": "day", "total_tracks": 12, "type": "album",
            "uri": format!("spotify:album:{id}"),
        },
        "artists": [artist], "available_markets": ["AT", "DE", "PK"], "disc_number": 1,
        "duration_ms": 215_000, "explicit": false, "external_ids": { "isrc": format!("XX{id}") },
        "external_urls": { "spotify": url("track") }, "href": url("track"), "id": id, "is_local": false,
        "is_playable": true, "name": format!("Name of {id}"), "popularity": 50, "preview_url": null,
        "track_number": 3, "type": "track", "uri": format!("spotify:track:{id}"),
    }))
}

impl Payload {
    /// The same with a member set; steps of the path are divided by `/`.
    pub fn with(mut self, path: &str, value: impl Into<Value>) -> Self {
        let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if parent.is_empty() {
            parent.into()
        } else {
            format!("/{parent}")
        };
        self.0.pointer_mut(&parent).expect("the parent is there")[key] = value.into();
        self
    }

    /// The same without a member.
    pub fn without(mut self, path: &str) -> Self {
        let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if parent.is_empty() {
            parent.into()
        } else {
            format!("/{parent}")
        };
        let parent = self.0.pointer_mut(&parent).and_then(Value::as_object_mut);
        parent.expect("the parent is an object").remove(key);
        self
    }

    pub fn named(self, name: &str) -> Self {
        self.with("name", name)
    }

    pub fn released(self, date: impl Into<Value>) -> Self {
        self.with("album/release_date", date)
    }

    /// As the provider answers now and then: the album is a placeholder.
    pub fn degraded(self) -> Self {
        self.with(
            "album",
            json!({
                "album_type": "album", "artists": null, "id": null, "images": [], "name": null,
                "release_date": "0000", "release_date_precision": "year", "total_tracks": null,
                "type": "album", "uri": null,
            }),
        )
    }

    pub fn text(&self) -> String {
        self.0.to_string()
    }
}

/// The provider's answer to a question for top tracks.
pub fn page(items: impl IntoIterator<Item = Payload>) -> Value {
    let items: Vec<_> = items.into_iter().map(|payload| payload.0).collect();
    json!({
        "href": "https://api.spotify.com/v1/me/top/tracks", "limit": 50, "next": null,
        "offset": 0, "previous": null, "total": items.len(), "items": items,
    })
}

/// One value a line.
pub fn lines(items: impl IntoIterator<Item = Value>) -> String {
    items.into_iter().map(|item| format!("{item}\n")).collect()
}
