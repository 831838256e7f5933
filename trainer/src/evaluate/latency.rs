//! How long the product's query takes on the machine that evaluates: one thread, one case after the
//! other, as an edge asks. Not part of what a gate may require: no two machines are alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tailorbird::recommend::Query;

use super::TOP;
use super::data::Data;
use super::product::Product;

/// At most so many cases are timed, evenly spread over all.
const CASES: usize = 3_000;
/// How often, after one time to warm up; the median of the percentiles counts.
const ROUNDS: usize = 5;

/// Times of single queries, list decoding included, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// How many different cases were timed.
    pub cases: u64,
    /// Half of them are faster.
    pub p50_us: f64,
    /// One in a hundred is slower.
    pub p99_us: f64,
}

/// Times the best [`TOP`] of all items for cases of the test.
pub(super) fn latency(product: &Product, data: &Data) -> Latency {
    let step = data.len().div_ceil(CASES).max(1);
    let cases = (0..data.len()).step_by(step);
    let cases: Vec<Vec<u32>> = cases
        .map(|number| product.seen(data.case(number).views))
        .collect();
    let mut query = Query::new();
    let mut ask = |seen: &Vec<u32>| {
        let began = Instant::now();
        query.run(product.snapshot(), black_box(seen));
        black_box(query.top(TOP, |_| true));
        began.elapsed()
    };
    let mut rounds: Vec<[Duration; 2]> = (0..=ROUNDS)
        .map(|_| {
            let mut times: Vec<Duration> = cases.iter().map(&mut ask).collect();
            times.sort_unstable();
            [50, 99].map(|percent| percentile(&times, percent))
        })
        .skip(1)
        .collect();
    let mut median = |of: usize| {
        rounds.sort_unstable_by_key(|round| round[of]);
        rounds[ROUNDS / 2][of].as_secs_f64() * 1e6
    };
    Latency {
        cases: cases.len() as u64,
        p50_us: median(0),
        p99_us: median(1),
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let times: Vec<Duration> = (0..=100).map(Duration::from_micros).collect();
        assert_eq!(percentile(&times, 99), Duration::from_micros(99));
        assert_eq!(percentile(&times[..1], 99), Duration::ZERO);
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
