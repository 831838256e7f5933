//! What stands in a page's slots, read from the built-in templates' own markup.

/// A slot as it stands in a page.
#[derive(Debug)]
pub struct Slot<'a> {
    pub name: &'a str,
    pub items: Vec<Item<'a>>,
}

/// A product in a slot.
#[derive(Debug)]
pub struct Item<'a> {
    pub id: &'a str,
    pub link: &'a str,
    pub price: &'a str,
    pub old_price: Option<&'a str>,
}

/// All slots of a page.
pub fn slots(page: &str) -> Vec<Slot<'_>> {
    let sections = page.split("<section class=\"tb-slot").skip(1);
    sections.map(slot).collect()
}

fn slot(rest: &str) -> Slot<'_> {
    let section = until(rest, "</section>");
    let items = section.split("<li class=\"tb-item\"").skip(1);
    Slot {
        name: between(section, " data-slot=\"", "\""),
        items: items.map(item).collect(),
    }
}

fn item(rest: &str) -> Item<'_> {
    let card = until(rest, "</li>");
    let price = &card[card.find("<span class=\"tb-price\">").expect("a price")..];
    let is_reduced = price.contains("<ins>");
    Item {
        id: between(card, "data-id=\"", "\""),
        link: between(card, "<a class=\"tb-card\" href=\"", "\""),
        price: match is_reduced {
            true => between(price, " </span>", "</ins>"),
            false => between(price, "<span class=\"tb-price\">", "</span></a>"),
        },
        old_price: is_reduced.then(|| {
            let old = &price[price.find("<del>").expect("an old price")..];
            between(old, " </span>", "</del>")
        }),
    }
}

fn until<'a>(text: &'a str, end: &str) -> &'a str {
    let at = text.find(end);
    &text[..at.unwrap_or_else(|| panic!("no {end} in {text}"))]
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let at = text.find(start);
    let at = at.unwrap_or_else(|| panic!("no {start} in {text}"));
    until(&text[at + start.len()..], end)
}
