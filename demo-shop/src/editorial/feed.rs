//! The feed of what the shop tells: articles and theme worlds, tab-separated like the product feed.

use super::{THEMES, articles, named};
use crate::catalogue::Product;
use crate::lang::Lang;
use crate::{ORIGIN, Shop};
use std::io::{self, Write};

/// The columns of the feed of articles, in the order in which they are written.
pub const ARTICLE_COLUMNS: [&str; 7] = [
    "id",
    "title",
    "link",
    "image_link",
    "topics",
    "items",
    "type",
];

impl Shop {
    /// Writes articles and theme worlds in `lang`: a line of column names, then one line each. `topics` holds the
    /// `product_type`s that it is about, `items` ids of products, both joined by `|`; `type` is `article` or `theme`. Ids are the same in every language;
    /// titles, links and topics are not. Links are absolute.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_articles(&self, lang: Lang, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{}", ARTICLE_COLUMNS.join("\t"))?;
        for article in articles() {
            let title = article.title.to(lang);
            let cells = row(
                article.id,
                title,
                &article.path(lang),
                &topics(article.about, lang),
                &article.items(self),
                "article",
            );
            writeln!(out, "{}", cells.join("\t"))?;
        }
        for theme in THEMES {
            let title = theme.title.to(lang);
            let cells = row(
                theme.id,
                title,
                &theme.path(lang),
                &topics(theme.about, lang),
                &theme.items(self),
                "theme",
            );
            writeln!(out, "{}", cells.join("\t"))?;
        }
        out.flush()
    }
}

fn topics(about: &'static [&'static str], lang: Lang) -> String {
    let topics: Vec<String> = named(about)
        .map(|category| category.product_type(lang))
        .collect();
    topics.join("|")
}

fn row(
    id: &str,
    title: &str,
    path: &str,
    topics: &str,
    items: &[&Product],
    kind: &str,
) -> [String; ARTICLE_COLUMNS.len()] {
    let picture = items
        .first()
        .map(|item| format!("{ORIGIN}{}", item.picture_path()));
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    [
        id.to_owned(),
        title.to_owned(),
        format!("{ORIGIN}{path}"),
        picture.unwrap_or_default(),
        topics.to_owned(),
        ids.join("|"),
        kind.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::taxonomy::categories;

    fn feed(lang: Lang) -> String {
        let mut bytes = Vec::new();
        Shop::generate(1)
            .write_articles(lang, &mut bytes)
            .expect("memory takes everything");
        String::from_utf8(bytes).expect("the feed is UTF-8")
    }

    #[test]
    fn every_row_leads_to_a_page_and_names_products() {
        let shop = Shop::generate(1);
        for lang in Lang::ALL {
            let feed = feed(lang);
            assert_eq!(feed.lines().count(), 1 + 12 + 4);
            assert_eq!(
                feed.lines().next(),
                Some("id\ttitle\tlink\timage_link\ttopics\titems\ttype")
            );
            for line in feed.lines().skip(1) {
                let cells: Vec<_> = line.split('\t').collect();
                assert_eq!(cells.len(), ARTICLE_COLUMNS.len(), "{line}");
                for link in [cells[2], cells[3]] {
                    let path = link.strip_prefix(ORIGIN).expect("links are absolute");
                    assert_eq!(shop.respond("GET", path, None).status, 200, "{link}");
                }
                let is_type = |topic| categories().any(|of| of.product_type(lang) == topic);
                assert!(cells[4].split('|').all(is_type), "{line}");
                assert_eq!(cells[6] == "theme", cells[0].starts_with("T-"), "{line}");
                let items: Vec<_> = cells[5].split('|').collect();
                assert!(items.len() >= 6 && items.iter().all(|id| shop.product(id).is_some()));
            }
        }
    }

    #[test]
    fn ids_and_items_do_not_depend_on_the_language() {
        for (en, de) in feed(Lang::En).lines().zip(feed(Lang::De).lines()) {
            let (en, de): (Vec<_>, Vec<_>) = (en.split('\t').collect(), de.split('\t').collect());
            assert_eq!((en[0], en[3], en[5]), (de[0], de[3], de[5]));
        }
    }
}
