//! Making a snapshot fit a size: the neighbours that help least go first.

use tailorbird::snapshot::{
    MAX_ITEMS, Neighbour, QueryWeights, SnapshotSource, WriteError, pack, pack_beside, write,
};

/// How much more is expected of an item that is wanted more: its lists are looked up as much more
/// often, but the places in them tell less. Chosen on held-out sessions; see `docs/models.md`.
const WANTED_POWER: f64 = 0.3;

/// What a neighbour that was bought together is worth beside one that was viewed together: one kind of
/// slot asks for it, the other is asked by all that recommend.
const BOUGHT_WORTH: f64 = 0.5;
/// What one that the feed describes alike is worth: it fills up what views leave open. An item without
/// views has nothing else, and there it is worth as much as any.
const ALIKE_WORTH: f64 = 0.25;

/// What a section of its own takes besides its bytes: a row of the table, and alignment.
const SECTION_OVERHEAD: usize = 32 + 8;

/// The search for the number of neighbours ends when it is known to one in so many.
const PRECISION: usize = 400;

/// What a size cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Neighbours of all items before.
    pub trained: usize,
    /// Neighbours that are left.
    pub kept: usize,
    /// Which share of all neighbours' weight is left, from 0 to 1.
    pub weight_kept: f64,
    /// The bytes of all lists with what finds and decodes them.
    pub list_bytes: usize,
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
/// weight times what its kind of list is worth, times [`WANTED_POWER`] of how much the item is wanted.
/// So a list of little evidence is cut down to what stands out in it, and one that is often looked up
/// may stay long.
///
/// # Errors
///
/// [`FitError`]; `source` has then lost its lists.
pub fn fit(source: &mut SnapshotSource, max_bytes: usize) -> Result<Fit, FitError> {
    let all = Lists::take(source);
    let least = write(source)?.len();
    if least > max_bytes {
        let limit = max_bytes;
        return Err(FitError::Catalogue {
            limit,
            found: least,
        });
    }
    let packed = |ranked: &[u32]| {
        let cut = all.cut(&all.lengths(ranked));
        cut.packed(&source.neighbour_order, &source.query)
    };
    let ranked = all.ranked(&source.popularity);
    // The lists' sections are the least plus what the lists take; 8 for the alignment.
    let empty = packed(&[]);
    let room = (max_bytes - least + empty).saturating_sub(8);
    let (mut fits, mut too_many) = (0, ranked.len() + 1);
    let mut tried = ranked.len();
    let mut list_bytes = empty;
    while too_many - fits > 1 + ranked.len() / PRECISION {
        let bytes = packed(&ranked[..tried]);
        if bytes <= room {
            (fits, list_bytes) = (tried, bytes);
        } else {
            too_many = tried;
        }
        if fits == ranked.len() {
            break;
        }
        tried = fits + (too_many - fits) / 2;
    }
    let kept = all.cut(&all.lengths(&ranked[..fits]));
    let (before, after) = (all.weight(), kept.weight());
    let owned = |lists: &[&[Neighbour]]| lists.iter().map(|list| list.to_vec()).collect();
    let [viewed, bought, alike] = &kept.0;
    source.viewed_together = owned(viewed);
    source.bought_together = owned(bought);
    source.similar_by_content = owned(alike);
    Ok(Fit {
        trained: ranked.len(),
        kept: fits,
        weight_kept: if before > 0.0 { after / before } else { 1.0 },
        list_bytes,
    })
}

/// The lists of all kinds: viewed together, bought together, alike. A kind has a list for each item or
/// none at all.
struct Lists<L>([Vec<L>; 3]);

impl Lists<Vec<Neighbour>> {
    /// Leaves `source` without neighbours.
    fn take(source: &mut SnapshotSource) -> Self {
        let items = source.items.len();
        let viewed = std::mem::replace(&mut source.viewed_together, vec![Vec::new(); items]);
        let bought = std::mem::take(&mut source.bought_together);
        let alike = std::mem::take(&mut source.similar_by_content);
        Self([viewed, bought, alike])
    }

