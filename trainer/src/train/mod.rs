//! The models: how much each item is wanted, and which items are looked at together, and
//! what recent views say.

mod held_back;
mod neighbours;
mod order;
mod popularity;
mod smooth;
mod sums;
mod tune;

use tailorbird::snapshot::{ItemRecord, Neighbour, QueryWeights};

use crate::sessions::{INACTIVITY_SECONDS, Interaction, Reloads, Sessions};

pub use held_back::{Found, HeldBack, MIN_CASES};
pub use neighbours::{BACKWARD_WEIGHT, DISTANCE_DECAY, KEPT_PAIRS, MAX_DISTANCE, viewed_together};
pub use popularity::{ADD_TO_CART_WEIGHT, PURCHASE_WEIGHT, VIEW_WEIGHT, popularity};
pub use smooth::{MUCH_EVIDENCE, STEP_NEIGHBOURS, WALK_WEIGHT};

/// What can be tuned. The defaults are measured; see each constant of this module.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// After so many seconds without an event, a new session begins.
    pub inactivity_seconds: i64,
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
            inactivity_seconds: INACTIVITY_SECONDS,
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

/// What was learned, in index order: descending popularity, ties by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// `order[i]` is the catalogue's position of the item with index `i`.
    pub order: Vec<u32>,
    /// By index, descending.
    pub popularity: Vec<f32>,
    /// By index: neighbours, strongest first, ties by index; weights in shares of the strongest.
    pub viewed_together: Vec<Vec<Neighbour>>,
    /// What recent views weigh against each other.
    pub query: QueryWeights,
    /// The items in an order that makes packed neighbour lists small.
    pub neighbour_order: Vec<u32>,
    /// How many sessions had at least one step.
    pub sessions: u64,
    /// What cuts can be measured on, where it was asked for and there is enough of it.
    pub held_back: Option<HeldBack>,
}

/// Learns from interactions with a catalogue's items. Without interactions the model is a cold one:
/// items by id, popularity 0, no neighbours.
///
/// `progress` is told how many items have their neighbours, out of how many.
pub fn train(
    items: &[ItemRecord],
    interactions: &[Interaction],
    settings: &Settings,
    progress: &mut dyn FnMut(u64, u64),
) -> Model {
    let wanted = popularity(
        items.len(),
        interactions,
        settings.popularity_half_life_days,
    );
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (a as usize, b as usize);
        wanted[b]
            .total_cmp(&wanted[a])
            .then_with(|| items[a].id.cmp(&items[b].id))
    });
    let mut index_of = vec![0; items.len()];
    for (index, &position) in order.iter().enumerate() {
        index_of[position as usize] = index as u32;
    }
    let cut = |reloads| {
        let mut sessions = Sessions::cut(interactions, settings.inactivity_seconds, reloads);
        sessions.renumber(&index_of);
        sessions
    };
    let held_back = HeldBack::of(items.len(), &cut(Reloads::Kept), settings);
    let query = tune::query_weights(held_back.as_ref());
    let held_back = held_back.filter(|_| settings.hold_back);
    let sessions = cut(Reloads::Folded);
    let viewed_together = viewed_together(items.len(), &sessions, settings, progress);
    Model {
        popularity: order
            .iter()
            .map(|&position| wanted[position as usize])
            .collect(),
        query,
        neighbour_order: order::neighbour_order(&viewed_together),
        viewed_together,
        sessions: sessions.len() as u64,
        held_back,
        order,
    }
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
    use crate::sessions::Owner;

    fn items(ids: &[&str]) -> Vec<ItemRecord> {
        ids.iter()
            .map(|&id| ItemRecord {
                id: id.into(),
                ..ItemRecord::default()
            })
            .collect()
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
        let model = train(&items, &views, &Settings::default(), &mut |_, _| ());
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
        let model = train(
            &items(&["b", "a"]),
            &[],
            &Settings::default(),
            &mut |_, _| (),
        );
        assert_eq!(
            (model.order, model.popularity),
            (vec![1, 0], vec![0.0, 0.0])
        );
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let names: Vec<String> = (0..50).map(|i| format!("i{i}")).collect();
        let items = items(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let mut state = 7u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let views: Vec<_> = (0..5000)
            .map(|i| view(next(300), i * 1_000_000_000, next(50) as u32))
            .collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            pool.install(|| train(&items, &views, &Settings::default(), &mut |_, _| ()))
        };
        assert_eq!(run(1), run(3));
    }
}
