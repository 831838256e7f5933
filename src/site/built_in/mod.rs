//! Templates that a shop can use without writing any, and the look of them.
//!
//! They are compiled into a snapshot like a shop's own, when its site.toml refers to them: an edge knows
//! nothing of them. Their style is served by the worker from the snapshot, under an address with its
//! hash, for no style may stand in the page itself. Each inserted part links it before its content, where
//! browsers wait for a style before they draw what follows, so nothing jumps.

use xxhash_rust::xxh3::xxh3_64;

use super::template::{Op, Template};
use super::words::Words;
use super::{Picture, STYLE_PATH, template_parse};

const LIST: &str = include_str!("list.html");
const CAROUSEL: &str = include_str!("carousel.html");
const BANNER: &str = include_str!("banner.html");
const ITEMS: &str = include_str!("items.html");
const WHY: &str = include_str!("why.html");
const STYLE: &str = include_str!("style.css");

/// What stands for the link to the style.
const STYLE_MARK: &str = "<!--style-->";

/// The templates' names in site.toml.
pub(super) const NAMES: [&str; 3] = [
    "tailorbird/list",
    "tailorbird/carousel",
    "tailorbird/banner",
];

/// The style for pictures of such a shape.
pub(super) fn style(picture: Picture) -> String {
    let Picture { width, height } = picture;
    STYLE.replace("WIDTH / HEIGHT", &format!("{width} / {height}"))
}

/// A template of [`NAMES`]; `style` is what it links, or empty.
pub(super) fn template(name: &str, words: &Words, style: &str) -> Option<Template> {
    let source = match name {
        "tailorbird/list" => LIST,
        "tailorbird/carousel" => CAROUSEL,
        "tailorbird/banner" => BANNER,
        _ => return None,
    };
    let source = source
        .replace("<!--items-->", ITEMS.trim_end())
        .replace("<!--why-->", WHY.trim_end());
    let mut template = template_parse::compile(name, &source, words).ok()?;
    // A template may not link a style, so this comes when it has been checked.
    let link = match style.is_empty() {
        true => String::new(),
        false => format!(
            "<link rel=\"stylesheet\" href=\"{STYLE_PATH}?v={:016x}\">",
            xxh3_64(style.as_bytes())
        ),
    };
    for op in &mut template.ops {
        if let Op::Text(text) = op {
            *text = text.replace(STYLE_MARK, &link);
        }
    }
    Some(template)
}
