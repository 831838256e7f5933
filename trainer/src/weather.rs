//! A table of the weather: what a shop's own forecast says, by place and day.
//!
//! ```csv
//! country,region,date,class
//! DE,,2026-12-01,rain
//! DE,BY,2026-12-01,snow
//! ```
//!
//! Columns may stand in any order; `region` may be missing or empty for the whole country. Countries are
//! those of ISO 3166-1 with two letters, regions the part of ISO 3166-2 behind the hyphen, as CDNs tell
//! them. A class is any word. Of several rows for one place and day the last counts. Days before
//! yesterday are left out, so that a file may grow.

use std::path::Path;

use csv::ReaderBuilder;
use tailorbird::snapshot::{MAX_WEATHER_CLASS_BYTES, WeatherDay, day_of};

use crate::feed::day_of_text;
use crate::input::{self, text_of};
use crate::report::{WarningKind, Warnings, found};

/// Why a table of the weather cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum WeatherError {
    /// It cannot be opened or read on.
    #[error("{file}: cannot read the weather: {reason}")]
    Read {
        /// The file.
        file: String,
        /// The system's or the decoder's reason.
        reason: String,
    },
    /// A column is missing.
    #[error(
        "{file}:1: expected the columns country, date and class, and perhaps region, found {found}"
    )]
    Columns {
        /// The file.
        file: String,
        /// The first line.
        found: String,
    },
}

/// Reads a table for a snapshot that is made at `created`, in seconds since 1970.
///
/// # Errors
///
/// [`WeatherError`] when the file cannot be used as a whole; a damaged row is a warning.
pub fn read_weather(
    path: &Path,
    created: i64,
    warnings: &mut Warnings,
) -> Result<Vec<WeatherDay>, WeatherError> {
    let file = path.display().to_string();
    let failed = |reason: String| WeatherError::Read {
        file: file.clone(),
        reason,
    };
    let input = input::open(path).map_err(|error| failed(error.to_string()))?;
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(|e| failed(e.to_string()))?;
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            text_of(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_lowercase()
        })
        .collect();
    let column = |wanted: &str| names.iter().position(|name| name == wanted);
    let (Some(country), Some(date), Some(class)) =
        (column("country"), column("date"), column("class"))
    else {
        let found = found(&names.join(", "));
        return Err(WeatherError::Columns { file, found });
    };
    let region = column("region");
    let yesterday = day_of(created).saturating_sub(1);
    let mut all = Vec::new();
    for row in reader.into_byte_records() {
        let row = row.map_err(|error| failed(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        let get = |at: usize| text_of(row.get(at).unwrap_or_default()).trim().to_owned();
        let of = WeatherDay {
            country: get(country),
            region: region.map(get).unwrap_or_default(),
            day: day_of_text(&get(date)).unwrap_or(u32::MAX),
            class: get(class),
        };
        if of.day < yesterday {
            continue;
        }
        if is_sound(&of) {
            all.push(of);
        } else {
            warnings.add(WarningKind::WeatherRow, &file, line, || {
                let fields: Vec<_> = row.iter().map(text_of).collect();
                format!(
                    "expected a country such as DE, a region such as BY or none, a day such as 2026-12-01 \
                     and a class of 1 to {MAX_WEATHER_CLASS_BYTES} bytes, found {}",
                    found(&fields.join(","))
                )
            });
        }
    }
    if all.is_empty() {
        warnings.add(WarningKind::EmptyFile, &file, 1, || {
            "expected the weather of today and later, found none".to_owned()
        });
    }
    Ok(all)
}

fn is_sound(of: &WeatherDay) -> bool {
    let is_code = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    of.country.len() == 2
        && of.region.len() <= 3
        && is_code(&of.country)
        && is_code(&of.region)
        && u16::try_from(of.day).is_ok()
        && (1..=MAX_WEATHER_CLASS_BYTES).contains(&of.class.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(text: &str) -> Result<(Vec<WeatherDay>, Warnings), WeatherError> {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(text.as_bytes()).expect("writes");
        let mut warnings = Warnings::default();
        // 2026-09-04.
        let read = read_weather(file.path(), 20_700 * 86_400 + 5, &mut warnings)?;
        Ok((read, warnings))
    }

    #[test]
    fn reads_rows_in_any_order_of_columns() {
        let (rows, warnings) = read(
            "\u{feff}Date,class,country\n2026-09-04,sun,DE\n2026-09-03,rain,fr\n2026-09-02,old,DE\n",
        )
        .expect("reads");
        assert!(warnings.is_empty(), "{warnings:?}");
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.country.as_str(), row.day, row.class.as_str()))
            .collect();
        assert_eq!(found, [("DE", 20_700, "sun"), ("fr", 20_699, "rain")]);
        let (rows, _) = read("country,region,date,class\nDE,by,2026-09-04,a b\n").expect("reads");
        assert_eq!(
            (rows[0].region.as_str(), rows[0].class.as_str()),
            ("by", "a b")
        );
    }

    #[test]
    fn odd_rows_are_warnings_and_odd_files_errors() {
        let (rows, warnings) = read(
            "country,region,date,class\nGermany,,2026-09-04,sun\nDE,Bavaria,2026-09-04,sun\n\
             DE,,tomorrow,sun\nDE,,2026-09-04,\nDE\n",
        )
        .expect("reads");
        assert!(rows.is_empty());
        assert_eq!(warnings.count(WarningKind::WeatherRow), 5);
        assert_eq!(warnings.count(WarningKind::EmptyFile), 1);
        let error = read("land,date,class\n")
            .expect_err("no country")
            .to_string();
        assert!(error.contains("found \"land, date, class\""), "{error}");
    }
}
