//! What a file of evidence proves, and the first thing in it that does not hold. No node, no store, no clock: old evidence
//! is judged by the place and the time that it states (docs/protocol.md section 9.3).

use comity_log::checkpoint::Checkpoint;
use comity_model::statement::{AgreementRef, Kind, Outcome};
use comity_model::{ChannelId, Digest, Folio, Grounds, Handle, OfficerId, PartyRoot, StatementId};
use comity_pouch::descriptor::Verified;
use comity_pouch::dsse::{self, Envelope};
use jiff::Timestamp;

use super::file::{Evidence, Signed};
use super::flaw::{Field, Flaw};
use super::keys::{Holder, TakenBack, add, holders};

pub mod content;
mod place;
mod receipt;
mod release;
mod revocation;
mod statement;

pub use revocation::Revocation;
pub(crate) use revocation::of_statement_key;

/// A party as a file shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The party: the digest over its root keys.
    pub root: PartyRoot,
    /// What it calls itself.
    pub handle: Handle,
    /// Its full name, as it gives it.
    pub name: String,
    /// Whether its root is one of those that the reader trusts. Where it is not, everything else says only that the file
    /// agrees with itself.
    pub pinned: bool,
    /// Whether it says of itself that it is a training node.
    pub test: bool,
}

/// A place in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The channel, whose log it is.
    pub channel: ChannelId,
    /// The sequence, which is the index of the leaf.
    pub sequence: u64,
    /// The size of the tree that its owner signed.
    pub size: u64,
    /// The root of that tree.
    pub root: Digest,
    /// When the other party cosigned it, by that party's clock, in whole seconds; `None`: it did not.
    pub cosigned_at: Option<Timestamp>,
}

/// An approval, as the statement carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// The officer, by the id that the registrar certified.
    pub officer: OfficerId,
    /// The office that the certificate names.
    pub office: String,
    /// When it was given, by the officer; of a standing approval when it was signed.
    pub at: Timestamp,
    /// Whether it was given beforehand, for everything under the clause.
    pub standing: bool,
}

/// What a release says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Its number at the releasing party.
    pub folio: Folio,
    /// The clause.
    pub clause: String,
    /// The purpose.
    pub purpose: String,
    /// On what it rests, and why it was given.
    pub grounds: Grounds,
    /// Objects.
    pub objects: u64,
    /// Objects among them that are redacted.
    pub redacted: u64,
    /// The root over the objects.
    pub root: Digest,
    /// When it was composed.
    pub composed_at: Timestamp,
    /// Who approved it.
    pub approvals: Vec<Approved>,
}

/// The agreement that a statement cites, as both parties signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Its title.
    pub title: String,
    /// Of a release: how many officers the clause demands, all of whom approved; 0 where a standing approval did.
    pub officers: usize,
}

/// The receipt that answers a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The digest of the receipt statement.
    pub statement: Digest,
    /// When the receiver took the statement in, by its clock.
    pub received_at: Timestamp,
    /// When the receipt was sealed, by its clock.
    pub issued_at: Timestamp,
    /// What became of the statement.
    pub outcome: Outcome,
    /// Why it was refused as a whole.
    pub code: Option<String>,
    /// Objects admitted.
    pub admitted: u64,
    /// Objects refused.
    pub refused: u64,
    /// Where the receipt stands.
    pub place: Place,
}

/// What a file lacks to be whole evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The receiver did not cosign the checkpoint under which the statement stands.
    Cosignature,
    /// There is no receipt.
    Receipt,
    /// The other party did not cosign the checkpoint under which the receipt stands.
    ReceiptCosignature,
    /// The text of the agreement is neither in the file nor beside it: whether the clause allows this was not checked.
    Agreement,
}

impl Missing {
    /// A stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cosignature => "cosignature",
            Self::Receipt => "receipt",
            Self::ReceiptCosignature => "receipt-cosignature",
            Self::Agreement => "agreement",
        }
    }

    /// Whether evidence proves less without it than that the statement is settled, under the agreement that it cites
    /// (docs/protocol.md section 4.7). The receipt binds who signed it wherever it stands, and its cosignature follows within a minute or so.
    pub const fn is_needed(self) -> bool {
        !matches!(self, Self::ReceiptCosignature)
    }
}

