//! What a shop tells beside what it sells: guides, stories, theme worlds.
//!
//! ```text
//! 0    4    number of articles a, 1 to MAX_ARTICLES
//! 4    4    number of references r, at most MAX_ARTICLE_REFERENCES
//! 8    8·r  u64 references, ascending: 2^48 for an item, 0 for a category, + 2^16 · item or category + article;
//!           then 2^49 + article for each theme world
//! …         strings, a at a time: the ids; then for each locale titles, links, images
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Strings, partition_point, u32_at, u64_at, write_strings};
use super::write::Sections;
use super::{Kind, Snapshot, SnapshotSource, WriteError};

/// The most articles.
pub const MAX_ARTICLES: usize = 2_000;

/// The most categories and items that all articles together belong to; what comes after is left out.
pub const MAX_ARTICLE_REFERENCES: usize = 65_536;

const ITEM: u64 = 1 << 48;
const THEME: u64 = 1 << 49;

/// An article of the shop's content feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Unique among articles.
    pub id: String,
    /// It is a theme world.
    pub is_theme: bool,
    /// Categories that it belongs to, with all below them: whole paths, or the name of a level.
    pub topics: Vec<String>,
    /// Ids of items that it speaks of.
    pub items: Vec<String>,
    /// One for each of the site's locales.
    pub texts: Vec<ArticleText>,
}

/// What differs between locales.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleText {
    /// The title; empty where the locale does not have it.
    pub title: String,
    /// Its page.
    pub link: String,
    /// Its picture; may be empty.
    pub image: String,
}

/// An article as pages of one locale show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Article<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its page.
    pub link: &'a str,
    /// Its picture; may be empty.
    pub image: &'a str,
}

/// Adds the articles, in the order of the source. `categories` is the dictionary.
pub(super) fn add(
    source: &SnapshotSource,
    categories: &BTreeSet<&str>,
    sections: &mut Sections,
) -> Result<(), WriteError> {
    let (articles, locales) = (&source.articles, source.site.locales.len());
    if articles.is_empty() {
        return Ok(());
    }
    if articles.len() > MAX_ARTICLES {
        return Err(WriteError::TooMany {
            what: "articles",
            limit: MAX_ARTICLES,
            found: articles.len(),
        });
    }
    if let Some(odd) = articles.iter().find(|of| of.texts.len() != locales) {
        return Err(WriteError::Inconsistent {
            what: "article texts",
            expected: format!("{locales}, one for each locale"),
            found: format!("{} for article {:?}", odd.texts.len(), odd.id),
        });
    }
    let items: BTreeMap<&str, u64> = (0..)
        .zip(&source.items)
        .map(|(index, item)| (item.id.as_str(), index))
        .collect();
    let mut references = BTreeSet::new();
    for (number, article) in (0u64..).zip(articles) {
        for (code, category) in (0u64..).zip(categories) {
            let is_of = |topic: &String| is_on(category, topic);
            if article.topics.iter().any(is_of) {
                references.insert(code << 16 | number);
            }
        }
        let found = article.items.iter().filter_map(|id| items.get(id.as_str()));
        references.extend(found.map(|item| ITEM | item << 16 | number));
    }
    // At most as many as articles, so there is room for them.
    let themes = (0u64..).zip(articles).filter(|(_, of)| of.is_theme);
    let themes: Vec<u64> = themes.map(|(number, _)| THEME | number).collect();
    let references: Vec<u64> = references
        .into_iter()
        .take(MAX_ARTICLE_REFERENCES - themes.len())
        .chain(themes)
        .collect();
    let mut section = [articles.len() as u32, references.len() as u32]
        .map(u32::to_le_bytes)
        .concat();
    section.extend(
        references
            .iter()
            .flat_map(|reference| reference.to_le_bytes()),
    );
    let mut strings: Vec<&str> = articles.iter().map(|of| of.id.as_str()).collect();
    for locale in 0..locales {
        let texts = || articles.iter().filter_map(|of| of.texts.get(locale));
        strings.extend(texts().map(|text| text.title.as_str()));
        strings.extend(texts().map(|text| text.link.as_str()));
        strings.extend(texts().map(|text| text.image.as_str()));
    }
    section.extend(write_strings(strings.iter().copied()));
    sections.insert((Kind::Articles, 0), section);
    Ok(())
}

