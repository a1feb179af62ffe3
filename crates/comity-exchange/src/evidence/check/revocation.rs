//! What it means for a file that a party took a key back (docs/protocol.md section 9.3).

use comity_model::descriptor::KeyUse;
use comity_pouch::HybridPublic;
use comity_pouch::descriptor::Verified;
use jiff::Timestamp;

use super::super::flaw::Flaw;
use super::super::keys::{Holder, TakenBack, add};
use super::Place;

/// Whether keys that signed what a file holds were taken back, as far as its descriptors and those beside it show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// None was.
    None,
    /// One was, and who spoke cosigned the receipt before that, with a witness key that stands: what the key signed stands.
    Later,
    /// One was, and nothing in the file shows that what it signed was there before.
    Open,
    /// One was, and what it signed states a time that is not before that.
    After,
}

impl Revocation {
    /// Whether what was signed cannot be held against anybody.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::After)
    }

    /// Of something that has no place by which it could be judged.
    pub(in super::super) const fn of_placeless(taken: TakenBack) -> Self {
        match taken {
            TakenBack { at: None, .. } => Self::None,
            TakenBack { is_after: true, .. } => Self::After,
            TakenBack { is_after: false, .. } => Self::Open,
        }
    }

    /// Judges the place of a statement and that of the receipt for it. The receiver has what it holds against the speaker from
    /// whoever had the key: its own cosignature shows nothing. The speaker's, over the receipt, binds the speaker.
    pub(super) fn of(about: Taken, receipt: Option<(&Place, Taken)>) -> Self {
        let (answer, cosigned_at) =
            receipt.map_or_else(Default::default, |(place, taken)| (taken, place.cosigned_at));
        let taken = about.owner.and(about.witness).and(answer.owner);
        let Some(at) = taken.at else {
            // without the speaker's cosignature over the receipt the file says as much
            return if answer.witness.at.is_some() { Self::Later } else { Self::None };
        };
        if taken.is_after {
            return Self::After;
        }
        let is_before = |cosigned: Timestamp| answer.witness.at.is_none() && cosigned < at;
        if cosigned_at.is_some_and(is_before) { Self::Later } else { Self::Open }
    }
}

/// Judges what a statement key signed that has no place in the record, by the descriptor `own` in which the key was found and
/// those `beside` it; those of others are passed over. `at` is the time that was stated, where there is one.
///
/// # Errors
/// `descriptor-forked` and `descriptor-order`, where the descriptors cannot all be the party's.
pub(crate) fn of_statement_key(
    own: &Verified,
    beside: &[Verified],
    key: &HybridPublic,
    at: Option<Timestamp>,
) -> Result<Revocation, Flaw> {
    let root = own.descriptor.root;
    let mut holders = vec![Holder::of(own.clone())];
    let more = beside.iter().filter(|it| it.descriptor.root == root);
    more.into_iter().try_for_each(|it| add(&mut holders, it))?;
    let taken = holders.first().map_or_else(TakenBack::default, |holder| match at {
        Some(at) => holder.took_back(KeyUse::Statement, key, at),
        None => holder.took_back_ever(KeyUse::Statement, key),
    });
    Ok(Revocation::of_placeless(taken))
}

/// What was taken back of the keys that signed a place.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Taken {
    /// The key of the statement, of its registrar or of the log, which are the owner's.
    pub(in super::super) owner: TakenBack,
    /// The key that cosigned it, which is the other party's.
    pub(in super::super) witness: TakenBack,
}
