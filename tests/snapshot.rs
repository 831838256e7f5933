//! The file format: read back, frozen, and safe against damage and malice.
#![cfg(feature = "authoring")]

mod common;

use common::forged::forge;
use common::{ITEMS, NOW, SITE, TODAY, full_source, html, source};
use proptest::prelude::*;
use tailorbird::snapshot::{
    ArticleRecord, Availability, ClusterFeature, Clusters, ItemKey, Kind, LEAST_CLUSTER_VIEWS,
    MAX_ARTICLES, MAX_BRAND_TOPS, MAX_CATEGORY_TOPS, MAX_CLUSTER_NAME_BYTES, MAX_CLUSTERS,
    MAX_COMPLEMENTS, MAX_DELIVERY_DAYS, MAX_GROUP_SHELF, MAX_GROUP_TRENDING, MAX_QUANTITY,
    MAX_SHELF, MAX_TRENDING, MAX_VARIANTS_ON_SHELF, MAX_WEATHER, MAX_WEATHER_CLASS_BYTES,
    MAX_WEATHER_CLASSES, NEW_DAYS, Neighbours, OpenError, Precision, Snapshot, SnapshotSource,
    WeatherDay, WriteError, write,
};
use tailorbird::{Decision, Engine, Outcome};

fn check_contents(snapshot: &Snapshot) {
    assert_eq!(snapshot.len(), ITEMS);
    assert_eq!(snapshot.meta(), &source().meta);
    assert_eq!(
        snapshot.site().expect("a site"),
        tailorbird::site::parse("x", SITE).expect("sound")
    );
    assert_eq!(snapshot.id(12), Some("F-12"));
    assert_eq!(snapshot.item_by_key(ItemKey::of("F-12")), Some(12));
    assert_eq!(snapshot.item_by_key(ItemKey::of("F-99")), None);
    assert_eq!(snapshot.item_of_link("/de/p/item-12", "/"), Some(12));
    assert_eq!(snapshot.title(12, 1), Some("Ding 12"));
    assert_eq!(snapshot.price(12, 0), Some(1120));
    assert_eq!(snapshot.sale_price(12, 0), Some(900));
    assert_eq!(snapshot.sale_price(13, 0), None);
    assert_eq!(snapshot.availability(6), Availability::OutOfStock);
    let kitchen = snapshot
        .code_of(Kind::Category, "Kitchen")
        .expect("a parent category");
    let tops: Vec<u32> = snapshot.category_tops(kitchen).take(4).collect();
    assert_eq!(tops, [0, 1, 3, 4], "mugs and plates, best first");
    let neighbours: Vec<_> = snapshot.viewed_together(0).collect();
    assert_eq!(neighbours.len(), 10);
    assert_eq!(neighbours[0], (3, 65536));
    assert!(snapshot.popularity(0) > snapshot.popularity(1));
    snapshot.verify().expect("sound");
}

#[test]
fn what_was_written_is_read() {
    let bytes = write(&source()).expect("writes");
    assert_eq!(
        bytes,
        write(&source()).expect("writes"),
        "the same input gives the same bytes"
    );
    check_contents(&Snapshot::open(bytes).expect("opens"));
}

#[test]
fn what_was_verified_is_read_without_its_sections_checksums() {
    let bytes = write(&source()).expect("writes");
    check_contents(&Snapshot::open_verified(bytes.clone().leak()).expect("opens"));
    let sections = Snapshot::open(bytes.clone())
        .expect("opens")
        .sections()
        .to_vec();
    let titles = sections
        .iter()
        .find(|it| it.kind == Kind::Title)
        .expect("titles");
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        bytes
    };
    let in_a_section = flipped(titles.range.end - 1);
    assert!(Snapshot::open(in_a_section.clone()).is_err());
    assert!(Snapshot::open_verified(in_a_section.leak()).is_ok());
    assert!(
        Snapshot::open_verified(flipped(20).leak()).is_err(),
        "the header's is checked"
    );
}

