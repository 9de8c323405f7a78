//! Names in folded case, by Unicode's rules and not the database's, so that both engines find the
//! same.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Characters of a beginning that are searched for. Lists of names are sorted by more, or a search
/// would never see that a name begins with all of it.
const MOST_SEARCHED: usize = 200;

/// The beginning of a name as it is searched for.
pub fn beginning(text: &str) -> String {
    folded(text).chars().take(MOST_SEARCHED).collect()
}

pub fn folded(text: &str) -> String {
    unicase::UniCase::unicode(text).to_folded_case()
}

/// Of all the ways to write a folded beginning, in the order of their characters, the first with
/// which `text` begins or that comes after it. A name's folded form begins so just when the name
/// begins with one of them.
pub fn spelling_from(folded: &str, text: &str) -> Option<String> {
    let nothing = Way {
        text: String::new(),
        rest: folded,
    };
    nothing.first_from(text)
}

/// A beginning as it may be written, and what of the folded one comes after it.
struct Way<'a> {
    text: String,
    rest: &'a str,
}

impl<'a> Way<'a> {
    fn first_from(self, text: &str) -> Option<String> {
        // What follows a beginning that comes before the text comes before it, too.
        if self.text.as_str() < text && !text.starts_with(&self.text) {
            return None;
        }
        let Some(next) = self.rest.chars().next() else {
            return Some(self.text);
        };
        let mut longer = self.longer(next);
        longer.sort_by(|one, other| one.text.cmp(&other.text));
        longer.into_iter().find_map(|way| way.first_from(text))
    }

    /// By one character, in each way in which the next of the rest can be written.
    fn longer(&self, next: char) -> Vec<Way<'a>> {
        let others = OTHERS.get(&next).map_or(&[][..], Vec::as_slice);
        let itself = (next, next.to_string());
        others
            .iter()
            .chain([&itself])
            .filter_map(|(character, folded)| {
                // One that folds to several may stand for more than is left.
                let rest = match self.rest.strip_prefix(folded.as_str()) {
                    Some(rest) => rest,
                    None if folded.starts_with(self.rest) => "",
                    None => return None,
                };
                let text = format!("{}{character}", self.text);
                Some(Way { text, rest })
            })
            .collect()
    }
}

/// By the first character of what they fold to, all that fold to anything but themselves.
static OTHERS: LazyLock<BTreeMap<char, Vec<(char, String)>>> = LazyLock::new(|| {
    let mut others: BTreeMap<_, Vec<_>> = BTreeMap::new();
    // No letter beyond the first two planes has a case.
    for character in '\0'..='\u{1ffff}' {
        let folded = folded(character.encode_utf8(&mut [0; 4]));
        let first = folded.chars().next().unwrap_or(character);
        if folded.chars().ne([character]) {
            others.entry(first).or_default().push((character, folded));
        }
    }
    others
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_a_spelling_of_its_beginning_and_of_no_other() {
        let names = [
            "Straße",
            "STRASSE",
            "ß",
            "s",
            "ſong",
            "Song",
            "sONG",
            "ﬃx",
            "ffi",
            "ΌΔΟΣ",
            "όδος",
            "İx",
            "ǰ",
            "100 %",
            "日本",
            "",
            "Дорога",
            "Kelvin K",
            "ΐ",
            "ﬁn",
            "FIN",
            "fjord",
        ];
        for name in names {
            for other in names {
                let beginning = folded(other);
                for (end, _) in beginning.char_indices().chain([(beginning.len(), ' ')]) {
                    let prefix = &beginning[..end];
                    let spelling = spelling_from(prefix, name);
                    let is_found = spelling.is_some_and(|spelling| name.starts_with(&spelling));
                    assert_eq!(
                        is_found,
                        folded(name).starts_with(prefix),
                        "{name} {prefix}"
                    );
                }
            }
        }
    }

    #[test]
    fn whatever_folds_is_found_by_what_it_folds_to() {
        let all = ('\0'..=char::MAX).map(String::from);
        let pairs = all.map(|text| (folded(&text), text));
        for (folded, text) in pairs.filter(|(folded, text)| folded != text) {
            for (end, _) in folded.char_indices().skip(1).chain([(folded.len(), ' ')]) {
                let spelling = spelling_from(&folded[..end], &text);
                assert_eq!(spelling.as_deref(), Some(text.as_str()), "{folded}");
            }
        }
    }

    #[test]
    fn spellings_come_in_order() {
        let mut from = String::new();
        let mut spellings = Vec::new();
        while let Some(spelling) = spelling_from("a1k", &from) {
            let last = spelling.chars().next_back().expect("it is not empty");
            let next = (last..).nth(1).expect("there are greater ones");
            from = spelling.replace(last, next.encode_utf8(&mut [0; 4]));
            spellings.push(spelling);
        }

        let expected = ["A1K", "A1k", "A1\u{212a}", "a1K", "a1k", "a1\u{212a}"];
        assert_eq!(spellings, expected);
    }
}
