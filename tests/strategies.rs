//! Strategies: what each of them has, what none of them ever shows, and what articles fit a page.
#![cfg(feature = "authoring")]

mod common;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use common::forged::forge;
use common::{ITEMS, NOW, SITE, TODAY, full_source};
use proptest::prelude::*;
use tailorbird::page::Facts;
use tailorbird::recommend::{
    Affinity, BOUGHT_LATELY_DAYS, Context, Known, KnownItems, MAX_ANCHORS, MAX_BEST_SELLERS,
    MAX_OFFERS, MAX_PREFERENCE_SCAN, MAX_SEARCH_SCAN,
};
use tailorbird::site::{Site, Strategy, parse};
use tailorbird::snapshot::{
    ArticleRecord, ArticleText, Availability, ItemKey, ItemRecord, ItemText, Kind, Neighbour,
    PriceBefore, Snapshot, SnapshotSource, write,
};
use tailorbird::visitor::{
    Adoptions, PlaceKey, Preference, PreferenceKind, ValueKey, VisitorState,
};

const DAY: i64 = 86_400;
const MUGS: &str = "Kitchen > Mugs";
const PLATES: &str = "Kitchen > Plates";
const TRAYS: &str = "Kitchen > Trays";
const GARDEN: &str = "Garden";

/// Category, brand, colour, size, material, price. 6 is out of stock, 14 is not in this language.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u32,
);
const SHOP: [Row; 16] = [
    (MUGS, "Ulme", "red", "S", "clay", 1000),
    (MUGS, "Ulme", "blue", "M", "clay", 1150),
    (MUGS, "Ufer", "red", "S", "glass", 1500),
    (MUGS, "Ufer", "blue", "M", "glass", 1700),
    (PLATES, "Ulme", "red", "", "clay", 2000),
    (PLATES, "Ufer", "blue", "", "glass", 2200),
    (PLATES, "Ulme", "red", "", "clay", 2100),
    (TRAYS, "Ufer", "red", "", "wood", 3000),
    (TRAYS, "Ulme", "blue", "", "wood", 3100),
    (GARDEN, "Moos", "green", "L", "wood", 500),
    (GARDEN, "Moos", "green", "L", "steel", 700),
    (GARDEN, "Ufer", "black", "L", "steel", 900),
    (GARDEN, "Moos", "black", "XL", "steel", 1300),
    (MUGS, "Moos", "green", "S", "clay", 1300),
    (MUGS, "Ulme", "red", "S", "clay", 1200),
    (GARDEN, "Ulme", "black", "XL", "steel", 1600),
];

fn site() -> Site {
    let text = SITE.replacen(
        "currency = \"EUR\"",
        "currency = \"EUR\"\nfree_shipping = 49",
        1,
    );
    parse("site.toml", &text).expect("a sound site.toml")
}

