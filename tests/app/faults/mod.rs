//! What holds when things break: the database, the network, the disk, the clients, the program.
//!
//! The database is broken by a [proxy](crate::harness::proxy) before it, by locks of another
//! session, or by killing a [server](crate::harness::cluster) of the test's own; what clients were
//! told is [recorded](crate::harness::recorder) and held against what is kept.

mod absent;
mod chaos;
mod crowd;
mod cut;
mod full;
mod killed;
mod locked;
mod newer;
mod overlap;
mod postmaster;
mod silence;
mod slow_clients;
mod stopping;
mod stress;
