//! The JSON of an event line, as lenient as the systems that write it: BigQuery exports numbers as
//! strings, shops write ids as numbers. Nothing is allocated for what is not read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use super::params::Params;

/// One line. Also what [`import`](crate::import) writes.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Line<'a> {
    #[serde(borrow)]
    pub(crate) event_name: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) event_timestamp: Scalar<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_pseudo_id: Option<Scalar<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) ga_session_id: Option<Scalar<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) items: Option<Vec<LineItem<'a>>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) search_term: Option<Scalar<'a>>,
    #[serde(borrow, default, skip_serializing)]
    pub(crate) event_params: Params<'a>,
}

/// One of an event's items.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct LineItem<'a> {
    #[serde(borrow, default)]
    pub(crate) item_id: Option<Scalar<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) quantity: Option<Scalar<'a>>,
}

/// A number or a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Scalar<'a> {
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl<'a> Scalar<'a> {
    /// A number, without a fraction where it has none.
    pub(crate) fn of(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() < 1e15 {
            Self::Int(number as i64)
        } else {
            Self::Float(number)
        }
    }

    /// As a text: an id written as a number is the id of the same digits.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Int(number) => number.to_string().into(),
            Self::Float(number) => number.to_string().into(),
            Self::Text(text) => Cow::Borrowed(text.trim()),
        }
    }

    /// As a number, also out of a text.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
        }
        .filter(|number: &f64| number.is_finite())
    }

    /// As a whole number without the loss of a float.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Text(text) if text.trim().parse::<i64>().is_ok() => text.trim().parse().ok(),
            _ => self
                .number()
                .filter(|number| number.abs() < 9e18)
                .map(|number| number as i64),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a string")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number)
            .map_or_else(|_| Scalar::Text(number.to_string().into()), Scalar::Int))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(text.to_owned().into()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(text.into()))
    }
}
