//! Categories for bed, bath and people.

use super::Category;
use crate::catalogue::words::*;
use crate::lang::text;
use crate::pictures::Shape;

pub(super) static CATEGORIES: &[Category] = &[
    Category {
        department: "bed-bath",
        slug: text("bed-linen", "bettwaesche"),
        name: text("Bed Linen", "Bettwäsche"),
        size: 40,
        nouns: &[
            (text("duvet cover set", "Bettwäsche-Set"), Shape::BedLinen),
            (text("pillowcase", "Kissenbezug"), Shape::Pillow),
        ],
        materials: &[LINEN, PERCALE, FLANNEL],
        colours: TEXTILE,
        prices: (2490, 17900),
        lines: &[
            text(
                "Washed soft before it reaches you.",
                "Schon weich gewaschen, bevor es bei dir ist.",
            ),
            text("Needs no ironing.", "Bügeln ist nicht nötig."),
        ],
        goes_with: &["towels", "throws"],
    },
    Category {
        department: "bed-bath",
        slug: text("towels", "handtuecher"),
        name: text("Towels", "Handtücher"),
        size: 40,
        nouns: &[
            (text("hand towel", "Handtuch"), Shape::Towel),
            (text("bath towel", "Badetuch"), Shape::TowelStack),
        ],
        materials: &[TERRY, WAFFLE, LINEN],
        colours: TEXTILE,
        prices: (990, 5990),
        lines: &[
            text(
                "Dries quickly, you and itself.",
                "Trocknet schnell, dich und sich selbst.",
            ),
            text("With a loop for the hook.", "Mit Aufhänger."),
        ],
        goes_with: &["bed-linen", "candles"],
    },
    Category {
        department: "clothing",
        slug: text("jumpers", "pullover"),
        name: text("Jumpers", "Pullover"),
        size: 56,
        nouns: &[
            (text("jumper", "Pullover"), Shape::Jumper),
            (text("crew-neck jumper", "Rundhalspullover"), Shape::Jumper),
            (text("cardigan", "Strickjacke"), Shape::Cardigan),
        ],
        materials: &[MERINO, WOOL, ALPACA, COTTON],
        colours: TEXTILE,
        prices: (5990, 19900),
        lines: &[
            text(
                "Knitted in one piece, with no seam to rub.",
                "In einem Stück gestrickt, keine Naht reibt.",
            ),
            text(
                "Warm when it is cold, airy when it is not.",
                "Warm, wenn es kalt ist, luftig, wenn nicht.",
            ),
            text(
                "Cut straight, for everyone.",
                "Gerade geschnitten, für alle.",
            ),
        ],
        goes_with: &["shirts", "scarves", "beanies"],
    },
    Category {
        department: "clothing",
        slug: text("shirts", "shirts"),
        name: text("Shirts", "Shirts & Hemden"),
        size: 52,
        nouns: &[
            (text("T-shirt", "T-Shirt"), Shape::Shirt),
            (text("button-up shirt", "Hemd"), Shape::ButtonShirt),
        ],
        materials: &[COTTON, LINEN, FLANNEL],
        colours: TEXTILE,
        prices: (2490, 9990),
        lines: &[
            text(
                "Falls loosely and keeps its shape in the wash.",
                "Fällt locker und behält beim Waschen die Form.",
            ),
            text(
                "With buttons made of corozo nut or none at all.",
                "Mit Knöpfen aus Steinnuss oder ganz ohne.",
            ),
        ],
        goes_with: &["jumpers", "trainers"],
    },
    Category {
        department: "clothing",
        slug: text("scarves", "schals"),
        name: text("Scarves", "Schals"),
        size: 32,
        nouns: &[
            (text("scarf", "Schal"), Shape::Scarf),
            (text("triangular scarf", "Dreieckstuch"), Shape::Scarf),
        ],
        materials: &[MERINO, WOOL, ALPACA],
        colours: TEXTILE,
        prices: (2990, 11900),
        lines: &[
            text(
                "Long enough to go around twice.",
                "Lang genug für zwei Runden.",
            ),
            text(
                "Soft on the neck, even for the sensitive.",
                "Weich am Hals, auch für Empfindliche.",
            ),
        ],
        goes_with: &["beanies", "jumpers"],
    },
    Category {
        department: "clothing",
        slug: text("beanies", "muetzen"),
        name: text("Beanies", "Mützen"),
        size: 26,
        nouns: &[
            (text("beanie", "Mütze"), Shape::Beanie),
            (text("bobble hat", "Bommelmütze"), Shape::BobbleHat),
        ],
        materials: &[MERINO, WOOL, COTTON],
        colours: TEXTILE,
        prices: (1990, 5990),
        lines: &[
            text("Stays on in the wind.", "Bleibt auch bei Wind sitzen."),
            text(
                "Fits most heads thanks to its wide rib.",
                "Passt dank breiter Rippe fast jedem Kopf.",
            ),
        ],
        goes_with: &["scarves", "jumpers"],
    },
    Category {
        department: "bags-shoes",
        slug: text("backpacks", "rucksaecke"),
        name: text("Backpacks", "Rucksäcke"),
        size: 36,
        nouns: &[
            (text("backpack", "Rucksack"), Shape::Backpack),
            (text("day pack", "Tagesrucksack"), Shape::Backpack),
        ],
        materials: &[CANVAS, RECYCLED, LEATHER_HIDE],
        colours: LEATHER,
        prices: (4990, 22900),
        lines: &[
            text(
                "With a padded place for a laptop.",
                "Mit gepolstertem Fach für den Laptop.",
            ),
            text(
                "Sheds rain and forgives a lot.",
                "Hält Regen ab und verzeiht viel.",
            ),
        ],
        goes_with: &["totes", "trainers"],
    },
    Category {
        department: "bags-shoes",
        slug: text("totes", "shopper"),
        name: text("Totes", "Shopper"),
        size: 32,
        nouns: &[
            (text("tote bag", "Shopper"), Shape::Tote),
            (text("market bag", "Markttasche"), Shape::Tote),
        ],
        materials: &[CANVAS, LEATHER_HIDE, COTTON],
        colours: LEATHER,
        prices: (1990, 17900),
        lines: &[
            text(
                "Carries a weekend, folds to almost nothing.",
                "Trägt ein Wochenende, lässt sich winzig falten.",
            ),
            text(
                "Its handles are long enough for a coat.",
                "Die Henkel reichen auch über den Mantel.",
            ),
        ],
        goes_with: &["backpacks", "scarves"],
    },
    Category {
        department: "bags-shoes",
        slug: text("trainers", "sneaker"),
        name: text("Trainers", "Sneaker"),
        size: 40,
        nouns: &[
            (text("trainers", "Sneaker"), Shape::Trainer),
            (text("low trainers", "Halbschuh-Sneaker"), Shape::Trainer),
        ],
        materials: &[LEATHER_HIDE, SUEDE, CANVAS],
        colours: LEATHER,
        prices: (6990, 18900),
        lines: &[
            text(
                "With a sole of natural rubber that can be replaced.",
                "Mit wechselbarer Sohle aus Naturkautschuk.",
            ),
            text(
                "Comfortable from the first day.",
                "Vom ersten Tag an bequem.",
            ),
        ],
        goes_with: &["shirts", "backpacks"],
    },
];
