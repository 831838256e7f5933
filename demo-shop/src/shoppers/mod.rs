//! Simulated shoppers: a history from which something can be learned, because everybody in it has a taste.
//!
//! A shopper likes a few categories, brands and colours and has a price band. A session is a random walk over products:
//! the next one is usually similar to the one just looked at, sometimes something that goes with it, sometimes a thing
//! seen before, and always more likely the more popular it is. Popularity falls with the rank as 1 / (rank + 3), a form
//! of Zipf's law that needs division alone.

mod event;
mod market;
mod session;
mod taste;

use crate::Shop;
use crate::rng::Rng;
use event::Event;
use market::Market;
use session::Visit;
use std::io::{self, Write};
use taste::Shopper;

/// The moment up to which events are simulated unless somebody asks for another: 2026-09-21, 14:13:20 UTC, in seconds.
/// A constant, because the clock would make every file different.
pub const EVENTS_NOW: i64 = 1_790_000_000;
/// How many events are written unless somebody asks for another number.
pub const EVENTS_DEFAULT: usize = 210_000;
/// Over how many days before "now" they are spread.
pub const EVENTS_DAYS: i64 = 60;

const SECONDS_A_DAY: i64 = 86_400;

impl Shop {
    /// Writes at least `min_events` events, one JSON object a line in GA4's shape, by time, over the [`EVENTS_DAYS`]
    /// days before `now` (seconds since 1970). The last shopper's sessions are written whole, so there are a few more.
    ///
    /// The same shop, seed, number and moment give the same bytes.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_events(
        &self,
        seed: u64,
        min_events: usize,
        now: i64,
        mut out: impl Write,
    ) -> io::Result<()> {
        let mut rng = Rng::new(seed, 2);
        let market = Market::new(self.products(), &mut rng);
        let mut events: Vec<Event> = Vec::with_capacity(min_events + 256);
        let mut shopper_number = 0;
        while events.len() < min_events {
            shopper_number += 1;
            let mut shopper = Shopper::new(shopper_number, &market, &mut rng);
            for start in starts(&mut rng, now) {
                Visit::new(&market, &mut shopper, start, now, &mut events).walk(&mut rng);
            }
        }
        // A stable sort: events of the same microsecond stay in the order in which they happened.
        events.sort_by_key(|event| event.micros);
        for event in &events {
            event.write(self.products(), &mut out)?;
        }
        out.flush()
    }
}

