//! Lists in order, in all kinds of markup: the tiles' bytes change places, and nothing else changes.
#![cfg(feature = "authoring")]

mod common;

use common::rewriting::{rewrite, rewrite_and_tell, rewriter};
use common::*;
use proptest::prelude::*;
use tailorbird::Engine;
use tailorbird::rewrite::{MAX_HELD_BYTES, MAX_NESTED_LISTS, MAX_TILES};

thread_local! {
    /// Each test's own, since an address has one page that is kept.
    static ANY: &'static Engine = Box::leak(Box::new(engine_for(".products", ".tile")));
}

/// Tiles of any kind: which elements they are is known when they come.
fn of_any_kind() -> &'static Engine {
    ANY.with(|engine| *engine)
}

fn engine_for(list: &str, tile: &str) -> Engine {
    engine_with(&SITE.replace("ul.products", list).replace("li.tile", tile))
}

/// `{n}` stands for a tile's content that links to item `n`, `[` and `]` for the tiles that change
/// places: in the expected page the tiles stand in the order of `order`.
fn check(name: &str, list: &str, tile: &str, page: &str, order: &[usize]) {
    let mut before = String::new();
    let (mut tiles, mut gaps) = (Vec::new(), Vec::new());
    for part in page.split('[') {
        match part.split_once(']') {
            Some((tile, gap)) => {
                tiles.push(tile);
                gaps.push(gap);
            }
            None => before.push_str(part),
        }
    }
    let render = |order: &mut dyn Iterator<Item = usize>| {
        let mut page = before.clone();
        for (at, gap) in order.zip(&gaps) {
            page.push_str(tiles[at]);
            page.push_str(gap);
        }
        (0..10).fold(page, |page, n| {
            page.replace(
                &format!("{{{n}}}"),
                &format!("<a href='/en/p/item-{n}'>{n}</a>"),
            )
        })
    };
    let origin = render(&mut (0..tiles.len()));
    let expected = render(&mut order.iter().copied());
    for engine in [&engine_for(list, tile), of_any_kind()] {
        for chunk in [origin.len(), 1, 7, 64] {
            let out = rewrite(engine, "/en/c/x", origin.as_bytes(), chunk);
            let out = String::from_utf8(out).expect("UTF-8");
            assert_eq!(out, expected, "{name}, chunks of {chunk}");
        }
    }
}

