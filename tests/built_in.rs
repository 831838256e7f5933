//! The templates that a shop can use without writing any, and the words in them.
#![cfg(feature = "authoring")]

mod common;

use common::{SITE, ambient, get, source_with};
use tailorbird::plan::{Card, Fill};
use tailorbird::rewrite::render;
use tailorbird::site::template::{Field, Op};
use tailorbird::site::{Code, Draft, Picture, STYLE_PATH, Site, Strategy, Template, parse};
use tailorbird::snapshot::write;
use tailorbird::{Decision, Engine, LocalResponse};

const NAMES: [&str; 3] = [
    "tailorbird/list",
    "tailorbird/carousel",
    "tailorbird/banner",
];

/// A shop in these languages with one slot.
fn shop(langs: &[&str], slot: &str) -> String {
    let locales = langs.iter().map(|lang| {
        format!("[[locale]]\nlang = \"{lang}\"\nprefix = \"/{lang}/\"\ncurrency = \"EUR\"\n")
    });
    format!(
        "[shop]\nname = \"S\"\nstylesheet = true\npicture = {{ width = 240, height = 320 }}\n{}\
         [[page]]\nkind = \"home\"\npaths = [\"/**\"]\n\
         [[slot]]\nname = \"for-you\"\npages = [\"home\"]\nselector = \"main\"\n\
         strategies = [\"recently_viewed\", \"top_sellers\"]\n{slot}\n",
        locales.collect::<String>()
    )
}

fn site(text: &str) -> Site {
    parse("site.toml", text).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

fn template<'s>(site: &'s Site, name: &str) -> &'s Template {
    let found = site.templates.iter().find(|template| template.name == name);
    found.expect("the template")
}

/// What a slot of two items says, one of them reduced and without a brand and a picture.
fn fill(site: &Site, locale: usize) -> Fill {
    let slot = &site.slots[0];
    let card = Card {
        id: "M-1".into(),
        title: "Mug & saucer".into(),
        link: "/p/mug".into(),
        image: "/i/mug.jpg".into(),
        brand: "Ulme".into(),
        price: "9,00 €".into(),
        old_price: String::new(),
    };
    let reduced = Card {
        id: "M-2".into(),
        title: "Pot".into(),
        link: "/p/pot".into(),
        price: "15,00 €".into(),
        old_price: "20,00 €".into(),
        ..Card::default()
    };
    Fill {
        name: slot.name.clone(),
        title: slot.titles[0][locale].clone(),
        lang: site.locales[locale].lang.clone(),
        locale,
        strategy: "recently_viewed",
        reason: slot
            .reasons
            .first()
            .map_or(String::new(), |reason| reason[locale].clone()),
        from_history: true,
        why: "/_tailorbird/why?locale=%2Fde%2F&strategy=recently_viewed&item=".into(),
        picture: site.picture,
        items: vec![card, reduced],
        ..Fill::default()
    }
}

#[test]
fn a_filled_list_reads_so() {
    let site = site(&shop(&["de"], "template = \"tailorbird/list\""));
    let html = render(template(&site, "tailorbird/list"), &fill(&site, 0));
    let address = html.split('"').find(|part| part.starts_with(STYLE_PATH));
    let address = address.expect("a link to the style");
    let expected = r#"<section class="tb-slot tb-list" data-slot="for-you" data-strategy="recently_viewed" lang="de" aria-labelledby="tb-for-you"><link rel="stylesheet" href="STYLE">
<h2 class="tb-heading" id="tb-for-you">Zuletzt angesehen</h2>
<ul class="tb-items" role="list">
<li class="tb-item" data-id="M-1"><a class="tb-card" href="/p/mug"><img class="tb-picture" src="/i/mug.jpg" width="240" height="320" alt="" loading="lazy" decoding="async"><span class="tb-brand">Ulme</span> <span class="tb-title">Mug &amp; saucer</span> <span class="tb-price">9,00 €</span></a></li>
<li class="tb-item" data-id="M-2"><a class="tb-card" href="/p/pot"><span class="tb-picture"></span><span class="tb-title">Pot</span> <span class="tb-price"><ins><span class="tb-hidden">Jetzt </span>15,00 €</ins> <del><span class="tb-hidden">Statt </span>20,00 €</del></span></a></li>
</ul>
<details class="tb-why"><summary>Warum sehe ich das?</summary><p>Das wurde in diesem Browser zuletzt angesehen. Nur ein Cookie in diesem Browser merkt es sich.</p><p><a href="/_tailorbird/why?locale=%2Fde%2F&amp;strategy=recently_viewed&amp;item=M-1" rel="nofollow">Mug &amp; saucer</a></p><p><a href="/_tailorbird/why?locale=%2Fde%2F&amp;strategy=recently_viewed&amp;item=M-2" rel="nofollow">Pot</a></p><form class="tb-forget" method="post" action="/_tailorbird/forget"><button>Vergessen, was ich angesehen habe</button></form></details>
</section>
"#;
    assert_eq!(html, expected.replace("STYLE", address));
}

