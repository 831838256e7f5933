//! The fields that only some feeds have: stock, delivery, labels, dates.

use super::dates::{day_of_text, interval};
use super::record::Field;
use super::row::Row;
use crate::report::{WarningKind, found};

/// Delivery that takes longer than this many days is a mistake, a price in the wrong column for instance.
const MAX_DAYS: u16 = 365;

impl Row<'_> {
    /// A field's value by `read`; `None`, after a warning where it has a text, when there is none.
    fn value<T>(
        &mut self,
        field: Field,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.field(field);
        if text.is_empty() {
            return None;
        }
        let value = read(&text);
        if value.is_none() {
            self.warn(WarningKind::FeedField, || {
                let text = found(&text);
                format!(
                    "{}: expected {expected}, found {text}; left out",
                    field.name()
                )
            });
        }
        value
    }

    /// How many are in stock. Shops that take orders for more than they have count below 0.
    pub(super) fn quantity(&mut self) -> Option<u32> {
        self.value(Field::Quantity, "a whole number", |text| {
            let whole = match text.split_once('.') {
                Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
                Some(_) => return None,
                None => text,
            };
            let count: i64 = whole.parse().ok()?;
            Some(u32::try_from(count.max(0)).unwrap_or(u32::MAX))
        })
    }

    /// Days from an order to its delivery: what the shop takes and what the carrier takes, as far as
    /// they are given.
    pub(super) fn delivery_days(&mut self) -> Option<u16> {
        let expected = "a number of days, 0 to 365";
        let [handling, transit] = [Field::MaxHandlingTime, Field::MaxTransitTime].map(|field| {
            self.value(field, expected, |text| {
                text.parse().ok().filter(|&days: &u16| days <= MAX_DAYS)
            })
        });
        match (handling, transit) {
            (Some(handling), Some(transit)) => Some(handling + transit),
            (handling, transit) => handling.or(transit),
        }
    }

    /// Since when the shop has it, in days since 1970.
    pub(super) fn added_day(&mut self) -> Option<u32> {
        let expected = "a day such as 2026-09-01 or a time such as 2026-09-01T08:00:00Z";
        self.value(Field::DateAdded, expected, day_of_text)
    }

    /// The labels up to the last one that is not empty.
    pub(super) fn labels(&mut self) -> Vec<String> {
        let mut labels: Vec<String> = Field::LABELS.map(|field| self.field(field)).into();
        let filled = labels.iter().rposition(|label| !label.is_empty());
        labels.truncate(filled.map_or(0, |last| last + 1));
        labels.shrink_to_fit();
        labels
    }

    /// When the sale price holds, in seconds since 1970. What cannot be read says nothing: the sale price
    /// holds as long as the feed has it.
    pub(super) fn sale_dates(&mut self) -> (Option<i64>, Option<i64>) {
        let expected = "two days or times with `/` between them, the earlier one first";
        let dates = self.value(Field::SaleDates, expected, interval);
        dates.unwrap_or_default()
    }
}
