//! What is wanted more than it usually is.

/// After so many days an event counts half for what is wanted now.
pub const RECENT_HALF_LIFE_DAYS: f64 = 2.0;
/// After so many days it counts half for what is usual.
pub const USUAL_HALF_LIFE_DAYS: f64 = 14.0;
/// What is added to both sides, in weighted events: an item that came from nowhere to three views has
/// risen by less than [`LEAST_RISE`].
pub const PRIOR_EVENTS: f64 = 10.0;
/// From this factor on an item trends.
pub const LEAST_RISE: f64 = 1.5;

/// For each item by which factor, less 1, it is wanted beyond what is usual; 0 for what
/// does not trend.
///
/// Usual is the item's longer-lived count of wanting ([`Wanted`](super::Wanted)), on the scale of the shop's
/// recent one, so that a good week of the whole shop makes nothing trend. Both sides get the same prior
/// (a Gamma-Poisson shrinker as in DuMouchel, "Bayesian Data Mining in Large Frequency Tables", 1999):
/// a factor needs events behind it.
pub fn trending(recent: &[f32], usual: &[f32]) -> Vec<f32> {
    let total = |all: &[f32]| all.iter().map(|&wanted| f64::from(wanted)).sum::<f64>();
    let scale = total(recent) / total(usual).max(f64::MIN_POSITIVE);
    let rise = |(&recent, &usual): (&f32, &f32)| {
        let expected = f64::from(usual) * scale;
        let rise = (f64::from(recent) + PRIOR_EVENTS) / (expected + PRIOR_EVENTS);
        if rise >= LEAST_RISE {
            (rise - 1.0) as f32
        } else {
            0.0
        }
    };
    recent.iter().zip(usual).map(rise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Owner};
    use crate::train::Wanted;

    fn trends(items: usize, all: &[Interaction]) -> Vec<f32> {
        let newest = all.iter().map(|i| i.time).max().unwrap_or(0);
        let wanted = |half_life| {
            let mut wanted = Wanted::new(items, newest, half_life);
            all.iter().for_each(|interaction| wanted.add(interaction));
            wanted.finish()
        };
        trending(
            &wanted(RECENT_HALF_LIFE_DAYS),
            &wanted(USUAL_HALF_LIFE_DAYS),
        )
    }

    fn views(item: u32, day: i64, count: usize) -> impl Iterator<Item = Interaction> {
        let view = Interaction {
            name: EventName::ViewItem,
            item,
            time: day * 86_400_000_000,
            owner: Owner::Nobody,
        };
        std::iter::repeat_n(view, count)
    }

    #[test]
    fn a_rise_needs_events_behind_it() {
        let steady = (0..=30).flat_map(|day| views(0, day, 100));
        // 1 rises to four times as much, 2 comes from nowhere to three views, 3 has ended, 4 is new.
        let rising = (0..=30).flat_map(|day| views(1, day, if day > 27 { 80 } else { 20 }));
        let all: Vec<_> = steady
            .chain(rising)
            .chain(views(2, 30, 3))
            .chain(views(3, 10, 500))
            .chain(views(4, 30, 60))
            .collect();
        let found = trends(6, &all);
        assert_eq!(
            (found[0], found[2], found[3], found[5]),
            (0.0, 0.0, 0.0, 0.0)
        );
        assert!(found[1] >= 0.5 && found[4] > found[1], "{found:?}");
    }

    #[test]
    fn a_good_week_of_the_whole_shop_makes_nothing_trend() {
        let all: Vec<_> = (0..5u32)
            .flat_map(|item| {
                (0..=30).flat_map(move |day| views(item, day, if day > 25 { 300 } else { 50 }))
            })
            .collect();
        assert_eq!(trends(5, &all), [0.0; 5]);
        assert!(trends(0, &[]).is_empty());
    }
}
