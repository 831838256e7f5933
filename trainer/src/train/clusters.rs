//! Kinds of visitors, learned from sessions by what is looked at: k-means (Lloyd, "Least Squares
//! Quantization in PCM", 1982), begun as by Arthur and Vassilvitskii ("k-means++", 2007) with a fixed
//! sequence of random numbers, so that the same sessions give the same clusters and names.
//!
//! A session is a point: the shares of its views by category (of the first level at which there are
//! several), brand, price band, and reduced price.

use std::collections::{BTreeMap, BTreeSet};

use tailorbird::snapshot::{
    CLUSTER_ONE, ClusterFeature, Clusters, ItemRecord, LEAST_CLUSTER_VIEWS, MAX_CLUSTERS,
    PRICE_BANDS, price_bands,
};

use crate::sessions::Sessions;

/// The newest sessions that are looked at.
pub const MAX_CLUSTER_SESSIONS: usize = 10_000;
/// With fewer there is nothing to tell apart.
pub const MIN_CLUSTER_SESSIONS: usize = 200;
/// The least share of sessions that a cluster has.
pub const LEAST_CLUSTER_SHARE: f64 = 0.03;
/// One cluster more must explain at least this share of what differs between sessions.
pub const LEAST_GAIN: f64 = 0.04;

/// How many categories and brands are told apart, the most viewed ones.
const MAX_GROUPS: usize = 32;
/// How many categories of the feed lead to these.
const MAX_LEAVES: usize = 224;
/// How much a share of each kind counts: what a category says of a session, a brand says less of, and so
/// on.
const CATEGORY_SCALE: f64 = 1.0;
const BRAND_SCALE: f64 = 0.8;
const BAND_SCALE: f64 = 0.5;
const SALE_SCALE: f64 = 0.5;

const ROUNDS: usize = 25;
const SEPARATOR: &str = " > ";

/// Learns at most [`MAX_CLUSTERS`] clusters; none where sessions are few or all alike. `items` in index
/// order.
pub fn clusters(items: &[&ItemRecord], sessions: &Sessions) -> Clusters {
    let space = Space::of(items, sessions);
    let skipped = sessions.len().saturating_sub(MAX_CLUSTER_SESSIONS);
    let points: Vec<Point> = sessions
        .iter()
        .skip(skipped)
        .filter_map(|session| space.point(session.steps))
        .collect();
    if points.len() < MIN_CLUSTER_SESSIONS {
        return Clusters::default();
    }
    let mut best = vec![mean(&points, space.dims)];
    let total = spread(&points, &best);
    let mut before = total;
    for count in 2..=MAX_CLUSTERS {
        let centroids = k_means(&points, space.dims, count);
        let after = spread(&points, &centroids);
        let least = (points.len() as f64 * LEAST_CLUSTER_SHARE).ceil() as usize;
        let is_even = sizes(&points, &centroids).iter().all(|&size| size >= least);
        // A count that leaves some cluster too small may be followed by one that does not.
        if is_even && before - after >= LEAST_GAIN * total {
            (best, before) = (centroids, after);
        }
    }
    if best.len() < 2 {
        return Clusters::default();
    }
    let sizes = sizes(&points, &best);
    let mut order: Vec<usize> = (0..best.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(sizes[at]), at));
    let centroids: Vec<Vec<f64>> = order.into_iter().map(|at| best[at].clone()).collect();
    let all = mean(&points, space.dims);
    let whole = |value: f64| (value * CLUSTER_ONE).round().max(0.0);
    Clusters {
        names: space.names(&centroids, &all),
        norms: centroids
            .iter()
            .map(|of| whole(square(of)) as u32)
            .collect(),
        features: space
            .features
            .iter()
            .map(|(feature, at)| {
                let scale = space.scale(*at);
                let weights = centroids.iter().map(|of| whole(scale * of[*at]) as u16);
                (feature.clone(), weights.collect())
            })
            .collect(),
    }
}

/// A session: dimensions in ascending order with what they are, and the squared length.
struct Point {
    at: Vec<(usize, f64)>,
    square: f64,
}

/// What points are made of.
struct Space<'a> {
    dims: usize,
    groups: Vec<&'a str>,
    brands: Vec<&'a str>,
    /// For each item its dimensions.
    of_item: Vec<Vec<usize>>,
    /// What the edge sees of an item, and which dimension it is.
    features: BTreeMap<ClusterFeature, usize>,
}

