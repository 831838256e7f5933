//! Asks a model all cases.

use rayon::prelude::*;

use super::LengthScore;
use super::baselines::Popular;
use super::data::Data;
use super::metrics::{LENGTHS, LengthSums, Scores, TOP, Tally};
use super::rank::{Recommend, Sums};

/// One more than counts, since shop scores leave one item out.
const ASKED: usize = TOP + 1;

/// How many cases are answered on all cores before they are added up in their order.
const BATCH: usize = 8192;

/// How many cases a core takes at least, so that it does not make its sums anew for a few.
const PIECE: usize = 512;

/// All that a model is compared by.
pub(super) struct Measured {
    pub(super) academic: Scores,
    pub(super) shop: Scores,
    pub(super) academic_by_length: Vec<LengthScore>,
    pub(super) shop_by_length: Vec<LengthScore>,
}

/// Asks and adds up. Cases in which a model knows nothing but what was viewed are counted; in them
/// best sellers help the product out, as its fallback chain does.
pub(super) fn measure(
    model: &dyn Recommend,
    data: &Data,
    popular: &Popular,
    percentiles: &[f64],
    progress: &mut dyn FnMut(u64),
) -> Measured {
    let mut academic = Tally::new(percentiles);
    let mut shop = Tally::new(percentiles);
    for from in (0..data.len()).step_by(BATCH) {
        let to = data.len().min(from + BATCH);
        let answers: Vec<(Vec<u32>, bool)> = (from..to)
            .into_par_iter()
            .with_min_len(PIECE)
            .map_init(
                || Sums::new(data.items.len()),
                |sums, number| answer(model, data.case(number).views, popular, sums),
            )
            .collect();
        for (number, (mut list, fallback)) in (from..to).zip(answers) {
            let case = data.case(number);
            let views = case.views.len();
            academic.add(case.session, views, &list, case.target, fallback);
            list.retain(|item| case.views.last() != Some(item));
            shop.add(case.session, views, &list, case.target, fallback);
        }
        progress((to - from) as u64);
    }
    Measured {
        academic: academic.scores(),
        shop: shop.scores(),
        academic_by_length: lengths(&academic.by_length),
        shop_by_length: lengths(&shop.by_length),
    }
}

fn answer(
    model: &dyn Recommend,
    views: &[u32],
    popular: &Popular,
    sums: &mut Sums,
) -> (Vec<u32>, bool) {
    let mut list = Vec::with_capacity(ASKED);
    model.rank(views, ASKED, sums, &mut list);
    let fallback = list.iter().all(|item| views.contains(item));
    if fallback && model.falls_back() {
        popular.fill(ASKED, &mut list);
    }
    (list, fallback)
}

fn lengths(sums: &[LengthSums; LENGTHS]) -> Vec<LengthScore> {
    (1..)
        .zip(sums)
        .filter(|(_, sums)| sums.cases > 0)
        .map(|(views, sums)| LengthScore {
            views,
            cases: sums.cases,
            hr20: sums.hits / sums.cases as f64,
            mrr20: sums.reciprocal / sums.cases as f64,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows only item 1, whose neighbours are itself and 2.
    struct One;

    impl Recommend for One {
        fn rank(&self, views: &[u32], _: usize, _: &mut Sums, list: &mut Vec<u32>) {
            if views.last() == Some(&1) {
                list.extend([1, 2]);
            } else {
                list.extend(views);
            }
        }

        fn falls_back(&self) -> bool {
            true
        }

        fn bytes(&self) -> u64 {
            0
        }
    }

    #[test]
    fn shop_scores_leave_the_current_item_out_and_best_sellers_help_out() {
        let mut data = Data::default();
        data.items = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        data.add_test_session(&[1, 2, 3]);
        let views = [1, 2, 3, 9];
        let popular = Popular::new(&views);
        let percentiles = super::super::metrics::percentiles(&views);
        let mut done = 0;
        let found = measure(&One, &data, &popular, &percentiles, &mut |n| done += n);
        // First case: 1, 2 holds the target 2 in place 2, or in place 1 without item 1. Second: nothing is
        // known, so 1, 2 is followed by 3, 0, and the target 3 is in place 3, or 2 without item 2.
        let mrr = |scores: &Scores| (scores.mrr20.value * 1e6).round();
        assert_eq!(
            (mrr(&found.academic), mrr(&found.shop)),
            (416_667.0, 750_000.0)
        );
        assert_eq!((found.academic.fallback, done), (0.5, 2));
        assert_eq!(
            (found.academic.coverage20, found.shop.coverage20),
            (1.0, 1.0)
        );
        assert_eq!(found.shop_by_length.len(), 2);
    }
}
