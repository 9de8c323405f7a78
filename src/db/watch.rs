//! The one connection that is asked whether anything has changed: it does not wait for the others,
//! and all who read wait for it.

use super::connect;
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr};
use std::sync::{PoisonError, RwLock};

pub struct Watch {
    connection: RwLock<DatabaseConnection>,
    /// To open another in its place; `None` where that would change nothing.
    options: Option<ConnectOptions>,
}

impl Watch {
    /// SQLite's: it lives as long as the program, for it counts the changes that it has seen.
    pub fn lasting(connection: DatabaseConnection) -> Self {
        Self {
            connection: RwLock::new(connection),
            options: None,
        }
    }

    pub async fn renewable(options: ConnectOptions) -> Result<Self, DbErr> {
        Ok(Self {
            connection: RwLock::new(connect(options.clone()).await?),
            options: Some(options),
        })
    }

    pub fn connection(&self) -> DatabaseConnection {
        self.connection
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Gives a connection up that does not answer: sqlx may wait for it without end, and it is the
    /// only one.
    pub async fn renew(&self) {
        let Some(options) = &self.options else { return };
        if let Ok(new) = connect(options.clone()).await {
            *self
                .connection
                .write()
                .unwrap_or_else(PoisonError::into_inner) = new;
        }
    }
}
