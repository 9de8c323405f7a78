//! What the `check` command says of the connection.

use super::PATH;
use super::page::sentence;
use super::trouble::trouble;
use crate::capture::Capturer;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::secrets::Secrets;
use crate::spotify::{consent_ends_at, redirect_uri};
use crate::store::connection::{connection, not_before};

pub struct Report {
    pub lines: Vec<String>,
    /// No list comes until the owner does something.
    pub needs_owner: bool,
}

pub async fn check_connection(
    config: &Config,
    database: &Database,
    clock: &Clock,
) -> anyhow::Result<Report> {
    let redirect_uri = redirect_uri(config.public_url.as_ref(), config.addresses().0).err();
    let no_redirect_uri = |reason| format!("WARNING: there is no redirect URI: {reason}");
    let mut lines = Vec::from_iter(redirect_uri.map(no_redirect_uri));
    let where_to = format!("on {} while the program serves", config.page(PATH));
    let db = database.read_transaction().await?;
    let Some(stored) = connection(&db).await? else {
        lines.push(format!("not connected; connect {where_to}"));
        return Ok(Report {
            lines,
            needs_owner: false,
        });
    };
    let secrets = Secrets::new(config.secrets.key, &config.database()?);
    let capturer = Capturer::new(config, secrets, database.clone(), clock.clone())?;
    let next_at = capturer.next_capture_at(&db, &stored).await?;
    let pause = not_before(&db, clock.now()).await?;
    let pause = pause.filter(|pause| *pause > clock.now());
    let trouble = trouble(&db, &capturer, clock, &stored, (next_at, pause)).await?;
    lines.push(match &trouble {
        Some(trouble) => format!("WARNING: {} More {where_to}.", sentence(trouble, clock)),
        None => {
            let ends_at = consent_ends_at(stored.authorized_at);
            let ends_on = clock.local(ends_at).date();
            format!("connected, the permission ends on {ends_on}")
        }
    });
    Ok(Report {
        lines,
        needs_owner: trouble.is_some_and(|trouble| trouble.needs_owner()),
    })
}
