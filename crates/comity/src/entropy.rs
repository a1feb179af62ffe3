//! The operating system's randomness.

use comity_model::Entropy;

/// Randomness for keys and salts, from AWS-LC over the operating system's.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        if aws_lc_rs::rand::fill(out).is_err() {
            // Nothing that follows would be secret: no key, salt or id may be made without randomness.
            std::process::abort();
        }
    }
}
