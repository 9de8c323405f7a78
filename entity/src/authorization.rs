//! An authorization that has begun: the owner's browser is at the provider, and not back yet.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authorizations")]
pub struct Model {
    /// SHA-256 of the `state` parameter, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub state_hash: String,
    /// SHA-256 of the cookie of the browser that began, in hexadecimal.
    pub browser_hash: String,
    pub client_id: String,
    pub redirect_uri: String,
    /// The PKCE verifier, encrypted.
    pub verifier: String,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
