//! `GET recommendations`: items as JSON, for a script, an app, or a mail when it is opened.

use serde::Serialize;

use super::request::Request;
use super::{LocalResponse, MAX_LISTED, json};
use crate::condition::{on_path, same_text};
use crate::engine::moment;
use crate::page::{Facts, Page};
use crate::plan::{Card, Request as Asking, card, with_rules};
use crate::recommend::{ActiveRules, Context};
use crate::rewrite::is_safe_url;
use crate::site::{MAX_SLOT_ITEMS, Strategy, reason_in};
use crate::snapshot::Kind;
use crate::visitor::PlaceKey;

/// How many of a strategy's items are looked at for those of a category or brand, or that say a word.
const MAX_LOOKED_AT: usize = 4096;

/// What is given when the request does not say.
const USUAL_MAX: usize = 8;

const KNOWN: [&str; 10] = [
    "strategy", "item", "category", "brand", "theme", "q", "min", "max", "exclude", "locale",
];

#[derive(Serialize)]
struct Answer {
    strategy: Option<&'static str>,
    reason: Option<&'static str>,
    items: Vec<Shown>,
    snapshot: u64,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    title: String,
    link: String,
    image: String,
    price: String,
    old_price: String,
    brand: String,
}

impl From<Card> for Shown {
    fn from(card: Card) -> Self {
        let safe = |url: String| {
            if is_safe_url(&url) {
                url
            } else {
                String::new()
            }
        };
        Self {
            id: card.id,
            title: card.title,
            link: safe(card.link),
            image: safe(card.image),
            price: card.price,
            old_price: card.old_price,
            brand: card.brand,
        }
    }
}

/// What rules call it, and the kind of page that conditions see.
const PLACE: &str = "recommendations";

/// What only some items are.
struct Only<'a> {
    category: Option<&'a str>,
    brand: Option<&'a str>,
    theme: Option<&'a str>,
    words: Vec<String>,
}

pub(super) fn answer(request: &Request<'_>) -> LocalResponse {
    match chosen(request) {
        Ok(answer) => json(200, &answer),
        Err(error) => json(400, &serde_json::json!({ "error": error })),
    }
}

fn chosen(request: &Request<'_>) -> Result<Answer, String> {
    let (params, snapshot) = (&request.params, request.snapshot());
    if let Some(unknown) = params.names().find(|name| !KNOWN.contains(name)) {
        let known = KNOWN.join(", ");
        return Err(format!("unknown parameter {unknown:?}; known are {known}"));
    }
    if !request.is_locale_known {
        let locales = request.site().locales.iter();
        let known: Vec<&str> = locales.map(|l| l.prefix.as_str()).collect();
        return Err(format!("unknown locale; known are {}", known.join(", ")));
    }
    let strategies = strategies(request)?;
    let max = number(request, "max", USUAL_MAX)?;
    let min = number(request, "min", 1)?;
    let many = || format!("exclude has more than {MAX_LISTED} ids");
    let excluded = params.list("exclude").ok_or_else(many)?;
    let taken = excluded.iter().filter_map(|id| snapshot.item_of_id(id));
    let taken: Vec<u32> = taken.collect();
    let only = Only::of(request);

    let visitor = request.visitor();
    let items = visitor.as_ref().map(|visitor| visitor.items(snapshot));
    let known = visitor.as_ref().zip(items.as_ref());
    let known = known.map(|(visitor, items)| visitor.known(items));
    let known = known.unwrap_or_default();
    let page = Page {
        path: "/",
        kind: Some(PLACE),
        locale: request.locale,
        product: request.item("item"),
        facts: facts(request),
    };
    let moment = moment(request.ambient.now, visitor.as_ref());
    let asking = Asking {
        country: request.ambient.country.as_deref(),
        region: request.ambient.region.as_deref(),
        ..Asking::default()
    };
    let model = request.model;
    let choose = |context: Context<'_>, rules: &ActiveRules| {
        let rules = rules.at(PLACE);
        let context = Context {
            rules: Some(rules),
            ..context
        };
        strategies.into_iter().find_map(|strategy| {
            let depth = if only.is_all() {
                rules.depth(max)
            } else {
                MAX_LOOKED_AT
            };
            let mut items = context.choose(strategy, PlaceKey::of(PLACE), depth, &taken);
            items.retain(|&item| only.holds(request, item));
            rules.arrange(&mut items, max, |item| {
                only.holds(request, item) && context.may_show(item, &taken)
            });
            (items.len() >= min).then_some((strategy, items))
        })
    };
    let (index, model) = (&model.index, &model.snapshot);
    let found = with_rules(index, model, &page, &known, &moment, &asking, choose);
    let (strategy, items) = found.unzip();
    let cards = items.into_iter().flatten();
    let cards = cards.map(|item| {
        card(
            request.site(),
            snapshot,
            (request.locale, request.ambient.now),
            item,
        )
        .into()
    });
    Ok(Answer {
        strategy: strategy.map(Strategy::name),
        reason: strategy.map(|strategy| reason_in(strategy, request.words.is_german)),
        items: cards.collect(),
        snapshot: snapshot.meta().sequence,
    })
}

