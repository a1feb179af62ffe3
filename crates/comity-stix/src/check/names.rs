//! Names to positions, in about one step.

/// An index over a few dozen names. It tells candidates: whoever asks compares the name.
#[derive(Debug)]
pub(super) struct Names {
    /// The print and the position plus one; zero where there is none. At most a quarter is taken.
    slots: Box<[(u64, usize)]>,
}

impl Names {
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let names: Vec<&str> = names.collect();
        let count = (names.len() * 4).next_power_of_two().max(4);
        let mut slots = vec![(0, 0); count];
        for (at, name) in names.iter().enumerate() {
            let print = print(name.as_bytes());
            let mut place = spread(print, count);
            while let Some(slot) = slots.get_mut(place) {
                if slot.1 == 0 {
                    *slot = (print, at + 1);
                    break;
                }
                place = (place + 1) & (count - 1);
            }
        }
        Self { slots: slots.into() }
    }

    /// The position of the first name with this print.
    #[inline]
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let print = print(name.as_bytes());
        let count = self.slots.len();
        let mut place = spread(print, count);
        loop {
            let (other, at) = self.slots.get(place)?;
            if *at == 0 {
                return None;
            }
            if *other == print {
                return Some(at - 1);
            }
            place = (place + 1) & (count - 1);
        }
    }
}

/// Where to look first; `count` is a power of two.
#[inline]
fn spread(print: u64, count: usize) -> usize {
    // The high bits of the product depend on all bits of the print.
    let mixed = print.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    usize::try_from(mixed).unwrap_or(0) & (count - 1)
}

/// Length, first and last eight bytes folded together. Names of one shape have prints of their own; a test of the plans
/// holds them to it.
#[inline]
fn print(name: &[u8]) -> u64 {
    let word = |block: Option<&[u8; 8]>| block.map(|block| u64::from_le_bytes(*block));
    match (word(name.first_chunk()), word(name.last_chunk())) {
        (Some(first), Some(last)) => first ^ last.rotate_left(24) ^ (name.len() as u64) << 56,
        _ => name.iter().fold(name.len() as u64, |word, byte| word << 8 | u64::from(*byte)),
    }
}
