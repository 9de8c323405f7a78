//! A top list, page by page, as it came.

use super::http::send;
use super::{Answer, Failure, Spotify, at};
use crate::config::Secret;
use entity::snapshot::TimeRange;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

const PATH: &str = "/v1/me/top/tracks";
/// The most tracks that the provider puts on a page.
const PAGE_LENGTH: usize = 50;

/// A list, as far as its pages have come.
#[derive(Debug)]
pub struct TopTracks {
    /// The track objects of the pages as they came, best first, cut at the depth. The position is the rank, so an id that
    /// occurs twice is still here twice.
    pub items: Vec<Box<RawValue>>,
    depth: usize,
    /// The offset and the address of the next page.
    next: Option<(usize, Url)>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Box<RawValue>>,
    next: Option<String>,
}

impl TopTracks {
    /// Whether it has `depth` tracks, or ends where the provider's ends.
    pub fn is_complete(&self) -> bool {
        self.next.is_none()
    }
}

impl Spotify {
    /// The first `depth` tracks of a list, of which no page has come.
    pub fn top_tracks(&self, time_range: TimeRange, depth: usize) -> TopTracks {
        TopTracks {
            items: Vec::new(),
            depth,
            next: Some((0, self.first_page(time_range, depth))),
        }
    }

    /// Asks for the next page of a list that is not complete. After a failure the list is as before.
    pub async fn add_page(&self, access_token: &Secret, list: &mut TopTracks) -> Answer<()> {
        let Some((offset, url)) = list.next.clone() else {
            return Ok(());
        };
        let request = self.http.get(url).bearer_auth(access_token.expose());
        let response = send(request).await?;
        if !response.status.is_success() {
            return Err(Failure::of_api(&response));
        }
        let page: Page = serde_json::from_str(&response.body)
            .map_err(|_| Failure::outage("Spotify's answer is not a list"))?;
        let length = list.items.len().min(offset) + page.items.len();
        let has_more = !page.items.is_empty() && length < list.depth;
        let next = match page.next.filter(|_| has_more) {
            Some(next) => Some(self.next_page(&next, offset)?),
            None => None,
        };
        // Pages may overlap: the later one has the ranks from its offset on.
        list.items.truncate(offset);
        list.items.extend(page.items);
        list.items.truncate(list.depth);
        list.next = next;
        Ok(())
    }

    fn first_page(&self, time_range: TimeRange, depth: usize) -> Url {
        let mut url = at(&self.api, PATH);
        url.query_pairs_mut()
            .append_pair("time_range", time_range.word())
            .append_pair("limit", &depth.min(PAGE_LENGTH).to_string())
            .append_pair("offset", "0");
        url
    }

    /// The offset and the address of the next page. The access token is sent to the provider's own address only, and a
    /// page that is not later than the last one would never end.
    fn next_page(&self, next: &str, last_offset: usize) -> Answer<(usize, Url)> {
        let url = Url::parse(next).ok().filter(|url| {
            let has_login = !url.username().is_empty() || url.password().is_some();
            url.origin() == self.api.origin() && url.path() == PATH && !has_login
        });
        let url =
            url.ok_or_else(|| Failure::outage("Spotify's next page is at another address"))?;
        let offset = url.query_pairs().find(|(name, _)| name == "offset");
        let offset = offset.and_then(|(_, offset)| offset.parse().ok());
        match offset.filter(|offset| *offset > last_offset) {
            Some(offset) => Ok((offset, url)),
            None => Err(Failure::outage(
                "Spotify's next page is not after the last one",
            )),
        }
    }
}
