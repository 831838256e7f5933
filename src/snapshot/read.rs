//! Reading a snapshot in place.

use std::borrow::Cow;
use std::ops::Range;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::kind::Kind;
use super::layout::{Dictionary, SortedMap, Strings, u16_at, u32_at, u64_at};
use super::neighbours::PlainList;
use super::packed::{PackedLists, PackedViews};
use super::records::MetaRecord;
use super::{
    Availability, FORMAT_VERSION, ItemKey, MAX_FILE_BYTES, MAX_ITEMS, MAX_SECTIONS, Meta,
    Neighbours, OLDEST_FORMAT_VERSION, OpenError, QueryWeights, link,
};
use crate::site::{Site, SiteV1, SiteV2};

pub(super) const MAGIC: [u8; 8] = *b"\x89TBS\r\n\x1a\n";
pub(super) const HEADER_BYTES: usize = 56;
pub(super) const CHECKED_HEADER_BYTES: usize = 48;
pub(super) const TABLE_ROW_BYTES: usize = 32;
pub(super) const SECTION_ALIGNMENT: usize = 8;
pub(super) const NO_PRICE: u32 = u32::MAX;

/// One row of the section table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionInfo {
    /// What it holds.
    pub kind: Kind,
    /// For which locale; 0 where that does not apply.
    pub locale: u16,
    /// Where in the file.
    pub range: Range<usize>,
}

/// An open snapshot. Cheap to open but for the checksums, which are checked once, here.
#[derive(Debug)]
pub struct Snapshot {
    bytes: Cow<'static, [u8]>,
    sections: Vec<SectionInfo>,
    /// The place of each kind's first section, [`ABSENT`] where it has none: a page asks for sections thousands of times.
    firsts: [u16; KINDS],
    items: usize,
    meta: Meta,
    version: u16,
}

/// One more than the largest number of a kind.
const KINDS: usize = {
    let (last, _) = Kind::ALL[Kind::ALL.len() - 1];
    last as usize + 1
};

/// Behind all sections.
const ABSENT: u16 = u16::MAX;

