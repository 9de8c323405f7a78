//! Names as a search compares them: without case, accents and width, as words.

use crate::payload;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The compatibility decomposition (NFKD) without accents, in folded case, composed again (NFC).
///
/// Full and half width, ligatures and the like become plain letters. Accents are the nonspacing marks (Mn); the points
/// of Arabic and Hebrew, the voicing of kana and some vowels of Thai are among them, so such names are compared by
/// the other letters. Format characters, such as marks of direction, are left out as well. The composition makes each
/// syllable of Hangul one character, so that a syllable is not a beginning of another one.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed: String = text.nfkd().filter(|c| !is_ignored(*c)).collect();
    payload::folded(&decomposed).nfc().collect()
}

fn is_ignored(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            character.general_category(),
            GeneralCategory::NonspacingMark | GeneralCategory::Format
        )
}

/// The words of a name in folded form, each followed by the next after one blank.
///
/// A word is a run of letters and digits, or one symbol, such as an emoji or `+`. Punctuation separates words.
pub fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    if name.is_ascii() {
        let characters = name
            .bytes()
            .map(|byte| char::from(byte.to_ascii_lowercase()));
        add_words(characters, &mut words);
    } else {
        add_words(folded(name).chars(), &mut words);
    }
    words
}

fn add_words(characters: impl Iterator<Item = char>, words: &mut String) {
    let mut in_word = false;
    for character in characters {
        let continues = character.is_alphanumeric();
        if continues || is_symbol(character) {
            let begins = !(in_word && continues);
            if begins && !words.is_empty() {
                words.push(' ');
            }
            words.push(character);
        }
        in_word = continues;
    }
}

fn is_symbol(character: char) -> bool {
    match character {
        '\0'..='\x7f' => matches!(
            character,
            '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~'
        ),
        _ => character.general_category_group() == GeneralCategoryGroup::Symbol,
    }
}

/// The whole name in folded form, each run of blanks as one: for the search of a name without words, as `!!!`.
pub fn signs(name: &str) -> String {
    let folded = folded(name);
    let mut parts = folded.split_whitespace();
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + " " + part)
}

/// Whether the word is written in a script in which words are short or not separated by blanks: Chinese, Japanese,
/// Korean, and the scripts of mainland Southeast Asia and Tibet.
pub fn is_dense(word: &str) -> bool {
    word.chars().any(|character| {
        matches!(character,
            '\u{e00}'..='\u{109f}' // Thai, Lao, Tibetan, Burmese
            | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' // Hangul
            | '\u{1780}'..='\u{17ff}' // Khmer
            | '\u{2e80}'..='\u{9fff}' // radicals, kana, Bopomofo, ideographs
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // more ideographs
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_accents_and_width() {
        let cases = [
            ("Beyoncé", "beyonce"),
            ("Bjo\u{308}rk", "bjork"),
            ("Straße", "strasse"),
            ("İstanbul", "istanbul"),
            ("ΌΔΟΣ", "οδοσ"),
            ("οδος", "οδοσ"),
            ("ﬁne", "fine"),
            ("ＡＢＣ　１", "abc 1"),
            ("ｶﾞﾗｽ", "カラス"),
            ("ガラス", "カラス"),
            ("한국", "한국"),
            ("\u{1112}\u{1161}\u{11ab}국", "한국"),
            ("مُحَمَّد", "محمد"),
            ("שָׁלוֹם", "שלום"),
            ("\u{200f}abc\u{202c}", "abc"),
            ("🦊\u{fe0f}", "🦊"),
        ];
        for (name, expected) in cases {
            assert_eq!(folded(name), expected, "{name}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for character in '\0'..=char::MAX {
            let once = folded(&character.to_string());
            assert_eq!(folded(&once), once, "{character:?}");
        }
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_or_single_symbols() {
        let cases = [
            ("AC/DC", "ac dc"),
            (
                "Don't  Stop (’Til You Get Enough)",
                "don t stop til you get enough",
            ),
            ("+44", "+ 44"),
            ("Foxy🦊🦊!", "foxy 🦊 🦊"),
            ("!!!", ""),
            ("x² ½", "x2 1 ⁄ 2"),
            ("海辺のカフカ", "海辺のカフカ"),
            (" ", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn signs_keep_punctuation() {
        for (name, expected) in [("!!!", "!!!"), (" ¿  Qué… ", "¿ que..."), ("", "")] {
            assert_eq!(signs(name), expected, "{name}");
        }
    }
}
