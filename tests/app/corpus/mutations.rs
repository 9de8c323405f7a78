//! Mutations of valid JSON: another value, another member, another byte.

use super::values::{DAYS, VALUES};
use fastrand::Rng;
use serde_json::Value;

/// Marks the place of a value that is replaced by raw bytes.
const PLACEHOLDER: &str = "placeholder";

/// A random JSON value. Many are invalid.
pub fn value(rng: &mut Rng) -> Vec<u8> {
    let text = |length: usize| format!("\"{}\"", "x".repeat(length));
    match rng.u32(0..1000) {
        0..700 => VALUES[rng.usize(0..VALUES.len())].into(),
        700..740 => format!("\"{}\"", DAYS[rng.usize(0..DAYS.len())]).into(),
        740..780 => b"\"\xff\xfe\"".into(),
        780..820 => b"\"\xc3\x28 \xed\xa0\x80\"".into(),
        820..860 => text(65).into(),
        860..900 => text(1025).into(),
        900..920 => format!("\"{}\"", "海".repeat(1024)).into(),
        920..930 => text(2049).into(),
        930..960 => nested(rng.usize(60..68)),
        960..980 => nested(rng.usize(126..131)),
        980..985 => nested(100_000),
        985..990 => text(300 << 10).into(),
        _ => rng
            .f64()
            .to_bits()
            .to_string()
            .repeat(rng.usize(1..30))
            .into(),
    }
}

fn nested(depth: usize) -> Vec<u8> {
    let (open, close) = if depth.is_multiple_of(2) {
        ("[", "]")
    } else {
        ("{\"a\":", "}")
    };
    format!("{}1{}", open.repeat(depth), close.repeat(depth)).into()
}

/// The text of valid JSON with one or two mutations.
pub fn mutated(valid: &Value, rng: &mut Rng) -> Vec<u8> {
    let mut bytes = match rng.u32(0..10) {
        0..6 => with_other_value(valid, rng),
        6 => with_member(valid, rng),
        7 => without_member(valid, rng),
        _ => valid.to_string().into_bytes(),
    };
    match rng.u32(0..20) {
        0 => bytes.truncate(rng.usize(0..bytes.len())),
        1 => {
            let index = rng.usize(0..bytes.len());
            bytes[index] = rng.u8(..);
        }
        2 => bytes.insert(rng.usize(0..bytes.len()), rng.u8(..)),
        3 => bytes.extend(value(rng)),
        4 => bytes
            .splice(0..0, b"\xef\xbb\xbf".iter().copied())
            .for_each(drop),
        5 => return value(rng),
        _ => {}
    }
    bytes
}

/// Replaces any value.
fn with_other_value(valid: &Value, rng: &mut Rng) -> Vec<u8> {
    let mut marked = valid.clone();
    *any_value(&mut marked, rng) = PLACEHOLDER.into();
    let text = marked.to_string();
    let (before, after) = text
        .split_once(&format!("\"{PLACEHOLDER}\""))
        .expect("the placeholder was inserted");
    [before.as_bytes(), &value(rng), after.as_bytes()].concat()
}

fn any_value<'a>(value: &'a mut Value, rng: &mut Rng) -> &'a mut Value {
    let count = match &*value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    if count == 0 || rng.u8(0..4) == 0 {
        return value;
    }
    let index = rng.usize(0..count);
    match value {
        Value::Array(items) => any_value(&mut items[index], rng),
        Value::Object(members) => {
            any_value(members.values_mut().nth(index).expect("a member"), rng)
        }
        _ => unreachable!("the count is not 0"),
    }
}

/// Adds a member, often with a name that exists.
fn with_member(valid: &Value, rng: &mut Rng) -> Vec<u8> {
    let text = valid.to_string();
    let keys: Vec<_> = valid
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .collect();
    let odd = [
        "",
        " ",
        "NAME",
        "Rank",
        "a.b",
        "a\\u0000b",
        "\\ud800",
        "offset",
        "raw_json",
    ];
    let key = match rng.bool() && !keys.is_empty() {
        true => &keys[rng.usize(0..keys.len())],
        false => odd[rng.usize(0..odd.len())],
    };
    let member = [format!("\"{key}\":").as_bytes(), &value(rng)].concat();
    let whole = text.strip_suffix('}').expect("an object").as_bytes();
    match rng.bool() {
        true => [whole, b",", &member, b"}"].concat(),
        false => [b"{", &member[..], b",", &whole[1..], b"}"].concat(),
    }
}

fn without_member(valid: &Value, rng: &mut Rng) -> Vec<u8> {
    let mut valid = valid.clone();
    if let Some(members) = valid.as_object_mut() {
        let keys: Vec<_> = members.keys().cloned().collect();
        members.remove(&keys[rng.usize(0..keys.len())]);
    }
    valid.to_string().into_bytes()
}
