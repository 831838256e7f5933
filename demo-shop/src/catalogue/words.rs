//! The vocabulary that products are put together from.

use crate::lang::{Text, text};

/// A colour as the feed names it and as the picture shows it.
#[derive(Debug)]
pub(crate) struct Colour {
    pub(crate) name: Text,
    pub(crate) hex: &'static str,
}

const fn colour(en: &'static str, de: &'static str, hex: &'static str) -> Colour {
    Colour {
        name: text(en, de),
        hex,
    }
}

pub(crate) static WHITE: Colour = colour("white", "weiß", "#f2efe9");
pub(crate) static CREAM: Colour = colour("cream", "creme", "#ead9b9");
pub(crate) static SAND: Colour = colour("sand", "sand", "#cdb491");
pub(crate) static OCHRE: Colour = colour("ochre", "ocker", "#d29a2e");
pub(crate) static TERRACOTTA: Colour = colour("terracotta", "terrakotta", "#c4683f");
pub(crate) static RUST: Colour = colour("rust", "rost", "#9c4526");
pub(crate) static ROSE: Colour = colour("rose", "rosé", "#d99a94");
pub(crate) static BERRY: Colour = colour("berry", "beere", "#8a2f4e");
pub(crate) static SAGE: Colour = colour("sage", "salbei", "#9db08c");
pub(crate) static OLIVE: Colour = colour("olive", "oliv", "#737b3d");
pub(crate) static FOREST: Colour = colour("forest green", "tannengrün", "#2f5a43");
pub(crate) static SKY: Colour = colour("sky blue", "himmelblau", "#8db6cc");
pub(crate) static PETROL: Colour = colour("petrol", "petrol", "#1f6470");
pub(crate) static NAVY: Colour = colour("navy", "marine", "#26385c");
pub(crate) static GREY: Colour = colour("stone grey", "steingrau", "#a3a09a");
pub(crate) static CHARCOAL: Colour = colour("charcoal", "anthrazit", "#42444a");
pub(crate) static AMBER: Colour = colour("amber", "bernstein", "#c98232");
pub(crate) static SMOKE: Colour = colour("smoke", "rauchgrau", "#7d8589");
pub(crate) static NATURAL: Colour = colour("natural", "natur", "#d5ac78");
pub(crate) static WALNUT: Colour = colour("walnut", "nussbaum", "#7a5238");
pub(crate) static BLACK: Colour = colour("black", "schwarz", "#2b2a2a");
pub(crate) static COGNAC: Colour = colour("cognac", "cognac", "#a5602e");

pub(crate) type Palette = &'static [&'static Colour];

pub(crate) static CERAMIC: Palette = &[
    &WHITE,
    &CREAM,
    &SAND,
    &OCHRE,
    &TERRACOTTA,
    &ROSE,
    &SAGE,
    &FOREST,
    &SKY,
    &PETROL,
    &NAVY,
    &CHARCOAL,
];
pub(crate) static TEXTILE: Palette = &[
    &WHITE,
    &CREAM,
    &SAND,
    &OCHRE,
    &TERRACOTTA,
    &RUST,
    &ROSE,
    &BERRY,
    &SAGE,
    &OLIVE,
    &FOREST,
    &SKY,
    &PETROL,
    &NAVY,
    &GREY,
    &CHARCOAL,
];
pub(crate) static GLASS: Palette = &[&AMBER, &SMOKE, &SKY, &SAGE, &ROSE, &PETROL];
pub(crate) static ENAMEL: Palette = &[
    &CREAM, &RUST, &FOREST, &PETROL, &NAVY, &CHARCOAL, &OCHRE, &SKY,
];
pub(crate) static WOOD: Palette = &[&NATURAL, &WALNUT, &BLACK, &WHITE, &SAGE, &RUST];
pub(crate) static LEATHER: Palette =
    &[&COGNAC, &BLACK, &NAVY, &OLIVE, &SAND, &PETROL, &RUST, &GREY];

