//! Rules that no product fits. A slip in a brand's or category's name looks like a rule that works: only what the feed has can tell.

use tailorbird::recommend::{Item, ItemCondition};
use tailorbird::site::{Rule, Site};
use tailorbird::snapshot::Snapshot;

/// Says which rules fit none of the products, in no language.
pub fn warn(site: &Site, snapshot: &Snapshot) {
    for rule in site
        .rules
        .iter()
        .filter(|rule| !fits_any(rule, site, snapshot))
    {
        eprintln!(
            "warning: rule \"{}\" does nothing: none of the feed's {} products fits its items; compare its words with a \
             product's (tailorbird inspect --item ID)",
            rule.name,
            snapshot.len()
        );
    }
}

fn fits_any(rule: &Rule, site: &Site, snapshot: &Snapshot) -> bool {
    let condition = ItemCondition::new(&rule.items, snapshot);
    let items = 0..u32::try_from(snapshot.len()).unwrap_or(u32::MAX);
    condition.is_trivial()
        || items.into_iter().any(|item| {
            (0..site.locales.len()).any(|locale| {
                condition.holds(&Item {
                    snapshot,
                    site,
                    locale,
                    item,
                })
            })
        })
}
