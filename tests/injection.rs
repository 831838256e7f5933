//! Values that want to be markup: whatever a feed or a site.toml says, a page gets the elements,
//! attributes and comments that its template has, and no other.
#![cfg(feature = "authoring")]

mod common;

use std::collections::BTreeSet;

use common::*;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
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

const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script\t\n bar>",
    "<<script>alert(1)//<</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\"//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<html manifest=x>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=//x.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//x.example/>",
    "<style>@import '//x.example/x.css';</style>",
    "<form action=//x.example><input name=a>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<plaintext>",
    "<xmp>",
    "<listing>",
    "<textarea>",
    "<title>",
    "<select><option>",
    "<table><tr><td>",
    "<frameset><frame src=x>",
    "<x onclick=alert(1)>x</x>",
    "<?php echo 1 ?>",
    "<?xml version=\"1.0\"?>",
    "<!doctype html>",
    "<!-- x -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "--><script>alert(1)</script>",
    "--!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "<%= x %>",
    "<",
    "</",
    "<!",
    "<a",
    "< script>alert(1)</ script>",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "\u{2028}<script>\u{2029}alert(1)</script>",
    "\u{feff}<script>alert(1)</script>",
    "\u{202e}<script>alert(1)</script>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#x3c;/script&#x3e;",
    "&#x3c",
    "&lt",
    "&amp;lt;script&amp;gt;",
    "&notit;&copy=1&amp",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\\x3cscript\\x3e",
    "\u{bc}script\u{be}alert(1)\u{bc}/script\u{be}",
];

const DIRECTIVES: &[&str] = &[
    "<esi:include src=\"http://x.example/x\"/>",
    "<ESI:include src='/x'/>",
    "<esi:vars>$(HTTP_COOKIE)</esi:vars>",
    "<esi:inline name='/x' fetchable='yes'>",
    "<!--esi <p>x</p> -->",
    "<esi:remove>x</esi:remove>",
    "<!--#include virtual=\"/etc/passwd\" -->",
    "<!--#exec cmd=\"id\" -->",
    "<!--#echo var='HTTP_COOKIE'-->",
    "{{constructor.constructor('alert(1)')()}}",
    "{{title}}",
    "{{{title}}}",
    "{{#items}}{{/items}}",
    "{% include 'x' %}",
    "${alert(1)}",
    "#{alert(1)}",
    "[[${7*7}]]",
    "<%= 7*7 %>",
    "@{x}",
    "$(HTTP_COOKIE{x})",
    "ng-app ng-csp",
    "v-html='x'",
];

const BREAKOUTS: &[&str] = &[
    "\"", "'", "`", "\">", "'>", "\"/>", "\" ", "' ", "\"\n", "\\\"", "&quot;", "&#34;", "&#39;",
    "&apos;", "\u{201d}", "\u{ff02}",
];

const PAYLOADS: &[&str] = &[
    "onclick=alert(1) x=",
    "onmouseover=\"alert(1)",
    "autofocus onfocus='alert(1)",
    "<script>alert(1)</script>",
    "style=x:expression(alert(1)) x=",
];

/// What schemes look like, and what may stand before and within them.
const SCHEMES: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "blob:https://x.example/x",
    "file:///etc/passwd",
    "about:blank",
    "view-source:x",
    "jar:http://x.example!/x",
    "feed:javascript:alert(1)",
    "livescript:x",
    "mocha:x",
    "mailto:x@x.example",
    "tel:1",
    "intent://x",
    "ftp://x.example",
    "ws://x.example",
    "filesystem:http://x",
    "x-unknown:y",
    "https+javascript:x",
    "httpx:x",
    "javascript://%0aalert(1)",
    "javascript:/*http://*/alert(1)",
    "javascript:\"/*'/*`/*--></noscript></title></textarea></style></template></script><svg onload=alert(1)>",
];
const BEFORE: &[&str] = &[
    "", " ", "\t", "\n", "\r\n", "\u{b}", "\u{c}", "\0", "\u{1}", "\u{1f}", "\u{7f}", "\u{85}",
    "\u{a0}", "\u{2003}", "\u{2028}", "\u{feff}", "\u{200b}", "\u{3000}", "  \t ",
];
const WITHIN: &[&str] = &[
    "\t",
    "\n",
    "\r",
    "\0",
    " ",
    "&Tab;",
    "&NewLine;",
    "&#9;",
    "&#x0A;",
    "&#0;",
    "\u{ad}",
    "\u{200d}",
    "/**/",
    "\\",
];

const ENTITIES: &[&str] = &[
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106avascript&#58alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "java%73cript:alert(1)",
    "javascript%3aalert(1)",
    "\\u006aavascript:alert(1)",
    "//x.example/x",
    "\\\\x.example\\x",
    "/\\x.example",
    "///x.example",
    "http:javascript:alert(1)",
    "https:/x",
    "?x=javascript:alert(1)",
    "#javascript:alert(1)",
    "/javascript:alert(1)",
    "./javascript:alert(1)",
    "a/b:c",
    ":javascript:alert(1)",
    "//javascript:alert(1)",
    "https://x.example/\"><script>alert(1)</script>",
    "https://x.example/' onclick='alert(1)",
    "https://user:pass@x.example/",
    "https://x.example/{{x}}",
];

fn strings() -> BTreeSet<String> {
    let fixed = MARKUP
        .iter()
        .chain(DIRECTIVES)
        .chain(ENTITIES)
        .map(|s| (*s).to_owned());
    let closers = [
        "a", "h2", "p", "section", "ul", "li", "b", "title", "script", "style", "main", "body",
        "html",
    ];
    let closers = closers
        .iter()
        .map(|tag| format!("</{tag}><img src=x onerror=alert(1)>"));
    let breakouts = BREAKOUTS.iter().flat_map(|quote| {
        PAYLOADS
            .iter()
            .map(move |payload| format!("x{quote}{payload}{quote}"))
    });
    let before = BEFORE.iter().flat_map(|before| {
        SCHEMES
            .iter()
            .map(move |scheme| format!("{before}{scheme}"))
    });
    let within = WITHIN.iter().flat_map(|junk| {
        [
            "java|script:alert(1)",
            "|javascript:alert(1)",
            "javascript|:alert(1)",
            "htt|p:x",
        ]
        .map(|scheme| scheme.replace('|', junk))
    });
    let control = (0_u8..0x20).map(|c| format!("{0}java{0}script{0}:x<{0}b>", char::from(c)));
    fixed
        .chain(closers)
        .chain(breakouts)
        .chain(before)
        .chain(within)
        .chain(control)
        .collect()
}

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
        strategy: "",
        items: vec![card.clone(), card],
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
        // The value arrives as it is, apart from what HTML makes of line ends and NULs, and from what
        // keeps two `{` apart.
        let text = value
            .replace('\0', "")
            .replace("{{", "{\u{2060}{")
            .replace("{{", "{\u{2060}{")
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        assert!(tree.texts.contains(&text), "{value:?}: {:?}", tree.texts);
        assert!(
            tree.values
                .iter()
                .any(|(name, value)| name == "data-brand" && *value == text)
        );
    }
    println!("{} strings", strings.len());
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
