//! The magazine's articles about kitchen and home.

use super::Article;
use crate::lang::text;

pub(super) static ARTICLES: &[Article] = &[
    Article {
        id: "A-01",
        slug: text("a-mug-for-every-morning", "ein-becher-fuer-jeden-morgen"),
        title: text("A mug for every morning", "Ein Becher für jeden Morgen"),
        lead: text(
            "Why one mug always stands at the front of the shelf.",
            "Warum ein Becher immer vorn im Regal steht.",
        ),
        body: &[
            text(
                "Every household has it: the mug that nobody else may use. Weight decides, and the handle. Two fingers \
                 should fit without touching the wall, and the rim should be thin where the lip meets it.",
                "In jedem Haushalt gibt es ihn: den Becher, den sonst niemand nehmen darf. Es entscheiden Gewicht und \
                 Henkel. Zwei Finger sollen hineinpassen, ohne die Wand zu berühren, und der Rand darf dünn sein.",
            ),
            text(
                "Stoneware keeps warm longest, porcelain is the lightest. Who drinks slowly takes the first & who \
                 drinks on the way takes the second.",
                "Steinzeug hält am längsten warm, Porzellan ist am leichtesten. Wer langsam trinkt, nimmt das erste & \
                 wer im Gehen trinkt, das zweite.",
            ),
        ],
        about: &["mugs", "carafes"],
    },
    Article {
        id: "A-02",
        slug: text(
            "a-table-that-does-not-match",
            "ein-tisch-der-nicht-zusammenpasst",
        ),
        title: text(
            "A table that does not match",
            "Ein Tisch, der nicht zusammenpasst",
        ),
        lead: text(
            "Three colours, two glazes, one cloth: that is all it takes.",
            "Drei Farben, zwei Glasuren, ein Tuch: Mehr braucht es nicht.",
        ),
        body: &[
            text(
                "A set for twelve fills a cupboard and is used twice a year. Begin with four plates that you like and \
                 add two whenever more people come. Keep to one family of colours and let the shapes differ.",
                "Ein Service für zwölf füllt einen Schrank und wird zweimal im Jahr gebraucht. Fang mit vier Tellern an, \
                 die dir gefallen, und nimm zwei dazu, wenn mehr Leute kommen. Bleib bei einer Farbfamilie, die Formen \
                 dürfen verschieden sein.",
            ),
            text(
                "Bowls do more than plates: soup, salad, the apples of tomorrow. Candles stand low enough to look over.",
                "Schalen können mehr als Teller: Suppe, Salat, die Äpfel von morgen. Kerzen stehen so niedrig, dass man \
                 darüber hinwegsieht.",
            ),
        ],
        about: &["plates", "mugs", "candles"],
    },
    Article {
        id: "A-03",
        slug: text("the-first-good-pan", "die-erste-gute-pfanne"),
        title: text("The first good pan", "Die erste gute Pfanne"),
        lead: text(
            "Cast iron asks for patience, once.",
            "Gusseisen will Geduld, ein einziges Mal.",
        ),
        body: &[
            text(
                "A new pan sticks. Heat it slowly with a spoonful of oil, wipe it out, and do so three times. After a \
                 month of potatoes it lets go of an egg, and after a year of nearly everything.",
                "Eine neue Pfanne klebt. Erhitze sie langsam mit einem Löffel Öl, wisch sie aus, und das dreimal. Nach \
                 einem Monat Kartoffeln lässt sie ein Ei los, nach einem Jahr fast alles.",
            ),
            text(
                "Water and a brush are enough to clean it. Dry it on the stove, not in the rack.",
                "Zum Reinigen genügen Wasser und Bürste. Getrocknet wird auf dem Herd, nicht im Gestell.",
            ),
        ],
        about: &["pots-pans"],
    },
    Article {
        id: "A-04",
        slug: text("light-for-the-dark-corner", "licht-fuer-die-dunkle-ecke"),
        title: text("Light for the dark corner", "Licht für die dunkle Ecke"),
        lead: text(
            "Three small lamps make a room, one big lamp lights it.",
            "Drei kleine Leuchten machen einen Raum, eine große macht ihn nur hell.",
        ),
        body: &[
            text(
                "Sit down where you read and look for the bulb. If you can see it, the shade is too high. A table lamp \
                 beside the shoulder, a second one across the room: that is how evening begins.",
                "Setz dich dorthin, wo du liest, und such die Birne. Siehst du sie, ist der Schirm zu hoch. Eine \
                 Tischleuchte neben der Schulter, eine zweite gegenüber: So fängt der Abend an.",
            ),
            text(
                "Where there is no socket, a candle in a jar does it, with a cushion to go with it.",
                "Wo keine Steckdose ist, reicht eine Kerze im Glas, und ein Kissen dazu.",
            ),
        ],
        about: &["table-lamps", "candles", "cushions"],
    },
    Article {
        id: "A-05",
        slug: text("a-lamp-above-the-table", "eine-leuchte-ueber-dem-tisch"),
        title: text("A lamp above the table", "Eine Leuchte über dem Tisch"),
        lead: text(
            "Sixty centimetres, and why they are right.",
            "Sechzig Zentimeter, und warum sie stimmen.",
        ),
        body: &[
            text(
                "Hang it so that everybody can see everybody and nobody sees the bulb. Sixty centimetres above the wood \
                 is a good beginning; taller families add five.",
                "Häng sie so, dass alle einander sehen und niemand die Birne. Sechzig Zentimeter über dem Holz sind ein \
                 guter Anfang; größere Familien geben fünf dazu.",
            ),
            text(
                "Long tables take two small lamps rather than one wide one. And chairs that need not be alike.",
                "Lange Tische nehmen lieber zwei kleine Leuchten als eine breite. Und Stühle, die nicht gleich sein \
                 müssen.",
            ),
        ],
        about: &["pendant-lamps", "chairs"],
    },
    Article {
        id: "A-06",
        slug: text("one-stool-five-uses", "ein-hocker-fuenf-aufgaben"),
        title: text("One stool, five uses", "Ein Hocker, fünf Aufgaben"),
        lead: text(
            "Seat, table, step, shelf, and a place for the cat.",
            "Sitz, Tisch, Tritt, Regal und ein Platz für die Katze.",
        ),
        body: &[
            text(
                "In a small flat nothing may stand for one purpose alone. A stool of oak carries the tea in the \
                 morning, a guest at noon and the book at night.",
                "In einer kleinen Wohnung darf nichts nur für einen Zweck stehen. Ein Hocker aus Eiche trägt morgens \
                 den Tee, mittags einen Gast und nachts das Buch.",
            ),
            text(
                "A tray table can do the same and folds away. A floor cushion is the sixth seat.",
                "Ein Tabletttisch kann das auch und lässt sich wegräumen. Ein Bodenkissen ist der sechste Platz.",
            ),
        ],
        about: &["chairs", "side-tables", "cushions"],
    },
    Article {
        id: "A-07",
        slug: text("flowers-in-november", "blumen-im-november"),
        title: text("Flowers in November", "Blumen im November"),
        lead: text(
            "Branches, seed heads, and one vase that suits them all.",
            "Zweige, Samenstände und eine Vase, die zu allen passt.",
        ),
        body: &[
            text(
                "Late in the year a bunch is made of what is left: larch, rose hips, dry grass. A narrow neck holds \
                 three stems without wire. A floor vase wants branches as tall as a child.",
                "Spät im Jahr ist ein Strauß das, was übrig ist: Lärche, Hagebutten, trockenes Gras. Ein enger Hals hält \
                 drei Stiele ohne Draht. Eine Bodenvase will Zweige, so hoch wie ein Kind.",
            ),
            text(
                "Change the water every second day; or leave it out altogether and let everything dry.",
                "Wechsle das Wasser jeden zweiten Tag; oder lass es weg und alles trocknen.",
            ),
        ],
        about: &["vases"],
    },
];
