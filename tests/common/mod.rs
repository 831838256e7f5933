//! A small shop for tests: 60 products in three categories, two locales.
#![allow(dead_code, reason = "each test crate uses a part of it")]

pub mod forged;
pub mod pages;
pub mod rewriting;

use tailorbird::snapshot::{
    ArticleRecord, ArticleText, AttributeWeights, Availability, ClusterFeature, Clusters,
    ItemRecord, ItemText, Meta, Neighbour, PriceBefore, SnapshotSource, WeatherDay, write,
};
use tailorbird::{Ambient, Decision, Engine, HeadEdits, Outcome, RequestHead, ResponseHead};

pub const ITEMS: usize = 60;
pub const NOW: i64 = 1_790_000_000;

pub const SITE: &str = r#"
[shop]
name = "Fixture"
url = "https://fixture.example"
[[locale]]
lang = "en"
prefix = "/en/"
currency = "EUR"
[[locale]]
lang = "de"
prefix = "/de/"
currency = "EUR"
[consent]
cookie = "consent"
grants = "personalisation"
[[page]]
kind = "home"
paths = ["/en/", "/de/"]
[[page]]
kind = "product"
product_link = true
[[page]]
kind = "listing"
paths = ["/*/c/**"]
[[template]]
name = "shelf"
source = '<section class="tb-slot" data-slot="{{name}}"><h2>{{title}}</h2>{{#items}}<a href="{{link}}">{{title}}{{#old_price}}<del>{{old_price}}</del>{{/old_price}} {{price}}</a>{{/items}}</section>'
[[template]]
name = "banner"
source = '<aside class="tb-banner"><a href="{{link}}">{{title}}</a></aside>'
[[banner]]
name = "welcome"
pages = ["home"]
selector = "main"
position = "prepend"
audience = "new"
template = "banner"
title = { en = "Welcome", de = "Willkommen" }
link = { en = "/en/c/mugs", de = "/de/c/mugs" }
[[banner]]
name = "back"
pages = ["home"]
selector = "main"
position = "prepend"
audience = "returning"
template = "banner"
title = { en = "Welcome back", de = "Schön, dass Sie wieder da sind" }
[[slot]]
name = "recent"
pages = ["home", "product"]
selector = "section.hero"
position = "after"
strategies = ["recently_viewed"]
max = 6
template = "shelf"
text = "x"
title = { en = "Seen", de = "Gesehen" }
[[slot]]
name = "for-you"
pages = ["home"]
selector = "section.hero"
position = "after"
strategies = ["recommended_for_you", "top_sellers"]
min = 3
max = 6
template = "shelf"
title = { en = "For you", de = "Für Sie" }
titles.top_sellers = { en = "Top", de = "Beliebt" }
[[slot]]
name = "similar"
pages = ["product"]
selector = "section.hero"
position = "after"
strategies = ["similar_items", "top_sellers"]
max = 4
template = "shelf"
title = { en = "Similar", de = "Ähnlich" }
[[list]]
name = "listing"
pages = ["listing"]
selector = "ul.products"
tile = "li.tile"
"#;

/// A site that uses all that a place may say of when, for whom and where.
pub const SITE_WITH_TERMS: &str = r#"
[shop]
name = "Fixture"
url = "https://fixture.example"
[[locale]]
lang = "en"
prefix = "/en/"
currency = "EUR"
[[locale]]
lang = "de"
prefix = "/de/"
currency = "EUR"
[consent]
cookie = "consent"
grants = "personalisation"
[[page]]
kind = "home"
paths = ["/en/", "/de/"]
[[page]]
kind = "product"
product_link = true
[[page]]
kind = "listing"
paths = ["/*/c/**"]
[[template]]
name = "shelf"
source = '<section class="tb-slot" data-slot="{{name}}">{{#items}}<a href="{{link}}">{{title}}</a>{{/items}}</section>'
[[banner]]
name = "winter"
pages = ["home"]
selector = "body"
position = "prepend"
template = "shelf"
owner = "Ada, campaigns"
from = 2026-09-20
until = 2026-09-21T12:00:00+02:00
[[banner]]
name = "off"
pages = ["product"]
selector = "main"
template = "shelf"
enabled = false
[[slot]]
name = "top"
pages = ["home"]
selector = "section.hero"
nth = 2
strategies = ["top_sellers"]
template = "shelf"
[[slot]]
name = "half"
pages = ["home", "product"]
selector = "section.hero"
strategies = ["top_sellers"]
template = "shelf"
percentage = 50
[[list]]
name = "listing"
pages = ["listing"]
selector = "ul.products"
tile = "li.tile"
personalise_first = 4
pinned = [1, 3]
"#;

