//! The large drawing on the home page: things of the shop, put together as in a room.

use super::shapes::Shape;
use super::{DEFS, Pattern, draw};
use crate::html::text_of;
use std::fmt::Write;

/// A thing in the room: what, in which colour, where its square's corner is and how large it is drawn.
const THINGS: [(Shape, &str, i32, i32, f32); 5] = [
    (Shape::Pendant, "#c4683f", 330, -40, 0.5),
    (Shape::Chair, "#d5ac78", 40, 126, 0.85),
    (Shape::Throw, "#d29a2e", 156, 211, 0.28),
    (Shape::SideTable, "#7a5238", 290, 175, 0.7),
    (Shape::Vase, "#1f6470", 480, 210, 0.62),
];

/// A room of 1200 by 460. Its right third is empty, for the text in front of it.
pub(crate) fn hero() -> String {
    text_of(|out| {
        write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"460\" viewBox=\"0 0 1200 460\">{DEFS}\
             <path fill=\"#e9ded0\" d=\"M0 0h1200v460H0z\"/><path fill=\"#d8c6b0\" d=\"M0 356h1200v104H0z\"/>\
             <path fill=\"#cbb79e\" d=\"M0 352h1200v7H0z\"/>\
             <rect x=\"500\" y=\"46\" width=\"150\" height=\"124\" rx=\"4\" fill=\"#fbf7ef\"/>\
             <rect x=\"512\" y=\"58\" width=\"126\" height=\"100\" fill=\"#bcd0d3\"/>\
             <circle cx=\"606\" cy=\"86\" r=\"13\" fill=\"#f1c56b\"/>\
             <path d=\"M512 128q30-28 62-10t64-14v54H512z\" fill=\"#8a9a6b\"/>\
             <path d=\"M512 144q42-18 72-4t54-8v26H512z\" fill=\"#5f7a5b\"/>\
             <ellipse cx=\"400\" cy=\"412\" rx=\"350\" ry=\"30\" fill=\"#b7654a\" opacity=\".28\"/>"
        )?;
        for (shape, hex, x, y, scale) in THINGS {
            write!(out, "<g transform=\"translate({x} {y}) scale({scale})\">")?;
            draw(out, shape, hex, Pattern::Plain)?;
            out.write_str("</g>")?;
        }
        out.write_str("</svg>")
    })
}
