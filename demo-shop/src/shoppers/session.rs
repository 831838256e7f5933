//! One visit: in by some door, a walk from product to product, and out, perhaps with a parcel.

use super::event::{Event, Kind};
use super::market::Market;
use super::taste::Shopper;
use crate::catalogue::taxonomy::Category;
use crate::html::query_value;
use crate::rng::Rng;

/// How many tiles one `view_item_list` tells of: those that were on the screen.
const TILES_SEEN: (usize, usize) = (6, 8);

/// A visit that is going on.
pub(super) struct Visit<'a> {
    market: &'a Market<'a>,
    shopper: &'a mut Shopper,
    session: i64,
    /// Microseconds.
    clock: i64,
    end: i64,
    cart: Vec<(u32, u8)>,
    events: &'a mut Vec<Event>,
}

impl<'a> Visit<'a> {
    /// A visit that starts at `start`; nothing happens after `now`. Both are seconds.
    pub(super) fn new(
        market: &'a Market<'a>,
        shopper: &'a mut Shopper,
        start: i64,
        now: i64,
        events: &'a mut Vec<Event>,
    ) -> Self {
        Self {
            market,
            shopper,
            session: start,
            clock: start * 1_000_000,
            end: now * 1_000_000,
            cart: Vec::new(),
            events,
        }
    }

    pub(super) fn walk(mut self, rng: &mut Rng) {
        let Some(mut shelf) = rng.weighted(&self.shopper.shelves) else {
            return;
        };
        let mut item = match rng.below(10) {
            // An advertisement or a search engine leads straight to a product.
            0..3 => self.choose(rng, shelf, None),
            3..5 => self.search(rng, shelf),
            _ => self.list(rng, shelf),
        };
        let mut steps = 2;
        while steps < 24 && rng.percent(83) {
            steps += 1;
        }
        for step in 0..steps {
            let Some(current) = item else { break };
            self.look_at(rng, current);
            if step + 1 == steps {
                break;
            }
            item = match rng.below(100) {
                0..58 => self.choose(rng, self.market.shelf_of(current), Some(current)),
                58..74 => {
                    let partners = &self.market.shelves[self.market.shelf_of(current)].goes_with;
                    shelf = if partners.is_empty() {
                        shelf
                    } else {
                        rng.pick(partners)
                    };
                    self.choose(rng, shelf, Some(current))
                }
                74..84 if !self.shopper.seen.is_empty() => Some(rng.pick(&self.shopper.seen)),
                84..88 => {
                    shelf = rng.weighted(&self.shopper.shelves).unwrap_or(shelf);
                    self.search(rng, shelf)
                }
                88..94 => {
                    shelf = rng.weighted(&self.shopper.shelves).unwrap_or(shelf);
                    self.list(rng, shelf)
                }
                _ => {
                    shelf = rng.weighted(&self.shopper.shelves).unwrap_or(shelf);
                    self.choose(rng, shelf, None)
                }
            };
        }
        self.check_out(rng);
    }

    /// A product of the shelf by popularity and taste, and by likeness to the one it follows.
    fn choose(&self, rng: &mut Rng, shelf: usize, after: Option<u32>) -> Option<u32> {
        let items = &self.market.shelves[shelf].items;
        let weigh = |item: &u32| {
            if after == Some(*item) || self.shopper.bought.contains(item) {
                return 0.0;
            }
            let likeness = after.map_or(1.0, |after| self.market.likeness(after, *item));
            self.market.popularity(*item) * self.shopper.liking(self.market, *item) * likeness
        };
        let weights: Vec<f64> = items.iter().map(weigh).collect();
        rng.weighted(&weights).map(|index| items[index])
    }

    fn look_at(&mut self, rng: &mut Rng, item: u32) {
        self.note(rng, String::new(), Kind::ViewItem(item));
        self.shopper.seen.push(item);
        let product = self.market.product(item);
        let keen = self.shopper.liking(self.market, item).min(3.0);
        let in_cart = self.cart.iter().any(|(known, _)| *known == item);
        if product.in_stock
            && !in_cart
            && rng.fraction() * 100.0 < self.shopper.eagerness as f64 * keen * 0.5
        {
            let count = if product.price < 4000 && rng.percent(30) {
                rng.between(2, 4) as u8
            } else {
                1
            };
            self.cart.push((item, count));
            self.note(rng, String::new(), Kind::AddToCart(item, count));
        }
    }

    /// The shopper sees a piece of a list and follows one of its tiles.
    fn list(&mut self, rng: &mut Rng, shelf: usize) -> Option<u32> {
        let category: &Category = self.market.shelves[shelf].category;
        self.tiles(rng, shelf, category.path(self.shopper.lang))
    }

    fn search(&mut self, rng: &mut Rng, shelf: usize) -> Option<u32> {
        let lang = self.shopper.lang;
        let wanted = self.market.product(self.choose(rng, shelf, None)?);
        let noun = rng.pick(wanted.category.nouns).0.to(lang);
        let term = match rng.below(3) {
            0 => noun.to_lowercase(),
            1 => format!("{noun} {}", wanted.colour(lang)).to_lowercase(),
            _ => wanted.category.name.to(lang).to_lowercase(),
        };
        let page = format!("/{}/search?q={}", lang.code(), query_value(&term));
        self.note(rng, page.clone(), Kind::Search(term));
        self.tiles(rng, shelf, page)
    }

    fn tiles(&mut self, rng: &mut Rng, shelf: usize, page: String) -> Option<u32> {
        let items = &self.market.shelves[shelf].items;
        let count = rng.between(TILES_SEEN.0, TILES_SEEN.1).min(items.len());
        let first = rng.below(items.len() - count + 1);
        let mut seen = items[first..first + count].to_vec();
        let picked = self.choose(rng, shelf, None)?;
        if !seen.contains(&picked) {
            let place = rng.below(seen.len());
            seen[place] = picked;
        }
        self.note(rng, page.clone(), Kind::ViewItemList(seen));
        self.note(rng, page, Kind::SelectItem(picked));
        Some(picked)
    }

    fn check_out(&mut self, rng: &mut Rng) {
        let page = format!("/{}/cart", self.shopper.lang.code());
        if !self.cart.is_empty() && rng.percent(18) {
            let (item, count) = self.cart.remove(rng.below(self.cart.len()));
            self.note(rng, page.clone(), Kind::RemoveFromCart(item, count));
        }
        if !self.cart.is_empty() && rng.percent(55) {
            let cart = std::mem::take(&mut self.cart);
            self.shopper
                .bought
                .extend(cart.iter().map(|(item, _)| *item));
            self.note(rng, page, Kind::Purchase(cart));
        }
    }

    /// Writes down what happened some seconds after the last thing.
    fn note(&mut self, rng: &mut Rng, page: String, kind: Kind) {
        let event = Event {
            micros: self.clock,
            shopper: self.shopper.id,
            session: self.session,
            lang: self.shopper.lang,
            page,
            kind,
        };
        self.clock += (4_000_000 + rng.below(70_000_000)) as i64;
        if event.micros <= self.end {
            self.events.push(event);
        }
    }
}
