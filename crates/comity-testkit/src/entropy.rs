//! Randomness that is the same each time.

use std::sync::Mutex;

use comity_model::{Digest, Entropy};

/// A stream of bytes that depends on its seed alone.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: String,
    drawn: Mutex<u64>,
}

impl SeededEntropy {
    /// The stream of this seed.
    pub fn new(seed: impl Into<String>) -> Self {
        Self { seed: seed.into(), drawn: Mutex::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) {
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in out.chunks_mut(32) {
            *drawn += 1;
            let block = Digest::of(format!("{}/{drawn}", self.seed).as_bytes());
            for (to, from) in chunk.iter_mut().zip(block.as_bytes()) {
                *to = *from;
            }
        }
    }
}