fn shop() -> SnapshotSource {
    let item = |(number, row): (usize, &Row)| {
        let &(category, brand, color, size, material, price) = row;
        let is_known = number != 14;
        let text = ItemText {
            title: if is_known {
                format!("Thing {number}")
            } else {
                String::new()
            },
            link: format!("https://fixture.example/en/p/item-{number}"),
            price: Some(price),
            ..ItemText::default()
        };
        ItemRecord {
            id: format!("F-{number}"),
            availability: match number {
                6 => Availability::OutOfStock,
                _ => Availability::InStock,
            },
            brand: brand.into(),
            category: category.into(),
            color: color.into(),
            size: size.into(),
            material: material.into(),
            texts: vec![text, ItemText::default()],
            ..ItemRecord::default()
        }
    };
    let mut source = SnapshotSource {
        items: SHOP.iter().enumerate().map(item).collect(),
        popularity: (0..16u8)
            .map(|number| 1000.0 / f32::from(number + 1))
            .collect(),
        trending: vec![0.0; 16],
        viewed_together: vec![Vec::new(); 16],
        bought_together: vec![Vec::new(); 16],
        similar_by_content: vec![Vec::new(); 16],
        site: site(),
        ..SnapshotSource::default()
    };
    source.meta.created = NOW - 100;
    let list = |of: &[(u32, f32)]| -> Vec<Neighbour> {
        let neighbour = |&(item, weight): &(u32, f32)| Neighbour { item, weight };
        of.iter().map(neighbour).collect()
    };
    source.viewed_together[0] = list(&[(2, 1.0), (5, 0.5)]);
    source.bought_together[0] = list(&[(4, 1.0), (9, 0.5), (6, 0.5)]);
    source.bought_together[1] = list(&[(8, 1.0)]);
    source.similar_by_content[0] = list(&[(1, 1.0), (3, 0.5)]);
    for (item, score) in [(12, 3.0), (3, 2.0), (10, 1.0)] {
        source.trending[item] = score;
    }
    let goes_with = vec![(PLATES.to_owned(), 1.0), (TRAYS.to_owned(), 0.5)];
    source.complements = [(MUGS.to_owned(), goes_with)].into();
    source.items[12].added_day = Some(TODAY);
    source.items[4].added_day = Some(TODAY - 10);
    source.items[13].back_in_stock_day = Some(TODAY);
    source.items[1].back_in_stock_day = Some(TODAY - 5);
    for (item, left) in [(2, 1), (9, 3), (15, 2), (0, 70)] {
        source.items[item].quantity = Some(left);
    }
    source.items[10].texts[0].sale_price = Some(600);
    // This sale ended after the snapshot was built.
    source.items[5].texts[0].sale_price = Some(1000);
    source.items[5].texts[0].sale_ends = Some(NOW - 1);
    let before = |price| {
        vec![PriceBefore {
            price,
            day: TODAY - 9,
        }]
    };
    source.items[11].texts[0].prices_before = before(1200);
    source.items[3].texts[0].prices_before = before(1710);
    let article = |id: &str, topics: &[&str], items: &[&str], title: &str| ArticleRecord {
        id: id.into(),
        is_theme: id == "garden",
        topics: topics.iter().map(|&topic| topic.into()).collect(),
        items: items.iter().map(|&item| item.into()).collect(),
        texts: ["", title]
            .map(|title| ArticleText {
                title: title.into(),
                link: format!("/stories/{id}"),
                image: String::new(),
            })
            .into_iter()
            .rev()
            .collect(),
    };
    source.articles = vec![
        article("garden", &["Garden"], &[], "Spring"),
        article("mugs", &["Mugs"], &["F-4"], "Tea"),
        article("one", &[], &["F-0"], "This mug"),
        article("other", &["Garden"], &[], ""),
    ];
    source
}

fn open(source: &SnapshotSource) -> Snapshot {
    Snapshot::open(write(source).expect("writes")).expect("opens")
}

fn key(item: u32) -> ItemKey {
    ItemKey::of(&format!("F-{item}"))
}

/// A page and its visitor.
#[derive(Debug, Default)]
struct Visit {
    product: Option<u32>,
    facts: Facts,
    state: VisitorState,
    taken: Vec<u32>,
}