impl Snapshot {
    /// Opens a snapshot: header, lengths, checksums, and the frame of each section.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, OpenError> {
        Self::open_with(bytes.into(), SectionSums::Check)
    }

    /// Opens a snapshot whose bytes are part of the program and were verified when they became that
    /// ([`Snapshot::verify`]): the same but for the sections' checksums, so that what no request reads is not read.
    pub fn open_verified(bytes: &'static [u8]) -> Result<Self, OpenError> {
        Self::open_with(Cow::Borrowed(bytes), SectionSums::Trust)
    }

    fn open_with(bytes: Cow<'static, [u8]>, sums: SectionSums) -> Result<Self, OpenError> {
        let (version, sections, items, mut meta) = read_header(&bytes, sums)?;
        let mut snapshot = Self {
            bytes,
            firsts: firsts(&sections),
            sections,
            items,
            meta: meta.clone(),
            version,
        };
        snapshot.check_frames()?;
        let record: MetaRecord = snapshot.record(Kind::Meta)?;
        meta.events = record.events;
        meta.sessions = record.sessions;
        snapshot.meta = meta;
        Ok(snapshot)
    }

    /// The snapshot's own facts.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.items
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// The file's length.
    pub fn file_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The section table.
    pub fn sections(&self) -> &[SectionInfo] {
        &self.sections
    }

    /// The compiled site.toml.
    pub fn site(&self) -> Result<Site, OpenError> {
        match self.version {
            1 => {
                let site = self.record::<SiteV1>(Kind::Site)?;
                Ok(SiteV2::from(site).into())
            }
            2 => self.record::<SiteV2>(Kind::Site).map(Site::from),
            _ => self.record(Kind::Site),
        }
    }

    /// The feed's id of an item.
    pub fn id(&self, item: u32) -> Option<&str> {
        self.string(Kind::ItemIds, 0, item)
    }

    /// The item that a cookie's key means.
    pub fn item_by_key(&self, key: ItemKey) -> Option<u32> {
        SortedMap::new(self.section(Kind::ItemKeys, 0)?)?.get(key.as_u64())
    }

    /// The item that a link on the page at `base` (a path) leads to.
    pub fn item_of_link(&self, href: &str, base: &str) -> Option<u32> {
        let index = SortedMap::new(self.section(Kind::LinkIndex, 0)?)?;
        link::keys(href, base).find_map(|key| index.get(link::hash(&key)))
    }

    /// Whether an item has all in a locale that a card of it shows: a title, a link and a price.
    pub fn is_complete(&self, item: u32, locale: usize) -> bool {
        let has = |kind| {
            let strings = self.strings(kind, locale);
            strings.is_some_and(|strings| strings.has(item as usize))
        };
        has(Kind::Title) && has(Kind::Link) && self.price(item, locale).is_some()
    }

    /// The feed's title.
    pub fn title(&self, item: u32, locale: usize) -> Option<&str> {
        self.string(Kind::Title, locale, item)
            .filter(|s| !s.is_empty())
    }

    /// The feed's link.
    pub fn link(&self, item: u32, locale: usize) -> Option<&str> {
        self.string(Kind::Link, locale, item)
            .filter(|s| !s.is_empty())
    }

    /// The feed's picture.
    pub fn image(&self, item: u32, locale: usize) -> Option<&str> {
        self.string(Kind::Image, locale, item)
            .filter(|s| !s.is_empty())
    }

    /// The feed's price in minor units.
    pub fn price(&self, item: u32, locale: usize) -> Option<u32> {
        self.money(Kind::Price, item, locale)
    }

    /// The feed's sale price in minor units.
    pub fn sale_price(&self, item: u32, locale: usize) -> Option<u32> {
        self.money(Kind::SalePrice, item, locale)
    }

    /// The feed's availability; what is not known is out of stock.
    pub fn availability(&self, item: u32) -> Availability {
        self.section(Kind::Availability, 0)
            .and_then(|bytes| bytes.get(item as usize))
            .map_or(Availability::OutOfStock, |&byte| {
                Availability::from_byte(byte)
            })
    }

    /// The code of an item's brand, category or colour; `None` when it has none.
    pub fn code(&self, column: Kind, item: u32) -> Option<u32> {
        let dictionary = self.dictionary(column)?;
        let code = dictionary.code(item as usize)?;
        dictionary.strings.has(code as usize).then_some(code)
    }

    /// The text of a code.
    pub fn code_text(&self, column: Kind, code: u32) -> Option<&str> {
        self.dictionary(column)?.strings.get(code as usize)
    }

    /// How many codes a column has.
    pub fn code_count(&self, column: Kind) -> usize {
        self.dictionary(column).map_or(0, |d| d.strings.len())
    }

    /// The code of a text.
    pub fn code_of(&self, column: Kind, text: &str) -> Option<u32> {
        self.dictionary(column)?
            .strings
            .find(text)
            .and_then(|code| u32::try_from(code).ok())
    }

    /// What is seen together with an item.
    pub fn viewed_together(&self, item: u32) -> Neighbours<'_> {
        let list = match self.packed_views() {
            Some(views) => views.lists.get(item).map(Neighbours::from),
            None => self.plain_list(item).map(Neighbours::from),
        };
        list.unwrap_or_default()
    }

    /// What is bought together with an item.
    pub fn bought_together(&self, item: u32) -> Neighbours<'_> {
        self.list_beside(Kind::BoughtTogether, item)
    }

    /// What the feed describes alike, without variants of the same product.
    pub fn similar_by_content(&self, item: u32) -> Neighbours<'_> {
        self.list_beside(Kind::SimilarByContent, item)
    }

    /// How recent views add up to a score.
    pub fn query_weights(&self) -> QueryWeights {
        self.packed_views()
            .map_or_else(QueryWeights::default, |views| views.query)
    }

    pub(super) fn packed_views(&self) -> Option<PackedViews<'_>> {
        PackedViews::new(self.section(Kind::PackedViewedTogether, 0)?, self.items)
    }

    /// The lists of a section that stands on the positions of section 31.
    pub(super) fn lists_beside(&self, kind: Kind) -> Option<PackedLists<'_>> {
        let section = self.section(kind, 0)?;
        PackedLists::new(section, self.packed_views()?.lists.positions)
    }

    fn list_beside(&self, kind: Kind, item: u32) -> Neighbours<'_> {
        self.lists_beside(kind)
            .and_then(|lists| lists.get(item))
            .map(Neighbours::from)
            .unwrap_or_default()
    }

    pub(super) fn plain_list(&self, item: u32) -> Option<PlainList<'_>> {
        let section = self.section(Kind::ViewedTogether, 0)?;
        let (offsets, lists) = section.split_at_checked((self.items + 1) * 4)?;
        let start = u32_at(offsets, item as usize)? as usize;
        let end = u32_at(offsets, (item as usize).checked_add(1)?)? as usize;
        PlainList::new(lists.get(start..end)?)
    }

    /// How much an item is wanted, on a log scale: 4096 more is twice as much.
    pub fn popularity(&self, item: u32) -> u16 {
        self.section(Kind::Popularity, 0)
            .and_then(|bytes| u16_at(bytes, item as usize))
            .unwrap_or(0)
    }

    pub(super) fn section(&self, kind: Kind, locale: usize) -> Option<&[u8]> {
        let first = usize::from(*self.firsts.get(kind as usize)?);
        let mut sections = self.sections.get(first..)?.iter();
        let section = sections.find(|it| it.kind != kind || usize::from(it.locale) == locale)?;
        let range = (section.kind == kind).then(|| section.range.clone())?;
        self.bytes.get(range)
    }

    pub(super) fn strings(&self, kind: Kind, locale: usize) -> Option<Strings<'_>> {
        Strings::new(self.section(kind, locale)?)
    }

    pub(super) fn dictionary(&self, kind: Kind) -> Option<Dictionary<'_>> {
        Dictionary::new(self.section(kind, 0)?, self.items)
    }

    fn string(&self, kind: Kind, locale: usize, item: u32) -> Option<&str> {
        self.strings(kind, locale)?.get(item as usize)
    }

    fn money(&self, kind: Kind, item: u32, locale: usize) -> Option<u32> {
        u32_at(self.section(kind, locale)?, item as usize).filter(|&price| price != NO_PRICE)
    }

    fn record<T>(&self, kind: Kind) -> Result<T, OpenError>
    where
        T: for<'de> wincode::SchemaRead<'de, wincode::config::DefaultConfig, Dst = T>,
    {
        let bytes = self
            .section(kind, 0)
            .ok_or(OpenError::Missing(kind.name()))?;
        wincode::deserialize(bytes).map_err(|_| self.bad_section(kind, 0, "a readable record"))
    }

    pub(super) fn bad_section(&self, kind: Kind, locale: u16, expected: &'static str) -> OpenError {
        let offset = self
            .sections
            .iter()
            .find(|s| s.kind == kind && s.locale == locale)
            .map_or(0, |s| s.range.start as u64);
        OpenError::Section {
            section: kind.name(),
            offset,
            expected,
        }
    }
}

