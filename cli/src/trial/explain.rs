//! Why a page became what it became.

use std::fmt::Write;
use std::sync::Arc;

use miette::{IntoDiagnostic, Result};
use tailorbird::engine::moment;
use tailorbird::page::Page as Identified;
use tailorbird::page::facts::{Facts, Told, told};
use tailorbird::plan::{Asked, Explained, Listed, RuleAt, Verdict, explain as ask};
use tailorbird::recommend::{MAX_SEEDS, NEWEST_VIEW};
use tailorbird::site::{
    Code, FactName, HYDRATED_HELP, Sighting, Site, Slot, Strategy, look_for_places,
};
use tailorbird::snapshot::{Kind, Snapshot};

use super::visit::Visit;
use crate::pages::Page;

/// Tells of the page, the visitor, and each place of such pages.
pub fn explain(
    snapshot: &Arc<Snapshot>,
    site: &Site,
    visit: &Visit,
    page: &Page,
    out: &mut String,
) -> Result<()> {
    let (found, _) = told(site, snapshot, &visit.target, &page.html);
    let visitor = visit.visitor(site);
    let items = visitor.as_ref().map(|visitor| visitor.items(snapshot));
    let known = visitor.as_ref().zip(items.as_ref());
    let known = known.map(|(visitor, items)| visitor.known(items));
    let known = known.unwrap_or_default();
    let seen = known.seen;
    let moment = moment(visit.now, visitor.as_ref());
    let name = |item: u32| snapshot.id(item).unwrap_or("?").to_owned();
    let kind = found.kind.unwrap_or("of no kind that site.toml names");
    let product = found
        .product
        .map_or(String::new(), |item| format!(", product {}", name(item)));
    let lang = site
        .locales
        .get(found.locale)
        .map_or("", |locale| locale.lang.as_str());
    let views = match &visitor {
        None => "no consent, so nothing is known".to_owned(),
        Some(_) if seen.is_empty() => "consent, but no views yet".to_owned(),
        Some(_) => {
            let names: Vec<String> = seen.iter().map(|item| name(*item)).collect();
            format!("looked at {} (newest first)", names.join(", "))
        }
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "\npage       {kind}, {lang}{product}\nvisitor    {views}\nplaces"
    );
    let Some(kind) = found.kind else {
        return Ok(());
    };
    let sightings = look_for_places(site, &page.name, kind, &page.html).into_diagnostic()?;
    let explained = ask(site, snapshot, &found, &known, &moment, &visit.target);
    for sighting in &sightings {
        let _ = place(sighting, explained.place(sighting.name), out);
        let is_it = |verdict: &Verdict| verdict.name == sighting.name;
        let mut slots = explained.slots.iter();
        let asked = slots.find(|asked| is_it(&asked.verdict) && asked.verdict.off.is_none());
        if let Some((asked, slot)) = asked.and_then(|it| Some((it, site.slots.get(it.slot)?))) {
            let _ = chain(asked, slot, snapshot, found.product, &explained.seen, out);
            let _ = rules_at(&asked.rules, &explained, site, snapshot, out);
        }
        let mut lists = explained.lists.iter();
        if let Some(listed) = lists.find(|listed| is_it(&listed.verdict)) {
            let _ = values(listed, out);
            let _ = rules_at(&listed.rules, &explained, site, snapshot, out);
        }
    }
    let _ = rules(&explained, site, out);
    Ok(())
}

/// What the rules do at a place.
fn rules_at(
    rules: &[RuleAt],
    explained: &Explained,
    site: &Site,
    snapshot: &Snapshot,
    out: &mut String,
) -> std::fmt::Result {
    for RuleAt { rule: at, items } in rules {
        let Some((rule, verdict)) = site.rules.get(*at).zip(explained.rules.get(*at)) else {
            continue;
        };
        write!(out, "    rule {:<17} {}: ", rule.name, rule.action)?;
        let ids: Vec<&str> = items.iter().filter_map(|&item| snapshot.id(item)).collect();
        match (verdict.off, ids.is_empty()) {
            (Some(off), _) => writeln!(out, "off, {off}")?,
            (None, true) => writeln!(out, "no items")?,
            (None, false) => writeln!(out, "{}", ids.join(", "))?,
        }
    }
    Ok(())
}

