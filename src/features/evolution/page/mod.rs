//! stub
use crate::html::layout::NavigationEntry;
use poem::handler;
pub const NAVIGATION: NavigationEntry = NavigationEntry {
    path: "/evolution",
    name: "Evolution",
};
#[handler]
pub async fn show() -> poem::Result<maud::Markup> {
    Ok(maud::html! {})
}
