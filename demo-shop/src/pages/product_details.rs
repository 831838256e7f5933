//! What stands below a product: care, delivery, and the two places in which shops put what belongs to it.

use super::texts_service as s;
use crate::catalogue::Product;
use crate::catalogue::words::*;
use crate::lang::{Lang, Text, text};
use std::fmt::{self, Write};

/// The places for a bundle and for accessories are there, and empty, on every page: nobody in this shop fills them.
pub(super) fn write(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    write!(
        out,
        "<!-- bundle -->\n<div class=\"bundle\"></div>\n<section class=\"details\">\n<h2>{}</h2>\n<p>{}</p>\n</section>\n\
         <div class=\"accessories\"></div>\n<section class=\"delivery\">\n<h2>{}</h2>\n<ul>\n",
        s::DETAILS_TITLE.to(lang),
        care(product.material).to(lang),
        s::DELIVERY_TITLE.to(lang)
    )?;
    // Not closed, as in many a shop: the next item or the end of the list does it.
    for line in s::DELIVERY {
        writeln!(out, "<li>{}", line.to(lang))?;
    }
    out.write_str("</ul>\n</section>\n")
}

/// How to look after a material.
fn care(material: Text) -> Text {
    match material {
        STONEWARE | PORCELAIN | EARTHENWARE | GLASSWARE | RECYCLED_GLASS => text(
            "Goes into the dishwasher. Sudden cold after heat is the one thing that it does not forgive.",
            "Darf in die Spülmaschine. Nur plötzliche Kälte nach Hitze verzeiht es nicht.",
        ),
        CAST_IRON | ENAMELLED_STEEL | ALUMINIUM | STEEL => text(
            "Clean it with warm water and a soft brush, and dry it at once. Scratches do no harm.",
            "Mit warmem Wasser und weicher Bürste reinigen und gleich abtrocknen. Kratzer schaden nicht.",
        ),
        WOOL | MERINO | ALPACA => text(
            "Air it instead of washing it. When it must be: by hand, cool, with soap for wool, and dried flat.",
            "Lüften statt waschen. Wenn es sein muss: von Hand, kühl, mit Wollwaschmittel, und liegend trocknen.",
        ),
        OAK | ASH | BEECH => text(
            "Wipe it dry, oil it once a year. What has a dent can be sanded.",
            "Trocken abwischen, einmal im Jahr ölen. Was eine Delle hat, lässt sich schleifen.",
        ),
        LEATHER_HIDE | SUEDE => text(
            "Brush off the dust, feed the leather twice a year and let it dry slowly after rain.",
            "Staub abbürsten, das Leder zweimal im Jahr fetten und nach Regen langsam trocknen lassen.",
        ),
        SOY_WAX | BEESWAX => text(
            "Let the whole surface melt the first time, and trim the wick to five millimetres.",
            "Beim ersten Mal die ganze Fläche schmelzen lassen und den Docht auf fünf Millimeter kürzen.",
        ),
        PAPER => text(
            "Dust it with a dry brush. It grows a little darker with the years, and that is meant.",
            "Mit trockenem Pinsel abstauben. Es dunkelt mit den Jahren etwas nach, und das soll so sein.",
        ),
        _ => text(
            "Wash at 30 degrees with similar colours, without softener. It dries on the line.",
            "Bei 30 Grad mit ähnlichen Farben waschen, ohne Weichspüler. Es trocknet an der Leine.",
        ),
    }
}
