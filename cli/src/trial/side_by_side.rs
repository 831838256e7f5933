//! The shop's page and what a visitor gets, side by side in one page without scripts, and why.

use std::fmt::Write;
use std::sync::Arc;

use miette::{IntoDiagnostic, Result};
use tailorbird::engine::moment;
use tailorbird::page::facts::told;
use tailorbird::plan::{Asked, explain as ask};
use tailorbird::site::{Code, Sighting, Site, look_for_places};
use tailorbird::snapshot::Snapshot;

use super::explain::reason;
use super::visit::Visit;
use super::{Rewritten, diff};
use crate::pages::{self, Page};

const STYLE: &str = include_str!("side_by_side.css");

/// Marks the outermost of the elements that are new or stand elsewhere.
const MARKS: &str = "[data-tailorbird=changed]:not([data-tailorbird=changed] *) { outline: 3px dashed #c2185b !important; outline-offset: 2px !important; }";

/// All that the page shows.
pub struct Seen<'a> {
    pub snapshot: &'a Arc<Snapshot>,
    pub site: &'a Site,
    pub visit: &'a Visit,
    pub page: &'a Page,
    /// Or why nothing changes.
    pub changed: Result<&'a Rewritten, &'a str>,
}

/// The whole page.
pub fn render(seen: &Seen<'_>) -> Result<String> {
    let before = String::from_utf8_lossy(&seen.page.html);
    let after = match seen.changed {
        Ok(changed) => String::from_utf8_lossy(&changed.html),
        Err(_) => before.clone(),
    };
    let base = base(seen);
    let theirs = framed(&before, &base, "");
    // The style's address is the worker's, which the shop's own server does not know.
    let style = format!(
        "<style>{}{MARKS}</style>",
        seen.site.style.replace("</", "")
    );
    let ours = framed(&marked(&before, &after), &base, &style);
    let mut out = String::with_capacity((before.len() + after.len()) * 2);
    let name = escaped(&format!("{} as {}", seen.page.name, seen.visit.target));
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{name}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n"
    );
    if let Err(reason) = seen.changed {
        let _ = writeln!(out, "<p>Nothing changes: {}.</p>", escaped(reason));
    }
    let _ = write!(
        out,
        "<div class=\"pages\">\n<section><h2>The shop's page</h2>\n{}</section>\n\
         <section><h2>What the visitor gets <span class=\"key\">new, or elsewhere</span></h2>\n{}</section>\n</div>\n",
        iframe("The shop's page", &theirs),
        iframe("What the visitor gets", &ours),
    );
    places(seen, &mut out)?;
    if let Ok(changed) = seen.changed {
        let _ = writeln!(
            out,
            "<ul class=\"facts\"><li>{} bytes in, {} out</li><li>at most {} bytes held back</li>\
             <li>decided in {} µs</li><li>rewritten in {} µs</li></ul>",
            seen.page.html.len(),
            changed.html.len(),
            changed.held,
            changed.decided.as_micros(),
            changed.rewritten.as_micros(),
        );
    }
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

/// Nothing in it runs, submits or leads away from this page.
fn iframe(title: &str, page: &str) -> String {
    format!(
        "<iframe sandbox=\"\" title=\"{title}\" srcdoc=\"{}\"></iframe>\n",
        escaped(page)
    )
}

/// Where a page's pictures and styles are looked for; nothing where nobody knows.
fn base(seen: &Seen<'_>) -> String {
    let address = match (pages::is_url(&seen.page.name), seen.site.url.as_str()) {
        (true, _) => seen.page.name.clone(),
        (false, "") => return String::new(),
        (false, shop) => format!("{shop}{}", seen.visit.target),
    };
    format!("<base href=\"{}\">", escaped(&address))
}

/// A page with more at its head's beginning.
fn framed(page: &str, base: &str, more: &str) -> String {
    // The first base counts, and a page's own one is right.
    let base = match find_tag(page, "base") {
        Some(_) => "",
        None => base,
    };
    let at = ["head", "html", "!doctype"];
    let at = at.into_iter().find_map(|tag| find_tag(page, tag));
    let (start, rest) = page.split_at(at.unwrap_or(0));
    format!("{start}{base}{more}{rest}")
}

