//! Days and times as feeds write them, by ISO 8601.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use tailorbird::snapshot::day_of;

/// The first second of a day or time, since 1970, and the first one after it: a day is meant to its end.
/// `None` for what is neither, and for times before 1970.
fn span(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let second = |civil: DateTime| {
        let time = TimeZone::UTC.to_timestamp(civil).ok()?;
        Some(time.as_second()).filter(|&second| second >= 0)
    };
    if text.len() == "2026-09-01".len() {
        let day: Date = text.parse().ok()?;
        let next = day.checked_add(1.day()).ok()?;
        let midnight = |day: Date| second(day.at(0, 0, 0, 0));
        return midnight(day).zip(midnight(next));
    }
    let at = match text.parse::<Timestamp>() {
        Ok(time) => Some(time.as_second()).filter(|&second| second >= 0),
        Err(_) => second(text.parse().ok()?),
    }?;
    Some((at, at))
}

/// The day of a day or time, in days since 1970.
pub(crate) fn day_of_text(text: &str) -> Option<u32> {
    span(text).map(|(start, _)| day_of(start))
}

/// When something begins and ends, in seconds since 1970; either may be missing. `None` for what is no
/// interval, or one that ends before it begins.
pub(super) fn interval(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (start, end) = text.split_once('/')?;
    let read = |text: &str| match text.trim() {
        "" => Some(None),
        text => span(text).map(Some),
    };
    let (start, end) = (read(start)?, read(end)?);
    let (start, end) = (start.map(|of| of.0), end.map(|of| of.1));
    let is_right = start.or(end).is_some() && start.zip(end).is_none_or(|(from, to)| from < to);
    is_right.then_some((start, end))
}

/// A time as [`interval`] reads it.
pub(crate) fn write_time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

/// A day as [`day_of_text`] reads it.
pub(crate) fn write_day(day: u32) -> String {
    let time = write_time(i64::from(day) * 86_400);
    time.split('T').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-09-01T00:00:00Z.
    const SEPTEMBER: i64 = 1_788_220_800;

    #[test]
    fn reads_days_and_times() {
        for (text, expected) in [
            ("2026-09-01", Some((SEPTEMBER, SEPTEMBER + 86_400))),
            (
                " 2026-09-01T00:00:30Z ",
                Some((SEPTEMBER + 30, SEPTEMBER + 30)),
            ),
            ("2026-09-01T02:00+0200", Some((SEPTEMBER, SEPTEMBER))),
            ("2026-08-31T16:00:00-08:00", Some((SEPTEMBER, SEPTEMBER))),
            ("2026-09-01 00:00:05", Some((SEPTEMBER + 5, SEPTEMBER + 5))),
            ("2026-09-31", None),
            ("01.09.2026", None),
            ("1969-12-31", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(span(text), expected, "{text}");
        }
        assert_eq!(day_of_text("2026-09-01T23:59:59Z"), Some(20_697));
        assert_eq!(write_day(20_697), "2026-09-01");
        assert_eq!(span(&write_time(SEPTEMBER)), Some((SEPTEMBER, SEPTEMBER)));
    }

    #[test]
    fn reads_intervals() {
        let day = 86_400;
        for (text, expected) in [
            (
                "2026-09-01/2026-09-02",
                Some((Some(SEPTEMBER), Some(SEPTEMBER + 2 * day))),
            ),
            (
                "2026-09-01T00:00+0000 / 2026-09-02T00:00+0000",
                Some((Some(SEPTEMBER), Some(SEPTEMBER + day))),
            ),
            ("2026-09-01/", Some((Some(SEPTEMBER), None))),
            ("/2026-09-01", Some((None, Some(SEPTEMBER + day)))),
            ("2026-09-02/2026-08-31", None),
            ("2026-09-01", None),
            ("/", None),
            ("a/b", None),
        ] {
            assert_eq!(interval(text), expected, "{text}");
        }
    }
}
