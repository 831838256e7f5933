//! The models: how much each item is wanted, now and usually; which items are looked at together,
//! bought together, described alike; and what recent views say.

mod affinities;
mod baskets;
mod blend;
mod clusters;
mod complements;
mod content;
mod features;
mod held_back;
mod learned;
mod neighbours;
mod occurrences;
mod order;
mod popularity;
mod smooth;
mod sums;
mod trending;
mod tune;

use std::collections::BTreeMap;

use tailorbird::snapshot::{
    AttributeWeights, BlendWeights, Clusters, ItemRecord, Neighbour, QueryWeights,
};

use crate::interactions::{Log, StoreError};
use crate::sessions::{Reloads, Rules};

pub use affinities::{Columns, LEAST_CASES, PRIOR_HITS, affinities};
pub use baskets::{BASKET_NEIGHBOURS, LEAST_SUPPORT, bought_together};
use blend::{Beside, blend_weights};
pub use clusters::{
    LEAST_CLUSTER_SHARE, LEAST_GAIN, MAX_CLUSTER_SESSIONS, MIN_CLUSTER_SESSIONS, clusters,
};
pub use complements::{ENOUGH_BASKETS, LEAST_PAIRS, complements};
pub use content::{
    CANDIDATES, CONTENT_NEIGHBOURS, CONTRAST, LEAST_SIMILARITY, MAX_POSTINGS, MAX_VISITS,
    PRICE_SHARE, similar_by_content,
};
pub use features::{
    BRAND_WEIGHT, CATEGORY_WEIGHT, COLOR_WEIGHT, MATERIAL_WEIGHT, MAX_TITLE_WORDS, SIZE_WEIGHT,
    TITLE_WEIGHT,
};
pub use held_back::{Found, HeldBack, MIN_CASES};
use learned::Learned;
pub use neighbours::{BACKWARD_WEIGHT, DISTANCE_DECAY, KEPT_PAIRS, MAX_DISTANCE, viewed_together};
pub use popularity::{ADD_TO_CART_WEIGHT, PURCHASE_WEIGHT, VIEW_WEIGHT, Wanted, weight};
pub use smooth::{MUCH_EVIDENCE, STEP_NEIGHBOURS, WALK_WEIGHT};
pub use trending::{
    LEAST_RISE, PRIOR_EVENTS, RECENT_HALF_LIFE_DAYS, USUAL_HALF_LIFE_DAYS, trending,
};

/// What can be tuned. The defaults are measured; see each constant of this module.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// What makes a session.
    pub sessions: Rules,
    /// After so many days, an event counts half for popularity.
    pub popularity_half_life_days: f64,
    /// After so many days, a session counts half for neighbours.
    pub session_half_life_days: f64,
    /// The most neighbours of an item, at most [`MAX_NEIGHBOURS`](tailorbird::snapshot::MAX_NEIGHBOURS).
    pub neighbours: usize,
    /// Whether to hand out what was held back ([`Model::held_back`]). It takes as much memory as the
    /// lists themselves, so only who cuts them asks for it.
    pub hold_back: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sessions: Rules::default(),
            popularity_half_life_days: POPULARITY_HALF_LIFE_DAYS,
            session_half_life_days: SESSION_HALF_LIFE_DAYS,
            neighbours: NEIGHBOURS,
            hold_back: false,
        }
    }
}

/// How soon wanting wears off. Two weeks follow a season's change; less would be noise in a shop with
/// few orders a day.
pub const POPULARITY_HALF_LIFE_DAYS: f64 = 14.0;

/// How many neighbours an item has where no size is asked for: more add less than 0.1 % of hits.
pub const NEIGHBOURS: usize = 40;

/// How soon a session's pairs wear off: what goes together changes more slowly than what is wanted.
pub const SESSION_HALF_LIFE_DAYS: f64 = 90.0;

/// What is measured on a shop's own sessions is measured on the newest ones, as many as have so many
/// steps: it costs the same in a larger shop.
const TUNED_STEPS: usize = 2_000_000;