/// The byte behind the first tag of a name.
fn find_tag(page: &str, name: &str) -> Option<usize> {
    let bytes = page.as_bytes();
    let mut starts = page.match_indices('<').map(|(at, _)| at + 1);
    let is_it = |at: &usize| {
        let found = bytes.get(*at..at + name.len());
        let end = bytes.get(at + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && end.is_some_and(|end| end.is_ascii_whitespace() || *end == b'>')
    };
    let start = starts.find(is_it)?;
    let end = page.get(start..)?.find('>')?;
    Some(start + end + 1)
}

/// The changed page with an attribute on each new tag.
fn marked(before: &str, after: &str) -> String {
    let mut out = String::with_capacity(after.len() + 1024);
    let mut from = 0;
    for at in diff::new_tags(before, after) {
        out.push_str(after.get(from..at).unwrap_or_default());
        out.push_str(" data-tailorbird=\"changed\"");
        from = at;
    }
    out.push_str(after.get(from..).unwrap_or_default());
    out
}

fn places(seen: &Seen<'_>, out: &mut String) -> Result<()> {
    let Seen {
        snapshot,
        site,
        visit,
        page,
        ..
    } = *seen;
    let (found, _) = told(site, snapshot, &visit.target, &page.html);
    let Some(kind) = found.kind else {
        out.push_str("<p>site.toml names no kind of page for it.</p>\n");
        return Ok(());
    };
    let visitor = visit.visitor(site);
    let items = visitor.as_ref().map(|visitor| visitor.items(snapshot));
    let known = visitor.as_ref().zip(items.as_ref());
    let known = known.map(|(visitor, items)| visitor.known(items));
    let known = known.unwrap_or_default();
    let moment = moment(visit.now, visitor.as_ref());
    let sightings = look_for_places(site, &page.name, kind, &page.html).into_diagnostic()?;
    let explained = ask(site, snapshot, &found, &known, &moment, &visit.target);
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"group\" aria-label=\"Places\" tabindex=\"0\">\n<table>\n\
         <caption>Places of a page of kind {}</caption>\n<thead><tr><th scope=\"col\">Place</th>\
         <th scope=\"col\">Selector</th><th scope=\"col\">What became of it</th></tr></thead>\n<tbody>\n",
        escaped(kind)
    );
    for sighting in &sightings {
        let slot = site
            .slots
            .iter()
            .position(|slot| slot.name == sighting.name);
        let mut slots = explained.slots.iter();
        let asked = slots.find(|asked| Some(asked.slot) == slot);
        let verdict = explained.place(sighting.name);
        let off = verdict.filter(|verdict| verdict.off.is_some());
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>",
            escaped(sighting.name),
            matches(sighting)
        );
        if let Some(root) = &sighting.root {
            let code = match sighting.is_refused {
                true => format!("{}: ", Code::HydratedRoot),
                false => String::new(),
            };
            let _ = write!(
                out,
                "<p class=\"refused\">{code}inside {}, which is rendered again in the browser</p>",
                escaped(root)
            );
        }
        match (off, asked) {
            (Some(off), _) => out.push_str(&escaped(&off.to_string())),
            (None, Some(asked)) => chain(seen, asked, found.product, &explained.seen, out),
            (None, None) => became(seen, sighting.name, out),
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    Ok(())
}

fn matches(sighting: &Sighting<'_>) -> String {
    let selector = escaped(sighting.selector);
    let count =
        |n: usize, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
    let tiles = sighting.tiles.map(|tiles| count(tiles, "tile", "tiles"));
    let tiles = tiles.map_or(String::new(), |tiles| format!(", {tiles}"));
    let matches = count(sighting.matches, "match", "matches");
    format!("<code>{selector}</code>, {matches}{tiles}")
}

/// What a banner or list came to.
fn became(seen: &Seen<'_>, name: &str, out: &mut String) {
    let exposures = seen.changed.ok().map(|changed| &changed.exposures);
    let list = exposures.and_then(|all| all.lists.iter().find(|list| list.place == name));
    let place = exposures.and_then(|all| all.places.iter().find(|place| place.place == name));
    let _ = match (list, place) {
        (Some(list), _) => write!(
            out,
            "{} of {} tiles stand elsewhere",
            list.moved, list.tiles
        ),
        (None, Some(_)) => write!(out, "inserted"),
        (None, None) => write!(out, "not changed"),
    };
}

/// The strategies that were asked, and the items of the one that fills the slot.
fn chain(seen: &Seen<'_>, asked: &Asked, product: Option<u32>, views: &[u32], out: &mut String) {
    let snapshot = seen.snapshot;
    let slot = seen.site.slots.get(asked.slot);
    let min = slot.map_or(1, |slot| slot.min);
    let last = asked.strategies.len().saturating_sub(1);
    out.push_str("<ol>");
    for (at, (strategy, items)) in asked.strategies.iter().enumerate() {
        let fills = asked.is_filled && at == last;
        let verdict = if fills { "fills it" } else { "too few" };
        let (name, found) = (strategy.name(), items.len());
        let _ = write!(out, "<li>{name}: {found} of at least {min}, {verdict}");
        if fills {
            out.push_str("<ul>");
            for &item in items {
                let id = escaped(snapshot.id(item).unwrap_or("?"));
                let why = escaped(&reason(*strategy, item, snapshot, product, views));
                let _ = write!(out, "<li><code>{id}</code> {why}</li>");
            }
            out.push_str("</ul>");
        }
        out.push_str("</li>");
    }
    let others = slot.and_then(|slot| slot.strategies.get(asked.strategies.len()..));
    for strategy in others.unwrap_or_default() {
        let _ = write!(out, "<li>{}: not asked</li>", strategy.name());
    }
    out.push_str("</ol>");
    if !asked.is_filled {
        out.push_str("left out");
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_goes_where_it_counts() {
        for (page, expected) in [
            (
                "<!DOCTYPE html><html lang=x><HEAD a=b><title>",
                "<!DOCTYPE html><html lang=x><HEAD a=b>B<title>",
            ),
            ("<!doctype html><p>x", "<!doctype html>B<p>x"),
            ("<header><p>x", "B<header><p>x"),
            ("<head><base href=/x><p>", "<head><base href=/x><p>"),
            ("", "B"),
        ] {
            assert_eq!(framed(page, "B", ""), expected);
        }
    }

    #[test]
    fn new_tags_are_marked_and_nothing_else() {
        let (before, after) = ("<p>a</p><i>b</i>", "<p>a</p><b>ä</b><i>b</i>");
        let expected = "<p>a</p><b data-tailorbird=\"changed\">ä</b><i>b</i>";
        assert_eq!(marked(before, after), expected);
        assert_eq!(marked(after, after), after);
    }
}
