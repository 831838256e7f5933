//! The drawings of furniture, bed and bath, and of what people wear; see [`super::shapes`] for the rules.

use super::shapes::{Drawing, Shape};

pub(super) fn drawing(shape: Shape) -> Drawing {
    let (behind, body, front) = match shape {
        Shape::Chair => (
            r##"<path d="M134 212l-14 110M266 212l14 110M150 212l-4 96M250 212l4 96" stroke="{d}" stroke-width="12" stroke-linecap="round"/><path d="M146 60v160M254 60v160" stroke="{d}" stroke-width="12" stroke-linecap="round"/>"##,
            "M138 70q62-22 124 0v44q-62-18-124 0zM112 206q88-22 176 0q10 4 10 16q-98 18-196 0q0-12 10-16z",
            r##"<path d="M172 116v84M200 112v84M228 116v84" stroke="{c}" stroke-width="8" stroke-linecap="round"/>"##,
        ),
        Shape::Stool => (
            r##"<path d="M142 200l-30 122M258 200l30 122M176 200l-8 104M224 200l8 104M126 270h148" stroke="{d}" stroke-width="13" stroke-linecap="round"/>"##,
            "M104 186q0-24 96-24t96 24v10q0 20-96 20t-96-20z",
            r##"<ellipse cx="200" cy="184" rx="96" ry="21" fill="{l}" opacity=".5"/>"##,
        ),
        Shape::SideTable => (
            r##"<path d="M120 170l-18 152M280 170l18 152M164 170l-4 132M236 170l4 132" stroke="{d}" stroke-width="11" stroke-linecap="round"/>"##,
            "M68 152q0-24 132-24t132 24v12q0 24-132 24t-132-24z",
            r##"<ellipse cx="200" cy="150" rx="132" ry="22" fill="{l}" opacity=".45"/><path d="M232 116h44l-3 28q-19 8-38 0z" fill="#f6f2ea"/><path d="M276 120q18 0 14 14q-4 6-15 5" stroke="#f6f2ea" stroke-width="5" fill="none"/><path d="M118 134h70l8 12h-84z" fill="#7d4b3a"/><path d="M116 146h80v7h-80z" fill="#efe6d6"/>"##,
        ),
        Shape::TrayTable => (
            r##"<path d="M110 164l170 158M290 164L120 322" stroke="{d}" stroke-width="12" stroke-linecap="round"/>"##,
            "M70 128h16v26h228v-26h16v38q0 14-14 14h-232q-14 0-14-14z",
            r##"<path d="M150 152v-20q0-18 22-18t22 18v20z" fill="#dfe6e4"/><path d="M182 114q6-46 30-60" stroke="#6d7b52" stroke-width="4" fill="none"/><path d="M212 54q22 2 20 22q-22-2-20-22zM192 82q-18-10-26 6q16 10 26-6z" fill="#8a9a6b"/>"##,
        ),
        Shape::BedLinen => (
            r##"<rect x="40" y="120" width="320" height="170" rx="12" fill="#b48a5e"/><path d="M56 300v26M344 300v26" stroke="#8d6842" stroke-width="14" stroke-linecap="round"/><rect x="44" y="222" width="312" height="80" rx="10" fill="#fbf9f4"/><path d="M70 168q60-16 118 0q8 34 0 62q-60 12-118 0q-8-30 0-62zM212 168q60-16 118 0q8 34 0 62q-60 12-118 0q-8-30 0-62z" fill="{l}"/>"##,
            "M36 226q82-20 164-4t164 4v76q0 14-14 14h-300q-14 0-14-14z",
            r##"<path d="M36 226q82-20 164-4t164 4v20q-82 4-164-8t-164 10z" fill="{l}"/><path d="M110 252q-8 34-30 60M232 246q10 36 0 66M310 252q12 30 34 52" stroke="{d}" stroke-width="4" fill="none" opacity=".5"/>"##,
        ),
        Shape::Pillow => (
            r##"<path d="M62 132q140-34 286 0q24 76 0 160q-146 30-286 0q-24-84 0-160z" fill="#000" opacity=".1"/>"##,
            "M58 118q142-34 284 0q24 80 0 164q-142 32-284 0q-24-84 0-164z",
            r##"<path d="M284 108q20 88 0 182" stroke="{d}" stroke-width="4" fill="none" opacity=".6"/><circle cx="310" cy="160" r="6" fill="{l}"/><circle cx="314" cy="200" r="6" fill="{l}"/><circle cx="310" cy="240" r="6" fill="{l}"/><path d="M82 136q24 14 34 36M82 264q24-12 32-32" stroke="{d}" stroke-width="4" stroke-linecap="round" fill="none" opacity=".45"/>"##,
        ),
        Shape::Towel => (
            r##"<path d="M80 92h240" stroke="#b08b55" stroke-width="12" stroke-linecap="round"/>"##,
            "M126 84q74-14 148 0v228h-148z",
            r##"<path d="M126 266h148M126 284h148" stroke="{d}" stroke-width="7" opacity=".7"/><path d="M128 314v14M146 314v14M164 314v14M182 314v14M200 314v14M218 314v14M236 314v14M254 314v14M272 314v14" stroke="{c}" stroke-width="5" stroke-linecap="round"/><path d="M126 120q74-14 148 0" stroke="{d}" stroke-width="3" fill="none" opacity=".4"/>"##,
        ),
        Shape::TowelStack => (
            "",
            "M88 126h216q22 0 22 22t-22 24q16 2 16 24t-18 24q22 2 22 26t-20 24q18 4 14 26t-24 22h-200q-22 0-22-24t18-24q-22-2-22-24t22-24q-18-2-18-24t18-24q-22-4-22-26t20-22z",
            r##"<path d="M88 172h212M92 222h208M90 270h210" stroke="{d}" stroke-width="5" opacity=".65"/><path d="M270 126v46M270 172v50M270 222v48M270 270v50" stroke="{l}" stroke-width="9" opacity=".7"/>"##,
        ),
        Shape::Jumper => (
            "",
            "M148 92q52 30 104 0l62 26q14 6 18 22l30 142l-48 14l-30-98v128h-168v-128l-30 98l-48-14l30-142q4-16 18-22z",
            r##"<path d="M148 92q52 30 104 0l-8-8q-44 20-88 0z" fill="{d}"/><path d="M116 308h168v18h-168zM40 272l48-14l-2 28l-42 12zM360 272l-48-14l2 28l42 12z" fill="{d}" opacity=".55"/><path d="M116 198l14-64M284 198l-14-64" stroke="{d}" stroke-width="4" opacity=".5"/>"##,
        ),
        Shape::Cardigan => (
            r##"<path d="M160 84q40 70 80 0l-10 60h-60z" fill="#efe9dd"/>"##,
            "M148 90l52 92l52-92l62 28q14 6 18 22l30 142l-48 14l-30-98v128h-168v-128l-30 98l-48-14l30-142q4-16 18-22z",
            r##"<path d="M148 90l52 92v144M252 90l-52 92" stroke="{d}" stroke-width="9" fill="none"/><circle cx="210" cy="212" r="6" fill="#f4ead7"/><circle cx="210" cy="246" r="6" fill="#f4ead7"/><circle cx="210" cy="280" r="6" fill="#f4ead7"/><path d="M136 262h40v34h-40zM226 262h40v34h-40z" fill="none" stroke="{d}" stroke-width="4" opacity=".6"/>"##,
        ),
        Shape::Shirt => (
            "",
            "M152 88q48 34 96 0l86 48l-34 72l-32-16v136h-136v-136l-32 16l-34-72z",
            r##"<path d="M152 88q48 34 96 0l-9-6q-39 24-78 0z" fill="{d}"/><path d="M132 192l4-46M268 192l-4-46" stroke="{d}" stroke-width="4" opacity=".5"/><path d="M132 318h136" stroke="{d}" stroke-width="4" opacity=".5"/>"##,
        ),
        Shape::ButtonShirt => (
            "",
            "M152 86l48 26l48-26l64 32q14 8 18 22l28 138l-44 12l-32-94v132h-164v-132l-32 94l-44-12l28-138q4-14 18-22z",
            r##"<path d="M152 86l48 26l-30 34zM248 86l-48 26l30 34z" fill="{l}"/><path d="M200 112v216" stroke="{d}" stroke-width="4"/><circle cx="208" cy="160" r="5" fill="#fffdf7"/><circle cx="208" cy="200" r="5" fill="#fffdf7"/><circle cx="208" cy="240" r="5" fill="#fffdf7"/><circle cx="208" cy="280" r="5" fill="#fffdf7"/><path d="M224 176h38v36q-19 12-38 0z" fill="none" stroke="{d}" stroke-width="4" opacity=".6"/>"##,
        ),
        Shape::Scarf => (
            r##"<path d="M218 190l34 140h-62l-14-130z" fill="{d}"/><path d="M194 330l2 20M210 330l2 20M226 330l2 20M244 330l4 20" stroke="{d}" stroke-width="5" stroke-linecap="round"/>"##,
            "M112 96q88-44 176 0q30 46-6 84q-34 32-66 34l-20 116h-64l18-130q-30-12-46-34q-24-36 8-70z",
            r##"<path d="M134 130q66 34 132 0q16 20 0 30q-66 34-132 0q-16-12 0-30z" fill="{d}" opacity=".55"/><path d="M136 330v20M152 330v20M168 330v20M184 330v20" stroke="{c}" stroke-width="5" stroke-linecap="round"/><path d="M138 286h62M136 300h60" stroke="{l}" stroke-width="6"/>"##,
        ),
        Shape::Beanie => (
            "",
            "M92 262q-6-172 108-172t108 172z",
            r##"<path d="M84 246q116-26 232 0q8 2 8 12v34q0 10-10 10q-114-22-228 0q-10 0-10-10v-34q0-10 8-12z" fill="{d}"/><path d="M116 242v54M144 238v54M172 236v52M200 236v52M228 236v52M256 238v54M284 242v54" stroke="{c}" stroke-width="5" opacity=".7"/>"##,
        ),
        Shape::BobbleHat => (
            r##"<circle cx="200" cy="82" r="34" fill="{l}"/><circle cx="200" cy="82" r="35" fill="none" stroke="{l}" stroke-width="14" stroke-dasharray="7 3"/><circle cx="192" cy="76" r="20" fill="none" stroke="{c}" stroke-width="6" stroke-dasharray="5 6" opacity=".6"/>"##,
            "M92 268q-4-162 108-162t108 162z",
            r##"<path d="M84 252q116-26 232 0q8 2 8 12v32q0 10-10 10q-114-22-228 0q-10 0-10-10v-32q0-10 8-12z" fill="{l}"/><path d="M112 222l20-24l20 24l20-24l20 24l20-24l20 24l20-24l20 24l16-20" stroke="{l}" stroke-width="7" fill="none"/>"##,
        ),
        Shape::Backpack => (
            r##"<path d="M170 92q0-42 30-42t30 42" fill="none" stroke="{d}" stroke-width="12"/><path d="M112 190q-34 40-20 120M288 190q34 40 20 120" stroke="{d}" stroke-width="16" fill="none"/>"##,
            "M110 160q0-84 90-84t90 84v134q0 28-28 28h-124q-28 0-28-28z",
            r##"<path d="M130 222h140v72q0 12-12 12h-116q-12 0-12-12z" fill="{d}" opacity=".6"/><path d="M110 166q90 34 180 0" stroke="{d}" stroke-width="6" fill="none"/><path d="M144 236h112" stroke="{l}" stroke-width="5"/><rect x="186" y="168" width="28" height="34" rx="4" fill="#c9a163"/>"##,
        ),
        Shape::Tote => (
            r##"<path d="M148 150q-6-92 52-92t52 92" fill="none" stroke="{d}" stroke-width="13"/>"##,
            "M96 142h208l22 164q2 16-16 16h-220q-18 0-16-16z",
            r##"<path d="M96 142h208l2 14h-212z" fill="{d}" opacity=".6"/><rect x="166" y="206" width="68" height="44" rx="3" fill="{l}" opacity=".8"/><path d="M178 222h44M186 236h28" stroke="{d}" stroke-width="4"/><path d="M148 142v34M252 142v34" stroke="{d}" stroke-width="13" stroke-linecap="round"/>"##,
        ),
        _ => (
            r##"<path d="M50 290h302q16 0 16 14q0 18-22 18h-288q-20 0-20-20q0-12 12-12z" fill="#f5f1e8"/>"##,
            "M52 292q-8-84 6-112q26 20 62-6q10-10 18-24q18-4 36 6q20 62 84 86q36 12 76 14q32 4 32 36z",
            r##"<path d="M150 166l34-14M162 190l34-20M178 212l32-22M198 230l28-24" stroke="#fffdf7" stroke-width="7" stroke-linecap="round"/><path d="M54 230q34 0 44 62" stroke="{d}" stroke-width="6" fill="none"/><path d="M292 250q-22 14-26 42" stroke="{d}" stroke-width="5" fill="none" opacity=".7"/><path d="M48 306h318" stroke="{d}" stroke-width="3" opacity=".5"/>"##,
        ),
    };
    Drawing {
        behind,
        body,
        front,
    }
}
