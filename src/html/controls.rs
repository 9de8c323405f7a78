//! The parts with which a reader chooses what a page shows: tabs, pagers and date fields. All are links and GET forms.

use chrono::NaiveDate;
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A tab is a link; the current one is marked.
pub struct Tab<'a> {
    pub name: &'a str,
    /// A few words on what is behind the tab.
    pub note: &'a str,
    pub href: String,
    pub is_current: bool,
}

/// `label` is the accessible name.
pub fn tabs(label: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.is_current.then_some("true")] {
                            (tab.name) @if !tab.note.is_empty() { " " small { (tab.note) } }
                        }
                    }
                }
            }
        }
    }
}

/// One end of a pager: an address and what to show, or the text that says that there is no more.
pub enum Way<'a> {
    To { href: &'a str, name: Markup },
    End(&'a str),
}

/// Two joined links to the neighbours in a series. `label` is the accessible name.
pub fn pager(label: &str, previous: Way, next: Way) -> Markup {
    html! {
        nav.pager aria-label=(label) {
            @match previous {
                Way::To { href, name } => a href=(href) rel="prev" { (chevron("m7.5 2.5-3.5 3.5 3.5 3.5")) (name) },
                Way::End(text) => span { (text) },
            }
            @match next {
                Way::To { href, name } => a href=(href) rel="next" { (name) (chevron("m4.5 2.5 3.5 3.5-3.5 3.5")) },
                Way::End(text) => span { (text) },
            }
        }
    }
}

fn chevron(path: &str) -> Markup {
    html! {
        svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" { path d=(path) {} }
    }
}

/// A date field with its label. The days from the first to the last can be chosen.
pub fn date_field(
    name: &str,
    label: Markup,
    value: Option<NaiveDate>,
    (first, last): (Option<NaiveDate>, Option<NaiveDate>),
) -> Markup {
    html! {
        label for=(name) { (label) }
        input type="date" id=(name) name=(name) value=[value] min=[first] max=[last] required;
    }
}

/// Everything but the characters that a path segment may contain unencoded by RFC 3986 and that no program treats in a
/// special way.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':');

/// An address from its path segments, each percent-encoded: `["artists", "name:AC/DC"]` as `/artists/name:AC%2FDC`.
pub fn address(segments: &[&str]) -> String {
    let mut address = String::new();
    for segment in segments {
        address.push('/');
        address.extend(utf8_percent_encode(segment, SEGMENT));
    }
    address
}
