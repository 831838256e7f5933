//! The order of a list's tiles: a learned base order, and what is known of this visitor.
//!
//! ```text
//! rank = base order          popularity, at most 4 octaves over the whole shop; half an octave more for what trends
//!      + closeness           what goes with what was looked at: 4 octaves for the closest neighbour
//!      + tastes              each attribute by its measured lift times the share of views that have it, at most 2 octaves
//!      + said preferences    2 octaves for each attribute that has a preferred value
//!      + likes               2 octaves for what was liked itself
//!      - what cannot be had  behind all that can; behind that, what is disliked
//! ```
//!
//! # Position
//!
//! What stands first is seen, clicked and bought because it stands first, and is then learned to be popular. How
//! often a place is looked at falls about as one over its number (Joachims, Swaminathan and Schnabel, "Unbiased
//! learning-to-rank with biased feedback", 2017): between the first tile and the 48th lie 5.6 octaves of popularity
//! that say nothing of the products. Logs do not tell which place a product stood in, so that part cannot be
//! taken out; it is kept in check instead. On the log scale the whole shop's popularity is squeezed into
//! [`MOST_BASE`], a power below 1 of what was counted (Steck, "Item popularity and recommendation accuracy", 2011). So
//! what a visitor wants can pass whatever sells best, while the order without history stays as it is.

use std::sync::Arc;

use super::strategies::preference_of;
use super::{ActiveRules, Affinity, Known, MAX_SEEDS};
use crate::page::links::{item_of_link, item_of_text};
use crate::site::Site;
use crate::snapshot::{AttributeWeights, Kind, MAX_GROUP_TRENDING, Snapshot};
use crate::visitor::{Preference, ValueKey};

/// Ranks are on a log scale: so much more is twice as wanted. It is that of [`AttributeWeights`].
const OCTAVE: i64 = AttributeWeights::OCTAVE as i64;

/// [`Snapshot::popularity`] has 4,096 for an octave.
const POPULARITY_SCALE: i64 = OCTAVE / 4096;

/// What the base order counts at most between any two items of a shop.
const MOST_BASE: i64 = 4 * OCTAVE;

/// What trends most in its category moves up by so much; the others by less, evenly.
const TRENDING: i64 = OCTAVE / 2;

/// An item as close to the newest view as can be passes every other that nothing but the base order speaks for.
const CLOSEST: i64 = MOST_BASE;

/// What one attribute counts at most: lifts are measured one by one and overlap.
const MOST_TASTE: i64 = 2 * OCTAVE;

/// What was said counts as much as the strongest taste.
const PREFERRED: i64 = MOST_TASTE;
const LIKED: i64 = MOST_TASTE;

/// What cannot be bought goes behind everything that can, and what is disliked behind that.
const OUT_OF_STOCK: i64 = -(1 << 40);
const DISLIKED: i64 = -(1 << 41);

/// What a visitor prefers in one column.
#[derive(Debug, Clone)]
struct Taste {
    column: Kind,
    /// Codes, each with what it moves: the measured weight times the share of views that have it.
    gains: Vec<(u32, i64)>,
}

/// Gives each tile's product its rank. Holds the snapshot, so that a rewriter needs none.
#[derive(Debug, Clone)]
pub struct Ranker {
    snapshot: Arc<Snapshot>,
    site: Arc<Site>,
    affinity: Affinity,
    tastes: Vec<Taste>,
    preferences: Vec<Preference>,
    liked: Vec<u32>,
    disliked: Vec<u32>,
    /// The best seller's popularity, in [`OCTAVE`]s.
    most_popular: i64,
    base: String,
    /// What merchandisers want in this list, and what it is called.
    rules: Option<(ActiveRules, String)>,
}

impl Ranker {
    /// For a page at the path `base` and what is known of its visitor: nothing of all visitors without
    /// history, who so get the same order.
    pub fn new(
        snapshot: &Arc<Snapshot>,
        site: &Arc<Site>,
        known: &Known<'_>,
        affinity: &Affinity,
        base: &str,
    ) -> Self {
        let said = known.state.map_or(&[][..], |state| &state.preferences);
        // Items stand in descending popularity.
        let most_popular = i64::from(snapshot.popularity(0)) * POPULARITY_SCALE;
        Self {
            snapshot: Arc::clone(snapshot),
            site: Arc::clone(site),
            affinity: affinity.clone(),
            tastes: tastes(snapshot, known),
            preferences: said.to_vec(),
            liked: known.liked.to_vec(),
            disliked: known.disliked.to_vec(),
            most_popular,
            base: base.to_owned(),
            rules: None,
        }
    }

    /// The same with what merchandisers want in the list called `place`.
    pub fn with_rules(self, rules: &ActiveRules, place: &str) -> Self {
        let rules = (!rules.is_empty()).then(|| (rules.clone(), place.to_owned()));
        Self { rules, ..self }
    }

    /// The product that a link leads to; `None` when it leads to none.
    pub fn item_of_link(&self, href: &str) -> Option<u32> {
        item_of_link(&self.site, &self.snapshot, href, &self.base)
    }

    /// The product with this id of the feed; `None` when there is none.
    pub fn item_of_id(&self, id: &str) -> Option<u32> {
        self.snapshot.item_of_id(id)
    }

