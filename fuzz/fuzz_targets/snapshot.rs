//! Any bytes as a snapshot: an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tailorbird::snapshot::Snapshot;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(snapshot) = Snapshot::open(bytes.to_vec()) {
        let _ = snapshot.verify();
        for item in 0..snapshot.len().min(100) as u32 {
            let _ = (snapshot.id(item), snapshot.title(item, 0), snapshot.viewed_together(item).count());
            let _ = (snapshot.bought_together(item).count(), snapshot.similar_by_content(item).count());
            let _ = (snapshot.brand_tops(item).count(), snapshot.trending_by_category(item).count());
        }
    }
});
