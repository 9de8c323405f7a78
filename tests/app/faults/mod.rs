//! Faults: of the database, the network, the disk, the clients and the program.
//!
//! A [proxy](crate::harness::proxy) breaks the connections to the database, another session locks
//! it, or the test kills its own [server](crate::harness::cluster). [Load](crate::harness::load)
//! records every response, so that a test can compare it with what is stored.

mod absent;
mod chaos;
mod full_disk;
mod imports;
mod killed;
mod locked;
mod newer_schema;
mod overload;
mod postgres_killed;
mod resets;
mod silence;
mod slow_clients;
mod stopping;
mod stress;
