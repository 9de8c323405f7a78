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

#[derive(Debug, Default)]
pub struct TopTracks {
    /// The raw bodies, in order.
    pub pages: Vec<String>,
    /// The track objects of all pages as they came, best first, cut at the depth. The position is the rank, so an id
    /// that occurs twice is still here twice.
    pub items: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Box<RawValue>>,
    next: Option<String>,
}

impl Spotify {
    /// The first `depth` tracks of a list. It ends where the provider's ends; a page that cannot be had is a failure of
    /// the whole list.
    pub async fn top_tracks(
        &self,
        access_token: &Secret,
        time_range: TimeRange,
        depth: usize,
    ) -> Answer<TopTracks> {
        let mut list = TopTracks::default();
        let mut next = Some((0, self.first_page(time_range, depth)));
        while let Some((offset, url)) = next {
            // Pages may overlap: the later one has the ranks from its offset on.
            list.items.truncate(offset);
            let request = self.http.get(url).bearer_auth(access_token.expose());
            let response = send(request).await?;
            if !response.status.is_success() {
                return Err(Failure::of_api(&response));
            }
            let page: Page = serde_json::from_str(&response.body)
                .map_err(|_| Failure::outage("Spotify's answer is not a list"))?;
            let is_end = page.items.is_empty();
            list.pages.push(response.body);
            list.items.extend(page.items);
            next = match page.next.filter(|_| !is_end && list.items.len() < depth) {
                Some(next) => Some(self.next_page(&next, offset)?),
                None => None,
            };
        }
        list.items.truncate(depth);
        Ok(list)
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