/// How much of what was looked at has each value, the newest view as 100.
fn values(listed: &Listed, out: &mut String) -> std::fmt::Result {
    for (value, rank) in &listed.values {
        writeln!(out, "    {value:<22} {}", rank * 100 / NEWEST_VIEW)?;
    }
    Ok(())
}

/// All rules, with their conditions.
fn rules(explained: &Explained, site: &Site, out: &mut String) -> std::fmt::Result {
    if !explained.segments.is_empty() {
        writeln!(out, "segments   {}", explained.segments.join(", "))?;
    }
    if !site.rules.is_empty() {
        writeln!(out, "rules")?;
    }
    for (rule, verdict) in site.rules.iter().zip(&explained.rules) {
        let (name, action, items) = (&rule.name, rule.action, &rule.items);
        writeln!(out, "  {name:<20} {action} {items}: {verdict}")?;
    }
    Ok(())
}

/// The longest text of a page that is shown, in characters.
const MAX_SHOWN_CHARS: usize = 60;

/// Tells which facts were read, and from where.
pub fn facts(snapshot: &Snapshot, site: &Site, visit: &Visit, page: &Page, out: &mut String) {
    let (found, all) = told(site, snapshot, &visit.target, &page.html);
    for told in &all {
        let Some(fact) = site.facts.get(told.fact) else {
            continue;
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "  fact {:<15} {}: {}",
            told.name.name(),
            fact.source,
            what(told, &found.facts, snapshot)
        );
    }
}

fn what(told: &Told, facts: &Facts, snapshot: &Snapshot) -> String {
    let Some(first) = told.texts.first() else {
        return "nothing there".to_owned();
    };
    let mut shown: String = first.chars().take(MAX_SHOWN_CHARS).collect();
    shown.retain(|c| !c.is_control());
    let more = match told.texts.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let items = |items: &[u32]| {
        let ids: Vec<&str> = items.iter().filter_map(|&item| snapshot.id(item)).collect();
        ids.join(", ")
    };
    let text = |column, code: Option<u32>| {
        let text = code.and_then(|code| snapshot.code_text(column, code));
        text.unwrap_or_default().to_owned()
    };
    let meaning = match told.name {
        _ if !told.has_value => "which the snapshot does not know".to_owned(),
        _ if !told.counts => "not asked, one before it told".to_owned(),
        FactName::Product => items(facts.product.as_slice()),
        FactName::CartItem => items(&facts.cart),
        FactName::OrderItem => items(&facts.ordered),
        FactName::Category => text(Kind::Category, facts.category),
        FactName::Brand => text(Kind::Brand, facts.brand),
        FactName::CartSum => format!("{} minor units", facts.cart_sum.unwrap_or_default()),
        FactName::Order => "an order".to_owned(),
        FactName::Search | FactName::Customer | FactName::Page => String::new(),
    };
    match meaning.is_empty() {
        true => format!("{shown:?}{more}"),
        false => format!("{shown:?}{more}, {meaning}"),
    }
}

/// Tells which places of the page stand where the browser renders again; `true` when there are none.
pub fn refuse_roots(
    snapshot: &Snapshot,
    site: &Site,
    visit: &Visit,
    page: &Page,
    out: &mut String,
) -> Result<bool> {
    let found = Identified::identify(site, snapshot, &visit.target);
    let Some(kind) = found.kind else {
        return Ok(true);
    };
    let sightings = look_for_places(site, &page.name, kind, &page.html).into_diagnostic()?;
    let mut is_sound = true;
    for sighting in &sightings {
        let Some(root) = &sighting.root else { continue };
        is_sound &= !sighting.is_refused;
        let verdict = match sighting.is_refused {
            true => format!("error[{}]", Code::HydratedRoot),
            false => "note".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "  {verdict}: {} is inside {root}, which is rendered again in the browser: what is changed there \
             would be undone, or throw errors",
            sighting.name
        );
    }
    if !is_sound {
        let _ = writeln!(out, "  = help: {HYDRATED_HELP}");
    }
    Ok(is_sound)
}

