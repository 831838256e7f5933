//! Writing a snapshot. The same source gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::layout::{write_map, write_strings};
use super::pack::{pack, pack_beside};
use super::read::{
    CHECKED_HEADER_BYTES, HEADER_BYTES, MAGIC, NO_PRICE, SECTION_ALIGNMENT, TABLE_ROW_BYTES,
};
use super::records::MetaRecord;
use super::{
    AttributeWeights, BlendWeights, FORMAT_VERSION, ItemKey, ItemRecord, ItemText, Kind,
    MAX_BRAND_TOPS, MAX_CATEGORY_TOPS, MAX_FILE_BYTES, MAX_GROUP_TRENDING, MAX_ITEMS, MAX_TRENDING,
    SnapshotSource, WriteError, link, price_bands,
};
use super::{articles, before, clusters, complements, facts, shelves, tops, weather};

/// What joins the levels of a category path.
pub(crate) const CATEGORY_SEPARATOR: &str = " > ";

/// A column of texts.
type Pick = fn(&ItemRecord) -> &str;

/// The dictionary columns but for the category, which has levels, and whether one without any text is
/// written, too.
const COLUMNS: [(Kind, Pick, bool); 10] = [
    (Kind::Brand, |item| &item.brand, true),
    (Kind::Color, |item| &item.color, true),
    (Kind::Size, |item| &item.size, false),
    (Kind::Material, |item| &item.material, false),
    (Kind::ItemGroup, |item| &item.group, false),
    (Kind::Label0, |item| label(item, 0), false),
    (Kind::Label1, |item| label(item, 1), false),
    (Kind::Label2, |item| label(item, 2), false),
    (Kind::Label3, |item| label(item, 3), false),
    (Kind::Label4, |item| label(item, 4), false),
];

fn label(item: &ItemRecord, n: usize) -> &str {
    item.labels.get(n).map_or("", String::as_str)
}

pub(super) type Sections = BTreeMap<(Kind, u16), Vec<u8>>;

/// The bytes of a snapshot file.
pub fn write(source: &SnapshotSource) -> Result<Vec<u8>, WriteError> {
    check(source)?;
    let mut sections = Sections::new();
    let items = &source.items;
    sections.insert(
        (Kind::Meta, 0),
        encode("meta", &MetaRecord::from(&source.meta))?,
    );
    sections.insert((Kind::Site, 0), encode("site", &source.site)?);
    sections.insert(
        (Kind::ItemIds, 0),
        write_strings(items.iter().map(|i| i.id.as_str())),
    );
    sections.insert((Kind::ItemKeys, 0), item_keys(items)?);
    sections.insert(
        (Kind::Availability, 0),
        items.iter().map(|i| i.availability as u8).collect(),
    );
    add_texts(source, &mut sections);
    let categories = with_parents(items);
    for (kind, pick, is_always) in COLUMNS {
        if is_always || items.iter().any(|item| !pick(item).is_empty()) {
            sections.insert((kind, 0), dictionary(items, pick, BTreeSet::new()));
        }
    }
    sections.insert(
        (Kind::Category, 0),
        dictionary(items, |i| &i.category, categories.clone()),
    );
    add_tops(source, &categories, &mut sections);
    facts::add(source, &mut sections);
    before::add(source, &mut sections);
    shelves::add(source, &categories, &mut sections);
    complements::add(source, &categories, &mut sections);
    weather::add(source, &mut sections)?;
    articles::add(source, &categories, &mut sections)?;
    clusters::add(source, &mut sections);
    let bands = price_bands(&items.iter().collect::<Vec<_>>());
    if bands.iter().any(|&band| band > 0) {
        sections.insert((Kind::PriceBand, 0), bands);
    }
    sections.insert((Kind::LinkIndex, 0), link_index(items));
    sections.insert(
        (Kind::PackedViewedTogether, 0),
        pack(
            &source.viewed_together,
            &source.neighbour_order,
            &source.query,
            source.precision,
        ),
    );
    for (kind, lists) in [
        (Kind::BoughtTogether, &source.bought_together),
        (Kind::SimilarByContent, &source.similar_by_content),
    ] {
        if lists.iter().any(|list| !list.is_empty()) {
            sections.insert((kind, 0), pack_beside(lists, &source.neighbour_order));
        }
    }
    let popularity = source
        .popularity
        .iter()
        .flat_map(|&p| quantise(p).to_le_bytes());
    sections.insert((Kind::Popularity, 0), popularity.collect());
    let mut weights = source.attributes;
    if weights != AttributeWeights::default() {
        let fields = weights.fields().map(|field| field.to_le_bytes());
        sections.insert((Kind::AttributeWeights, 0), fields.concat());
    }
    let mut blend = source.blend;
    if blend != BlendWeights::default() {
        let fields = blend.fields().map(|field| field.to_le_bytes());
        sections.insert((Kind::BlendWeights, 0), fields.concat());
    }
    assemble(source, &sections)
}

