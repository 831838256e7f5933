//! Writing a snapshot. The same source gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::layout::{write_map, write_strings};
use super::pack::pack;
use super::read::{
    CHECKED_HEADER_BYTES, HEADER_BYTES, Kind, MAGIC, NO_PRICE, SECTION_ALIGNMENT, TABLE_ROW_BYTES,
};
use super::records::MetaRecord;
use super::{
    FORMAT_VERSION, ItemKey, ItemRecord, ItemText, MAX_CATEGORY_TOPS, MAX_FILE_BYTES, MAX_ITEMS,
    SnapshotSource, WriteError, link,
};

/// What joins the levels of a category path.
pub(crate) const CATEGORY_SEPARATOR: &str = " > ";

type Sections = BTreeMap<(Kind, u16), Vec<u8>>;

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
    sections.insert(
        (Kind::Brand, 0),
        dictionary(items, |i| &i.brand, BTreeSet::new()),
    );
    sections.insert(
        (Kind::Color, 0),
        dictionary(items, |i| &i.color, BTreeSet::new()),
    );
    sections.insert(
        (Kind::Category, 0),
        dictionary(items, |i| &i.category, categories.clone()),
    );
    sections.insert((Kind::CategoryTops, 0), category_tops(items, &categories));
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
    let popularity = source
        .popularity
        .iter()
        .flat_map(|&p| quantise(p).to_le_bytes());
    sections.insert((Kind::Popularity, 0), popularity.collect());
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
    for (what, found) in [
        ("popularity", source.popularity.len()),
        ("viewed together", source.viewed_together.len()),
    ] {
        if found != items {
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
    let neighbours = source.viewed_together.iter().flatten();
    if let Some(n) = neighbours.into_iter().find(|n| n.item as usize >= items) {
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

fn dictionary<'a>(
    items: &'a [ItemRecord],
    pick: fn(&ItemRecord) -> &str,
    mut all: BTreeSet<&'a str>,
) -> Vec<u8> {
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

fn category_tops(items: &[ItemRecord], categories: &BTreeSet<&str>) -> Vec<u8> {
    let mut tops: BTreeMap<&str, Vec<u32>> = categories.iter().map(|c| (*c, Vec::new())).collect();
    // Items stand in descending popularity, so each list comes out best first.
    for (item, index) in items.iter().zip(0u32..) {
        let mut path = Some(item.category.as_str());
        while let Some(category) = path {
            if let Some(list) = tops.get_mut(category)
                && list.len() < MAX_CATEGORY_TOPS
                && item.availability.is_orderable()
            {
                list.push(index);
            }
            path = category
                .rsplit_once(CATEGORY_SEPARATOR)
                .map(|(parent, _)| parent);
        }
    }
    let mut offsets = vec![0u32];
    let mut out = Vec::new();
    for list in tops.values() {
        offsets.push(offsets.last().copied().unwrap_or(0) + list.len() as u32);
        out.extend(list.iter().flat_map(|item| item.to_le_bytes()));
    }
    let mut bytes: Vec<u8> = offsets.iter().flat_map(|o| o.to_le_bytes()).collect();
    bytes.append(&mut out);
    bytes
}

/// Every link of every locale. Where two items share one (variants), the more popular one has it.
fn link_index(items: &[ItemRecord]) -> Vec<u8> {
    let mut index = BTreeMap::new();
    for (item, number) in items.iter().zip(0u32..) {
        for text in &item.texts {
            if let Some(key) = link::feed_key(&text.link) {
                index.entry(link::hash(&key)).or_insert(number);
            }
        }
    }
    write_map(index.into_iter().collect())
}

fn quantise(popularity: f32) -> u16 {
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