/// What was learned, in index order: descending popularity, ties by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// `order[i]` is the catalogue's position of the item with index `i`.
    pub order: Vec<u32>,
    /// By index, descending.
    pub popularity: Vec<f32>,
    /// By index: neighbours, strongest first, ties by index; weights in shares of the strongest.
    pub viewed_together: Vec<Vec<Neighbour>>,
    /// Likewise, by what was in the same orders.
    pub bought_together: Vec<Vec<Neighbour>>,
    /// Likewise, by what the feed says.
    pub similar_by_content: Vec<Vec<Neighbour>>,
    /// By index: by which factor, less 1, each item is wanted beyond what is usual for it.
    pub trending: Vec<f32>,
    /// What a view says about the next one's attributes.
    pub attributes: AttributeWeights,
    /// What counts for "recommended for you" beside what is viewed together.
    pub blend: BlendWeights,
    /// What recent views weigh against each other.
    pub query: QueryWeights,
    /// The items in an order that makes packed neighbour lists small.
    pub neighbour_order: Vec<u32>,
    /// For each category those that go with it, strongest first.
    pub complements: BTreeMap<String, Vec<(String, f32)>>,
    /// Kinds of visitors.
    pub clusters: Clusters,
    /// How many sessions had at least one step.
    pub sessions: u64,
    /// How many sessions were left out as a machine's.
    pub machines: u64,
    /// What cuts can be measured on, where it was asked for and there is enough of it.
    pub held_back: Option<HeldBack>,
}

/// Learns from interactions with a catalogue's items. Without interactions the model is a cold one:
/// items by id, popularity 0, no neighbours but those that the feed describes alike.
///
/// `progress` is told how far the neighbours are, out of how much: each item is visited three times.
///
/// # Errors
///
/// [`StoreError`] when what was written to disk cannot be read.
pub fn train(
    items: &[ItemRecord],
    log: &Log,
    settings: &Settings,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Model, StoreError> {
    // With reloads, which the query's weights are measured on; the lists follow the settings.
    let rules = Rules {
        reloads: Reloads::Kept,
        ..settings.sessions
    };
    let mut learned = Learned::from(log, items.len(), rules, settings)?;
    let order = by_popularity(items, &learned.wanted);
    let mut index_of = vec![0; items.len()];
    for (index, &position) in order.iter().enumerate() {
        index_of[position as usize] = index as u32;
    }
    learned.sessions.renumber(&index_of);
    learned.baskets.renumber(&index_of);
    let ordered: Vec<&ItemRecord> = in_order(&order, items).collect();
    let newest = learned.sessions.newest(TUNED_STEPS);
    let held_back = HeldBack::of(items.len(), &newest, settings);
    let query = tune::query_weights(held_back.as_ref());
    let visits = 3 * items.len() as u64;
    let columns = Columns::of(&ordered);
    let newest = newest.folded();
    let attributes = affinities(&columns, &newest);
    let complements = complements(&ordered, &learned.baskets, &newest);
    let clusters = clusters(&ordered, &newest);
    let similar_by_content = similar_by_content(&ordered, &mut |done| {
        progress(done, visits);
    });
    let blend = held_back
        .as_ref()
        .map_or_else(BlendWeights::default, |held_back| {
            let before = learned.baskets.until(held_back.learned_until);
            let beside = Beside {
                bought: &bought_together(items.len(), &before),
                content: &similar_by_content,
                columns: columns.telling(attributes),
            };
            blend_weights(held_back, &query, &beside)
        });
    let bought_together = bought_together(items.len(), &learned.baskets);
    let sessions = match settings.sessions.reloads {
        Reloads::Folded => learned.sessions.folded(),
        Reloads::Kept => learned.sessions,
    };
    let count = sessions.len() as u64;
    let viewed_together = viewed_together(items.len(), sessions, settings, &mut |done, _| {
        progress(items.len() as u64 + done, visits);
    });
    let lists: [&[_]; 3] = [&viewed_together, &similar_by_content, &bought_together];
    Ok(Model {
        popularity: in_order(&order, &learned.wanted).copied().collect(),
        trending: in_order(&order, &learned.trending).copied().collect(),
        query,
        attributes,
        blend,
        complements,
        clusters,
        neighbour_order: order::neighbour_order(items.len(), &lists),
        viewed_together,
        bought_together,
        similar_by_content,
        sessions: count,
        machines: learned.machines,
        held_back: held_back.filter(|_| settings.hold_back),
        order,
    })
}

/// The catalogue's positions, most wanted first, ties by id.
fn by_popularity(items: &[ItemRecord], wanted: &[f32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (a as usize, b as usize);
        wanted[b]
            .total_cmp(&wanted[a])
            .then_with(|| items[a].id.cmp(&items[b].id))
    });
    order
}

