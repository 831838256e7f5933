//! Kinds of visitors that were learned from sessions, by what they look at.
//!
//! ```text
//! 0     4      number of clusters k, at most MAX_CLUSTERS
//! 4     4      number of features f, at most MAX_CLUSTER_FEATURES
//! 8     4·k    u32 squared lengths of the centroids, in 1/4096
//! …     8·f    u64 features, ascending: 2^32 · what it is (0 category, 1 brand, 2 price band, 3 reduced)
//!              + its code (of 17, of 16, the band, 0)
//! …     2·k·f  u16 what a view with that feature counts for each cluster, in 1/4096
//! …            strings: the clusters' names
//! ```
//!
//! A visitor's views are a point: each feature's share of them. The nearest centroid has the largest
//! 2 · Σ weights − views · squared length, in whole numbers: the same everywhere.

use std::collections::BTreeMap;

use super::layout::{Strings, partition_point, u16_at, u32_at, u64_at, write_strings};
use super::write::Sections;
use super::{Kind, Snapshot, SnapshotSource};

/// The most clusters.
pub const MAX_CLUSTERS: usize = 8;

/// The most features: what 8 KiB hold.
pub const MAX_CLUSTER_FEATURES: usize = 300;

/// The longest name in bytes.
pub const MAX_CLUSTER_NAME_BYTES: usize = 96;

/// With fewer views than this a visitor belongs to no cluster.
pub const LEAST_CLUSTER_VIEWS: usize = 3;

/// What one counts.
pub const CLUSTER_ONE: f64 = 4096.0;

/// What was learned of kinds of visitors. Empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// What people call them, each another name.
    pub names: Vec<String>,
    /// Squared lengths of the centroids, in 1/[`CLUSTER_ONE`].
    pub norms: Vec<u32>,
    /// For each feature what a view with it counts for each cluster, likewise.
    pub features: BTreeMap<ClusterFeature, Vec<u16>>,
}

/// What views may have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterFeature {
    /// This very category.
    Category(String),
    /// This brand.
    Brand(String),
    /// This price band.
    PriceBand(u8),
    /// A reduced price in the first locale.
    OnSale,
}

/// Adds what was learned. `sections` has the dictionaries already.
pub(super) fn add(source: &SnapshotSource, sections: &mut Sections) {
    let Clusters {
        names,
        norms,
        features,
    } = &source.clusters;
    let count = names.len();
    let fits = (1..=MAX_CLUSTERS).contains(&count) && norms.len() == count;
    if !fits || features.values().any(|weights| weights.len() != count) {
        return;
    }
    let codes = |kind| {
        let column = sections.get(&(kind, 0))?;
        Strings::new(column.get(source.items.len() * 4..)?)
    };
    let (categories, brands) = (codes(Kind::Category), codes(Kind::Brand));
    let code = |strings: Option<Strings<'_>>, text: &str| Some(strings?.find(text)? as u64);
    let mut rows: BTreeMap<u64, &Vec<u16>> = BTreeMap::new();
    for (feature, weights) in features {
        let key = match feature {
            ClusterFeature::Category(text) => code(categories, text),
            ClusterFeature::Brand(text) => code(brands, text).map(|code| 1 << 32 | code),
            ClusterFeature::PriceBand(band) => Some(2 << 32 | u64::from(*band)),
            ClusterFeature::OnSale => Some(3 << 32),
        };
        if let Some(key) = key
            && rows.len() < MAX_CLUSTER_FEATURES
        {
            rows.insert(key, weights);
        }
    }
    let mut section = [count as u32, rows.len() as u32]
        .map(u32::to_le_bytes)
        .concat();
    section.extend(norms.iter().flat_map(|norm| norm.to_le_bytes()));
    section.extend(rows.keys().flat_map(|key| key.to_le_bytes()));
    let weights = rows.values().flat_map(|weights| weights.iter());
    section.extend(weights.flat_map(|weight| weight.to_le_bytes()));
    section.extend(write_strings(names.iter().map(|name| shortened(name))));
    sections.insert((Kind::Clusters, 0), section);
}

fn shortened(name: &str) -> &str {
    let end = (0..=MAX_CLUSTER_NAME_BYTES.min(name.len())).rev();
    let mut whole = end.filter_map(|end| name.get(..end));
    whole.next().unwrap_or_default()
}

