//! A JSON tree that borrows its texts from the input, because a payload has hundreds of them.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub enum Tree<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    Array(Vec<Tree<'a>>),
    /// Sorted by key, without duplicates.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let found = members.binary_search_by(|(member, _)| member.as_ref().cmp(key));
        Some(&members[found.ok()?].1)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Tree<'a>]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }
}

impl From<Value> for Tree<'static> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::String(text.into()),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(key, member)| (key.into(), member.into()))
                    .collect(),
            ),
        }
    }
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, member)| (key, member)))
            }
        }
    }
}

impl<'a> Deserialize<'a> for Tree<'a> {
    fn deserialize<D: Deserializer<'a>>(parser: D) -> Result<Self, D::Error> {
        parser.deserialize_any(Any)
    }
}

struct Any;

impl<'a> Visitor<'a> for Any {
    type Value = Tree<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree<'a>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree<'a>, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree<'a>, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree<'a>, E> {
        Ok(Tree::Number(number.into()))
    }

    /// JSON has finite numbers only.
    fn visit_f64<E>(self, number: f64) -> Result<Tree<'a>, E> {
        Ok(Number::from_f64(number).map_or(Tree::Null, Tree::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Tree<'a>, E> {
        Ok(Tree::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'a>, E> {
        Ok(Tree::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut elements: S) -> Result<Tree<'a>, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = elements.next_element()? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }

    /// The last of duplicate keys counts.
    fn visit_map<M: MapAccess<'a>>(self, mut entries: M) -> Result<Tree<'a>, M::Error> {
        let mut members: Vec<(Cow<'a, str>, Tree<'a>)> = Vec::new();
        while let Some((Key(key), member)) = entries.next_entry()? {
            members.push((key, member));
        }
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        members.dedup_by(|later, earlier| {
            let is_duplicate = later.0 == earlier.0;
            if is_duplicate {
                std::mem::swap(later, earlier);
            }
            is_duplicate
        });
        Ok(Tree::Object(members))
    }
}

/// A key. serde does not borrow into a `Cow`.
struct Key<'a>(Cow<'a, str>);

impl<'a> Deserialize<'a> for Key<'a> {
    fn deserialize<D: Deserializer<'a>>(parser: D) -> Result<Self, D::Error> {
        match Tree::deserialize(parser)? {
            Tree::String(key) => Ok(Self(key)),
            _ => Err(serde::de::Error::custom("a key is a string")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random JSON with duplicate keys in any order, and with escapes.
    fn any_json(random: &mut fastrand::Rng, depth: usize) -> String {
        const TEXTS: [&str; 6] = [
            r#""a""#,
            r#""\u0061""#,
            r#""b\n""#,
            r#""é""#,
            r#""""#,
            r#""\ud83c\udfb5""#,
        ];
        const NUMBERS: [&str; 6] = [
            "0",
            "-0",
            "1.5e300",
            "18446744073709551615",
            "-9223372036854775808",
            "0.1",
        ];
        let text = |random: &mut fastrand::Rng| TEXTS[random.usize(..TEXTS.len())].to_owned();
        let many = random.usize(..5);
        match random.u8(..if depth == 0 { 4 } else { 6 }) {
            0 => text(random),
            1 => NUMBERS[random.usize(..NUMBERS.len())].to_owned(),
            2 => "null".to_owned(),
            3 => random.bool().to_string(),
            4 => {
                let items = (0..many).map(|_| any_json(random, depth - 1));
                format!("[{}]", items.collect::<Vec<_>>().join(" , "))
            }
            _ => {
                let members =
                    (0..many).map(|_| format!("{}: {}", text(random), any_json(random, depth - 1)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }

    #[test]
    fn a_tree_holds_what_a_value_holds() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let text = any_json(&mut random, 4);
            let value: Value = serde_json::from_str(&text).expect("it is JSON");

            let tree: Tree = serde_json::from_str(&text).expect("it is JSON");

            assert_eq!(
                serde_json::to_string(&tree).expect("a tree has a text"),
                value.to_string(),
                "{text}"
            );
            assert_eq!(tree, Tree::from(value), "{text}");
        }
    }
}
