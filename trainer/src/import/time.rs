//! Times as foreign logs write them.

use jiff::civil::Time;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::ImportError;
use crate::events::microseconds;

/// How a log writes times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// A number of seconds, milliseconds or microseconds since 1970.
    Unix,
    /// A format as of `strptime`; a time of day may be missing. Times are UTC unless the format has an
    /// offset (`%z`).
    Civil(String),
}

impl TimeFormat {
    pub(super) fn parse(text: &str, file: &str) -> Result<Self, ImportError> {
        if text == "unix" {
            return Ok(Self::Unix);
        }
        // A format that cannot even write a time cannot read one.
        let example =
            strtime::BrokenDownTime::from(&jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC));
        if !text.contains('%') || example.to_string(text).is_err() {
            return Err(ImportError::Value {
                file: file.to_owned(),
                key: "event.time_format".to_owned(),
                expected: "\"unix\" or a format such as \"%Y-%m-%d %H:%M:%S\"",
                found: text.to_owned(),
            });
        }
        Ok(Self::Civil(text.to_owned()))
    }

    /// Microseconds since 1970, or `None` when the text does not fit the format.
    pub(super) fn read(&self, text: &str) -> Option<i64> {
        let format = match self {
            Self::Unix => return microseconds(text.parse().ok()?),
            Self::Civil(format) => format,
        };
        let parsed = strtime::parse(format, text).ok()?;
        if let Ok(timestamp) = parsed.to_timestamp() {
            return Some(timestamp.as_microsecond());
        }
        let time = if parsed.hour().is_some() {
            parsed.to_time().ok()?
        } else {
            Time::midnight()
        };
        let civil = parsed.to_date().ok()?.to_datetime(time);
        Some(TimeZone::UTC.to_timestamp(civil).ok()?.as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str) -> Option<i64> {
        TimeFormat::parse(format, "m.toml")
            .expect("a format")
            .read(text)
            .map(|time| time / 1_000_000)
    }

    #[test]
    fn reads_times() {
        assert_eq!(
            read("%Y-%m-%d %H:%M:%S", "2010-12-01 08:26:00"),
            Some(1_291_191_960)
        );
        assert_eq!(read("%Y-%m-%d", "2008-4-1"), Some(1_207_008_000));
        assert_eq!(
            read("%Y-%m-%dT%H:%M:%S%z", "2010-12-01T09:26:00+0100"),
            Some(1_291_191_960)
        );
        assert_eq!(
            read("%d.%m.%Y %H:%M", "01.12.2010 08:26"),
            Some(1_291_191_960)
        );
        assert_eq!(read("unix", "1291191960000"), Some(1_291_191_960));
    }

    #[test]
    fn refuses_others() {
        for text in ["", "2010-02-30 00:00:00", "yesterday", "2010-12-01"] {
            assert_eq!(read("%Y-%m-%d %H:%M:%S", text), None, "{text}");
        }
        assert_eq!(read("unix", "x"), None);
        for format in ["", "date", "%Y-%Ö"] {
            assert!(TimeFormat::parse(format, "m.toml").is_err(), "{format}");
        }
    }
}
