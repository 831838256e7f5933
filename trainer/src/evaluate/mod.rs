//! How good the model is: on any log, beside baselines, with intervals.
//!
//! ```text
//! events (last days = test)  --+-> Data: training sessions, cases
//! session files (train, test) -+     |-> trainer -> snapshot -> engine's packed lists -+
//!                                    |-> baselines -----------------------------------+-> scores -> gate
//!                                                                                          |-> report
//! ```
//!
//! Each view of a test session but the first is a *case*: given those before it, which item comes next?
//! All items of the training part are ranked. **Academic** scores rank them all, what was viewed before
//! included, as the literature does. **Shop** scores leave out the item that the visitor looks at, as a
//! shop does. Views of items that the training part does not have are left out of the test and counted.
//!
//! The same log gives the same numbers, whatever the number of threads; but for the time that a query
//! takes, which is measured, too.

mod baselines;
mod data;
mod error;
mod event_files;
mod gate;
mod html;
mod latency;
mod measure;
mod metrics;
mod product;
mod rank;
mod result;
mod session_files;
mod table;

use std::path::PathBuf;

pub use baselines::VmisSettings;
pub use data::Counts;
pub use error::EvaluateError;
pub use gate::{
    METRICS, Metric, Requirement, RequirementError, VS_PREVIOUS, Verdict, parse_requirements,
};
pub use html::{ReportError, html};
pub use latency::Latency;
pub use metrics::{Estimate, Scores, TOP};
pub use result::{Evaluation, FORMAT, LengthScore, ModelScores, PRODUCT, SizeScores};
pub use session_files::SPAN_DAYS;
pub use table::table;

use crate::import::Mapping;
use tailorbird::site::Locale;

use crate::build::{FeedFile, read_catalogue};
use crate::report::{Progress, Stage, Warnings};
use crate::train::Settings;
use baselines::{ItemLists, Popular, Vmis};
use data::Data;
use product::Trained;
use rank::Recommend;

/// With how many neighbours an item the product is measured beside its full size.
const SIZES: [usize; 3] = [4, 8, 16];

/// Where cases come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A shop's events, without a feed; the last days are the test.
    Events {
        /// JSONL files, or other systems' logs; `-` for standard input.
        files: Vec<PathBuf>,
        /// What the columns of other systems' logs mean.
        mapping: Option<Box<Mapping>>,
        /// How many days the test takes.
        test_days: f64,
    },
    /// Research data: a file of training sessions and one of test sessions or cases.
    Sessions {
        /// The training file.
        train: PathBuf,
        /// The test file.
        test: PathBuf,
    },
}

/// A shop's product feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// At least one.
    pub files: Vec<FeedFile>,
    /// The shop's locales, for their languages and currencies.
    pub locales: Vec<Locale>,
}

/// What is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluateInputs {
    /// Where cases come from.
    pub source: Source,
    /// What the product's trainer is told of the items; the baselines know ids alone.
    pub feed: Option<Feed>,
    /// What the product's trainer is told.
    pub settings: Settings,
    /// What VMIS-kNN is told.
    pub vmis: VmisSettings,
}