#[test]
fn every_model_is_read() {
    let bytes = write(&full_source()).expect("writes");
    assert_eq!(bytes, write(&full_source()).expect("writes"));
    let snapshot = Snapshot::open(bytes).expect("opens");
    check_contents(&snapshot);
    let list = |list: Neighbours| list.collect::<Vec<_>>();
    assert_eq!(list(snapshot.bought_together(59)), [(0, 65_536)]);
    assert_eq!(
        list(snapshot.similar_by_content(2)),
        [(5, 65_536), (32, 5793)],
        "a tenth is three and a half octaves less"
    );
    for (column, item, text) in [
        (Kind::Size, 1, Some("M")),
        (Kind::Material, 0, Some("wood")),
        (Kind::Material, 1, None),
        (Kind::ItemGroup, 59, Some("G-29")),
    ] {
        let code = snapshot.code(column, item);
        let found = code.and_then(|code| snapshot.code_text(column, code));
        assert_eq!(found, text, "{column:?} of {item}");
    }
    // Every fourth is reduced to 9.00: the cheapest quarter.
    assert_eq!(snapshot.price_band(0), Some(1));
    assert_eq!(snapshot.price_band(59), Some(5));
    assert_eq!(snapshot.price_band(60), None);
    let brand = snapshot.code_of(Kind::Brand, "Brand 1").expect("a brand");
    let category = snapshot.code_of(Kind::Category, "Garden").expect("a leaf");
    let first = |tops: &mut dyn Iterator<Item = u32>| tops.take(3).collect::<Vec<_>>();
    // 6 and every seventh after it are out of stock.
    assert_eq!(first(&mut snapshot.brand_tops(brand)), [1, 11, 16]);
    assert_eq!(first(&mut snapshot.trending()), [59, 58, 57]);
    let garden = snapshot.trending_by_category(category);
    assert_eq!(garden.collect::<Vec<_>>(), [59, 56, 53, 50]);
    let branded = snapshot.trending_by_brand(brand);
    assert_eq!(branded.collect::<Vec<_>>(), [56, 51]);
    assert_eq!(snapshot.attribute_weights(), full_source().attributes);
}

#[test]
fn facts_are_read() {
    let snapshot = Snapshot::open(write(&full_source()).expect("writes")).expect("opens");
    let quantities = [3, 0, 59, 60].map(|item| snapshot.quantity(item));
    assert_eq!(quantities, [Some(2), Some(0), Some(MAX_QUANTITY), None]);
    let days = [0, 1, 58].map(|item| snapshot.delivery_days(item));
    assert_eq!(days, [Some(3), None, Some(MAX_DELIVERY_DAYS)]);
    let added = [0, 5, 6].map(|item| snapshot.added_day(item));
    assert_eq!(added, [Some(TODAY), Some(TODAY - 10), None]);
    let labels = [(1, 1), (2, 1), (1, 0), (1, 5)].map(|(item, n)| snapshot.label(item, n));
    assert_eq!(labels, [Some("bulky"), None, None, None]);
    let ends = [(8, 0), (8, 1), (4, 0)].map(|(item, locale)| snapshot.sale_ends(item, locale));
    assert_eq!(ends, [Some(NOW + 60), None, None]);
    for (item, now, sale) in [
        (8, NOW, Some(900)),
        (8, NOW + 59, Some(900)),
        (8, NOW + 60, None),
        (4, NOW + 60, Some(900)),
        (5, NOW, None),
    ] {
        assert_eq!(
            snapshot.sale_price_at(item, 0, now),
            sale,
            "{item} at {now}"
        );
    }
    let before = [(8, 0), (8, 1), (9, 0)].map(|(item, locale)| snapshot.price_before(item, locale));
    assert_eq!(before, [Some(1900), None, None]);
    assert_eq!(snapshot.prices_before(8, 0).count(), 2);
    let back = [8, 9, 19].map(|item| snapshot.back_in_stock_day(item));
    assert_eq!(back, [None, Some(TODAY - 3), Some(TODAY)]);
}