    /// The list of each neighbour, as kind · items + item, the most useful neighbour first. Within a
    /// list the order is that of the list, so a number of them for each list says which are meant.
    fn ranked(&self, popularity: &[f32]) -> Vec<u32> {
        // Three kinds of lists have numbers of 32 bits.
        const _: () = assert!(MAX_ITEMS < (u32::MAX / 3) as usize);
        let items = popularity.len();
        let mut ranked: Vec<(f32, u32)> = Vec::with_capacity(self.neighbours());
        for (kind, lists) in self.0.iter().enumerate() {
            for (item, (list, &wanted)) in lists.iter().zip(popularity).enumerate() {
                let is_viewed = self.0[0].get(item).is_some_and(|list| !list.is_empty());
                let worth = match kind {
                    1 => BOUGHT_WORTH,
                    2 if is_viewed => ALIKE_WORTH,
                    _ => 1.0,
                };
                let sum: f64 = list.iter().map(|n| f64::from(n.weight)).sum();
                let factor = worth * libm::pow(1.0 + f64::from(wanted), WANTED_POWER) / sum;
                let gain = |n: &Neighbour| (f64::from(n.weight) * factor) as f32;
                let number = (kind * items + item) as u32;
                ranked.extend(list.iter().map(|n| (gain(n), number)));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.into_iter().map(|(_, number)| number).collect()
    }

    /// How many neighbours each list has among those `ranked`.
    fn lengths(&self, ranked: &[u32]) -> Vec<usize> {
        let mut lengths = vec![0; 3 * self.0[0].len()];
        ranked.iter().for_each(|&list| lengths[list as usize] += 1);
        lengths
    }

    fn cut(&self, lengths: &[usize]) -> Lists<&[Neighbour]> {
        let items = self.0[0].len();
        let kind = |kind: usize| {
            let lists = self.0[kind].iter().zip(&lengths[kind * items..]);
            lists.map(|(list, &length)| &list[..length]).collect()
        };
        Lists([kind(0), kind(1), kind(2)])
    }
}

impl<L: AsRef<[Neighbour]>> Lists<L> {
    fn neighbours(&self) -> usize {
        self.0
            .iter()
            .flatten()
            .map(|list| list.as_ref().len())
            .sum()
    }

    fn weight(&self) -> f64 {
        let all = self.0.iter().flatten().flat_map(AsRef::as_ref);
        all.map(|n| f64::from(n.weight)).sum()
    }

    /// The bytes of all sections of lists.
    fn packed(&self, order: &[u32], query: &QueryWeights) -> usize {
        let [viewed, others @ ..] = &self.0;
        let others = others.iter().map(|lists| {
            if lists.iter().all(|list| list.as_ref().is_empty()) {
                return 0;
            }
            pack_beside(lists, order).len() + SECTION_OVERHEAD
        });
        pack(viewed, order, query).len() + others.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let fit = fit(&mut fitted, 10_000_000).expect("room enough");
        assert_eq!((fit.kept, fit.trained), (20_000, 20_000));
        assert_eq!(fit.weight_kept, 1.0);
        assert_eq!(fitted.viewed_together, source(1000).viewed_together);
    }

    #[test]
    fn the_size_is_kept_and_used() {
        let whole = write(&source(1000)).expect("writes").len();
        for limit in [whole - 1, whole - 5_000, whole - 15_000] {
            let mut fitted = source(1000);
            let fit = fit(&mut fitted, limit).expect("the catalogue fits");
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
        let fit = fit(&mut fitted, limit).expect("the catalogue fits");
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
        let error = fit(&mut source(1000), 10_000).expect_err("too much");
        assert!(
            error.to_string().contains("the catalogue alone takes"),
            "{error}"
        );
    }
}