type Header = (u16, Vec<SectionInfo>, usize, Meta);

fn firsts(sections: &[SectionInfo]) -> [u16; KINDS] {
    let mut firsts = [ABSENT; KINDS];
    for (at, section) in sections.iter().enumerate().rev() {
        if let Some(first) = firsts.get_mut(section.kind as usize) {
            *first = u16::try_from(at).unwrap_or(ABSENT);
        }
    }
    firsts
}

/// What becomes of the checksums of sections; the header's is always checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SectionSums {
    Check,
    Trust,
}

fn read_header(bytes: &[u8], sums: SectionSums) -> Result<Header, OpenError> {
    let found = bytes.len();
    let short = OpenError::TooShort {
        expected: HEADER_BYTES,
        found,
    };
    if found > MAX_FILE_BYTES {
        return Err(OpenError::TooLong {
            limit: MAX_FILE_BYTES,
            found,
        });
    }
    let header = bytes.first_chunk::<HEADER_BYTES>().ok_or(short.clone())?;
    let magic = *header.first_chunk::<8>().ok_or(short.clone())?;
    if magic != MAGIC {
        return Err(OpenError::Magic { found: magic });
    }
    let field = |index| u64_at(header, index).ok_or(short.clone());
    let version = u16_at(header, 4).ok_or(short.clone())?;
    if !(OLDEST_FORMAT_VERSION..=FORMAT_VERSION).contains(&version) {
        return Err(OpenError::Version {
            expected: FORMAT_VERSION,
            found: version,
        });
    }
    let sections = usize::from(u16_at(header, 5).ok_or(short.clone())?);
    if sections > MAX_SECTIONS {
        return Err(OpenError::Header {
            expected: "at most 512 sections",
            found: sections as u64,
        });
    }
    let items = u32_at(header, 3).ok_or(short.clone())? as usize;
    if items > MAX_ITEMS {
        return Err(OpenError::Header {
            expected: "at most 4000000 items",
            found: items as u64,
        });
    }
    if field(2)? != found as u64 {
        return Err(OpenError::Length {
            expected: field(2)?,
            found: found as u64,
        });
    }
    let table = bytes
        .get(HEADER_BYTES..HEADER_BYTES + sections * TABLE_ROW_BYTES)
        .ok_or(OpenError::TooShort {
            expected: HEADER_BYTES + sections * TABLE_ROW_BYTES,
            found,
        })?;
    let mut hasher = Xxh3::new();
    hasher.update(header.get(..CHECKED_HEADER_BYTES).unwrap_or_default());
    hasher.update(table);
    check_sum("header", field(6)?, hasher.digest())?;
    let meta = Meta {
        sequence: field(3)?,
        created: field(4)?.cast_signed(),
        expires: field(5)?.cast_signed(),
        ..Meta::default()
    };
    Ok((version, read_table(bytes, table, sums)?, items, meta))
}

