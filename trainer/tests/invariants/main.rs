//! What no visitor may ever see, on every page of the demo shop for twelve kinds of visitors: in slots nothing that is
//! sold out, hidden by a rule, in the cart, disliked, the product of the page itself, or twice on the page; no empty
//! slot; no price but the feed's.

mod facts;
mod personas;
mod shop;
mod shown;

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use facts::{Fact, Facts};
use personas::Persona;
use shop::{Address, DemoShop, HIDDEN_BRAND, PINNED, RULES};
use shown::{Slot, slots};

/// What was looked at, so that a test that sees nothing does not pass.
#[derive(Debug, Default)]
struct Counts {
    pages: usize,
    items: usize,
    reduced: usize,
    slots: BTreeMap<String, usize>,
    pinned: usize,
    /// Ids that slots showed to each visitor.
    shown: BTreeMap<&'static str, HashSet<String>>,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.pages += other.pages;
        self.items += other.items;
        self.reduced += other.reduced;
        self.pinned += other.pinned;
        for (slot, count) in other.slots {
            *self.slots.entry(slot).or_default() += count;
        }
        for (persona, shown) in other.shown {
            self.shown.entry(persona).or_default().extend(shown);
        }
    }
}

/// One page as one visitor gets it.
struct Seen<'a> {
    address: &'a Address,
    persona: &'a Persona,
    facts: &'a Facts,
}

impl Seen<'_> {
    /// What is wrong with the page's slots.
    fn check(&self, slots: &[Slot<'_>], counts: &mut Counts) -> Result<(), String> {
        counts.pages += 1;
        let mut on_page = HashSet::new();
        for slot in slots {
            *counts.slots.entry(slot.name.to_owned()).or_default() += 1;
            if slot.items.is_empty() {
                return Err(format!("{} is empty", slot.name));
            }
            for item in &slot.items {
                let fact = self.facts.get(item.id).ok_or("no item of the feed")?;
                let wrong = |what: &str| format!("{} shows {}: {what}", slot.name, item.id);
                if !on_page.insert(item.id) {
                    return Err(wrong("twice on the page"));
                }
                self.may_show(item.id, fact).map_err(&wrong)?;
                let told = &fact.told[self.address.lang as usize];
                if item.price != told.price || item.old_price != told.old_price.as_deref() {
                    let (price, old) = (item.price, item.old_price);
                    return Err(wrong(&format!("costs {price} {old:?}, not {told:?}")));
                }
                if item.link != told.path {
                    return Err(wrong("a link to elsewhere"));
                }
                counts.items += 1;
                counts.reduced += usize::from(item.old_price.is_some());
                counts.pinned += usize::from(item.id == PINNED);
                let shown = counts.shown.entry(self.persona.name).or_default();
                if !shown.contains(item.id) {
                    shown.insert(item.id.to_owned());
                }
            }
        }
        Ok(())
    }

    fn may_show(&self, id: &str, fact: &Fact) -> Result<(), &'static str> {
        let has = |ids: &[String]| ids.iter().any(|known| known == id);
        if !fact.in_stock {
            return Err("sold out");
        }
        if fact.is_hidden(self.address.is_product()) {
            return Err("hidden by a rule");
        }
        if has(&self.persona.cart) {
            return Err("in the cart");
        }
        if has(&self.persona.dislikes) {
            return Err("disliked");
        }
        if self.address.product.as_deref() == Some(id) {
            return Err("the page's own product");
        }
        Ok(())
    }
}

#[test]
fn nobody_is_shown_what_must_not_be_shown() {
    let shop = DemoShop::new();
    let engine = shop.engine(RULES);
    let addresses = shop.crawl();
    assert!(addresses.len() > 1_500, "{} pages", addresses.len());
    let facts = Facts::read(&shop);
    let personas = personas::all(&facts);
    assert_eq!(personas.len(), 12);

    let counts = Mutex::new(Counts::default());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut mine = Counts::default();
                while let Some(address) = addresses.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for persona in &personas {
                        let page = engine.page(address, persona);
                        let text = std::str::from_utf8(&page).expect("pages are UTF-8");
                        let seen = Seen {
                            address,
                            persona,
                            facts: &facts,
                        };
                        if let Err(wrong) = seen.check(&slots(text), &mut mine) {
                            panic!("{} for {}: {wrong}", address.target, persona.name);
                        }
                    }
                }
                counts.lock().expect("no panic").add(mine);
            });
        }
    });
    let counts = counts.into_inner().expect("no panic");
    let pages = addresses.len() * personas.len();
    assert_eq!(counts.pages, pages);
    let seldom = [
        ("product-similar", pages / 4),
        ("product-recent", pages / 8),
        ("home-for-you", personas.len()),
        ("home-recent", personas.len()),
        ("cart-for-you", personas.len()),
        ("listing-for-you", personas.len()),
    ];
    for (slot, least) in seldom {
        let found = counts.slots.get(slot).copied().unwrap_or_default();
        assert!(found >= least, "{slot}: {found} times, not {least}");
    }
    assert!(counts.items > pages * 3, "{} items", counts.items);
    assert!(counts.reduced > pages / 4, "{} reduced", counts.reduced);
    assert!(counts.pinned > personas.len(), "{} pinned", counts.pinned);

    // What is kept from one visitor is shown to others: it is not missing by chance.
    let others = |name: &str, id: &String| {
        let mut others = counts.shown.iter().filter(|(other, _)| **other != name);
        others.any(|(_, shown)| shown.contains(id))
    };
    for persona in &personas {
        for id in persona.cart.iter().chain(&persona.dislikes) {
            let fact = facts.get(id).expect("of the feed");
            let may_be = fact.in_stock && !fact.is_hidden(true);
            assert!(!may_be || others(persona.name, id), "{id} is never shown");
        }
    }
    // And so is what rules hide, where there are no rules.
    let free = shop.engine("");
    let mut hidden = HashSet::new();
    for address in addresses.iter().step_by(29) {
        let page = free.page(address, &personas[0]);
        let text = String::from_utf8(page).expect("pages are UTF-8");
        let all = slots(&text).into_iter().flat_map(|slot| slot.items);
        let ids = all.map(|item| item.id.to_owned());
        hidden.extend(ids.filter(|id| facts.get(id).is_some_and(|f| f.brand == HIDDEN_BRAND)));
    }
    assert!(hidden.len() > 5, "{hidden:?}");
}