#[test]
fn shelves_hold_what_is_so_and_can_be_ordered() {
    let source = full_source();
    let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
    let all = |list: &mut dyn Iterator<Item = u32>| list.collect::<Vec<_>>();
    // Every fifth that is less than 60 days old; 20 is out of stock.
    assert_eq!(all(&mut snapshot.new_arrivals()), [0, 5, 10, 15, 25]);
    let on_sale = all(&mut snapshot.on_sale());
    let discount = |item: u32| source.items[item as usize].texts[0].discount();
    assert!(!on_sale.contains(&48) && on_sale.iter().all(|&item| discount(item).is_some()));
    assert_eq!(on_sale.len(), 13, "15 are reduced, of them two sold out");
    assert!(on_sale.is_sorted_by(|&a, &b| discount(a) > discount(b) || a < b));
    assert_eq!(all(&mut snapshot.price_drops()), [8]);
    assert_eq!(all(&mut snapshot.back_in_stock()), [19, 9]);
    assert_eq!(all(&mut snapshot.low_stock()), [3, 23, 33, 43, 53]);
    let kitchen = snapshot
        .code_of(Kind::Category, "Kitchen")
        .expect("a level");
    let new = snapshot.new_arrivals_in(kitchen);
    assert_eq!(
        new.collect::<Vec<_>>(),
        [0, 10, 15, 25],
        "5 is for the garden"
    );
    assert!(snapshot.on_sale_in(kitchen).all(|item| item % 3 < 2));
}

#[test]
fn categories_that_go_together_are_read() {
    let snapshot = Snapshot::open(write(&full_source()).expect("writes")).expect("opens");
    let code = |name| snapshot.code_of(Kind::Category, name).expect("a category");
    let of = |name| snapshot.complements_of(code(name)).collect::<Vec<_>>();
    let (mugs, plates) = (code("Kitchen > Mugs"), code("Kitchen > Plates"));
    assert_eq!(of("Garden"), [(mugs, 65_536), (plates, 16_384)]);
    assert_eq!(of("Kitchen"), [(code("Garden"), 65_536)]);
    assert_eq!(
        of("Kitchen > Mugs"),
        [(plates, 65_536)],
        "never the same one"
    );
    assert_eq!(of("Kitchen > Plates"), []);
    let mut many = full_source();
    for (at, item) in many.items.iter_mut().enumerate() {
        item.category = format!("C{at}");
    }
    let others = (1..ITEMS).map(|at| (format!("C{at}"), 1.0)).collect();
    many.complements = [("C0".to_owned(), others)].into();
    let snapshot = Snapshot::open(write(&many).expect("writes")).expect("opens");
    let code = snapshot.code_of(Kind::Category, "C0").expect("a category");
    assert_eq!(snapshot.complements_of(code).count(), MAX_COMPLEMENTS);
}

#[test]
fn the_weather_is_the_regions_or_the_countrys() {
    let snapshot = Snapshot::open(write(&full_source()).expect("writes")).expect("opens");
    for (country, region, day, class) in [
        ("DE", "BY", TODAY, Some("snow")),
        ("de", "by", TODAY, Some("snow")),
        ("DE", "BE", TODAY, Some("rain")),
        ("DE", "", TODAY + 1, Some("sun")),
        ("DE", "BY", TODAY + 1, Some("sun")),
        ("DE", "Bavaria", TODAY, Some("rain")),
        ("DE", "", TODAY + 2, None),
        ("GB", "ENG", TODAY, Some("rain")),
        ("GB", "", TODAY, None),
        ("", "", 0, None),
        ("DE", "", u32::MAX, None),
    ] {
        let found = snapshot.weather(country, region, day);
        assert_eq!(found, class, "{country} {region} {day}");
    }
}

#[test]
fn articles_are_read() {
    let snapshot = Snapshot::open(write(&full_source()).expect("writes")).expect("opens");
    assert_eq!(snapshot.articles(), 2);
    let tea = snapshot.article(0, 1).expect("an article");
    assert_eq!(
        (tea.id, tea.title, tea.link, tea.image),
        ("tea", "Tee", "/stories/tea", "")
    );
    for (number, locale) in [(1, 1), (2, 0), (0, 2), (u16::MAX, usize::MAX)] {
        assert_eq!(snapshot.article(number, locale), None, "{number} {locale}");
    }
    let themes = [0, 1, 2, u16::MAX].map(|number| snapshot.is_theme(number));
    assert_eq!(themes, [false, true, false, false]);
    let of_item = |item| snapshot.articles_of_item(item).collect::<Vec<_>>();
    assert_eq!((of_item(3), of_item(4)), (vec![0, 1], vec![]));
    let of = |name| {
        let code = snapshot.code_of(Kind::Category, name).expect("a category");
        snapshot.articles_of_category(code).collect::<Vec<_>>()
    };
    assert_eq!(
        of("Kitchen > Mugs"),
        [0, 1],
        "what is of the kitchen is of mugs"
    );
    assert_eq!(
        (of("Kitchen > Plates"), of("Kitchen"), of("Garden")),
        (vec![1], vec![1], vec![1])
    );
    let mut many = full_source();
    many.articles = vec![many.articles[0].clone(); MAX_ARTICLES + 1];
    assert!(matches!(write(&many), Err(WriteError::TooMany { .. })));
    many.articles = vec![ArticleRecord::default()];
    assert!(matches!(write(&many), Err(WriteError::Inconsistent { .. })));
}

