//! The release charts as JSON, in the shape that Chart.js reads.

use super::query::{self, Distribution};
use crate::db::Database;
use crate::web::json::{Answer, Json};
use crate::web::tag::Tag;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

pub struct ReleasesApi;

#[OpenApi(tag = "Tag::Releases")]
impl ReleasesApi {
    /// Tracks by decade of release
    ///
    /// Oldest decade first. The year is read from the payload's `album.release_date`; tracks whose
    /// payload does not say a year from 1000 to 2999 are in `unknown_count`.
    #[oai(
        path = "/release-decade-distribution",
        method = "get",
        operation_id = "get_release_decade_distribution"
    )]
    async fn decades(&self, db: Data<&Database>) -> Answer<Distribution> {
        Ok(Json(query::releases(&db.read()).await?.decades()))
    }

    /// Tracks by year of release
    ///
    /// Newest year first; the tracks of the years beyond `limit` are in `other_count`.
    #[oai(
        path = "/release-year-distribution",
        method = "get",
        operation_id = "get_release_year_distribution"
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
    ) -> Answer<Distribution> {
        Ok(Json(
            query::releases(&db.read()).await?.years(limit.0 as usize),
        ))
    }

    /// Tracks by explicit flag
    ///
    /// `Explicit` and `Clean`, most tracks first. Only a JSON boolean is taken for an answer:
    /// anything else is in `unknown_count`.
    #[oai(
        path = "/explicit-distribution",
        method = "get",
        operation_id = "get_explicit_distribution"
    )]
    async fn explicit(&self, db: Data<&Database>) -> Answer<Distribution> {
        Ok(Json(query::releases(&db.read()).await?.explicit()))
    }
}

fn ten() -> u32 {
    10
}