/// Item `i`: category `i % 3`, every seventh out of stock, every fourth reduced. Its neighbours are
/// the next ten of its category.
pub fn source() -> SnapshotSource {
    source_with(SITE)
}

pub fn source_with(site: &str) -> SnapshotSource {
    let categories = ["Kitchen > Mugs", "Kitchen > Plates", "Garden"];
    let text = |index: usize, lang: &str, title: &str| ItemText {
        title: format!("{title} {index}"),
        link: format!("https://fixture.example/{lang}/p/item-{index}"),
        image: format!("https://fixture.example/i/{index}.svg"),
        price: Some(1000 + index as u32 * 10),
        sale_price: index.is_multiple_of(4).then_some(900),
        ..ItemText::default()
    };
    SnapshotSource {
        meta: Meta {
            sequence: 7,
            created: NOW - 100,
            expires: 0,
            events: 1234,
            sessions: 99,
        },
        items: (0..ITEMS)
            .map(|index| ItemRecord {
                id: format!("F-{index}"),
                availability: match index % 7 {
                    6 => Availability::OutOfStock,
                    _ => Availability::InStock,
                },
                brand: format!("Brand {}", index % 5),
                category: categories[index % 3].into(),
                color: ["red", "", "blue"][index % 3].into(),
                texts: vec![text(index, "en", "Thing"), text(index, "de", "Ding")],
                ..ItemRecord::default()
            })
            .collect(),
        viewed_together: (0..ITEMS)
            .map(|index| {
                (1..=10)
                    .map(|step| Neighbour {
                        item: ((index + 3 * step) % ITEMS) as u32,
                        weight: 1.0 / step as f32,
                    })
                    .collect()
            })
            .collect(),
        popularity: (0..ITEMS)
            .map(|index| 1000.0 / (1.0 + index as f32))
            .collect(),
        site: tailorbird::site::parse("site.toml", site).expect("a sound site.toml"),
        ..SnapshotSource::default()
    }
}

/// The same shop with all models. Items `i` and `i + 1` are bought together, `i` and `i + 30` are
/// alike; items 50 to 59 trend, the last one most.
pub fn full_source() -> SnapshotSource {
    let mut source = source();
    let list = |steps: &[usize], index: usize| {
        let neighbour = |&step: &usize| Neighbour {
            item: ((index + step) % ITEMS) as u32,
            weight: 1.0 / step as f32,
        };
        steps.iter().map(neighbour).collect::<Vec<_>>()
    };
    source.bought_together = (0..ITEMS).map(|index| list(&[1], index)).collect();
    source.similar_by_content = (0..ITEMS).map(|index| list(&[3, 30], index)).collect();
    source.trending = (0..ITEMS as u32)
        .map(|index| index.saturating_sub(49) as f32)
        .collect();
    source.attributes = AttributeWeights {
        brand: 65_536,
        price: 7,
        ..AttributeWeights::default()
    };
    for (index, item) in source.items.iter_mut().enumerate() {
        item.size = ["S", "M", "L"][index % 3].into();
        item.material = ["wood", ""][index % 2].into();
        item.group = format!("G-{}", index / 2);
    }
    add_facts(&mut source);
    add_worlds(&mut source);
    source
}

