//! The scanner in front of lol_html: whatever a page is made of and wherever its chunks end, what leaves is what
//! lol_html makes of the whole page.

mod common;

use common::rewriting::looked_at_all;
use common::{SITE, ambient, engine_with, get};
use proptest::prelude::*;
use tailorbird::{Decision, Engine, Outcome, ResponseHead, Rewriter};

/// What markup is made of where readers of it disagree. Whatever opens is closed somewhere, in any order.
const WORDS: &[&str] = &[
    "<ul class=products>",
    "<UL CLASS='a products'>",
    "<ul>",
    "</ul>",
    "<li class=tile><a href=/en/p/item-3>x</a></li>",
    "<li class=\"tile\"><a href=/en/p/item-2>x",
    "<li class=tile data-Id=item-7>",
    "<li class=tile><article><a class=x HREF='/en/p/item-1'></a><a href=/en/p/item-9></a></article></li>",
    "<li>",
    "</li>",
    "<ol>",
    "</ol>",
    "<b DATA-slot>",
    "</b>",
    "<h2>",
    "<a href=x>",
    "</a>",
    "<div class=\"a>b\">",
    "<div id=here>",
    "</div>",
    "<main>",
    "</main>",
    "<section class=hero>",
    "</section>",
    "<p class=hero>",
    "<x-a-long-name class=hero>",
    "<textarea-x>",
    "</textarea-x>",
    "<basefont-x>",
    "<path d=M0/>",
    "</x-a-long-name>",
    "</x-a-long-none>",
    "<img class=hero>",
    "<br/>",
    "</br>",
    "</p>",
    "<title>",
    "</title>",
    "<textarea>",
    "</TextArea >",
    "<style>",
    "</style>",
    "<style/>",
    "<script>",
    "<script src=x>",
    "<b title=>",
    "<SCRIPT a='>'>",
    "</script>",
    "</script ",
    "</scripts>",
    "<noscript>",
    "</noscript x=\"</noscript>\">",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!--->",
    "--",
    "-",
    "<!",
    "<!doctype html>",
    "<![CDATA[",
    "]]>",
    "<?",
    "</>",
    "</ >",
    "<",
    ">",
    "/>",
    "/",
    "=",
    "\"",
    "'",
    " ",
    "a",
    "text",
    "<svg>",
    "<svg class=hero>",
    "<svg/>",
    "</svg>",
    "<g>",
    "<g class=hero>",
    "</g>",
    "<path d=\"M0\"/>",
    "<desc>",
    "</desc>",
    "<foreignObject>",
    "<math>",
    "</math>",
    "<mi>",
    "<plaintext>",
    "<a href=/en/p/item-4 ",
    "<meta charset=windows-1252>",
    "<table><tr><td class=hero>",
    "</table>",
    "<select><option>",
    "<template>",
    "</template>",
    "\u{E9}",
    "\0",
];

/// Where the site's places stand: at elements, in them, at their ends, below others, at the second.
const PLACES: &[(&str, &str)] = &[
    (".hero", "before"),
    (".hero", "append"),
    ("section.hero", "after"),
    ("p.hero", "append"),
    ("main", "prepend"),
    ("main .hero", "after"),
    ("div.a, x-a-long-name", "before"),
    ("#here li", "append"),
    ("td.hero", "after"),
    ("title", "after"),
    ("section", "replace"),
    ("main > ul", "replace"),
    ("br", "after"),
    ("script", "after"),
    ("[data-slot]", "append"),
    ("main [data-slot] a", "before"),
    ("ul > *", "after"),
    ("li", "append"),
    ("h2", "after"),
];

fn engine(places: impl IntoIterator<Item = usize>, list: usize) -> Engine {
    engine_with(&site(places, list))
}

fn site(places: impl IntoIterator<Item = usize>, list: usize) -> String {
    let list = ["ul.products", "div ul", "main .products", "x-none"][list];
    let mut site = SITE.replace("ul.products", list);
    assert!(site.contains("tile = \"li.tile\""));
    site += "[[template]]\nname = \"x\"\nsource = \"<x-b>{{title}}</x-b>\"\n";
    for place in places {
        let (selector, position) = PLACES[place];
        site += &format!(
            "[[banner]]\nname = \"b{place}\"\npages = [\"listing\"]\nselector = \"{selector}\"\nnth = {nth}\n\
             position = \"{position}\"\ntemplate = \"x\"\ntitle = \"B{place}\"\n",
            nth = 1 + place % 2
        );
    }
    site
}

