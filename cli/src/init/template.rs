//! A shop's own tile as a template: its markup with holes where the product's own values stood.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};
use tailorbird::snapshot::ItemRecord;

use super::page::Page;

/// The longest template in bytes.
const MAX_TEMPLATE_BYTES: usize = 8192;

/// Elements that belong to one product's page or to scripts.
const LEFT_OUT: [&str; 14] = [
    "script", "style", "noscript", "form", "input", "button", "select", "textarea", "iframe",
    "svg", "template", "object", "video", "link",
];
/// Elements without an end tag.
const VOID: [&str; 6] = ["area", "br", "hr", "img", "source", "wbr"];
/// Attributes that a template keeps as they are.
const KEPT: [&str; 5] = ["class", "width", "height", "role", "dir"];

/// What stood in a tile and became a hole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Holes {
    pub(super) link: bool,
    pub(super) image: bool,
    pub(super) title: bool,
    pub(super) price: bool,
}

/// The markup of a tile with holes, and which ones; `None` when it has no link or no title, or is too
/// long to be a tile.
pub(super) fn of(page: &Page, tile: ElementRef<'_>, item: &ItemRecord) -> Option<(String, Holes)> {
    let text = item.texts.iter().find(|text| !text.title.is_empty())?;
    let mut writer = Writer {
        page,
        title: squeezed(&text.title).to_lowercase(),
        brand: squeezed(&item.brand).to_lowercase(),
        out: String::new(),
        holes: Holes::default(),
    };
    writer.node(*tile, 0);
    let Writer { out, holes, .. } = writer;
    let whole = holes.link && holes.title && out.len() <= MAX_TEMPLATE_BYTES;
    whole.then_some((out, holes))
}

struct Writer<'p> {
    page: &'p Page,
    title: String,
    brand: String,
    out: String,
    holes: Holes,
}

impl Writer<'_> {
    fn node(&mut self, node: NodeRef<'_, Node>, depth: usize) {
        match node.value() {
            Node::Text(text) => self.text(text),
            Node::Element(_) => {
                if let Some(element) = ElementRef::wrap(node) {
                    self.element(element, depth);
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        let name = element.value().name();
        if LEFT_OUT.contains(&name) || (name == "img" && self.holes.image) {
            return;
        }
        let indent = "  ".repeat(depth.min(8));
        self.out.push_str(&format!("{indent}<{name}"));
        for (attribute, value) in element.value().attrs() {
            if let Some(value) = self.attribute(&element, attribute, value) {
                self.out.push_str(&format!(" {attribute}=\"{value}\""));
            }
        }
        if name == "img" {
            self.out.push_str(" src=\"{{image}}\" loading=\"lazy\"");
            self.holes.image = true;
        }
        self.out.push_str(">\n");
        if VOID.contains(&name) {
            return;
        }
        for child in element.children() {
            self.node(child, depth + 1);
        }
        self.out.push_str(&format!("{indent}</{name}>\n"));
    }

    /// An attribute's new value; `None` to leave it out.
    fn attribute(
        &mut self,
        element: &ElementRef<'_>,
        attribute: &str,
        value: &str,
    ) -> Option<String> {
        let is_title = squeezed(value).to_lowercase() == self.title;
        match attribute {
            "href" if self.page.product(element).is_some() => {
                self.holes.link = true;
                Some("{{link}}".into())
            }
            "alt" | "title" | "aria-label" if is_title => Some("{{title}}".into()),
            "alt" => Some(String::new()),
            _ if KEPT.contains(&attribute) && !value.contains("{{") => Some(
                value
                    .replace('&', "&amp;")
                    .replace('"', "&quot;")
                    .replace('<', "&lt;"),
            ),
            _ => None,
        }
    }

    /// The title and the price become holes; other words are that product's own, and are left out.
    fn text(&mut self, text: &str) {
        let text = squeezed(text);
        if text.is_empty() {
            return;
        }
        let lower = text.to_lowercase();
        let is_title = lower == self.title
            || (lower.chars().count() > 8
                && self.title.starts_with(lower.trim_end_matches(['.', '…'])));
        if is_title && !self.holes.title {
            self.holes.title = true;
            self.out.push_str("{{title}}\n");
        } else if lower == self.brand && !self.brand.is_empty() {
            self.out.push_str("{{brand}}\n");
        } else if is_price(&text) && !self.holes.price {
            self.holes.price = true;
            self.out
                .push_str("{{#old_price}}<del>{{old_price}}</del> {{/old_price}}{{price}}\n");
        }
    }
}

/// A number with a currency's sign or code beside it, and not much else.
fn is_price(text: &str) -> bool {
    const SIGNS: [&str; 14] = [
        "€", "$", "£", "¥", "₪", "₩", "R$", "zł", "Kč", "kr", "EUR", "USD", "GBP", "CHF",
    ];
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits > 0 && text.chars().count() <= 24 && SIGNS.iter().any(|sign| text.contains(sign))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_told_from_other_numbers() {
        for text in ["€ 19,90", "$5", "19.90 EUR", "R$ 1.299,00"] {
            assert!(is_price(text), "{text}");
        }
        for text in [
            "4.5",
            "12 reviews",
            "save $ now",
            "only $5 more until free shipping",
        ] {
            assert!(!is_price(text), "{text}");
        }
    }
}
