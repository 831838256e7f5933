//! The drawings. Each is one closed outline, which takes the product's colour, pattern and shading, between what stands
//! behind it and what is in front of it. `{c}`, `{d}` and `{l}` are the colour, darker and lighter. The square is 400
//! wide; the floor is at 320.

/// Which drawing shows a product; the names say what is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Mug,
    Cup,
    Plate,
    Bowl,
    Pan,
    Pot,
    Carafe,
    Cushion,
    Throw,
    Vase,
    BudVase,
    Candle,
    JarCandle,
    TableLamp,
    DomeLamp,
    Pendant,
    Globe,
    Chair,
    Stool,
    SideTable,
    TrayTable,
    BedLinen,
    Pillow,
    Towel,
    TowelStack,
    Jumper,
    Cardigan,
    Shirt,
    ButtonShirt,
    Scarf,
    Beanie,
    BobbleHat,
    Backpack,
    Tote,
    Trainer,
}

/// The parts of a drawing, back to front.
pub(super) struct Drawing {
    pub(super) behind: &'static str,
    /// Path data.
    pub(super) body: &'static str,
    pub(super) front: &'static str,
}

impl Shape {
    /// Whether it stands on a floor; everything else lies or hangs in front of a wall.
    pub(super) fn stands(self) -> bool {
        use Shape::*;
        !matches!(
            self,
            Plate
                | Cushion
                | Pillow
                | Pendant
                | Globe
                | Towel
                | Jumper
                | Cardigan
                | Shirt
                | ButtonShirt
                | Scarf
                | Beanie
                | BobbleHat
        )
    }

    /// Whether something may be printed or woven on it.
    pub(super) fn takes_pattern(self) -> bool {
        use Shape::*;
        !matches!(
            self,
            Pan | Pot
                | Carafe
                | JarCandle
                | Globe
                | Chair
                | Stool
                | SideTable
                | TrayTable
                | Trainer
                | DomeLamp
                | Pendant
        )
    }