/// When one shopper's sessions begin, in seconds: mostly one or two, seldom as many as nine, in the order of time.
fn starts(rng: &mut Rng, now: i64) -> Vec<i64> {
    let mut count = 1;
    while count < 9 && rng.percent(58) {
        count += 1;
    }
    let mut starts: Vec<i64> = (0..count)
        .map(|_| {
            let day = 1 + rng.below(EVENTS_DAYS as usize) as i64;
            // Evenings are busy, nights are not: the sum of two dice over the hours from 7 to 23.
            let second = 7 * 3600 + rng.below(8 * 3600) as i64 + rng.below(8 * 3600) as i64;
            let midnight = now.div_euclid(SECONDS_A_DAY) * SECONDS_A_DAY - day * SECONDS_A_DAY;
            midnight + second
        })
        .filter(|start| *start >= now - EVENTS_DAYS * SECONDS_A_DAY)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeMap;

    fn events(seed: u64, min: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        Shop::generate(1)
            .write_events(seed, min, EVENTS_NOW, &mut bytes)
            .expect("memory takes everything");
        bytes
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        assert_eq!(events(5, 2000), events(5, 2000));
        assert_ne!(events(5, 2000), events(6, 2000));
    }

    #[test]
    fn events_look_like_ga4_and_run_forward() {
        let shop = Shop::generate(1);
        let text = String::from_utf8(events(1, 20_000)).expect("events are UTF-8");
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut last = 0;
        for line in text.lines() {
            let event: Value = serde_json::from_str(line).expect("every line is JSON");
            let time = event["event_timestamp"].as_i64().expect("a time");
            assert!(time >= last && time <= EVENTS_NOW * 1_000_000);
            assert!(time >= (EVENTS_NOW - EVENTS_DAYS * SECONDS_A_DAY) * 1_000_000);
            last = time;
            assert!(event["user_pseudo_id"].is_string() && event["ga_session_id"].is_i64());
            assert!(
                event["page_location"]
                    .as_str()
                    .is_some_and(|page| page.starts_with(crate::ORIGIN))
            );
            let kind = event["event_name"].as_str().expect("a name").to_owned();
            assert_eq!(event["search_term"].is_string(), kind == "search", "{line}");
            if kind != "search" {
                let items = event["items"].as_array().expect("items");
                assert!(
                    (1..=8).contains(&items.len()) || kind == "purchase",
                    "{line}"
                );
                for item in items {
                    assert!(
                        item["item_id"]
                            .as_str()
                            .is_some_and(|id| shop.product(id).is_some()),
                        "{line}"
                    );
                }
            }
            *kinds.entry(kind).or_default() += 1;
        }
        let names = [
            "add_to_cart",
            "purchase",
            "remove_from_cart",
            "search",
            "select_item",
            "view_item",
            "view_item_list",
        ];
        assert_eq!(
            kinds.keys().map(String::as_str).collect::<Vec<_>>(),
            names,
            "{kinds:?}"
        );
        assert!(
            kinds["view_item"] > kinds["add_to_cart"] && kinds["add_to_cart"] > kinds["purchase"],
            "{kinds:?}"
        );
    }

    #[test]
    fn nobody_buys_what_is_not_there() {
        let shop = Shop::generate(1);
        let text = String::from_utf8(events(2, 20_000)).expect("events are UTF-8");
        for line in text
            .lines()
            .filter(|line| line.contains("\"add_to_cart\"") || line.contains("\"purchase\""))
        {
            let event: Value = serde_json::from_str(line).expect("every line is JSON");
            for item in event["items"].as_array().into_iter().flatten() {
                let id = item["item_id"].as_str().unwrap_or_default();
                assert!(
                    shop.product(id).is_some_and(|product| product.in_stock),
                    "{line}"
                );
            }
        }
    }

    /// What makes the file worth training on: neighbours in a session resemble each other, and few things are seen often.
    #[test]
    fn tastes_and_popularity_can_be_seen() {
        let shop = Shop::generate(1);
        let text = String::from_utf8(events(3, 30_000)).expect("events are UTF-8");
        let mut views: BTreeMap<String, usize> = BTreeMap::new();
        let mut before: BTreeMap<String, String> = BTreeMap::new();
        let (mut pairs, mut same) = (0, 0);
        for line in text.lines().filter(|line| line.contains("\"view_item\"")) {
            let event: Value = serde_json::from_str(line).expect("every line is JSON");
            let id = event["items"][0]["item_id"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let session = format!("{}{}", event["user_pseudo_id"], event["ga_session_id"]);
            if let Some(last) = before.insert(session, id.clone()) {
                let categories = [last, id.clone()]
                    .map(|id| shop.product(&id).map(|product| product.category.slug.en));
                pairs += 1;
                same += usize::from(categories[0] == categories[1]);
            }
            *views.entry(id).or_default() += 1;
        }
        assert!(
            same * 100 > pairs * 45,
            "{same} of {pairs} steps stay in a category"
        );
        let mut counts: Vec<_> = views.into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let head: usize = counts.iter().take(counts.len() / 10).sum();
        assert!(
            head * 100 > counts.iter().sum::<usize>() * 22,
            "a tenth of the products draws {head} views"
        );
    }

    #[test]
    fn the_default_size_is_large_enough_to_train_on() {
        let bytes = events(1, EVENTS_DEFAULT);
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert!(lines >= 200_000, "{lines}");
        assert!(bytes.len() < 80_000_000, "{} bytes", bytes.len());
    }
}
