//! Values that want to be markup: whatever a feed or a site.toml says, a page gets the elements,
//! attributes and comments that its template has, and no other.
#![cfg(feature = "authoring")]

mod common;
#[path = "common/payloads.rs"]
mod payloads;

use common::*;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use payloads::strings;
use tailorbird::plan::{Card, Fill};
use tailorbird::rewrite::render;
use tailorbird::site::{self, Template};
use tailorbird::snapshot::write;
use tailorbird::{Decision, Engine, Outcome};

/// Holes in every place that a template may have them.
const TEMPLATE: &str = "<section class='a {{name}} b' data-s=\"{{name}}{{title}}\" lang='{{lang}}'>\
    <h2>{{title}}</h2><p>{{text}} and {{text}}{{title}}</p><a href=\"{{link}}\" title='{{text}}'>{{text}}</a>\
    {{#title}}<form action='{{link}}'><button formaction=\"{{link}}\">{{title}}</button></form>{{/title}}\
    <ul>{{#items}}<li data-id=\"{{id}}\"><a href='{{link}}#x'><img src=\"{{image}}\" alt='{{title}}' \
    data-brand=\"{{brand}}\"></a><b>{{title}}</b><i>{{brand}}</i><q cite=\"{{link}}\">{{price}}</q>\
    <video poster='{{image}}'></video></li>{{/items}}</ul></section>";

/// Attributes of [`TEMPLATE`] that are addresses.
const ADDRESSES: &[&str] = &["action", "cite", "formaction", "href", "poster", "src"];

/// A page's elements with their attributes' names, its comments, and its texts and values.
#[derive(Default)]
struct Tree {
    shape: Vec<String>,
    texts: Vec<String>,
    values: Vec<(String, String)>,
}

fn parse(html: &str) -> Tree {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut tree = Tree::default();
    read(&dom.document, 0, &mut tree);
    tree
}

fn read(node: &Handle, depth: usize, tree: &mut Tree) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let mut names = Vec::new();
            for attribute in attrs.borrow().iter() {
                names.push(attribute.name.local.to_string());
                tree.values.push((
                    attribute.name.local.to_string(),
                    attribute.value.to_string(),
                ));
            }
            names.sort();
            tree.shape.push(format!("{depth} {} {names:?}", name.local));
        }
        NodeData::Comment { contents } => tree.shape.push(format!("{depth} <!--{contents}-->")),
        NodeData::ProcessingInstruction { target, .. } => {
            tree.shape.push(format!("{depth} <?{target}"))
        }
        NodeData::Doctype { name, .. } => tree.shape.push(format!("{depth} doctype {name}")),
        NodeData::Text { contents } => tree.texts.push(contents.borrow().to_string()),
        NodeData::Document => {}
    }
    for child in node.children.borrow().iter() {
        read(child, depth + 1, tree);
    }
}

fn page(inserted: &str) -> String {
    format!(
        "<!doctype html><html><head><title>t</title></head><body><main>{inserted}</main><p>x</body></html>"
    )
}