/// Whether a category is a topic, or below it.
fn is_on(category: &str, topic: &str) -> bool {
    let is_below = || {
        let rest = category.strip_prefix(topic);
        rest.is_some_and(|rest| rest.starts_with(" > "))
    };
    !topic.is_empty()
        && (category == topic || is_below() || category.split(" > ").any(|level| level == topic))
}

/// The section, read in place.
#[derive(Clone, Copy)]
pub(super) struct Articles<'a> {
    count: usize,
    rows: usize,
    references: &'a [u8],
    strings: Strings<'a>,
}

impl<'a> Articles<'a> {
    fn new(section: &'a [u8]) -> Option<Self> {
        let (count, rows) = (u32_at(section, 0)? as usize, u32_at(section, 1)? as usize);
        let fits = (1..=MAX_ARTICLES).contains(&count) && rows <= MAX_ARTICLE_REFERENCES;
        let rest = section.get(8..).filter(|_| fits)?;
        let (references, strings) = rest.split_at_checked(rows * 8)?;
        let strings = Strings::new(strings).filter(|all| all.len().is_multiple_of(count))?;
        Some(Self {
            count,
            rows,
            references,
            strings,
        })
    }

    fn of(self, place: u64) -> impl Iterator<Item = u16> + 'a {
        let at = move |row| u64_at(self.references, row);
        let first = partition_point(self.rows, |row| at(row).is_some_and(|k| k < place << 16));
        (first..self.rows)
            .map_while(at)
            .take_while(move |key| key >> 16 == place)
            .map(|key| key as u16)
    }

    /// Whether references ascend and lead to articles, and all strings are texts.
    pub(super) fn is_right(self) -> bool {
        let at = |row| u64_at(self.references, row);
        (1..self.rows).all(|row| at(row - 1) < at(row))
            && (0..self.rows).all(|row| at(row).is_some_and(|k| (k as u16 as usize) < self.count))
            && (0..self.strings.len()).all(|at| self.strings.get(at).is_some())
    }
}

impl Snapshot {
    /// How many articles there are: their numbers are those below it, in the order of the shop's feed.
    pub fn articles(&self) -> u16 {
        let count = self.article_table().map_or(0, |articles| articles.count);
        u16::try_from(count).unwrap_or(0)
    }

    /// An article; `None` where the locale does not have it.
    pub fn article(&self, number: u16, locale: usize) -> Option<Article<'_>> {
        let all = self.article_table()?;
        let number = usize::from(number);
        let text = |field: usize| {
            let block = 1 + locale.checked_mul(3)?.checked_add(field)?;
            let text = all
                .strings
                .get(block.checked_mul(all.count)?.checked_add(number)?)?;
            (number < all.count).then_some(text)
        };
        let article = Article {
            id: all.strings.get(number)?,
            title: text(0)?,
            link: text(1)?,
            image: text(2)?,
        };
        (!article.title.is_empty() && !article.link.is_empty()).then_some(article)
    }

    /// The numbers of the articles that speak of an item.
    pub fn articles_of_item(&self, item: u32) -> impl Iterator<Item = u16> + '_ {
        let place = ITEM >> 16 | u64::from(item);
        self.article_table()
            .into_iter()
            .flat_map(move |all| all.of(place))
    }

    /// The numbers of the articles that belong to a category or to one above it.
    pub fn articles_of_category(&self, category: u32) -> impl Iterator<Item = u16> + '_ {
        let place = u64::from(category);
        self.article_table()
            .into_iter()
            .flat_map(move |all| all.of(place))
    }

    /// Whether an article is a theme world.
    pub fn is_theme(&self, number: u16) -> bool {
        let mut all = self.article_table().into_iter();
        all.any(|all| all.of(THEME >> 16).any(|theme| theme == number))
    }

    pub(super) fn article_table(&self) -> Option<Articles<'_>> {
        Articles::new(self.section(Kind::Articles, 0)?)
    }
}