/// Reads, trains, asks and adds up.
///
/// # Errors
///
/// [`EvaluateError`] when an input cannot be used. Damaged lines of events are in `warnings`.
pub fn evaluate(
    inputs: &EvaluateInputs,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Evaluation, EvaluateError> {
    let data = match &inputs.source {
        Source::Events {
            files,
            mapping,
            test_days,
        } => event_files::read(
            files,
            mapping.as_deref(),
            *test_days,
            inputs.settings.sessions,
            warnings,
            progress,
        )?,
        Source::Sessions { train, test } => session_files::read(train, test)?,
    };
    if data.is_empty() {
        return Err(EvaluateError::NoCases);
    }
    let feed = match &inputs.feed {
        Some(feed) => Some(read_catalogue(&feed.files, &feed.locales, warnings, progress)?.0),
        None => None,
    };
    let trained = Trained::learn(
        &data,
        feed.as_ref(),
        &inputs.settings,
        &mut |done, total| {
            progress(Progress {
                stage: Stage::Neighbours,
                done,
                total: Some(total),
            });
        },
    )?;
    let full = trained.longest();
    let sizes: Vec<usize> = SIZES
        .into_iter()
        .filter(|&size| size < full)
        .chain([full])
        .collect();
    let views = data.view_counts();
    let popular = Popular::new(&views);
    let percentiles = metrics::percentiles(&views);
    // The product at each size, and four baselines.
    let total = (sizes.len() + 4) as u64 * data.len() as u64;
    let mut done = 0;
    let mut measure = |model: &dyn Recommend| {
        measure::measure(model, &data, &popular, &percentiles, &mut |cases| {
            done += cases;
            progress(Progress {
                stage: Stage::Cases,
                done,
                total: Some(total),
            });
        })
    };
    let mut models = Vec::new();
    let mut by_size = Vec::new();
    for size in sizes {
        let product = trained.packed(size)?;
        let found = measure(&product);
        by_size.push(SizeScores {
            neighbours: size as u32,
            bytes: product.bytes(),
            file_bytes: product.file_bytes(),
            academic: found.academic,
            shop: found.shop,
            latency: Some(latency::latency(&product, &data)),
        });
        if size == full {
            models.push(model_scores(PRODUCT, product.bytes(), found));
        }
    }
    drop(trained);
    // One after the other: each baseline's tables are large, and none is needed twice.
    let (items, train) = (data.items.len(), &data.train);
    for (name, learn) in baselines(&data, items, train, inputs.vmis) {
        let model = learn();
        let found = measure(&*model);
        models.push(model_scores(name, model.bytes(), found));
    }
    Ok(Evaluation {
        format: FORMAT,
        data: data.counts(),
        vmis: inputs.vmis,
        models,
        sizes: by_size,
    })
}

type Learn<'a> = Box<dyn FnOnce() -> Box<dyn Recommend> + 'a>;

fn baselines<'a>(
    data: &'a Data,
    items: usize,
    train: &'a [data::TrainSession],
    vmis: VmisSettings,
) -> [(&'static str, Learn<'a>); 4] {
    let lists = move |closeness| Box::new(ItemLists::learn(items, train, closeness));
    [
        (
            "popularity",
            Box::new(|| Box::new(Popular::new(&data.view_counts()))),
        ),
        ("co-occurrence", Box::new(move || lists(baselines::count))),
        ("item-knn", Box::new(move || lists(baselines::cosine))),
        (
            "vmis-knn",
            Box::new(move || Box::new(Vmis::learn(&data.items, train, vmis))),
        ),
    ]
}

