//! site.toml into types that cannot be wrong.

use std::collections::BTreeSet;
use std::ops::Range;

use lol_html::Selector;
use toml::Spanned;

use super::error::{Problems, SiteError};
use super::file::{self, File};
use super::pattern::{MAX_PATTERN_BYTES, PathPattern};
use super::template_parse;
use super::{
    Audience, Banner, ConsentRule, List, LocalText, Locale, MAX_PLACES, MAX_SLOT_ITEMS, PageRule,
    Place, Position, Site, Slot, Strategy, WithoutConsent,
};

const DEFAULT_MIN_ITEMS: u8 = 1;
const DEFAULT_MAX_ITEMS: u8 = 8;

const POSITIONS: [(&str, Position); 5] = [
    ("before", Position::Before),
    ("after", Position::After),
    ("prepend", Position::Prepend),
    ("append", Position::Append),
    ("replace", Position::Replace),
];
const AUDIENCES: [(&str, Audience); 3] = [
    ("everyone", Audience::Everyone),
    ("new", Audience::New),
    ("returning", Audience::Returning),
];
const WITHOUT: [(&str, WithoutConsent); 2] = [
    ("contextual", WithoutConsent::Contextual),
    ("untouched", WithoutConsent::Untouched),
];

/// Parses and checks a site.toml. `name` is the file's name, for messages.
///
/// # Errors
/// All that is wrong, each with its place in the file.
pub fn parse(name: &str, text: &str) -> Result<Site, Box<SiteError>> {
    let mut problems = Problems::new(name, text);
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let span = error.span().unwrap_or(0..text.len().min(1));
            problems.add(span, error.message().to_owned(), None);
            return problems.into_result(Site::default());
        }
    };
    let site = Checker {
        problems: &mut problems,
        names: BTreeSet::new(),
    }
    .site(file);
    problems.into_result(site)
}

struct Checker<'p> {
    problems: &'p mut Problems,
    names: BTreeSet<String>,
}

