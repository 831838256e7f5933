//! What each strategy has, best first. One file for each family:
//!
//! ```text
//! picks.rs        what may be shown, each item once, up to as many as a slot wants
//! page.rs         what a page is about: product, cart, category, brand, prices
//! viewed.rs       what was looked at, what goes with it, what costs less by now, what is back
//! together.rs     what goes with the page's product or the cart
//! complements.rs  what goes with it and is of another category
//! shelves.rs      best sellers, trends, what is new, reduced, nearly sold out
//! favourites.rs   best sellers of what a visitor likes most
//! gap.rs          what takes a cart over the sum from which on delivery is free
//! search.rs       for a search without hits
//! content.rs      articles and theme worlds
//! ```
//!
//! All of it is integer arithmetic on what a snapshot holds, bounded by the constants of these files, so that
//! every host chooses the same in the same time.

mod complements;
mod content;
mod favourites;
mod gap;
mod page;
mod picks;
mod search;
mod shelves;
mod together;
mod viewed;

pub use complements::MAX_COMPLEMENTARY;
pub use content::{MAX_ARTICLE_SEEDS, MAX_ARTICLES_EACH};
pub(super) use favourites::preference_of;
pub use favourites::{FAVOURITE_DECAY, MAX_FAVOURITE_SEEDS, MAX_PREFERENCE_SCAN};
pub use page::MAX_ANCHORS;
pub use picks::{BOUGHT_LATELY_DAYS, MAX_OFFERS};
pub use search::{MAX_SEARCH_SCAN, MAX_SEARCH_WORDS};
pub use together::{UPSELL_FROM, UPSELL_TO};
pub use viewed::MAX_LOOKED_AT;

use super::Context;
use crate::site::Strategy;
use crate::snapshot::{Kind, Neighbours};
use crate::visitor::PlaceKey;
use picks::Picks;

/// Where no list of the snapshot says what sells best of a kind, so many of the shop's best sellers are gone
/// through.
pub const MAX_BEST_SELLERS: usize = 4096;

impl Context<'_> {
    /// Up to `max` items by `strategy` for a place, best first, of those that may be shown: orderable,
    /// complete in this locale, not the page's own product, not in the cart or disliked, not in `taken`, and
    /// not bought in the [`BOUGHT_LATELY_DAYS`] before. What the visitor ignored there stands behind the
    /// others.
    ///
    /// A strategy of articles ([`Strategy::is_content`]) has no items; see [`Context::articles`].
    pub fn choose(
        &self,
        strategy: Strategy,
        place: PlaceKey,
        max: usize,
        taken: &[u32],
    ) -> Vec<u32> {
        let mut picks = Picks::new(self, place, max, taken);
        match strategy {
            Strategy::RecentlyViewed => {
                picks.are_reminders();
                picks.offer_all(self.known.seen.iter().copied());
            }
            Strategy::RecommendedForYou => self.offer_affine(&mut picks),
            Strategy::SimilarItems => self.offer_similar(&mut picks),
            Strategy::TopSellers => self.offer_top_sellers(&mut picks),
            Strategy::BoughtTogether => self.offer_bought_together(&mut picks),
            Strategy::Complements => self.offer_complements(&mut picks),
            Strategy::CompleteTheSet => self.offer_set(&mut picks),
            Strategy::Upsell => self.offer_upsell(&mut picks),
            Strategy::TopSellersInCategory => self.offer_category_tops(&mut picks),
            Strategy::TopSellersOfBrand => self.offer_brand_tops(&mut picks),
            Strategy::Trending => picks.offer_all(self.snapshot.trending()),
            Strategy::TrendingInCategory => self.offer_trending_in_category(&mut picks),
            Strategy::TrendingOfBrand => self.offer_trending_of_brand(&mut picks),
            Strategy::NewArrivals => self.offer_new(&mut picks),
            Strategy::OnSale => self.offer_on_sale(&mut picks),
            Strategy::PriceDrops => self.offer_price_drops(&mut picks),
            Strategy::BackInStock => self.offer_back_in_stock(&mut picks),
            Strategy::LowStock => self.offer_low_stock(&mut picks),
            Strategy::FavouriteCategory => self.offer_favourites(Kind::Category, &mut picks),
            Strategy::FavouriteBrand => self.offer_favourites(Kind::Brand, &mut picks),
            Strategy::FavouriteColor => self.offer_favourites(Kind::Color, &mut picks),
            Strategy::FavouriteMaterial => self.offer_favourites(Kind::Material, &mut picks),
            Strategy::FavouriteSize => self.offer_favourites(Kind::Size, &mut picks),
            Strategy::TopOfMyWorld => self.offer_world(&mut picks),
            Strategy::FreeShippingGap => self.offer_gap(&mut picks),
            Strategy::LastBoughtSet => self.offer_last_bought_set(&mut picks),
            Strategy::Content | Strategy::Articles | Strategy::Themes => {}
            Strategy::ZeroResults => self.offer_zero_results(&mut picks),
        }
        picks.into_items()
    }

    /// The shop's best sellers, as far as they are gone through.
    fn best_sellers(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.snapshot.len().min(MAX_BEST_SELLERS)).unwrap_or(0)
    }
}

/// Adds a list's items with their weights, times `by`.
fn add(list: Neighbours<'_>, by: u64, found: &mut Vec<(u32, u64)>) {
    found.extend(list.map(|(item, weight)| (item, u64::from(weight) * by)));
}

/// Adds up what stands there several times; strongest first, ties by popularity, which is the order of items.
fn strongest_first(found: &mut Vec<(u32, u64)>) {
    by_item(found);
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
}

/// The same in the order of items.
fn by_item(found: &mut Vec<(u32, u64)>) {
    found.sort_unstable_by_key(|(item, _)| *item);
    found.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1 = first.1.saturating_add(later.1);
        }
        is_same
    });
}

/// The items alone.
fn items(found: &[(u32, u64)]) -> impl Iterator<Item = u32> + '_ {
    found.iter().map(|&(item, _)| item)
}