#[test]
fn weather_has_limits() {
    let of = |rows: usize, classes: usize, class: &str| {
        let mut source = source();
        let day = |at: usize| WeatherDay {
            country: "DE".into(),
            region: String::new(),
            day: at as u32,
            class: format!("{class}{}", at % classes),
        };
        source.weather = (0..rows).map(day).collect();
        write(&source)
    };
    let rows = |of: Result<Vec<u8>, WriteError>| match of {
        Err(WriteError::TooMany { limit, .. }) => limit,
        other => panic!("{other:?}"),
    };
    assert!(of(MAX_WEATHER, MAX_WEATHER_CLASSES, "c").is_ok());
    assert_eq!(rows(of(MAX_WEATHER + 1, 1, "c")), MAX_WEATHER);
    assert_eq!(
        rows(of(99, MAX_WEATHER_CLASSES + 1, "c")),
        MAX_WEATHER_CLASSES
    );
    let long = "x".repeat(MAX_WEATHER_CLASS_BYTES);
    assert!(matches!(
        of(1, 1, &long),
        Err(WriteError::Inconsistent { .. })
    ));
}

#[test]
fn views_belong_to_the_nearest_cluster() {
    let snapshot = Snapshot::open(write(&full_source()).expect("writes")).expect("opens");
    assert_eq!(snapshot.clusters(), 2);
    // Item i is a mug, a plate, for the garden, in turns; every fourth is reduced.
    let of = |seen: &[u32]| {
        let cluster = snapshot.cluster_of(seen);
        cluster.and_then(|cluster| snapshot.cluster_name(cluster))
    };
    assert_eq!(of(&[0, 1, 3]), Some("Kitchen"));
    assert_eq!(of(&[8, 20, 32]), Some("Garden · reduced"));
    assert_eq!(of(&[8, 20, 32, 1, 1]), Some("Garden · reduced"));
    assert_eq!(of(&[8, 1, 1, 1, 1]), Some("Kitchen"));
    assert_eq!(of(&[1; LEAST_CLUSTER_VIEWS - 1]), None);
    assert_eq!(snapshot.cluster_name(2), None);
    let section = snapshot
        .sections()
        .iter()
        .find(|s| s.kind == Kind::Clusters);
    assert!(section.is_some_and(|s| s.range.len() < 200));
    let none = Snapshot::open(write(&source()).expect("writes")).expect("opens");
    assert_eq!((none.cluster_of(&[1, 2, 3]), none.clusters()), (None, 0));
}

#[test]
fn the_largest_clusters_take_8_kib() {
    let mut source = source();
    let feature = |at: usize| ClusterFeature::PriceBand(at as u8);
    let weights = vec![u16::MAX; MAX_CLUSTERS];
    for (at, item) in source.items.iter_mut().enumerate() {
        item.category = format!("C{at}");
        item.brand = format!("B{at}");
    }
    let names = (0..ITEMS).flat_map(|at| {
        [
            ClusterFeature::Category(format!("C{at}")),
            ClusterFeature::Brand(format!("B{at}")),
        ]
    });
    let features = names.chain((0..=255).map(feature));
    source.clusters = Clusters {
        names: vec!["ä".repeat(MAX_CLUSTER_NAME_BYTES); MAX_CLUSTERS],
        norms: vec![u32::MAX; MAX_CLUSTERS],
        features: features.map(|feature| (feature, weights.clone())).collect(),
    };
    let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
    snapshot.verify().expect("sound");
    let section = snapshot
        .sections()
        .iter()
        .find(|s| s.kind == Kind::Clusters);
    let length = section.map_or(0, |s| s.range.len());
    assert!((8_000..=8_192).contains(&length), "{length}");
    let name = snapshot.cluster_name(7).expect("a name");
    assert_eq!(name.len(), MAX_CLUSTER_NAME_BYTES);
}

