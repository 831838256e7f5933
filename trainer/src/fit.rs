//! Making a snapshot fit a size: the neighbours that help least go first.

use tailorbird::snapshot::{Neighbour, SnapshotSource, WriteError, pack, write};

/// How much more is expected of an item that is wanted more: its lists are looked up as much more
/// often, but the places in them tell less. Chosen on held-out sessions; see `docs/models.md`.
const WANTED_POWER: f64 = 0.3;

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
/// weight times [`WANTED_POWER`] of how much the item is wanted. So a list of little evidence is cut
/// down to what stands out in it, and one that is often looked up may stay long.
///
/// # Errors
///
/// [`FitError`]; `source` has then lost its lists.
pub fn fit(source: &mut SnapshotSource, max_bytes: usize) -> Result<Fit, FitError> {
    let all = std::mem::take(&mut source.viewed_together);
    source.viewed_together = vec![Vec::new(); all.len()];
    let least = write(source)?.len();
    if least > max_bytes {
        let limit = max_bytes;
        return Err(FitError::Catalogue {
            limit,
            found: least,
        });
    }
    let packed = |lengths: &[usize]| {
        let cut: Vec<&[Neighbour]> = all
            .iter()
            .zip(lengths)
            .map(|(list, &length)| &list[..length])
            .collect();
        pack(&cut, &source.neighbour_order, &source.query).len()
    };
    let ranked = ranked(&all, &source.popularity);
    // The lists' section is the least plus what the lists take; 8 for its alignment.
    let empty = packed(&vec![0; all.len()]);
    let room = (max_bytes - least + empty).saturating_sub(8);
    let (mut fits, mut too_many) = (0, ranked.len() + 1);
    let mut tried = ranked.len();
    let mut list_bytes = empty;
    while too_many - fits > 1 + ranked.len() / PRECISION {
        let bytes = packed(&lengths(&ranked[..tried], all.len()));
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
    let weight = |list: &[Neighbour]| list.iter().map(|n| f64::from(n.weight)).sum::<f64>();
    let before: f64 = all.iter().map(|list| weight(list)).sum();
    let lengths = lengths(&ranked[..fits], all.len());
    source.viewed_together = all;
    for (list, length) in source.viewed_together.iter_mut().zip(lengths) {
        list.truncate(length);
    }
    let after: f64 = source.viewed_together.iter().map(|list| weight(list)).sum();
    Ok(Fit {
        trained: ranked.len(),
        kept: fits,
        weight_kept: if before > 0.0 { after / before } else { 1.0 },
        list_bytes,
    })
}

/// The item of each neighbour, the most useful neighbour first. Within a list the order is that of
/// the list, so a number of them for each item says which are meant.
fn ranked(lists: &[Vec<Neighbour>], popularity: &[f32]) -> Vec<u32> {
    let mut ranked: Vec<(f32, u32)> = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    for ((item, list), &wanted) in (0..).zip(lists).zip(popularity) {
        let sum: f64 = list.iter().map(|n| f64::from(n.weight)).sum();
        let factor = libm::pow(1.0 + f64::from(wanted), WANTED_POWER) / sum;
        let gain = |n: &Neighbour| (f64::from(n.weight) * factor) as f32;
        ranked.extend(list.iter().map(|n| (gain(n), item)));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().map(|(_, item)| item).collect()
}

fn lengths(ranked: &[u32], items: usize) -> Vec<usize> {
    let mut lengths = vec![0; items];
    ranked.iter().for_each(|&item| lengths[item as usize] += 1);
    lengths
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
    fn a_catalogue_that_does_not_fit_is_an_error() {
        let error = fit(&mut source(1000), 10_000).expect_err("too much");
        assert!(
            error.to_string().contains("the catalogue alone takes"),
            "{error}"
        );
    }
}