/// Materials: in English put before the noun ("oak chair"), in German after "aus" ("Stuhl aus Eiche").
pub(crate) const STONEWARE: Text = text("stoneware", "Steinzeug");
pub(crate) const PORCELAIN: Text = text("porcelain", "Porzellan");
pub(crate) const EARTHENWARE: Text = text("earthenware", "Steingut");
pub(crate) const CAST_IRON: Text = text("cast-iron", "Gusseisen");
pub(crate) const ENAMELLED_STEEL: Text = text("enamel", "Emaille");
pub(crate) const ALUMINIUM: Text = text("aluminium", "Aluminium");
pub(crate) const STEEL: Text = text("steel", "Stahl");
pub(crate) const GLASSWARE: Text = text("glass", "Glas");
pub(crate) const RECYCLED_GLASS: Text = text("recycled glass", "Altglas");
pub(crate) const LINEN: Text = text("linen", "Leinen");
pub(crate) const COTTON: Text = text("organic cotton", "Bio-Baumwolle");
pub(crate) const VELVET: Text = text("velvet", "Samt");
pub(crate) const WOOL: Text = text("lambswool", "Lammwolle");
pub(crate) const MERINO: Text = text("merino", "Merinowolle");
pub(crate) const ALPACA: Text = text("alpaca", "Alpakawolle");
pub(crate) const SOY_WAX: Text = text("soy wax", "Sojawachs");
pub(crate) const BEESWAX: Text = text("beeswax", "Bienenwachs");
pub(crate) const PAPER: Text = text("paper", "Papier");
pub(crate) const OAK: Text = text("oak", "Eiche");
pub(crate) const ASH: Text = text("ash", "Esche");
pub(crate) const BEECH: Text = text("beech", "Buche");
pub(crate) const PERCALE: Text = text("percale", "Perkal");
pub(crate) const TERRY: Text = text("terry", "Frottee");
pub(crate) const WAFFLE: Text = text("waffle piqué", "Waffelpikee");
pub(crate) const CANVAS: Text = text("canvas", "Segeltuch");
pub(crate) const LEATHER_HIDE: Text = text("leather", "Leder");
pub(crate) const RECYCLED: Text = text("recycled polyester", "Recyclingpolyester");
pub(crate) const SUEDE: Text = text("suede", "Wildleder");
pub(crate) const FLANNEL: Text = text("flannel", "Flanell");

/// A maker, and the departments (their English slugs) that it makes things for.
#[derive(Debug)]
pub(crate) struct Brand {
    pub(crate) name: &'static str,
    pub(crate) departments: &'static [&'static str],
}

const fn brand(name: &'static str, departments: &'static [&'static str]) -> Brand {
    Brand { name, departments }
}

/// Invented, every one. Most work in one or two departments, so that a taste for a brand says something.
pub(crate) static BRANDS: &[Brand] = &[
    brand("Avelund", &["kitchen", "living"]),
    brand("Birkholt", &["furniture", "lighting"]),
    brand("Corvane", &["lighting"]),
    brand("Dunmeer", &["bed-bath", "living"]),
    brand("Elmsworthy", &["kitchen"]),
    brand("Fjordlin", &["clothing", "bed-bath"]),
    brand("Grauwald", &["furniture", "kitchen"]),
    brand("Heidekrug", &["kitchen", "living"]),
    brand("Ilsebill", &["clothing"]),
    brand("Jonna Vik", &["clothing", "bags-shoes"]),
    brand("Kestrel Row", &["bags-shoes"]),
    brand("Lunwick", &["lighting", "living"]),
    brand("Marlo & Finch", &["clothing", "bags-shoes"]),
    brand("Nebelhorn", &["bags-shoes", "clothing"]),
    brand("Oak & Ember", &["furniture", "living"]),
    brand("Pfauenauge", &["living", "bed-bath"]),
    brand("Quillmere", &["bed-bath"]),
    brand("Rauhreif", &["kitchen", "lighting"]),
    brand("Söderhag", &["furniture", "lighting"]),
    brand("Tindra", &["living", "kitchen"]),
    brand("Uhlenbusch", &["clothing"]),
    brand("Vesterbro Mill", &["bed-bath", "clothing"]),
    brand("Wollweber", &["clothing", "living"]),
    brand("Yarrowby", &["bags-shoes", "furniture"]),
];

/// Names of models; one model comes in several colours.
pub(crate) static MODELS: &[&str] = &[
    "Alva", "Amrum", "Anni", "Arlo", "Aspen", "Bela", "Birk", "Bodil", "Bruno", "Calla", "Carl",
    "Clio", "Dagny", "Dora", "Edda", "Elin", "Emil", "Enno", "Esther", "Fanö", "Fenja", "Finn",
    "Freya", "Gesa", "Greta", "Gustav", "Hanne", "Hedda", "Henri", "Hygge", "Ida", "Ilse", "Inga",
    "Ivar", "Jarl", "Jette", "Juna", "Jule", "Kai", "Karla", "Kirsa", "Knut", "Lale", "Lasse",
    "Leif", "Lene", "Linus", "Liv", "Lotta", "Malin", "Mare", "Matti", "Merle", "Mika", "Milla",
    "Momme", "Nele", "Nils", "Nora", "Odin", "Okka", "Oleander", "Oslo", "Pelle", "Pia", "Quinn",
    "Ragna", "Rieke", "Romy", "Rune", "Selma", "Silje", "Skagen", "Solveig", "Sören", "Stine",
    "Svea", "Sylt", "Thea", "Tilda", "Tjark", "Tove", "Ulme", "Umea", "Vera", "Vilja", "Wanda",
    "Wiebke", "Yara", "Ylvi", "Zeno", "Zora",
];
