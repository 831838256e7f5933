//! From a text of the page to what it means in the snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::read::Taker;
use super::{Facts, MAX_CUSTOMER_CHARS, MAX_FACT_ITEMS, MAX_FACT_TEXT_BYTES, MAX_FACT_TEXTS};
use crate::page::Page;
use crate::page::links::item_of_text;
use crate::site::{Fact, FactName, Site, money};
use crate::snapshot::{Kind, Snapshot};

/// What a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Item(u32),
    Code(u32),
    Text(String),
    Money(u32),
    /// Index into [`Site::pages`].
    Page(usize),
    Present,
}

/// What a fact's text means on the page at `path` in a locale; `None` when it means nothing there.
pub(super) fn value(
    name: FactName,
    text: &str,
    site: &Site,
    snapshot: &Snapshot,
    locale: usize,
    path: &str,
) -> Option<Value> {
    match name {
        FactName::Product | FactName::CartItem | FactName::OrderItem => {
            item_of_text(site, snapshot, text, path).map(Value::Item)
        }
        FactName::Category => snapshot.code_like(Kind::Category, text).map(Value::Code),
        FactName::Brand => snapshot.code_like(Kind::Brand, text).map(Value::Code),
        FactName::Search => Some(words_of(text))
            .filter(|words| !words.is_empty())
            .map(Value::Text),
        FactName::CartSum => {
            let currency = site.locales.get(locale).map(|l| l.currency.as_str());
            money::parse(text, currency.unwrap_or_default()).map(Value::Money)
        }
        FactName::Order => (!text.trim().is_empty()).then_some(Value::Present),
        FactName::Page => {
            let mut rules = site.pages.iter();
            rules
                .position(|rule| rule.kind == text.trim())
                .map(Value::Page)
        }
        FactName::Customer => customer_name(text).map(Value::Text),
    }
}

/// A customer's name as a page may say it: its words with one blank between them. One that is too long, or has
/// a control character or a mark that turns the text behind it round, is none.
pub(crate) fn customer_name(text: &str) -> Option<String> {
    let name = words_of(text);
    let is_odd =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_name =
        !name.is_empty() && name.chars().count() <= MAX_CUSTOMER_CHARS && !name.contains(is_odd);
    is_name.then_some(name)
}

fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Facts {
    /// Takes in what a page of the shop would tell by these texts; `false` when one of them means nothing there.
    pub(crate) fn take<'a>(
        &mut self,
        name: FactName,
        texts: impl Iterator<Item = &'a str>,
        site: &Site,
        snapshot: &Snapshot,
        page: &Page<'_>,
    ) -> bool {
        let meaning = |text: &str| {
            let is_short = text.len() <= MAX_FACT_TEXT_BYTES;
            let meaning = value(name, text, site, snapshot, page.locale, page.path);
            meaning.filter(|_| is_short)
        };
        let most = if name.is_list() { MAX_FACT_ITEMS } else { 1 };
        let values: Option<Vec<Value>> = texts.take(most).map(meaning).collect();
        self.set(name, values.as_deref().unwrap_or_default());
        values.is_some()
    }

    pub(super) fn set(&mut self, name: FactName, values: &[Value]) {
        let mut items = Vec::new();
        for value in values {
            match (name, value) {
                (FactName::Product, Value::Item(item)) => self.product = Some(*item),
                (_, Value::Item(item)) if !items.contains(item) => items.push(*item),
                (FactName::Category, Value::Code(code)) => self.category = Some(*code),
                (FactName::Brand, Value::Code(code)) => self.brand = Some(*code),
                (FactName::Search, Value::Text(text)) => self.search = Some(text.clone()),
                (FactName::Customer, Value::Text(text)) => self.customer = Some(text.clone()),
                (FactName::Page, Value::Page(rule)) => self.page = Some(*rule),
                (FactName::CartSum, Value::Money(minor)) => self.cart_sum = Some(*minor),
                (FactName::Order, Value::Present) => self.is_order = true,
                _ => {}
            }
        }
        match name {
            FactName::CartItem => self.cart = items,
            FactName::OrderItem => self.ordered = items,
            _ => {}
        }
    }
}

/// Gathers what the wanted facts of a page mean, until all that can be known is known.
pub(crate) struct Found {
    site: Arc<Site>,
    snapshot: Arc<Snapshot>,
    locale: usize,
    path: String,
    /// By index into [`Site::facts`].
    wanted: BTreeMap<usize, Gathered>,
}

struct Gathered {
    name: FactName,
    values: Vec<Value>,
    /// How many texts were looked at.
    texts: usize,
    is_complete: bool,
}

impl Found {
    pub(crate) fn new(
        site: &Arc<Site>,
        snapshot: &Arc<Snapshot>,
        locale: usize,
        path: &str,
        wanted: &[(usize, &Fact)],
    ) -> Self {
        let gathered = |fact: &Fact| Gathered {
            name: fact.name,
            values: Vec::new(),
            texts: 0,
            is_complete: false,
        };
        Self {
            site: Arc::clone(site),
            snapshot: Arc::clone(snapshot),
            locale,
            path: path.to_owned(),
            wanted: wanted
                .iter()
                .map(|(at, fact)| (*at, gathered(fact)))
                .collect(),
        }
    }

    /// What was found: of each name the first fact that has a value.
    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        for gathered in self.wanted.values().filter(|g| !g.values.is_empty()) {
            if !facts.tell(gathered.name) {
                facts.set(gathered.name, &gathered.values);
            }
        }
        facts
    }
}

impl Taker for Found {
    fn take(&mut self, fact: usize, text: &str) {
        let Some(gathered) = self.wanted.get_mut(&fact) else {
            return;
        };
        let most = if gathered.name.is_list() {
            MAX_FACT_ITEMS
        } else {
            1
        };
        let is_full = gathered.values.len() >= most || gathered.texts >= MAX_FACT_TEXTS;
        if gathered.is_complete || is_full {
            return;
        }
        gathered.texts += 1;
        let (site, snapshot) = (&self.site, &self.snapshot);
        let found = value(gathered.name, text, site, snapshot, self.locale, &self.path);
        if let Some(value) = found.filter(|value| !gathered.values.contains(value)) {
            gathered.values.push(value);
        }
    }

    fn end_block(&mut self, fact: usize) {
        if let Some(gathered) = self.wanted.get_mut(&fact) {
            gathered.is_complete |= !gathered.values.is_empty();
        }
    }

    /// Only the first fact of a name can end the search for it: where that one has nothing yet, it may still
    /// come.
    fn is_satisfied(&self) -> bool {
        let mut seen = Vec::new();
        let has_page = |all: &Gathered| all.name == FactName::Page && !all.values.is_empty();
        if self.wanted.values().any(has_page) {
            // Marks exclude each other, so one of them is enough.
            seen.push(FactName::Page);
        }
        self.wanted.values().all(|gathered| {
            if seen.contains(&gathered.name) {
                return true;
            }
            seen.push(gathered.name);
            let is_list = gathered.name.is_list();
            !gathered.values.is_empty() && (!is_list || gathered.is_complete)
        })
    }
}
