//! Runs a template: copies its segments and fills its holes, escaped for where they stand.

use crate::page::links::in_query;
use crate::plan::{Card, Fill};
use crate::site::Template;
use crate::site::template::{Escape, Field, Op};

/// The most bytes that one place may insert. A template stops before the next item once it has written
/// more; and what is longer in the end is not inserted at all.
pub const MAX_RENDERED_BYTES: usize = 256 << 10;

/// Frameworks that take templates out of the page (Vue, Angular) look for `{{` in what a browser has
/// parsed, from which no character reference hides it. U+2060 does: it stands between the two, is neither
/// seen nor read out, and breaks no line.
const WORD_JOINER: &str = "&#8288;";

/// A `{` of a value: some templates of origins and CDNs look for `{{` in the bytes.
const BRACE: &str = "&#123;";

/// The template's HTML for these values; empty when it would be too long.
pub fn render(template: &Template, fill: &Fill) -> String {
    let mut out = String::with_capacity(512 + fill.items.len() * 512);
    run(&template.ops, 0..template.ops.len(), fill, None, &mut out);
    if out.len() > MAX_RENDERED_BYTES {
        String::new()
    } else {
        out
    }
}

fn run(
    ops: &[Op],
    range: std::ops::Range<usize>,
    fill: &Fill,
    item: Option<(usize, &Card)>,
    out: &mut String,
) {
    let mut at = range.start;
    while at < range.end {
        let Some(op) = ops.get(at) else { return };
        at += 1;
        match op {
            Op::Text(text) => {
                if text.starts_with('{') && out.ends_with(BRACE) {
                    out.push_str(WORD_JOINER);
                }
                out.push_str(text);
            }
            Op::Hole(field, escape) => {
                with_value(*field, fill, item, |value| {
                    write_escaped(value, *escape, out)
                });
            }
            Op::Local(texts, escape) => {
                let text = texts.get(fill.locale).map_or("", String::as_str);
                write_escaped(text, *escape, out);
            }
            Op::Items { end } => {
                // Blocks end behind their start, or a damaged template would loop.
                let end = block_end(*end, at, range.end);
                if item.is_none() {
                    for card in fill.items.iter().enumerate() {
                        if out.len() > MAX_RENDERED_BYTES {
                            break;
                        }
                        run(ops, at..end, fill, Some(card), out);
                    }
                }
                at = end;
            }
            Op::When {
                field,
                inverted,
                end,
            } => {
                let end = block_end(*end, at, range.end);
                let mut is_empty = true;
                with_value(*field, fill, item, |value| is_empty = value.is_empty());
                if is_empty == *inverted {
                    run(ops, at..end, fill, item, out);
                }
                at = end;
            }
        }
    }
}

fn block_end(end: u32, start: usize, limit: usize) -> usize {
    (end as usize).clamp(start, limit)
}

fn with_value(
    field: Field,
    fill: &Fill,
    item: Option<(usize, &Card)>,
    mut use_it: impl FnMut(&str),
) {
    let number = |n: usize| n.to_string();
    let card = |pick: fn(&Card) -> &String| item.map_or("", |(_, card)| pick(card).as_str());
    let value = match field {
        Field::Name => &fill.name,
        Field::Title => &fill.title,
        Field::Text => &fill.text,
        Field::Link => &fill.link,
        Field::Lang => &fill.lang,
        Field::Strategy => fill.strategy,
        Field::Customer => &fill.customer,
        // Of a slot it lacks the item.
        Field::Why if fill.strategy.is_empty() => &fill.why,
        Field::Why => "",
        Field::ItemWhy if fill.why.is_empty() => "",
        Field::ItemWhy => {
            let id = item.map_or("", |(_, card)| card.id.as_str());
            return use_it(&format!("{}{}", fill.why, in_query(id)));
        }
        Field::Reason => &fill.reason,
        Field::FromHistory if fill.from_history => "yes",
        Field::FromHistory => "",
        Field::ImageWidth => return use_it(&number(fill.picture.width.into())),
        Field::ImageHeight => return use_it(&number(fill.picture.height.into())),
        Field::ItemId => card(|c| &c.id),
        Field::ItemTitle => card(|c| &c.title),
        Field::ItemLink => card(|c| &c.link),
        Field::ItemImage => card(|c| &c.image),
        Field::ItemBrand => card(|c| &c.brand),
        Field::ItemPrice => card(|c| &c.price),
        Field::ItemOldPrice => card(|c| &c.old_price),
        Field::ItemPosition => {
            let position = item.map(|(index, _)| number(index + 1));
            return use_it(&position.unwrap_or_default());
        }
    };
    use_it(value);
}

