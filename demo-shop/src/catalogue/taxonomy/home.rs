//! Categories for the home.

use super::Category;
use crate::catalogue::words::*;
use crate::lang::text;
use crate::pictures::Shape;

pub(super) static CATEGORIES: &[Category] = &[
    Category {
        department: "kitchen",
        slug: text("mugs", "becher"),
        name: text("Mugs", "Becher"),
        size: 60,
        nouns: &[
            (text("mug", "Becher"), Shape::Mug),
            (text("tea mug", "Teebecher"), Shape::Mug),
            (text("espresso cup", "Espressotasse"), Shape::Cup),
        ],
        materials: &[STONEWARE, PORCELAIN, EARTHENWARE],
        colours: CERAMIC,
        prices: (890, 3490),
        lines: &[
            text(
                "Thrown by hand, so no two are quite the same.",
                "Von Hand gedreht, darum gleicht keiner dem anderen.",
            ),
            text(
                "Keeps its warmth and goes into the dishwasher.",
                "Hält warm und darf in die Spülmaschine.",
            ),
            text(
                "The glaze runs a little thinner at the rim.",
                "Am Rand läuft die Glasur etwas dünner aus.",
            ),
        ],
        goes_with: &["plates", "carafes"],
    },
    Category {
        department: "kitchen",
        slug: text("plates", "teller-schalen"),
        name: text("Plates & Bowls", "Teller & Schalen"),
        size: 44,
        nouns: &[
            (text("dinner plate", "Speiseteller"), Shape::Plate),
            (text("side plate", "Frühstücksteller"), Shape::Plate),
            (text("bowl", "Schale"), Shape::Bowl),
        ],
        materials: &[STONEWARE, PORCELAIN, EARTHENWARE],
        colours: CERAMIC,
        prices: (990, 4490),
        lines: &[
            text(
                "Stacks neatly and mixes well with other colours.",
                "Lässt sich gut stapeln und mit anderen Farben mischen.",
            ),
            text(
                "Safe for oven, freezer and dishwasher.",
                "Für Ofen, Gefrierfach und Spülmaschine.",
            ),
            text(
                "A matt outside, a glossy inside.",
                "Außen matt, innen glänzend.",
            ),
        ],
        goes_with: &["mugs", "carafes"],
    },
    Category {
        department: "kitchen",
        slug: text("pots-pans", "toepfe-pfannen"),
        name: text("Pots & Pans", "Töpfe & Pfannen"),
        size: 36,
        nouns: &[
            (text("frying pan", "Bratpfanne"), Shape::Pan),
            (text("casserole", "Bräter"), Shape::Pot),
        ],
        materials: &[CAST_IRON, ENAMELLED_STEEL, ALUMINIUM],
        colours: ENAMEL,
        prices: (3990, 21900),
        lines: &[
            text(
                "For every stove, induction included.",
                "Für alle Herde, auch Induktion.",
            ),
            text(
                "Spreads heat evenly to the very edge.",
                "Verteilt die Hitze gleichmäßig bis zum Rand.",
            ),
        ],
        goes_with: &["plates"],
    },
    Category {
        department: "kitchen",
        slug: text("carafes", "karaffen"),
        name: text("Carafes", "Karaffen"),
        size: 28,
        nouns: &[
            (text("carafe", "Karaffe"), Shape::Carafe),
            (text("water jug", "Wasserkrug"), Shape::Carafe),
        ],
        materials: &[GLASSWARE, RECYCLED_GLASS],
        colours: GLASS,
        prices: (1990, 6990),
        lines: &[
            text(
                "Mouth-blown, with small bubbles that stay.",
                "Mundgeblasen, mit kleinen Bläschen, die bleiben.",
            ),
            text("Pours without a drip.", "Gießt, ohne zu tropfen."),
        ],
        goes_with: &["mugs", "vases"],
    },
    Category {
        department: "living",
        slug: text("cushions", "kissen"),
        name: text("Cushions", "Kissen"),
        size: 56,
        nouns: &[
            (text("cushion", "Kissen"), Shape::Cushion),
            (text("floor cushion", "Bodenkissen"), Shape::Cushion),
        ],
        materials: &[LINEN, VELVET, WOOL, COTTON],
        colours: TEXTILE,
        prices: (1990, 7990),
        lines: &[
            text(
                "The cover comes off and can be washed.",
                "Der Bezug lässt sich abnehmen und waschen.",
            ),
            text(
                "Filled with feathers that keep their spring.",
                "Gefüllt mit Federn, die ihre Spannkraft behalten.",
            ),
            text(
                "Piped by hand around the edge.",
                "Mit von Hand genähter Paspel.",
            ),
        ],
        goes_with: &["throws", "candles"],
    },
    Category {
        department: "living",
        slug: text("throws", "decken"),
        name: text("Throws", "Decken"),
        size: 36,
        nouns: &[
            (text("throw", "Wohndecke"), Shape::Throw),
            (text("blanket", "Kuscheldecke"), Shape::Throw),
        ],
        materials: &[WOOL, ALPACA, COTTON],
        colours: TEXTILE,
        prices: (4990, 18900),
        lines: &[
            text(
                "Large enough for two and a film.",
                "Groß genug für zwei und einen Film.",
            ),
            text(
                "Woven in a small mill, with knotted fringes.",
                "In einer kleinen Weberei gewebt, mit geknüpften Fransen.",
            ),
        ],
        goes_with: &["cushions", "candles"],
    },
    Category {
        department: "living",
        slug: text("vases", "vasen"),
        name: text("Vases", "Vasen"),
        size: 48,
        nouns: &[
            (text("vase", "Vase"), Shape::Vase),
            (text("floor vase", "Bodenvase"), Shape::Vase),
            (text("bud vase", "Knospenvase"), Shape::BudVase),
        ],
        materials: &[STONEWARE, PORCELAIN, RECYCLED_GLASS],
        colours: CERAMIC,
        prices: (1490, 11900),
        lines: &[
            text(
                "Stands firm with a single twig or a whole bunch.",
                "Steht sicher, mit einem Zweig oder einem ganzen Strauß.",
            ),
            text("Beautiful even when empty.", "Auch leer eine Freude."),
        ],
        goes_with: &["candles", "side-tables"],
    },
    Category {
        department: "living",
        slug: text("candles", "kerzen"),
        name: text("Candles", "Kerzen"),
        size: 32,
        nouns: &[
            (text("pillar candle", "Stumpenkerze"), Shape::Candle),
            (text("scented candle", "Duftkerze"), Shape::JarCandle),
        ],
        materials: &[SOY_WAX, BEESWAX],
        colours: CERAMIC,
        prices: (790, 4990),
        lines: &[
            text(
                "Burns for about forty hours with a calm flame.",
                "Brennt rund vierzig Stunden mit ruhiger Flamme.",
            ),
            text(
                "Poured by hand in small batches.",
                "In kleinen Mengen von Hand gegossen.",
            ),
        ],
        goes_with: &["vases", "throws"],
    },
    Category {
        department: "lighting",
        slug: text("table-lamps", "tischleuchten"),
        name: text("Table Lamps", "Tischleuchten"),
        size: 40,
        nouns: &[
            (text("table lamp", "Tischleuchte"), Shape::TableLamp),
            (text("bedside lamp", "Nachttischleuchte"), Shape::DomeLamp),
        ],
        materials: &[LINEN, STEEL, PAPER, STONEWARE],
        colours: TEXTILE,
        prices: (4990, 24900),
        lines: &[
            text(
                "Warm light that can be dimmed at the cord.",
                "Warmes Licht, am Kabel dimmbar.",
            ),
            text(
                "With a two-metre cord in a woven sleeve.",
                "Mit zwei Metern Textilkabel.",
            ),
        ],
        goes_with: &["side-tables", "pendant-lamps"],
    },
    Category {
        department: "lighting",
        slug: text("pendant-lamps", "pendelleuchten"),
        name: text("Pendant Lamps", "Pendelleuchten"),
        size: 32,
        nouns: &[
            (text("pendant lamp", "Pendelleuchte"), Shape::Pendant),
            (text("globe pendant", "Kugelleuchte"), Shape::Globe),
        ],
        materials: &[ALUMINIUM, STEEL, PAPER, GLASSWARE],
        colours: TEXTILE,
        prices: (5990, 29900),
        lines: &[
            text(
                "Hangs low over the table without dazzling.",
                "Hängt tief über dem Tisch, ohne zu blenden.",
            ),
            text(
                "The canopy comes in the same colour.",
                "Der Baldachin hat dieselbe Farbe.",
            ),
        ],
        goes_with: &["chairs", "table-lamps"],
    },
    Category {
        department: "furniture",
        slug: text("chairs", "stuehle"),
        name: text("Chairs", "Stühle"),
        size: 36,
        nouns: &[
            (text("chair", "Stuhl"), Shape::Chair),
            (text("stool", "Hocker"), Shape::Stool),
        ],
        materials: &[OAK, ASH, BEECH],
        colours: WOOD,
        prices: (8900, 44900),
        lines: &[
            text(
                "Joined without screws and oiled by hand.",
                "Ohne Schrauben gefügt und von Hand geölt.",
            ),
            text("Light enough for one hand.", "Leicht genug für eine Hand."),
        ],
        goes_with: &["side-tables", "pendant-lamps", "cushions"],
    },
    Category {
        department: "furniture",
        slug: text("side-tables", "beistelltische"),
        name: text("Side Tables", "Beistelltische"),
        size: 28,
        nouns: &[
            (text("side table", "Beistelltisch"), Shape::SideTable),
            (text("tray table", "Tabletttisch"), Shape::TrayTable),
        ],
        materials: &[OAK, ASH, STEEL],
        colours: WOOD,
        prices: (7900, 34900),
        lines: &[
            text(
                "Room for a lamp, a book and a cup.",
                "Platz für Leuchte, Buch und Tasse.",
            ),
            text(
                "Comes in one piece; there is nothing to assemble.",
                "Kommt fertig montiert.",
            ),
        ],
        goes_with: &["table-lamps", "vases", "chairs"],
    },
];
