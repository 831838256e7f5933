//! `tailorbird inspect`: what is in a snapshot.

use std::path::PathBuf;

use miette::{IntoDiagnostic, Result};
use tailorbird::site::Terms;
use tailorbird::snapshot::{
    AttributeWeights, BlendWeights, Kind, Neighbours, PRICE_BANDS, Snapshot,
};

use crate::{inspect_facts, snapshots};

/// How many best sellers are shown.
const SHOWN_ITEMS: u32 = 5;

/// Show what is in a snapshot
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  tailorbird inspect\n  tailorbird inspect model-snapshots/3f2a.tbs --item TB-10234"
)]
pub struct Args {
    /// A snapshot file, or a directory with its `current` one
    #[arg(default_value = "model-snapshots")]
    snapshot: PathBuf,
    /// Show one item: its columns and its neighbours
    #[arg(long, value_name = "ID")]
    item: Option<String>,
}

pub fn run(args: Args) -> Result<()> {
    let (file, snapshot) = snapshots::open(&args.snapshot)?;
    match args.item {
        Some(id) => show_item(&snapshot, &id),
        None => {
            println!("{}", file.display());
            show_all(&snapshot)
        }
    }
}

fn show_all(snapshot: &Snapshot) -> Result<()> {
    let (meta, site) = (snapshot.meta(), snapshot.site().into_diagnostic()?);
    println!("shop       {}", site.shop);
    println!("sequence   {}", meta.sequence);
    println!("created    {} (seconds since 1970)", meta.created);
    let expires = if meta.expires == 0 {
        "never".to_owned()
    } else {
        meta.expires.to_string()
    };
    println!("expires    {expires}");
    println!("items      {}", snapshot.len());
    println!("events     {} in {} sessions", meta.events, meta.sessions);
    println!("size       {} bytes\n", snapshot.file_bytes());
    println!(
        "{:<25}{:<8}{:>12}{:>14}",
        "section", "locale", "bytes", "bytes/item"
    );
    for section in snapshot.sections() {
        let lang = site
            .locales
            .get(usize::from(section.locale))
            .map_or("", |l| l.lang.as_str());
        let per_item = section.range.len() as f64 / snapshot.len().max(1) as f64;
        let lang = if section.kind.is_local() { lang } else { "" };
        println!(
            "{:<25}{:<8}{:>12}{:>14.1}",
            section.kind.name(),
            lang,
            section.range.len(),
            per_item
        );
    }
    println!("\nplaces");
    for banner in &site.banners {
        println!(
            "  banner {:<20} on {}{}",
            banner.name,
            banner.place.pages.join(", "),
            terms(&banner.place.terms)
        );
    }
    for slot in &site.slots {
        let chain: Vec<_> = slot.strategies.iter().map(|s| s.name()).collect();
        println!(
            "  slot   {:<20} on {}: {}{}",
            slot.name,
            slot.place.pages.join(", "),
            chain.join(" > "),
            terms(&slot.place.terms)
        );
    }
    for list in &site.lists {
        println!(
            "  list   {:<20} on {}: {} {}{}",
            list.name,
            list.pages.join(", "),
            list.json.as_ref().unwrap_or(&list.selector),
            list.tile,
            terms(&list.terms)
        );
    }
    println!("\nbest sellers");
    for item in 0..SHOWN_ITEMS.min(u32::try_from(snapshot.len()).unwrap_or(u32::MAX)) {
        println!("  {}", line(snapshot, item));
    }
    show_list(snapshot, "trending", snapshot.trending());
    show_list(snapshot, "new arrivals", snapshot.new_arrivals());
    show_list(snapshot, "on sale", snapshot.on_sale());
    show_list(snapshot, "price drops", snapshot.price_drops());
    show_list(snapshot, "back in stock", snapshot.back_in_stock());
    show_list(snapshot, "low stock", snapshot.low_stock());
    if snapshot.articles() > 0 {
        println!("\narticles");
        let articles = (0..snapshot.articles()).filter_map(|at| snapshot.article(at, 0));
        let articles = articles.take(SHOWN_ITEMS as usize);
        articles.for_each(|article| println!("  {:<14} {}", article.id, article.title));
    }
    if snapshot.clusters() > 0 {
        println!("\nkinds of visitors");
        let names = (0..).map_while(|cluster| snapshot.cluster_name(cluster));
        names.for_each(|name| println!("  {name}"));
    }
    let weights = snapshot.attribute_weights();
    if weights != AttributeWeights::default() {
        println!("\nhow much likelier the next item is to have the same");
        for (what, weight) in [
            ("brand", weights.brand),
            ("category", weights.category),
            ("colour", weights.color),
            ("size", weights.size),
            ("material", weights.material),
            ("price band", weights.price),
        ] {
            let times = (f64::from(weight) / f64::from(AttributeWeights::OCTAVE)).exp2();
            println!("  {what:<14}{times:>6.2} times");
        }
    }
    let blend = snapshot.blend_weights();
    if blend != BlendWeights::default() {
        println!("\nwhat recommended_for_you adds to what is viewed together");
        for (what, weight) in [
            ("bought together", blend.bought),
            ("alike", blend.content),
            ("taste", blend.taste),
        ] {
            let share = f64::from(weight) / f64::from(BlendWeights::ONE);
            println!("  {what:<16}{share:>5.2}");
        }
    }
    Ok(())
}

