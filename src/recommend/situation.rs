//! A page view as conditions see it: the visitor, the page, the moment.

use super::Known;
use crate::condition::{Answer, Calendar, Field, SCALE, Subject};
use crate::page::Page;
use crate::site::{Moment, Site, money};
use crate::snapshot::{Kind, PRICE_BANDS, Snapshot};

/// What the platform tells of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
    /// The second part of ISO 3166-2: `BY`.
    pub region: Option<&'a str>,
    /// The URL's parameters, decoded.
    pub query: &'a [(String, String)],
    /// Segments that the visitor is taken to belong to, for a preview.
    pub segments: &'a [String],
    /// Variants that the visitor is taken to have, for a preview: `experiment=variant`.
    pub variants: &'a [String],
}

/// What conditions are held against.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    site: &'a Site,
    snapshot: &'a Snapshot,
    page: &'a Page<'a>,
    known: &'a Known<'a>,
    moment: Moment,
    around: Surroundings<'a>,
    /// A bit for each of [`Site::segments`].
    segments: u64,
    /// A bit for each of [`Site::experiments`] that the visitor may take part in.
    experiments: u64,
}

impl<'a> Situation<'a> {
    /// Looks at all there is, and finds out to which segments the visitor belongs.
    pub fn new(
        site: &'a Site,
        snapshot: &'a Snapshot,
        page: &'a Page<'a>,
        known: &'a Known<'a>,
        moment: Moment,
        around: Surroundings<'a>,
    ) -> Self {
        let mut situation = Self {
            site,
            snapshot,
            page,
            known,
            moment,
            around,
            segments: 0,
            experiments: 0,
        };
        // Each may refer to those before it.
        for (at, segment) in site.segments.iter().enumerate().take(64) {
            let is_forced = situation.around.segments.contains(&segment.name);
            let belongs = is_forced || segment.when.holds(&situation);
            situation.segments |= u64::from(belongs) << at;
        }
        for (at, experiment) in site.experiments.iter().enumerate().take(64) {
            let takes_part = experiment.terms.allow(&experiment.name, &situation.moment)
                && experiment.when.holds(&situation);
            situation.experiments |= u64::from(takes_part) << at;
        }
        situation
    }

    /// The segments that the visitor belongs to.
    pub fn segments(&self) -> impl Iterator<Item = &'a str> + '_ {
        let all = self.site.segments.iter().enumerate().take(64);
        all.filter(|(at, _)| self.segments >> at & 1 == 1)
            .map(|(_, segment)| segment.name.as_str())
    }

    /// The experiments that the visitor takes part in, each with the variant.
    pub fn variants(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        let all = self.site.experiments.iter().map(|e| e.name.as_str());
        all.filter_map(|name| Some((name, self.variant(name)?)))
    }

