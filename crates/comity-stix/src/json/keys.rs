//! Duplicate keys, found without a quadratic surprise.

use std::borrow::Cow;

use super::text::Text;

/// Up to this many keys of an object are compared with each other as they come; what comes after is
/// sorted when the object closes.
const LINEAR: usize = 32;

/// The keys of all open objects, those of the innermost last.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    seen: Vec<Key<'a>>,
}

/// An open object.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Where its keys start.
    mark: usize,
    /// A bit for each key, of 64 by its print. Most keys meet no bit of another, and are compared with none.
    sieve: u64,
}

#[derive(Debug)]
struct Key<'a> {
    /// Equal for equal names, and mostly different for others.
    print: u64,
    /// The name after unescaping: `"a"` and `"\u0061"` are one key.
    name: Cow<'a, str>,
    at: usize,
}

impl<'a> Keys<'a> {
    /// No keys, and room for those of most objects.
    pub(crate) fn new() -> Self {
        Self { seen: Vec::with_capacity(LINEAR / 2) }
    }

    /// The next object, which has no keys yet.
    pub(crate) fn open(&self) -> Opened {
        Opened { mark: self.seen.len(), sieve: 0 }
    }

    /// Adds a key to an object; true when it is already there. Of a long object that is said by
    /// [`Keys::close`].
    #[inline]
    pub(crate) fn add(&mut self, object: &mut Opened, key: &Text<'a>) -> bool {
        let name = key.decode();
        let print = print(name.as_bytes());
        // The high bits of the product depend on all bits of the print.
        let bit = 1 << (print.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58);
        let maybe = object.sieve & bit != 0;
        object.sieve |= bit;
        let twice = maybe && self.has(object.mark, print, &name);
        self.seen.push(Key { print, name, at: key.at });
        twice
    }

    fn has(&self, mark: usize, print: u64, name: &str) -> bool {
        let siblings = self.seen.get(mark..).unwrap_or_default();
        siblings.len() < LINEAR
            && siblings.iter().any(|other| other.print == print && other.name == name)
    }

    /// Forgets an object, and gives the duplicates that were not found while they were added, with
    /// their offsets.
    pub(crate) fn close(&mut self, object: &Opened) -> Vec<(Cow<'a, str>, usize)> {
        let mark = object.mark;
        if self.seen.len() <= mark + LINEAR {
            self.seen.truncate(mark);
            return Vec::new();
        }
        let mut keys = self.seen.split_off(mark);
        let told = keys.get(LINEAR).map_or(0, |key| key.at);
        keys.sort_by(|a, b| a.name.cmp(&b.name).then(a.at.cmp(&b.at)));
        let mut twice: Vec<_> = keys
            .windows(2)
            .filter_map(|pair| match pair {
                [first, second] if first.name == second.name && second.at >= told => {
                    Some((second.name.clone(), second.at))
                }
                _ => None,
            })
            .collect();
        twice.sort_by_key(|(_, at)| *at);
        twice
    }
}

/// Length, first and last bytes folded together.
#[inline]
fn print(name: &[u8]) -> u64 {
    let word = |block: Option<&[u8; 8]>| {
        block.map_or_else(
            || name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            |block| u64::from_le_bytes(*block),
        )
    };
    word(name.first_chunk()) ^ word(name.last_chunk()).rotate_left(24) ^ name.len() as u64
}