#[test]
fn every_kind_of_list() {
    #[rustfmt::skip]
    let cases: &[(&str, &str, &str, &str, &[usize])] = &[
        ("div", "div.products", "div.tile",
         "<div class=products>a [<div class=tile><div>{5}</div></div>] b [<div class=tile>{2}</div>] c</div>", &[1, 0]),
        ("article", "section.products", "article.tile",
         "<section class=products>[<article class=tile>{5}</article>]\n[<article class=tile>{2}</article>]</section>", &[1, 0]),
        ("custom elements", "x-list.products", "x-tile.tile",
         "<x-list class=products>[<x-tile class=tile>{5}</x-tile>][<X-TILE class=tile>{2}</x-tile >]</x-list>", &[1, 0]),
        ("cells", "table.products", "td.tile",
         "<table class=products><tr>[<td class=tile>{5}</td>][<td class=tile>{4}</td>]</tr><tr>[<td class=tile>{1}</td>]</tr></table>", &[2, 1, 0]),
        ("links", "div.products", "a.tile",
         "<div class=products>[<a class=tile href=/en/p/item-5>x</a>][<a href=/en/p/item-2 class=tile>y</a>]</div>", &[1, 0]),
        ("unclosed items", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5} ][<li class=tile>{3}<p>x][<li class=tile>{2}]</ul>", &[2, 1, 0]),
        ("an unclosed item before one that is no tile", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5} ]<li class=ad>Ad [<li class=tile>{2}</li>]</ul>", &[1, 0]),
        ("an unclosed item with a list in it", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}<ul><li>x<li class=tile>{1}</ul> y][<li class=tile>{2}</li>]</ul>", &[1, 0]),
        ("an item with an unclosed list in it", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}<ul><li>x<li>y</li>][<li class=tile>{2}]</ul>", &[0, 1]),
        ("unclosed cells and rows", "table.products", "td.tile",
         "<table class=products><tr>[<td class=tile>{5}][<td class=tile>{4}]<tr>[<td class=tile>{3}]<td>x<tbody><tr>[<td class=tile>{2}]</table>", &[3, 2, 1, 0]),
        ("a cell with a table in it", "table.products", "td.tile",
         "<table class=products><tr>[<td class=tile>{5}<table><tr><td>x<td class=tile>{1}</table>][<td class=tile>{2}]</table>", &[1, 0]),
        ("unclosed rows", "table.products", "tr.tile",
         "<table class=products>[<tr class=tile><td>{5}][<tr class=tile><td>{4}]<tbody>[<tr class=tile><td>{3}]</table>", &[2, 1, 0]),
        ("terms", "dl.products", "dd.tile",
         "<dl class=products><dt>a[<dd class=tile>{5}]<dt>b[<dd class=tile>{2}]</dl>", &[1, 0]),
        ("other elements without an end tag", "div.products", "article.tile",
         "<div class=products>[<article class=tile>{5}</article>][<article class=tile>{2}]</div>", &[0, 1]),
        ("an end tag that is not an unclosed item's", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}][<li class=tile>{2}</li>]</li></ul>", &[0, 1]),
        ("several lists", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}][<li class=tile>{2}]</ul><ul class=products>[<li class=tile>{4}][<li class=tile>{1}]</ul>", &[1, 0, 3, 2]),
        ("a list in a tile", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}<ul class=products><li class=tile>{4}<li class=tile>{1}</ul></li>][<li class=tile>{2}]</ul>", &[1, 0]),
        ("lists in a list", "div.products", "div.tile",
         "<div class=products><div class=products>[<div class=tile>{5}</div>]</div><div class=products>[<div class=tile>{2}</div>]</div></div>", &[1, 0]),
        ("a tile without a product", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}</li>][<li class=tile><a href=/en/x>x</a></li>][<li class=tile>{2}</li>]</ul>", &[2, 1, 0]),
        ("several links", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile><a href=/wish>w</a>{5}{1}</li>][<li class=tile>{4}{9}</li>]</ul>", &[1, 0]),
        ("lazy pictures", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}<img data-src='/a.jpg?w=1&h=2' srcset=\"/a 1x, /b 2x\" src=data:image/gif;base64,R0lGOD></li>][<li class=tile><img loading=lazy  srcset='/c 100w,/d 200w'/>{2}</li>]</ul>", &[1, 0]),
        ("a stray end tag", "ul.products", "li.tile",
         "<ul class=products></div>[<li class=tile>{5}</b></li>]</p>[<li class=tile>{2}</li>]</ul>", &[1, 0]),
        ("no end", "ul.products", "li.tile",
         "<ul class=products>[<li class=tile>{5}</li>][<li class=tile>{2}</li>]", &[0, 1]),
        ("an end by the parent's", "ul.products", "li.tile",
         "<main><ul class=products>[<li class=tile>{5}</li>][<li class=tile>{2}</li>]</main>", &[1, 0]),
        ("two bodies", "body", "div.tile",
         "<html><body class=products>[<div class=tile>{5}</div>]<body class=products>[<div class=tile>{2}</div>]</body></html>", &[1, 0]),
        ("an end tag that ends no list in a browser", "ul.products", "li.tile",
         "<b><ul class=products>[<li class=tile>{5}</li>][<li class=tile>{2}</b></li>]</ul>", &[0, 1]),
        ("an end tag between tiles that ends no list in a browser", "ul.products", "li.tile",
         "<p><ul class=products>[<li class=tile>{5}</li>][<li class=tile>{2}</li>]</p>[<li class=tile>{1}</li>]</ul>", &[0, 1, 2]),
    ];
    for (name, list, tile, page, order) in cases {
        check(name, list, tile, page, order);
    }
}

#[test]
fn two_bodies_get_one_insertion() {
    let banner = "[[banner]]\nname = \"b\"\npages = [\"listing\"]\nselector = \"body\"\n\
                  position = \"prepend\"\ntemplate = \"banner\"\ntitle = \"B\"\nlink = \"/\"\n";
    let engine = engine_with(&format!("{SITE}{banner}"));
    let page = b"<body>a</body><body>b</body>";
    let (out, told) = rewrite_and_tell(&engine, "/en/c/x", page, 3);
    let out = String::from_utf8(out).expect("UTF-8");
    assert_eq!(out.matches("tb-banner").count(), 1, "{out}");
    assert!(out.ends_with("</aside>a</body><body>b</body>"));
    assert_eq!(told.places.len(), 1);
}

