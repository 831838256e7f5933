//! `[[list]]`: tiles in HTML, or an array in JSON; of products, or of what products have.

use super::codes::Code;
use super::keys::BYS;
use super::parse::Checker;
use super::shape::{At, Entry};
use super::{By, JsonPointer, List, ListOrder};

impl Checker<'_> {
    pub(super) fn list(&mut self, entry: &Entry<'_>) -> List {
        let (selector, tile) = (entry.text("selector"), entry.text("tile"));
        let by = entry.word("by", &BYS).unwrap_or_default();
        let json = entry.text("json");
        match &json {
            Some(json) => self.json_list(entry, json, by),
            // Of one that is misspelt or no text, enough has been said.
            None if entry.names("json") => {}
            None => self.html_list(entry, selector.as_ref(), tile.as_ref(), by),
        }
        let text = |text: Option<At<String>>| text.map(|text| text.value);
        List {
            name: self.name(entry),
            pages: self.pages(entry),
            selector: text(selector).unwrap_or_default(),
            tile: text(tile).unwrap_or_default(),
            order: ListOrder {
                first: entry.count("personalise_first").unwrap_or_default(),
                pinned: entry.counts("pinned"),
            },
            nth: entry.count("nth").unwrap_or_default(),
            terms: self.terms(entry, true),
            inside_hydrated_root: entry.flag("inside_hydrated_root").unwrap_or_default(),
            json: text(json),
            item: text(entry.text("item")).unwrap_or_default(),
            link: text(entry.text("link")),
            by,
            value: text(entry.text("value")).unwrap_or_default(),
        }
    }

    fn html_list(
        &mut self,
        entry: &Entry<'_>,
        selector: Option<&At<String>>,
        tile: Option<&At<String>>,
        by: By,
    ) {
        match (selector, tile) {
            (None, None)
                if !["selector", "tile", "json"]
                    .iter()
                    .any(|key| entry.names(key)) =>
            {
                let message = "this list has neither selector and tile nor json";
                let help = "name the element and its tiles, or the array in a JSON document";
                self.fail(Code::ListForm, entry.span.clone(), message, help);
            }
            (None, _) => self.missing(entry, "selector", "the element that holds the tiles"),
            (_, None) => self.missing(entry, "tile", "a selector below the list's"),
            _ => {}
        }
        for selector in [selector, tile].into_iter().flatten() {
            if selector.value.contains(',') {
                let message = "expected one selector, found a comma";
                let help = "write a [[list]] for each";
                self.fail(Code::SelectorList, selector.span.clone(), message, help);
            }
        }
        if let Some(selector) = selector
            && self.selector(&selector.value, selector.span.clone())
            && let Some(tile) = tile
        {
            let whole = format!("{} {}", selector.value, tile.value);
            self.selector(&whole, tile.span.clone());
        }
        self.only(entry, "link", false, "a JSON Pointer of a list with json");
        let has_items = by == By::Product;
        self.only(
            entry,
            "item",
            has_items,
            "for products; value names the attribute",
        );
        self.attribute(entry, "item");
        let has_values = by != By::Product;
        self.only(
            entry,
            "value",
            has_values,
            "for a list by something else than products",
        );
        self.attribute(entry, "value");
    }

    fn json_list(&mut self, entry: &Entry<'_>, json: &At<String>, by: By) {
        if entry.has("selector") || entry.has("tile") {
            let message = "this list has both json and a selector or tile";
            let help = "a list is in JSON or in HTML: write a [[list]] for each";
            self.fail(Code::ListForm, json.span.clone(), message, help);
        }
        self.only(
            entry,
            "value",
            false,
            "an attribute of HTML; item points to the value in JSON",
        );
        let has_products = by == By::Product;
        self.only(
            entry,
            "link",
            has_products,
            "for products alone; item points to the value",
        );
        match (entry.has("item"), entry.has("link")) {
            (true, true) => {
                let message = "expected item or link, found both";
                self.fail(
                    Code::ListKey,
                    entry.span_of("link"),
                    message,
                    "take one out",
                );
            }
            (false, false) if has_products && !entry.names("item") && !entry.names("link") => {
                let message = "this list does not say where an element's product stands";
                let help = "add item = \"/id\" (the feed's id) or link = \"/url\"";
                self.fail(Code::MissingKey, entry.span.clone(), message, help);
            }
            (false, false) if !has_products => {
                self.missing(entry, "item", "a pointer to the value; \"\" is the element")
            }
            _ => {}
        }
        let others = ["item", "link"].map(|key| entry.text(key));
        for pointer in std::iter::once(json).chain(others.iter().flatten()) {
            if let Err(error) = JsonPointer::new(&pointer.value) {
                let help = "like /data/products; a / within a name is ~1, a ~ is ~0";
                self.fail(
                    Code::JsonPointer,
                    pointer.span.clone(),
                    &error.to_string(),
                    help,
                );
            }
        }
    }

    fn missing(&mut self, entry: &Entry<'_>, key: &str, help: &str) {
        // Of one that is misspelt, enough has been said.
        if !entry.names(key) {
            let message = format!("[[list]] has no {key}");
            self.fail(Code::MissingKey, entry.span.clone(), &message, help);
        }
    }

    /// A key that this kind of list has no use for.
    fn only(&mut self, entry: &Entry<'_>, key: &str, is_used: bool, what: &str) {
        if entry.has(key) && !is_used {
            let message = format!("{key} does nothing here: it is {what}");
            self.fail(Code::ListKey, entry.span_of(key), &message, "take it out");
        }
    }
}
