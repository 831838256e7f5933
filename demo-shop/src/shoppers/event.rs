//! One event, small while millions are sorted, and as the JSON that GA4's measurement would show.

use crate::ORIGIN;
use crate::catalogue::Product;
use crate::html::json;
use crate::lang::Lang;
use std::io::{self, Write};

/// What happened, where and to which products (as places in the list of products).
#[derive(Debug)]
pub(super) enum Kind {
    ViewItem(u32),
    ViewItemList(Vec<u32>),
    SelectItem(u32),
    AddToCart(u32, u8),
    RemoveFromCart(u32, u8),
    Purchase(Vec<(u32, u8)>),
    Search(String),
}

#[derive(Debug)]
pub(super) struct Event {
    pub(super) micros: i64,
    pub(super) shopper: u64,
    /// As in GA4, the second in which the session began.
    pub(super) session: i64,
    pub(super) lang: Lang,
    /// Path and query of the page where it happened; empty where that is the page of the (first) item.
    pub(super) page: String,
    pub(super) kind: Kind,
}

impl Event {
    /// Writes one line of JSON.
    pub(super) fn write(&self, products: &[Product], out: &mut impl Write) -> io::Result<()> {
        let (name, items): (_, Vec<(u32, u8)>) = match &self.kind {
            Kind::ViewItem(item) => ("view_item", vec![(*item, 1)]),
            Kind::ViewItemList(items) => (
                "view_item_list",
                items.iter().map(|item| (*item, 1)).collect(),
            ),
            Kind::SelectItem(item) => ("select_item", vec![(*item, 1)]),
            Kind::AddToCart(item, count) => ("add_to_cart", vec![(*item, *count)]),
            Kind::RemoveFromCart(item, count) => ("remove_from_cart", vec![(*item, *count)]),
            Kind::Purchase(items) => ("purchase", items.clone()),
            Kind::Search(_) => ("search", Vec::new()),
        };
        write!(
            out,
            "{{\"event_name\":\"{name}\",\"event_timestamp\":{},\"user_pseudo_id\":\"{:016x}\",\"ga_session_id\":{}",
            self.micros, self.shopper, self.session
        )?;
        let known = |item: u32| {
            usize::try_from(item)
                .ok()
                .and_then(|index| products.get(index))
        };
        if let Kind::Search(term) = &self.kind {
            write!(out, ",\"search_term\":{}", json(term))?;
        } else {
            out.write_all(b",\"items\":[")?;
            let rows = items
                .iter()
                .filter_map(|(item, count)| Some((known(*item)?, count)));
            for (index, (product, count)) in rows.enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let price = decimal(product.price_now());
                write!(
                    out,
                    "{comma}{{\"item_id\":\"{}\",\"quantity\":{count},\"price\":{price}}}",
                    product.id
                )?;
            }
            out.write_all(b"]")?;
        }
        let own_page = items
            .first()
            .filter(|_| self.page.is_empty())
            .and_then(|(item, _)| known(*item));
        let page = own_page.map_or_else(|| self.page.clone(), |product| product.path(self.lang));
        writeln!(
            out,
            ",\"page_location\":{}}}",
            json(&format!("{ORIGIN}{page}"))
        )
    }
}

/// Cents as a JSON number without idle zeros: 19.9, 20, 0.05.
fn decimal(cents: u32) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    match rest {
        0 => whole.to_string(),
        rest if rest.is_multiple_of(10) => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_have_no_idle_zeros() {
        assert_eq!(
            [1990, 2000, 5, 1905].map(decimal),
            ["19.9", "20", "0.05", "19.05"]
        );
    }
}
