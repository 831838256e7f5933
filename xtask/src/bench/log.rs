//! A generated shop's log, of any length, in the shape of a real one: items of which a few are most of
//! the views, sessions that stay in a category and come back, and many of them at once.

use std::io::{self, Write};

/// How large the shop is.
#[derive(Clone, Copy)]
pub struct Shop {
    pub items: u32,
    pub events: u64,
    /// Of so many items, the first ones, the lean feed says what they are called and where they stand. The others are
    /// ids with a price.
    pub described: u32,
}

/// Items of a category.
const CATEGORY: u32 = 40;
/// Visitors who are in the shop at the same time.
const AT_ONCE: usize = 4000;
/// The time of the first event, in microseconds since 1970.
const START: u64 = 1_790_000_000_000_000;
/// How many days the log has, whatever its length.
const DAYS: u64 = 60;
/// One event in so many puts into the cart, and one in so many buys.
const CART_EVERY: u64 = 12;
const BUY_EVERY: u64 = 40;
/// One event in so many is a session's last.
const LEAVE_EVERY: u64 = 5;

/// Writes the feed.
pub fn write_feed(shop: Shop, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "id\ttitle\tlink\timage_link\tprice\tavailability\tbrand\tproduct_type\tcolor"
    )?;
    for item in 0..shop.items {
        let category = item / CATEGORY;
        writeln!(
            out,
            "{}\tThing {category}-{} of kind {}\thttps://bench.example/p/{item}\thttps://bench.example/i/{item}.jpg\t\
             {}.99 EUR\tin_stock\tBrand {}\tAll > Area {} > Shelf {category}\t{}",
            shop.id(item),
            item % CATEGORY,
            item % 7,
            5 + item % 190,
            item % 211,
            category / 20,
            ["red", "blue", "black", "white"][item as usize % 4],
        )?;
    }
    Ok(())
}

/// Writes a feed whose rows are short, for a snapshot of a million items must fit into 64 MiB.
pub fn write_lean_feed(shop: Shop, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "id\ttitle\tlink\tprice\tavailability\tproduct_type")?;
    for item in 0..shop.items {
        let (id, price) = (shop.id(item), 5 + item % 190);
        if item < shop.described {
            writeln!(
                out,
                "{id}\tThing {}\thttps://bench.example/p/{item}\t{price}.99 EUR\tin_stock\tShelf {}",
                item % 1000,
                item / CATEGORY,
            )?;
        } else {
            writeln!(out, "{id}\t\t\t{price}.99 EUR\tin_stock\t")?;
        }
    }
    Ok(())
}

/// Writes the events, in order of time.
pub fn write_events(shop: Shop, out: &mut dyn Write) -> io::Result<()> {
    let mut random = Random(0x5eed);
    let mut visitors: Vec<Visitor> = (0..AT_ONCE)
        .map(|_| Visitor::enter(shop, &mut random))
        .collect();
    let step = DAYS * 86_400_000_000 / shop.events.max(1);
    for event in 0..shop.events {
        let visitor = &mut visitors[random.below(AT_ONCE as u64) as usize];
        let name = match (random.one_in(BUY_EVERY), random.one_in(CART_EVERY)) {
            (true, _) => "purchase",
            (_, true) => "add_to_cart",
            _ => {
                visitor.go_on(shop, &mut random);
                "view_item"
            }
        };
        writeln!(
            out,
            "{{\"event_name\":\"{name}\",\"event_timestamp\":{},\"user_pseudo_id\":\"{}.{}\",\
             \"ga_session_id\":{},\"items\":[{{\"item_id\":\"{}\",\"quantity\":1}}]}}",
            START + event * step,
            visitor.id,
            START / 1_000_000,
            visitor.session,
            shop.id(visitor.item)
        )?;
        if random.one_in(LEAVE_EVERY) {
            *visitor = Visitor::enter(shop, &mut random);
        }
    }
    Ok(())
}

impl Shop {
    /// A shop that is not described as a whole is so large that its ids must be short, too.
    fn id(self, item: u32) -> String {
        if self.described < self.items {
            item.to_string()
        } else {
            format!("SKU-{item:06}")
        }
    }
}

struct Visitor {
    id: u64,
    session: u64,
    item: u32,
    before: u32,
}

impl Visitor {
    fn enter(shop: Shop, random: &mut Random) -> Self {
        let item = random.wanted(shop.items);
        Self {
            id: random.next() >> 24,
            session: random.next() >> 34,
            item,
            before: item,
        }
    }

    fn go_on(&mut self, shop: Shop, random: &mut Random) {
        let next = match random.below(100) {
            0..60 => {
                let first = self.item - self.item % CATEGORY;
                let most = CATEGORY.min(shop.items - first);
                first + random.wanted(most)
            }
            60..80 => self.before,
            _ => random.wanted(shop.items),
        };
        (self.before, self.item) = (self.item, next);
    }
}

/// xorshift64* (Vigna, 2016): the same log on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of so many items: the logarithm of its number is even, which is Zipf's law. Numbers are
    /// mixed, so that each category has some that are wanted.
    fn wanted(&mut self, items: u32) -> u32 {
        let even = self.next() as f64 / u64::MAX as f64;
        let rank = f64::from(items).powf(even) as u64 - 1;
        (rank * 2_654_435_761 % u64::from(items)) as u32
    }
}