/// The section, read in place.
#[derive(Clone, Copy)]
pub(super) struct Centroids<'a> {
    count: usize,
    rows: usize,
    norms: &'a [u8],
    keys: &'a [u8],
    weights: &'a [u8],
    names: Strings<'a>,
}

impl<'a> Centroids<'a> {
    fn new(section: &'a [u8]) -> Option<Self> {
        let (count, rows) = (u32_at(section, 0)? as usize, u32_at(section, 1)? as usize);
        let fits = (1..=MAX_CLUSTERS).contains(&count) && rows <= MAX_CLUSTER_FEATURES;
        let rest = section.get(8..).filter(|_| fits)?;
        let (norms, rest) = rest.split_at_checked(count * 4)?;
        let (keys, rest) = rest.split_at_checked(rows * 8)?;
        let (weights, rest) = rest.split_at_checked(rows * count * 2)?;
        let names = Strings::new(rest).filter(|names| names.len() == count)?;
        Some(Self {
            count,
            rows,
            norms,
            keys,
            weights,
            names,
        })
    }

    fn add(self, key: u64, sums: &mut [i64; MAX_CLUSTERS]) {
        let key_at = |row| u64_at(self.keys, row);
        let row = partition_point(self.rows, |row| key_at(row).is_some_and(|k| k < key));
        if key_at(row) != Some(key) {
            return;
        }
        for (cluster, sum) in sums.iter_mut().enumerate().take(self.count) {
            let weight = u16_at(self.weights, row * self.count + cluster).unwrap_or(0);
            *sum += 2 * i64::from(weight);
        }
    }

    /// Whether features ascend and names are texts.
    pub(super) fn is_right(self) -> bool {
        let ascends = |row| u64_at(self.keys, row) < u64_at(self.keys, row + 1);
        (0..self.rows.saturating_sub(1)).all(ascends)
            && (0..self.count).all(|at| {
                let name = self.names.get(at);
                name.is_some_and(|name| name.len() <= MAX_CLUSTER_NAME_BYTES)
            })
    }
}

impl Snapshot {
    /// The cluster of who looked at these items; `None` with fewer than [`LEAST_CLUSTER_VIEWS`], or where
    /// nothing was learned. Of equally near ones the first. Does not allocate.
    pub fn cluster_of(&self, seen: &[u32]) -> Option<u16> {
        let centroids = self.centroids()?;
        if seen.len() < LEAST_CLUSTER_VIEWS {
            return None;
        }
        let (category, brand) = (self.codes(Kind::Category), self.codes(Kind::Brand));
        let mut sums = [0i64; MAX_CLUSTERS];
        for &item in seen {
            let code = |column: &Option<super::Codes<'_>>| column.as_ref()?.get(item);
            let category = code(&category).map(u64::from);
            let brand = code(&brand).map(|code| 1 << 32 | u64::from(code));
            let band = self.price_band(item).map(|band| 2 << 32 | u64::from(band));
            let sale = self
                .sale_price(item, 0)
                .filter(|sale| self.price(item, 0).is_some_and(|price| *sale < price));
            let sale = sale.map(|_| 3 << 32);
            for key in [category, brand, band, sale].into_iter().flatten() {
                centroids.add(key, &mut sums);
            }
        }
        let views = i64::try_from(seen.len()).ok()?;
        let near = |cluster: usize| {
            let norm = i64::from(u32_at(centroids.norms, cluster).unwrap_or(u32::MAX));
            sums.get(cluster).map_or(i64::MIN, |sum| {
                sum.saturating_sub(views.saturating_mul(norm))
            })
        };
        let best = (0..centroids.count)
            .rev()
            .max_by_key(|&cluster| near(cluster))?;
        u16::try_from(best).ok()
    }

    /// What a cluster is called: conditions speak of it by this name.
    pub fn cluster_name(&self, cluster: u16) -> Option<&str> {
        self.centroids()?.names.get(usize::from(cluster))
    }

    /// How many clusters there are.
    pub fn clusters(&self) -> usize {
        self.centroids().map_or(0, |centroids| centroids.count)
    }

    pub(super) fn centroids(&self) -> Option<Centroids<'_>> {
        Centroids::new(self.section(Kind::Clusters, 0)?)
    }
}
