//! Sessions and tokens of callers, looked up in the database.

use super::caller::{Scopes, Who};
use crate::clock::Clock;
use crate::db::{ChangeToken, Database};
use crate::error::Result;
use crate::secrets::hash;
use crate::store::owner::{owner, session, session_seen, token, token_used};
use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;
use std::sync::{Arc, Mutex, PoisonError};

/// Proofs that are remembered at most.
const CAPACITY: usize = 1000;
/// The last use of a proof is looked at again after so long, though the database has not changed.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// What a caller shows. Debug output does not show it.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    Session(&'a str),
    Token(&'a str),
    Nothing,
}

/// Who is behind a proof. What was looked up is used until the database changes, so that a session that is ended anywhere
/// is over at once.
#[derive(Clone)]
pub struct Identities(Arc<Inner>);

struct Inner {
    database: Database,
    clock: Clock,
    is_read_only: bool,
    known: Cache<String, Known>,
    has_owner: Mutex<Option<(ChangeToken, bool)>>,
}

#[derive(Clone)]
struct Known {
    who: Who,
    version: ChangeToken,
    at: DateTime<Utc>,
}

impl Identities {
    pub fn new(database: Database, clock: Clock, is_read_only: bool) -> Self {
        Self(Arc::new(Inner {
            database,
            clock,
            is_read_only,
            known: Cache::new(CAPACITY),
            has_owner: Mutex::default(),
        }))
    }

    /// `version` is the change token, read after the request came.
    pub async fn has_owner(&self, version: &ChangeToken) -> Result<bool> {
        let Inner {
            database,
            has_owner,
            ..
        } = &*self.0;
        let known = has_owner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((_, known)) = known.filter(|(known, _)| known == version) {
            return Ok(known);
        }
        let has = owner(&database.read()).await?.is_some();
        *has_owner.lock().unwrap_or_else(PoisonError::into_inner) = Some((version.clone(), has));
        Ok(has)
    }

    /// Who shows this proof, on a server with an owner or without. A session that is over is nobody.
    pub async fn who(&self, proof: Proof<'_>, version: &ChangeToken) -> Result<Who> {
        let Inner { clock, known, .. } = &*self.0;
        let secret_hash = match proof {
            Proof::Nothing => return Ok(Who::Nobody),
            Proof::Session(secret) | Proof::Token(secret) => hash(secret),
        };
        let now = clock.now();
        let found = known
            .get(&secret_hash)
            .filter(|found| found.version == *version && found.at <= now && now - found.at < AGAIN);
        if let Some(found) = found {
            return Ok(found.who);
        }
        let who = match proof {
            Proof::Token(_) => self.token(&secret_hash, now).await?,
            _ => self.session(&secret_hash, now).await?,
        };
        // Guesses must not evict what is known.
        if who.has_proof() {
            let found = Known {
                who: who.clone(),
                version: version.clone(),
                at: now,
            };
            known.insert(secret_hash, found);
        }
        Ok(who)
    }

    async fn session(&self, secret_hash: &str, now: DateTime<Utc>) -> Result<Who> {
        let Inner { database, .. } = &*self.0;
        let Some(row) = session(&database.read(), secret_hash, now).await? else {
            return Ok(Who::Nobody);
        };
        if !self.0.is_read_only {
            log_failure(session_seen(database, &row, now).await);
        }
        Ok(Who::Session {
            session_id: row.session_id,
        })
    }

    async fn token(&self, secret_hash: &str, now: DateTime<Utc>) -> Result<Who> {
        let Inner { database, .. } = &*self.0;
        let Some(row) = token(&database.read(), secret_hash, now).await? else {
            return Ok(Who::Stranger);
        };
        if !self.0.is_read_only {
            log_failure(token_used(database, &row, now).await);
        }
        Ok(Who::Token {
            scopes: Scopes::stored(&row.scopes),
            name: row.name,
        })
    }
}

/// The time of the last use is for information: a request is answered without it.
fn log_failure(recorded: Result<()>) {
    if let Err(cause) = recorded {
        tracing::debug!(%cause, "the last use of a session or token could not be recorded");
    }
}