#[test]
fn shelves_are_cut_and_a_product_does_not_fill_them() {
    let mut source = full_source();
    for item in &mut source.items {
        item.availability = Availability::InStock;
        item.added_day = Some(TODAY);
        item.group = String::new();
    }
    let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
    assert_eq!(snapshot.new_arrivals().count(), MAX_SHELF);
    let mugs = snapshot.code(Kind::Category, 0).expect("a category");
    assert_eq!(snapshot.new_arrivals_in(mugs).count(), MAX_GROUP_SHELF);
    source
        .items
        .iter_mut()
        .for_each(|item| item.group = "G".into());
    let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
    assert_eq!(snapshot.new_arrivals().count(), MAX_VARIANTS_ON_SHELF);
    // What is said to come is not new yet, and what came long ago is not new any more.
    for day in [TODAY + 1, TODAY - NEW_DAYS] {
        source
            .items
            .iter_mut()
            .for_each(|item| item.added_day = Some(day));
        let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
        assert_eq!(snapshot.new_arrivals().count(), 0);
    }
}

#[test]
fn models_without_content_take_no_bytes() {
    let snapshot = Snapshot::open(write(&source()).expect("writes")).expect("opens");
    let kinds: Vec<Kind> = snapshot.sections().iter().map(|s| s.kind).collect();
    for kind in [
        Kind::Size,
        Kind::Material,
        Kind::ItemGroup,
        Kind::BoughtTogether,
        Kind::SimilarByContent,
        Kind::Trending,
        Kind::TrendingByCategory,
        Kind::TrendingByBrand,
        Kind::AttributeWeights,
        Kind::Quantity,
        Kind::DeliveryDays,
        Kind::Added,
        Kind::SaleEnds,
        Kind::PriceBefore,
        Kind::BackInStockDay,
        Kind::Label0,
        Kind::NewArrivals,
        Kind::NewArrivalsByCategory,
        Kind::PriceDrops,
        Kind::BackInStock,
        Kind::LowStock,
        Kind::CategoryComplements,
        Kind::Weather,
        Kind::Clusters,
        Kind::Articles,
    ] {
        assert!(!kinds.contains(&kind), "{kind:?}");
    }
    assert_eq!(snapshot.bought_together(0).count(), 0);
    assert_eq!(snapshot.trending().count(), 0);
    assert_eq!(snapshot.attribute_weights(), Default::default());
}

#[test]
fn lists_are_cut_to_their_limits() {
    let mut all = full_source();
    all.trending = vec![1.0; ITEMS];
    for item in &mut all.items {
        item.brand = "One".into();
        item.category = "Two".into();
        item.availability = Availability::InStock;
    }
    let snapshot = Snapshot::open(write(&all).expect("writes")).expect("opens");
    let brand = snapshot.code_of(Kind::Brand, "One").expect("a brand");
    let category = snapshot.code_of(Kind::Category, "Two").expect("a category");
    assert_eq!(snapshot.brand_tops(brand).count(), MAX_BRAND_TOPS);
    assert_eq!(snapshot.category_tops(category).count(), MAX_CATEGORY_TOPS);
    assert_eq!(snapshot.trending().count(), MAX_TRENDING);
    let groups = [
        snapshot.trending_by_brand(brand).count(),
        snapshot.trending_by_category(category).count(),
    ];
    assert_eq!(groups, [MAX_GROUP_TRENDING; 2]);
}

#[test]
fn coarser_weights_take_less_and_leave_the_order() {
    let mut source = source();
    let mut lengths = Vec::new();
    for precision in Precision::ALL {
        source.precision = precision;
        let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
        check_contents(&snapshot);
        assert_eq!(snapshot.query_weights(), source.query);
        let weights: Vec<u32> = snapshot.viewed_together(0).map(|n| n.1).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
        let lists = snapshot.sections().iter();
        let lists = lists.filter(|s| s.kind == Kind::PackedViewedTogether);
        lengths.extend(lists.map(|s| s.range.len()));
    }
    assert!(
        lengths.iter().skip(1).all(|&l| l < lengths[0]),
        "{lengths:?}"
    );
}