    /// The rank of the product with this id of the feed; `None` when there is none.
    pub fn rank_id(&self, id: &str) -> Option<i64> {
        self.item_of_id(id).map(|item| self.rank(item))
    }

    /// The product that a text names: by an item's id, or a link; `None` when it names none.
    pub fn item_of_text(&self, text: &str) -> Option<u32> {
        item_of_text(&self.site, &self.snapshot, text, &self.base)
    }

    /// The rank of a product, higher first.
    pub fn rank(&self, item: u32) -> i64 {
        let mut rank = self.base_of(item);
        let closeness = i64::try_from(self.affinity.score(item)).unwrap_or(i64::MAX);
        rank += closeness.min(1 << 32) * (CLOSEST / OCTAVE);
        for Taste { column, gains } in &self.tastes {
            let code = code(&self.snapshot, *column, item);
            let gain = code.and_then(|code| gains.iter().find(|(known, _)| *known == code));
            rank += gain.map_or(0, |(_, gain)| *gain);
        }
        rank += PREFERRED * self.preferences_of(item);
        if self.liked.contains(&item) {
            rank += LIKED;
        }
        if !self.snapshot.availability(item).is_orderable() {
            rank += OUT_OF_STOCK;
        }
        if self.disliked.contains(&item) {
            rank += DISLIKED;
        }
        match &self.rules {
            Some((rules, place)) => rules.at(place).rank_tile(item, rank),
            None => rank,
        }
    }

    /// What every visitor's order begins with.
    fn base_of(&self, item: u32) -> i64 {
        let popularity = i64::from(self.snapshot.popularity(item)) * POPULARITY_SCALE;
        // A forged snapshot's best seller may not stand first.
        let most = self.most_popular.max(MOST_BASE);
        let base = (popularity * MOST_BASE / most).min(MOST_BASE);
        let category = self.snapshot.code(Kind::Category, item);
        let trending = category.and_then(|category| {
            let mut all = self.snapshot.trending_by_category(category);
            let places = MAX_GROUP_TRENDING as i64;
            let place = all
                .by_ref()
                .take(MAX_GROUP_TRENDING)
                .position(|of| of == item)?;
            Some(TRENDING * (places - place as i64) / places)
        });
        base + trending.unwrap_or(0)
    }

    /// How many attributes of an item have a value that the visitor said to prefer.
    fn preferences_of(&self, item: u32) -> i64 {
        if self.preferences.is_empty() {
            return 0;
        }
        let is_said = |column: Kind, text: &str| {
            let kind = preference_of(column);
            let value = ValueKey::of(text);
            let mut said = self.preferences.iter();
            said.any(|said| Some(said.kind) == kind && said.value == value)
        };
        let has_said = |column: &&Kind| {
            let code = self.snapshot.code(**column, item);
            let mut text = code.and_then(|code| self.snapshot.code_text(**column, code));
            while let Some(value) = text {
                if is_said(**column, value) {
                    return true;
                }
                // What is preferred of a category is so below it.
                let above = value.rsplit_once(" > ").map(|(above, _)| above);
                text = above.filter(|_| **column == Kind::Category);
            }
            false
        };
        let columns = [
            Kind::Brand,
            Kind::Category,
            Kind::Color,
            Kind::Size,
            Kind::Material,
        ];
        columns.iter().filter(has_said).count() as i64
    }
}

/// An item's code, or its price band.
fn code(snapshot: &Snapshot, column: Kind, item: u32) -> Option<u32> {
    match column {
        Kind::PriceBand => snapshot.price_band(item).map(u32::from),
        column => snapshot.code(column, item),
    }
}

/// What the newest views and likes have in common, attribute by attribute, as far as this shop's log says that
/// it tells something of the next one.
fn tastes(snapshot: &Snapshot, known: &Known<'_>) -> Vec<Taste> {
    let weights = snapshot.attribute_weights();
    let columns = [
        (Kind::Brand, weights.brand),
        (Kind::Category, weights.category),
        (Kind::Color, weights.color),
        (Kind::Size, weights.size),
        (Kind::Material, weights.material),
        (Kind::PriceBand, weights.price),
    ];
    let newest = || {
        known
            .seen
            .iter()
            .take(MAX_SEEDS)
            .chain(known.liked.iter().take(MAX_SEEDS))
    };
    let count = i64::try_from(newest().count()).unwrap_or(i64::MAX).max(1);
    let taste = |(column, weight): (Kind, u32)| {
        let most = i64::from(weight).min(MOST_TASTE);
        let mut gains: Vec<(u32, i64)> = Vec::new();
        for code in newest().filter_map(|&item| code(snapshot, column, item)) {
            match gains.iter_mut().find(|(known, _)| *known == code) {
                Some((_, times)) => *times += 1,
                None => gains.push((code, 1)),
            }
        }
        gains
            .iter_mut()
            .for_each(|(_, times)| *times = *times * most / count);
        Taste { column, gains }
    };
    let measured = columns.into_iter().filter(|(_, weight)| *weight > 0);
    measured
        .map(taste)
        .filter(|taste| !taste.gains.is_empty())
        .collect()
}
