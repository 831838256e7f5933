//! `event_params` of GA4's export to BigQuery: a list of keys with a value in one of four types.
//!
//! A line has some twenty of them and two are read, so all others are passed over as they stream by.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::wire::Scalar;

/// The parameters that are read; of a key that comes twice the first.
#[derive(Debug, Default)]
pub(crate) struct Params<'a> {
    pub(super) ga_session_id: Option<Scalar<'a>>,
    pub(super) search_term: Option<Scalar<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Params<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Params<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of event parameters")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Params::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut params = Params::default();
        while let Some(Param { key, value }) = list.next_element()? {
            let place = match key {
                Key::Session => &mut params.ga_session_id,
                Key::Term => &mut params.search_term,
                Key::Other => continue,
            };
            if place.is_none() {
                *place = value;
            }
        }
        Ok(params)
    }
}

/// Which parameter it is. Told without keeping the name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Session,
    Term,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = ["ga_session_id", "search_term"];
        Ok(match deserializer.deserialize_str(OneOf(&names))? {
            Some(0) => Self::Session,
            Some(_) => Self::Term,
            None => Self::Other,
        })
    }
}

struct Param<'a> {
    key: Key,
    value: Option<Scalar<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Param<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ParamVisitor)
    }
}

struct ParamVisitor;

impl<'de> Visitor<'de> for ParamVisitor {
    type Value = Param<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a parameter with key and value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut key = None;
        let mut value = None;
        while let Some(name) = map.next_key_seed(OneOf(&["key", "value"]))? {
            match name {
                Some(0) => key = map.next_value()?,
                // The key comes first, as a rule; where it does not, the value has to be kept.
                Some(_) if key != Some(Key::Other) => {
                    value = map
                        .next_value::<Option<Value<'_>>>()?
                        .and_then(|value| value.0);
                }
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        let key = key.unwrap_or(Key::Other);
        Ok(Param { key, value })
    }
}

/// A value in whichever of its types it has.
struct Value<'a>(Option<Scalar<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with string_value, int_value, float_value or double_value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let names = ["string_value", "int_value", "float_value", "double_value"];
        let mut found = None;
        while let Some(name) = map.next_key_seed(OneOf(&names))? {
            if name.is_some() && found.is_none() {
                found = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value(found))
    }
}

/// Tells which of some names a text is, without keeping it.
struct OneOf<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for OneOf<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for OneOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| *name == text))
    }
}