/// What the catalogue's positions have, by index.
fn in_order<'a, T>(order: &'a [u32], of: &'a [T]) -> impl Iterator<Item = &'a T> {
    order.iter().map(|&position| &of[position as usize])
}

/// What something of an age still counts: a half after each half-life. A half-life that is not
/// positive means that nothing wears off.
///
/// `libm` instead of the system's mathematics, so that all platforms give the same bits.
fn decay(age_microseconds: i64, half_life_days: f64) -> f64 {
    const MICROSECONDS_A_DAY: f64 = 86_400e6;
    if half_life_days > 0.0 {
        libm::exp2(-(age_microseconds.max(0) as f64) / MICROSECONDS_A_DAY / half_life_days)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Owner};
    use tailorbird::snapshot::ItemText;

    fn items(ids: &[&str]) -> Vec<ItemRecord> {
        ids.iter()
            .map(|&id| ItemRecord {
                id: id.into(),
                ..ItemRecord::default()
            })
            .collect()
    }

    fn learn(items: &[ItemRecord], interactions: &[Interaction]) -> Model {
        let log = Log::of(interactions);
        train(items, &log, &Settings::default(), &mut |_, _| ()).expect("in memory")
    }

    fn view(session: u64, time: i64, item: u32) -> Interaction {
        Interaction {
            name: EventName::ViewItem,
            item,
            time,
            owner: Owner::Session(session),
        }
    }

    #[test]
    fn decay_halves() {
        assert_eq!(decay(86_400_000_000 * 14, 14.0), 0.5);
        assert_eq!((decay(-5, 14.0), decay(5, 0.0)), (1.0, 1.0));
    }

    #[test]
    fn neighbours_follow_the_index_order() {
        let items = items(&["c", "b", "a", "never"]);
        let views = [
            view(1, 1, 0),
            view(1, 2, 2),
            view(2, 3, 2),
            view(2, 4, 0),
            view(3, 4, 2),
            view(3, 5, 1),
        ];
        let model = learn(&items, &views);
        assert_eq!(model.order, [2, 0, 1, 3]);
        assert_eq!((model.popularity[3], model.sessions), (0.0, 3));
        let neighbours: Vec<Vec<u32>> = model
            .viewed_together
            .iter()
            .map(|of| of.iter().map(|n| n.item).collect())
            .collect();
        // The second step, over the first item, leads from one to the other.
        assert_eq!(neighbours, [vec![1, 2], vec![2, 0], vec![1, 0], vec![]]);
    }

    #[test]
    fn a_cold_model_is_ordered_by_id() {
        let model = learn(&items(&["b", "a"]), &[]);
        assert_eq!(
            (model.order, model.popularity),
            (vec![1, 0], vec![0.0, 0.0])
        );
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let names: Vec<String> = (0..50).map(|i| format!("i{i}")).collect();
        let mut items = items(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for (number, item) in items.iter_mut().enumerate() {
            item.brand = format!("b{}", number % 7);
            item.category = format!("c{} > d{}", number % 3, number % 9);
            item.texts = vec![ItemText {
                title: format!("word{} word{}", number % 5, number / 5),
                price: Some(100 + number as u32),
                ..ItemText::default()
            }];
        }
        let mut state = 7u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut views: Vec<_> = (0..5000)
            .map(|i| view(next(300), i * 1_000_000_000, next(50) as u32))
            .collect();
        for event in views.iter_mut().step_by(3) {
            event.name = EventName::Purchase;
        }
        views.extend((0..60).map(|i| view(900 + i, 5_000_000_000_000, 7)));
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            pool.install(|| learn(&items, &views))
        };
        let model = run(1);
        assert_eq!(model, run(3));
        // All models had something to say.
        for lists in [
            &model.viewed_together,
            &model.bought_together,
            &model.similar_by_content,
        ] {
            assert!(lists.iter().any(|list| !list.is_empty()));
        }
        let trends = model.order.iter().zip(&model.trending);
        let trends: Vec<u32> = trends.filter(|t| *t.1 > 0.0).map(|t| *t.0).collect();
        assert_eq!(trends, [7]);
    }
}
