//! site.toml into types that cannot be wrong.

use std::collections::BTreeSet;
use std::ops::Range;

use super::codes::Code;
use super::draft::{Draft, Mark};
use super::error::{Findings, SiteError};
use super::pattern::{MAX_PATTERN_BYTES, PathPattern};
use super::shape::{At, Entry, Text, did_you_mean};
use super::template::Field;
use super::words::Words;
use super::{
    Fact, FactName, LocalText, Locale, MAX_PLACES, PageRule, Picture, Site, Source, Template,
    money, offsets, template_parse, visitors_parse,
};
use lol_html::Selector;

/// In CSS pixels: wide enough for two in a phone's width.
const DEFAULT_PICTURE_SIDE: u16 = 300;

/// Parses and checks a site.toml. `name` is the file's name, for messages.
///
/// # Errors
/// All that is wrong, each with its place in the file.
pub fn parse(name: &str, text: &str) -> Result<Site, Box<SiteError>> {
    let draft = Draft::read(name, text);
    match SiteError::of(name, text, &draft.errors) {
        Some(error) => Err(error),
        None => Ok(draft.site),
    }
}

/// Says what is wrong with what a file means, and puts the rest into the draft.
pub(super) fn fill(draft: &mut Draft, file: &Entry<'_>, findings: &mut Findings) {
    let checker = Checker {
        draft,
        findings,
        names: BTreeSet::new(),
        broken_templates: BTreeSet::new(),
        words: Words::default(),
        links_style: true,
        uses_words: false,
    };
    checker.site(file);
}

pub(super) struct Checker<'p> {
    pub(super) draft: &'p mut Draft,
    pub(super) findings: &'p mut Findings,
    names: BTreeSet<String>,
    pub(super) broken_templates: BTreeSet<String>,
    pub(super) words: Words,
    /// Whether Tailorbird's own templates link their style.
    pub(super) links_style: bool,
    /// Whether a page would show words that are built in.
    pub(super) uses_words: bool,
}