fn place(sighting: &Sighting<'_>, verdict: Option<&Verdict>, out: &mut String) -> std::fmt::Result {
    let name = sighting.name;
    let plural = |n: usize, one: &'static str, more: &'static str| {
        format!("{n} {}", if n == 1 { one } else { more })
    };
    let matches = plural(sighting.matches, "match", "matches");
    write!(out, "  {name:<20} {:?}: {matches}", sighting.selector)?;
    if let Some(tiles) = sighting.tiles {
        write!(out, ", {}", plural(tiles, "tile", "tiles"))?;
    }
    match verdict {
        Some(verdict) if verdict.off.is_some() || !verdict.when.text.is_empty() => {
            writeln!(out, "; {verdict}")
        }
        _ => writeln!(out),
    }
}

fn chain(
    asked: &Asked,
    slot: &Slot,
    snapshot: &Snapshot,
    product: Option<u32>,
    seen: &[u32],
    out: &mut String,
) -> std::fmt::Result {
    let last = asked.strategies.len().saturating_sub(1);
    for (at, (strategy, items)) in asked.strategies.iter().enumerate() {
        let fills = asked.is_filled && at == last;
        let verdict = if fills { "fills it" } else { "too few" };
        let found = items.len();
        writeln!(
            out,
            "    {:<22} {found} items, min {}: {verdict}",
            strategy.name(),
            slot.min
        )?;
        for item in items.iter().filter(|_| fills) {
            let id = snapshot.id(*item).unwrap_or("?");
            writeln!(
                out,
                "      {id:<18} {}",
                reason(*strategy, *item, snapshot, product, seen)
            )?;
        }
    }
    if !asked.is_filled {
        writeln!(out, "    left out")?;
    }
    Ok(())
}

/// From what an item comes.
pub fn reason(
    strategy: Strategy,
    item: u32,
    snapshot: &Snapshot,
    product: Option<u32>,
    seen: &[u32],
) -> String {
    let id = |item: u32| snapshot.id(item).unwrap_or("?");
    let goes_with = |seed: u32| {
        let is_it = |(found, _): (u32, u32)| found == item;
        let ways = [
            ("seen", snapshot.viewed_together(seed).any(is_it)),
            ("bought", snapshot.bought_together(seed).any(is_it)),
            (
                "described alike",
                snapshot.similar_by_content(seed).any(is_it),
            ),
        ];
        let ways: Vec<&str> = ways
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(how, _)| how)
            .collect();
        (!ways.is_empty()).then(|| format!("{} ({})", id(seed), ways.join(", ")))
    };
    match strategy {
        Strategy::RecentlyViewed => "looked at".to_owned(),
        Strategy::SimilarItems
        | Strategy::BoughtTogether
        | Strategy::Complements
        | Strategy::CompleteTheSet
        | Strategy::Upsell => product
            .and_then(goes_with)
            .map_or_else(String::new, |with| format!("with {with}")),
        Strategy::RecommendedForYou => {
            let seeds: Vec<String> = seen
                .iter()
                .take(MAX_SEEDS)
                .filter_map(|seed| goes_with(*seed))
                .collect();
            match seeds.is_empty() {
                true => "by what these views have in common".to_owned(),
                false => format!("with {}", seeds.join("; ")),
            }
        }
        // Their names say why these; how well it sells says why in this order, mostly.
        _ => format!("number {} of the shop", item + 1),
    }
}