/// Frozen when version 1 was made. Readers of version 1 must always read it.
#[test]
fn golden_file_of_version_1() {
    check_contents(&Snapshot::open(&include_bytes!("golden/v1.tbs")[..]).expect("opens"));
}

const V2: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/v2.tbs");

/// Frozen when version 2 was made: the fixture with the terms that version 1 did not know.
#[test]
fn golden_file_of_version_2() {
    let snapshot = Snapshot::open(std::fs::read(V2).expect("frozen")).expect("opens");
    snapshot.verify().expect("sound");
    let site = snapshot.site().expect("a site");
    assert_eq!(
        site,
        tailorbird::site::parse("x", common::SITE_WITH_TERMS).expect("sound")
    );
    assert_eq!(site.slots[0].place.nth, 2);
    assert_eq!(site.lists[0].order.pinned, [1, 3]);
    assert_eq!(
        Snapshot::open(write(&source()).expect("writes")).map(|s| s.site().is_ok()),
        Ok(true)
    );
}

const V3: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/v3.tbs");

/// What version 3 can say and version 2 could not.
const MORE_OF_V3: &str = r#"
[holdout]
percentage = 5
[[trait]]
name = "tier"
cookie = "loyalty"
[[trait]]
name = "club"
header = "X-Club"
[[fact]]
name = "customer"
cookie = "first_name"
[[adopt]]
cookie = "woocommerce_recently_viewed"
as = "views"
[[fact]]
name = "product"
path = "/p/{}"
[[fact]]
name = "cart_item"
selector = "li.line"
attribute = "data-id"
[[segment]]
name = "bargain hunters"
when = "share_on_sale > 50 % and views >= 4"
[[experiment]]
name = "order"
variants = ["a", "b"]
[[rule]]
name = "ours first"
action = "boost"
by = 3
items = 'brand == "Ours" or price < 9.90'
when = 'variant("order") == "b" and segment("bargain hunters")'
[[page]]
kind = "search"
paths = ["/search.json"]
[[page]]
kind = "story"
selector = "body.story"
[[list]]
name = "found"
pages = ["search"]
json = "/products"
item = "/id"
[[list]]
name = "brands"
pages = ["listing"]
selector = "ul.brands"
tile = "li"
by = "brand"
value = "data-brand"
nth = 2
"#;

fn source_of_version_3() -> SnapshotSource {
    let text = format!("{}{MORE_OF_V3}", common::SITE_WITH_TERMS);
    SnapshotSource {
        site: tailorbird::site::parse("x", &text).expect("sound"),
        ..full_source()
    }
}

/// Frozen when version 3 was made: all sections, and all that a site could say then.
#[test]
fn golden_file_of_version_3() {
    let snapshot = Snapshot::open(std::fs::read(V3).expect("frozen")).expect("opens");
    snapshot.verify().expect("sound");
    let site = snapshot.site().expect("a site");
    assert_eq!(site, source_of_version_3().site);
    assert_eq!(site.holdout, 5);
    assert_eq!(site.rules[0].when.steps.len(), 3);
    assert_eq!(site.lists[1].json.as_deref(), Some("/products"));
    assert_eq!(snapshot.quantity(3), Some(2));
    assert_eq!(snapshot.clusters(), 2);
}

/// Writes the golden file of this version, once: `cargo test --all-features --test snapshot -- --ignored`.
#[test]
#[ignore = "a golden file is never written again"]
fn write_the_golden_file() {
    assert!(!std::path::Path::new(V3).exists(), "it is frozen");
    let bytes = write(&source_of_version_3()).expect("writes");
    std::fs::write(V3, bytes).expect("a writable folder");
}

#[test]
fn every_flipped_bit_is_noticed() {
    let bytes = write(&full_source()).expect("writes");
    for at in (0..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(
            Snapshot::open(damaged).is_err(),
            "bit {} of byte {at}",
            at % 8
        );
    }
}