fn check(source: &SnapshotSource) -> Result<(), WriteError> {
    let items = source.items.len();
    if items > MAX_ITEMS {
        return Err(WriteError::TooMany {
            what: "items",
            limit: MAX_ITEMS,
            found: items,
        });
    }
    let inconsistent = |what, expected: String, found: String| {
        Err(WriteError::Inconsistent {
            what,
            expected,
            found,
        })
    };
    for (what, found, may_be_empty) in [
        ("popularity", source.popularity.len(), false),
        ("viewed together", source.viewed_together.len(), false),
        ("bought together", source.bought_together.len(), true),
        ("similar by content", source.similar_by_content.len(), true),
        ("trending", source.trending.len(), true),
    ] {
        if found != items && !(may_be_empty && found == 0) {
            return inconsistent(what, format!("{items} entries"), found.to_string());
        }
    }
    if let Some(at) = source
        .popularity
        .windows(2)
        .position(|pair| pair[0] < pair[1])
    {
        return inconsistent(
            "popularity",
            "descending values".into(),
            format!("more at item {} than at the one before", at + 1),
        );
    }
    let locales = source.site.locales.len();
    if locales == 0 {
        return inconsistent("site", "at least one locale".into(), "none".into());
    }
    for item in &source.items {
        if item.texts.len() != locales {
            return inconsistent(
                "item texts",
                format!("{locales}, one for each locale"),
                format!("{} for item {:?}", item.texts.len(), item.id),
            );
        }
    }
    let lists = [
        &source.viewed_together,
        &source.bought_together,
        &source.similar_by_content,
    ];
    let mut neighbours = lists.into_iter().flatten().flatten();
    if let Some(n) = neighbours.find(|n| n.item as usize >= items) {
        return inconsistent(
            "neighbours",
            format!("items below {items}"),
            n.item.to_string(),
        );
    }
    check_order(&source.neighbour_order, items)
}

/// Each item once, or nothing at all.
fn check_order(order: &[u32], items: usize) -> Result<(), WriteError> {
    let mut seen = vec![false; items];
    let mut is_new = |item: u32| {
        let seen = seen.get_mut(item as usize);
        seen.is_some_and(|seen| !std::mem::replace(seen, true))
    };
    if order.is_empty() || (order.len() == items && order.iter().all(|&item| is_new(item))) {
        return Ok(());
    }
    Err(WriteError::Inconsistent {
        what: "neighbour order",
        expected: format!("each of {items} items once"),
        found: format!(
            "{} numbers, one of them twice or none of an item",
            order.len()
        ),
    })
}

fn encode<T>(section: &'static str, record: &T) -> Result<Vec<u8>, WriteError>
where
    T: wincode::SchemaWrite<wincode::config::DefaultConfig, Src = T>,
{
    wincode::serialize(record).map_err(|error| WriteError::Encode {
        section,
        reason: error.to_string(),
    })
}

fn item_keys(items: &[ItemRecord]) -> Result<Vec<u8>, WriteError> {
    let mut seen: BTreeMap<u64, &str> = BTreeMap::new();
    let mut entries = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let key = ItemKey::of(&item.id).as_u64();
        if let Some(first) = seen.insert(key, &item.id) {
            return Err(WriteError::KeyCollision {
                first: first.to_owned(),
                second: item.id.clone(),
            });
        }
        entries.push((key, index as u32));
    }
    Ok(write_map(entries))
}

fn add_texts(source: &SnapshotSource, sections: &mut Sections) {
    let strings = |pick: fn(&ItemText) -> &str, locale: usize| {
        write_strings(
            source
                .items
                .iter()
                .map(move |item| pick(&item.texts[locale])),
        )
    };
    let prices = |pick: fn(&ItemText) -> Option<u32>, locale: usize| {
        let price = |item: &ItemRecord| pick(&item.texts[locale]).unwrap_or(NO_PRICE).to_le_bytes();
        source.items.iter().flat_map(price).collect()
    };
    for (locale, number) in (0..source.site.locales.len()).zip(0u16..) {
        sections.insert((Kind::Title, number), strings(|t| &t.title, locale));
        sections.insert((Kind::Link, number), strings(|t| &t.link, locale));
        sections.insert((Kind::Image, number), strings(|t| &t.image, locale));
        sections.insert((Kind::Price, number), prices(|t| t.price, locale));
        sections.insert((Kind::SalePrice, number), prices(|t| t.sale_price, locale));
    }
}

/// All categories and the levels above them.
fn with_parents(items: &[ItemRecord]) -> BTreeSet<&str> {
    let mut all = BTreeSet::new();
    for item in items {
        let mut path = item.category.as_str();
        while all.insert(path) {
            let Some((parent, _)) = path.rsplit_once(CATEGORY_SEPARATOR) else {
                break;
            };
            path = parent;
        }
    }
    all
}

