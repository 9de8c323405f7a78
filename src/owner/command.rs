//! The commands of the owner: `token` and `reset-password`.

use super::caller::{Scope, Scopes};
use super::log::Log;
use super::passwords::{Passwords, rule};
use super::tokens::{MAX_TOKEN_NAME, new_token};
use crate::clock::Clock;
use crate::config::{Config, Secret};
use crate::db::Database;
use crate::store::owner::{delete_token, set_password, tokens};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use entity::log_entry::Event;
use std::io::{IsTerminal, stdin};

#[derive(Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token, and print it: it is shown this once
    Create {
        /// The purpose of the token, as in "Home display"
        name: String,
        /// read, write, admin: one or more, comma between
        #[arg(long, value_name = "SCOPES", value_delimiter = ',', required = true, value_parser = scope)]
        scopes: Vec<Scope>,
        /// Days until it expires
        #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(u16).range(1..=3650))]
        expires_in_days: u16,
        /// It is valid until it is revoked
        #[arg(long, conflicts_with = "expires_in_days")]
        never_expires: bool,
    },
    /// List the tokens, without what they are
    List,
    /// Revoke a token: it is not accepted any more
    Revoke {
        /// As token list shows it
        id: String,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::of_word(word).ok_or_else(|| "must be read, write or admin".into())
}

/// Runs a `token` command.
pub async fn token(config: &Config, clock: &Clock, args: TokenArgs) -> anyhow::Result<()> {
    let database = open(config).await?;
    let log = Log::of_command(&database, clock);
    match args.command {
        TokenCommand::Create {
            name,
            scopes,
            expires_in_days,
            never_expires,
        } => {
            let name = name.trim().to_owned();
            if name.is_empty() || name.chars().count() > MAX_TOKEN_NAME {
                bail!("NAME must have 1 to {MAX_TOKEN_NAME} characters");
            }
            let days = (!never_expires).then(|| expires_in_days.into());
            let (_, token) = new_token(&log, name, &Scopes::new(scopes), days).await?;
            println!("{}", token.expose());
        }
        TokenCommand::List => list(&database, clock).await?,
        TokenCommand::Revoke { id } => {
            let row = delete_token(&database, &id).await;
            let row = row.context("nothing was revoked; token list has the ids")?;
            log.record(Event::TokenRevoked, &row.name).await;
            println!("The token {} ({}) is revoked.", row.token_id, row.name);
        }
    }
    database.close().await?;
    Ok(())
}

async fn list(database: &Database, clock: &Clock) -> anyhow::Result<()> {
    let rows = tokens(&database.read()).await?;
    if rows.is_empty() {
        println!("There are no tokens; token create makes one.");
    }
    for row in rows {
        let expires = match row.expires_at {
            Some(at) if at <= clock.now() => format!("expired on {}", clock.local(at).date()),
            Some(at) => format!("expires on {}", clock.local(at).date()),
            None => "never expires".to_owned(),
        };
        let used = match row.last_used_at {
            Some(at) => format!("used on {}", clock.local(at).date()),
            None => "not used yet".to_owned(),
        };
        println!(
            "{}  {}  {}  {expires}  {used}",
            row.token_id, row.scopes, row.name
        );
    }
    Ok(())
}

/// Asks for a new password, or reads it from standard input, and ends all sessions.
pub async fn reset_password(config: &Config, clock: &Clock) -> anyhow::Result<()> {
    if config.secrets.owner_password.is_some() {
        bail!(
            "OWNER_PASSWORD is set, and is the only password: change it there and start the program again"
        );
    }
    let database = open(config).await?;
    let password = read_password()?;
    if let Some(reason) = rule(&password) {
        bail!("the password is not accepted. {reason}");
    }
    let hash = Passwords::default().hash(password).await?;
    let ended = set_password(&database, &hash, clock.now()).await?;
    let detail = format!("at the machine; sessions ended: {ended}");
    let log = Log::of_command(&database, clock);
    log.record(Event::PasswordChanged, &detail).await;
    database.close().await?;
    println!("The password is set. Sessions ended: {ended}. API tokens stay.");
    Ok(())
}

fn read_password() -> anyhow::Result<Secret> {
    if stdin().is_terminal() {
        let password = rpassword::prompt_password("New password: ")?;
        let again = rpassword::prompt_password("Once more: ")?;
        if password != again {
            bail!("the two are not the same; nothing was changed");
        }
        return Ok(Secret::new(password));
    }
    let mut line = String::new();
    stdin()
        .read_line(&mut line)
        .context("the password could not be read from standard input")?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

/// These commands make no database: the one that is there must be current.
async fn open(config: &Config) -> anyhow::Result<Database> {
    let database = Database::open_existing(config).await?;
    match database.schema().await?.problem() {
        None => Ok(database),
        Some(problem) => bail!("schema: {problem}"),
    }
}