/// The day on which the fixture's snapshot is made, since 1970.
pub const TODAY: u32 = ((NOW - 100) / 86_400) as u32;

/// What only some feeds say, and what only a chain of snapshots knows: 3, 13, 23 … are nearly sold out,
/// every fifth is new, the later the number the older; 8 was dearer; 9 and 19 are back.
fn add_facts(source: &mut SnapshotSource) {
    for (index, item) in source.items.iter_mut().enumerate() {
        let number = index as u32;
        item.quantity = Some(if index % 10 == 3 { 2 } else { 100_000 * number });
        item.delivery_days = index.is_multiple_of(2).then_some(3 + 10 * number as u16);
        item.added_day = index.is_multiple_of(5).then_some(TODAY - 2 * number);
        item.labels = vec![String::new(), ["", "bulky"][index % 2].into()];
        item.texts[0].sale_ends = index.is_multiple_of(8).then_some(NOW + 60);
    }
    let before = |price, ago| PriceBefore {
        price,
        day: TODAY - ago,
    };
    source.items[8].texts[0].prices_before = vec![before(1500, 20), before(1900, 29)];
    source.items[9].back_in_stock_day = Some(TODAY - 3);
    source.items[19].back_in_stock_day = Some(TODAY);
}

/// What goes together, what the weather is like, and two kinds of visitors: those of the kitchen, and
/// those who look for reduced things for the garden.
fn add_worlds(source: &mut SnapshotSource) {
    let list = |of: &[(&str, f32)]| -> Vec<(String, f32)> {
        of.iter()
            .map(|(name, w)| ((*name).to_owned(), *w))
            .collect()
    };
    source.complements = [
        (
            "Garden",
            list(&[("Kitchen > Mugs", 1.0), ("Kitchen > Plates", 0.25)]),
        ),
        ("Kitchen", list(&[("Garden", 1.0), ("Gone", 0.5)])),
        (
            "Kitchen > Mugs",
            list(&[("Kitchen > Mugs", 1.0), ("Kitchen > Plates", 1.0)]),
        ),
    ]
    .map(|(name, list)| (name.to_owned(), list))
    .into();
    let day = |country: &str, region: &str, day, class: &str| WeatherDay {
        country: country.into(),
        region: region.into(),
        day,
        class: class.into(),
    };
    source.weather = vec![
        day("DE", "", TODAY, "rain"),
        day("de", "by", TODAY, "snow"),
        day("DE", "", TODAY + 1, "sun"),
        day("GB", "ENG", TODAY, "rain"),
    ];
    let article = |id: &str, topics: &[&str], items: &[&str], titles: [&str; 2]| ArticleRecord {
        id: id.into(),
        is_theme: id == "cook",
        topics: topics.iter().map(|&topic| topic.into()).collect(),
        items: items.iter().map(|&item| item.into()).collect(),
        texts: titles
            .map(|title| ArticleText {
                title: title.into(),
                link: format!("/stories/{id}"),
                image: String::new(),
            })
            .into(),
    };
    source.articles = vec![
        article("tea", &["Mugs"], &["F-3", "F-999"], ["Tea", "Tee"]),
        article("cook", &["Kitchen", "Garden"], &["F-3"], ["Cooking", ""]),
    ];
    let category = |name: &str| ClusterFeature::Category(name.into());
    source.clusters = Clusters {
        names: vec!["Kitchen".into(), "Garden · reduced".into()],
        norms: vec![2048, 8192],
        features: [
            (category("Kitchen > Mugs"), vec![2048, 0]),
            (category("Kitchen > Plates"), vec![2048, 0]),
            (category("Garden"), vec![0, 4096]),
            (ClusterFeature::OnSale, vec![0, 4096]),
            (ClusterFeature::Brand("Nobody".into()), vec![9, 9]),
        ]
        .into(),
    };
}

