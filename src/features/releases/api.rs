//! The release charts as JSON, in the shape that Chart.js reads.

use super::query::{self, Distribution};
use crate::api::json::{Json, JsonResult};
use crate::db::Database;
use crate::http::kept;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct ReleasesApi;

#[derive(Tags)]
enum Tag {
    /// When the music came out, and how much of it is explicit
    Releases,
}

#[OpenApi(tag = "Tag::Releases")]
impl ReleasesApi {
    /// Count tracks by decade of release
    ///
    /// Oldest decade first. The year comes from the payload's `album.release_date`. Tracks without a
    /// year from 1000 to 2999 are in `unknown_count`.
    #[oai(
        path = "/release-decade-distribution",
        method = "get",
        operation_id = "get_release_decade_distribution",
        transform = "kept"
    )]
    async fn decades(&self, db: Data<&Database>) -> JsonResult<Distribution> {
        Ok(Json(query::releases(&db.read()).await?.decades()))
    }

    /// Count tracks by year of release
    ///
    /// Newest year first. The tracks of the years beyond `limit` are in `other_count`.
    #[oai(
        path = "/release-year-distribution",
        method = "get",
        operation_id = "get_release_year_distribution",
        transform = "kept"
    )]
    async fn years(
        &self,
        db: Data<&Database>,
        /// How many years
        #[oai(
            default = "ten",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
    ) -> JsonResult<Distribution> {
        Ok(Json(
            query::releases(&db.read()).await?.years(limit.0 as usize),
        ))
    }

    /// Count tracks by explicit flag
    ///
    /// `Explicit` and `Clean`, most tracks first. Tracks whose flag is not a JSON boolean are in
    /// `unknown_count`.
    #[oai(
        path = "/explicit-distribution",
        method = "get",
        operation_id = "get_explicit_distribution",
        transform = "kept"
    )]
    async fn explicit(&self, db: Data<&Database>) -> JsonResult<Distribution> {
        Ok(Json(query::releases(&db.read()).await?.explicit()))
    }
}

fn ten() -> u32 {
    10
}
