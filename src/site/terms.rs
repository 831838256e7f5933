//! When a place is on, and for how many visitors.

use wincode::{SchemaRead, SchemaWrite};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::condition::Condition;

/// On what terms a place is shown.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Terms {
    /// Whom to ask about it; for people.
    pub owner: String,
    /// `false` is the kill switch.
    pub enabled: bool,
    /// Seconds since 1970 from which on it is shown.
    pub from: Option<i64>,
    /// Seconds since 1970 from which on it is no longer shown.
    pub until: Option<i64>,
    /// For how many of a hundred visitors, at most 100.
    pub percentage: u8,
    /// For whom.
    pub when: Condition,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            owner: String::new(),
            enabled: true,
            from: None,
            until: None,
            percentage: 100,
            when: Condition::default(),
        }
    }
}

/// What [`Terms`] are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970.
    pub now: i64,
    /// What tells this visitor from others ([`VisitorState::lot`](crate::visitor::VisitorState::lot));
    /// without consent there is nothing.
    pub lot: Option<u64>,
}

impl Terms {
    /// Whether the place called `name` is on.
    ///
    /// Of a hundred visitors each place takes others, but always the same ones. A page without history
    /// must be the same for everybody, so a share of it is not possible: there the place is on at 100 only.
    pub fn allow(&self, name: &str, moment: &Moment) -> bool {
        self.enabled && self.is_time(moment) && self.is_drawn(name, moment)
    }

    fn is_time(&self, moment: &Moment) -> bool {
        self.from.is_none_or(|from| moment.now >= from)
            && self.until.is_none_or(|until| moment.now < until)
    }

    fn is_drawn(&self, name: &str, moment: &Moment) -> bool {
        self.percentage >= 100
            || moment.lot.is_some_and(|lot| {
                xxh3_64_with_seed(name.as_bytes(), lot) % 100 < u64::from(self.percentage)
            })
    }

    /// Why [`Terms::allow`] says no, for people; `None` when it does not.
    pub(crate) fn why_off(&self, name: &str, moment: &Moment) -> Option<&'static str> {
        match () {
            () if !self.enabled => Some("switched off"),
            () if !self.is_time(moment) => Some("not at this time"),
            () if !self.is_drawn(name, moment) => Some("for another share of visitors"),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_the_switch() {
        let terms = Terms {
            from: Some(100),
            until: Some(200),
            ..Terms::default()
        };
        for (now, expected) in [(99, false), (100, true), (199, true), (200, false)] {
            assert_eq!(
                terms.allow("x", &Moment { now, lot: None }),
                expected,
                "{now}"
            );
        }
        let off = Terms {
            enabled: false,
            ..Terms::default()
        };
        let moment = Moment {
            now: 0,
            lot: Some(1),
        };
        assert!(!off.allow("x", &moment));
        assert!(Terms::default().allow("x", &moment));
    }

    #[test]
    fn a_share_of_visitors_with_history_and_none_of_those_without() {
        for percentage in [0, 1, 25, 99, 100] {
            let terms = Terms {
                percentage,
                ..Terms::default()
            };
            let drawn = |name: &str, lot| terms.allow(name, &Moment { now: 0, lot });
            let shown = (0..10_000).filter(|&lot| drawn("x", Some(lot))).count();
            let wanted = usize::from(percentage) * 100;
            assert!(shown.abs_diff(wanted) <= 150, "{shown} at {percentage}");
            assert_eq!(drawn("x", None), percentage == 100);
            if percentage == 25 {
                let both =
                    (0..10_000).filter(|&lot| drawn("x", Some(lot)) && drawn("y", Some(lot)));
                assert!(both.count() < 1000, "each place draws by itself");
            }
        }
    }
}
