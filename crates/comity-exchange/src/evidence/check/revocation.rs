//! What it means for a file that a party took a key back (docs/protocol.md section 9.3).

use comity_model::descriptor::KeyUse;
use comity_pouch::HybridPublic;
use comity_pouch::descriptor::Verified;
use jiff::Timestamp;

use super::super::flaw::Flaw;
use super::super::keys::{Holder, TakenBack, add};

/// Whether keys that signed what a file holds were taken back, as far as its descriptors and those beside it show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// None was.
    None,
    /// One was, and what it signed stands: the log of its own party holds it, under a checkpoint that keys signed which were
    /// not taken back.
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
    /// A party's log binds that party alone. That the speaker cosigned a tree with a receipt in it does not: what is
    /// refused at its turn stands in the tree as well.
    pub(super) fn of(about: Taken, receipt: Option<Taken>) -> Self {
        let (signed, others, is_held) = match receipt {
            Some(answer) => (
                about.owner().and(answer.owner()),
                about.witness.and(answer.witness),
                about.is_held() && answer.is_held(),
            ),
            None => (
                about.owner().and(about.witness),
                TakenBack::default(),
                about.is_held() && about.witness.at.is_none(),
            ),
        };
        match Self::of_placeless(signed.and(others)) {
            Self::None => Self::None,
            _ if is_held => Self::Later,
            judged => judged,
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
