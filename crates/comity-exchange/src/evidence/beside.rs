//! Files of evidence beside each other: two that each hold, and cannot both be.

use comity_model::{ChannelId, Digest};

use super::check::{Place, Proof};

/// What two files say of one log that cannot both be. Whoever owns the log signed both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// Two statements at one place.
    Statements {
        /// The place.
        sequence: u64,
        /// The two digests.
        digests: (Digest, Digest),
    },
    /// Two roots for one size.
    Roots {
        /// The size.
        size: u64,
        /// The two roots.
        roots: (Digest, Digest),
    },
}

/// Two files that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The channel whose log it is.
    pub channel: ChannelId,
    /// The two files, by their places in the list that was given.
    pub files: (usize, usize),
    /// What they contradict each other in.
    pub beside: Beside,
}

/// The contradictions among files that are each [proved](Proof::is_proved): what is incomplete, of a party whose root is not
/// pinned, or under a key that was taken back convicts nobody. `None` stands for a file that does not hold, or is of another
/// kind.
pub fn contradictions(proofs: &[Option<&Proof>]) -> Vec<Contradiction> {
    let mut seen: Vec<(usize, &Place, Digest)> = Vec::new();
    let mut found = Vec::new();
    for (file, proof) in proofs.iter().enumerate() {
        let Some(proof) = proof.filter(|it| it.is_proved()) else { continue };
        let own = (&proof.place, proof.statement);
        let answer = proof.receipt.as_ref().map(|it| (&it.place, it.statement));
        for (place, digest) in std::iter::once(own).chain(answer) {
            let before = seen.iter().filter(|(_, it, _)| it.channel == place.channel);
            for (other, earlier, said) in before {
                let beside = if earlier.sequence == place.sequence && *said != digest {
                    let digests = (*said, digest);
                    Beside::Statements { sequence: place.sequence, digests }
                } else if earlier.size == place.size && earlier.root != place.root {
                    Beside::Roots { size: place.size, roots: (earlier.root, place.root) }
                } else {
                    continue;
                };
                let channel = place.channel;
                found.push(Contradiction { channel, files: (*other, file), beside });
            }
            seen.push((file, place, digest));
        }
    }
    found
}
