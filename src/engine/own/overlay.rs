//! What a debug token shows of a page, at the end of the page itself.

use std::sync::Arc;

use lol_html::Selector;

use super::Model;
use super::case::{Case, RuleHere};
use super::html::Html;
use crate::page::Page;
use crate::plan::{
    Asked, Fill, Filling, Insertion, Interest, Listed, Matters, PlaceSelectors, Request as Asking,
};
use crate::recommend::Known;
use crate::site::template::Op;
use crate::site::{Moment, Position, Template};

fn rules_here(name: &str, rules: &[RuleHere<'_>], row: &mut impl FnMut(&str, &str)) {
    for rule in rules.iter().filter(|rule| rule.off.is_none()) {
        let items = rule.items.join(", ");
        row(
            name,
            &format!("rule {}, {}: {items}", rule.name, rule.action),
        );
    }
}

/// What a page with a debug token says at its end: a table, without scripts, styled by our own style alone.
pub(in crate::engine) fn overlay(
    model: &Model,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    asking: &Asking<'_>,
) -> Option<Insertion> {
    let case = Case::new(model, page, known, moment, asking);
    let facts = case.page_facts();
    let mut html = Html::part();
    html.raw("<link rel=\"stylesheet\" href=\"/_tailorbird/pages.css\"><details class=\"tb-debug\" lang=\"en\"><summary>Tailorbird</summary><table>");
    let mut row = |name: &str, value: &str| {
        html.raw("<tr><th scope=\"row\">")
            .text(name)
            .raw("</th><td>");
        html.text(value).raw("</td></tr>");
    };
    let snapshot = case.snapshot().meta().sequence.to_string();
    let cart = facts.cart.join(", ");
    for (name, value) in [
        ("snapshot", snapshot.as_str()),
        ("page", facts.kind.unwrap_or("no kind")),
        ("locale", facts.locale),
        ("product", facts.product.unwrap_or_default()),
        ("category", facts.category.unwrap_or_default()),
        ("brand", facts.brand.unwrap_or_default()),
        ("search", facts.search.unwrap_or_default()),
        ("cart", &cart),
    ] {
        if !value.is_empty() {
            row(name, value);
        }
    }
    let viewed: Vec<&str> = known.seen.iter().map(|&item| case.id(item)).collect();
    row("viewed", &viewed.join(", "));
    row("segments", &case.explained.segments.join(", "));
    for banner in &case.explained.banners {
        row(&format!("banner {}", banner.name), &banner.to_string());
    }
    let slots = case.slots().into_iter().zip(&case.explained.slots);
    for (slot, Asked { verdict, .. }) in slots {
        let name = match slot.is_filled {
            true => format!("slot {}", slot.name),
            false => format!("slot {}, left out", slot.name),
        };
        row(&name, &verdict.to_string());
        for asked in slot.asked {
            let items = asked.items.iter();
            let items = items.map(|item| format!("{} ({})", item.id, item.score));
            let items: Vec<String> = items.collect();
            row(&name, &format!("{}: {}", asked.strategy, items.join(", ")));
        }
        rules_here(&name, &slot.rules, &mut row);
    }
    let lists = case.lists().into_iter().zip(&case.explained.lists);
    for (list, Listed { verdict, .. }) in lists {
        let name = format!("list {}", list.name);
        row(&name, &verdict.to_string());
        let values = list.values.iter();
        let values = values.map(|value| format!("{} ({})", value.value, value.rank));
        let values: Vec<String> = values.collect();
        if !values.is_empty() {
            row(&name, &values.join(", "));
        }
        rules_here(&name, &list.rules, &mut row);
    }
    for (rule, verdict) in case.rules().iter().zip(&case.explained.rules) {
        let what = format!("{} {}: {verdict}", rule.action, rule.items);
        row(&format!("rule {}", rule.name), &what);
    }
    let hidden = case.hidden();
    let hidden = hidden
        .iter()
        .map(|hidden| format!("{}: {}", hidden.id, hidden.why));
    row("hidden", &hidden.collect::<Vec<_>>().join("; "));
    html.raw("</table></details>");
    let template = Template {
        name: "tailorbird/debug".to_owned(),
        ops: vec![Op::Text(html.into_markup())],
    };
    Some(Insertion {
        selectors: Arc::new(PlaceSelectors {
            element: "body".parse::<Selector>().ok()?,
            watched: None,
            interests: Interest::all([("body", Matters::Always)].into_iter()),
        }),
        nth: 1,
        position: Position::Append,
        template: Arc::new(template),
        filling: Filling::given(
            &model.index.site,
            &model.snapshot,
            Fill {
                name: "tailorbird-debug".to_owned(),
                ..Fill::default()
            },
        ),
    })
}
