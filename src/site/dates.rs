//! Dates of site.toml in seconds since 1970.

use toml::de::DeValue;
use toml::value::{Datetime, Offset};

const SECONDS_A_DAY: i64 = 86_400;

/// The first second: of the day (UTC) for a date.
pub(super) fn start(value: &DeValue<'_>) -> Option<i64> {
    seconds(value).map(|(seconds, _)| seconds)
}

/// The first second after it: a day is meant to its end.
pub(super) fn end(value: &DeValue<'_>) -> Option<i64> {
    seconds(value).map(|(seconds, is_day)| seconds + if is_day { SECONDS_A_DAY } else { 0 })
}

/// Seconds since 1970, and whether it is a day without a time. A time without an offset is none: an edge
/// has no time zone.
fn seconds(value: &DeValue<'_>) -> Option<(i64, bool)> {
    let found: Datetime = match value {
        DeValue::Datetime(found) => *found,
        DeValue::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let date = found.date?;
    let day = days(date.year.into(), date.month.into(), date.day.into()) * SECONDS_A_DAY;
    let Some(time) = found.time else {
        return Some((day, true));
    };
    let offset = match found.offset? {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes) * 60,
    };
    let seconds = i64::from(time.hour) * 3600
        + i64::from(time.minute) * 60
        + i64::from(time.second.unwrap_or(0));
    Some((day + seconds - offset, false))
}

/// Days since 1970-01-01 in the Gregorian calendar: Hinnant, "chrono-compatible low-level date
/// algorithms", `days_from_civil`, for years from 0.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times() {
        let day = 1_796_083_200;
        for (text, expected) in [
            ("1970-01-01", Some((0, SECONDS_A_DAY))),
            ("2026-12-01", Some((day, day + SECONDS_A_DAY))),
            ("2026-12-01T00:00:00Z", Some((day, day))),
            ("2026-12-01T01:00:00+01:00", Some((day, day))),
            ("2026-11-30 22:30:00.5-01:30", Some((day, day))),
            ("2024-02-29", Some((1_709_164_800, 1_709_251_200))),
            ("2000-03-01", Some((951_868_800, 951_955_200))),
            ("2026-12-01T00:00:00", None),
            ("08:00:00", None),
            ("soon", None),
        ] {
            let value = DeValue::String(text.into());
            let found = start(&value).zip(end(&value));
            assert_eq!(found, expected, "{text}");
        }
    }
}