#[test]
fn every_truncation_is_noticed() {
    let bytes = write(&full_source()).expect("writes");
    for length in (0..bytes.len()).step_by(97) {
        assert!(
            Snapshot::open(bytes[..length].to_vec()).is_err(),
            "{length} bytes"
        );
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(matches!(
        Snapshot::open(longer),
        Err(OpenError::Length { .. })
    ));
}

#[test]
fn errors_say_what_was_expected_and_what_to_do() {
    let mut bytes = write(&source()).expect("writes");
    bytes[8] = 9;
    assert_eq!(
        Snapshot::open(bytes).expect_err("too new").to_string(),
        "expected format version 3 or one before it, found 9; deploy a newer worker"
    );
    let error =
        Snapshot::open(&b"<!doctype html><html><body>404 not found</body></html> and more"[..]);
    assert!(
        error
            .expect_err("no snapshot")
            .to_string()
            .starts_with("expected a snapshot, found a file that starts with [3C, 21,")
    );
}

#[test]
fn contradictions_are_not_written() {
    let mut items = source();
    items.popularity.pop();
    assert!(matches!(
        write(&items),
        Err(WriteError::Inconsistent {
            what: "popularity",
            ..
        })
    ));
    let mut order = source();
    order.popularity.swap(0, 1);
    assert!(matches!(
        write(&order),
        Err(WriteError::Inconsistent {
            what: "popularity",
            ..
        })
    ));
    for (what, damage) in [
        (
            "bought together",
            (|s| drop(s.bought_together.pop())) as fn(&mut SnapshotSource),
        ),
        ("similar by content", |s| drop(s.similar_by_content.pop())),
        ("trending", |s| s.trending.push(0.0)),
        ("neighbours", |s| s.similar_by_content[3][0].item = 60),
    ] {
        let mut damaged = full_source();
        damage(&mut damaged);
        match write(&damaged) {
            Err(WriteError::Inconsistent { what: found, .. }) => assert_eq!(found, what),
            other => panic!("{what}: {other:?}"),
        }
    }
    let mut twice = source();
    twice.items[1].id = twice.items[0].id.clone();
    assert!(matches!(
        write(&twice),
        Err(WriteError::KeyCollision { .. })
    ));
}

/// The offset of a section's row in the table.
fn row_of(bytes: &[u8], kind: Kind) -> usize {
    let sections = usize::from(u16::from_le_bytes([bytes[10], bytes[11]]));
    (56..56 + sections * 32)
        .step_by(32)
        .find(|&row| u16::from_le_bytes([bytes[row], bytes[row + 1]]) == kind as u16)
        .expect("the section")
}

#[test]
fn lists_need_the_positions_of_section_31() {
    let mut bytes = write(&full_source()).expect("writes");
    let row = row_of(&bytes, Kind::PackedViewedTogether);
    bytes[row] = 39; // of no known kind: skipped
    forge(&mut bytes);
    let error = Snapshot::open(bytes).expect_err("lists on no positions");
    assert!(error.to_string().contains("bought together"), "{error}");
}

#[test]
fn wrong_records_of_the_models_are_found() {
    for (kind, byte, value) in [
        (Kind::PriceBand, 5, 6),
        (Kind::Trending, 3, 1),
        (Kind::BrandTops, 40, 60),
        (Kind::TrendingByCategory, 40, 60),
        (Kind::Material, 0, 9),
        (Kind::BoughtTogether, 4, 1),
        (Kind::SimilarByContent, 10, 1),
        (Kind::Label1, 0, 9),
        (Kind::PriceBefore, 0, 60),
        (Kind::PriceBefore, 0, 9),
        (Kind::BackInStockDay, 0, 19),
        (Kind::NewArrivals, 3, 1),
        (Kind::OnSale, 0, 60),
        (Kind::PriceDrops, 0, 60),
        (Kind::BackInStock, 0, 60),
        (Kind::LowStock, 0, 60),
        (Kind::OnSaleByCategory, 40, 60),
        (Kind::NewArrivalsByCategory, 40, 60),
        (Kind::CategoryComplements, 20, 9),
        (Kind::Weather, 15, 255),
        (Kind::Weather, 41, 1),
        (Kind::Clusters, 23, 1),
        (Kind::Articles, 8, 2),
        (Kind::Articles, 15, 1),
    ] {
        let mut bytes = write(&full_source()).expect("writes");
        let row = row_of(&bytes, kind);
        let start = u64::from_le_bytes(bytes[row + 8..row + 16].try_into().expect("8 bytes"));
        bytes[start as usize + byte] = value;
        forge(&mut bytes);
        let found = Snapshot::open(bytes).map(|snapshot| snapshot.verify());
        let error = found
            .expect("opens")
            .expect_err("a wrong record")
            .to_string();
        assert!(error.contains(kind.name()), "{kind:?}: {error}");
    }
}

fn use_all(snapshot: &Snapshot) {
    let _ = snapshot.verify();
    let _ = (snapshot.trending().count(), snapshot.attribute_weights());
    let _ = (
        snapshot.new_arrivals().count(),
        snapshot.on_sale().count(),
        snapshot.price_drops().count(),
        snapshot.back_in_stock().count(),
        snapshot.low_stock().count(),
    );
    for item in [0, 1, 59, 60, u32::MAX] {
        let _ = (
            snapshot.id(item),
            snapshot.title(item, 1),
            snapshot.price(item, 0),
        );
        let _ = (
            snapshot.viewed_together(item).count(),
            snapshot.category_tops(item).count(),
        );
        let _ = (
            snapshot.bought_together(item).count(),
            snapshot.similar_by_content(item).count(),
            snapshot.brand_tops(item).count(),
            snapshot.trending_by_category(item).count(),
            snapshot.trending_by_brand(item).count(),
            snapshot.price_band(item),
        );
        let _ = (
            snapshot.quantity(item),
            snapshot.delivery_days(item),
            snapshot.added_day(item),
            snapshot.label(item, 1),
            snapshot.sale_price_at(item, 0, NOW),
            snapshot.prices_before(item, 0).count(),
            snapshot.back_in_stock_day(item),
        );
        let _ = (
            snapshot.new_arrivals_in(item).count(),
            snapshot.complements_of(item).count(),
            snapshot.articles_of_item(item).count(),
            snapshot.articles_of_category(item).count(),
            snapshot.article(item as u16, 1),
            snapshot.weather("DE", "BY", item),
            snapshot
                .cluster_of(&[item, 1, 2, 3])
                .and_then(|c| snapshot.cluster_name(c)),
            snapshot.on_sale_in(item).count(),
        );
        let _ = (
            snapshot.code(Kind::Brand, item),
            snapshot.code(Kind::ItemGroup, item),
            snapshot.item_by_key(ItemKey::from_u64(item.into())),
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn forged_snapshots_neither_panic_nor_hang(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = write(&full_source()).expect("writes");
        for (at, value) in changes {
            // Beyond the magic, the version and the number of sections, so that it gets somewhere.
            let at = 12 + at.index(bytes.len() - 12);
            bytes[at] = value;
        }
        forge(&mut bytes);
        if let Ok(snapshot) = Snapshot::open(bytes.clone()) {
            use_all(&snapshot);
        }
        if let Ok(engine) = Engine::open(bytes) {
            for target in ["/en/", "/de/p/item-5", "/en/c/x"] {
                let cookie = "consent=personalisation";
                let request = common::get(target, &[("cookie", cookie)]);
                let Decision::Forward(visit) = engine.visit(&request, &common::ambient()) else { continue };
                let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&html()) else { continue };
                let mut out = Vec::new();
                let page = b"<main><section class=hero></section><ul class=products><li class=tile><a href=/en/p/item-3></a></li></ul>";
                rewriter.push(page, &mut out).expect("not encoded");
                rewriter.finish(&mut out).expect("not encoded");
            }
        }
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        prop_assert!(Snapshot::open(bytes).is_err());
    }
}

#[test]
fn a_snapshot_that_expires_later_is_used() {
    let mut later = source();
    later.meta.expires = NOW + 1;
    let engine = Engine::open(write(&later).expect("writes")).expect("opens");
    assert!(
        common::fetch(
            &engine,
            &common::get("/en/", &[]),
            "<section class=hero></section>"
        )
        .changed
    );
}
