//! The magazine's articles about bed, bath, clothes and the way there.

use super::Article;
use crate::lang::text;

pub(super) static ARTICLES: &[Article] = &[
    Article {
        id: "A-08",
        slug: text("sleeping-in-linen", "schlafen-in-leinen"),
        title: text("Sleeping in linen", "Schlafen in Leinen"),
        lead: text(
            "Cool in July, warm in January, and never ironed.",
            "Kühl im Juli, warm im Januar und nie gebügelt.",
        ),
        body: &[
            text(
                "Linen takes up a fifth of its weight in water before it feels damp. That is why it suits warm sleepers. \
                 Percale is smoother and flannel softer: try a pillowcase first, it tells you within a week.",
                "Leinen nimmt ein Fünftel seines Gewichts an Wasser auf, bevor es sich feucht anfühlt. Darum passt es zu \
                 Menschen, die warm schlafen. Perkal ist glatter, Flanell weicher: Probier erst einen Kissenbezug, nach \
                 einer Woche weißt du es.",
            ),
            text(
                "A throw at the foot of the bed is the difference between one blanket and two.",
                "Eine Decke am Fußende ist der Unterschied zwischen einer Bettdecke und zweien.",
            ),
        ],
        about: &["bed-linen", "throws"],
    },
    Article {
        id: "A-09",
        slug: text("towels-that-dry", "handtuecher-die-trocknen"),
        title: text("Towels that dry", "Handtücher, die trocknen"),
        lead: text(
            "They should dry you, and then themselves.",
            "Erst dich, dann sich selbst.",
        ),
        body: &[
            text(
                "Thick terry is lovely and stays wet until evening. Waffle piqué dries on the hook while you have \
                 breakfast. In a bathroom without a window that decides.",
                "Dickes Frottee ist herrlich und bleibt bis zum Abend nass. Waffelpikee trocknet am Haken, während du \
                 frühstückst. In einem Bad ohne Fenster entscheidet das.",
            ),
            text(
                "No softener, please: it lays a film over the loops. A spoonful of vinegar does more.",
                "Bitte keinen Weichspüler: Er legt einen Film über die Schlingen. Ein Löffel Essig bewirkt mehr.",
            ),
        ],
        about: &["towels"],
    },
    Article {
        id: "A-10",
        slug: text("washing-wool-less", "wolle-seltener-waschen"),
        title: text("Washing wool less", "Wolle seltener waschen"),
        lead: text(
            "Air does most of the work.",
            "Das meiste erledigt die Luft.",
        ),
        body: &[
            text(
                "Hang a jumper by the open window overnight and it is fresh. Wash it when it has a stain, not when the \
                 week is over: by hand, cool, without wringing, and lay it flat to dry.",
                "Häng einen Pullover über Nacht ans offene Fenster, und er ist frisch. Wasch ihn, wenn er einen Fleck \
                 hat, nicht wenn die Woche um ist: von Hand, kühl, ohne Wringen, und liegend trocknen.",
            ),
            text(
                "Pilling is no fault. It stops after the third comb. Scarves and beanies are treated alike.",
                "Knötchen sind kein Fehler. Nach dem dritten Kämmen hören sie auf. Für Schals und Mützen gilt dasselbe.",
            ),
        ],
        about: &["jumpers", "scarves", "beanies"],
    },
    Article {
        id: "A-11",
        slug: text("packing-for-a-weekend", "packen-fuer-ein-wochenende"),
        title: text("Packing for a weekend", "Packen für ein Wochenende"),
        lead: text(
            "One bag, two shirts, and room for what you bring back.",
            "Eine Tasche, zwei Hemden und Platz für das, was du mitbringst.",
        ),
        body: &[
            text(
                "Lay out what you want to take and put a third of it back. What remains fits into a backpack of twenty \
                 litres. Roll the shirts, put the book at your back and the bottle at the top.",
                "Leg heraus, was du mitnehmen willst, und räum ein Drittel zurück. Was bleibt, passt in einen Rucksack \
                 mit zwanzig Litern. Roll die Hemden, steck das Buch an den Rücken und die Flasche nach oben.",
            ),
            text(
                "A folded tote weighs nothing and carries the market home.",
                "Ein gefalteter Shopper wiegt nichts und trägt den Markt nach Hause.",
            ),
        ],
        about: &["backpacks", "shirts", "totes"],
    },
    Article {
        id: "A-12",
        slug: text(
            "shoes-for-the-way-to-work",
            "schuhe-fuer-den-weg-zur-arbeit",
        ),
        title: text("Shoes for the way to work", "Schuhe für den Weg zur Arbeit"),
        lead: text(
            "Four kilometres a day, in any weather.",
            "Vier Kilometer am Tag, bei jedem Wetter.",
        ),
        body: &[
            text(
                "Leather forgives rain if it may dry slowly: paper inside, away from the heater. Canvas dries by \
                 itself. Two pairs worn in turns last longer than three pairs worn out one after the other.",
                "Leder verzeiht Regen, wenn es langsam trocknen darf: Papier hinein, weg von der Heizung. Segeltuch \
                 trocknet von allein. Zwei Paar im Wechsel halten länger als drei Paar nacheinander.",
            ),
            text(
                "The sole can be renewed. Ask us before you ask for new ones.",
                "Die Sohle lässt sich erneuern. Frag uns, bevor du nach neuen suchst.",
            ),
        ],
        about: &["trainers", "totes"],
    },
];