/// A list over a limit leaves as it came, with what is in it, and so does the rest of the page.
#[test]
fn a_list_over_a_limit_leaves_as_it_came() {
    let tile = |n: usize| format!("<li class=tile><a href=/en/p/item-{n}>{n}</a></li>");
    let nested = format!("<ul class=products>{}{}</ul>", tile(5), tile(2));
    let list = |inner: &str| format!("<ul class=products>{inner}</ul>");
    for long in [
        tile(9) + &"x".repeat(MAX_HELD_BYTES) + &nested + &tile(1),
        tile(9) + "<li class=tile>" + &"x".repeat(2 * MAX_HELD_BYTES) + "</li>" + &tile(1),
        tile(9).repeat(MAX_TILES + 1) + &tile(1) + &nested,
        tile(9)
            + "<li class=tile>"
            + &"<ul><li>x".repeat(MAX_NESTED_LISTS + 1)
            + &"</ul>".repeat(MAX_NESTED_LISTS + 1)
            + "</li>"
            + &tile(1),
    ] {
        let origin = list(&long) + &list(&(tile(8) + &tile(3)));
        for chunk in [1500, 16_384, origin.len()] {
            let (out, told) = rewrite_and_tell(of_any_kind(), "/en/c/x", origin.as_bytes(), chunk);
            assert!(out == origin.as_bytes(), "chunks of {chunk}");
            assert_eq!(told.lists.len(), 0);
            assert!(
                told.gave_up
                    .expect("a reason")
                    .starts_with("a list of more than")
            );
        }
    }
    let most = list(&(tile(9).repeat(MAX_TILES - 1) + &tile(1)));
    let expected = list(&(tile(1) + &tile(9).repeat(MAX_TILES - 1)));
    assert!(rewrite(of_any_kind(), "/en/c/x", most.as_bytes(), 16_384) == expected.as_bytes());
    let deep = "<ul><li>x".repeat(MAX_NESTED_LISTS) + &"</ul>".repeat(MAX_NESTED_LISTS);
    let deep = format!("<li class=tile><a href=/en/p/item-9>9</a>{deep}</li>");
    let expected = list(&(tile(1) + &deep));
    assert!(
        rewrite(
            of_any_kind(),
            "/en/c/x",
            list(&(deep + &tile(1))).as_bytes(),
            16_384
        ) == expected.as_bytes()
    );
}

/// Decisions, read from arbitrary bytes. After the last one all are 0, which ends everything.
struct Tape<'a>(std::slice::Iter<'a, u8>);

impl Tape<'_> {
    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.0.next().copied().unwrap_or(0)) % choices.len()]
    }

    fn chance(&mut self, one_in: u8) -> bool {
        self.0
            .next()
            .is_some_and(|byte| byte % one_in == one_in - 1)
    }
}

/// A page as the origin sends it, and as it must leave.
#[derive(Default, Clone)]
struct Pair {
    origin: String,
    expected: String,
}

impl Pair {
    fn push(&mut self, text: &str) {
        self.origin.push_str(text);
        self.expected.push_str(text);
    }
}

/// What looks like markup and is none, or does not matter.
const JUNK: &[&str] = &[
    "text é € 字",
    "a < b > c & d",
    "<!-- </ul><li class=tile><a href=/en/p/item-0> -->",
    "<!-->",
    "<![CDATA[ <b ]]>",
    "<?php x ?>",
    "</ >",
    "<br>",
    "<br/>",
    "<img alt=\"a > b\" data-src='/x' srcset='/a 1x,/b 2x'>",
    "<input value='</li>' disabled>",
    "<script>if (a<b) '</li></ul><li class=tile>'</script>",
    "<style>li > a { content: \"</ul>\" }</style>",
    "<textarea></ul><li class=tile></textarea>",
    "<title></ul><a href=/en/p/item-0></title>",
    "<svg><path d='M0'/><![CDATA[ </ul><li class=tile> ]]></svg>",
    "</i></x-v>",
    "<p>",
    "<b>",
    "<x-u>",
    "<b a=1 a='2' \"x>y</b>",
];

const ATTRIBUTES: &[&str] = &[
    "",
    " title=\"a > b's </li><li class=tile>\"",
    " data-x='<a href=\"/en/p/item-0\">'",
    " x=a\"b",
    " hidden",
    " class=other",
    "\n\tid = y ",
];

/// Kinds of lists: their element, their tiles' element, whether tiles may leave out their end tag.
const KINDS: &[(&str, &str, bool)] = &[
    ("ul", "li", true),
    ("div", "div", false),
    ("ol", "LI", true),
    ("section", "article", false),
    ("table", "td", true),
    ("x-list", "x-tile", false),
    ("dl", "dd", true),
];

