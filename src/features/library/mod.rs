//! The library as a whole: its size, taken along as an archive or as the SQLite file, and cleared.

mod api;
mod clear;
mod copy;
mod page;
mod query;

use super::{Feature, Pages};
use crate::error::Error;
use crate::html::layout::{self, NavigationEntry};
use poem::{EndpointExt, get, post};
use poem_openapi::OpenApi;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The path of the page.
const PATH: &str = layout::SETTINGS;
const COPY: &str = "/settings/library.db";
const CLEAR: &str = "/settings/clear";

/// Copies of a library that are taken at once. Each holds a connection to the database, for as long as its client reads.
const AT_ONCE: usize = 2;

pub struct Library;

impl Feature for Library {
    const SETTINGS: Option<NavigationEntry> = Some(NavigationEntry {
        path: PATH,
        name: "Library",
    });

    fn api() -> impl OpenApi {
        api::LibraryApi::default()
    }

    /// None of them is kept.
    fn pages(routes: Pages) -> Pages {
        routes
            .at(PATH, get(page::show))
            .at(COPY, get(copy::download).data(Turns::default()))
            .at(CLEAR, post(clear::clear))
    }
}

/// Whose turn it is to take a copy.
#[derive(Clone)]
struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Turns {
    fn take(&self) -> Result<OwnedSemaphorePermit, Error> {
        self.0.clone().try_acquire_owned().map_err(|_| {
            Error::Busy("Two copies of the library are being taken. Try again in a moment.")
        })
    }
}
