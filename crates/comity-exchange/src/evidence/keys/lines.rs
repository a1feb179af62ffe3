//! The signature lines under a note: which of them go into a file, and in which order (docs/protocol.md section 9.2).

use comity_log::cosign;
use comity_log::note::{KeyType, NoteError, SignatureLine, SignedNote, VerifierKey};
use comity_log::proof::{TlogProof, TlogProofError};
use comity_model::descriptor::KeyUse;

use super::{Holder, ed25519_of};

/// A party whose log or witness signs a note, and the name under which it does.
pub(in super::super) struct Signer<'a> {
    pub(in super::super) holder: &'a Holder,
    pub(in super::super) purpose: KeyUse,
    pub(in super::super) name: String,
}

impl<'a> Signer<'a> {
    /// The log of this origin, which is the holder's.
    pub(in super::super) fn log(holder: &'a Holder, origin: &str) -> Self {
        Self { holder, purpose: KeyUse::Log, name: origin.to_owned() }
    }

    /// The holder's witness.
    pub(in super::super) fn witness(holder: &'a Holder) -> Self {
        Self { holder, purpose: KeyUse::Witness, name: holder.witness_name() }
    }

    const fn kinds(&self) -> [KeyType; 2] {
        [ed25519_of(self.purpose), KeyType::CosignatureMlDsa44]
    }

    fn keys(&self) -> Vec<VerifierKey> {
        self.holder.note_keys(self.purpose, &self.name, ed25519_of(self.purpose))
    }

    /// The line of each kind that a key of this signer made, Ed25519 first; of several the one that states the latest time.
    fn lines(&self, note: &SignedNote) -> Vec<SignatureLine> {
        let keys = self.keys();
        let of_kind = |kind| {
            let made = note.signatures().iter().filter_map(|line| {
                let key = keys.iter().find(|it| it.key_type() == kind && is_of(line, it))?;
                let alone = SignedNote::new(note.text().to_owned(), vec![line.clone()]).ok()?;
                let verified = cosign::verify(&alone, std::slice::from_ref(key)).ok()?;
                Some((verified.first()?.timestamp, line))
            });
            made.max_by_key(|(at, _)| *at).map(|(_, line)| line.clone())
        };
        self.kinds().into_iter().filter_map(of_kind).collect()
    }

    /// Which of this signer's kinds of key a line is of.
    fn kind_of(&self, line: &SignatureLine) -> Option<KeyType> {
        self.keys().iter().find(|it| is_of(line, it)).map(VerifierKey::key_type)
    }
}

fn is_of(line: &SignatureLine, key: &VerifierKey) -> bool {
    line.name() == key.name() && line.id() == key.id()
}

/// The note with nothing but the lines of these signers, in the order of the list.
///
/// # Errors
/// [`NoteError::Unsigned`] where none of them signed.
pub(in super::super) fn only(
    note: &SignedNote,
    signers: &[Signer<'_>],
) -> Result<SignedNote, NoteError> {
    let lines = signers.iter().flat_map(|it| it.lines(note)).collect();
    SignedNote::new(note.text().to_owned(), lines)
}

/// The same of a proof: the lines of its log, which is `owner`'s, and those of the witness of the other party.
///
/// # Errors
/// Why the text is no proof, or the note none of theirs.
pub(in super::super) fn proof_of(
    text: &str,
    (owner, witness): (&Holder, &Holder),
) -> Result<String, TlogProofError> {
    let proof = TlogProof::parse(text.as_bytes())?;
    let signers = [Signer::log(owner, proof.checkpoint().origin()), Signer::witness(witness)];
    let note = only(proof.note(), &signers)?;
    Ok(TlogProof::new(proof.index(), proof.hashes().to_vec(), note)?.to_string())
}

/// Whether a note has exactly one line of each kind of each of these signers, in the order of the list, and no others.
pub(in super::super) fn are_only(note: &SignedNote, signers: &[Signer<'_>]) -> bool {
    let due: Vec<_> = signers.iter().flat_map(|it| it.kinds().map(|kind| (it, kind))).collect();
    let lines = note.signatures();
    let fits = |(line, (signer, kind)): (&SignatureLine, &(&Signer<'_>, KeyType))| {
        signer.kind_of(line) == Some(*kind)
    };
    lines.len() == due.len() && lines.iter().zip(&due).all(fits)
}
