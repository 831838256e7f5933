//! Places at the end of elements whose end tag is left out. html5ever says where they stand in a browser.
#![cfg(feature = "authoring")]

mod common;

use common::rewriting::{rewrite_and_tell, rewriter, with_banner, with_banners};
use common::*;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

const INSERTED: &str = "<x-b>B</x-b>";

fn name(node: &Handle) -> String {
    match &node.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

fn is_target(node: &Handle, selector: &str) -> bool {
    let has_class = |class: &str| match &node.data {
        NodeData::Element { attrs, .. } => attrs.borrow().iter().any(|a| &*a.value == class),
        _ => false,
    };
    match selector.split_once('.') {
        Some((tag, class)) => name(node) == tag && has_class(class),
        None => name(node) == selector,
    }
}

/// The parents of all nodes that were inserted, with the index of the node in each.
fn inserted(node: &Handle, found: &mut Vec<(Handle, usize)>) {
    for (at, child) in node.children.borrow().iter().enumerate() {
        if name(child) == "x-b" {
            found.push((node.clone(), at));
        }
        inserted(child, found);
    }
}

fn find(node: &Handle, selector: &str) -> Option<Handle> {
    if is_target(node, selector) {
        return Some(node.clone());
    }
    let children = node.children.borrow();
    children.iter().find_map(|child| find(child, selector))
}

/// Whether an element's last descendant is one that was inserted. Unclosed elements in it are open there.
fn ends_with_it(node: &Handle) -> bool {
    let children = node.children.borrow();
    let is_it = |last: &Handle| name(last) == "x-b" || ends_with_it(last);
    children.last().is_some_and(is_it)
}

/// Whether what was inserted stands once, and there: last in the element, or right behind it.
fn check(selector: &str, position: &str, html: &str) {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut found = Vec::new();
    inserted(&dom.document, &mut found);
    assert_eq!(found.len(), 1, "{position} {selector}: {html}");
    let (parent, at) = &found[0];
    let children = parent.children.borrow();
    // Behind a page's body a browser puts nothing.
    let is_right = match position {
        "append" if selector.contains('.') => {
            is_target(parent, selector) && at + 1 == children.len()
        }
        _ if position == "append" || selector == "body" => {
            find(&dom.document, selector).is_some_and(|n| ends_with_it(&n))
        }
        _ => at
            .checked_sub(1)
            .is_some_and(|before| is_target(&children[before], selector)),
    };
    assert!(is_right, "{position} {selector}: {html}");
}

/// Selectors, and pages in which the element has no end tag of its own.
const PAGES: &[(&str, &str)] = &[
    ("body", "<!doctype html><html><body><p>a"),
    ("body", "<!doctype html><html><body>a</html>"),
    (
        "body",
        "<!doctype html><body class=b><main>x</main>\n<script>if (a<b) {}</script>",
    ),
    (
        "body",
        "<!doctype html><body><ul class=products><li class=tile><a href=/en/p/item-9>x</a></li><li class=tile>x</li></ul><",
    ),
    ("body", "<!doctype html><body>a<!-- b --></p>"),
    ("main", "<!doctype html><body><main>a"),
    ("main", "<!doctype html><body><main><p>a</p>"),
    ("li.x", "<!doctype html><ul><li class=x>a<li>b</ul>"),
    ("li.x", "<!doctype html><ul><li class=x>a<li>b</li></ul>"),
    (
        "li.x",
        "<!doctype html><ul><li class=x>a<ul><li>c<li>d</ul>e<li>b</ul>",
    ),
    (
        "li.x",
        "<!doctype html><ul><li class=x>a<ol><li>c</ol></ul>f",
    ),
    ("li.x", "<!doctype html><ul><li>b</li><li class=x>a</ul>"),
    ("li.x", "<!doctype html><nav><ul><li>b<li class=x>a"),
    (
        "dd.x",
        "<!doctype html><dl><dt>a<dd class=x>b<dt>c<dd>d</dl>",
    ),
    ("p.x", "<!doctype html><p class=x>a<p>b"),
    ("p.x", "<!doctype html><p class=x>a <b>c</b><div>d</div>"),
    ("p.x", "<!doctype html><p class=x>a<br>b<hr>c"),
    ("p.x", "<!doctype html><section><p class=x>a</section>b"),
    (
        "p.x",
        "<!doctype html><p class=x>a<button><p>c</p></button>b<h2>d</h2>",
    ),
    ("p.x", "<!doctype html><div><p class=x>a"),
];

#[test]
fn elements_without_an_end_tag_end_where_a_browser_ends_them() {
    let cells = [
        (
            "td.x",
            "<!doctype html><table><tr><td class=x>a<td>b</table>",
        ),
        (
            "td.x",
            "<!doctype html><table><tr><td class=x>a<table><tr><td>c</table><tr><td>b</table>",
        ),
        ("td.x", "<!doctype html><table><tr><td>a<td class=x>b"),
    ];
    // What stands behind a cell and is none leaves the table.
    let cells = cells
        .iter()
        .map(|(selector, page)| (selector, page, "append"));
    let pages = PAGES.iter().flat_map(|(selector, page)| {
        ["append", "after"].map(|position| (selector, page, position))
    });
    for (selector, page, position) in pages.chain(cells) {
        let whole = with_banner(selector, position, page, page.len());
        check(selector, position, &whole);
        let tag = selector.split('.').next().expect("a tag");
        let with_end_tag = format!("</{tag}>{INSERTED}");
        let is_same = [with_end_tag.as_str(), INSERTED]
            .into_iter()
            .any(|inserted| whole.replacen(inserted, "", 1) == *page);
        assert!(is_same, "{whole}");
        for chunk in 1..page.len() {
            assert_eq!(with_banner(selector, position, page, chunk), whole);
        }
    }
}

/// What the page does not end takes nothing in.
#[test]
fn nothing_is_inserted_where_a_page_ends_within_something() {
    for end in [
        "<script>a",
        "<style>a",
        "<textarea>a",
        "<title>a",
        "<!-- a",
        "<p",
        "<p a='",
        "</p",
        "<main a=b ",
        "<![CDATA[",
        "<!doc",
        "<plaintext>a",
    ] {
        let page = format!("<!doctype html><body><main>a{end}");
        for selector in ["body", "main"] {
            for chunk in 1..page.len() {
                assert_eq!(with_banner(selector, "append", &page, chunk), page);
            }
        }
    }
}

#[test]
fn an_aborted_page_ends_where_it_broke_off() {
    let site = SITE.to_owned()
        + "[[banner]]\nname = \"b\"\npages = [\"listing\"]\nselector = \"body\"\nposition = \"append\"\n\
           template = \"banner\"\ntitle = \"B\"\nlink = \"/\"\n";
    let engine = engine_with(&site);
    let page = b"<body>a<ul class=products><li class=tile>x";
    let (mut rewriter, mut out) = (rewriter(&engine, "/en/c/x"), Vec::new());
    rewriter.push(page, &mut out).expect("not encoded");
    rewriter.abort(&mut out);
    assert_eq!(out, page);
    let (out, told) = rewrite_and_tell(&engine, "/en/c/x", page, 5);
    assert!(out.ends_with(b"</aside>"));
    assert_eq!(told.places.len(), 1);
}

/// Whoever has no end tag, a page gets it once.
#[test]
fn two_bodies_get_one_insertion_at_their_end() {
    for (page, expected) in [
        ("<body>a<body>b", "<body>a<body>b<x-b>B</x-b>"),
        ("<body>a</body><body>b", "<body>a<x-b>B</x-b></body><body>b"),
        (
            "<body>a</body><body>b</body>",
            "<body>a<x-b>B</x-b></body><body>b</body>",
        ),
        ("<body>a<body>b</body>", "<body>a<body>b</body><x-b>B</x-b>"),
    ] {
        for chunk in [1, 4, page.len()] {
            assert_eq!(with_banner("body", "append", page, chunk), expected);
        }
    }
}

/// Places at one end stand as at an end tag: in the order of the file, those of inner elements first.
#[test]
fn several_places_at_one_end() {
    let banners = [
        ("body", "append", "1"),
        ("main", "after", "2"),
        ("main", "append", "3"),
        ("body", "append", "4"),
        ("main", "after", "5"),
    ];
    let b = |title: &str| format!("<x-b>{title}</x-b>");
    let page = "<body><main>a";
    let expected = format!(
        "{page}{}</main>{}</main>{}{}{}",
        b("3"),
        b("2"),
        b("5"),
        b("1"),
        b("4")
    );
    for chunk in 1..page.len() {
        assert_eq!(with_banners(&banners, page, chunk), expected);
    }
    let banners = [
        ("li.x", "after", "1"),
        ("li.x", "append", "2"),
        ("li.x", "after", "3"),
    ];
    for (page, end) in [
        ("<ul><li class=x>a", "<li>b</ul>"),
        ("<ul><li class=x>a", "</ul>"),
    ] {
        let expected = format!("{page}{}</li>{}</li>{}{end}", b("2"), b("1"), b("3"));
        assert_eq!(
            with_banners(&banners, &(page.to_owned() + end), 3),
            expected
        );
    }
}
