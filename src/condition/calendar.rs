//! The day's names, in UTC.

/// A moment as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// 1 to 12.
    pub month: u8,
    /// 1 for Monday to 7.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// Days since 1970.
    pub day: i64,
}

/// Countries (ISO 3166-1) whose summer is in January.
const SOUTHERN: [&str; 14] = [
    "AR", "AU", "BO", "BR", "BW", "CL", "LS", "MZ", "NA", "NZ", "PE", "PY", "UY", "ZA",
];

impl Calendar {
    /// At `now`, in seconds since 1970.
    pub fn at(now: i64) -> Self {
        let day = now.div_euclid(86_400);
        let (_, month, _) = date(day);
        let number = |n: i64| u8::try_from(n).unwrap_or_default();
        Self {
            month,
            weekday: number((day + 3).rem_euclid(7) + 1),
            hour: number(now.rem_euclid(86_400) / 3600),
            day,
        }
    }

    /// `spring`, `summer`, `autumn` or `winter`, as meteorologists divide the year.
    pub fn season(&self, country: Option<&str>) -> &'static str {
        let is_southern = country.is_some_and(|country| SOUTHERN.contains(&country));
        let month = if is_southern {
            self.month + 6
        } else {
            self.month
        };
        match month % 12 {
            3..=5 => "spring",
            6..=8 => "summer",
            9..=11 => "autumn",
            _ => "winter",
        }
    }
}

/// The year, month (1 to 12) and day of a month that are `day` days after 1970-01-01.
///
/// Years begin in March: Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
pub(crate) fn date(day: i64) -> (i64, u8, u8) {
    let day = day + 719_468;
    let day_of_era = day.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let number = |n: i64| u8::try_from(n).unwrap_or_default();
    let is_next = month >= 10;
    (
        day.div_euclid(146_097) * 400 + year_of_era + i64::from(is_next),
        number(if is_next { month - 9 } else { month + 3 }),
        number(day_of_year - (153 * month + 2) / 5 + 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_names() {
        for (now, month, weekday, hour) in [
            (0, 1, 4, 0),
            (-1, 12, 3, 23),
            (951_782_400, 2, 2, 0),    // 2000-02-29
            (1_709_164_800, 2, 4, 0),  // 2024-02-29
            (1_709_251_199, 2, 4, 23), // its last second
            (1_709_251_200, 3, 5, 0),  // 2024-03-01
            (4_107_542_400, 3, 1, 0),  // 2100-03-01: no leap year
            (1_795_219_200, 11, 6, 0), // 2026-11-21
        ] {
            let found = Calendar::at(now);
            assert_eq!(
                (found.month, found.weekday, found.hour),
                (month, weekday, hour),
                "{now}"
            );
        }
    }

    #[test]
    fn seasons_turn_round_the_globe() {
        let november = Calendar::at(1_795_219_200);
        assert_eq!(november.season(None), "autumn");
        assert_eq!(november.season(Some("DE")), "autumn");
        assert_eq!(november.season(Some("AU")), "spring");
        assert_eq!(Calendar::at(0).season(Some("NZ")), "summer");
        assert_eq!(Calendar::at(0).season(None), "winter");
    }
}
