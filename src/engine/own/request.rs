//! A request to one of the worker's own endpoints, with all that an answer may need.

use super::form::Params;
use super::html::Html;
use super::words::{Words, primary};
use super::{Ambient, LocalResponse, Model, back, see_other};
use crate::engine::{Visitor, history};
use crate::http::RequestHead;
use crate::http::head::first;
use crate::keys::Keys;
use crate::page::links::in_query;
use crate::page::locale_of;
use crate::site::{Locale, Site};
use crate::snapshot::{ItemKey, Kind, Snapshot};
use crate::visitor::VisitorState;

pub(super) struct Request<'a> {
    pub model: &'a Model,
    pub keys: Option<&'a Keys>,
    pub head: &'a RequestHead,
    pub ambient: &'a Ambient,
    pub params: Params,
    /// Index into [`Site::locales`].
    pub locale: usize,
    /// Whether `locale` is what the request asked for, or asked for nothing.
    pub is_locale_known: bool,
    pub words: &'static Words,
}

impl<'a> Request<'a> {
    pub(super) fn new(
        model: &'a Model,
        keys: Option<&'a Keys>,
        head: &'a RequestHead,
        ambient: &'a Ambient,
        params: Params,
    ) -> Self {
        let site = &model.index.site;
        let asked = params.get("locale");
        let found = asked.and_then(|asked| {
            let mut locales = site.locales.iter();
            locales.position(|l| l.prefix == asked || l.lang.eq_ignore_ascii_case(asked))
        });
        let locale = found.unwrap_or_else(|| guessed(site, head));
        let lang = site.locales.get(locale).map_or("", |locale| &locale.lang);
        Self {
            model,
            keys,
            head,
            ambient,
            locale,
            is_locale_known: asked.is_none() || found.is_some(),
            words: Words::of(lang),
            params,
        }
    }

    pub(super) fn site(&self) -> &'a Site {
        &self.model.index.site
    }

    pub(super) fn snapshot(&self) -> &'a Snapshot {
        &self.model.snapshot
    }

    /// The visitor, when he consented.
    pub(super) fn visitor(&self) -> Option<Visitor> {
        Visitor::read(self.site(), self.head, self.ambient, self.keys)
    }

    /// The item that a parameter names by its id.
    pub(super) fn item(&self, name: &'static str) -> Option<u32> {
        self.snapshot().item_of_id(self.params.get(name)?)
    }

    /// An item's title, when the shop has it in this locale.
    pub(super) fn title(&self, item: u32) -> Option<&'a str> {
        self.snapshot().title(item, self.locale)
    }

    /// The text of an attribute's value.
    pub(super) fn code_text(&self, column: Kind, item: u32) -> Option<&'a str> {
        let code = self.snapshot().code(column, item)?;
        self.snapshot().code_text(column, code)
    }

    /// Whether the article or theme world with this id names an item.
    pub(super) fn is_in_article(&self, item: u32, id: &str) -> bool {
        let snapshot = self.snapshot();
        let mut articles = snapshot.articles_of_item(item);
        let article = |number| snapshot.article(number, self.locale);
        articles.any(|number| article(number).is_some_and(|article| article.id == id))
    }

    /// The locale's own name in an address.
    pub(super) fn prefix(&self) -> &'a str {
        let locale = self.site().locales.get(self.locale);
        locale.map_or("", Locale::in_address)
    }

    /// One of our own addresses, in this locale.
    pub(super) fn address(&self, name: &str) -> String {
        format!("/_tailorbird/{name}?locale={}", in_query(self.prefix()))
    }

    pub(super) fn page(&self, title: &str) -> Html {
        Html::new(self.words, title)
    }

    /// An item's title with its link; what the shop no longer has is said to be so.
    pub(super) fn item_link(&self, html: &mut Html, item: Option<u32>) {
        let shown = item.and_then(|item| Some((self.title(item)?, item)));
        let Some((title, item)) = shown else {
            html.text(self.words.gone);
            return;
        };
        let link = self.snapshot().link(item, self.locale).unwrap_or_default();
        html.link(self.site().local_link(link), title);
    }

    /// A form that says something of an item, and leads back to `to`.
    pub(super) fn opinion(&self, html: &mut Html, item: u32, verdict: &str, to: &str) {
        let id = self.snapshot().id(item).unwrap_or_default();
        let text = match verdict {
            "like" => self.words.like,
            "dislike" => self.words.dislike,
            _ => self.words.clear,
        };
        let fields = [("item", id), ("verdict", verdict), ("back", to)];
        html.form("feedback", &fields).button(text);
    }

    /// The items of keys, as far as the shop has them.
    pub(super) fn item_of(&self, key: ItemKey) -> Option<u32> {
        self.snapshot().item_by_key(key)
    }

    /// Leads back; with what is known now, for a visitor who consented.
    pub(super) fn saved(&self, state: Option<&VisitorState>) -> LocalResponse {
        let mut response = see_other(back(self.head, self.params.get("back")));
        if let Some(state) = state {
            let cookie = history::cookie(state, self.keys, self.head.secure);
            response.headers.push(("set-cookie", cookie));
        }
        response
    }
}

/// The locale of the page that the visitor comes from, or the first language that he reads and the shop speaks.
fn guessed(site: &Site, head: &RequestHead) -> usize {
    let header = |name| first(&head.headers, name).unwrap_or_default();
    let from = header("referer")
        .split_once("://")
        .map_or("", |(_, rest)| rest);
    let path = from.find('/').and_then(|at| from.get(at..));
    let by_path = path.map(|path| locale_of(site, path)).filter(|&at| {
        let locale = site.locales.get(at);
        locale
            .is_some_and(|l| !l.prefix.is_empty() && path.is_some_and(|p| p.starts_with(&l.prefix)))
    });
    let by_language = || {
        let languages = header("accept-language").split(',').take(16);
        let mut languages = languages.filter_map(|language| language.split(';').next());
        languages.find_map(|language| {
            let language = primary(language.trim());
            let speaks = |lang: &str| primary(lang).eq_ignore_ascii_case(language);
            site.locales.iter().position(|l| speaks(&l.lang))
        })
    };
    by_path.or_else(by_language).unwrap_or(0)
}