#[test]
fn a_filled_banner_reads_so() {
    let site = site(&format!(
        "{}[[banner]]\nname = \"b\"\npages = [\"home\"]\nselector = \"main\"\ntemplate = \"tailorbird/banner\"\n",
        shop(&["en"], "template = \"tailorbird/banner\"").replace("= true", "= false")
    ));
    let fill = |link: &str, text: &str| Fill {
        name: "b".into(),
        title: "New here?".into(),
        text: text.into(),
        link: link.into(),
        lang: "en".into(),
        ..Fill::default()
    };
    let start = "<aside class=\"tb-banner\" data-banner=\"b\" lang=\"en\" aria-label=\"New here?\">\
                 <p class=\"tb-message\"><strong>New here?</strong>";
    for (link, text, rest) in [
        ("", "Welcome.", " Welcome.</p></aside>"),
        (
            "/mugs",
            "See mugs",
            "</p> <a class=\"tb-button\" href=\"/mugs\">See mugs</a></aside>",
        ),
        (
            "/mugs",
            "",
            "</p> <a class=\"tb-button\" href=\"/mugs\">Learn more</a></aside>",
        ),
    ] {
        let html = render(template(&site, "tailorbird/banner"), &fill(link, text));
        assert_eq!(html, format!("{start}{rest}\n"));
    }
}

#[test]
fn each_template_compiles_in_every_locale_and_speaks_its_language() {
    for name in NAMES {
        for (lang, word) in [
            ("en", "Why"),
            ("de-AT", "Warum"),
            ("en-IN", "Why"),
            ("fr", "Why"),
        ] {
            let site = site(&shop(&["pl", lang], &format!("template = \"{name}\"")));
            let html = render(template(&site, name), &fill(&site, 1));
            assert!(html.contains(&format!("lang=\"{lang}\"")), "{name} {lang}");
            assert_eq!(
                html.contains(word),
                name != "tailorbird/banner",
                "{name} {lang}: {html}"
            );
            assert!(!html.contains("<!--"), "{html}");
        }
    }
}

#[test]
fn every_strategy_gives_a_title_and_a_reason() {
    for (name, _) in Strategy::ALL {
        let text = shop(&["en", "de"], "template = \"tailorbird/list\"");
        let text = text.replace(
            "[\"recently_viewed\", \"top_sellers\"]",
            &format!("[\"{name}\"]"),
        );
        let site = site(&text);
        let slot = &site.slots[0];
        for texts in [&slot.titles[0], &slot.reasons[0]] {
            assert_eq!(texts.len(), 2, "{name}");
            assert!(
                texts.iter().all(|text| !text.is_empty()),
                "{name}: {texts:?}"
            );
        }
    }
}

#[test]
fn what_site_toml_says_wins() {
    let slot = "template = \"tailorbird/list\"\ntitles.top_sellers = { en = \"Hits\", fr = \"Tubes\" }\n\
                reasons = { top_sellers = { en = \"They sell.\", fr = \"Ils se vendent.\" } }\n\
                [words]\nwhy = { fr = \"Pourquoi ?\" }\nmore = \"…\"\n";
    let site = site(&shop(&["en", "fr"], slot));
    let read = &site.slots[0];
    assert_eq!(read.titles[1], ["Hits", "Tubes"]);
    assert_eq!(read.reasons[1], ["They sell.", "Ils se vendent."]);
    assert_eq!(
        read.titles[0][1], "Recently viewed",
        "English where nothing is said"
    );
    let locals: Vec<_> = template(&site, "tailorbird/list")
        .ops
        .iter()
        .filter_map(|op| match op {
            Op::Local(texts, _) => Some(texts.join("|")),
            _ => None,
        })
        .collect();
    assert!(
        locals.contains(&"Why this?|Pourquoi ?".to_owned()),
        "{locals:?}"
    );
    // A title that is said to be empty is no title, and a template of that name is the shop's own.
    let own = "[[template]]\nname = \"tailorbird/list\"\nsource = \"{{reason}}{{image_width}}\"\n";
    let text = shop(&["en"], "template = \"tailorbird/list\"\ntitle = \"\"");
    let site = self::site(&format!("{text}{own}"));
    assert_eq!(site.slots[0].titles[0], [""]);
    assert_eq!(
        template(&site, "tailorbird/list").ops.len(),
        2,
        "two holes and no more"
    );
    assert!(matches!(
        site.templates[0].ops[0],
        Op::Hole(Field::Reason, _)
    ));
    assert_eq!((site.style.as_str(), site.templates.len()), ("", 1));
}