impl<'a> Space<'a> {
    fn of(items: &[&'a ItemRecord], sessions: &Sessions) -> Self {
        let level = first_level(items);
        let mut views = vec![0u32; items.len()];
        for &item in sessions.iter().flat_map(|session| session.steps) {
            if let Some(count) = views.get_mut(item as usize) {
                *count += 1;
            }
        }
        let most = |pick: &dyn Fn(&'a ItemRecord) -> &'a str, most: usize| {
            let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
            for (item, &views) in items.iter().zip(&views) {
                *counts.entry(pick(item)).or_default() += views;
            }
            counts.remove("");
            let mut ranked: Vec<(&str, u32)> = counts.into_iter().filter(|c| c.1 > 0).collect();
            ranked.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
            let mut names: Vec<&str> = ranked.into_iter().take(most).map(|of| of.0).collect();
            names.sort_unstable();
            names
        };
        let group = move |item: &'a ItemRecord| levels(&item.category, level);
        let groups = most(&group, MAX_GROUPS);
        let brands = most(&|item| &item.brand, MAX_GROUPS);
        let leaves: BTreeSet<&str> = most(&|item| &item.category, MAX_LEAVES)
            .into_iter()
            .collect();
        let (first_brand, first_band) = (groups.len(), groups.len() + brands.len());
        let sale = first_band + usize::from(PRICE_BANDS);
        let mut features = BTreeMap::new();
        let mut of_item = Vec::with_capacity(items.len());
        for (item, band) in items.iter().zip(price_bands(items)) {
            let mut dims = Vec::new();
            if leaves.contains(item.category.as_str())
                && let Ok(at) = groups.binary_search(&group(item))
            {
                dims.push(at);
                features.insert(ClusterFeature::Category(item.category.clone()), at);
            }
            if let Ok(at) = brands.binary_search(&item.brand.as_str()) {
                dims.push(first_brand + at);
                features.insert(ClusterFeature::Brand(item.brand.clone()), first_brand + at);
            }
            if band > 0 {
                let at = first_band + usize::from(band) - 1;
                dims.push(at);
                features.insert(ClusterFeature::PriceBand(band), at);
            }
            if item
                .texts
                .first()
                .is_some_and(|text| text.discount().is_some())
            {
                dims.push(sale);
                features.insert(ClusterFeature::OnSale, sale);
            }
            of_item.push(dims);
        }
        Self {
            dims: sale + 1,
            groups,
            brands,
            of_item,
            features,
        }
    }

    fn first_band(&self) -> usize {
        self.groups.len() + self.brands.len()
    }

    fn scale(&self, at: usize) -> f64 {
        match at {
            _ if at < self.groups.len() => CATEGORY_SCALE,
            _ if at < self.first_band() => BRAND_SCALE,
            _ if at + 1 < self.dims => BAND_SCALE,
            _ => SALE_SCALE,
        }
    }

    fn point(&self, steps: &[u32]) -> Option<Point> {
        if steps.len() < LEAST_CLUSTER_VIEWS {
            return None;
        }
        let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
        for &item in steps {
            for &at in self.of_item.get(item as usize).into_iter().flatten() {
                *shares.entry(at).or_default() += self.scale(at) / steps.len() as f64;
            }
        }
        let at: Vec<(usize, f64)> = shares.into_iter().collect();
        let square = at.iter().map(|(_, value)| value * value).sum();
        (!at.is_empty()).then_some(Point { at, square })
    }

    /// What stands out in each: "Shoes · Nike · dear".
    fn names(&self, centroids: &[Vec<f64>], all: &[f64]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for of in centroids {
            let mut parts: Vec<String> = Vec::new();
            let shares = |from: usize, names: &[&str]| {
                let share = |at: usize| (of[at] / self.scale(at), all[at] / self.scale(at));
                let telling = (from..from + names.len()).filter(|&at| {
                    let (here, usual) = share(at);
                    here >= LEAST_SHARE && here >= LEAST_LIFT * usual
                });
                let best =
                    telling.max_by(|&a, &b| share(a).0.total_cmp(&share(b).0).then(b.cmp(&a)));
                best.and_then(|at| names.get(at - from).map(|name| (*name).to_owned()))
            };
            if let Some(group) = shares(0, &self.groups) {
                let last = group.rsplit(SEPARATOR).next().unwrap_or_default();
                parts.push(last.to_owned());
            }
            parts.extend(shares(self.groups.len(), &self.brands));
            let (here, usual) = (self.mean_band(of), self.mean_band(all));
            if let Some((here, usual)) = here.zip(usual) {
                if here - usual >= LEAST_BANDS {
                    parts.push("dear".into());
                } else if usual - here >= LEAST_BANDS {
                    parts.push("cheap".into());
                }
            }
            let sale = self.dims - 1;
            if (of[sale] - all[sale]) / SALE_SCALE >= LEAST_SALE {
                parts.push("reduced".into());
            }
            if parts.is_empty() {
                parts.push("mixed".into());
            }
            let name = parts.join(" · ");
            let same = names.iter().filter(|other| {
                let rest = other.strip_prefix(&name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" · 2"))
            });
            match same.count() {
                0 => names.push(name),
                // Sorted by size, so that the larger one has the plain name.
                count => names.push(format!("{name} · {}", count + 1)),
            }
        }
        names
    }

    fn mean_band(&self, of: &[f64]) -> Option<f64> {
        let bands = of.get(self.first_band()..self.dims - 1)?;
        let sum: f64 = bands.iter().sum();
        let weighted: f64 = bands
            .iter()
            .zip(1u32..)
            .map(|(v, band)| v * f64::from(band))
            .sum();
        (sum > 0.0).then(|| weighted / sum)
    }
}

/// A name tells what at least this share of views has …
const LEAST_SHARE: f64 = 0.25;
/// … so many times as often as in all sessions.
const LEAST_LIFT: f64 = 1.4;
/// How many price bands above or below the usual are dear or cheap.
const LEAST_BANDS: f64 = 0.6;
/// How much more of the views are of reduced things.
const LEAST_SALE: f64 = 0.15;

/// The first levels of a category.
fn levels(category: &str, count: usize) -> &str {
    let ends = category.match_indices(SEPARATOR).map(|(at, _)| at);
    let end = ends.chain([category.len()]).nth(count - 1);
    category
        .get(..end.unwrap_or(category.len()))
        .unwrap_or_default()
}

/// The first level at which there is more than one category, at most the third.
fn first_level(items: &[&ItemRecord]) -> usize {
    let is_split = |level: &usize| {
        let all = items.iter().map(|item| levels(&item.category, *level));
        let all: BTreeSet<&str> = all.filter(|category| !category.is_empty()).collect();
        all.len() > 1
    };
    (1..=3).find(is_split).unwrap_or(1)
}

fn square(of: &[f64]) -> f64 {
    of.iter().map(|value| value * value).sum()
}

fn mean(points: &[Point], dims: usize) -> Vec<f64> {
    let mut sum = vec![0.0; dims];
    for &(at, value) in points.iter().flat_map(|point| &point.at) {
        sum[at] += value;
    }
    sum.iter_mut()
        .for_each(|value| *value /= points.len().max(1) as f64);
    sum
}

/// The nearest centroid, the first of equals, and the squared distance to it.
fn nearest(point: &Point, centroids: &[Vec<f64>], squares: &[f64]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (number, (centroid, square)) in centroids.iter().zip(squares).enumerate() {
        let dot: f64 = point
            .at
            .iter()
            .map(|&(at, value)| value * centroid[at])
            .sum();
        let distance = (point.square - 2.0 * dot + square).max(0.0);
        if distance < best.1 {
            best = (number, distance);
        }
    }
    best
}

fn squares(centroids: &[Vec<f64>]) -> Vec<f64> {
    centroids.iter().map(|of| square(of)).collect()
}

fn spread(points: &[Point], centroids: &[Vec<f64>]) -> f64 {
    let squares = squares(centroids);
    points
        .iter()
        .map(|point| nearest(point, centroids, &squares).1)
        .sum()
}

fn sizes(points: &[Point], centroids: &[Vec<f64>]) -> Vec<usize> {
    let squares = squares(centroids);
    let mut sizes = vec![0; centroids.len()];
    for point in points {
        sizes[nearest(point, centroids, &squares).0] += 1;
    }
    sizes
}

fn k_means(points: &[Point], dims: usize, count: usize) -> Vec<Vec<f64>> {
    let mut centroids = begin(points, dims, count);
    for _ in 0..ROUNDS {
        let lengths = squares(&centroids);
        let mut sums = vec![vec![0.0; dims]; centroids.len()];
        let mut sizes = vec![0usize; centroids.len()];
        for point in points {
            let (at, _) = nearest(point, &centroids, &lengths);
            sizes[at] += 1;
            point
                .at
                .iter()
                .for_each(|&(dim, value)| sums[at][dim] += value);
        }
        let mut has_moved = false;
        for ((centroid, sum), &size) in centroids.iter_mut().zip(&sums).zip(&sizes) {
            if size == 0 {
                continue;
            }
            let next: Vec<f64> = sum.iter().map(|value| value / size as f64).collect();
            has_moved |= next != *centroid;
            *centroid = next;
        }
        if !has_moved {
            break;
        }
    }
    centroids
}

/// First centroids: points, each drawn by its squared distance to those before it.
fn begin(points: &[Point], dims: usize, count: usize) -> Vec<Vec<f64>> {
    let dense = |point: &Point| {
        let mut all = vec![0.0; dims];
        point.at.iter().for_each(|&(at, value)| all[at] = value);
        all
    };
    let mut state = 0x7461_696c_6f72_6264u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let first = (next() * points.len() as f64) as usize;
    let mut centroids: Vec<Vec<f64>> = points.get(first).map(dense).into_iter().collect();
    while centroids.len() < count {
        let squares = squares(&centroids);
        let far = |point: &Point| nearest(point, &centroids, &squares).1;
        let distances: Vec<f64> = points.iter().map(far).collect();
        let mut left = next() * distances.iter().sum::<f64>();
        let drawn = distances.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        match drawn.and_then(|at| points.get(at)) {
            Some(point) => centroids.push(dense(point)),
            None => break,
        }
    }
    centroids
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::snapshot::{ItemText, Snapshot, SnapshotSource, write};

    /// 30 items: dear shoes of one brand, cheap shirts, hats of all prices and brands.
    fn items() -> Vec<ItemRecord> {
        let item = |at: u32| {
            let (category, brand, price) = match at / 10 {
                0 => ("Shop > Shoes", "Nike", 9_000 + at),
                1 => ("Shop > Shirts", ["Ulme", "Ufer"][at as usize % 2], 500 + at),
                _ => (
                    "Shop > Hats > Caps",
                    ["Nike", "Ulme", "Ufer"][at as usize % 3],
                    400 * (at - 19),
                ),
            };
            ItemRecord {
                id: format!("i{at:02}"),
                category: category.into(),
                brand: brand.into(),
                texts: vec![ItemText {
                    price: Some(price),
                    sale_price: (at >= 26).then_some(100),
                    ..ItemText::default()
                }],
                ..ItemRecord::default()
            }
        };
        (0..30).map(item).collect()
    }

    fn sessions(each: usize) -> Sessions {
        let mut all = Sessions::default();
        for number in 0..each as u32 {
            for kind in 0..3 {
                let step = |at: u32| kind * 10 + (number * 3 + at * 7) % 10;
                all.push(0, &[step(0), step(1), step(2), step(3)]);
            }
            all.push(0, &[number % 30]);
        }
        all
    }

    #[test]
    fn sessions_of_a_kind_are_a_cluster_with_a_name() {
        let items = items();
        let refs: Vec<&ItemRecord> = items.iter().collect();
        let found = clusters(&refs, &sessions(100));
        assert_eq!(found, clusters(&refs, &sessions(100)), "the same again");
        assert!((3..=MAX_CLUSTERS).contains(&found.names.len()), "{found:?}");
        let has = |part: &str| found.names.iter().any(|name| name.contains(part));
        assert!(
            has("Shoes · Nike") && has("Shirts") && has("Caps") || has("Hats"),
            "{:?}",
            found.names
        );
        let names: BTreeSet<&String> = found.names.iter().collect();
        assert_eq!(names.len(), found.names.len(), "each has a name of its own");
        // The edge finds them by whole numbers.
        let source = SnapshotSource {
            viewed_together: vec![Vec::new(); items.len()],
            popularity: vec![0.0; items.len()],
            clusters: found,
            items: items.clone(),
            site: tailorbird::site::Site {
                locales: vec![Default::default()],
                ..Default::default()
            },
            ..SnapshotSource::default()
        };
        let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
        let name = |seen: &[u32]| {
            let cluster = snapshot.cluster_of(seen).expect("a cluster");
            snapshot.cluster_name(cluster).expect("a name").to_owned()
        };
        assert!(
            name(&[0, 3, 5, 9]).starts_with("Shoes · Nike"),
            "{}",
            name(&[0, 3, 5, 9])
        );
        assert!(name(&[10, 13, 15]).starts_with("Shirts"));
    }

    #[test]
    fn little_or_nothing_to_tell_apart_is_no_cluster() {
        let items = items();
        let refs: Vec<&ItemRecord> = items.iter().collect();
        let few = sessions(MIN_CLUSTER_SESSIONS / 3 - 1);
        assert_eq!(clusters(&refs, &few), Clusters::default());
        let mut alike = Sessions::default();
        (0..900).for_each(|_| alike.push(0, &[1, 2, 3]));
        assert_eq!(clusters(&refs, &alike), Clusters::default());
        assert_eq!(clusters(&[], &Sessions::default()), Clusters::default());
    }

    #[test]
    fn levels_of_categories() {
        assert_eq!(levels("A > B > C", 1), "A");
        assert_eq!(levels("A > B > C", 2), "A > B");
        assert_eq!(levels("A", 2), "A");
        assert_eq!(levels("", 1), "");
    }
}
