//! Who asks, and what they may: the owner by password, programs by token, and on a server without an owner whoever sits
//! at its machine.

pub mod command;

mod attempts;
mod caller;
mod identity;
mod log;
mod passwords;
mod report;
mod set_up;

pub use attempts::Attempts;
pub use caller::{Caller, Scope, Scopes, View, Who};
pub use identity::{Identities, Proof};
pub use log::{Log, MAX_TOKEN_NAME, TOKEN_DAYS, new_token};
pub use passwords::{MIN_CHARS, Passwords, rule};
pub use report::report;
pub use set_up::{adopt_setting, log_set_up_token};
