//! Made-up track objects in the provider's format.

use serde::Serialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Payload(pub Value);

/// A complete track object: it has every member that a real one has.
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
    /// Sets a member. The path is separated by `/`.
    pub fn with(mut self, path: &str, value: impl Into<Value>) -> Self {
        let (parent, key) = self.parent(path);
        parent[key] = value.into();
        self
    }

    /// Removes a member.
    pub fn without(mut self, path: &str) -> Self {
        let (parent, key) = self.parent(path);
        let parent = parent.as_object_mut().expect("the parent is an object");
        parent.remove(key);
        self
    }

    fn parent<'a>(&mut self, path: &'a str) -> (&mut Value, &'a str) {
        let mut steps = path.split('/');
        let key = steps.next_back().expect("a path has a last step");
        let pointer = steps.map(|step| format!("/{step}")).collect::<String>();
        let parent = self.0.pointer_mut(&pointer);
        (parent.expect("the parent exists"), key)
    }

    pub fn named(self, name: &str) -> Self {
        self.with("name", name)
    }

    pub fn released(self, date: impl Into<Value>) -> Self {
        self.with("album/release_date", date)
    }

    /// Replaces the album by the placeholder that the provider sometimes sends.
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

/// The provider's response with a page of top tracks.
pub fn page(items: impl IntoIterator<Item = Payload>) -> Value {
    let items: Vec<_> = items.into_iter().map(|payload| payload.0).collect();
    json!({
        "href": "https://api.spotify.com/v1/me/top/tracks", "limit": 50, "next": null,
        "offset": 0, "previous": null, "total": items.len(), "items": items,
    })
}

/// One value per line.
pub fn lines(items: impl IntoIterator<Item = Value>) -> String {
    items.into_iter().map(|item| format!("{item}\n")).collect()
}
