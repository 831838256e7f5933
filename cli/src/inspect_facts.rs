//! What `tailorbird inspect --item` shows of the columns that only some feeds have.

use miette::{IntoDiagnostic, Result};
use tailorbird::site::money;
use tailorbird::snapshot::{Kind, Snapshot, day_of};

/// Shows what is known of an item, and nothing of what is not.
pub fn show(snapshot: &Snapshot, item: u32) -> Result<()> {
    let row = |name: &str, text: String| println!("  {name:<14}{text}");
    let today = day_of(snapshot.meta().created);
    let ago = |day: u32| format!("{} days before the snapshot", today.saturating_sub(day));
    if let Some(count) = snapshot.quantity(item) {
        row("quantity", count.to_string());
    }
    if let Some(days) = snapshot.delivery_days(item) {
        row("delivery", format!("{days} days"));
    }
    if let Some(day) = snapshot.added_day(item) {
        row("added", ago(day));
    }
    if let Some(day) = snapshot.back_in_stock_day(item) {
        row("back in stock", ago(day));
    }
    for n in 0..Kind::LABELS.len() {
        if let Some(label) = snapshot.label(item, n) {
            row(&format!("label {n}"), label.to_owned());
        }
    }
    let site = snapshot.site().into_diagnostic()?;
    for (locale, of) in site.locales.iter().enumerate() {
        if let Some(price) = snapshot.price_before(item, locale) {
            let price = money::format(price, &of.currency, "en");
            row("price before", format!("{price} ({})", of.lang));
        }
        if let Some(end) = snapshot.sale_ends(item, locale) {
            row(
                "sale ends",
                format!("{end} (seconds since 1970, {})", of.lang),
            );
        }
    }
    let category = snapshot.code(Kind::Category, item);
    let goes_with = category
        .into_iter()
        .flat_map(|c| snapshot.complements_of(c));
    let names = goes_with.filter_map(|(code, _)| snapshot.code_text(Kind::Category, code));
    let names: Vec<&str> = names.collect();
    if !names.is_empty() {
        row("goes with", names.join(", "));
    }
    Ok(())
}