fn read_table(
    bytes: &[u8],
    table: &[u8],
    sums: SectionSums,
) -> Result<Vec<SectionInfo>, OpenError> {
    let mut sections: Vec<SectionInfo> = Vec::with_capacity(table.len() / TABLE_ROW_BYTES);
    let mut end = HEADER_BYTES + table.len();
    for row in table.chunks_exact(TABLE_ROW_BYTES) {
        let number = u16_at(row, 0).unwrap_or_default();
        let locale = u16_at(row, 1).unwrap_or_default();
        let [offset, length, checksum] = [1, 2, 3].map(|i| u64_at(row, i).unwrap_or_default());
        let range = usize::try_from(offset)
            .ok()
            .zip(usize::try_from(length).ok())
            .and_then(|(start, length)| Some(start..start.checked_add(length)?))
            .filter(|range| range.start.is_multiple_of(SECTION_ALIGNMENT));
        let section =
            range
                .clone()
                .and_then(|range| bytes.get(range))
                .ok_or(OpenError::Header {
                    expected: "sections inside the file",
                    found: offset,
                })?;
        // What no checksum covers must be nothing: zeroes between one section and the next.
        let padding = range.as_ref().and_then(|range| bytes.get(end..range.start));
        if !padding.is_some_and(|padding| padding.iter().all(|&byte| byte == 0)) {
            return Err(OpenError::Header {
                expected: "zeroes between sections",
                found: offset,
            });
        }
        end = range.as_ref().map_or(end, |range| range.end);
        let Some((kind, range)) = Kind::from_number(number).zip(range) else {
            continue; // a kind from a newer builder: it can only add
        };
        if sections
            .last()
            .is_some_and(|s| (s.kind, s.locale) >= (kind, locale))
        {
            return Err(OpenError::Header {
                expected: "sections in ascending order of kind and locale",
                found: u64::from(number),
            });
        }
        if sums == SectionSums::Check {
            check_sum(kind.name(), checksum, xxh3_64(section))?;
        }
        sections.push(SectionInfo {
            kind,
            locale,
            range,
        });
    }
    if end != bytes.len() {
        return Err(OpenError::Length {
            expected: end as u64,
            found: bytes.len() as u64,
        });
    }
    Ok(sections)
}

fn check_sum(what: &str, expected: u64, found: u64) -> Result<(), OpenError> {
    if expected == found {
        return Ok(());
    }
    Err(OpenError::Checksum {
        what: what.to_owned(),
        expected,
        found,
    })
}