/// Some markup. Gives the first product that it links to.
fn content(tape: &mut Tape, depth: usize, in_tile: bool, page: &mut Pair) -> Option<usize> {
    let mut first = None;
    while tape.chance(2) {
        let product = match tape.pick(&[0, 0, 1, 1, 1, 2, 3]) {
            0 => {
                page.push(tape.pick(JUNK));
                None
            }
            1 => {
                let n = usize::from(tape.pick(&[1_u8, 2, 3, 6, 9, 13, 22, 41, 99]));
                let attributes = tape.pick(ATTRIBUTES);
                page.push(&format!("<a{attributes} href=\"/en/p/item-{n}\">{n}</a>"));
                (n < ITEMS).then_some(n)
            }
            2 if depth > 0 => list(tape, depth - 1, in_tile, page),
            _ if depth > 0 => {
                let tag = tape.pick(&["div", "main", "x-y"]);
                page.push(&format!("<{tag}{}>", tape.pick(ATTRIBUTES)));
                let product = content(tape, depth - 1, in_tile, page);
                page.push(&format!("</{tag}>"));
                product
            }
            _ => None,
        };
        first = first.or(product);
    }
    first
}

/// A list. Within a tile it is a part of it, and keeps its order.
fn list(tape: &mut Tape, depth: usize, in_tile: bool, page: &mut Pair) -> Option<usize> {
    let (tag, tile, may_be_open) = tape.pick(KINDS);
    let is_table = tag == "table";
    page.push(&format!(
        "<{tag}{} class=\"a products\">",
        tape.pick(ATTRIBUTES).replace(" class=other", "")
    ));
    if is_table {
        page.push("<tr>");
    }
    // Tiles with their ranks, and what stands behind each.
    let mut tiles: Vec<(String, Option<(bool, usize)>)> = Vec::new();
    let mut gaps = vec![String::new()];
    let mut first = None;
    let mut is_open = false;
    while tape.chance(2) || tape.chance(2) {
        let mut part = Pair::default();
        match tape.pick(&[0, 0, 0, 0, 1, 2]) {
            0 => {
                let attributes = tape.pick(ATTRIBUTES).replace(" class=other", "");
                part.push(&format!("<{tile}{attributes} class=tile>"));
                let product = content(tape, depth, true, &mut part);
                is_open = may_be_open && tape.chance(2);
                if !is_open {
                    part.push(&format!("</{tile}>"));
                }
                // The fixture's items stand in descending popularity; every seventh is out of stock.
                tiles.push((part.origin, product.map(|n| (n % 7 == 6, n))));
                gaps.push(String::new());
                first = first.or(product);
            }
            1 => {
                let ad = match is_table && tape.chance(2) {
                    true => tape.pick(&["<tr>", "</tr><tr>", "<tbody><tr>"]).to_owned(),
                    false if may_be_open && tape.chance(2) => format!("<{tile} class=ad>Ad"),
                    false => format!("<{tile} class=ad>Ad</{tile}>"),
                };
                gaps.last_mut().expect("one").push_str(&ad);
                is_open = false;
            }
            _ => {
                let filler = tape.pick(&["\n", "<!-- <li class=tile> -->", " , "]);
                // Behind a tile that has not ended it is a part of it.
                match tiles.last_mut().filter(|_| is_open) {
                    Some((tile, _)) => tile.push_str(filler),
                    None => gaps.last_mut().expect("one").push_str(filler),
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..tiles.len())
        .filter(|&at| tiles[at].1.is_some())
        .collect();
    order.sort_by_key(|&at| tiles[at].1);
    let mut order = order.into_iter();
    page.push(&gaps[0]);
    for (at, gap) in gaps[1..].iter().enumerate() {
        let from = match tiles[at].1 {
            Some(_) if !in_tile => order.next().expect("as many"),
            _ => at,
        };
        page.origin.push_str(&tiles[at].0);
        page.expected.push_str(&tiles[from].0);
        page.push(gap);
    }
    page.push(&format!("</{tag}>"));
    first
}

fn split(page: &[u8], sizes: &[usize]) -> Vec<u8> {
    let mut rewriter = rewriter(of_any_kind(), "/en/c/x");
    let (mut out, mut rest) = (Vec::new(), page);
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at(rest.len().min(*size));
        rewriter.push(now, &mut out).expect("not encoded");
        rest = later;
    }
    rewriter.finish(&mut out).expect("not encoded");
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1000), ..ProptestConfig::default() })]

    /// Any page, any order of its tiles, any split into chunks.
    #[test]
    fn only_tiles_move(
        tape in prop::collection::vec(any::<u8>(), 0..600),
        sizes in prop::collection::vec(1usize..90, 1..6),
    ) {
        let mut page = Pair::default();
        let mut tape = Tape(tape.iter());
        page.push("<!doctype html><body>");
        while !tape.0.as_slice().is_empty() {
            content(&mut tape, 3, false, &mut page);
        }
        page.push("</body>");
        let out = String::from_utf8(split(page.origin.as_bytes(), &sizes)).expect("UTF-8");
        prop_assert_eq!(&out, &page.expected, "origin {}", page.origin);
    }
}
