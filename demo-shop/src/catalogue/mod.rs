//! What the shop sells.

pub(crate) mod facts;
pub(crate) mod tags;
pub(crate) mod taxonomy;
pub(crate) mod words;

use crate::lang::{Lang, slug};
use crate::pictures::Shape;
use crate::rng::Rng;
use taxonomy::{Category, categories};
use words::{BRANDS, Brand, Colour, MODELS};

/// Ids run upwards from this one without gaps.
const FIRST_ID: u32 = 10_001;
/// Products out of a hundred that cannot be bought.
const OUT_OF_STOCK_PERCENT: usize = 5;
/// Models out of a hundred that are reduced.
const SALE_PERCENT: usize = 18;

/// A product: one model in one colour.
#[derive(Debug, Clone)]
pub struct Product {
    /// For people, feed, events and pages alike: `TB-10234`.
    pub id: String,
    /// What the colours of one model share: `G-0042`.
    pub group: String,
    /// Its only category.
    pub category: &'static Category,
    /// The maker.
    pub brand: &'static str,
    /// The regular price in euro cents.
    pub price: u32,
    /// The price while it is reduced; always below `price`.
    pub sale_price: Option<u32>,
    /// Whether it can be bought.
    pub in_stock: bool,
    /// EAN-13 in the range that GS1 keeps for use inside a company, so that it is nobody's.
    pub gtin: String,
    /// What few feeds say.
    pub facts: facts::Facts,
    pub(crate) colour: &'static Colour,
    pub(crate) material: crate::lang::Text,
    pub(crate) shape: Shape,
    /// Freely used by the picture.
    pub(crate) look: u64,
    titles: [String; 2],
    descriptions: [String; 2],
}

impl Product {
    /// Its name in `lang`.
    pub fn title(&self, lang: Lang) -> &str {
        &self.titles[lang as usize]
    }

    /// A few sentences in `lang`.
    pub fn description(&self, lang: Lang) -> &str {
        &self.descriptions[lang as usize]
    }

    /// Name of its colour in `lang`.
    pub fn colour(&self, lang: Lang) -> &'static str {
        self.colour.name.to(lang)
    }

    /// Name of its material in `lang`.
    pub fn material(&self, lang: Lang) -> &'static str {
        self.material.to(lang)
    }

    /// Path of its page: `/en/p/<slug>-<id>`.
    pub fn path(&self, lang: Lang) -> String {
        format!("/{}/p/{}-{}", lang.code(), slug(self.title(lang)), self.id)
    }

    /// Path of its picture.
    pub fn picture_path(&self) -> String {
        format!("/img/{}.svg", self.id)
    }

    /// What it costs today, in cents.
    pub fn price_now(&self) -> u32 {
        self.sale_price.unwrap_or(self.price)
    }
}

/// The place of the product with this id in a list made by [`generate`], whether or not the list is that long.
pub(crate) fn position(id: &str) -> Option<usize> {
    let digits = id
        .strip_prefix("TB-")
        .filter(|digits| digits.len() == 5 && digits.bytes().all(|b| b.is_ascii_digit()))?;
    let number: u32 = digits.parse().ok()?;
    usize::try_from(number.checked_sub(FIRST_ID)?).ok()
}

/// All products of the shop with this seed, by id.
pub(crate) fn generate(seed: u64) -> Vec<Product> {
    let mut rng = Rng::new(seed, 1);
    let mut products = Vec::new();
    let mut group = 0;
    for category in categories() {
        let makers: Vec<&Brand> = BRANDS
            .iter()
            .filter(|brand| brand.departments.contains(&category.department))
            .collect();
        let mut models = MODELS.to_vec();
        rng.shuffle(&mut models);
        let full = products.len() + category.size;
        for model in models {
            if products.len() == full {
                break;
            }
            group += 1;
            let room = full - products.len();
            add_model(
                &mut products,
                &mut rng,
                category,
                take_turns(&makers, group),
                model,
                group,
                room,
            );
        }
    }
    // Arrivals are mixed, so that a list by id neither groups the colours of a model nor says what is popular.
    rng.shuffle(&mut products);
    for (id, product) in (FIRST_ID..).zip(&mut products) {
        product.id = format!("TB-{id}");
        product.gtin = gtin(id);
    }
    facts::draw(seed, &mut products);
    products
}

