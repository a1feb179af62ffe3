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
    /// One was, and what it signed stands: the log of its own party holds it, under a checkpoint that keys signed which stand,
    /// or who spoke cosigned the receipt before that.
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

    /// Judges the place of a statement, and that of the receipt for it, which says that the receiver had the statement, whatever
    /// became of the key with which the receiver cosigned the statement's own place.
    ///
    /// A party's log binds that party alone, and so does its cosignature: the other one gains from what is held against it.
    pub(super) fn of(about: Taken, receipt: Option<(&Place, Taken)>) -> Self {
        let Some((place, answer)) = receipt else {
            let all = about.owner().and(about.witness);
            return match Self::of_placeless(all) {
                Self::Open if about.is_held() && about.witness.at.is_none() => Self::Later,
                judged => judged,
            };
        };
        let signed = about.owner().and(answer.owner());
        if signed.is_after {
            return Self::After;
        }
        // what the speaker cosigned before it took its key back it had seen by then
        let is_before = |at: Timestamp| {
            let moment = about.owner().at;
            answer.witness.at.is_none() && moment.is_some_and(|moment| at < moment)
        };
        let said = about.is_held() || place.cosigned_at.is_some_and(is_before);
        if !said || !answer.is_held() {
            Self::Open
        } else if signed.and(about.witness).and(answer.witness).at.is_some() {
            Self::Later
        } else {
            Self::None
        }
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
    /// The key of the statement and that of the registrar, which are the owner's.
    pub(in super::super) statement: TakenBack,
    /// The key of the log, which is the owner's too.
    pub(in super::super) log: TakenBack,
    /// The key that cosigned it, which is the other party's.
    pub(in super::super) witness: TakenBack,
}

impl Taken {
    fn owner(self) -> TakenBack {
        self.statement.and(self.log)
    }

    /// Whether the owner's log holds what was signed, by keys that stand: no thief adds to it.
    const fn is_held(self) -> bool {
        self.log.at.is_none()
    }
}