fn show_list(snapshot: &Snapshot, name: &str, list: impl Iterator<Item = u32>) {
    let mut list = list.take(SHOWN_ITEMS as usize).peekable();
    if list.peek().is_some() {
        println!("\n{name}");
        list.for_each(|item| println!("  {}", line(snapshot, item)));
    }
}

/// On what terms a place is on, where there are any.
fn terms(terms: &Terms) -> String {
    let mut said = Vec::new();
    if !terms.enabled {
        said.push("off".to_owned());
    }
    said.extend(terms.from.map(|from| format!("from {from}")));
    said.extend(terms.until.map(|until| format!("until {until}")));
    if terms.percentage < 100 {
        said.push(format!("{} % of visitors", terms.percentage));
    }
    if !terms.owner.is_empty() {
        said.push(terms.owner.clone());
    }
    match said.is_empty() {
        true => String::new(),
        false => format!(" ({})", said.join(", ")),
    }
}

fn show_item(snapshot: &Snapshot, id: &str) -> Result<()> {
    let key = tailorbird::snapshot::ItemKey::of(id);
    let item = snapshot
        .item_by_key(key)
        .filter(|&item| snapshot.id(item) == Some(id))
        .ok_or_else(|| miette::miette!("there is no item {id:?} in this snapshot"))?;
    println!("{}", line(snapshot, item));
    for column in [
        Kind::Brand,
        Kind::Category,
        Kind::Color,
        Kind::Size,
        Kind::Material,
        Kind::ItemGroup,
    ] {
        let text = snapshot
            .code(column, item)
            .and_then(|code| snapshot.code_text(column, code));
        println!("  {:<14}{}", column.name(), text.unwrap_or("-"));
    }
    println!("  {:<14}{:?}", "availability", snapshot.availability(item));
    println!("  {:<14}{} (1 = best seller)", "rank", item + 1);
    let band = snapshot.price_band(item);
    let band = band.map_or("-".to_owned(), |band| {
        format!("{band} of {PRICE_BANDS} (1 = cheapest of its category)")
    });
    println!("  {:<14}{band}", "price band");
    inspect_facts::show(snapshot, item)?;
    show_neighbours(
        snapshot,
        "seen together with",
        snapshot.viewed_together(item),
    );
    show_neighbours(
        snapshot,
        "bought together with",
        snapshot.bought_together(item),
    );
    show_neighbours(
        snapshot,
        "described like",
        snapshot.similar_by_content(item),
    );
    Ok(())
}

fn show_neighbours(snapshot: &Snapshot, how: &str, neighbours: Neighbours<'_>) {
    let mut neighbours: Vec<_> = neighbours.collect();
    if neighbours.is_empty() {
        return;
    }
    println!("  {how}");
    neighbours.sort_by_key(|&(_, weight)| std::cmp::Reverse(weight));
    for (neighbour, weight) in neighbours {
        println!(
            "    {:>5.3}  {}",
            f64::from(weight) / 65_536.0,
            line(snapshot, neighbour)
        );
    }
}

fn line(snapshot: &Snapshot, item: u32) -> String {
    let id = snapshot.id(item).unwrap_or("?");
    format!(
        "{id:<14} {}",
        snapshot.title(item, 0).unwrap_or("(no title)")
    )
}
