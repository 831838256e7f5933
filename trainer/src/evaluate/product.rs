//! The product's own model, as an edge computes it: trained by the trainer, written into a snapshot,
//! read back, and asked through the engine.

use tailorbird::recommend::Affinity;
use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{self, ItemRecord, ItemText, Kind, Snapshot, SnapshotSource};
use tailorbird::visitor::MAX_VIEWS;

use super::EvaluateError;
use super::data::Data;
use super::rank::{Recommend, Sums};
use crate::feed::Catalogue;
use crate::interactions::{Log, StoreError};
use crate::train::{Model, Settings, train};

/// What the trainer made of the training part.
pub(super) struct Trained {
    model: Model,
    items: Vec<ItemRecord>,
}

impl Trained {
    /// Trains on a log's training part, with what `feed` says of its items; of an item that the feed
    /// does not have, nothing but its id is known.
    pub(super) fn learn(
        data: &Data,
        feed: Option<&Catalogue>,
        settings: &Settings,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Self, StoreError> {
        let described = |id: &str| {
            let feed = feed?;
            let mut item = feed.items().get(feed.position(id)? as usize)?.clone();
            item.texts.truncate(1);
            Some(item)
        };
        let record = |id: &String| {
            described(id).unwrap_or_else(|| ItemRecord {
                id: id.clone(),
                texts: vec![ItemText::default()],
                ..ItemRecord::default()
            })
        };
        let items: Vec<ItemRecord> = data.items.iter().map(record).collect();
        let log = Log::of(&data.interactions);
        let model = train(&items, &log, settings, progress)?;
        Ok(Self { model, items })
    }

    /// The longest list of neighbours.
    pub(super) fn longest(&self) -> usize {
        let lengths = self.model.viewed_together.iter().map(Vec::len);
        lengths.max().unwrap_or(0)
    }

    /// The snapshot with lists of at most so many neighbours, opened as an edge opens it.
    pub(super) fn packed(&self, neighbours: usize) -> Result<Product, EvaluateError> {
        let order = &self.model.order;
        let mut index_of = vec![0; order.len()];
        for (index, &item) in (0u32..).zip(order) {
            index_of[item as usize] = index;
        }
        let cut = |list: &Vec<snapshot::Neighbour>| list[..list.len().min(neighbours)].to_vec();
        let source = SnapshotSource {
            items: order
                .iter()
                .map(|&item| self.items[item as usize].clone())
                .collect(),
            viewed_together: self.model.viewed_together.iter().map(cut).collect(),
            neighbour_order: self.model.neighbour_order.clone(),
            bought_together: self.model.bought_together.iter().map(cut).collect(),
            similar_by_content: self.model.similar_by_content.iter().map(cut).collect(),
            query: self.model.query,
            attributes: self.model.attributes,
            blend: self.model.blend,
            popularity: self.model.popularity.clone(),
            site: Site {
                locales: vec![Locale::default()],
                ..Site::default()
            },
            ..SnapshotSource::default()
        };
        let snapshot = Snapshot::open(snapshot::write(&source)?)?;
        Ok(Product {
            snapshot,
            index_of,
            item_of: order.clone(),
        })
    }
}

/// A snapshot, and how its items are numbered here.
pub(super) struct Product {
    snapshot: Snapshot,
    index_of: Vec<u32>,
    item_of: Vec<u32>,
}

impl Product {
    /// The whole file, with all that a shop's snapshot has beside the model: here, ids alone.
    pub(super) fn file_bytes(&self) -> u64 {
        self.snapshot.file_bytes() as u64
    }

    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What the visitor's cookie has of these views: newest first, each once.
    pub(super) fn seen(&self, views: &[u32]) -> Vec<u32> {
        let mut seen: Vec<u32> = Vec::with_capacity(views.len().min(MAX_VIEWS));
        for &item in views.iter().rev() {
            let index = self.index_of[item as usize];
            if seen.len() < MAX_VIEWS && !seen.contains(&index) {
                seen.push(index);
            }
        }
        seen
    }
}

impl Recommend for Product {
    fn rank(&self, views: &[u32], most: usize, _: &mut Sums, list: &mut Vec<u32>) {
        let affinity = Affinity::of(&self.snapshot, &self.seen(views));
        list.extend(
            affinity
                .ranked()
                .take(most)
                .map(|index| self.item_of[index as usize]),
        );
    }

    fn falls_back(&self) -> bool {
        true
    }

    /// The sections that hold the model: neighbours of all kinds, weights and popularity.
    fn bytes(&self) -> u64 {
        let sections = self.snapshot.sections().iter();
        sections
            .filter(|s| {
                matches!(
                    s.kind,
                    Kind::PackedViewedTogether
                        | Kind::BoughtTogether
                        | Kind::SimilarByContent
                        | Kind::AttributeWeights
                        | Kind::BlendWeights
                        | Kind::Popularity
                )
            })
            .map(|s| s.range.len() as u64)
            .sum()
    }
}