    fn variant(&self, name: &str) -> Option<&'a str> {
        let forced = self.around.variants.iter();
        let forced = forced.filter_map(|variant| variant.split_once('='));
        let mut forced = forced
            .filter(|(of, _)| *of == name)
            .map(|(_, variant)| variant);
        if let Some(variant) = forced.next_back() {
            return Some(variant);
        }
        let mut all = self.site.experiments.iter().enumerate().take(64);
        let (at, experiment) = all.find(|(_, experiment)| experiment.name == name)?;
        let takes_part = self.experiments >> at & 1 == 1;
        let variant = experiment.variant_of(self.moment.lot.filter(|_| takes_part)?)?;
        Some(variant.name.as_str())
    }

    fn is_in(&self, segment: &str) -> bool {
        self.segments().any(|name| name == segment)
    }

    fn count(items: &[u32], is_it: impl Fn(u32) -> bool) -> Answer<'static> {
        number(items.iter().filter(|&&item| is_it(item)).count())
    }

    fn has(&self, column: Kind, text: &str, item: u32) -> bool {
        let code = self.snapshot.code(column, item);
        let found = code.and_then(|code| self.snapshot.code_text(column, code));
        found.is_some_and(|found| match column {
            Kind::Category => crate::condition::on_path(text, found),
            _ => crate::condition::same_text(text, found),
        })
    }

    fn is_on_sale(&self, item: u32) -> bool {
        let locale = self.page.locale;
        let sale = self.snapshot.sale_price(item, locale);
        let price = self.snapshot.price(item, locale);
        sale.zip(price).is_some_and(|(sale, price)| sale < price)
    }

    /// The mean of the viewed items' price bands, from 0 to 1.
    fn price_level(&self) -> Answer<'static> {
        let Some(bands) = self.snapshot.codes(Kind::PriceBand) else {
            return Answer::Unknown;
        };
        let known = self.known.seen.iter().filter_map(|&item| bands.get(item));
        let (sum, count) = known.fold((0, 0), |(sum, count), band| {
            (sum + i64::from(band) - 1, count + 1)
        });
        match count {
            0 => Answer::Unknown,
            _ => Answer::Number(sum * SCALE / (count * i64::from(PRICE_BANDS - 1))),
        }
    }

    fn cart(&self) -> &[u32] {
        match self.page.facts.cart.as_slice() {
            [] => self.known.cart,
            told => told,
        }
    }

    fn cart_sum(&self) -> Answer<'static> {
        let locale = self.page.locale;
        let told = self.page.facts.cart_sum;
        let paid = |&item: &u32| {
            let price = self.snapshot.price(item, locale)?;
            let sale = self.snapshot.sale_price(item, locale).unwrap_or(price);
            Some(price.min(sale))
        };
        let known = || {
            let prices = self.cart().iter().map(paid);
            prices
                .sum::<Option<u32>>()
                .filter(|_| !self.cart().is_empty())
        };
        let currency = self.site.locales.get(locale).map(|l| l.currency.as_str());
        let sum = told.or_else(known);
        sum.map_or(Answer::Unknown, |sum| {
            Answer::Number(money::thousandths(sum, currency.unwrap_or_default()))
        })
    }

    fn visitor(&self, field: Field, argument: &str) -> Answer<'_> {
        let Known { seen, bought, .. } = *self.known;
        let state = self.known.state;
        let now = self.moment.now;
        let days = |days: Option<u32>| days.map_or(Answer::Unknown, |days| number(days as usize));
        match field {
            Field::New => Answer::Flag(state.is_none_or(|state| state.is_new())),
            Field::Returning => Answer::Flag(state.is_some_and(|state| state.is_returning())),
            Field::Buyer => Answer::Flag(state.is_some_and(|state| !state.purchases.is_empty())),
            Field::Visits => state.map_or(Answer::Unknown, |s| number(s.visits.count as usize)),
            Field::DaysSinceFirstVisit => days(state.map(|state| {
                let minutes = crate::visitor::minute_of(now).saturating_sub(state.visits.first);
                minutes / (24 * 60)
            })),
            Field::DaysSinceLastVisit => days(state.and_then(|state| state.lapsed_days(now))),
            Field::Views => number(seen.len()),
            Field::ViewsOnSale => Self::count(seen, |item| self.is_on_sale(item)),
            Field::ShareOnSale if seen.is_empty() => Answer::Unknown,
            Field::ShareOnSale => {
                let reduced = seen.iter().filter(|&&item| self.is_on_sale(item)).count();
                Answer::Number((reduced * SCALE as usize / seen.len()) as i64)
            }
            Field::PriceLevel => self.price_level(),
            Field::ViewedBrand => Self::count(seen, |i| self.has(Kind::Brand, argument, i)),
            Field::ViewedCategory => Self::count(seen, |i| self.has(Kind::Category, argument, i)),
            Field::ViewedColor => Self::count(seen, |i| self.has(Kind::Color, argument, i)),
            Field::ViewedSize => Self::count(seen, |i| self.has(Kind::Size, argument, i)),
            Field::ViewedMaterial => Self::count(seen, |i| self.has(Kind::Material, argument, i)),
            Field::Purchases => state.map_or(Answer::Unknown, |s| number(s.purchases.len())),
            Field::DaysSincePurchase => days(state.and_then(|state| {
                let newest = state.purchases.iter().map(|purchase| purchase.day).max()?;
                Some(crate::visitor::day_of(now).saturating_sub(newest))
            })),
            Field::BoughtBrand => Self::count(bought, |i| self.has(Kind::Brand, argument, i)),
            Field::BoughtCategory => Self::count(bought, |i| self.has(Kind::Category, argument, i)),
            Field::CartItems => number(self.cart().len()),
            Field::CartSum => self.cart_sum(),
            Field::CartHours => days(state.and_then(|state| state.abandoned_cart_hours(now))),
            Field::Likes => number(self.known.liked.len()),
            Field::Segment => Answer::Flag(self.is_in(argument)),
            Field::Variant => self.variant(argument).into(),
            Field::Trait => self.known.traits.and_then(|all| all.get(argument)).into(),
            field => self.page_and_moment(field, argument),
        }
    }

    fn page_and_moment(&self, field: Field, argument: &str) -> Answer<'_> {
        let (page, facts) = (self.page, &self.page.facts);
        let code = |told: Option<u32>, column| {
            let of_product = || self.snapshot.code(column, page.product?);
            let code = told.or_else(of_product)?;
            self.snapshot.code_text(column, code)
        };
        let calendar = Calendar::at(self.moment.now);
        match field {
            Field::Page => page.kind.into(),
            Field::PageCategory => {
                code(facts.category, Kind::Category).map_or(Answer::Unknown, Answer::Path)
            }
            Field::PageBrand => code(facts.brand, Kind::Brand).into(),
            Field::Search => facts.search.as_deref().into(),
            Field::Query => {
                let found = self.around.query.iter().find(|(name, _)| name == argument);
                found.map(|(_, value)| value.as_str()).into()
            }
            Field::Lang => {
                let locale = self.site.locales.get(page.locale);
                locale.map(|locale| locale.lang.as_str()).into()
            }
            Field::Country => self.around.country.into(),
            Field::Region => self.around.region.into(),
            Field::Weather => {
                let (country, region) = (self.around.country, self.around.region);
                let day = u32::try_from(calendar.day).unwrap_or_default();
                let weather = |country| {
                    self.snapshot
                        .weather(country, region.unwrap_or_default(), day)
                };
                country.and_then(weather).into()
            }
            Field::Cluster => {
                let cluster = self.snapshot.cluster_of(self.known.seen);
                cluster
                    .and_then(|number| self.snapshot.cluster_name(number))
                    .into()
            }
            Field::Season => Answer::Text(calendar.season(self.around.country)),
            Field::Month => number(usize::from(calendar.month)),
            Field::Weekday => number(usize::from(calendar.weekday)),
            Field::Hour => number(usize::from(calendar.hour)),
            _ => Answer::Unknown,
        }
    }
}

fn number(count: usize) -> Answer<'static> {
    Answer::Number(i64::try_from(count).map_or(i64::MAX, |count| count.saturating_mul(SCALE)))
}

impl Subject for Situation<'_> {
    fn answer(&self, field: Field, argument: &str) -> Answer<'_> {
        self.visitor(field, argument)
    }
}