fn model_scores(name: &str, bytes: u64, found: measure::Measured) -> ModelScores {
    ModelScores {
        name: name.to_owned(),
        bytes,
        academic: found.academic,
        shop: found.shop,
        academic_by_length: found.academic_by_length,
        shop_by_length: found.shop_by_length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A result with these academic and shop scores of the product and of one baseline.
    pub(super) fn evaluation(hr20: f64, mrr20: f64) -> Evaluation {
        let estimate = |value: f64| Estimate {
            value,
            low: value - 0.01,
            high: value + 0.01,
        };
        let scores = Scores {
            hr20: estimate(hr20),
            mrr20: estimate(mrr20),
            ..Scores::default()
        };
        let length = |views| LengthScore {
            views,
            cases: 10,
            hr20,
            mrr20,
        };
        let model = |name: &str| ModelScores {
            name: name.to_owned(),
            bytes: 100_000,
            academic: scores,
            shop: scores,
            academic_by_length: vec![length(1), length(10)],
            shop_by_length: vec![length(1), length(10)],
        };
        let size = |neighbours| SizeScores {
            neighbours,
            bytes: 25_000 * u64::from(neighbours),
            file_bytes: 1 << 20,
            academic: scores,
            shop: scores,
            latency: Some(Latency {
                cases: 10,
                p50_us: 5.0,
                p99_us: 12.0,
            }),
        };
        Evaluation {
            format: FORMAT,
            data: Counts::default(),
            vmis: VmisSettings::default(),
            models: vec![model(PRODUCT), model("vmis-knn")],
            sizes: vec![size(2), size(4)],
        }
    }

    /// Sessions that go round in circles of ten, which anything that counts pairs can learn.
    fn circles(folder: &std::path::Path) -> Source {
        let line = |start: u64| {
            let circle = start % 7 * 10;
            let ids = (0..4).map(|step| (circle + (start + step) % 10).to_string());
            ids.collect::<Vec<_>>().join(" ") + "\n"
        };
        let (train, test) = (folder.join("train.txt"), folder.join("test.txt"));
        std::fs::write(&train, (0..700).map(line).collect::<String>()).expect("a file");
        std::fs::write(&test, (0..70).map(line).collect::<String>()).expect("a file");
        Source::Sessions { train, test }
    }

    #[test]
    fn the_number_of_threads_changes_nothing_and_json_keeps_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let inputs = EvaluateInputs {
            source: circles(folder.path()),
            feed: None,
            settings: Settings::default(),
            vmis: VmisSettings::default(),
        };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            let mut done = Vec::new();
            let found =
                pool.install(|| evaluate(&inputs, &mut Warnings::default(), &mut |p| done.push(p)));
            let last = done.last().expect("progress");
            assert_eq!(Some(last.done), last.total);
            let mut found = found.expect("sound");
            for size in &mut found.sizes {
                let latency = size.latency.take().expect("measured");
                assert!(latency.cases == 70 && latency.p50_us <= latency.p99_us);
            }
            found
        };
        let found = run(1);
        assert_eq!(found, run(3));
        let json = serde_json::to_string(&found).expect("plain values");
        // Not the numbers themselves: the reader's last bit may differ.
        let back: Evaluation = serde_json::from_str(&json).expect("its own output");
        assert_eq!((back.data, back.models.len()), (found.data, 5));
        let product = found.product().expect("the product");
        // Each circle has ten items, so 20 places hold all of them.
        assert_eq!((product.shop.hr20.value, product.shop.fallback), (1.0, 0.0));
        assert!(product.shop.mrr20.value > found.models[1].shop.mrr20.value);
        assert_eq!(found.data.cases, 70);
    }

    #[test]
    fn what_the_feed_says_helps_where_views_are_few() {
        // 2,000 items of 50 brands; visitors stay with a brand and look at anything of it.
        let noise = |of: u64| (of.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32;
        let folder = tempfile::tempdir().expect("a folder");
        let (events, feed) = (folder.path().join("e.jsonl"), folder.path().join("f.tsv"));
        let mut lines = String::new();
        for session in 0..6_000u64 {
            let mut at = noise(session) % 2_000;
            for step in 0..3 {
                let time = 1_790_000_000 + session * 200 + step;
                lines += &format!(
                    "{{\"event_name\":\"view_item\",\"event_timestamp\":{time},\"user_pseudo_id\":\"u{session}\",\
                     \"items\":[{{\"item_id\":\"i{at}\"}}]}}\n"
                );
                at = (at + 50 * (1 + noise(session * 3 + step + 100_000) % 39)) % 2_000;
            }
        }
        std::fs::write(&events, lines).expect("a file");
        let row = |item: u32| format!("i{item}\tThing\t/p/{item}\tbrand {}\n", item % 50);
        let rows: String = (0..2_000).map(row).collect();
        std::fs::write(&feed, format!("id\ttitle\tlink\tbrand\n{rows}")).expect("a file");
        let hits = |feed: Option<Feed>| {
            let inputs = EvaluateInputs {
                source: Source::Events {
                    files: vec![events.clone()],
                    mapping: None,
                    test_days: 1.0,
                },
                feed,
                settings: Settings::default(),
                vmis: VmisSettings::default(),
            };
            let found = evaluate(&inputs, &mut Warnings::default(), &mut |_| ());
            let found = found.expect("sound");
            found.product().expect("the product").shop.hr20.value
        };
        let feed = Feed {
            files: vec![FeedFile {
                lang: None,
                path: feed,
            }],
            locales: vec![Locale::default()],
        };
        let (without, with) = (hits(None), hits(Some(feed)));
        // Twenty of a brand's other 39 items are .51 at the most.
        assert!(with > without + 0.01, "{without} {with}");
    }
}
