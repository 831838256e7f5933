//! Magazine and theme worlds.

use super::collection::{heading, trail};
use super::layout::Frame;
use super::teasers;
use super::texts_stories as t;
use super::tiles::grid;
use crate::editorial::{Article, THEMES, articles};
use crate::html::escape;
use crate::lang::{Lang, Text};
use crate::{Page, Request, Shop};
use std::fmt::{self, Write};

/// How many further articles stand below one.
const READ_ON: usize = 3;

/// The overview at `/<lang>/magazine`.
pub(super) fn magazine(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    overview(
        lang,
        request,
        ("page-magazine", "magazine"),
        t::MAGAZINE,
        t::MAGAZINE_LEAD,
        |out| teasers::articles(out, shop, lang, articles()),
    )
}

/// The overview at `/<lang>/themes`.
pub(super) fn themes(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    overview(
        lang,
        request,
        ("page-themes", "themes"),
        t::THEMES_TITLE,
        t::THEMES_LEAD,
        |out| teasers::themes(out, shop, lang),
    )
}

fn overview(
    lang: Lang,
    request: &Request<'_>,
    (class, name): (&'static str, &str),
    title: Text,
    lead: Text,
    list: impl FnOnce(&mut String) -> fmt::Result,
) -> Page {
    let paths = Lang::ALL.map(|lang| format!("/{}/{name}", lang.code()));
    let here = paths[lang as usize].clone();
    let frame = Frame {
        lang,
        class,
        title: title.to(lang),
        description: lead.to(lang),
        paths,
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        trail(out, lang, &[(&here, title.to(lang))])?;
        heading(out, title.to(lang), lead.to(lang))?;
        out.write_str("</header>\n")?;
        list(out)
    });
    Page::html(200, body)
}

/// The article at `/<lang>/magazine/<slug>`.
pub(super) fn article(shop: &Shop, lang: Lang, slug: &str, request: &Request<'_>) -> Option<Page> {
    let article = articles().find(|article| article.slug.to(lang) == slug)?;
    let frame = Frame {
        lang,
        class: "page-article",
        title: article.title.to(lang),
        description: article.lead.to(lang),
        paths: Lang::ALL.map(|lang| article.path(lang)),
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        let magazine = format!("/{}/magazine", lang.code());
        let steps = [
            (magazine.as_str(), t::MAGAZINE.to(lang)),
            (&article.path(lang), article.title.to(lang)),
        ];
        trail(out, lang, &steps)?;
        text(out, lang, article)?;
        let title = t::STORY_ITEMS.to(lang);
        write!(out, "<section class=\"story-items\">\n<h2>{title}</h2>\n")?;
        grid(out, lang, article.items(shop).into_iter())?;
        let title = t::STORY_MORE.to(lang);
        write!(
            out,
            "</section>\n<section class=\"read-on\">\n<h2>{title}</h2>\n"
        )?;
        let further = articles()
            .chain(articles())
            .skip_while(|other| other.id != article.id)
            .skip(1);
        teasers::articles(out, shop, lang, further.take(READ_ON))?;
        out.write_str("</section>\n")
    });
    Some(Page::html(200, body))
}

/// What was written, and for each category what the shop says about its things anyway.
fn text(out: &mut String, lang: Lang, article: &Article) -> fmt::Result {
    write!(
        out,
        "<article class=\"story\" data-article=\"{}\">\n<h1>{}</h1>\n<p class=\"story-lead\">{}</p>\n",
        article.id,
        escape(article.title.to(lang)),
        escape(article.lead.to(lang))
    )?;
    for paragraph in article.body {
        writeln!(out, "<p>{}</p>", escape(paragraph.to(lang)))?;
    }
    for category in article.categories() {
        write!(out, "<h2>{}</h2>\n<p>", escape(category.name.to(lang)))?;
        for line in category.lines {
            write!(out, "{} ", escape(line.to(lang)))?;
        }
        writeln!(
            out,
            "<a href=\"{}\">{}&nbsp;&rarr;</a></p>",
            category.path(lang),
            t::SEE_ALL.to(lang)
        )?;
    }
    out.write_str("</article>\n")
}

/// The theme world at `/<lang>/themes/<slug>`.
pub(super) fn theme(shop: &Shop, lang: Lang, slug: &str, request: &Request<'_>) -> Option<Page> {
    let theme = THEMES.iter().find(|theme| theme.slug.to(lang) == slug)?;
    let frame = Frame {
        lang,
        class: "page-theme",
        title: theme.title.to(lang),
        description: theme.lead.to(lang),
        paths: Lang::ALL.map(|lang| theme.path(lang)),
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        let themes = format!("/{}/themes", lang.code());
        let steps = [
            (themes.as_str(), t::THEMES_TITLE.to(lang)),
            (&theme.path(lang), theme.title.to(lang)),
        ];
        trail(out, lang, &steps)?;
        let id = theme.id;
        writeln!(out, "<section class=\"theme-world\" data-theme=\"{id}\">")?;
        heading(out, theme.title.to(lang), theme.lead.to(lang))?;
        out.write_str("</header>\n</section>\n")?;
        grid(out, lang, theme.items(shop).into_iter())
    });
    Some(Page::html(200, body))
}