/// What a file proves, if the roots are the parties'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Who speaks.
    pub from: Party,
    /// Who is spoken to.
    pub to: Party,
    /// The kind of the statement.
    pub kind: Kind,
    /// Its id.
    pub id: StatementId,
    /// Its digest.
    pub statement: Digest,
    /// The agreement that it cites.
    pub agreement: AgreementRef,
    /// When it was sealed, by the clock of who speaks.
    pub issued_at: Timestamp,
    /// Where it stands.
    pub place: Place,
    /// Of a release: what it says.
    pub release: Option<Released>,
    /// Of another kind: the members of its body that are plain values, as they stand there.
    pub says: Vec<(String, String)>,
    /// What the agreement adds; `None`: its text is not in the file, and the clause was not checked.
    pub agreed: Option<Agreed>,
    /// The receipt; `None` for a kind that is not receipted, or where it is missing.
    pub receipt: Option<Answered>,
    /// What the file lacks; see [`Proof::is_whole`].
    pub missing: Vec<Missing>,
    /// Whether keys that it rests on were taken back.
    pub revocation: Revocation,
}

impl Proof {
    /// Whether it proves that the statement is settled, or of a kind that is not receipted that the other party cosigned it.
    pub fn is_whole(&self) -> bool {
        !self.missing.iter().any(|it| it.is_needed())
    }

    /// Whether both parties' roots are among those that the reader trusts.
    pub const fn is_pinned(&self) -> bool {
        self.from.pinned && self.to.pinned
    }

    /// Whether it is proved: whole, of two parties whose roots the reader trusts, and under no key that may have been a
    /// thief's.
    pub fn is_proved(&self) -> bool {
        self.is_whole() && self.is_pinned() && !self.revocation.is_open()
    }
}

/// Checks a file of the format `comity-proof/1`: its form; the descriptors, signed by the roots that they carry; the
/// statement; its approvals; the agreement, where the file or `agreement` (a signed agreement as a file) has it, and the
/// clause; the proof of the statement's place, under a checkpoint of the sender's log that the receiver cosigned; the
/// receipt and its place. `roots` are those that the reader trusts; where there are some, both parties must be among them.
///
/// # Errors
/// The first thing that does not hold, with the field in which it stands.
pub fn check(file: &[u8], roots: &[PartyRoot], agreement: Option<&[u8]>) -> Result<Proof, Flaw> {
    check_document(&Evidence::parse(file)?, roots, agreement)
}

/// As [`check`], of a file that was read.
pub fn check_document(
    evidence: &Evidence,
    roots: &[PartyRoot],
    agreement: Option<&[u8]>,
) -> Result<Proof, Flaw> {
    check_beside(evidence, &Known { roots, agreement, descriptors: &[] })
}

/// What the reader knows and has beside a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The roots that the reader trusts; where there are some, both parties must be among them.
    pub roots: &'a [PartyRoot],
    /// A signed agreement as a file, which counts where the evidence has none; beside one that has, it must be the same text.
    pub agreement: Option<&'a [u8]>,
    /// Descriptors of either party that are not in the file, such as a later one that revokes a key; those of others are
    /// passed over.
    pub descriptors: &'a [Verified],
}