impl Checker<'_> {
    fn site(mut self, file: &Entry<'_>) {
        if let Some(shop) = file.table("shop", self.findings) {
            self.draft.site.shop = shop.text("name").map(|name| name.value).unwrap_or_default();
            self.draft.site.url = self.shop_url(shop.text("url"));
            self.links_style = shop.flag("stylesheet").unwrap_or(true);
            let picture = shop.table("picture", self.findings);
            let side = |key| picture.as_ref().and_then(|picture| picture.count(key));
            self.draft.site.picture = Picture {
                width: side("width").unwrap_or(DEFAULT_PICTURE_SIDE),
                height: side("height").unwrap_or(DEFAULT_PICTURE_SIDE),
            };
        }
        let locales = file.tables("locale", self.findings);
        if locales.is_empty() {
            let help = "add one: lang = \"en\", currency = \"EUR\"";
            self.fail(Code::NoLocale, 0..0, "there is no [[locale]]", help);
        }
        for locale in &locales {
            let locale = self.locale(locale);
            self.draft.site.locales.push(locale);
        }
        let words = file.table("words", self.findings);
        self.words = Words::read(words.as_ref(), &self.draft.site.locales, self.findings);
        if let Some(consent) = file.table("consent", self.findings) {
            self.draft.consent_mark = Some(Mark::new(&consent));
            self.draft.site.consent = visitors_parse::consent(&consent, self.findings);
        }
        self.draft.site.adopts = visitors_parse::adopts(file, self.findings);
        self.draft.site.traits = visitors_parse::traits(file, self.findings);
        for page in file.tables("page", self.findings) {
            let rule = self.page(&page);
            self.draft.site.pages.push(rule);
            self.draft.page_marks.push(Mark::new(&page));
        }
        for template in file.tables("template", self.findings) {
            let compiled = self.compile(&template);
            self.draft.site.templates.extend(compiled);
        }
        for banner in file.tables("banner", self.findings) {
            let read = self.banner(&banner);
            self.draft.site.banners.push(read);
            self.draft.place_marks.push(Mark::new(&banner));
        }
        for slot in file.tables("slot", self.findings) {
            let read = self.slot(&slot);
            self.draft.site.slots.push(read);
            self.draft.place_marks.push(Mark::new(&slot));
        }
        for list in file.tables("list", self.findings) {
            let read = self.list(&list);
            self.draft.site.lists.push(read);
            self.draft.place_marks.push(Mark::new(&list));
        }
        self.rules(file);
        self.facts(file);
        let has_picture = |template: &Template| {
            template.uses(Field::ImageWidth) || template.uses(Field::ImageHeight)
        };
        if !self.draft.site.templates.iter().any(has_picture) {
            self.draft.site.picture = Picture::default();
        }
        if self.uses_words {
            let foreign = self.words.foreign.iter().filter_map(|at| locales.get(*at));
            for locale in foreign {
                let lang = locale.text("lang").map(|lang| lang.value);
                let message = format!(
                    "there are no built-in words in {:?}: pages get some in English",
                    lang.unwrap_or_default()
                );
                let help = "say them in [words], and each slot's title and reasons";
                let span = locale.span_of("lang");
                self.findings.add(Code::NoWords, span, message, help);
            }
        }
        let places = self.draft.place_marks.len();
        if places > MAX_PLACES {
            let found = format!("there are {places} places, more than {MAX_PLACES}");
            let help = "split the shop into several sites";
            self.fail(Code::TooManyPlaces, 0..0, &found, help);
        }
    }

    pub(super) fn fail(&mut self, code: Code, span: Range<usize>, message: &str, help: &str) {
        self.findings.add(code, span, message.to_owned(), help);
    }

    fn shop_url(&mut self, url: Option<At<String>>) -> String {
        let Some(url) = url else { return String::new() };
        let trimmed = url.value.trim_end_matches('/');
        let host = trimmed
            .strip_prefix("https://")
            .or(trimmed.strip_prefix("http://"));
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#'])) {
            let message = "expected an address without a path";
            self.fail(
                Code::ShopUrl,
                url.span,
                message,
                "like https://shop.example",
            );
        }
        trimmed.to_owned()
    }

    fn locale(&mut self, entry: &Entry<'_>) -> Locale {
        let text = |key| entry.text(key).map(|text| text.value).unwrap_or_default();
        let locale = Locale {
            lang: text("lang"),
            prefix: text("prefix"),
            currency: text("currency"),
            free_shipping: self.free_shipping(entry, &text("currency")),
        };
        let currency = &locale.currency;
        let is_code = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        if let Some(found) = entry.text("currency").filter(|_| !is_code) {
            let message = "expected an ISO 4217 currency";
            self.fail(Code::Currency, found.span, message, "like EUR");
        }
        if let Some(found) = entry.text("lang").filter(|lang| lang.value.is_empty()) {
            self.fail(
                Code::NoLang,
                found.span,
                "expected a language",
                "like en or de-AT",
            );
        }
        locale
    }

    fn free_shipping(&mut self, entry: &Entry<'_>, currency: &str) -> Option<u32> {
        let found = entry.money("free_shipping")?;
        let sum = money::parse(&found.value, currency).filter(|&sum| sum > 0);
        if sum.is_none() {
            let message = "expected a sum of money above 0";
            self.fail(Code::Money, found.span, message, "like 49, or \"49,90 €\"");
        }
        sum
    }

    fn page(&mut self, entry: &Entry<'_>) -> PageRule {
        let kind = entry
            .text("kind")
            .map(|kind| kind.value)
            .unwrap_or_default();
        let product_link = entry.flag("product_link").unwrap_or_default();
        let paths = entry.texts("paths");
        let selector = entry.text("selector");
        if let Some(selector) = &selector
            && (!paths.is_empty() || product_link)
        {
            let message = "a selector stands in place of paths and product_link";
            let help = "write a [[page]] of the same kind for each";
            self.fail(Code::EmptyPageRule, selector.span.clone(), message, help);
        }
        let is_told = selector.is_some();
        if let Some(At { value, span }) = selector
            && self.selector(&value, span)
        {
            self.draft.site.facts.push(Fact {
                name: FactName::Page,
                pages: Vec::new(),
                source: Source::Mark {
                    selector: value,
                    value: kind.clone(),
                },
            });
            self.draft.fact_marks.push(Mark::new(entry));
        }
        if paths.is_empty() && !product_link && !is_told {
            let help = "give it paths, product_link = true, or a selector";
            let span = entry.span_of("kind");
            self.fail(Code::EmptyPageRule, span, "this page matches nothing", help);
        }
        let mut patterns = Vec::new();
        for path in paths {
            let pattern = PathPattern::new(&path.value);
            if pattern.is_none() {
                let help = format!("at most {MAX_PATTERN_BYTES} bytes, like /*/c/**");
                let message = "expected a path pattern that starts with / or *";
                self.fail(Code::PathPattern, path.span, message, &help);
            }
            patterns.extend(pattern);
        }
        PageRule {
            kind,
            paths: patterns,
            product_link,
        }
    }

    fn compile(&mut self, entry: &Entry<'_>) -> Option<Template> {
        let name = entry.text("name")?;
        let known = &self.draft.site.templates;
        if known.iter().any(|template| template.name == name.value) {
            let message = format!("there are two templates called {:?}", name.value);
            let help = "the second one would never be used; give it another name";
            self.fail(Code::SameName, name.span, &message, help);
            return None;
        }
        let source = entry.text("source");
        let compiled = source.map(|source| {
            let compiled = template_parse::compile(&name.value, &source.value, &self.words);
            compiled.map_err(|errors| {
                for error in errors {
                    let (text, value) = (&self.draft.text, &source.value);
                    let start = offsets::in_file(text, source.span.clone(), value, error.at);
                    let end = offsets::in_file(text, source.span.clone(), value, error.end);
                    let span = start..end.max(start);
                    self.fail(error.code, span, &error.to_string(), &error.help);
                }
            })
        });
        let compiled = compiled.and_then(Result::ok);
        if compiled.is_none() {
            self.broken_templates.insert(name.value);
        }
        compiled
    }

    pub(super) fn pages(&mut self, entry: &Entry<'_>) -> Vec<String> {
        let pages = entry.texts("pages");
        let rules = self.draft.site.pages.iter();
        let kinds: BTreeSet<String> = rules.map(|rule| rule.kind.clone()).collect();
        for page in pages.iter().filter(|page| !kinds.contains(&page.value)) {
            let known: Vec<&str> = kinds.iter().map(String::as_str).collect();
            let help = did_you_mean(&page.value, &known);
            let message = format!("there is no [[page]] of kind {:?}", page.value);
            self.fail(Code::UnknownPageKind, page.span.clone(), &message, &help);
        }
        pages.into_iter().map(|page| page.value).collect()
    }

    pub(super) fn selector(&mut self, selector: &str, span: Range<usize>) -> bool {
        let parsed = selector.parse::<Selector>();
        if let Err(error) = &parsed {
            let message = format!("not a selector that can be matched while streaming: {error}");
            let help =
                "tags, classes, ids, attributes, descendants (a b) and children (a > b) can be";
            self.fail(Code::Selector, span, &message, help);
        }
        parsed.is_ok()
    }

    pub(super) fn name(&mut self, entry: &Entry<'_>) -> String {
        let Some(name) = entry.text("name") else {
            return String::new();
        };
        if !self.names.insert(name.value.clone()) {
            let message = format!("there are two places called {:?}", name.value);
            let help = "reports tell banners, slots and lists apart by name";
            self.fail(Code::SameName, name.span, &message, help);
        }
        name.value
    }

    pub(super) fn text(&mut self, text: Option<At<Text>>) -> LocalText {
        let langs = self.draft.site.locales.iter();
        let langs: Vec<String> = langs.map(|locale| locale.lang.clone()).collect();
        let Some(text) = text else {
            return vec![String::new(); langs.len()];
        };
        let by_lang = match text.value {
            Text::Same(same) => return vec![same; langs.len()],
            Text::ByLang(by_lang) => by_lang,
        };
        for (lang, _) in &by_lang {
            if !langs.contains(&lang.value) {
                let known: Vec<&str> = langs.iter().map(String::as_str).collect();
                let help = did_you_mean(&lang.value, &known);
                let message = format!("there is no [[locale]] with lang {:?}", lang.value);
                self.fail(Code::TextForOther, lang.span.clone(), &message, &help);
            }
        }
        let mut texts = Vec::with_capacity(langs.len());
        for lang in langs {
            let found = by_lang.iter().find(|(known, _)| known.value == lang);
            if found.is_none() {
                let message = format!("the text for {lang:?} is missing");
                let help = format!("add {lang} = \"…\"");
                self.fail(Code::TextMissing, text.span.clone(), &message, &help);
            }
            texts.push(found.map(|(_, text)| text.clone()).unwrap_or_default());
        }
        texts
    }
}
