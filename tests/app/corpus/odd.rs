//! Good JSON, bent: another value in one place, another member, another byte.

use fastrand::Rng;
use serde_json::Value;

/// What stands in a place before its odd value does.
const HOLE: &str = "here is a hole";

const ODD: [&str; 62] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "1",
    "1.5",
    "2.0",
    "-1",
    "10001",
    "1e9",
    "1e400",
    "-1e400",
    "1e-400",
    "5e-324",
    "1e308",
    "1000000000000000000000000000000",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "2147483648",
    "01",
    "+1",
    ".5",
    "1.",
    "0x10",
    "NaN",
    "Infinity",
    "-",
    "\"\"",
    "\" \"",
    "\"1\"",
    "\"\\u0000\"",
    "\"a\\u0000b\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud83c\\udfb5\"",
    "\"\\x41\"",
    "\"tab\there\"",
    "\"\u{0}\"",
    "\"\u{202e}\u{feff}\"",
    "\"'; DROP TABLE tracks; --\"",
    "\"unended",
    "'single'",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "{\"a\": 1}",
    "{\"\": {\"\": null}}",
    "{\"a\": 1, \"a\": \"\\u0000\"}",
    "{\"a\\u0000b\": 1}",
    "{\"\\ud800\": 1}",
    "[1,]",
    "{\"a\"}",
    "\"0000-00-00\"",
    "\"2026-02-30\"",
    "\"infinity\"",
    "\"0001-01-01 BC\"",
    "/* */ 1",
];

const DAYS: [&str; 6] = [
    "1899-12-31",
    "2101-01-01",
    "9999-12-31",
    "10000-01-01",
    "-0001-01-01",
    "2026",
];

/// Any value, or what looks like one.
pub fn value(chance: &mut Rng) -> Vec<u8> {
    let text = |length: usize| format!("\"{}\"", "x".repeat(length));
    match chance.u32(0..1000) {
        0..700 => ODD[chance.usize(0..ODD.len())].into(),
        700..740 => format!("\"{}\"", DAYS[chance.usize(0..DAYS.len())]).into(),
        740..780 => b"\"\xff\xfe\"".into(),
        780..820 => b"\"\xc3\x28 \xed\xa0\x80\"".into(),
        820..860 => text(65).into(),
        860..900 => text(1025).into(),
        900..920 => format!("\"{}\"", "海".repeat(1024)).into(),
        920..930 => text(2049).into(),
        930..960 => nested(chance.usize(60..68)),
        960..980 => nested(chance.usize(126..131)),
        980..985 => nested(100_000),
        985..990 => text(300 << 10).into(),
        _ => chance
            .f64()
            .to_bits()
            .to_string()
            .repeat(chance.usize(1..30))
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

/// The text of `good`, bent in one place or two.
pub fn bent(good: &Value, chance: &mut Rng) -> Vec<u8> {
    let mut bytes = match chance.u32(0..10) {
        0..6 => with_hole(good, chance),
        6 => with_member(good, chance),
        7 => without_member(good, chance),
        _ => good.to_string().into_bytes(),
    };
    match chance.u32(0..20) {
        0 => bytes.truncate(chance.usize(0..bytes.len())),
        1 => {
            let place = chance.usize(0..bytes.len());
            bytes[place] = chance.u8(..);
        }
        2 => bytes.insert(chance.usize(0..bytes.len()), chance.u8(..)),
        3 => bytes.extend(value(chance)),
        4 => bytes
            .splice(0..0, b"\xef\xbb\xbf".iter().copied())
            .for_each(drop),
        5 => return value(chance),
        _ => {}
    }
    bytes
}

/// Another value in any place.
fn with_hole(good: &Value, chance: &mut Rng) -> Vec<u8> {
    let mut holed = good.clone();
    *any_place(&mut holed, chance) = HOLE.into();
    let text = holed.to_string();
    let (before, after) = text
        .split_once(&format!("\"{HOLE}\""))
        .expect("the hole is there");
    [before.as_bytes(), &value(chance), after.as_bytes()].concat()
}

fn any_place<'a>(value: &'a mut Value, chance: &mut Rng) -> &'a mut Value {
    let count = match &*value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    if count == 0 || chance.u8(0..4) == 0 {
        return value;
    }
    let place = chance.usize(0..count);
    match value {
        Value::Array(items) => any_place(&mut items[place], chance),
        Value::Object(members) => {
            any_place(members.values_mut().nth(place).expect("a member"), chance)
        }
        _ => unreachable!("it has members"),
    }
}

/// One more member, often a second of its name.
fn with_member(good: &Value, chance: &mut Rng) -> Vec<u8> {
    let text = good.to_string();
    let keys: Vec<_> = good
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
    let key = match chance.bool() && !keys.is_empty() {
        true => &keys[chance.usize(0..keys.len())],
        false => odd[chance.usize(0..odd.len())],
    };
    let member = [format!("\"{key}\":").as_bytes(), &value(chance)].concat();
    let whole = text.strip_suffix('}').expect("an object").as_bytes();
    match chance.bool() {
        true => [whole, b",", &member, b"}"].concat(),
        false => [b"{", &member[..], b",", &whole[1..], b"}"].concat(),
    }
}

fn without_member(good: &Value, chance: &mut Rng) -> Vec<u8> {
    let mut good = good.clone();
    if let Some(members) = good.as_object_mut() {
        let keys: Vec<_> = members.keys().cloned().collect();
        members.remove(&keys[chance.usize(0..keys.len())]);
    }
    good.to_string().into_bytes()
}
