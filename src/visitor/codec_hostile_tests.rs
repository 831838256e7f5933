//! A million cookies that nobody wrote: cookies of both versions that were damaged on the way in every manner,
//! most of them with the checksum that belongs to the damage, so that the sections' readers see it.
//!
//! What a run does follows from its number alone, so a failure is found again by the number that it names.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use super::super::facts::{PlaceKey, Preference, PreferenceKind, ValueKey, View};
use super::super::state::{MAX_CART, MAX_IMPRESSIONS, MAX_OPINIONS, MAX_PURCHASES, MAX_VIEWS};
use super::*;
use crate::snapshot::ItemKey;

const RUNS: u64 = 1_000_000;
/// States that damage starts from.
const STATES: u64 = 48;
/// Of so many runs, one has a checksum that is wrong, and one has characters that base64 does not know.
const UNCHECKED: u64 = 32;
/// A tag that no worker knows yet.
const NEWER: u8 = 77;

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// Small numbers as often as large ones.
    fn of_any_size(&mut self, bits: usize) -> usize {
        let limit = 1 << self.below(bits + 1);
        self.below(limit)
    }

    fn key(&mut self) -> ItemKey {
        ItemKey::from_u64(self.next())
    }
}

/// What a cookie is made of: version 2's sections, or all behind version 1's first byte.
#[derive(Clone)]
struct Parts {
    version: u8,
    sections: Vec<(u8, Vec<u8>)>,
    body: Vec<u8>,
}

impl Parts {
    fn of(state: &VisitorState) -> Self {
        let tags = TAGS.map(|tag| (tag as u8, section(state, tag)));
        let foreign = state.foreign.iter().cloned();
        let all = tags.into_iter().chain(foreign);
        Self {
            version: VERSION,
            sections: all.filter(|(_, content)| !content.is_empty()).collect(),
            body: Vec::new(),
        }
    }

    fn of_version_1(state: &VisitorState) -> Self {
        let newest = state.views.first().map_or(0, |view| view.minute);
        let mut body = vec![state.views.len() as u8];
        body.extend(newest.to_le_bytes());
        let mut before = newest;
        for View { item, minute } in &state.views {
            body.extend(&item.as_u64().to_le_bytes()[..KEY_BYTES]);
            write_leb128(&mut body, before - minute);
            before = *minute;
        }
        Self {
            version: 1,
            sections: Vec::new(),
            body,
        }
    }

    /// Damage that knows where sections are.
    fn damage(&mut self, random: &mut Random, other: &Parts) {
        let at = random.below(self.sections.len());
        let from = random.below(other.sections.len());
        match random.below(7) {
            0 => self.sections.extend(other.sections.get(from).cloned()),
            1 => self.sections.extend(self.sections.get(at).cloned()),
            2 if at > 0 => self.sections.swap(at, at - 1),
            3 if !self.sections.is_empty() => drop(self.sections.remove(at)),
            _ => {
                let Some((tag, content)) = self.sections.get_mut(at) else {
                    return damage(&mut self.body, random, &other.body);
                };
                match random.below(4) {
                    0 => *tag = random.next() as u8,
                    // An entry twice, or the entries of another visitor behind these.
                    1 => content.extend(content.clone()),
                    2 => content.extend(other.sections.get(from).into_iter().flat_map(|s| &s.1)),
                    _ => damage(content, random, &[]),
                }
            }
        }
    }

    /// The bytes without a checksum. One length in `lies` is not that of its section.
    fn bytes(&self, random: &mut Random, lies: usize) -> Vec<u8> {
        let mut bytes = vec![self.version];
        bytes.extend(&self.body);
        for (tag, content) in &self.sections {
            let length = match random.below(lies) {
                0 => (random.next() >> random.below(64)) as u32,
                1 => (content.len() as u32).wrapping_sub(1 + random.below(2) as u32),
                2 => content.len() as u32 + 1 + random.below(8) as u32,
                _ => content.len() as u32,
            };
            bytes.push(*tag);
            write_leb128(&mut bytes, length);
            bytes.extend(content);
        }
        bytes
    }
}

/// Damage that knows nothing.
fn damage(bytes: &mut Vec<u8>, random: &mut Random, other: &[u8]) {
    let at = random.below(bytes.len());
    match random.below(6) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at.min(bytes.len()), random.next() as u8),
        2 => drop(bytes.drain(at..(at + random.below(12)).min(bytes.len()))),
        3 => {
            bytes.truncate(at);
            bytes.extend(&other[random.below(other.len()).min(other.len())..]);
        }
        4 => bytes.extend([0xff; 5]),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
    }
}

fn any_state(random: &mut Random) -> VisitorState {
    let mut state = VisitorState::default();
    let mut now = 1_600_000_000 + random.below(100_000_000) as i64;
    // From nothing to more than fits.
    let most = random.below(90);
    for _ in 0..most {
        now += random.of_any_size(23) as i64;
        match random.below(10) {
            0 => state.touch(now, random.next()),
            1..=3 => state.record_view(random.key(), now),
            4 => state.record_cart([random.key(), random.key()], now),
            5 => state.record_purchase([random.key()], now),
            6 => state.like(random.key()),
            7 => state.dislike(random.key()),
            8 => state.record_search(ValueKey(random.next() as u32)),
            _ => {
                let kind = PreferenceKind::ALL[random.below(5)];
                let value = ValueKey(random.next() as u32);
                state.prefer(Preference { kind, value });
                let place = PlaceKey(random.next() as u16);
                state.record_impressions(place, [random.key()]);
            }
        }
    }
    if random.below(4) == 0 {
        state.foreign = vec![(NEWER, vec![1; 1 + random.below(MAX_FOREIGN_BYTES - 2)])];
    }
    // What fits of it: no more than that was ever written.
    decode(&encode(&state))
}