/// Writes a value, escaped for where it stands.
pub(crate) fn write_escaped(value: &str, escape: Escape, out: &mut String) {
    if escape == Escape::Url && !is_safe_url(value) {
        out.push('#');
        return;
    }
    for c in value.chars() {
        if out.len() > MAX_RENDERED_BYTES {
            return; // what is too long is left out, so nobody needs the rest of it
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Browsers write them so in an address's path themselves (URL Standard, 1.3).
            '{' if escape == Escape::Url => out.push_str("%7B"),
            '}' if escape == Escape::Url => out.push_str("%7D"),
            '{' => {
                if out.ends_with(BRACE) || out.ends_with('{') {
                    out.push_str(WORD_JOINER);
                }
                out.push_str(BRACE);
            }
            '}' => out.push_str("&#125;"),
            '\0' => {}
            c => out.push(c),
        }
    }
}

/// http(s) or relative: no scheme that runs or reads anything.
pub(crate) fn is_safe_url(url: &str) -> bool {
    // Browsers drop tabs and newlines inside a URL and trim controls before it (URL Standard, 4.4).
    if url.chars().any(char::is_control) {
        return false;
    }
    let url = url.trim_start();
    match url.find([':', '/', '?', '#']) {
        Some(at) if url[at..].starts_with(':') => {
            let scheme = url[..at].to_ascii_lowercase();
            scheme == "https" || scheme == "http"
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(ops: Vec<Op>) -> Template {
        Template {
            name: "t".into(),
            ops,
        }
    }

    #[test]
    fn values_cannot_leave_their_place() {
        let ops = vec![
            Op::Text("<a href=\"".into()),
            Op::Hole(Field::Link, Escape::Url),
            Op::Text("\" title=\"".into()),
            Op::Hole(Field::Title, Escape::Attribute),
            Op::Text("\">".into()),
            Op::Hole(Field::Text, Escape::Text),
            Op::Text("</a>".into()),
        ];
        let fill = Fill {
            link: "java\nscript:alert(1)".into(),
            title: "\" onclick='x'".into(),
            text: "<script>&{{x}}".into(),
            ..Fill::default()
        };
        assert_eq!(
            render(&template(ops), &fill),
            "<a href=\"#\" title=\"&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;&#123;&#8288;&#123;x&#125;&#125;</a>"
        );
    }

    /// Whoever wrote the braces before and behind it.
    #[test]
    fn no_value_completes_two_braces() {
        let text = |text: &str| Op::Text(text.into());
        let title = || Op::Hole(Field::Title, Escape::Text);
        let fill = Fill {
            title: "{".into(),
            ..Fill::default()
        };
        let ops = vec![text("{"), title(), title(), text("{x")];
        assert_eq!(
            render(&template(ops), &fill),
            "{&#8288;&#123;&#8288;&#123;&#8288;{x"
        );
        let fill = Fill {
            link: "/a?b={{c}}".into(),
            ..Fill::default()
        };
        let ops = vec![Op::Hole(Field::Link, Escape::Url)];
        assert_eq!(render(&template(ops), &fill), "/a?b=%7B%7Bc%7D%7D");
    }

    #[test]
    fn urls_are_http_or_relative() {
        for url in [
            "/a",
            "a/b:c",
            "?q=a:b",
            "#x",
            "https://x.example",
            "HTTP://x",
            "//x",
            "",
        ] {
            assert!(is_safe_url(url), "{url}");
        }
        for url in [
            "javascript:x",
            " JavaScript:x",
            "data:text/html,x",
            "vbscript:x",
            "java\tscript:x",
            "\u{1}javascript:x",
        ] {
            assert!(!is_safe_url(url), "{url}");
        }
    }

    #[test]
    fn a_damaged_template_neither_loops_nor_panics() {
        let ops = vec![
            Op::Items { end: 0 },
            Op::When {
                field: Field::Title,
                inverted: true,
                end: 99,
            },
            Op::Items { end: 1 },
            Op::Text("x".into()),
        ];
        let fill = Fill {
            items: vec![Card::default(); 2],
            ..Fill::default()
        };
        assert_eq!(render(&template(ops), &fill), "x");
    }

    #[test]
    fn what_would_be_too_long_is_left_out() {
        let rendered = |bytes: usize| {
            let fill = Fill {
                title: "x".repeat(bytes),
                ..Fill::default()
            };
            render(&template(vec![Op::Hole(Field::Title, Escape::Text)]), &fill).len()
        };
        assert_eq!(rendered(MAX_RENDERED_BYTES), MAX_RENDERED_BYTES);
        assert_eq!(rendered(MAX_RENDERED_BYTES + 1), 0);
    }
}