fn add_tops(source: &SnapshotSource, categories: &BTreeSet<&str>, sections: &mut Sections) {
    let items = &source.items;
    // Items stand in descending popularity.
    let popular: Vec<u32> = (0..items.len() as u32).collect();
    sections.insert(
        (Kind::CategoryTops, 0),
        tops::by_category(items, &popular, categories, MAX_CATEGORY_TOPS),
    );
    let has_brands = items.iter().any(|item| !item.brand.is_empty());
    if has_brands {
        let brands = tops::by_brand(items, &popular, MAX_BRAND_TOPS);
        sections.insert((Kind::BrandTops, 0), brands);
    }
    let trending = tops::trending(items, &source.trending);
    if trending.is_empty() {
        return;
    }
    let overall = trending.iter().take(MAX_TRENDING);
    sections.insert(
        (Kind::Trending, 0),
        overall.flat_map(|item| item.to_le_bytes()).collect(),
    );
    sections.insert(
        (Kind::TrendingByCategory, 0),
        tops::by_category(items, &trending, categories, MAX_GROUP_TRENDING),
    );
    if has_brands {
        let brands = tops::by_brand(items, &trending, MAX_GROUP_TRENDING);
        sections.insert((Kind::TrendingByBrand, 0), brands);
    }
}

fn dictionary<'a>(items: &'a [ItemRecord], pick: Pick, mut all: BTreeSet<&'a str>) -> Vec<u8> {
    all.extend(items.iter().map(pick));
    let codes: BTreeMap<&str, u32> = all.iter().copied().zip(0..).collect();
    let mut out: Vec<u8> = items
        .iter()
        .flat_map(|item| codes.get(pick(item)).copied().unwrap_or(0).to_le_bytes())
        .collect();
    let all: Vec<&str> = all.into_iter().collect();
    out.extend(write_strings(all.iter().copied()));
    out
}

/// Every link of every locale. Where two items share one (variants), the more popular one has it; and the
/// page that variants share, when it is no item's own.
fn link_index(items: &[ItemRecord]) -> Vec<u8> {
    let mut index = BTreeMap::new();
    let key_of: [fn(&str) -> Option<String>; 2] = [link::feed_key, link::key_of_all_variants];
    for key_of in key_of {
        for (item, number) in items.iter().zip(0u32..) {
            for key in item.texts.iter().filter_map(|text| key_of(&text.link)) {
                index.entry(link::hash(&key)).or_insert(number);
            }
        }
    }
    write_map(index.into_iter().collect())
}

/// Popularity on the scale of section 40.
pub(super) fn quantise(popularity: f32) -> u16 {
    // `as` saturates: more than 65535 is 65535, and NaN is 0.
    (4096.0 * (1.0 + f64::from(popularity)).log2()).round() as u16
}

fn assemble(source: &SnapshotSource, sections: &Sections) -> Result<Vec<u8>, WriteError> {
    let align = |length: usize| length.next_multiple_of(SECTION_ALIGNMENT);
    let mut table = Vec::new();
    let mut offset = align(HEADER_BYTES + sections.len() * TABLE_ROW_BYTES);
    let mut end = offset;
    for ((kind, locale), bytes) in sections {
        table.extend((*kind as u16).to_le_bytes());
        table.extend(locale.to_le_bytes());
        table.extend(0u32.to_le_bytes());
        table.extend((offset as u64).to_le_bytes());
        table.extend((bytes.len() as u64).to_le_bytes());
        table.extend(xxh3_64(bytes).to_le_bytes());
        end = offset + bytes.len();
        offset = align(end);
    }
    if end > MAX_FILE_BYTES {
        return Err(WriteError::TooMany {
            what: "bytes",
            limit: MAX_FILE_BYTES,
            found: end,
        });
    }
    let mut out = Vec::with_capacity(end);
    out.extend(MAGIC);
    out.extend(FORMAT_VERSION.to_le_bytes());
    out.extend((sections.len() as u16).to_le_bytes());
    out.extend((source.items.len() as u32).to_le_bytes());
    out.extend((end as u64).to_le_bytes());
    out.extend(source.meta.sequence.to_le_bytes());
    out.extend(source.meta.created.to_le_bytes());
    out.extend(source.meta.expires.to_le_bytes());
    let mut hasher = Xxh3::new();
    hasher.update(&out[..CHECKED_HEADER_BYTES]);
    hasher.update(&table);
    out.extend(hasher.digest().to_le_bytes());
    out.extend(&table);
    for bytes in sections.values() {
        out.resize(align(out.len()), 0);
        out.extend(bytes);
    }
    Ok(out)
}
