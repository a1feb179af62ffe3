//! Draws that depend on a seed alone.

use std::fmt::Write as _;

/// A sequence of numbers, the same for the same seed on every machine (`SplitMix64`).
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From zero to one less than `limit`. What the remainder favours is of no concern here.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Whether a thing happens that does in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T], otherwise: T) -> T {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(at).copied().unwrap_or(otherwise)
    }

    pub(super) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::new();
        while text.len() < digits {
            let _ = write!(text, "{:016x}", self.next());
        }
        text.truncate(digits);
        text
    }

    /// A random UUID (RFC 9562 section 5.4).
    pub(super) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff,
        )
    }

    pub(super) fn id(&mut self, type_: &str) -> String {
        format!("{type_}--{}", self.uuid())
    }

    /// A moment of 2026, to the millisecond.
    pub(super) fn moment(&mut self) -> String {
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        let millisecond = self.below(1000);
        format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
    }

    /// So many words of an office's prose.
    pub(super) fn words(&mut self, count: u64) -> String {
        const WORDS: &[&str] = &[
            "consignment",
            "declared",
            "as",
            "solvent",
            "bill of lading",
            "port",
            "envío",
            "the",
            "container",
            "weighed",
            "more",
            "than",
            "its papers",
            "said",
            "consignee",
            "unknown",
            "at",
            "the address",
            "precursor",
            "aduana",
            "broker",
            "paid",
            "in cash",
            "by",
            "a third",
            "party",
            "relay",
            "host",
            "answers",
            "on",
            "several",
            "names",
            "every",
            "few days",
            "mail",
            "announces",
            "arrival",
            "with",
            "an archive",
            "attached",
            "laboratorio",
            "waste",
        ];
        let mut text = String::new();
        for at in 0..count {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(self.pick(WORDS, "and"));
        }
        text
    }
}