#[test]
fn a_language_without_words_is_told() {
    let codes = |text: &str| -> Vec<Code> {
        let draft = Draft::read("site.toml", text);
        assert!(draft.site().is_some(), "{:?}", draft.errors());
        draft.errors().iter().map(|found| found.code).collect()
    };
    let list = "template = \"tailorbird/list\"";
    assert_eq!(codes(&shop(&["en", "de-AT"], list)), []);
    assert_eq!(codes(&shop(&["en", "fr", "pl"], list)), [Code::NoWords; 2]);
    let all = "why = \"W\"\nforget = \"F\"\nnow = \"N\"\nwas = \"W\"\nrail = \"R\"\nmore = \"M\"\n";
    assert_eq!(
        codes(&shop(&["fr"], &format!("{list}\n[words]\n{all}"))),
        []
    );
}

#[test]
fn pictures_have_the_size_that_the_shop_says() {
    let said = site(&shop(&["en"], "template = \"tailorbird/list\""));
    let expected = Picture {
        width: 240,
        height: 320,
    };
    assert_eq!(said.picture, expected);
    assert!(said.style.contains("aspect-ratio: 240 / 320;"));
    let unsaid = shop(&["en"], "template = \"tailorbird/list\"");
    let unsaid = unsaid.replace("picture = { width = 240, height = 320 }\n", "");
    assert!(site(&unsaid).style.contains("aspect-ratio: 300 / 300;"));
    let wrong = unsaid.replace(
        "stylesheet = true",
        "picture = { width = 0, height = 4097 }",
    );
    let draft = Draft::read("site.toml", &wrong);
    let codes: Vec<Code> = draft.errors().iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::OutOfRange; 2]);
}

fn asked(engine: &Engine, target: &str) -> LocalResponse {
    match engine.visit(&get(target, &[]), &ambient()) {
        Decision::Respond(response) => response,
        _ => panic!("{target} was forwarded"),
    }
}

fn cache(response: &LocalResponse) -> &str {
    let found = response
        .headers
        .iter()
        .find(|(name, _)| *name == "cache-control");
    found.map_or("", |(_, value)| value.as_str())
}

#[test]
fn the_style_is_served_under_the_address_that_pages_link() {
    let text = SITE.replace("template = \"shelf\"", "template = \"tailorbird/carousel\"");
    let engine = Engine::open(write(&source_with(&text)).expect("writes")).expect("opens");
    let site = site(&text);
    let link = template(&site, "tailorbird/carousel").ops.iter();
    let mut link = link.filter_map(|op| match op {
        Op::Text(text) => text.split('"').find(|part| part.starts_with(STYLE_PATH)),
        _ => None,
    });
    let address = link.next().expect("a link");
    let response = asked(&engine, address);
    assert_eq!(
        (response.status, response.body),
        (200, site.style.clone().into_bytes())
    );
    assert_eq!(
        cache(&asked(&engine, address)),
        "public, max-age=31536000, immutable"
    );
    for other in [STYLE_PATH, "/_tailorbird/style.css?v=0000000000000000"] {
        let response = asked(&engine, other);
        assert_eq!(
            (response.status, cache(&response)),
            (200, "public, max-age=60")
        );
    }
    // Nothing of it where nothing needs it.
    let engine = Engine::open(write(&source_with(SITE)).expect("writes")).expect("opens");
    assert_eq!(asked(&engine, STYLE_PATH).status, 404);
    assert_eq!(asked(&Engine::closed("none"), STYLE_PATH).status, 404);
}
