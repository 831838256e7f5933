//! Articles and theme worlds.

use super::strongest_first;
use crate::recommend::Context;
use crate::site::Strategy;
use crate::snapshot::Kind;

/// So many views are asked for articles.
pub const MAX_ARTICLE_SEEDS: usize = 10;

/// So many articles of one item or category are looked at.
pub const MAX_ARTICLES_EACH: usize = 64;

/// What a match weighs: with the page's product, with its category, with something looked at, with its category.
/// The page counts before all views together.
const OF_PRODUCT: u64 = 1 << 12;
const OF_CATEGORY: u64 = 1 << 10;
const OF_VIEW: u64 = 8;
const OF_VIEWED_CATEGORY: u64 = 2;

impl Context<'_> {
    /// Up to `max` articles that this locale has and `strategy` asks for, by number, best first: those of the
    /// page's product, of its category, of what was looked at. On a page that is about nothing, all others come
    /// behind them in the order of the shop's feed.
    pub fn articles(&self, strategy: Strategy, max: usize) -> Vec<u32> {
        let snapshot = self.snapshot;
        let mut found: Vec<(u32, u64)> = Vec::new();
        if snapshot.articles() == 0 {
            return Vec::new();
        }
        let mut item = |item: u32, of_item: u64, of_category: u64| {
            let speak_of_it = snapshot.articles_of_item(item).take(MAX_ARTICLES_EACH);
            found.extend(speak_of_it.map(|article| (u32::from(article), of_item)));
            if let Some(category) = snapshot.code(Kind::Category, item) {
                let near = snapshot
                    .articles_of_category(category)
                    .take(MAX_ARTICLES_EACH);
                found.extend(near.map(|article| (u32::from(article), of_category)));
            }
        };
        for (&seen, steps) in self.known.seen.iter().zip(0..MAX_ARTICLE_SEEDS as u64) {
            let left = MAX_ARTICLE_SEEDS as u64 - steps;
            item(seen, OF_VIEW * left, OF_VIEWED_CATEGORY * left);
        }
        if let Some(product) = self.product {
            item(product, OF_PRODUCT, OF_CATEGORY);
        }
        if let Some(category) = self.facts.category {
            let near = snapshot
                .articles_of_category(category)
                .take(MAX_ARTICLES_EACH);
            found.extend(near.map(|article| (u32::from(article), OF_CATEGORY)));
        }
        if self.product.is_none() && self.facts.category.is_none() {
            found.extend((0..snapshot.articles()).map(|article| (u32::from(article), 0)));
        }
        strongest_first(&mut found);
        let is_here = |article: &u32| {
            let number = u16::try_from(*article).ok();
            let is_asked = |number| match strategy {
                Strategy::Articles => !snapshot.is_theme(number),
                Strategy::Themes => snapshot.is_theme(number),
                _ => true,
            };
            number.is_some_and(|number| {
                is_asked(number) && snapshot.article(number, self.locale).is_some()
            })
        };
        super::items(&found).filter(is_here).take(max).collect()
    }
}