/// What a browser makes of an address (URL Standard, 4.4): without a scheme it is relative.
fn scheme(address: &str) -> Option<String> {
    let is_trimmed = |c: char| c <= ' ';
    let address: String = address
        .trim_matches(is_trimmed)
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let (scheme, _) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

fn check(what: &str, html: &str, expected: &[String]) -> Tree {
    let tree = parse(html);
    assert_eq!(tree.shape, expected, "{what:?} in {html}");
    for (name, value) in &tree.values {
        if ADDRESSES.contains(&name.as_str()) {
            let scheme = scheme(value);
            let is_safe = scheme
                .as_deref()
                .is_none_or(|s| matches!(s, "http" | "https"));
            assert!(is_safe, "{what:?}: {name}={value:?}");
        }
    }
    // What a framework finds that takes templates out of the parsed page.
    let seen = tree
        .texts
        .iter()
        .chain(tree.values.iter().map(|(_, value)| value));
    for seen in seen {
        assert!(!seen.contains("{{"), "{what:?}: {seen:?}");
    }
    let lower = html.to_ascii_lowercase();
    for directive in ["<esi:", "<!--", "<%", "<?", "{{", "${", "#{", "{%"] {
        assert!(
            !lower.contains(directive),
            "{what:?}: {directive} in {html}"
        );
    }
    tree
}

fn template() -> Template {
    let site = format!("{SITE}[[template]]\nname = \"all\"\nsource = '''{TEMPLATE}'''\n");
    let site = site::parse("site.toml", &site).expect("a sound site.toml");
    let template = site
        .templates
        .into_iter()
        .find(|template| template.name == "all");
    template.expect("the template")
}

fn fill(value: &str) -> Fill {
    let text = || value.to_owned();
    let card = Card {
        id: text(),
        title: text(),
        link: text(),
        image: text(),
        brand: text(),
        price: text(),
        old_price: text(),
    };
    Fill {
        name: text(),
        title: text(),
        text: text(),
        link: text(),
        lang: text(),
        reason: text(),
        from_history: true,
        items: vec![card.clone(), card],
        ..Fill::default()
    }
}

#[test]
fn values_stay_text_in_every_place_of_a_template() {
    let strings = strings();
    assert!(strings.len() >= 200, "{} strings", strings.len());
    let template = template();
    let expected = parse(&page(&render(&template, &fill("x")))).shape;
    for value in &strings {
        let tree = check(value, &page(&render(&template, &fill(value))), &expected);
        assert!(
            tree.texts.contains(&arrived(value)),
            "{value:?}: {:?}",
            tree.texts
        );
        assert!(
            tree.values
                .iter()
                .any(|(name, found)| name == "data-brand" && *found == arrived(value))
        );
    }
    println!("{} strings", strings.len());
}

/// A value as it is behind the parser: as it was, apart from what HTML makes of line ends and NULs.
fn arrived(value: &str) -> String {
    // Nothing between two braces is seen, and no template language of a browser reads them as its own.
    let text = value
        .replace('\0', "")
        .replace("{{", "{\u{2060}{")
        .replace("{{", "{\u{2060}{")
        .replace("\r\n", "\n");
    text.replace('\r', "\n")
}

#[test]
fn values_stay_text_in_the_built_in_templates() {
    for name in [
        "tailorbird/list",
        "tailorbird/carousel",
        "tailorbird/banner",
    ] {
        let site = SITE.replace("template = \"shelf\"", &format!("template = \"{name}\""));
        let site = site::parse("site.toml", &site).expect("a sound site.toml");
        let template = site.templates.into_iter().find(|t| t.name == name);
        let template = template.expect("the template");
        let expected = parse(&page(&render(&template, &fill("x")))).shape;
        for value in &strings() {
            let tree = check(value, &page(&render(&template, &fill(value))), &expected);
            let has = tree.texts.iter().any(|text| text.contains(&arrived(value)));
            assert!(has, "{name}, {value:?}: {:?}", tree.texts);
        }
    }
}

/// The engine's own way: from a feed and a site.toml into pages of several charsets.
#[test]
fn values_stay_text_on_their_way_into_a_page() {
    let strings: Vec<String> = strings().into_iter().collect();
    let banner = "[[banner]]\nname = \"b\"\npages = [\"home\"]\nselector = \"main\"\nposition = \"append\"\n\
                  template = \"all\"\n";
    let mut shape = None;
    let harmless = ["x".to_owned()];
    for (index, values) in [&harmless[..]]
        .into_iter()
        .chain(strings.chunks(ITEMS))
        .enumerate()
    {
        let site = SITE.replace("template = \"shelf\"", "template = \"all\"");
        let quoted = toml::Value::String(values[0].replace('\0', "")).to_string();
        let site = format!(
            "{site}{banner}title = {quoted}\ntext = {quoted}\n[[template]]\nname = \"all\"\nsource = '''{TEMPLATE}'''\n"
        );
        let mut source = source_with(&site);
        for (item, value) in source.items.iter_mut().zip(values.iter().cycle()) {
            item.brand = value.clone();
            for text in &mut item.texts {
                text.title = value.clone();
                text.image = value.clone();
            }
        }
        let Ok(bytes) = write(&source) else {
            panic!("values of part {index} are refused");
        };
        let engine = Engine::open(bytes).expect("opens");
        for charset in ["utf-8", "windows-1252", "shift_jis", "gb18030", "big5"] {
            let Decision::Forward(visit) = engine.visit(&get("/en/", &[]), &ambient()) else {
                panic!("the worker answered itself");
            };
            let mut head = html();
            head.headers[0].1 = format!("text/html; charset={charset}");
            let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&head) else {
                panic!("passed");
            };
            let mut out = Vec::new();
            let page = page("<section class=hero>h</section>");
            rewriter
                .push(page.as_bytes(), &mut out)
                .expect("not encoded");
            rewriter.finish(&mut out).expect("not encoded");
            let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).expect("known");
            let (text, _, _) = encoding.decode(&out);
            let shape = shape.get_or_insert_with(|| parse(&text).shape);
            assert!(shape.len() > 40, "{shape:?}");
            check(&values[0], &text, shape);
        }
    }
}