fn rewriter(engine: &Engine, content_type: &str) -> Rewriter {
    let Decision::Forward(visit) = engine.visit(&get("/en/c/x", &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    let head = ResponseHead {
        status: 200,
        headers: vec![("content-type", content_type.into())],
        body_is_decoded: false,
    };
    match visit.origin_head(&head) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        outcome => panic!("not rewritten: {outcome:?}"),
    }
}

fn check(engine: &Engine, content_type: &str, page: &[u8], chunks: &[usize]) {
    let (whole, told) = looked_at_all(rewriter(engine, content_type), page);
    for chunk in chunks {
        let mut rewriter = rewriter(engine, content_type);
        let mut out = Vec::new();
        for part in page.chunks((*chunk).max(1)) {
            rewriter.push(part, &mut out).expect("not encoded");
        }
        let exposures = rewriter.finish(&mut out).expect("not encoded");
        assert_eq!(
            (out.escape_ascii().to_string(), exposures),
            (whole.escape_ascii().to_string(), told.clone()),
            "chunks of {chunk}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2000), ..ProptestConfig::default() })]

    #[test]
    fn any_page_is_what_lol_html_makes_of_it(
        words in proptest::collection::vec(0..WORDS.len(), 0..40),
        places in proptest::collection::btree_set(0..PLACES.len(), 0..4),
        list in 0..4usize,
        names_charset in any::<bool>(),
        chunk in 1..40usize,
    ) {
        let page: String = words.iter().map(|word| WORDS[*word]).collect();
        let content_type = if names_charset { "text/html; charset=utf-8" } else { "text/html" };
        check(&engine(places, list), content_type, page.as_bytes(), &[chunk, page.len()]);
    }
}

/// So many of these are whole tiles: in a page with little else, some lists are put in order.
const WHOLE: usize = 10;

/// What lists are made of, in and around tiles that end or do not.
const IN_LISTS: &[&str] = &[
    "<li class=tile><a href=/en/p/item-5>x</a></li>",
    "<li class=tile><b><a href=/en/p/item-2>x</a></b></li>",
    "<li class=tile><a href=/en/p/item-9>x</a>",
    "<li class=tile data-id=item-1><i data-id=item-8>x</i></li>",
    "<li class=tile><p class=hero><a href=/en/x>x</a><a href=/en/p/item-3>x</a></li>",
    "<li class=tile><ul><li>x</ul><a href=/en/p/item-4>x</a>",
    "<li class=tile><ul><li>x</li></ul><div><a href=/en/p/item-7>x</a></div></li>",
    "<li class=tile><svg class=hero><g/></svg><a href=/en/p/item-6>x</a></li>",
    "<td class=tile><a href=/en/p/item-1>x</a>",
    "<td class=tile data-id=item-5><table><tr><td>x</table></td>",
    "<li class=tile>",
    "<li class='a tile' data-id=item-6>",
    "<LI CLASS=\"tile\" Data-ID='item-8' data-id=item-1>",
    "<li class=Tile>",
    "<li class>",
    "<li>",
    "</li>",
    "</LI >",
    "<div class=tile>",
    "<div class=\"tile\"data-id=item-3>",
    "<div>",
    "</div>",
    "<a class=tile href=/en/p/item-4>",
    "<a href='/en/p/item-5'>",
    "<a HREF = /en/p/item-2 href=/en/p/item-9>",
    "<a href>",
    "<a href=/en/c/x title=\"\u{E9}\">",
    "<a title='href=/en/p/item-1'>",
    "</a>",
    "<b data-slot>",
    "</b>",
    "<i data-id=item-2/>",
    "<img class=tile data-id=item-7>",
    "<math class=tile>",
    "<svg class=tile>",
    "<g>",
    "</svg>",
    "<title>",
    "</title>",
    "<script class=tile>",
    "<!--<script>",
    "</script>",
    "<ul class=products>",
    "<ul>",
    "</ul>",
    "<ol class=tile>",
    "</ol>",
    "<table>",
    "<tr>",
    "<td class=tile>",
    "<th>",
    "</td>",
    "</tr>",
    "</table>",
    "<p class=hero>",
    "</p>",
    "<section class=hero>",
    "</section>",
    "<x-a-long-name class=tile>",
    "</x-a-long-name>",
    "text",
    " ",
];

/// The site with its list as the first of its kind, and one more as the second.
fn second_list(site: &str) -> String {
    let (before, list) = site.split_once("[[list]]").expect("a list");
    let (list, behind) = list.split_once("\n[[").unwrap_or((list, ""));
    let behind = if behind.is_empty() {
        String::new()
    } else {
        format!("\n[[{behind}")
    };
    let second = list.replace("name = \"listing\"", "name = \"second\"");
    assert_ne!(second, list);
    format!("{before}[[list]]{list}\nnth = 1\n[[list]]{second}\nnth = 2\n{behind}")
}

#[test]
fn what_lol_html_takes_over_is_its_own() {
    let tiles = |tile: &str| site([14], 0).replace("li.tile", tile);
    let plain = tiles("li.tile");
    for (site, page) in [
        (
            plain.clone(),
            "<ul class=products><li class=tile><a href=/en/p/item-5>x</a><ul><li><b data-slot><ol></b><li>y</ul></li>\
                 <li class=tile><a href=/en/p/item-2>x</a></li></ul>",
        ),
        (
            second_list(&plain),
            "<ul class=products><li class=tile><a href=/en/p/item-5>x</a>\
                 <li class=tile><a href=/en/p/item-2 title=\"\u{E9}\">x</a></li>\n</ul>",
        ),
        (
            tiles(".tile"),
            "<ul class=products><li class=tile><dd><ul><a href=/en/p/item-5 title=\"\u{E9}\">x</a></ul>\
                 <li class=tile><a href=/en/p/item-2>x</a></ul>",
        ),
        (
            tiles("*"),
            "<ul class=products><li><a href=/en/p/item-5 title=\"\u{E9}\">x</a></li><p><a href=/en/p/item-2>x</a></p></ul>",
        ),
        (
            plain.clone(),
            "<textarea-x></textarea-x><ul class=products><li class=tile><a href=/en/p/item-5>x</a></li>\
                 <li class=tile><a href=/en/p/item-2>x</a></li></ul>",
        ),
        (
            plain,
            "<svg><path d=M0/><g class=hero></g></svg><b data-slot></b>",
        ),
    ] {
        let chunks: Vec<usize> = (1..=page.len()).collect();
        check(&engine_with(&site), "text/html", page.as_bytes(), &chunks);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2000), ..ProptestConfig::default() })]

    #[test]
    fn any_list_is_what_lol_html_makes_of_it(
        words in proptest::collection::vec(prop_oneof![8 => 0..WHOLE, 1 => WHOLE..IN_LISTS.len()], 0..20),
        places in proptest::collection::btree_set(0..PLACES.len(), 0..3),
        (list, tile, item, twice) in (0..4usize, 0..6usize, any::<bool>(), any::<bool>()),
        chunk in 1..40usize,
    ) {
        let tile = ["li.tile", ".tile", "> li.tile", "td", "li[data-id].tile", "*"][tile];
        let tile = format!("tile = \"{tile}\"{}", if item { "\nitem = \"data-id\"" } else { "" });
        let site = site(places, list).replace("tile = \"li.tile\"", &tile);
        let site = if twice { second_list(&site) } else { site };
        let words: String = words.iter().map(|word| IN_LISTS[*word]).collect();
        let page = format!("<main><div><ul class=products>{words}</ul></div>{words}</main>");
        check(&engine_with(&site), "text/html", page.as_bytes(), &[chunk, page.len()]);
    }
}

