//! What the shop tells: a magazine of short articles, and theme worlds that put products of several categories together.
//! Both are the same for every seed; which products stand in them is not.

mod articles_home;
mod articles_wear;
mod feed;
mod themes;

pub use feed::ARTICLE_COLUMNS;
pub(crate) use themes::THEMES;

use crate::Shop;
use crate::catalogue::Product;
use crate::catalogue::taxonomy::{Category, categories};
use crate::lang::{Lang, Text};

/// How many products an article or a theme world names in the feed and shows on its page.
pub(crate) const ITEMS: usize = 12;

/// A page of the magazine.
#[derive(Debug)]
pub(crate) struct Article {
    /// The same in every language: `A-01`.
    pub(crate) id: &'static str,
    pub(crate) slug: Text,
    pub(crate) title: Text,
    /// One sentence, for the teaser and above the text.
    pub(crate) lead: Text,
    pub(crate) body: &'static [Text],
    /// English slugs of the categories that it is about.
    pub(crate) about: &'static [&'static str],
}

/// All articles, in the order of the magazine.
pub(crate) fn articles() -> impl Iterator<Item = &'static Article> {
    articles_home::ARTICLES
        .iter()
        .chain(articles_wear::ARTICLES)
}

impl Article {
    /// Path of its page.
    pub(crate) fn path(&self, lang: Lang) -> String {
        format!("/{}/magazine/{}", lang.code(), self.slug.to(lang))
    }

    /// The categories that it is about.
    pub(crate) fn categories(&self) -> impl Iterator<Item = &'static Category> {
        named(self.about)
    }

    /// Products of its categories, in turns.
    pub(crate) fn items<'a>(&self, shop: &'a Shop) -> Vec<&'a Product> {
        in_turns(shop, self.about, |_| true, ITEMS)
    }
}

/// The categories with these English slugs, in this order.
pub(crate) fn named(slugs: &'static [&'static str]) -> impl Iterator<Item = &'static Category> {
    slugs
        .iter()
        .filter_map(|slug| categories().find(|category| category.slug.en == *slug))
}

/// At most `most` products that can be bought, from each category in turn, so that a page does not begin with twelve mugs.
fn in_turns<'a>(
    shop: &'a Shop,
    slugs: &'static [&'static str],
    wanted: impl Fn(&Product) -> bool,
    most: usize,
) -> Vec<&'a Product> {
    let mut rows: Vec<_> = named(slugs)
        .map(|category| {
            shop.products()
                .iter()
                .filter(move |product| std::ptr::eq(product.category, category) && product.in_stock)
                .filter(|product| wanted(product))
        })
        .collect();
    let mut items = Vec::new();
    loop {
        let before = items.len();
        items.extend(rows.iter_mut().filter_map(Iterator::next));
        if items.len() == before || items.len() >= most {
            items.truncate(most);
            return items;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEFAULT_SEED;
    use std::collections::HashSet;

    #[test]
    fn articles_are_twelve_with_names_of_their_own() {
        assert_eq!(articles().count(), 12);
        for lang in Lang::ALL {
            let paths: HashSet<_> = articles().map(|article| article.path(lang)).collect();
            assert_eq!(paths.len(), 12);
        }
        let ids: HashSet<_> = articles().map(|article| article.id).collect();
        assert_eq!(ids.len(), 12);
        for article in articles() {
            assert_eq!(article.categories().count(), article.about.len());
            for lang in Lang::ALL {
                let slug = article.slug.to(lang);
                assert_eq!(slug, crate::lang::slug(slug), "a slug is plain");
            }
        }
    }

    #[test]
    fn together_they_speak_of_every_category() {
        let spoken: HashSet<_> = articles().flat_map(|article| article.about).collect();
        for category in categories() {
            assert!(
                spoken.contains(&category.slug.en),
                "nobody speaks of {}",
                category.slug.en
            );
        }
    }

    #[test]
    fn items_take_turns_and_can_be_bought() {
        let shop = Shop::generate(DEFAULT_SEED);
        let article = articles()
            .find(|article| article.about.len() == 3)
            .expect("one is about three");
        let items = article.items(&shop);
        assert_eq!(items.len(), ITEMS);
        assert!(items.iter().all(|item| item.in_stock));
        let first: Vec<_> = items
            .iter()
            .take(3)
            .map(|item| item.category.slug.en)
            .collect();
        assert_eq!(first, article.about);
    }
}
