//! The section of the password.

use super::super::SET_UP;
use super::{View, field, password_input};
use crate::html::components::{DATE, section_head};
use crate::owner::MIN_CHARS;
use maud::{Markup, html};

pub fn section(view: &View) -> Markup {
    let note = view.password_set_at.map(|at| {
        let day = view.clock.local(at).format(DATE).to_string();
        format!("set on {day}")
    });
    html! {
        section aria-labelledby="password-section" {
            (section_head("password-section", "Password", html! { (note.unwrap_or_default()) }))
            @if view.setup.has_password_setting {
                p.note { "It is the one of " code { "OWNER_PASSWORD" } ", and the only one. To change it, change the setting and start the program again; then all sessions end." }
            } @else if view.password_set_at.is_some() {
                (form(view))
                p.note { "Changing it ends all other sessions. Tokens stay." }
            } @else {
                p.note { "There is none: whoever sits at this machine comes in, and nobody else does. With a password the library can be reached from elsewhere, and then asks for it here too." }
                p.buttons.under-table { a.button href=(SET_UP) { "Set a password" } }
            }
        }
    }
}

fn form(view: &View) -> Markup {
    let hint = format!("{MIN_CHARS} characters or more; a sentence is good. No other rules.");
    let (wrong, wrong_new) = (view.problem("password"), view.problem("new_password"));
    let old = password_input("password", "current-password", false, wrong.is_some());
    let new = password_input("new_password", "new-password", true, wrong_new.is_some());
    html! {
        form.in-a-row.change-password method="post" action="/settings/access/password" {
            (field("password", "Password now", old, "", wrong))
            (field("new_password", "New password", new, &hint, wrong_new))
            button.button { "Change password" }
        }
    }
}
