//! What it means for a file that a party took a key back (docs/protocol.md section 9.3).

use super::Place;

/// Whether keys that signed what a file holds were taken back, as far as its descriptors show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// None was.
    None,
    /// One was, and the other party cosigned, with keys that stand, a tree that holds what the key signed: it is judged by
    /// its place.
    Later,
    /// One was, and nothing in the file shows that what the key signed was there before.
    Open,
}

/// What was taken back of the keys that signed a place.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Taken {
    /// The key of the statement, of its registrar or of the log, which are the speaker's.
    pub(in super::super) owner: bool,
    /// The key that cosigned it, which is the other party's.
    pub(in super::super) witness: bool,
}

impl Revocation {
    /// Judges the place of a statement and that of the receipt for it.
    pub(super) fn of(about: (&Place, Taken), receipt: Option<(&Place, Taken)>) -> Self {
        let holds = |(place, taken): (&Place, Taken)| place.cosigned_at.is_some() && !taken.witness;
        let answer = receipt.map_or_else(Taken::default, |(_, taken)| taken);
        let answer_holds = receipt.is_some_and(holds);
        let (from, to) = (about.1.owner || answer.witness, about.1.witness || answer.owner);
        let is_open = (from && !holds(about) && !answer_holds) || (to && !answer_holds);
        match (from || to, is_open) {
            (false, _) => Self::None,
            (true, false) => Self::Later,
            (true, true) => Self::Open,
        }
    }
}
