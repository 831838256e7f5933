//! Scores of ranked lists, and how sure they are.
//!
//! | metric | of a case | worst | best |
//! |---|---|---|---|
//! | HR@20 | 1 when the next item is among the first 20 | 0 | 1 |
//! | MRR@20 | 1/rank of the next item, 0 beyond 20 | 0 | 1 |
//! | NDCG@20 | 1/log2(1 + rank), 0 beyond 20 | 0 | 1 |
//! | coverage@20 | of all lists together: the share of all items that stand in at least one | 0 | 1 |
//! | popularity@20 | the mean place of the list's items in the order of views, 1 for the most viewed: 0.5 is no bias | | |
//! | fallback | 1 when no model knew anything and best sellers filled the list | | 0 |
//!
//! Intervals hold with 95 % confidence. They are normal approximations over *sessions*, not cases: the
//! cases of one session stand and fall together. A score is a ratio of two sums over sessions, the
//! scores' and the cases'; its variance is that of the ratio estimator (Cochran, "Sampling
//! Techniques", 3rd ed., section 6.4).

use serde::{Deserialize, Serialize};

/// How many items of a list count.
pub const TOP: usize = 20;

/// 95 % of a normal distribution lie so many standard deviations around its mean.
const Z: f64 = 1.959_963_984_540_054;

/// A score and its 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean over all cases.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// What one model is worth under one protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Hit rate.
    pub hr20: Estimate,
    /// Mean reciprocal rank.
    pub mrr20: Estimate,
    /// Normalised discounted cumulative gain; with one right answer, the ideal gain is 1.
    pub ndcg20: Estimate,
    /// The share of all items that were recommended at least once.
    pub coverage20: f64,
    /// The mean popularity of what was recommended, as a share of all items that are less viewed.
    pub popularity20: f64,
    /// The share of cases for which the model knew nothing.
    pub fallback: f64,
}

/// Sums over the cases with one number of views.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LengthSums {
    /// How many cases.
    pub cases: u64,
    /// Their hits.
    pub hits: f64,
    /// Their reciprocal ranks.
    pub reciprocal: f64,
}

/// Adds up one model's answers, case by case in a fixed order.
#[derive(Debug)]
pub struct Tally<'a> {
    popularity: &'a [f64],
    recommended: Vec<bool>,
    sums: [RatioSums; 3],
    session: Option<u32>,
    in_session: ([f64; 3], f64),
    popularity_sum: f64,
    items_listed: u64,
    fallbacks: u64,
    /// By number of views in the case, from 1; the last entry holds all longer ones.
    pub by_length: [LengthSums; LENGTHS],
}

/// How many numbers of views are told apart.
pub const LENGTHS: usize = 10;

impl<'a> Tally<'a> {
    /// An empty one; `popularity` is [`percentiles`] of all items.
    pub fn new(popularity: &'a [f64]) -> Self {
        Self {
            popularity,
            recommended: vec![false; popularity.len()],
            sums: [RatioSums::default(); 3],
            session: None,
            in_session: ([0.0; 3], 0.0),
            popularity_sum: 0.0,
            items_listed: 0,
            fallbacks: 0,
            by_length: [LengthSums::default(); LENGTHS],
        }
    }

    /// Takes in a case of `session` with so many `views`: what was recommended, best first, and what
    /// came next. Cases of one session come one after the other.
    pub fn add(&mut self, session: u32, views: usize, list: &[u32], target: u32, fallback: bool) {
        if self.session != Some(session) {
            self.end_session();
            self.session = Some(session);
        }
        let list = &list[..list.len().min(TOP)];
        let rank = list.iter().position(|&item| item == target);
        let gains = gains(rank);
        for (sum, gain) in self.in_session.0.iter_mut().zip(gains) {
            *sum += gain;
        }
        self.in_session.1 += 1.0;
        for &item in list {
            self.recommended[item as usize] = true;
            self.popularity_sum += self.popularity[item as usize];
        }
        self.items_listed += list.len() as u64;
        self.fallbacks += u64::from(fallback);
        let length = &mut self.by_length[views.clamp(1, LENGTHS) - 1];
        length.cases += 1;
        length.hits += gains[0];
        length.reciprocal += gains[1];
    }

    fn end_session(&mut self) {
        let (gains, cases) = std::mem::take(&mut self.in_session);
        if cases > 0.0 {
            for (sums, gain) in self.sums.iter_mut().zip(gains) {
                sums.add(gain, cases);
            }
        }
    }

    /// The scores of everything that was added.
    pub fn scores(&mut self) -> Scores {
        self.end_session();
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let covered = self.recommended.iter().filter(|&&listed| listed).count();
        Scores {
            hr20: self.sums[0].estimate(),
            mrr20: self.sums[1].estimate(),
            ndcg20: self.sums[2].estimate(),
            coverage20: share(covered as f64, self.recommended.len() as f64),
            popularity20: share(self.popularity_sum, self.items_listed as f64),
            fallback: share(self.fallbacks as f64, self.sums[0].cases),
        }
    }
}

