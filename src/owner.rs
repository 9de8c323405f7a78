//! Authentication: the owner by password, programs by token, and on a server without an owner the user of its machine.

pub mod command;

mod attempts;
mod caller;
mod identity;
mod log;
mod passwords;
mod report;
mod set_up;
mod tokens;

pub use attempts::Attempts;
pub use caller::{Caller, Scope, Scopes, View, Who};
pub use identity::{Identities, Proof};
pub use log::Log;
pub use passwords::{MIN_CHARS, Passwords, rule};
pub use report::report;
pub use set_up::{adopt_setting, log_set_up_token};
pub use tokens::{MAX_TOKEN_NAME, TOKEN_DAYS, new_token};
