//! Lists that lead into the magazine, the theme worlds and the categories: a picture, a title, sometimes a sentence.

use super::texts_stories as t;
use crate::Shop;
use crate::catalogue::Product;
use crate::catalogue::taxonomy::categories;
use crate::editorial::{Article, THEMES};
use crate::html::escape;
use crate::lang::Lang;
use crate::pictures::SIZE;
use std::fmt::{self, Write};

struct Teaser<'a> {
    /// Class and data attributes of the list's item.
    item: String,
    path: String,
    picture: Option<&'a Product>,
    title: &'a str,
    lead: &'a str,
}

impl Teaser<'_> {
    fn write(&self, out: &mut String) -> fmt::Result {
        write!(out, "<li {}><a href=\"{}\">", self.item, self.path)?;
        if let Some(product) = self.picture {
            let path = product.picture_path();
            write!(
                out,
                "<img src=\"{path}\" width=\"{SIZE}\" height=\"{SIZE}\" loading=\"lazy\" alt=\"\">"
            )?;
        }
        write!(
            out,
            "<span class=\"teaser-title\">{}</span>",
            escape(self.title)
        )?;
        if !self.lead.is_empty() {
            write!(
                out,
                " <span class=\"teaser-lead\">{}</span>",
                escape(self.lead)
            )?;
        }
        out.write_str("</a></li>\n")
    }
}

/// Teasers of articles.
pub(super) fn articles<'a>(
    out: &mut String,
    shop: &Shop,
    lang: Lang,
    articles: impl Iterator<Item = &'a Article>,
) -> fmt::Result {
    out.write_str("<ul class=\"articles\">\n")?;
    for article in articles {
        Teaser {
            item: format!("class=\"article\" data-article=\"{}\"", article.id),
            path: article.path(lang),
            picture: article.items(shop).first().copied(),
            title: article.title.to(lang),
            lead: article.lead.to(lang),
        }
        .write(out)?;
    }
    out.write_str("</ul>\n")
}

/// Teasers of all theme worlds.
pub(super) fn themes(out: &mut String, shop: &Shop, lang: Lang) -> fmt::Result {
    out.write_str("<ul class=\"themes\">\n")?;
    for theme in THEMES {
        Teaser {
            item: format!(
                "class=\"theme\" data-theme=\"{}\" data-category=\"{}\"",
                theme.id,
                escape(&theme.category())
            ),
            path: theme.path(lang),
            picture: theme.items(shop).first().copied(),
            title: theme.title.to(lang),
            lead: theme.lead.to(lang),
        }
        .write(out)?;
    }
    out.write_str("</ul>\n")
}

/// Tiles of all categories.
pub(super) fn category_tiles(out: &mut String, shop: &Shop, lang: Lang) -> fmt::Result {
    let title = t::CATEGORIES_TITLE.to(lang);
    write!(
        out,
        "<section class=\"shelves\">\n<h2>{title}</h2>\n<ul class=\"category-tiles\">\n"
    )?;
    for category in categories() {
        Teaser {
            item: format!(
                "class=\"category-tile\" data-category=\"{}\"",
                category.slug.en
            ),
            path: category.path(lang),
            picture: shop
                .products()
                .iter()
                .rfind(|product| std::ptr::eq(product.category, category)),
            title: category.name.to(lang),
            lead: "",
        }
        .write(out)?;
    }
    out.write_str("</ul>\n</section>\n")
}