impl Visit {
    fn ask<T>(&self, snapshot: &Snapshot, site: &Site, ask: impl Fn(&Context<'_>) -> T) -> T {
        let items = KnownItems::of(snapshot, &self.state, &Adoptions::default());
        let known = Known {
            state: Some(&self.state),
            ..items.known()
        };
        let affinity = Affinity::of(snapshot, known.seen);
        ask(&Context {
            snapshot,
            site,
            locale: 0,
            now: NOW,
            product: self.product,
            facts: &self.facts,
            known,
            affinity: &affinity,
            rules: None,
        })
    }

    fn choose(&self, snapshot: &Snapshot, strategy: Strategy, max: usize) -> Vec<u32> {
        self.ask(snapshot, &SITE_WITH_SUM, |context| {
            context.choose(strategy, PlaceKey::of("place"), max, &self.taken)
        })
    }
}

fn on(product: u32) -> Visit {
    Visit {
        product: Some(product),
        ..Visit::default()
    }
}

/// A page with a cart of these, which come to so much.
fn cart(items: &[u32], sum: u32) -> Visit {
    let mut visit = Visit::default();
    visit.facts.cart = items.to_vec();
    visit.facts.cart_sum = Some(sum);
    visit
}

/// A page about a category or a brand.
fn about(snapshot: &Snapshot, kind: Kind, text: &str) -> Visit {
    let mut visit = Visit::default();
    let code = snapshot.code_of(kind, text);
    assert!(code.is_some(), "{text}");
    match kind {
        Kind::Category => visit.facts.category = code,
        _ => visit.facts.brand = code,
    }
    visit
}

/// A visitor who looked at these, the last one last.
fn saw(items: &[u32]) -> Visit {
    let mut visit = Visit::default();
    for &item in items {
        visit.state.record_view(key(item), NOW - 60);
    }
    visit
}

fn bought(item: u32, days: i64) -> Visit {
    let mut visit = Visit::default();
    visit.state.record_purchase([key(item)], NOW - days * DAY);
    visit
}

fn prefers(kind: PreferenceKind, text: &str) -> Visit {
    let mut visit = Visit::default();
    visit.state.prefer(Preference {
        kind,
        value: ValueKey::of(text),
    });
    visit
}

fn searched(words: &str) -> Visit {
    let mut visit = Visit::default();
    visit.facts.search = Some(words.into());
    visit
}

#[test]
fn each_strategy_has_its_items() {
    use Strategy::*;
    let shop = open(&shop());
    let category = |text| about(&shop, Kind::Category, text);
    let brand = |text| about(&shop, Kind::Brand, text);
    let mut with_like = Visit::default();
    with_like.state.like(key(9));
    let mut brands = saw(&[0, 1, 9]);
    brands.state.prefer(Preference {
        kind: PreferenceKind::Brand,
        value: ValueKey::of("Moos"),
    });
    let cases: Vec<(Strategy, Visit, &[u32])> = vec![
        (RecentlyViewed, saw(&[3, 5]), &[5, 3]),
        (RecommendedForYou, saw(&[0]), &[2, 5]),
        (SimilarItems, on(0), &[2, 5, 1, 3]),
        (TopSellers, Visit::default(), &[0, 1, 2, 3, 4, 5, 7, 8]),
        (TopSellers, on(9), &[10, 11, 12, 15, 0, 1, 2, 3]),
        (BoughtTogether, on(0), &[4, 9]),
        (BoughtTogether, cart(&[0, 1], 2150), &[4, 8, 9]),
        (Complements, on(0), &[4, 5, 7, 8]),
        // What the cart has a plate for needs no other one.
        (Complements, cart(&[0, 4], 3000), &[7, 8]),
        (CompleteTheSet, on(0), &[4, 7]),
        (CompleteTheSet, on(1), &[5, 8]),
        (CompleteTheSet, cart(&[1], 1150), &[5, 8]),
        (Upsell, on(0), &[1, 2, 13]),
        (TopSellersInCategory, on(0), &[1, 2, 3, 13]),
        (
            TopSellersInCategory,
            category("Kitchen"),
            &[0, 1, 2, 3, 4, 5, 7, 8],
        ),
        (TopSellersOfBrand, brand("Moos"), &[9, 10, 12, 13]),
        (TopSellersOfBrand, on(9), &[10, 12, 13]),
        (Trending, Visit::default(), &[12, 3, 10]),
        (TrendingInCategory, category(GARDEN), &[12, 10]),
        (TrendingOfBrand, brand("Ufer"), &[3]),
        (NewArrivals, Visit::default(), &[12, 4]),
        (NewArrivals, category(PLATES), &[4, 12]),
        (OnSale, Visit::default(), &[10]),
        (PriceDrops, saw(&[11, 3]), &[11]),
        (BackInStock, Visit::default(), &[13, 1]),
        (BackInStock, saw(&[1]), &[1, 13]),
        (LowStock, Visit::default(), &[2, 9, 15]),
        (LowStock, category(GARDEN), &[9, 15, 2]),
        (FavouriteCategory, saw(&[0, 9, 10]), &[11, 12, 15]),
        (
            FavouriteCategory,
            prefers(PreferenceKind::Category, TRAYS),
            &[7, 8],
        ),
        (FavouriteBrand, saw(&[9, 0, 1]), &[4, 8, 15]),
        (FavouriteBrand, brands, &[10, 12, 13]),
        (
            FavouriteColor,
            prefers(PreferenceKind::Color, "green"),
            &[9, 10, 13],
        ),
        (FavouriteMaterial, bought(7, 100), &[7, 8, 9]),
        (FavouriteSize, with_like, &[9, 10, 11]),
        (TopOfMyWorld, saw(&[9, 0]), &[1]),
        (FreeShippingGap, cart(&[0], 3500), &[4, 2, 3, 15]),
        (LastBoughtSet, bought(0, 2), &[4, 7]),
        (
            ZeroResults,
            searched("blue TRAY"),
            &[7, 8, 0, 1, 2, 3, 4, 5],
        ),
        (ZeroResults, Visit::default(), &[0, 1, 2, 3, 4, 5, 7, 8]),
    ];
    for (strategy, visit, expected) in &cases {
        let found = visit.choose(&shop, *strategy, 8);
        assert_eq!(found, *expected, "{} {visit:?}", strategy.name());
        // Fewer are the first of them.
        let few = visit.choose(&shop, *strategy, 2);
        assert_eq!(
            few,
            expected[..expected.len().min(2)],
            "{}",
            strategy.name()
        );
    }
    for (name, strategy) in Strategy::ALL {
        let is_tried = cases.iter().any(|(of, ..)| *of == strategy);
        assert!(is_tried || strategy.is_content(), "{name}");
    }
}

#[test]
fn without_what_it_needs_a_strategy_has_nothing() {
    use Strategy::*;
    let shop = open(&shop());
    let of_the_shop = [
        TopSellers,
        Trending,
        NewArrivals,
        OnSale,
        BackInStock,
        LowStock,
        ZeroResults,
    ];
    for (name, strategy) in Strategy::ALL {
        let found = Visit::default().choose(&shop, strategy, 8);
        assert_eq!(!found.is_empty(), of_the_shop.contains(&strategy), "{name}");
        assert!(!found.is_empty() || !strategy.always_has_items(), "{name}");
    }
    // The cart is full enough, empty, or of no known sum.
    for (items, sum) in [(&[0][..], 4900), (&[0], 9900), (&[], 0)] {
        let found = cart(items, sum).choose(&shop, FreeShippingGap, 8);
        assert_eq!(found, [0; 0], "{sum}");
    }
    let mut no_sum = cart(&[0], 1);
    no_sum.facts.cart_sum = None;
    assert_eq!(no_sum.choose(&shop, FreeShippingGap, 8), [0; 0]);
    // Not one of these has any of it: the snapshot says nothing but what every feed does.
    let mut bare = shop_without_models();
    bare.site = site();
    let bare = open(&bare);
    for strategy in [
        BoughtTogether,
        Complements,
        CompleteTheSet,
        Trending,
        NewArrivals,
        OnSale,
        BackInStock,
        LowStock,
    ] {
        let found = on(0).choose(&bare, strategy, 8);
        assert_eq!(found, [0; 0], "{}", strategy.name());
    }
}

fn shop_without_models() -> SnapshotSource {
    let items = shop().items.into_iter().map(|item| ItemRecord {
        texts: vec![
            ItemText {
                sale_price: None,
                sale_ends: None,
                prices_before: Vec::new(),
                ..item.texts[0].clone()
            },
            ItemText::default(),
        ],
        quantity: None,
        added_day: None,
        back_in_stock_day: None,
        ..item
    });
    SnapshotSource {
        items: items.collect(),
        popularity: shop().popularity,
        viewed_together: vec![Vec::new(); 16],
        ..SnapshotSource::default()
    }
}

#[test]
fn what_was_bought_lately_is_not_recommended_but_found_again() {
    let shop = open(&shop());
    let days = i64::from(BOUGHT_LATELY_DAYS);
    for (ago, is_shown) in [(0, false), (days - 1, false), (days, true)] {
        let mut visit = bought(0, ago);
        let found = visit.choose(&shop, Strategy::TopSellers, 3);
        assert_eq!(found.contains(&0), is_shown, "{ago} days ago");
        visit.state.record_view(key(0), NOW);
        assert_eq!(visit.choose(&shop, Strategy::RecentlyViewed, 3), [0]);
    }
}

#[test]
fn what_was_ignored_stands_last() {
    let shop = open(&shop());
    let mut visit = on(0);
    for _ in 0..tailorbird::recommend::MAX_IGNORED {
        visit
            .state
            .record_impressions(PlaceKey::of("place"), [key(4), key(2)]);
    }
    assert_eq!(visit.choose(&shop, Strategy::BoughtTogether, 8), [9, 4]);
    assert_eq!(visit.choose(&shop, Strategy::SimilarItems, 8), [5, 1, 3, 2]);
    // A set takes another plate.
    assert_eq!(visit.choose(&shop, Strategy::CompleteTheSet, 8), [5, 7]);
}

#[test]
fn articles_fit_the_page() {
    let shop = open(&shop());
    let chosen = |visit: &Visit, strategy, max| {
        let found = visit.ask(&shop, &SITE_WITH_SUM, |context| {
            context.articles(strategy, max)
        });
        let id = |&number: &u32| {
            let article = shop.article(u16::try_from(number).expect("a number"), 0);
            article.expect("in this language").id.to_owned()
        };
        found.iter().map(id).collect::<Vec<String>>()
    };
    let articles = |visit: &Visit, max| chosen(visit, Strategy::Content, max);
    let garden = about(&shop, Kind::Category, GARDEN);
    for (visit, expected) in [
        (Visit::default(), &["garden", "mugs", "one"][..]),
        (on(0), &["one", "mugs"]),
        (on(4), &["mugs"]),
        (garden, &["garden"]),
        (saw(&[0]), &["one", "mugs", "garden"]),
        (on(7), &[]),
    ] {
        assert_eq!(articles(&visit, 8), expected, "{visit:?}");
        assert_eq!(articles(&visit, 1).len(), expected.len().min(1));
        let (themes, rest): (Vec<&str>, Vec<&str>) =
            expected.iter().partition(|id| **id == "garden");
        assert_eq!(chosen(&visit, Strategy::Themes, 8), themes, "{visit:?}");
        assert_eq!(chosen(&visit, Strategy::Articles, 8), rest, "{visit:?}");
        assert_eq!(visit.choose(&shop, Strategy::Content, 8), [0; 0]);
    }
    let nothing = open(&shop_with_no_articles());
    let found = on(0).ask(&nothing, &SITE_WITH_SUM, |context| {
        context.articles(Strategy::Content, 8)
    });
    assert!(found.is_empty());
}

fn shop_with_no_articles() -> SnapshotSource {
    SnapshotSource {
        articles: Vec::new(),
        ..shop()
    }
}

#[test]
fn dearer_but_not_much() {
    let mut source = shop();
    for (item, price) in [(1, 1100), (2, 1600), (13, 1099), (3, 1601)] {
        source.items[item].texts[0].price = Some(price);
    }
    let shop = open(&source);
    assert_eq!(on(0).choose(&shop, Strategy::Upsell, 8), [1, 2]);
}

#[test]
fn so_much_of_a_cart_is_asked() {
    let mut source = shop();
    source.bought_together = vec![Vec::new(); 16];
    for (item, goes_with) in [(8, 1), (7, 2)] {
        source.bought_together[item] = vec![Neighbour {
            item: goes_with,
            weight: 1.0,
        }];
    }
    let shop = open(&source);
    let items = [3, 4, 5, 9, 10, 11, 12, 7, 8];
    let found = cart(&items, 1).choose(&shop, Strategy::BoughtTogether, 8);
    assert_eq!((found, items.len()), (vec![2], MAX_ANCHORS + 1));
}

/// A shop of which only some items have a title, and all another size.
fn large(titled: &[usize]) -> Snapshot {
    let count = MAX_OFFERS + 2;
    let item = |number: usize| ItemRecord {
        id: format!("F-{number}"),
        color: ["", "teal"][usize::from(titled.contains(&number))].into(),
        size: format!("S {number}"),
        texts: vec![
            ItemText {
                title: ["", "Mug"][usize::from(titled.contains(&number))].into(),
                link: format!("/p/{number}"),
                price: Some(1),
                ..ItemText::default()
            },
            ItemText::default(),
        ],
        ..ItemRecord::default()
    };
    open(&SnapshotSource {
        items: (0..count).map(item).collect(),
        popularity: vec![1.0; count],
        viewed_together: vec![Vec::new(); count],
        site: site(),
        ..SnapshotSource::default()
    })
}

#[test]
fn so_many_items_are_looked_at_and_no_more() {
    let [search, best, offers] = [MAX_SEARCH_SCAN, MAX_BEST_SELLERS, MAX_OFFERS];
    let shop = large(&[search, best - 1, best, offers - 1, offers]);
    let as_items = |items: &[usize]| items.iter().map(|&item| item as u32).collect::<Vec<u32>>();
    let all = as_items(&[search, best - 1, best, offers - 1]);
    let found = Visit::default().choose(&shop, Strategy::TopSellers, 8);
    assert_eq!(found, all);
    let teal = prefers(PreferenceKind::Color, "teal");
    let found = teal.choose(&shop, Strategy::FavouriteColor, 8);
    assert_eq!(found, as_items(&[search, best - 1]));
    // A dictionary of more values than are gone through for what was said.
    assert!(shop.code_count(Kind::Size) > MAX_PREFERENCE_SCAN);
    let size = prefers(PreferenceKind::Size, &format!("S {search}"));
    assert_eq!(size.choose(&shop, Strategy::FavouriteSize, 8), [0; 0]);
    // The scan ends before the first of them.
    let found = searched("mug").choose(&shop, Strategy::ZeroResults, 8);
    assert_eq!(found, all);
    let shop = large(&[5, search - 1]);
    let found = searched("mug").choose(&shop, Strategy::ZeroResults, 1);
    assert_eq!(found, [5]);
}

fn visits() -> impl Strategy_<Value = Visit> {
    let item = || 0..ITEMS as u32;
    let items = || prop::collection::vec(item(), 0..6);
    let page = (
        prop::option::of(item()),
        prop::option::of(0..6u32),
        prop::option::of(0..6u32),
        items(),
        prop::option::of(0..6000u32),
        prop::option::of("[a-zA-Z ]{0,12}"),
    );
    let visitor = (
        items(),
        items(),
        items(),
        items(),
        items(),
        items(),
        0..60i64,
    );
    (page, visitor, items(), any::<bool>()).prop_map(|(page, visitor, taken, is_ignored)| {
        let (product, category, brand, cart, cart_sum, search) = page;
        let (views, in_cart, bought, likes, dislikes, shown, days) = visitor;
        let mut state = VisitorState::default();
        for view in views {
            state.record_view(key(view), NOW - 1000);
        }
        for (item, ago) in bought.into_iter().zip([days, days / 2, 0]) {
            state.record_purchase([key(item)], NOW - ago * DAY);
        }
        state.record_cart(in_cart.into_iter().map(key), NOW);
        likes.into_iter().for_each(|item| state.like(key(item)));
        dislikes
            .into_iter()
            .for_each(|item| state.dislike(key(item)));
        for _ in 0..if is_ignored { 6 } else { 1 } {
            let shown = shown.iter().map(|item| key(*item));
            state.record_impressions(PlaceKey::of("place"), shown);
        }
        for (kind, text) in [
            (PreferenceKind::Brand, "Brand 1"),
            (PreferenceKind::Color, "blue"),
        ] {
            if is_ignored {
                state.prefer(Preference {
                    kind,
                    value: ValueKey::of(text),
                });
            }
        }
        Visit {
            product,
            facts: Facts {
                product,
                category,
                brand,
                search,
                cart,
                cart_sum,
                ..Facts::default()
            },
            state,
            taken: taken.into_iter().collect(),
        }
    })
}

use proptest::strategy::Strategy as Strategy_;

/// The fixture with every ninth item not in this language.
static FULL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut source = full_source();
    for item in (5..ITEMS).step_by(9) {
        source.items[item].texts[0].title.clear();
    }
    write(&source).expect("writes")
});
static SITE_WITH_SUM: LazyLock<Site> = LazyLock::new(site);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_strategy_shows_what_must_not_be_shown(visit in visits(), max in 0..30usize) {
        let shop = Snapshot::open(FULL.clone()).expect("opens");
        let find = |key| shop.item_by_key(key);
        let hidden = visit.state.cart.iter().map(|line| line.item);
        let hidden = hidden.chain(visit.state.dislikes.iter().copied());
        let mut hidden: BTreeSet<u32> = hidden.filter_map(find).collect();
        hidden.extend(&visit.facts.cart);
        hidden.extend(visit.product);
        hidden.extend(&visit.taken);
        let today = (NOW / DAY) as u32;
        let lately = visit.state.purchases.iter().filter(|of| today - of.day < BOUGHT_LATELY_DAYS);
        let lately: BTreeSet<u32> = lately.filter_map(|of| find(of.item)).collect();
        for (name, strategy) in Strategy::ALL {
            let found = visit.choose(&shop, strategy, max);
            prop_assert_eq!(&found, &visit.choose(&shop, strategy, max), "{}", name);
            prop_assert!(found.len() <= max, "{}", name);
            let different: BTreeSet<u32> = found.iter().copied().collect();
            prop_assert_eq!(different.len(), found.len(), "{}: {:?}", name, found);
            for item in found {
                prop_assert!(!hidden.contains(&item), "{}: {}", name, item);
                let is_back = lately.contains(&item) && strategy != Strategy::RecentlyViewed;
                prop_assert!(!is_back, "{}: {}", name, item);
                prop_assert!(shop.availability(item).is_orderable(), "{}: {}", name, item);
                prop_assert!(shop.title(item, 0).is_some(), "{}: {}", name, item);
            }
        }
    }

    #[test]
    fn forged_snapshots_do_not_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        visit in visits(),
    ) {
        let mut bytes = FULL.clone();
        for (at, value) in changes {
            // Behind the table of sections, so that most of them open.
            let start = 2048;
            let at = start + at.index(bytes.len() - start);
            bytes[at] = value;
        }
        forge(&mut bytes);
        if let Ok(snapshot) = Snapshot::open(bytes) {
            for (name, strategy) in Strategy::ALL {
                let found = visit.choose(&snapshot, strategy, 12);
                prop_assert!(found.len() <= 12, "{}", name);
            }
            visit.ask(&snapshot, &SITE_WITH_SUM, |context| {
                context.articles(Strategy::Themes, 8)
            });
        }
    }
}