impl Checker<'_> {
    fn site(mut self, file: File) -> Site {
        let mut site = Site {
            shop: file.shop.name,
            ..Site::default()
        };
        site.url = self.shop_url(file.shop.url);
        site.locales = file
            .locale
            .into_iter()
            .map(|locale| self.locale(locale))
            .collect();
        if site.locales.is_empty() {
            self.fail(
                0..0,
                "there is no [[locale]]",
                "add one: lang = \"en\", currency = \"EUR\"",
            );
        }
        site.consent = ConsentRule {
            cookie: file.consent.cookie,
            grants: file.consent.grants,
            without: self.choice("answer", file.consent.without, &WITHOUT),
        };
        site.pages = file.page.into_iter().map(|page| self.page(page)).collect();
        for template in file.template {
            let span = template.source.span();
            match template_parse::compile(template.name.get_ref(), template.source.get_ref()) {
                Ok(compiled) => site.templates.push(compiled),
                Err(error) => self.fail(span, &error.to_string(), error.help()),
            }
        }
        site.banners = file
            .banner
            .into_iter()
            .map(|b| self.banner(b, &site))
            .collect();
        site.slots = file.slot.into_iter().map(|s| self.slot(s, &site)).collect();
        site.lists = file.list.into_iter().map(|l| self.list(l, &site)).collect();
        if self.names.len() > MAX_PLACES {
            let found = format!(
                "there are {} places, more than {MAX_PLACES}",
                self.names.len()
            );
            self.fail(0..0, &found, "split the shop into several sites");
        }
        site
    }

    fn fail(&mut self, span: Range<usize>, message: &str, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.problems.add(span, message.to_owned(), help);
    }

    fn shop_url(&mut self, url: Option<Spanned<String>>) -> String {
        let Some(url) = url else { return String::new() };
        let trimmed = url.get_ref().trim_end_matches('/');
        let host = trimmed
            .strip_prefix("https://")
            .or(trimmed.strip_prefix("http://"));
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#'])) {
            self.fail(
                url.span(),
                "expected an address without a path",
                "like https://shop.example",
            );
        }
        trimmed.to_owned()
    }

    fn locale(&mut self, locale: file::Locale) -> Locale {
        let currency = locale.currency.get_ref();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            self.fail(
                locale.currency.span(),
                "expected an ISO 4217 currency",
                "like EUR",
            );
        }
        if locale.lang.get_ref().is_empty() {
            self.fail(
                locale.lang.span(),
                "expected a language",
                "like en or de-AT",
            );
        }
        Locale {
            lang: locale.lang.into_inner(),
            prefix: locale.prefix,
            currency: locale.currency.into_inner(),
        }
    }

    fn page(&mut self, page: file::Page) -> PageRule {
        if page.paths.is_empty() && !page.product_link {
            self.fail(
                page.kind.span(),
                "this page matches nothing",
                "give it paths or product_link = true",
            );
        }
        let paths = page.paths.into_iter().filter_map(|path| {
            let pattern = PathPattern::new(path.get_ref());
            if pattern.is_none() {
                let help = format!("at most {MAX_PATTERN_BYTES} bytes, like /*/c/**");
                self.fail(
                    path.span(),
                    "expected a path pattern that starts with / or *",
                    &help,
                );
            }
            pattern
        });
        let paths = paths.collect();
        PageRule {
            kind: page.kind.into_inner(),
            paths,
            product_link: page.product_link,
        }
    }

    fn banner(&mut self, banner: file::Banner, site: &Site) -> Banner {
        let link = self.text(banner.link.as_ref(), site);
        Banner {
            name: self.name(&banner.name),
            place: self.place(banner.pages, banner.selector, banner.position, site),
            audience: self.choice("audience", banner.audience, &AUDIENCES),
            template: self.template(&banner.template, site),
            title: self.text(banner.title.as_ref(), site),
            text: self.text(banner.text.as_ref(), site),
            link,
        }
    }

    fn slot(&mut self, slot: file::Slot, site: &Site) -> Slot {
        let (min, max) = self.limits(slot.min, slot.max);
        if slot.strategies.get_ref().is_empty() {
            self.fail(
                slot.strategies.span(),
                "expected at least one strategy",
                &known(&Strategy::ALL),
            );
        }
        let default_title = self.text(slot.title.as_ref(), site);
        let mut strategies = Vec::new();
        let mut titles = Vec::new();
        for name in slot.strategies.into_inner() {
            let Some(strategy) = self.known("strategy", &name, &Strategy::ALL) else {
                continue;
            };
            let own = slot
                .titles
                .iter()
                .find(|(key, _)| key.get_ref() == strategy.name());
            titles
                .push(own.map_or_else(|| default_title.clone(), |(_, t)| self.text(Some(t), site)));
            strategies.push(strategy);
        }
        for key in slot.titles.keys() {
            if !strategies.iter().any(|s| s.name() == key.get_ref()) {
                self.fail(
                    key.span(),
                    "a title for a strategy that this slot does not use",
                    "",
                );
            }
        }
        Slot {
            name: self.name(&slot.name),
            place: self.place(slot.pages, slot.selector, slot.position, site),
            strategies,
            min,
            max,
            template: self.template(&slot.template, site),
            text: self.text(slot.text.as_ref(), site),
            titles,
        }
    }

    fn limits(&mut self, min: Option<Spanned<u8>>, max: Option<Spanned<u8>>) -> (u8, u8) {
        let least = min.as_ref().map_or(DEFAULT_MIN_ITEMS, |min| *min.get_ref());
        let most = max
            .as_ref()
            .map_or(DEFAULT_MAX_ITEMS.max(least), |max| *max.get_ref());
        if usize::from(most) > MAX_SLOT_ITEMS {
            let span = max.as_ref().map_or(0..0, Spanned::span);
            self.fail(
                span,
                &format!("expected at most {MAX_SLOT_ITEMS} items"),
                "",
            );
        }
        if least == 0 || least > most {
            let span = min.or(max).map_or(0..0, |limit| limit.span());
            self.fail(
                span,
                &format!("expected 1 <= min <= max, found min {least}, max {most}"),
                "",
            );
        }
        (least, most)
    }

    fn list(&mut self, list: file::List, site: &Site) -> List {
        for selector in [&list.selector, &list.tile] {
            if selector.get_ref().contains(',') {
                self.fail(
                    selector.span(),
                    "expected one selector, found a comma",
                    "write a [[list]] for each",
                );
            }
        }
        let whole = format!("{} {}", list.selector.get_ref(), list.tile.get_ref());
        self.selector(&list.selector);
        self.check_selector(&whole, list.tile.span());
        List {
            name: self.name(&list.name),
            pages: self.pages(list.pages, site),
            selector: list.selector.into_inner(),
            tile: list.tile.into_inner(),
        }
    }

    fn place(
        &mut self,
        pages: Vec<Spanned<String>>,
        selector: Spanned<String>,
        position: Option<Spanned<String>>,
        site: &Site,
    ) -> Place {
        self.selector(&selector);
        Place {
            pages: self.pages(pages, site),
            selector: selector.into_inner(),
            position: self.choice("position", position, &POSITIONS),
        }
    }

    fn pages(&mut self, pages: Vec<Spanned<String>>, site: &Site) -> Vec<String> {
        for page in &pages {
            if !site.pages.iter().any(|rule| rule.kind == *page.get_ref()) {
                let kinds: BTreeSet<&str> =
                    site.pages.iter().map(|rule| rule.kind.as_str()).collect();
                let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
                let message = format!("there is no [[page]] of kind {:?}", page.get_ref());
                self.fail(page.span(), &message, &format!("known: {kinds}"));
            }
        }
        pages.into_iter().map(Spanned::into_inner).collect()
    }

    fn selector(&mut self, selector: &Spanned<String>) {
        self.check_selector(selector.get_ref(), selector.span());
    }

    fn check_selector(&mut self, selector: &str, span: Range<usize>) {
        if let Err(error) = selector.parse::<Selector>() {
            self.fail(
                span,
                &format!("not a selector that can be matched while streaming: {error}"),
                "",
            );
        }
    }

    fn name(&mut self, name: &Spanned<String>) -> String {
        if !self.names.insert(name.get_ref().clone()) {
            self.fail(
                name.span(),
                &format!("there are two places called {:?}", name.get_ref()),
                "",
            );
        }
        name.get_ref().clone()
    }

    fn template(&mut self, name: &Spanned<String>, site: &Site) -> u16 {
        let at = site
            .templates
            .iter()
            .position(|t| t.name == *name.get_ref());
        if at.is_none() {
            self.fail(
                name.span(),
                &format!("there is no sound [[template]] called {:?}", name.get_ref()),
                "",
            );
        }
        at.and_then(|at| u16::try_from(at).ok()).unwrap_or(0)
    }

    fn text(&mut self, text: Option<&Spanned<file::Text>>, site: &Site) -> LocalText {
        let Some(text) = text else {
            return vec![String::new(); site.locales.len()];
        };
        let by_lang = match text.get_ref() {
            file::Text::Same(same) => return vec![same.clone(); site.locales.len()],
            file::Text::ByLang(by_lang) => by_lang,
        };
        for lang in by_lang.keys() {
            if !site.locales.iter().any(|locale| locale.lang == *lang) {
                self.fail(
                    text.span(),
                    &format!("there is no [[locale]] with lang {lang:?}"),
                    "",
                );
            }
        }
        let one = |locale: &Locale| {
            let found = by_lang.get(&locale.lang);
            if found.is_none() {
                self.fail(
                    text.span(),
                    &format!("the text for {:?} is missing", locale.lang),
                    "",
                );
            }
            found.cloned().unwrap_or_default()
        };
        site.locales.iter().map(one).collect()
    }

    fn choice<T: Copy + Default>(
        &mut self,
        what: &str,
        name: Option<Spanned<String>>,
        all: &[(&str, T)],
    ) -> T {
        name.and_then(|name| self.known(what, &name, all))
            .unwrap_or_default()
    }

    fn known<T: Copy>(
        &mut self,
        what: &str,
        name: &Spanned<String>,
        all: &[(&str, T)],
    ) -> Option<T> {
        let found = all
            .iter()
            .find(|(known, _)| known == name.get_ref())
            .map(|(_, value)| *value);
        if found.is_none() {
            self.fail(
                name.span(),
                &format!("there is no {what} {:?}", name.get_ref()),
                &known(all),
            );
        }
        found
    }
}

fn known<T>(all: &[(&str, T)]) -> String {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    format!("known: {}", names.join(", "))
}