/// The cookie of a run.
fn cookie(run: u64, corpus: &[Parts]) -> String {
    let random = &mut Random(run.wrapping_mul(0xd134_2543_de82_ef95));
    let mut bytes = match random.below(12) {
        // Arbitrary bytes behind a version, most often one that there is.
        0 => {
            let version = [0, 1, 1, 2, 2, 2, 3, 255][random.below(8)];
            let length = random.of_any_size(10);
            let mut bytes = vec![version];
            bytes.extend((0..length).map(|_| random.next() as u8));
            bytes
        }
        kind => {
            let mut parts = corpus[random.below(corpus.len())].clone();
            let other = &corpus[random.below(corpus.len())];
            for _ in 0..random.below(3) {
                parts.damage(random, other);
            }
            parts.sections.sort_by_key(|(tag, _)| match kind {
                // Most often in order, so that what stands behind a damaged section is read, too.
                0..8 => *tag,
                _ => 0,
            });
            let mut bytes = parts.bytes(random, if kind % 4 == 1 { 12 } else { usize::MAX });
            for _ in 0..random.below(6).saturating_sub(3) {
                damage(&mut bytes, random, &other.body);
            }
            bytes
        }
    };
    let unchecked = random.next() % UNCHECKED;
    let mut sum = checksum(&bytes);
    sum[0] ^= u8::from(unchecked == 0);
    bytes.extend(sum);
    let mut value = URL_SAFE_NO_PAD.encode(bytes);
    if unchecked == 1 {
        let at = random.below(value.len());
        value.insert_str(at, ["=", "+", " ", "\0", "ü", "."][random.below(6)]);
    }
    value
}

/// What a run found: which sections its state has, by bits; the last one for version 1.
fn check(run: u64, value: &str) -> Option<u16> {
    let mut state = decode(value);
    if state.is_empty() {
        return None;
    }
    assert!(state.views.len() <= MAX_VIEWS && state.cart.len() <= MAX_CART);
    assert!(state.purchases.len() <= MAX_PURCHASES && state.likes.len() <= MAX_OPINIONS);
    assert!(state.impressions.len() <= MAX_IMPRESSIONS && state.dislikes.len() <= MAX_OPINIONS);
    let found = TAGS.map(|tag| !section(&state, tag).is_empty());
    let found = found
        .into_iter()
        .chain([!state.foreign.is_empty(), value.starts_with("AQ")])
        .enumerate();
    let found = found.fold(0, |bits, (at, is)| bits | u16::from(is) << at);
    let fits = |value: &str| value.len() + 1 + TAG_CHARS <= MAX_COOKIE_BYTES;
    let again = encode(&state);
    assert!(fits(&again), "{} characters", again.len());
    assert_eq!(decode(&again), state);
    if run.is_multiple_of(16) {
        state.touch(1_790_000_000, run);
        state.record_view(ItemKey::from_u64(run), 1_790_000_000);
        let shown = (0..MAX_IMPRESSIONS as u64).map(ItemKey::from_u64);
        state.record_impressions(PlaceKey(1), shown);
        let later = encode(&state);
        assert!(fits(&later), "{} characters", later.len());
        assert!(!decode(&later).is_empty());
    }
    Some(found)
}

#[test]
fn a_million_damaged_cookies_are_read_without_panic() {
    let states: Vec<VisitorState> = (0..STATES).map(|n| any_state(&mut Random(n))).collect();
    let version_2 = states.iter().map(Parts::of);
    let corpus: Vec<Parts> = version_2
        .chain(states.iter().step_by(4).map(Parts::of_version_1))
        .collect();
    let lanes = thread::available_parallelism().map_or(1, |lanes| lanes.get() as u64);
    let lane = |first: u64| {
        let mut counts = [0u64; TAGS.len() + 3];
        for run in (first..RUNS).step_by(lanes as usize) {
            let value = cookie(run, &corpus);
            let found = catch_unwind(AssertUnwindSafe(|| check(run, &value)));
            let found = found.unwrap_or_else(|_| panic!("run {run}: {value}"));
            counts[TAGS.len() + 2] += u64::from(found.is_none());
            for (at, count) in counts.iter_mut().enumerate().take(TAGS.len() + 2) {
                *count += u64::from(found.unwrap_or_default() >> at & 1);
            }
        }
        counts
    };
    let mut counts = [0; TAGS.len() + 3];
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes)
            .map(|first| scope.spawn(move || lane(first)))
            .collect();
        for lane in lanes {
            let found = lane.join().expect("no panic");
            counts
                .iter_mut()
                .zip(found)
                .for_each(|(sum, found)| *sum += found);
        }
    });
    // Both ends of every reader are seen: what it takes, and what it refuses.
    let seldom = counts.iter().position(|&count| count < RUNS / 100);
    assert_eq!(seldom, None, "{counts:?}");
    assert!(counts[TAGS.len() + 2] > RUNS / 4, "{counts:?}");
}
