//! Any text as a cookie: a state whose encoding means the same, signed or not; and an answer to whether history may
//! be used, which no text makes panic.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::Keys;
use tailorbird::site::{Adopt, ConsentRule, GoogleRule, TcfRule, TraitRule, TraitSource};
use tailorbird::snapshot::ItemKey;
use tailorbird::visitor::{
    Adoptions, Consent, MAX_COOKIE_BYTES, PlaceKey, Traits, decode, encode, open, seal,
};

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::parse("0123456789abcdef").expect("long enough"));

fuzz_target!(|value: &str| {
    let state = decode(value);
    assert_eq!(decode(&encode(&state)), state);
    let signed = seal(&state, Some(&KEYS));
    assert!(signed.len() <= MAX_COOKIE_BYTES);
    assert_eq!(open(&signed, Some(&KEYS)), state);
    assert_eq!(open(&signed, None), state);
    open(value, Some(&KEYS));
    // What comes on top must fit, too.
    let mut state = state;
    state.touch(1_790_000_000, 1);
    state.record_view(ItemKey::of(value), 1_790_000_000);
    state.record_impressions(PlaceKey::of(value), (0..24).map(ItemKey::from_u64));
    assert!(seal(&state, Some(&KEYS)).len() <= MAX_COOKIE_BYTES);

    let rule = ConsentRule {
        cookie: "c".into(),
        grants: "a:b".into(),
        tcf: TcfRule { cookie: "c".into(), purposes: vec![1, 24] },
        google: GoogleRule { cookie: "c".into(), requires: vec!["a".into()] },
        ..ConsentRule::default()
    };
    let line = format!("c={value}");
    Consent::read([line.as_str()].into_iter(), None, &rule);
    let adopt = Adopt { cookie: "c".into(), separator: "|".into(), ..Adopt::default() };
    Adoptions::read([line.as_str()].into_iter(), &[adopt]);
    let rules = [TraitSource::Cookie("c".into()), TraitSource::Header("h".into())]
        .map(|source| TraitRule { name: "t".into(), source });
    Traits::read([line.as_str()].into_iter(), |_| Some(line.to_owned()), &rules);
});
