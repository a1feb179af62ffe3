//! Inputs that are nearly right: seeds with a few changes.

#[path = "tokens.rs"]
mod tokens;

use tokens::COMMON;

/// Numbers that look random and are always the same.
pub(crate) fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }
}

/// An input is no longer than this, or than twice the longest seed.
const LONGEST: usize = 4_096;

/// Makes inputs, the same ones from the same seeds.
pub(crate) struct Mutator<'a> {
    seeds: &'a [Vec<u8>],
    tokens: &'a [&'a str],
    longest: usize,
    random: Box<dyn FnMut() -> u64>,
}

impl<'a> Mutator<'a> {
    /// From these seeds and, here and there, a token: one that all have, or one of `tokens`, which mean something to this parser.
    pub(crate) fn new(seeds: &'a [Vec<u8>], tokens: &'a [&'a str], seed: u64) -> Self {
        let longest = seeds.iter().map(Vec::len).max().unwrap_or_default();
        Self { seeds, tokens, longest: LONGEST.max(2 * longest), random: Box::new(numbers(seed)) }
    }

    /// The next input: a seed with one to six changes.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed().to_vec();
        for _ in 0..=self.below(5) {
            self.change(&mut input);
            input.truncate(self.longest);
        }
        input
    }

    fn below(&mut self, bound: usize) -> usize {
        let number = usize::try_from((self.random)() >> 33).expect("31 bits");
        number % bound.max(1)
    }

    fn seed(&mut self) -> &'a [u8] {
        let at = self.below(self.seeds.len());
        &self.seeds[at]
    }

    fn token(&mut self) -> &'a str {
        let at = self.below(COMMON.len() + self.tokens.len());
        COMMON.get(at).unwrap_or_else(|| &self.tokens[at - COMMON.len()])
    }

    /// A stretch, short ones more often.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        let most = [4, 16, 64, length][self.below(4)];
        start..(start + 1 + self.below(most)).min(length)
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let length = input.len();
        let at = self.below(length + 1);
        match self.below(9) {
            _ if length == 0 => input.extend_from_slice(self.seed()),
            0 => input[at.min(length - 1)] ^= 1 << self.below(8),
            1 => input[at.min(length - 1)] = (self.random)().to_be_bytes()[0],
            2 => drop(input.drain(self.stretch(length))),
            3 => input.truncate(at),
            4 => {
                // Over and over: 2, 4, ... 64 times.
                let range = self.stretch(length);
                let again = input[range.clone()].repeat(2 << self.below(6));
                input.splice(range, again);
            }
            5 => {
                let token = self.token();
                input.splice(at..at, token.bytes());
            }
            6 => {
                let token = self.token();
                input.splice(self.stretch(length), token.bytes());
            }
            7 => {
                // A stretch moves elsewhere.
                let moved: Vec<u8> = input.drain(self.stretch(length)).collect();
                let to = self.below(input.len() + 1);
                input.splice(to..to, moved);
            }
            _ => {
                let other = self.seed();
                let stretch = self.stretch(other.len().max(1));
                input.splice(at..at, other.get(stretch).unwrap_or_default().iter().copied());
            }
        }
    }
}
