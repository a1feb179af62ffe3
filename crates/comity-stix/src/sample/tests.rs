use super::{Fill, Sampler};
use crate::types;

/// Numbers that look random and are always the same.
fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }
}

#[test]
fn the_same_numbers_make_the_same_objects() {
    let make = |seed| {
        let mut sampler = Sampler::new(numbers(seed));
        types::all().map(|type_| sampler.bytes(type_, Fill::Some)).collect::<Vec<_>>()
    };
    assert_eq!(make(7), make(7));
    assert_ne!(make(7), make(8));
}
