//! Names in folded case.

/// Unicode case folding. The program does it, because the two engines fold differently.
pub fn folded(text: &str) -> String {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => unicase::UniCase::unicode(text).to_folded_case(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_name_has_no_case() {
        let cases = [
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("ΌΔΟΣ", "όδοσ"),
            ("\u{212a}elvin", "kelvin"),
            ("ﬃ", "ffi"),
            ("Дорога 日本 100 %", "дорога 日本 100 %"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(folded(name), expected);
        }
    }
}
