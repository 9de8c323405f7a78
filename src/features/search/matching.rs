//! Which names a search finds, and how well they match.

use super::fold::{is_dense, signs, words};

/// How well a name matches, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    WholeName,
    BeginningOfName,
    BeginningOfWord,
    InsideWord,
}

impl Class {
    pub const COUNT: usize = 4;
}

/// Characters from which on a word is found inside other words. Chinese, Japanese and Korean ones are always.
const INSIDE: usize = 3;

/// What is asked for.
pub struct Question {
    /// All words, with a blank between them.
    whole: String,
    words: Vec<Word>,
    /// The question has no words, but punctuation: names are compared with their punctuation.
    has_signs_only: bool,
}

struct Word {
    text: String,
    may_be_inside: bool,
}

impl Question {
    /// `None` if the text is blank.
    pub fn of(text: &str) -> Option<Self> {
        let in_words = words(text);
        let has_signs_only = in_words.is_empty();
        let whole = match has_signs_only {
            true => signs(text),
            false => in_words,
        };
        let words: Vec<_> = whole
            .split_whitespace()
            .map(|word| Word {
                text: word.to_owned(),
                may_be_inside: has_signs_only || word.chars().count() >= INSIDE || is_dense(word),
            })
            .collect();
        (!words.is_empty()).then_some(Self {
            whole,
            words,
            has_signs_only,
        })
    }

    /// How well a name matches; `None` if it does not.
    ///
    /// The name and the question are folded and split into words, so that case, accents, width and punctuation make no
    /// difference. If the words of the question are those of the name, or the beginning of them (the last one may be
    /// cut), that is the class. Otherwise each word is looked for by itself, in any order, and the class is the worst
    /// of theirs. Every word must occur: at the beginning of a word, or inside one if it has three characters or more
    /// or is Chinese, Japanese or Korean. A question without words, such as `!!!`, is compared with the whole text of
    /// the name, and is found anywhere.
    pub fn class(&self, name: &str) -> Option<Class> {
        let name = match self.has_signs_only {
            true => signs(name),
            false => words(name),
        };
        match class(&name, &self.whole, false) {
            Some(class @ (Class::WholeName | Class::BeginningOfName)) => Some(class),
            _ => self
                .words
                .iter()
                .map(|word| class(&name, &word.text, word.may_be_inside))
                .try_fold(Class::WholeName, |worst, class| Some(worst.max(class?))),
        }
    }
}

/// How well one text, without blanks at its ends, matches the words of a name.
fn class(name: &str, text: &str, may_be_inside: bool) -> Option<Class> {
    let mut best = None;
    for (position, _) in name.match_indices(text) {
        if position == 0 {
            return Some(match name.len() == text.len() {
                true => Class::WholeName,
                false => Class::BeginningOfName,
            });
        }
        if name.as_bytes()[position - 1] == b' ' {
            return Some(Class::BeginningOfWord);
        }
        best = may_be_inside.then_some(Class::InsideWord);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use Class::{BeginningOfName, BeginningOfWord, InsideWord, WholeName};

    fn class_of(question: &str, name: &str) -> Option<Class> {
        Question::of(question).expect("it is not blank").class(name)
    }

    #[test]
    fn a_name_has_the_class_of_the_question_as_a_whole_or_of_its_worst_word() {
        let cases = [
            ("the who", "The Who", Some(WholeName)),
            ("the who", "The Whole Story", Some(BeginningOfName)),
            ("the who", "Meet the Who", Some(BeginningOfWord)),
            ("who the", "The Who", Some(BeginningOfWord)),
            ("pap har", "Paper Harbour", Some(BeginningOfWord)),
            ("the rope", "The European", Some(InsideWord)),
            ("rope", "European", Some(InsideWord)),
            ("ro", "European", None),
            ("the missing", "The Who", None),
            ("paper paper", "Paper", Some(WholeName)),
            ("beyonce", "Beyoncé", Some(WholeName)),
            ("BEYONCÉ", "beyonce", Some(WholeName)),
            ("ac dc", "AC/DC", Some(WholeName)),
            ("AC/DC", "ac dc live", Some(BeginningOfName)),
            ("dont", "Don't", None),
            ("don't", "Don’t Stop", Some(BeginningOfName)),
        ];
        for (question, name, expected) in cases {
            assert_eq!(class_of(question, name), expected, "{question} in {name}");
        }
    }

    #[test]
    fn words_of_scripts_without_blanks_are_found_inside_at_any_length() {
        let cases = [
            ("海", "青い海", Some(InsideWord)),
            ("海", "海岸", Some(BeginningOfName)),
            ("ｶﾌｶ", "海辺のカフカ", Some(InsideWord)),
            ("국", "한국 노래", Some(InsideWord)),
            ("하", "한국", None),
            ("รัก", "ความรัก", Some(InsideWord)),
            ("สายฝน", "สายฝนริมคลอง", Some(BeginningOfName)),
            ("ירח", "ירח מן הים", Some(BeginningOfName)),
            ("قمر", "القمر", Some(InsideWord)),
        ];
        for (question, name, expected) in cases {
            assert_eq!(class_of(question, name), expected, "{question} in {name}");
        }
    }

    #[test]
    fn signs_are_found_where_a_name_has_them() {
        let cases = [
            ("!!!", "!!!", Some(WholeName)),
            ("!!!", "!!! (Chk Chk Chk)", Some(BeginningOfName)),
            ("!", "Help!", Some(InsideWord)),
            ("?!", "Help!", None),
            ("…", "Wait...", Some(InsideWord)),
            ("🦊", "🦊", Some(WholeName)),
            ("🦊", "Foxy🦊", Some(BeginningOfWord)),
            ("fox 🦊", "Foxy 🦊", Some(BeginningOfWord)),
            ("fox 🦊", "Foxy", None),
            ("+44", "+44", Some(WholeName)),
            ("+44", "44", None),
            ("44", "+44", Some(BeginningOfWord)),
            ("÷", "÷ (Deluxe)", Some(BeginningOfName)),
            (
                "simon & garfunkel",
                "Simon and Garfunkel",
                Some(BeginningOfWord),
            ),
        ];
        for (question, name, expected) in cases {
            assert_eq!(class_of(question, name), expected, "{question} in {name}");
        }
    }

    #[test]
    fn a_blank_text_asks_nothing() {
        for text in ["", "  ", "\u{3000}\n", "\u{301}", "\u{200b}\u{200f}"] {
            assert!(Question::of(text).is_none(), "{text:?}");
        }
    }
}