pub fn engine() -> Engine {
    engine_with(SITE)
}

pub fn engine_with(site: &str) -> Engine {
    let engine = Engine::open(write(&source_with(site)).expect("a sound source"));
    engine.expect("opens").with_pages(true)
}

pub fn ambient() -> Ambient {
    Ambient {
        now: NOW,
        random: 42,
        country: None,
        region: None,
    }
}

pub fn get(target: &str, headers: &[(&'static str, &str)]) -> RequestHead {
    RequestHead {
        method: "GET".into(),
        secure: true,
        target: target.into(),
        headers: headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
    }
}

pub fn html() -> ResponseHead {
    ResponseHead {
        status: 200,
        headers: vec![("content-type", "text/html; charset=utf-8".into())],
        body_is_decoded: false,
    }
}

/// What comes out for a page, and the Set-Cookie that comes with it.
pub struct Answer {
    pub changed: bool,
    pub body: String,
    pub cookie: Option<String>,
}

pub fn fetch(engine: &Engine, request: &RequestHead, page: &str) -> Answer {
    fetch_at(engine, request, page, &ambient())
}

/// The same at another time, or for another visitor's random number.
pub fn fetch_at(engine: &Engine, request: &RequestHead, page: &str, ambient: &Ambient) -> Answer {
    let outcome = || {
        let Decision::Forward(visit) = engine.visit(request, ambient) else {
            panic!("the worker answered itself");
        };
        match visit.origin_head(&html()) {
            Outcome::Hold(mut held) => {
                held.push(page.as_bytes());
                held.decide().0
            }
            outcome => outcome,
        }
    };
    match outcome() {
        Outcome::PassThrough(_) | Outcome::Hold(_) | Outcome::Known(_) => Answer {
            changed: false,
            body: page.into(),
            cookie: None,
        },
        Outcome::PassBody { edits, .. } => Answer {
            changed: false,
            body: page.into(),
            cookie: set_cookie(&edits),
        },
        Outcome::Rewrite {
            edits,
            mut rewriter,
        } => {
            let mut out = Vec::new();
            rewriter
                .push(page.as_bytes(), &mut out)
                .expect("not encoded");
            let told = rewriter.finish(&mut out).expect("not encoded");
            // lol_html alone gives the same.
            if let Outcome::Rewrite { rewriter, .. } = outcome() {
                let all = rewriting::looked_at_all(rewriter, page.as_bytes());
                assert_eq!(
                    (all.0.escape_ascii().to_string(), all.1),
                    (out.escape_ascii().to_string(), told)
                );
            }
            Answer {
                changed: true,
                body: String::from_utf8(out).expect("UTF-8"),
                cookie: set_cookie(&edits),
            }
        }
    }
}

fn set_cookie(edits: &HeadEdits) -> Option<String> {
    let mut cookies = edits
        .append
        .iter()
        .filter(|(name, _)| *name == "set-cookie");
    let cookie = cookies.next().map(|(_, value)| value.clone());
    assert!(cookies.next().is_none(), "one cookie of ours");
    cookie
}

/// The value part of a Set-Cookie, as a request sends it back.
pub fn pair(set_cookie: &str) -> String {
    set_cookie.split(';').next().unwrap_or_default().to_owned()
}

/// The numbers of the items that a slot shows.
pub fn shown(body: &str, slot: &str) -> Vec<usize> {
    let Some(start) = body.find(&format!("data-slot=\"{slot}\"")) else {
        return Vec::new();
    };
    let end = body[start..]
        .find("</section>")
        .map_or(body.len(), |end| start + end);
    item_numbers(&body[start..end])
}

/// The numbers of all items that are linked, in order.
pub fn item_numbers(html: &str) -> Vec<usize> {
    html.split("/p/item-")
        .skip(1)
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_digit())
                .next()?
                .parse()
                .ok()
        })
        .collect()
}
