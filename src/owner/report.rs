//! The state of access in words, for the command `check`.

use crate::config::Config;
use crate::db::Database;
use crate::error::Result;
use crate::store::owner::owner;

pub async fn report(config: &Config, database: &Database) -> Result<String> {
    let has_owner =
        config.secrets.owner_password.is_some() || owner(&database.read()).await?.is_some();
    let reads = match config.access.public_read {
        true => "everybody may read",
        false => "reads are closed",
    };
    let owner = match has_owner {
        true => format!("there is an owner; {reads}"),
        false => format!(
            "there is no owner: only local requests are served ({reads} from elsewhere); /set-up or OWNER_PASSWORD \
             makes one"
        ),
    };
    let read_only = match config.access.read_only {
        true => "; READ_ONLY: nothing can be changed",
        false => "",
    };
    Ok(owner + read_only)
}