#[test]
fn what_is_long_is_what_lol_html_makes_of_it() {
    let engine = engine([0, 4, 5], 0);
    let list = "<ul class=products><li class=tile><a href=/en/p/item-5>x</a><li class=tile><a href=/en/p/item-2>x</a></ul>";
    let long = "x".repeat(70_000);
    for page in [
        format!("<div title=\"{long}\">{list}</div>"),
        format!("<!-- {long} -->{list}"),
        format!("<script>{long}</script {long}>{list}"),
        format!("<script><!-- <script {long}</script></script {long}>{list}"),
        format!("{}{list}", "<div>".repeat(600)),
        // lol_html reads no script behind this.
        format!("<script src=>{list}</script>{list}"),
        format!("<main>{list}</main><style>{long}</style>{list}"),
        format!(
            "<main>{}<p class=hero></p></main>{list}",
            "<b>x</b>".repeat(20_000)
        ),
    ] {
        check(
            &engine,
            "text/html",
            page.as_bytes(),
            &[1000, 4096, page.len()],
        );
    }
}

/// Where an element's text ends within what was held back, what stands behind it is not lost.
#[test]
fn what_is_held_back_behind_a_text_is_not_lost() {
    for (place, tag) in [(9, "title"), (13, "script")] {
        let engine = engine([place], 0);
        for page in [
            format!("<{tag}>x</{tag}>ab<{tag}>y</{tag}>cd<b>e"),
            format!("<li class=tile><a>x</a></li><{tag}></{tag}><<!doctype html></style><!--></g>"),
        ] {
            let chunks: Vec<usize> = (1..=page.len()).collect();
            check(&engine, "text/html", page.as_bytes(), &chunks);
        }
    }
}

/// Where no selector can match goes past lol_html: that shows in pieces, of which lol_html gives one for each 4 KiB.
#[test]
fn most_of_a_page_goes_past_lol_html() {
    let text = "<div class=row><p>some <b>text</b></p></div>".repeat(5_000);
    let page = format!("<main>{text}</main>");
    let engine = engine([], 0);
    let pieces = |all: bool| {
        let mut rewriter = rewriter(&engine, "text/html; charset=utf-8");
        if all {
            rewriter.look_at_all();
        }
        rewriter
            .push(page.as_bytes(), &mut Vec::new())
            .expect("not encoded");
        rewriter.counts().pieces
    };
    // A tag may lie across a border.
    assert!(pieces(false) <= 2 * page.len().div_ceil(64 << 10));
    assert_eq!(pieces(true), page.len().div_ceil(4 << 10));
}