/// What the page would tell that such a list stands on.
fn facts(request: &Request<'_>) -> Facts {
    let code = |column, name| {
        let text = request.params.get(name)?;
        request.snapshot().code_like(column, text)
    };
    Facts {
        product: request.item("item"),
        category: code(Kind::Category, "category"),
        brand: code(Kind::Brand, "brand"),
        search: request.params.get("q").map(str::to_owned),
        ..Facts::default()
    }
}

fn strategies(request: &Request<'_>) -> Result<Vec<Strategy>, String> {
    let names = request.params.list("strategy").unwrap_or_default();
    let find = |name: &&str| {
        let mut all = Strategy::ALL.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, strategy)| *strategy)
    };
    let found: Option<Vec<Strategy>> = names.iter().map(find).collect();
    found.filter(|found| !found.is_empty()).ok_or_else(|| {
        let known: Vec<&str> = Strategy::ALL.iter().map(|(name, _)| *name).collect();
        format!(
            "expected strategy=…, 1 to {MAX_LISTED} of {}",
            known.join(", ")
        )
    })
}

fn number(request: &Request<'_>, name: &'static str, usual: usize) -> Result<usize, String> {
    let Some(value) = request.params.get(name) else {
        return Ok(usual);
    };
    let number = value.parse().ok();
    let number = number.filter(|number| (1..=MAX_SLOT_ITEMS).contains(number));
    number.ok_or_else(|| format!("expected {name} from 1 to {MAX_SLOT_ITEMS}, found {value:?}"))
}

impl<'a> Only<'a> {
    fn of(request: &'a Request<'_>) -> Self {
        let params = &request.params;
        let words = params.get("q").unwrap_or_default().to_lowercase();
        let words = words.split_whitespace().take(MAX_LISTED);
        Self {
            category: params.get("category"),
            brand: params.get("brand"),
            theme: params.get("theme"),
            words: words.map(str::to_owned).collect(),
        }
    }

    fn is_all(&self) -> bool {
        self.category.is_none()
            && self.brand.is_none()
            && self.theme.is_none()
            && self.words.is_empty()
    }

    fn holds(&self, request: &Request<'_>, item: u32) -> bool {
        let category = request.code_text(Kind::Category, item).unwrap_or_default();
        let brand = request.code_text(Kind::Brand, item).unwrap_or_default();
        if self
            .category
            .is_some_and(|wanted| !on_path(wanted, category))
            || self.brand.is_some_and(|wanted| !same_text(wanted, brand))
            || self
                .theme
                .is_some_and(|wanted| !request.is_in_article(item, wanted))
        {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let title = request.title(item).unwrap_or_default();
        let text = format!("{title} {brand} {category}").to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}
