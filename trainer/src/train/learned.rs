//! One pass over the log: sessions, baskets, and how much each item is wanted.

use rayon::prelude::*;

use super::{RECENT_HALF_LIFE_DAYS, Settings, USUAL_HALF_LIFE_DAYS, Wanted, trending};
use crate::interactions::{Log, PARTITIONS, StoreError};
use crate::sessions::{Cut, Rules, Sessions};

/// What a log says before anything is made of it. Items by their position in the catalogue.
pub(super) struct Learned {
    pub(super) wanted: Vec<f32>,
    pub(super) trending: Vec<f32>,
    /// In order of time.
    pub(super) sessions: Sessions,
    /// Likewise.
    pub(super) baskets: Sessions,
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
        // What each item is worth in the long run, lately, and usually.
        let half_lives = [
            settings.popularity_half_life_days,
            RECENT_HALF_LIFE_DAYS,
            USUAL_HALF_LIFE_DAYS,
        ];
        let nothing = || half_lives.map(|half_life| Wanted::new(items, log.newest(), half_life));
        let mut wanted = nothing();
        let mut all = Cut::default();
        let numbers: Vec<usize> = (0..PARTITIONS).collect();
        for numbers in numbers.chunks(rayon::current_num_threads()) {
            let parts: Vec<_> = numbers
                .par_iter()
                .map(|&number| {
                    let mut wanted = nothing();
                    let partition = log.partition(number)?;
                    let cut = Cut::of(&partition, rules, |interaction| {
                        wanted.iter_mut().for_each(|sums| sums.add(interaction));
                    });
                    Ok((cut, wanted))
                })
                .collect::<Result<_, StoreError>>()?;
            for (cut, more) in parts {
                all.append(&cut);
                for (sums, more) in wanted.iter_mut().zip(&more) {
                    sums.append(more);
                }
            }
        }
        all.sessions.sort();
        all.baskets.sort();
        let [wanted, recent, usual] = wanted.map(Wanted::finish);
        Ok(Self {
            wanted,
            trending: trending(&recent, &usual),
            sessions: all.sessions,
            baskets: all.baskets,
            machines: all.machines,
        })
    }
}