/// Hit, reciprocal rank and discounted gain of a place in a list, from 0; `None` for none.
fn gains(place: Option<usize>) -> [f64; 3] {
    place.map_or([0.0; 3], |place| {
        let rank = place as f64 + 1.0;
        [1.0, 1.0 / rank, 1.0 / libm::log2(1.0 + rank)]
    })
}

/// What the mean of a ratio and its variance need, over sessions with gain g and n cases.
#[derive(Debug, Clone, Copy, Default)]
struct RatioSums {
    sessions: f64,
    gain: f64,
    cases: f64,
    gain_squared: f64,
    gain_cases: f64,
    cases_squared: f64,
}

impl RatioSums {
    fn add(&mut self, gain: f64, cases: f64) {
        self.sessions += 1.0;
        self.gain += gain;
        self.cases += cases;
        self.gain_squared += gain * gain;
        self.gain_cases += gain * cases;
        self.cases_squared += cases * cases;
    }

    fn estimate(&self) -> Estimate {
        if self.cases == 0.0 {
            return Estimate::default();
        }
        let value = self.gain / self.cases;
        // The sum of (g - value·n)² over sessions.
        let residues =
            self.gain_squared - 2.0 * value * self.gain_cases + value * value * self.cases_squared;
        let variance = if self.sessions > 1.0 {
            residues.max(0.0) * self.sessions / (self.sessions - 1.0) / (self.cases * self.cases)
        } else {
            // One session says nothing of how much sessions differ.
            f64::INFINITY
        };
        let margin = Z * variance.sqrt();
        Estimate {
            value,
            low: (value - margin).max(0.0),
            high: (value + margin).min(1.0),
        }
    }
}

/// For each item the share of the other items that were viewed less; items of equal counts share
/// their places.
pub fn percentiles(views: &[u32]) -> Vec<f64> {
    let mut sorted = views.to_vec();
    sorted.sort_unstable();
    let others = (views.len() as f64 - 1.0).max(1.0);
    views
        .iter()
        .map(|count| {
            let below = sorted.partition_point(|other| other < count) as f64;
            let equal = sorted.partition_point(|other| other <= count) as f64 - below;
            (below + (equal - 1.0) / 2.0) / others
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }

    #[test]
    fn gains_by_rank() {
        assert_eq!(gains(None), [0.0; 3]);
        assert_eq!(gains(Some(0)), [1.0, 1.0, 1.0]);
        // The third: 1/log2(4).
        assert_eq!(gains(Some(2)), [1.0, 1.0 / 3.0, 0.5]);
    }

    #[test]
    fn popularity_is_a_place_in_the_order_of_views() {
        assert_eq!(percentiles(&[5, 1, 9]), [0.5, 0.0, 1.0]);
        assert_eq!(percentiles(&[3, 3]), [0.5, 0.5]);
        assert_eq!(percentiles(&[1]), [0.0]);
    }

    #[test]
    fn all_metrics_of_three_cases() {
        let popularity = percentiles(&[4, 3, 2, 1, 0]);
        let mut tally = Tally::new(&popularity);
        tally.add(0, 1, &[0, 1], 1, false);
        tally.add(0, 2, &[0], 3, false);
        tally.add(1, 99, &[2, 0], 2, true);
        let scores = tally.scores();
        close(scores.hr20.value, 2.0 / 3.0);
        close(scores.mrr20.value, 0.5);
        close(scores.ndcg20.value, (1.0 / 3f64.log2() + 1.0) / 3.0);
        close(scores.coverage20, 0.6);
        // 1, 0.75, 1, 0.5, 1.
        close(scores.popularity20, 0.85);
        close(scores.fallback, 1.0 / 3.0);
        assert_eq!(
            tally.by_length.map(|l| l.cases),
            [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
        );
    }

    #[test]
    fn what_lies_beyond_twenty_does_not_count() {
        let popularity = vec![0.0; 30];
        let mut tally = Tally::new(&popularity);
        let list: Vec<u32> = (0..25).collect();
        tally.add(0, 1, &list, 20, false);
        tally.add(1, 1, &list, 19, false);
        let scores = tally.scores();
        close(scores.hr20.value, 0.5);
        close(scores.mrr20.value, 0.025);
        close(scores.coverage20, 20.0 / 30.0);
    }

    #[test]
    fn the_interval_is_over_sessions() {
        // A hundred sessions of one case each, every other one a hit.
        let mut sums = RatioSums::default();
        // The same cases as fifty sessions whose two cases agree: half as much to go by.
        let mut fewer = RatioSums::default();
        for number in 0..50 {
            sums.add(1.0, 1.0);
            sums.add(0.0, 1.0);
            fewer.add(f64::from(number % 2) * 2.0, 2.0);
        }
        let (estimate, unsure) = (sums.estimate(), fewer.estimate());
        close(estimate.high, 0.5 + Z * (0.25 / 99.0f64).sqrt());
        close(estimate.low, 1.0 - estimate.high);
        close(unsure.high, 0.5 + Z * (0.25 / 49.0f64).sqrt());
        assert_eq!(RatioSums::default().estimate(), Estimate::default());
    }
}
