//! Sessions and tokens of callers, looked up in the database.

use super::caller::{Scopes, Who};
use crate::clock::Clock;
use crate::db::{ChangeToken, Database};
use crate::error::Result;
use crate::secrets::hash;
use crate::store::owner::{owner, session, session_ends_at, session_seen, token, token_used};
use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;
use std::sync::{Arc, Mutex, PoisonError};

/// Proofs that are remembered at most.
const CAPACITY: usize = 1000;
/// The last use of a proof is looked at again after so long, though the database has not changed.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// The credential of a request.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    Session(&'a str),
    Token(&'a str),
    Nothing,
}

/// Finds the caller that a credential belongs to. A result is used until the database changes, so that a session that is
/// ended by another process is over at once.
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
    /// When the session or token is over.
    until: Option<DateTime<Utc>>,
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

    /// The caller with this credential. A session that is over is nobody's.
    pub async fn who(&self, proof: Proof<'_>, version: &ChangeToken) -> Result<Who> {
        let Inner { clock, known, .. } = &*self.0;
        let secret_hash = match proof {
            Proof::Nothing => return Ok(Who::Nobody),
            Proof::Session(secret) | Proof::Token(secret) => hash(secret),
        };
        let now = clock.now();
        let found = known.get(&secret_hash).filter(|found| {
            let is_recent = found.at <= now && now - found.at < AGAIN;
            found.version == *version && is_recent && found.until.is_none_or(|until| now < until)
        });
        if let Some(found) = found {
            return Ok(found.who);
        }
        let (who, until) = match proof {
            Proof::Token(_) => self.token(&secret_hash, now).await?,
            _ => self.session(&secret_hash, now).await?,
        };
        // Guesses must not evict what is known.
        if who.has_proof() {
            let found = Known {
                who: who.clone(),
                version: version.clone(),
                at: now,
                until,
            };
            known.insert(secret_hash, found);
        }
        Ok(who)
    }

    async fn session(&self, secret_hash: &str, now: DateTime<Utc>) -> Result<Found> {
        let Some(row) = session(&self.0.database.read(), secret_hash, now).await? else {
            return Ok((Who::Nobody, None));
        };
        let until = session_ends_at(&row);
        let who = Who::Session {
            session_id: row.session_id.clone(),
        };
        self.record(|database| async move { session_seen(&database, &row, now).await });
        Ok((who, Some(until)))
    }

    async fn token(&self, secret_hash: &str, now: DateTime<Utc>) -> Result<Found> {
        let Some(row) = token(&self.0.database.read(), secret_hash, now).await? else {
            return Ok((Who::Stranger, None));
        };
        let until = row.expires_at;
        let who = Who::Token {
            scopes: Scopes::stored(&row.scopes),
            name: row.name.clone(),
        };
        self.record(|database| async move { token_used(&database, &row, now).await });
        Ok((who, until))
    }

    /// Records the last use, which is for information: the request does not wait for it.
    fn record<F>(&self, record: impl FnOnce(Database) -> F)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        if self.0.is_read_only {
            return;
        }
        let recorded = record(self.0.database.clone());
        tokio::spawn(async move {
            if let Err(cause) = recorded.await {
                tracing::debug!(%cause, "the last use of a session or token could not be recorded");
            }
        });
    }
}

/// The caller, and the end of the session or token.
type Found = (Who, Option<DateTime<Utc>>);
