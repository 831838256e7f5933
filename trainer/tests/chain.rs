//! What each snapshot carries on from the one before it.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{ItemKey, Snapshot, write};
use tailorbird_trainer::{
    BACK_IN_STOCK_DAYS, BuildInputs, FeedFile, PRICE_BEFORE_DAYS, TrainError, build,
};

const DAY: i64 = 86_400;
const START: u32 = 20_700;

struct Shop {
    folder: tempfile::TempDir,
    live: Option<Arc<Snapshot>>,
}

impl Shop {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            live: None,
        }
    }

    fn inputs(&self, day: u32, rows: &str) -> BuildInputs {
        let path: PathBuf = self.folder.path().join("feed.csv");
        let names = "id,title,link,price,sale_price,availability,sale_price_effective_date";
        fs::write(&path, format!("{names}\n{rows}")).expect("a file");
        BuildInputs {
            feeds: vec![FeedFile { lang: None, path }],
            previous: self.live.clone(),
            site: Site {
                locales: vec![Locale {
                    lang: "en".into(),
                    currency: "EUR".into(),
                    ..Locale::default()
                }],
                ..Site::default()
            },
            created: i64::from(START + day) * DAY + 7,
            ..BuildInputs::default()
        }
    }

    /// Makes the snapshot of a day, counted from [`START`], from rows of the feed. It goes live.
    fn build(&mut self, day: u32, rows: &str) -> Arc<Snapshot> {
        let built = build(&self.inputs(day, rows), &mut |_| ()).expect("builds");
        let bytes = write(&built.source).expect("writes");
        let snapshot = Arc::new(Snapshot::open(bytes).expect("opens"));
        snapshot.verify().expect("sound");
        self.live = Some(Arc::clone(&snapshot));
        snapshot
    }
}

fn item(snapshot: &Snapshot, id: &str) -> u32 {
    snapshot.item_by_key(ItemKey::of(id)).expect("an item")
}

fn before(snapshot: &Snapshot) -> Option<u32> {
    snapshot.price_before(item(snapshot, "a"), 0)
}

#[test]
fn the_highest_price_of_thirty_days_is_kept() {
    let mut shop = Shop::new();
    let costs = |price: &str| format!("a,A,/a,{price} EUR,,in_stock,\n");
    assert_eq!(before(&shop.build(0, &costs("100"))), None);
    assert_eq!(before(&shop.build(5, &costs("90"))), Some(10_000));
    assert_eq!(before(&shop.build(20, &costs("70"))), Some(10_000));
    // The first one's last day is too long ago, the second one's is not.
    assert_eq!(
        before(&shop.build(PRICE_BEFORE_DAYS, &costs("70"))),
        Some(10_000)
    );
    assert_eq!(
        before(&shop.build(PRICE_BEFORE_DAYS + 1, &costs("70"))),
        Some(9_000)
    );
    // Dearer than all of them: nothing has fallen.
    assert_eq!(before(&shop.build(32, &costs("95"))), None);
    let dropped = shop.build(33, &costs("94"));
    assert_eq!(before(&dropped), Some(9_500));
    assert_eq!(dropped.price_drops().count(), 0, "a hundredth is no drop");
    assert_eq!(shop.build(34, &costs("50")).price_drops().count(), 1);
}

#[test]
fn a_sale_price_counts_while_it_holds() {
    let mut shop = Shop::new();
    // Day 20,700 is 2026-09-04.
    let row = "a,A,/a,100 EUR,60 EUR,in_stock,2026-09-06/2026-09-07\n";
    let sale = |snapshot: &Snapshot| {
        let item = item(snapshot, "a");
        (snapshot.sale_price(item, 0), snapshot.sale_ends(item, 0))
    };
    assert_eq!(sale(&shop.build(1, row)), (None, None));
    let end = i64::from(START + 4) * DAY;
    let during = shop.build(2, row);
    assert_eq!(sale(&during), (Some(6_000), Some(end)));
    assert_eq!(
        (before(&during), during.on_sale().count()),
        (Some(10_000), 1)
    );
    let after = shop.build(4, row);
    assert_eq!(sale(&after), (None, None));
    assert_eq!((before(&after), after.on_sale().count()), (None, 0));
}

#[test]
fn what_was_sold_out_is_back_for_two_weeks() {
    let mut shop = Shop::new();
    let row =
        |availability: &str| format!("a,A,/a,1 EUR,,{availability},\nb,B,/b,1 EUR,,in_stock,\n");
    let back = |snapshot: &Snapshot| snapshot.back_in_stock_day(item(snapshot, "a"));
    assert_eq!(back(&shop.build(0, &row("out_of_stock"))), None);
    assert_eq!(back(&shop.build(1, &row("out_of_stock"))), None);
    let returned = shop.build(3, &row("in_stock"));
    assert_eq!(back(&returned), Some(START + 3));
    let list: Vec<u32> = returned.back_in_stock().collect();
    assert_eq!(list, [item(&returned, "a")], "b was never gone");
    let last = 3 + BACK_IN_STOCK_DAYS;
    assert_eq!(back(&shop.build(last, &row("in_stock"))), Some(START + 3));
    assert_eq!(back(&shop.build(last + 1, &row("in_stock"))), None);
    shop.build(last + 2, &row("out_of_stock"));
    assert_eq!(
        back(&shop.build(last + 3, &row("preorder"))),
        Some(START + last + 3)
    );
}

#[test]
fn what_the_snapshot_before_did_not_have_is_new() {
    let mut shop = Shop::new();
    let a = "a,A,/a,1 EUR,,in_stock,\n";
    let first = shop.build(0, a);
    assert_eq!(first.added_day(item(&first, "a")), None);
    let both = format!("{a}b,B,/b,1 EUR,,in_stock,\n");
    for day in [4, 9] {
        let next = shop.build(day, &both);
        assert_eq!(next.added_day(item(&next, "a")), None);
        assert_eq!(next.added_day(item(&next, "b")), Some(START + 4));
        assert_eq!(next.new_arrivals().collect::<Vec<_>>(), [item(&next, "b")]);
    }
}

#[test]
fn a_later_snapshot_is_no_previous_one() {
    let mut shop = Shop::new();
    let row = "a,A,/a,1 EUR,,in_stock,\n";
    shop.build(5, row);
    let error = build(&shop.inputs(4, row), &mut |_| ()).expect_err("the wrong way round");
    assert!(matches!(error, TrainError::LaterPrevious { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever the prices were: what is told was paid within 30 days, was more than now, and nothing
    /// that is remembered was more.
    #[test]
    fn a_price_before_was_one(
        steps in prop::collection::vec((1u32..25, 1u32..6), 2..7),
    ) {
        let mut shop = Shop::new();
        let (mut day, mut paid) = (0, Vec::new());
        for (pause, price) in steps {
            day += pause;
            let snapshot = shop.build(day, &format!("a,A,/a,{price} EUR,,in_stock,\n"));
            let lately = paid.iter().filter(|(on, _)| day - on <= PRICE_BEFORE_DAYS);
            let highest = lately.map(|&(_, price)| price).max();
            let expected = highest.filter(|&before| before > price).map(|euros| euros * 100);
            prop_assert_eq!(before(&snapshot), expected);
            paid.push((day, price));
        }
    }
}
