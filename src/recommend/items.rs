//! Conditions on items: which ones a rule is about.

use crate::condition::{
    Answer, Ask, Condition, Field, Made, SCALE, Step, Subject, Test, evaluate, on_path, same_text,
};
use crate::site::{Site, money};
use crate::snapshot::{Availability, ItemKey, Kind, Snapshot};

/// An item as conditions see it.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The model.
    pub snapshot: &'a Snapshot,
    /// The rules, for the currencies.
    pub site: &'a Site,
    /// Index into [`Site::locales`]: prices and titles are that one's.
    pub locale: usize,
    /// Which.
    pub item: u32,
}

impl<'a> Item<'a> {
    fn code(&self, column: Kind) -> Answer<'a> {
        let code = self.snapshot.code(column, self.item);
        let text = code.and_then(|code| self.snapshot.code_text(column, code));
        match (text, column) {
            (Some(text), Kind::Category) => Answer::Path(text),
            (Some(text), _) => Answer::Text(text),
            (None, _) => Answer::Unknown,
        }
    }

    /// What it costs now and before a reduction, in minor units.
    fn prices(&self) -> Option<(u32, u32)> {
        let price = self.snapshot.price(self.item, self.locale)?;
        let sale = self.snapshot.sale_price(self.item, self.locale);
        Some((sale.map_or(price, |sale| sale.min(price)), price))
    }

    /// What it costs now, in 1/[`SCALE`] of the currency.
    fn paid(&self) -> Option<i64> {
        let currency = &self.site.locales.get(self.locale)?.currency;
        let (paid, _) = self.prices()?;
        Some(money::thousandths(paid, currency))
    }
}

impl Subject for Item<'_> {
    fn answer(&self, field: Field, argument: &str) -> Answer<'_> {
        match field {
            Field::Id => self.snapshot.id(self.item).into(),
            Field::Title => self.snapshot.title(self.item, self.locale).into(),
            Field::Availability => Answer::Text(match self.snapshot.availability(self.item) {
                Availability::InStock => "in_stock",
                Availability::OutOfStock => "out_of_stock",
                Availability::Preorder => "preorder",
                Availability::Backorder => "backorder",
            }),
            Field::Price => self.paid().map_or(Answer::Unknown, Answer::Number),
            Field::OnSale => Answer::Flag(self.prices().is_some_and(|(paid, full)| paid < full)),
            Field::Discount => match self.prices() {
                Some((paid, full)) if full > 0 => {
                    Answer::Number(i64::from(full - paid) * SCALE / i64::from(full))
                }
                _ => Answer::Unknown,
            },
            Field::Quantity => number(self.snapshot.quantity(self.item)),
            Field::DeliveryDays => number(self.snapshot.delivery_days(self.item).map(u32::from)),
            Field::AgeDays => {
                let today = u32::try_from(self.snapshot.meta().created / 86_400).ok();
                let added = self.snapshot.added_day(self.item);
                number(
                    today
                        .zip(added)
                        .and_then(|(today, added)| today.checked_sub(added)),
                )
            }
            Field::Label => {
                let label = argument.parse().ok();
                label.and_then(|n| self.snapshot.label(self.item, n)).into()
            }
            field => column_of(field).map_or(Answer::Unknown, |column| self.code(column)),
        }
    }
}

fn number(count: Option<u32>) -> Answer<'static> {
    count.map_or(Answer::Unknown, |count| {
        Answer::Number(i64::from(count) * SCALE)
    })
}

/// The dictionary column that holds a field.
fn column_of(field: Field) -> Option<Kind> {
    match field {
        Field::Brand => Some(Kind::Brand),
        Field::Category => Some(Kind::Category),
        Field::Color => Some(Kind::Color),
        Field::Size => Some(Kind::Size),
        Field::Material => Some(Kind::Material),
        _ => None,
    }
}

/// A condition made ready for one snapshot: texts have become codes, so that asking it of hundreds of items
/// compares no texts.
#[derive(Debug, Clone)]
pub struct ItemCondition {
    steps: Vec<Ready>,
}

#[derive(Debug, Clone)]
enum Ready {
    /// The item's code in this column is one of these, in ascending order.
    Codes(Kind, Vec<u32>),
    /// The item is one of these, in ascending order.
    Items(Vec<u32>),
    /// Anything else.
    Test(Test),
    Made(Made),
}

impl ItemCondition {
    /// Looks up what the condition names: each dictionary that it asks is gone through once for each of its tests.
    pub fn new(condition: &Condition, snapshot: &Snapshot) -> Self {
        let ready = |step: &Step| match step {
            Step::Test(test) => Ready::of(test, snapshot),
            Step::And => Ready::Made(Made::And),
            Step::Or => Ready::Made(Made::Or),
            Step::Not => Ready::Made(Made::Not),
        };
        Self {
            steps: condition.steps.iter().map(ready).collect(),
        }
    }

    /// Whether it holds for every item.
    pub fn is_trivial(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether it holds for an item. Does not allocate.
    pub fn holds(&self, item: &Item<'_>) -> bool {
        let one_of = |codes: &[u32], code: u32| codes.binary_search(&code).is_ok();
        evaluate(self.steps.iter().map(|step| match step {
            Ready::Codes(column, codes) => {
                let code = item.snapshot.code(*column, item.item);
                Made::Value(code.is_some_and(|code| one_of(codes, code)))
            }
            Ready::Items(items) => Made::Value(one_of(items, item.item)),
            Ready::Test(test) => Made::Value(test.holds(item)),
            Ready::Made(made) => *made,
        }))
    }

    /// Items for which it holds: those that it names by id, or of the `most` best sellers.
    pub fn items<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        site: &'a Site,
        locale: usize,
        most: usize,
    ) -> impl Iterator<Item = u32> + 'a {
        let all = 0..u32::try_from(snapshot.len().min(most)).unwrap_or(u32::MAX);
        // Items that are named are found without looking at all the others.
        let named = match self.steps.as_slice() {
            [Ready::Items(items)] => Some(items.as_slice()),
            _ => None,
        };
        let (all, named) = match named {
            Some(items) => (0..0, items),
            None => (all, [].as_slice()),
        };
        let of = move |item| Item {
            snapshot,
            site,
            locale,
            item,
        };
        let found = all.filter(move |&item| self.holds(&of(item)));
        named.iter().copied().chain(found)
    }
}

impl Ready {
    fn of(test: &Test, snapshot: &Snapshot) -> Self {
        let texts = match &test.ask {
            Ask::Texts(texts) => texts,
            _ => return Self::Test(test.clone()),
        };
        if test.field == Field::Id {
            let keys = texts.iter().map(|id| ItemKey::of(id));
            let mut items: Vec<u32> = keys.filter_map(|key| snapshot.item_by_key(key)).collect();
            crate::sort::by(&mut items, u32::cmp);
            return Self::Items(items);
        }
        let Some(column) = column_of(test.field) else {
            return Self::Test(test.clone());
        };
        let is_one = |text: &str| {
            texts.iter().any(|wanted| match column {
                Kind::Category => on_path(wanted, text),
                _ => same_text(wanted, text),
            })
        };
        let codes = (0..).map_while(|code| Some((code, snapshot.code_text(column, code)?)));
        let found = codes.filter(|(_, text)| !text.is_empty() && is_one(text));
        Self::Codes(column, found.map(|(code, _)| code).collect())
    }
}