/// Makers take turns, with a stride that is prime to every list's length, so that each brand has something everywhere.
fn take_turns(makers: &[&'static Brand], turn: usize) -> &'static Brand {
    makers[turn * 7 % makers.len()]
}

fn add_model(
    products: &mut Vec<Product>,
    rng: &mut Rng,
    category: &'static Category,
    brand: &'static Brand,
    model: &str,
    group: usize,
    room: usize,
) {
    let (noun, shape) = rng.pick(category.nouns);
    let material = rng.pick(category.materials);
    let price = model_price(rng, category.prices);
    let sale_price = rng
        .percent(SALE_PERCENT)
        .then(|| reduced(price, rng.pick(&[10, 15, 20, 25, 30, 40])));
    let mut lines = category.lines.to_vec();
    rng.shuffle(&mut lines);
    let mut colours = category.colours.to_vec();
    rng.shuffle(&mut colours);
    let look = rng.bits();
    for colour in colours.into_iter().take(rng.between(1, 4).min(room)) {
        let titles = [
            format!("{model} {} {} in {}", material.en, noun.en, colour.name.en),
            format!(
                "{} {model} aus {}, {}",
                noun.de, material.de, colour.name.de
            ),
        ];
        let descriptions = Lang::ALL.map(|lang| {
            let lead = match lang {
                Lang::En => format!(
                    "{model} by {}, made of {} in {}.",
                    brand.name, material.en, colour.name.en
                ),
                Lang::De => format!(
                    "{model} von {}, aus {} in {}.",
                    brand.name,
                    material.de,
                    capital(colour.name.de)
                ),
            };
            format!("{lead} {} {}", lines[0].to(lang), lines[1].to(lang))
        });
        products.push(Product {
            id: String::new(),
            group: format!("G-{group:04}"),
            category,
            brand: brand.name,
            price,
            sale_price,
            in_stock: !rng.percent(OUT_OF_STOCK_PERCENT),
            gtin: String::new(),
            facts: facts::Facts::default(),
            colour,
            material,
            shape,
            look,
            titles,
            descriptions,
        });
    }
}

/// Cheap ones are more common; the ending is one that shops like.
fn model_price(rng: &mut Rng, (low, high): (u32, u32)) -> u32 {
    let skew = rng.fraction() * rng.fraction();
    let plain = low + (f64::from(high - low) * skew) as u32;
    if plain < 5000 {
        plain / 100 * 100 + 90
    } else {
        plain / 1000 * 1000 + 900
    }
}

fn reduced(price: u32, percent: u32) -> u32 {
    let plain = price * (100 - percent) / 100;
    (plain / 100 * 100 + 90).min(price - 100)
}

/// A German colour after "in" is a noun.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn gtin(id: u32) -> String {
    let body = format!("2007310{id:05}");
    let sum: u32 = body
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_enough_of_everything() {
        let products = generate(1);
        assert!(products.len() >= 600, "{}", products.len());
        let count = |wanted: fn(&Product) -> bool| {
            products.iter().filter(|product| wanted(product)).count()
        };
        let gone = count(|product| !product.in_stock) * 1000 / products.len();
        assert!(
            (20..=80).contains(&gone),
            "{gone} per mille are out of stock"
        );
        assert!(count(|product| product.sale_price.is_some()) > products.len() / 10);
        assert!(
            products
                .iter()
                .all(|product| product.sale_price.is_none_or(|sale| sale < product.price))
        );
        for brand in BRANDS {
            assert!(
                products.iter().any(|product| product.brand == brand.name),
                "{} makes nothing",
                brand.name
            );
        }
        for category in categories() {
            let size = products
                .iter()
                .filter(|product| std::ptr::eq(product.category, category))
                .count();
            assert_eq!(size, category.size, "{}", category.slug.en);
        }
    }

    #[test]
    fn ids_are_places() {
        let products = generate(3);
        for (index, product) in products.iter().enumerate() {
            assert_eq!(position(&product.id), Some(index));
        }
        for wrong in [
            "",
            "TB-",
            "TB-1",
            "TB-00001",
            "TB-+1234",
            "TB-100011",
            "tb-10001",
            "TB-1000é",
        ] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn titles_are_unique_and_speak_both_languages() {
        let products = generate(1);
        for lang in Lang::ALL {
            let mut titles: Vec<_> = products.iter().map(|product| product.title(lang)).collect();
            titles.sort_unstable();
            titles.dedup();
            assert!(
                titles.len() * 100 > products.len() * 99,
                "{} of {}",
                titles.len(),
                products.len()
            );
        }
    }

    #[test]
    fn a_gtin_checks() {
        assert_eq!(gtin(10_001).len(), 13);
        let digits: Vec<u32> = gtin(10_234)
            .bytes()
            .map(|digit| u32::from(digit - b'0'))
            .collect();
        let sum: u32 = digits
            .iter()
            .zip([1, 3].into_iter().cycle())
            .map(|(digit, weight)| digit * weight)
            .sum();
        assert_eq!(sum % 10, 0);
    }
}
