//! Making a snapshot fit a size: the neighbours that help least go first, and weights become coarser
//! where that leaves room for neighbours that help more.

mod cut;

use rayon::prelude::*;
use tailorbird::snapshot::{Neighbour, Precision, QueryWeights, SnapshotSource, WriteError, write};

use crate::train::{Found, HeldBack};
use cut::{Cut, Cutter, Kinds};

/// What a size cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Neighbours of all items before.
    pub trained: usize,
    /// Neighbours that are left.
    pub kept: usize,
    /// Which share of all neighbours' weight is left, from 0 to 1.
    pub weight_kept: f64,
    /// How finely their weights are told apart.
    pub precision: Precision,
    /// The bytes of all lists with what finds and decodes them.
    pub list_bytes: usize,
    /// What is found less, where that could be measured.
    pub cost: Option<Cost>,
}

/// Next views of held-back sessions, found by lists that were learned from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// With all neighbours and the finest weights.
    pub all: Found,
    /// With what fits.
    pub fitted: Found,
}

impl Fit {
    /// All that is stored for a neighbour, in bits.
    pub fn bits_per_neighbour(&self) -> f64 {
        self.list_bytes as f64 * 8.0 / self.kept.max(1) as f64
    }
}

/// Why a snapshot does not fit.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// It cannot be written at all.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What is no neighbour is too much already.
    #[error(
        "expected a snapshot of at most {limit} bytes, but the catalogue alone takes {found}; \
         allow more or leave items out of the feed"
    )]
    Catalogue {
        /// What was asked for.
        limit: usize,
        /// The least that is possible.
        found: usize,
    },
}

/// Cuts the neighbour lists of `source` so that its snapshot has at most `max_bytes`.
///
/// What goes is what is worth least over the whole catalogue: a neighbour's share of its list's
/// weight times what its kind of list is worth, times a power of how much the item is wanted. So a
/// list of little evidence is cut down to what stands out in it, and one that is often looked up may
/// stay long.
///
/// How fine the weights are is measured: what was held back is cut to the same size with each
/// [`Precision`], and the one with which most is found is taken, of equal ones the finest. Without
/// `held_back` the finest is taken, and the cost is not known.
///
/// # Errors
///
/// [`FitError`]; `source` has then lost its lists.
pub fn fit(
    source: &mut SnapshotSource,
    held_back: Option<&HeldBack>,
    max_bytes: usize,
) -> Result<Fit, FitError> {
    let items = source.items.len();
    let viewed = std::mem::replace(&mut source.viewed_together, vec![Vec::new(); items]);
    let bought = std::mem::take(&mut source.bought_together);
    let alike = std::mem::take(&mut source.similar_by_content);
    let least = write(source)?.len();
    if least > max_bytes {
        let limit = max_bytes;
        return Err(FitError::Catalogue {
            limit,
            found: least,
        });
    }
    let kinds: Kinds<'_> = [&viewed, &bought, &alike];
    let cutter = Cutter::new(kinds, &source.popularity, &source.neighbour_order);
    // The lists' sections are the least plus what the lists take; 8 for the alignment.
    let room = (max_bytes - least + cutter.least()).saturating_sub(8);
    let mut precision = Precision::default();
    let mut cut = cutter.longest(precision, room);
    let mut cost = None;
    if let Some(held_back) = held_back.filter(|_| cut.kept < cutter.neighbours()) {
        // Queries are measured by what is viewed together alone, in the room that it has.
        let room_of_views = cutter.viewed_bytes(&cut.lengths, precision);
        let order = &source.neighbour_order;
        let (best, found) = finest_best(held_back, order, &source.query, room_of_views);
        if best != precision {
            precision = best;
            cut = cutter.longest(precision, room);
        }
        cost = Some(Cost {
            all: found_with(held_back, &source.query, None),
            fitted: found,
        });
    }
    let trained = cutter.neighbours();
    let kept = cutter.cut(&cut.lengths);
    let weight = |lists: &[&[Neighbour]]| lists.iter().copied().flatten().map(weight).sum::<f64>();
    let after: f64 = kept.iter().map(|lists| weight(lists)).sum();
    let before: f64 = kinds
        .iter()
        .copied()
        .flatten()
        .flatten()
        .map(self::weight)
        .sum();
    let owned = |lists: &[&[Neighbour]]| lists.iter().map(|list| list.to_vec()).collect();
    let [kept_viewed, kept_bought, kept_alike] = &kept;
    source.precision = precision;
    source.viewed_together = owned(kept_viewed);
    source.bought_together = owned(kept_bought);
    source.similar_by_content = owned(kept_alike);
    Ok(Fit {
        trained,
        kept: cut.kept,
        weight_kept: if before > 0.0 { after / before } else { 1.0 },
        precision,
        list_bytes: cut.bytes,
        cost,
    })
}

