//! The demo shop, its pages and its engine.

use std::collections::HashSet;
use std::fs::File;

use tailorbird::site::parse;
use tailorbird::snapshot::write;
use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead};
use tailorbird_demo_shop::{DEFAULT_SEED, EVENTS_NOW, Lang, SITE_TOML, Shop};
use tailorbird_trainer::{BuildInputs, FeedFile, build};

use super::personas::Persona;

/// Enough for neighbours of every product that sells.
const EVENTS: usize = 30_000;

/// A rule hides everything of it.
pub const HIDDEN_BRAND: &str = "Tindra";
/// A rule pins it.
pub const PINNED: &str = "TB-10010";
/// A rule hides what is dearer, in cents, on product pages.
pub const DEAR: u32 = 15_000;

/// What a merchandiser may want, some of it of products that must not be shown, and a place of its own for lists' pages.
pub const RULES: &str = r#"
[[slot]]
name = "listing-for-you"
pages = ["listing"]
selector = "ul.products"
position = "before"
strategies = ["recommended_for_you", "top_sellers"]
min = 1
max = 8
template = "tailorbird/list"
title = "For you"

[[segment]]
name = "bargain hunters"
when = "share_on_sale > 50 % and views >= 4"

[[rule]]
name = "not that brand"
action = "hide"
items = 'brand == "Tindra"'

[[rule]]
name = "nothing dear beside a product"
action = "hide"
items = "price > 150"
when = 'page == "product"'

[[rule]]
name = "this one"
action = "pin"
items = 'id == "TB-10010"'
places = ["home-for-you", "product-similar", "listing-for-you"]

# Pinned in vain.
[[rule]]
name = "what there is none of"
action = "pin"
items = 'availability == "out_of_stock"'
position = 2
places = ["home-for-you", "cart-for-you", "listing-for-you"]

[[rule]]
name = "pinned and hidden"
action = "pin"
items = 'brand == "Tindra"'
position = 3
places = ["home-for-you", "product-similar"]

[[rule]]
name = "reduced ones for those who like it"
action = "boost"
by = 5
items = "on_sale"
when = 'segment("bargain hunters")'

[[rule]]
name = "new ones"
action = "boost"
items = "age_days < 90"
places = ["home-for-you", "listing-for-you", "listing"]
"#;

/// The shop, its feeds and its log.
pub struct DemoShop {
    pub shop: Shop,
    folder: tempfile::TempDir,
}

/// A page, as the origin serves it.
pub struct Address {
    pub target: String,
    pub lang: Lang,
    /// The id of the product that it is the page of.
    pub product: Option<String>,
    body: Vec<u8>,
}

impl Address {
    pub fn is_product(&self) -> bool {
        self.product.is_some()
    }
}

/// An engine in front of the shop.
pub struct Edge(Engine);

impl DemoShop {
    pub fn new() -> Self {
        let (shop, folder) = (Shop::generate(DEFAULT_SEED), tempfile::tempdir());
        let folder = folder.expect("a folder");
        let file = |name: &str| File::create(folder.path().join(name)).expect("a file");
        for lang in Lang::ALL {
            shop.write_feed(lang, file(lang.code())).expect("written");
        }
        let events = std::io::BufWriter::new(file("events.jsonl"));
        shop.write_events(DEFAULT_SEED, EVENTS, EVENTS_NOW, events)
            .expect("written");
        Self { shop, folder }
    }

    /// Trains a snapshot for the shop's own site.toml with more behind it.
    pub fn engine(&self, more: &str) -> Edge {
        let path = |name: &str| self.folder.path().join(name);
        let feed = |lang: Lang| FeedFile {
            lang: Some(lang.code().to_owned()),
            path: path(lang.code()),
        };
        let inputs = BuildInputs {
            feeds: Lang::ALL.map(feed).to_vec(),
            events: vec![path("events.jsonl")],
            site: parse("site.toml", &format!("{SITE_TOML}{more}")).expect("sound"),
            created: EVENTS_NOW,
            ..BuildInputs::default()
        };
        let built = build(&inputs, &mut |_| ()).expect("builds");
        let bytes = write(&built.source).expect("writes");
        Edge(Engine::open(bytes).expect("opens"))
    }

    /// Every page that links lead to from the start pages.
    pub fn crawl(&self) -> Vec<Address> {
        let mut known: HashSet<String> = HashSet::new();
        let mut next = vec!["/en/".to_owned(), "/de/".to_owned()];
        let mut pages = Vec::new();
        while let Some(target) = next.pop() {
            if !known.insert(target.clone()) {
                continue;
            }
            let page = self.shop.respond("GET", &target, None);
            if page.status != 200 || !page.content_type.starts_with("text/html") {
                continue;
            }
            let text = std::str::from_utf8(&page.body).expect("pages are UTF-8");
            let links = text.split(" href=\"/").skip(1);
            let links = links.filter_map(|rest| rest.split(['"', '#']).next());
            next.extend(links.map(|link| format!("/{}", link.replace("&amp;", "&"))));
            let is_german = target.starts_with("/de/");
            let lang = if is_german { Lang::De } else { Lang::En };
            let products = self.shop.products().iter();
            let mut products = products.filter(|product| target.ends_with(&product.id));
            let product = products.find(|product| product.path(lang) == target);
            pages.push(Address {
                lang,
                product: product.map(|product| product.id.clone()),
                target,
                body: page.body,
            });
        }
        pages
    }
}

impl Edge {
    /// The page as this visitor gets it.
    pub fn page(&self, address: &Address, persona: &Persona) -> Vec<u8> {
        let cookies = persona.cookies.iter();
        let head = RequestHead {
            method: "GET".into(),
            secure: true,
            target: address.target.clone(),
            headers: cookies.map(|line| ("cookie", line.clone())).collect(),
        };
        let ambient = Ambient {
            now: persona.now,
            random: 7,
            country: Some("DE".into()),
            region: None,
        };
        let Decision::Forward(visit) = self.0.visit(&head, &ambient) else {
            panic!("{} is the worker's own", address.target);
        };
        let response = ResponseHead {
            status: 200,
            headers: vec![("content-type", "text/html; charset=utf-8".into())],
            body_is_decoded: false,
        };
        let mut rewriter = match visit.origin_head(&response) {
            Outcome::Rewrite { rewriter, .. } => rewriter,
            Outcome::PassThrough(_) | Outcome::PassBody { .. } => return address.body.clone(),
            Outcome::Hold(_) | Outcome::Known(_) => panic!("the demo shop's pages tell no facts"),
        };
        let mut out = Vec::with_capacity(address.body.len() + (16 << 10));
        rewriter.push(&address.body, &mut out).expect("not encoded");
        rewriter.finish(&mut out).expect("not encoded");
        out
    }
}