/// As [`check_document`], with everything that the reader has.
pub fn check_beside(evidence: &Evidence, known: &Known<'_>) -> Result<Proof, Flaw> {
    let roots = known.roots;
    let mut holders = holders(&evidence.descriptors)?;
    let statement = statement::read(&evidence.statement, Field::Statement)?;
    let (from, to) = (statement.payload.from, statement.payload.to);
    if from == to {
        return Err(Flaw::new(Field::Statement, "bad-body", "it is to who says it"));
    }
    if holders.iter().any(|it| it.root != from && it.root != to) {
        let message = "there are descriptors of others than the two parties";
        return Err(Flaw::new(Field::Descriptors, "descriptor-strange", message));
    }
    if holders.first().is_some_and(|it| it.root == to) && holders.len() > 1 {
        let message = "those of who speaks do not stand first";
        return Err(Flaw::new(Field::Descriptors, "descriptor-order", message));
    }
    let of_both = known.descriptors.iter().filter(|it| [from, to].contains(&it.descriptor.root));
    of_both.into_iter().try_for_each(|it| add(&mut holders, it))?;
    let (from, to) = (holder(&holders, from)?, holder(&holders, to)?);
    let parties = (party(from, roots)?, party(to, roots)?);
    let (kind, took_back) = statement.must_be_signed(from, Field::Statement)?;
    let release = match kind {
        Kind::Release => Some(release::read(&statement, from)?),
        _ => None,
    };
    let agreed = agreed(evidence, known.agreement)?
        .map(|it| release::agreed(&it, &statement, (from, to), release.as_ref()))
        .transpose()?;
    let (place, mut taken) = place::check(&statement, &evidence.proof, (from, to), Field::Proof)?;
    let registrar = release.as_ref().map_or_else(TakenBack::default, |it| it.took_back);
    taken.statement = took_back.and(registrar);
    let receipt = evidence
        .receipt
        .as_ref()
        .map(|it| receipt::check(it, &statement, &place, (from, to)))
        .transpose()?;
    let revocation = Revocation::of(taken, receipt.as_ref().map(|(_, taken)| *taken));
    let receipt = receipt.map(|(it, _)| it);
    let mut missing = Vec::new();
    if agreed.is_none() {
        missing.push(Missing::Agreement);
    }
    if place.cosigned_at.is_none() {
        missing.push(Missing::Cosignature);
    }
    match &receipt {
        None if kind.is_receipted() => missing.push(Missing::Receipt),
        Some(it) if it.place.cosigned_at.is_none() => missing.push(Missing::ReceiptCosignature),
        _ => {}
    }
    let says = if release.is_none() { statement.says() } else { Vec::new() };
    let payload = statement.payload;
    Ok(Proof {
        from: parties.0,
        to: parties.1,
        kind,
        id: payload.id,
        statement: statement.digest,
        agreement: payload.agreement,
        issued_at: payload.issued_at,
        place,
        release: release.map(|it| it.said),
        says,
        agreed,
        receipt,
        missing,
        revocation,
    })
}

/// The agreement in the file, else the one that the reader has beside it.
fn agreed(evidence: &Evidence, beside: Option<&[u8]>) -> Result<Option<Envelope>, Flaw> {
    let bad = |error: dsse::EnvelopeError| Flaw::new(Field::Agreement, error.code(), error);
    let inside = evidence.agreement.as_ref().map(|it| it.envelope(dsse::AGREEMENT));
    let inside = inside.transpose().map_err(bad)?;
    let beside = beside.map(Envelope::parse).transpose().map_err(bad)?;
    if let (Some(inside), Some(beside)) = (&inside, &beside)
        && inside.unverified_payload() != beside.unverified_payload()
    {
        let message = "the agreement that was given beside the file is another text than the one in it; give that one, or none";
        return Err(Flaw::new(Field::Agreement, "agreement-differs", message));
    }
    Ok(inside.or(beside))
}

fn holder(holders: &[Holder], root: PartyRoot) -> Result<&Holder, Flaw> {
    holders.iter().find(|it| it.root == root).ok_or_else(|| {
        let message = format!("there is none of the party `{root}`, of which the statement speaks");
        Flaw::new(Field::Descriptors, "descriptor-missing", message)
    })
}

/// What a party says of itself, and whether the reader trusts its root.
pub(super) fn party(holder: &Holder, roots: &[PartyRoot]) -> Result<Party, Flaw> {
    let root = holder.root;
    let pinned = roots.contains(&root);
    let descriptor = holder.descriptor().filter(|_| pinned || roots.is_empty());
    let descriptor = descriptor.ok_or_else(|| {
        let message = format!(
            "it speaks of the party `{root}`, whose root is not pinned; get it from somebody you trust and give it with `--root`"
        );
        Flaw::new(Field::Descriptors, "root-not-pinned", message)
    })?;
    let (handle, name) = (descriptor.handle.clone(), descriptor.name.clone());
    Ok(Party { root, handle, name, pinned, test: descriptor.test })
}

/// A checkpoint of a note, as a place states it.
pub(super) fn root_of(checkpoint: &Checkpoint) -> Digest {
    Digest::from_bytes(*checkpoint.root())
}

pub(super) use statement::Statement;

/// Reads a signed statement, for those who judge two of them.
pub(super) fn statement_of(signed: &Signed, field: Field) -> Result<Statement, Flaw> {
    statement::read(signed, field)
}