fn weight(neighbour: &Neighbour) -> f64 {
    f64::from(neighbour.weight)
}

/// The precision with which most is found in so many bytes, and how much that is.
fn finest_best(
    held_back: &HeldBack,
    order: &[u32],
    query: &QueryWeights,
    room: usize,
) -> (Precision, Found) {
    let cutter = Cutter::new([&held_back.lists, &[], &[]], &held_back.wanted, order);
    let measured: Vec<Found> = Precision::ALL
        .into_par_iter()
        .map(|precision| {
            let cut = cutter.longest(precision, room);
            found_with(held_back, query, Some((precision, &cut)))
        })
        .collect();
    let mut best = (Precision::default(), measured[0]);
    for (precision, found) in Precision::ALL.into_iter().zip(measured) {
        if found.sum() > best.1.sum() {
            best = (precision, found);
        }
    }
    best
}

/// What is found with weights as a snapshot stores them, of all lists or of cut ones.
fn found_with(held_back: &HeldBack, query: &QueryWeights, cut: Option<(Precision, &Cut)>) -> Found {
    let precision = cut.map_or(Precision::default(), |(precision, _)| precision);
    let stored = |n: &Neighbour| Neighbour {
        item: n.item,
        weight: precision.stored(n.weight) as f32 / QueryWeights::ONE as f32,
    };
    let length = |item: usize| cut.map_or(usize::MAX, |(_, cut)| cut.lengths[item]);
    let lists = held_back.lists.iter().enumerate();
    let lists: Vec<Vec<Neighbour>> = lists
        .map(|(item, list)| list.iter().take(length(item)).map(stored).collect())
        .collect();
    held_back.found(query, |item| &lists[item as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Log, Owner};
    use crate::train::{Settings, train};
    use tailorbird::site::{Locale, Site};
    use tailorbird::snapshot::{ItemRecord, ItemText, Snapshot};

    fn source(items: u32) -> SnapshotSource {
        let record = |item| ItemRecord {
            id: format!("i{item}"),
            texts: vec![ItemText::default()],
            ..ItemRecord::default()
        };
        let list = |item: u32| {
            let neighbour = |step: u32| Neighbour {
                item: (item + step * step) % items,
                weight: 1.0 / step as f32,
            };
            (1..=20).map(neighbour).collect()
        };
        SnapshotSource {
            items: (0..items).map(record).collect(),
            viewed_together: (0..items).map(list).collect(),
            popularity: (0..items).rev().map(|wanted| wanted as f32).collect(),
            site: Site {
                locales: vec![Locale::default()],
                ..Site::default()
            },
            ..SnapshotSource::default()
        }
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let mut fitted = source(1000);
        let fit = fit(&mut fitted, None, 10_000_000).expect("room enough");
        assert_eq!((fit.kept, fit.trained), (20_000, 20_000));
        assert_eq!(fit.weight_kept, 1.0);
        assert_eq!(fitted.viewed_together, source(1000).viewed_together);
    }

    #[test]
    fn the_size_is_kept_and_used() {
        let whole = write(&source(1000)).expect("writes").len();
        for limit in [whole - 1, whole - 5_000, whole - 15_000] {
            let mut fitted = source(1000);
            let fit = fit(&mut fitted, None, limit).expect("the catalogue fits");
            let bytes = write(&fitted).expect("writes");
            assert!(
                bytes.len() <= limit && bytes.len() + 500 > limit,
                "{limit}: {}",
                bytes.len()
            );
            let kept: usize = fitted.viewed_together.iter().map(Vec::len).sum();
            assert_eq!(kept, fit.kept);
            // The strongest neighbours and those of what is wanted stay.
            let length = |item: usize| fitted.viewed_together[item].len();
            assert!(length(0) >= length(999) && fit.weight_kept > fit.kept as f64 / 20_000.0);
            Snapshot::open(bytes)
                .expect("opens")
                .verify()
                .expect("sound");
        }
    }

    /// A shop whose visitors go on by one to seven products, and what it holds back.
    fn trained() -> (SnapshotSource, HeldBack) {
        let items = source(300).items;
        let noise = |of: u64| (of.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32;
        let views: Vec<Interaction> = (0..8_000u64)
            .flat_map(|session| {
                let mut at = noise(session) % 300;
                (0..4).map(move |step| {
                    at = (at + 1 + noise(session * 4 + step) % 7) % 300;
                    Interaction {
                        name: EventName::ViewItem,
                        item: at,
                        time: session as i64 * 1_000_000,
                        owner: Owner::Session(session),
                    }
                })
            })
            .collect();
        let settings = Settings {
            hold_back: true,
            ..Settings::default()
        };
        let log = Log::of(&views);
        let model = train(&items, &log, &settings, &mut |_, _| ()).expect("in memory");
        let source = SnapshotSource {
            viewed_together: model.viewed_together,
            neighbour_order: model.neighbour_order,
            query: model.query,
            popularity: model.popularity,
            ..source(300)
        };
        (source, model.held_back.expect("2,400 next views"))
    }

    #[test]
    fn the_precision_that_finds_most_is_taken_and_the_cost_is_told() {
        let (whole, held_back) = trained();
        let all = write(&whole).expect("writes").len();
        let mut roomy = whole.clone();
        let fitted = fit(&mut roomy, Some(&held_back), all + 100).expect("room enough");
        assert_eq!(
            (fitted.cost, fitted.precision),
            (None, Precision::HalfOctave)
        );
        let mut tight = whole.clone();
        tight.viewed_together.iter_mut().for_each(Vec::clear);
        let least = write(&tight).expect("writes").len();
        let limit = least + (all - least) / 8;
        let mut tight = whole.clone();
        let fitted = fit(&mut tight, Some(&held_back), limit).expect("the catalogue fits");
        assert!(write(&tight).expect("writes").len() <= limit);
        assert_eq!(tight.precision, fitted.precision);
        let cost = fitted.cost.expect("measured");
        assert_eq!((cost.all.cases, cost.fitted.cases), (2_400, 2_400));
        assert!(
            cost.all.hr20() > 0.9 && cost.fitted.sum() < cost.all.sum(),
            "{cost:?}"
        );
        // The same room as `fit` gives: what no list takes, and 8 for alignment.
        let cutter = Cutter::new(
            [&held_back.lists, &[], &[]],
            &held_back.wanted,
            &whole.neighbour_order,
        );
        let room = limit - least + cutter.least() - 8;
        for precision in Precision::ALL {
            let cut = cutter.longest(precision, room);
            let found = found_with(&held_back, &whole.query, Some((precision, &cut)));
            assert!(found.sum() <= cost.fitted.sum(), "{precision:?}: {found:?}");
        }
    }

    #[test]
    fn all_kinds_of_lists_are_cut() {
        let full = || {
            let mut full = source(1000);
            full.bought_together = full.viewed_together.clone();
            full.similar_by_content = full.viewed_together.clone();
            full.viewed_together[7].clear();
            full
        };
        let whole = write(&full()).expect("writes").len();
        let limit = whole - 40_000;
        let mut fitted = full();
        let fit = fit(&mut fitted, None, limit).expect("the catalogue fits");
        let bytes = write(&fitted).expect("writes").len();
        assert!(bytes <= limit && bytes + 500 > limit, "{limit}: {bytes}");
        let count = |lists: &[Vec<Neighbour>]| lists.iter().map(Vec::len).sum::<usize>();
        let counts = [
            count(&fitted.viewed_together),
            count(&fitted.bought_together),
            count(&fitted.similar_by_content),
        ];
        assert_eq!(counts.iter().sum::<usize>(), fit.kept);
        assert!(
            counts.is_sorted_by(|a, b| a > b) && counts[2] > 0,
            "{counts:?}"
        );
        // What has no views keeps more of what is like it.
        let alike = |item: usize| fitted.similar_by_content[item].len();
        assert!(alike(7) > alike(6) && alike(7) > alike(8));
    }

    #[test]
    fn a_catalogue_that_does_not_fit_is_an_error() {
        let error = fit(&mut source(1000), None, 10_000).expect_err("too much");
        assert!(
            error.to_string().contains("the catalogue alone takes"),
            "{error}"
        );
    }
}
