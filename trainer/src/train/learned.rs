//! One pass over the log: sessions, baskets, and how much each item is wanted.

use rayon::prelude::*;

use super::{Settings, Wanted};
use crate::interactions::{Log, PARTITIONS, StoreError};
use crate::sessions::{Cut, Rules, Sessions};

/// What a log says before anything is made of it. Items by their position in the catalogue.
pub(super) struct Learned {
    pub(super) wanted: Vec<f32>,
    /// In order of time.
    pub(super) sessions: Sessions,
    pub(super) machines: u64,
}

impl Learned {
    /// Reads partition by partition, as many at once as there are threads, and adds them up in their
    /// order: memory holds a few partitions, and sums do not depend on the number of threads.
    pub(super) fn from(
        log: &Log,
        items: usize,
        rules: Rules,
        settings: &Settings,
    ) -> Result<Self, StoreError> {
        let nothing = || Wanted::new(items, log.newest(), settings.popularity_half_life_days);
        let mut wanted = nothing();
        let mut all = Cut::default();
        let numbers: Vec<usize> = (0..PARTITIONS).collect();
        for numbers in numbers.chunks(rayon::current_num_threads()) {
            let parts: Vec<_> = numbers
                .par_iter()
                .map(|&number| {
                    let mut wanted = nothing();
                    let partition = log.partition(number)?;
                    let cut = Cut::of(&partition, rules, |interaction| wanted.add(interaction));
                    Ok((cut, wanted))
                })
                .collect::<Result<_, StoreError>>()?;
            for (cut, more) in parts {
                all.append(&cut);
                wanted.append(&more);
            }
        }
        all.sessions.sort();
        Ok(Self {
            wanted: wanted.finish(),
            sessions: all.sessions,
            machines: all.machines,
        })
    }
}
