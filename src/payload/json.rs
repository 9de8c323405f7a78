//! JSON in canonical form: sorted keys, and one spelling of each number. Both engines return it
//! unchanged. Values that one of them cannot store are refused with their path.

use super::{MAX_BYTES, Refusal, Tree};
use serde_json::value::RawValue;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

const MAX_DEPTH: usize = 64;

/// Parses JSON into its canonical form.
pub fn json(text: &str) -> Result<Tree<'_>, Refusal> {
    match text.len() > MAX_BYTES {
        true => Err(too_large()),
        false => stored(text),
    }
}

/// The same for what was stored once, of any size: the canonical form may be larger than what came.
pub fn stored(text: &str) -> Result<Tree<'_>, Refusal> {
    let mut tree: Tree = serde_json::from_str(text).map_err(|_| not_json(text))?;
    if canonicalize(&mut tree, 1)? {
        let raw = serde_json::from_str(text).expect("the text was parsed a moment ago");
        check_numbers(raw)?;
    }
    Ok(tree)
}

pub fn too_large() -> Refusal {
    Refusal::new("", format!("is larger than {} KiB", MAX_BYTES / 1024))
}

/// The canonical form of a stored payload, which another program may have written.
pub fn canonical(value: Value) -> Tree<'static> {
    let mut tree = Tree::from(value);
    // A stored value is never refused. Where canonicalization stops, the rest stays as it is.
    let _ = canonicalize(&mut tree, 1);
    tree
}

/// The text of a stored payload in canonical form, on one line. What this program cannot parse stays as it is.
pub fn stored_text(text: &str) -> String {
    match serde_json::from_str::<Tree>(text) {
        Ok(mut tree) => {
            let _ = canonicalize(&mut tree, 1);
            serde_json::to_string(&tree).expect("a JSON value has a text")
        }
        // In JSON, a line break is never part of a value.
        Err(_) => text.replace(['\n', '\r'], " "),
    }
}

/// Finds the path at which the text stops being JSON.
fn not_json(text: &str) -> Refusal {
    let mut parser = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, Value>(&mut parser) {
        Err(error) => {
            let path = error.path().to_string();
            let reason = format!("not JSON that can be stored: {}", error.inner());
            Refusal::new(if path == "." { "" } else { &path }, reason)
        }
        Ok(_) => Refusal::new("", "text after the end of the JSON value"),
    }
}

/// Gives every number its canonical form and refuses what cannot be stored. Returns whether the
/// parser may have rounded a number, which only its text can tell.
fn canonicalize(tree: &mut Tree, depth: usize) -> Result<bool, Refusal> {
    let mut may_be_rounded = false;
    match tree {
        Tree::Null | Tree::Bool(_) => {}
        // A borrowed text had no escapes, and U+0000 needs one.
        Tree::String(Cow::Borrowed(_)) => {}
        Tree::String(Cow::Owned(text)) => no_nul(text)?,
        Tree::Number(number) => may_be_rounded = canonicalize_number(number),
        Tree::Array(_) | Tree::Object(_) if depth > MAX_DEPTH => {
            let reason = format!("is nested deeper than {MAX_DEPTH} levels");
            return Err(Refusal::new("", reason));
        }
        Tree::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                may_be_rounded |=
                    canonicalize(item, depth + 1).map_err(|refusal| refusal.at(index))?;
            }
        }
        Tree::Object(members) => {
            for (key, member) in members {
                may_be_rounded |= check_key(key)
                    .and_then(|()| canonicalize(member, depth + 1))
                    .map_err(|refusal| refusal.within(key))?;
            }
        }
    }
    Ok(may_be_rounded)
}

/// serde_json gives a meaning of its own to keys of this kind.
fn check_key(key: &str) -> Result<(), Refusal> {
    match key.starts_with("$serde_json::private::") {
        true => Err(Refusal::new("", "is a name that cannot be stored")),
        false => no_nul(key),
    }
}

fn no_nul(text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new("", "contains the character U+0000"));
    }
    Ok(())
}

/// A double that is a whole number becomes that integer, as PostgreSQL returns it.
fn canonicalize_number(number: &mut Number) -> bool {
    const LEAST: f64 = -9_223_372_036_854_775_808.0;
    let Some(double) = number.as_f64().filter(|_| number.is_f64()) else {
        return false;
    };
    if double.fract() != 0.0 {
        return false;
    }
    // The bounds are powers of two, which are exact as doubles.
    if (LEAST..-LEAST).contains(&double) {
        *number = Number::from(double as i64);
        return double == LEAST || double == 0.0;
    }
    if (0.0..-2.0 * LEAST).contains(&double) {
        *number = Number::from(double as u64);
        return false;
    }
    true
}

/// Refuses integers beyond 64 bits and fractions too small for a double, which serde_json rounds.
fn check_numbers(raw: &RawValue) -> Result<(), Refusal> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> =
                serde_json::from_str(text).expect("an object was parsed a moment ago");
            members.iter().try_for_each(|(key, raw)| {
                check_numbers(raw).map_err(|refusal| refusal.within(key))
            })
        }
        Some(b'[') => {
            let items: Vec<&RawValue> =
                serde_json::from_str(text).expect("a list was parsed a moment ago");
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, raw)| {
                check_numbers(raw).map_err(|refusal| refusal.at(index))
            })
        }
        Some(b'-' | b'0'..=b'9') => check_number(text),
        _ => Ok(()),
    }
}

fn check_number(text: &str) -> Result<(), Refusal> {
    if !text.contains(['.', 'e', 'E']) {
        return match text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
            true => Ok(()),
            false => Err(Refusal::new("", "is an integer beyond 64 bits")),
        };
    }
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    if text.parse() == Ok(0.0) && digits.contains(|digit| matches!(digit, '1'..='9')) {
        return Err(Refusal::new("", "is a number too small for a double"));
    }
    Ok(())
}