    pub(super) fn drawing(self) -> Drawing {
        let (behind, body, front) = match self {
            Shape::Mug => (
                r##"<path d="M262 172c78-14 78 108-8 96" fill="none" stroke="{d}" stroke-width="20"/>"##,
                "M112 138h160l-8 162q-2 22-24 22h-96q-22 0-24-22z",
                r##"<ellipse cx="192" cy="138" rx="80" ry="18" fill="{l}"/><ellipse cx="192" cy="141" rx="70" ry="13" fill="#4b3325"/>"##,
            ),
            Shape::Cup => (
                r##"<ellipse cx="200" cy="312" rx="118" ry="18" fill="{d}"/><ellipse cx="200" cy="307" rx="118" ry="16" fill="{l}"/>"##,
                "M134 186h132q0 84-36 118h-60q-36-34-36-118z",
                r##"<ellipse cx="200" cy="186" rx="66" ry="15" fill="{l}"/><ellipse cx="200" cy="189" rx="57" ry="10" fill="#3a251a"/>"##,
            ),
            Shape::Plate => (
                r##"<circle cx="206" cy="210" r="140" fill="#000" opacity=".12"/>"##,
                "M200 60a140 140 0 0 1 0 280a140 140 0 0 1 0-280z",
                r##"<circle cx="200" cy="200" r="92" fill="{l}" opacity=".35"/><circle cx="200" cy="200" r="92" fill="none" stroke="{d}" stroke-width="3" opacity=".55"/><circle cx="200" cy="200" r="136" fill="none" stroke="{d}" stroke-width="4" opacity=".45"/>"##,
            ),
            Shape::Bowl => (
                "",
                "M70 196h260q-2 96-76 116q-8 10-24 10h-60q-16 0-24-10q-74-20-76-116z",
                r##"<ellipse cx="200" cy="196" rx="130" ry="27" fill="{l}"/><ellipse cx="200" cy="200" rx="118" ry="21" fill="{d}"/>"##,
            ),
            Shape::Pan => (
                r##"<path d="M272 240l104-30" stroke="#4a3b2f" stroke-width="19" stroke-linecap="round"/>"##,
                "M42 234h244l-14 68q-4 20-24 20h-168q-20 0-24-20z",
                r##"<ellipse cx="164" cy="234" rx="122" ry="24" fill="{l}"/><ellipse cx="164" cy="238" rx="112" ry="18" fill="#35302c"/>"##,
            ),
            Shape::Pot => (
                r##"<path d="M92 232h-32v34h34M308 232h32v34h-34" fill="none" stroke="{d}" stroke-width="14" stroke-linejoin="round"/>"##,
                "M88 206h224v82q0 34-34 34h-156q-34 0-34-34z",
                r##"<path d="M82 206q10-46 118-46t118 46z" fill="{c}"/><path d="M82 206q10-46 118-46t118 46z" fill="url(#shade)"/><path d="M80 204h240v10h-240z" fill="{d}"/><rect x="182" y="138" width="36" height="24" rx="10" fill="#c9a163"/>"##,
            ),
            Shape::Carafe => (
                "",
                "M170 76h60v62q0 20 22 46q40 50 30 108q-4 30-36 30h-92q-32 0-36-30q-10-58 30-108q22-26 22-46z",
                r##"<path d="M130 236q70 16 140 0q16 30 10 58q-4 24-34 24h-92q-30 0-34-24q-6-28 10-58z" fill="#fff" opacity=".3"/><path d="M142 250q-12 28-6 50" stroke="#fff" stroke-width="8" stroke-linecap="round" fill="none" opacity=".65"/><ellipse cx="200" cy="77" rx="30" ry="7" fill="{l}"/>"##,
            ),
            Shape::Cushion => (
                r##"<path d="M96 108q110 26 224 0q-26 110 0 220q-112-26-224 0q26-112 0-220z" fill="#000" opacity=".12"/>"##,
                "M86 90q114 26 228 0q-26 112 0 226q-114-26-228 0q26-114 0-226z",
                r##"<path d="M86 90q114 26 228 0q-26 112 0 226q-114-26-228 0q26-114 0-226z" fill="none" stroke="{d}" stroke-width="5"/><path d="M120 128q24 14 34 36M284 130q-26 12-36 34M118 282q24-14 32-32" stroke="{d}" stroke-width="4" stroke-linecap="round" fill="none" opacity=".5"/>"##,
            ),
            Shape::Throw => (
                r##"<path d="M84 306h232v16h-232z" fill="{d}"/>"##,
                "M80 180q0-42 42-42h160q38 0 38 38v110q0 24-24 24h-192q-24 0-24-24z",
                r##"<path d="M80 200q0-28 42-28h160q38 0 38 28M80 246h240" stroke="{d}" stroke-width="5" fill="none" opacity=".7"/><path d="M96 310v20M116 310v20M136 310v20M156 310v20M176 310v20M196 310v20M216 310v20M236 310v20M256 310v20M276 310v20M296 310v20" stroke="{c}" stroke-width="5" stroke-linecap="round"/>"##,
            ),
            Shape::Vase => (
                r##"<path d="M198 110q-8-50-44-76M202 110q4-50 40-84M200 110v-92" stroke="#6d7b52" stroke-width="4" fill="none"/><path d="M152 34q-22 4-20 24q22 0 20-24zM170 54q4-24-18-28q-4 24 18 28zM244 26q24 0 26 22q-26 4-26-22zM226 48q-4-24 18-30q6 24-18 30zM200 18q16 14 0 34q-16-20 0-34zM206 74q20-14 32 4q-18 14-32-4zM192 80q-20-12-30 6q18 12 30-6z" fill="#8a9a6b"/>"##,
                "M168 104h64q-8 46 20 74q44 46 28 100q-12 44-52 44h-56q-40 0-52-44q-16-54 28-100q28-28 20-74z",
                r##"<ellipse cx="200" cy="104" rx="32" ry="7" fill="{d}"/><path d="M142 214q-14 34-4 66" stroke="#fff" stroke-width="7" stroke-linecap="round" fill="none" opacity=".35"/>"##,
            ),
            Shape::BudVase => (
                r##"<path d="M200 170q-2-70 14-112" stroke="#6d7b52" stroke-width="5" fill="none"/><path d="M206 112q30-20 44 8q-28 16-44-8zM202 138q-30-14-40 12q26 14 40-12z" fill="#8a9a6b"/><path d="M214 62q-26-14-12-38q8 8 12 0q6 8 14 2q12 26-14 36z" fill="#d9776a"/>"##,
                "M184 150h32v46q58 24 46 88q-8 38-38 38h-48q-30 0-38-38q-12-64 46-88z",
                r##"<ellipse cx="200" cy="150" rx="16" ry="4" fill="{d}"/><path d="M154 246q-8 22-1 42" stroke="#fff" stroke-width="7" stroke-linecap="round" fill="none" opacity=".35"/>"##,
            ),
            Shape::Candle => (
                r##"<ellipse cx="200" cy="318" rx="84" ry="13" fill="#b59a6a"/>"##,
                "M150 150q50 16 100 0v160q-50 18-100 0z",
                r##"<ellipse cx="200" cy="150" rx="50" ry="11" fill="{l}"/><path d="M200 152v-28" stroke="#3b332c" stroke-width="4"/><path d="M200 66q26 36 0 62q-26-26 0-62z" fill="#f3b544"/><path d="M200 92q12 18 0 32q-12-14 0-32z" fill="#fff3d0"/>"##,
            ),
            Shape::JarCandle => (
                "",
                "M118 176h164v122q0 24-24 24h-116q-24 0-24-24z",
                r##"<path d="M118 176h164v30q-82 16-164 0z" fill="#fff" opacity=".45"/><ellipse cx="200" cy="176" rx="82" ry="15" fill="{l}"/><path d="M200 178v-24" stroke="#3b332c" stroke-width="4"/><path d="M200 102q24 32 0 56q-24-24 0-56z" fill="#f3b544"/><path d="M200 126q10 16 0 28q-10-12 0-28z" fill="#fff3d0"/><rect x="152" y="228" width="96" height="58" rx="3" fill="#fffdf7" opacity=".92"/><path d="M166 246h68M176 260h48M184 273h32" stroke="#6b6257" stroke-width="4"/>"##,
            ),
            Shape::TableLamp => (
                r##"<path d="M120 208L60 320h280L280 208z" fill="url(#glow)"/><path d="M194 200h12v104h-12z" fill="#8c6a45"/><path d="M138 322q0-22 62-22t62 22z" fill="#6d5136"/>"##,
                "M150 88h100l44 122h-188z",
                r##"<ellipse cx="200" cy="210" rx="94" ry="10" fill="#fff0bd"/><ellipse cx="200" cy="88" rx="50" ry="7" fill="{d}"/>"##,
            ),
            Shape::DomeLamp => (
                r##"<path d="M176 196h48l10 110h-68z" fill="{d}"/><ellipse cx="200" cy="312" rx="72" ry="14" fill="{d}"/><path d="M100 204l-34 112h268l-34-112z" fill="url(#glow)"/>"##,
                "M88 202a112 108 0 0 1 224 0z",
                r##"<ellipse cx="200" cy="202" rx="112" ry="15" fill="#fff0bd"/><circle cx="200" cy="92" r="9" fill="#c9a163"/>"##,
            ),
            Shape::Pendant => (
                r##"<path d="M200 0v120" stroke="#3a3632" stroke-width="5"/><rect x="186" y="106" width="28" height="34" rx="6" fill="#c9a163"/><path d="M88 262L40 400h320L312 262z" fill="url(#glow)"/>"##,
                "M80 262q0-130 120-130t120 130z",
                r##"<ellipse cx="200" cy="262" rx="120" ry="17" fill="{d}"/><ellipse cx="200" cy="264" rx="54" ry="9" fill="#fff3cf"/>"##,
            ),
            Shape::Globe => (
                r##"<path d="M200 0v110" stroke="#3a3632" stroke-width="5"/><circle cx="200" cy="218" r="150" fill="#fff2c4" opacity=".55"/>"##,
                "M200 112a106 106 0 0 1 0 212a106 106 0 0 1 0-212z",
                r##"<rect x="172" y="94" width="56" height="30" rx="8" fill="#c9a163"/><circle cx="200" cy="222" r="46" fill="#fff6da" opacity=".3"/><path d="M126 190q12-38 46-54" stroke="#fff" stroke-width="9" stroke-linecap="round" fill="none" opacity=".6"/>"##,
            ),
            other => return super::shapes_wear::drawing(other),
        };
        Drawing {
            behind,
            body,
            front,
        }
    }
}
