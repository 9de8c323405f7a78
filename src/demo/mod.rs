//! The sample library: made up, the same on every start, and large enough to fill every page.
//!
//! [`library`] gives the tracks and their lists, [`fill`] keeps them, [`covers`] draws what the
//! albums refer to.

mod albums;
mod chance;
mod covers;
mod days;
mod discovery;
mod fill;
mod library;
mod names;
mod oddities;
mod phases;
mod taste;
mod titles;
mod tracks;
mod years;

#[cfg(test)]
mod tests;

use crate::db::Database;
pub async fn fill(database: &Database, _today: chrono::NaiveDate) -> anyhow::Result<()> {
    fill::fill(database).await
}
pub fn cover(file: &str) -> Option<String> {
    let number = file
        .strip_suffix(".svg")
        .and_then(|number| number.parse().ok());
    let number = number.filter(|number: &u32| (*number as usize) < covers::COVERS);
    Some(covers::cover(number?))
}
