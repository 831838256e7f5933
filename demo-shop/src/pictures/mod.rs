//! Pictures: every product is drawn as an SVG in its own colour, so that the shop ships no image and needs none.

mod scene;
mod shapes;
mod shapes_wear;

use crate::catalogue::Product;
use crate::html::text_of;
use crate::lang::Lang;
use std::fmt::Write;

pub(crate) use scene::hero;
pub(crate) use shapes::Shape;

/// Width and height of every product picture, in CSS pixels.
pub(crate) const SIZE: u32 = 400;

/// Soft walls to stand in front of.
const WALLS: [(&str, &str); 6] = [
    ("#f3eee6", "#e6dccd"),
    ("#edf0ea", "#dce3d6"),
    ("#eef1f3", "#dbe3e8"),
    ("#f5ece8", "#e9d8d0"),
    ("#f1eff4", "#e0dce8"),
    ("#f4f1e4", "#e7e0c6"),
];

/// The picture of a product.
pub(crate) fn product(product: &Product) -> String {
    let (wall, floor) = WALLS[(product.look % WALLS.len() as u64) as usize];
    let title = crate::html::escape(product.title(Lang::En));
    text_of(|out| {
        write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIZE}\" height=\"{SIZE}\" viewBox=\"0 0 {SIZE} {SIZE}\" \
             role=\"img\"><title>{title}</title>{DEFS}<path fill=\"{wall}\" d=\"M0 0h400v400H0z\"/>"
        )?;
        if product.shape.stands() {
            write!(
                out,
                "<path fill=\"{floor}\" d=\"M0 300h400v100H0z\"/>\
                 <ellipse cx=\"200\" cy=\"322\" rx=\"125\" ry=\"15\" fill=\"#000\" opacity=\".11\"/>"
            )?;
        } else {
            write!(
                out,
                "<circle cx=\"200\" cy=\"200\" r=\"165\" fill=\"{floor}\" opacity=\".7\"/>"
            )?;
        }
        draw(out, product.shape, product.colour.hex, Pattern::of(product))?;
        out.write_str("</svg>")
    })
}

/// One thing, without what is around it.
fn draw(out: &mut String, shape: Shape, hex: &str, pattern: Pattern) -> std::fmt::Result {
    let drawing = shape.drawing();
    let dark = mix(hex, 0, 28);
    let light = mix(hex, 255, 35);
    let coloured = |part: &str| {
        part.replace("{c}", hex)
            .replace("{d}", &dark)
            .replace("{l}", &light)
    };
    let body = drawing.body;
    write!(
        out,
        "{}<path d=\"{body}\" fill=\"{hex}\"/>",
        coloured(drawing.behind)
    )?;
    match pattern {
        Pattern::Plain => {}
        Pattern::Stripes => overlay(out, body, &light, "M0 0h26v9H0z")?,
        Pattern::Columns => overlay(out, body, &dark, "M0 0h5v26H0z")?,
        Pattern::Dots => overlay(out, body, &light, "M9 9h.1M22 22h.1")?,
        Pattern::Weave => overlay(out, body, &dark, "M0 0h26v3H0zM0 0h3v26H0z")?,
    }
    write!(
        out,
        "<path d=\"{body}\" fill=\"url(#shade)\"/>{}",
        coloured(drawing.front)
    )
}

/// Light from the upper left, and the light of lamps.
const DEFS: &str = "<defs><linearGradient id=\"shade\" x1=\"0\" y1=\"0\" x2=\"1\" y2=\".35\">\
    <stop offset=\"0\" stop-color=\"#fff\" stop-opacity=\".28\"/><stop offset=\".45\" stop-color=\"#fff\" stop-opacity=\"0\"/>\
    <stop offset=\"1\" stop-color=\"#000\" stop-opacity=\".2\"/></linearGradient>\
    <linearGradient id=\"glow\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"#ffeeb5\" stop-opacity=\".85\"/>\
    <stop offset=\"1\" stop-color=\"#ffeeb5\" stop-opacity=\"0\"/></linearGradient></defs>";

fn overlay(out: &mut String, body: &str, ink: &str, mark: &str) -> std::fmt::Result {
    write!(
        out,
        "<pattern id=\"mark\" width=\"26\" height=\"26\" patternUnits=\"userSpaceOnUse\">\
         <path d=\"{mark}\" fill=\"{ink}\" stroke=\"{ink}\" stroke-width=\"{}\" stroke-linecap=\"round\"/></pattern>\
         <path d=\"{body}\" fill=\"url(#mark)\" opacity=\".55\"/>",
        if mark.contains("h.1") { 7 } else { 0 }
    )
}

/// What is printed, glazed or woven on a thing.
#[derive(Debug, Clone, Copy)]
enum Pattern {
    Plain,
    Stripes,
    Columns,
    Dots,
    Weave,
}

impl Pattern {
    /// All colours of a model share one pattern; wood, metal and glass stay plain.
    fn of(product: &Product) -> Self {
        if !product.shape.takes_pattern() {
            return Pattern::Plain;
        }
        match (product.look >> 8) % 9 {
            0 => Pattern::Stripes,
            1 => Pattern::Columns,
            2 => Pattern::Dots,
            3 => Pattern::Weave,
            _ => Pattern::Plain,
        }
    }
}

/// `percent` of the way from `hex` (`#rrggbb`) to the grey `target`.
fn mix(hex: &str, target: u32, percent: u32) -> String {
    let rgb = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0x80_8080);
    let channel = |shift: u32| {
        let value = (rgb >> shift) & 0xff;
        (value * (100 - percent) + target * percent) / 100
    };
    format!("#{:02x}{:02x}{:02x}", channel(16), channel(8), channel(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_mix() {
        assert_eq!(mix("#ffffff", 0, 50), "#7f7f7f");
        assert_eq!(mix("#000000", 255, 100), "#ffffff");
        assert_eq!(mix("#123456", 0, 0), "#123456");
    }

    #[test]
    fn a_picture_is_closed_and_sized() {
        for item in crate::catalogue::generate(1) {
            let svg = product(&item);
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
            assert!(svg.contains("width=\"400\" height=\"400\""));
            assert!(
                !svg.contains("{c}") && !svg.contains("{d}") && !svg.contains("{l}"),
                "{}",
                item.id
            );
            assert!(svg.len() < 4096, "{} bytes", svg.len());
        }
    }
}
