//! What the weather is like, by country, region and day.
//!
//! ```text
//! 0     4     number of rows m, at most MAX_WEATHER
//! 4     4     0
//! 8     8·m   u64 keys, ascending: 2 bytes of the country, 3 of the region (0 where it is shorter or
//!             missing), a zero, 2 of the day; the country's first letter is the highest byte
//! …     4·m   u32 which class
//! …           strings: the classes
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{SortedMap, Strings, u32_at, write_map, write_strings};
use super::write::Sections;
use super::{Kind, Snapshot, SnapshotSource, WriteError};

/// The most rows: sixteen regions of twenty countries for three weeks.
pub const MAX_WEATHER: usize = 8_192;

/// The most different classes.
pub const MAX_WEATHER_CLASSES: usize = 64;

/// The longest class in bytes.
pub const MAX_WEATHER_CLASS_BYTES: usize = 32;

/// The weather of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeatherDay {
    /// ISO 3166-1: two letters.
    pub country: String,
    /// What ISO 3166-2 has after the country and a hyphen: up to three letters and digits. Empty for the
    /// whole country.
    pub region: String,
    /// In days since 1970, before 2149.
    pub day: u32,
    /// Any word: what conditions compare with.
    pub class: String,
}

/// The key of a place and a day; `None` for what cannot be one. Case does not count.
pub(crate) fn key(country: &str, region: &str, day: u32) -> Option<u64> {
    let country: [u8; 2] = country.as_bytes().try_into().ok()?;
    let day = u16::try_from(day).ok()?;
    let is_code = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_alphanumeric);
    if region.len() > 3 || !is_code(&country) || !is_code(region.as_bytes()) {
        return None;
    }
    let mut letters = region.bytes();
    let [a, b, c] = [(); 3].map(|()| letters.next().unwrap_or(0).to_ascii_uppercase());
    let [first, second] = country.map(|byte| byte.to_ascii_uppercase());
    let [high, low] = day.to_be_bytes();
    Some(u64::from_be_bytes([first, second, a, b, c, 0, high, low]))
}

/// Adds the table where there is one. Of several rows for one place and day the last counts.
pub(super) fn add(source: &SnapshotSource, sections: &mut Sections) -> Result<(), WriteError> {
    if source.weather.is_empty() {
        return Ok(());
    }
    let mut rows: BTreeMap<u64, &str> = BTreeMap::new();
    for of in &source.weather {
        let key = key(&of.country, &of.region, of.day);
        let is_class = (1..=MAX_WEATHER_CLASS_BYTES).contains(&of.class.len());
        let key = key.filter(|_| is_class);
        let key = key.ok_or_else(|| WriteError::Inconsistent {
            what: "weather",
            expected: "a country's and a region's code, a day and a class of up to 32 bytes".into(),
            found: format!("{of:?}"),
        })?;
        rows.insert(key, &of.class);
    }
    let classes: BTreeSet<&str> = rows.values().copied().collect();
    for (what, limit, found) in [
        ("rows of weather", MAX_WEATHER, rows.len()),
        ("classes of weather", MAX_WEATHER_CLASSES, classes.len()),
    ] {
        if found > limit {
            return Err(WriteError::TooMany { what, limit, found });
        }
    }
    let codes: BTreeMap<&str, u32> = classes.iter().copied().zip(0..).collect();
    let code = |class: &str| codes.get(class).copied().unwrap_or(0);
    let entries: Vec<(u64, u32)> = rows
        .iter()
        .map(|(key, class)| (*key, code(class)))
        .collect();
    let mut section = (entries.len() as u32).to_le_bytes().to_vec();
    section.extend([0; 4]);
    section.extend(write_map(entries));
    let classes: Vec<&str> = classes.into_iter().collect();
    section.extend(write_strings(classes.iter().copied()));
    sections.insert((Kind::Weather, 0), section);
    Ok(())
}

/// A table read in place.
#[derive(Clone, Copy)]
pub(super) struct Weather<'a> {
    rows: SortedMap<'a>,
    classes: Strings<'a>,
}

impl<'a> Weather<'a> {
    fn new(section: &'a [u8]) -> Option<Self> {
        let rows = u32_at(section, 0)? as usize;
        let rest = section.get(8..).filter(|_| rows <= MAX_WEATHER)?;
        let (rows, classes) = rest.split_at_checked(rows.checked_mul(12)?)?;
        let classes = Strings::new(classes).filter(|c| c.len() <= MAX_WEATHER_CLASSES)?;
        Some(Self {
            rows: SortedMap::new(rows)?,
            classes,
        })
    }

    /// Whether keys ascend, and each row's class is there.
    pub(super) fn is_right(self) -> bool {
        let entry = |row: usize| {
            let (key, class) = self.rows.entry(row)?;
            self.classes.get(class as usize).map(|_| key)
        };
        let mut before = None;
        (0..self.rows.len()).all(|row| {
            let key = entry(row);
            let is_right = key.is_some() && before < key;
            before = key;
            is_right
        })
    }
}

impl Snapshot {
    /// The weather's class at a place on a day, in days since 1970: the region's where it is known, the
    /// whole country's otherwise.
    pub fn weather(&self, country: &str, region: &str, day: u32) -> Option<&str> {
        let weather = self.weather_table()?;
        let find = |region| weather.rows.get(key(country, region, day)?);
        let class = find(region).or_else(|| find(""))?;
        weather.classes.get(class as usize)
    }

    pub(super) fn weather_table(&self) -> Option<Weather<'_>> {
        Weather::new(self.section(Kind::Weather, 0)?)
    }
}
