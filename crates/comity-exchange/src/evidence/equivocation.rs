//! The format `comity-equivocation/1`: two things that a party signed of which only one can be (docs/protocol.md section
//! 9.4). The file convicts by itself: it needs no node, no record and no word of whoever wrote it.

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_model::statement::Payload;
use comity_model::{Digest, PartyRoot};
use comity_pouch::descriptor::Verified;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::{Party, Revocation, party, root_of, statement_of};
use super::container::{FileError, pack, unpack};
use super::file::{DESCRIPTORS, FILE_LIMIT, Signed};
use super::flaw::{Field, Flaw};
use super::form;
use super::keys::lines::{self, Signer};
use super::keys::{Half, Holder, TakenBack, add, holders};

/// The first word of a file, and the first member of the document in it.
pub const FORMAT: &str = "comity-equivocation/1";

/// What a file of equivocation holds. That it is read says nothing: [`check`] does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivocation {
    format: String,
    /// The descriptors of the party that signed both, those that have the keys, by serial.
    #[serde(deserialize_with = "form::descriptors")]
    pub descriptors: Vec<Signed>,
    /// Two statements for one place, or two checkpoint statements of one id, by their times and then by their digests; empty
    /// where it is about checkpoints.
    #[serde(deserialize_with = "form::two")]
    pub statements: Vec<Signed>,
    /// Two signed notes with two roots for one size, by their roots; empty where it is about statements.
    #[serde(deserialize_with = "form::two")]
    pub checkpoints: Vec<String>,
}

/// What the two are, and where they collide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collision {
    /// Two statements.
    Statements {
        /// The place that both have; `None`: both are checkpoints of one id.
        sequence: Option<u64>,
        /// Their digests.
        digests: [Digest; 2],
        /// When each was sealed, by the clock of who signed.
        issued_at: [Timestamp; 2],
    },
    /// Two checkpoints.
    Checkpoints {
        /// The size of the tree in both.
        size: u64,
        /// Their roots.
        roots: [Digest; 2],
    },
}

/// What a file proves, if the root is the party's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conviction {
    /// Who signed both.
    pub party: Party,
    /// The channel: the origin of its log.
    pub channel: String,
    /// What the two are.
    pub collision: Collision,
    /// Whether a key that signed one of them was taken back: a later descriptor, made while its time was not over, leaves it
    /// out. Then no place in the record tells whether the party signed before that, or somebody else after it.
    pub revocation: Revocation,
}

impl Conviction {
    /// Whether a key that signed was taken back: the file convicts nobody.
    pub const fn is_revoked(&self) -> bool {
        self.revocation.is_open()
    }
}

impl Equivocation {
    /// Of two statements, in whichever order.
    pub fn of_statements(descriptors: Vec<Signed>, statements: [Signed; 2]) -> Self {
        let (format, mut statements) = (FORMAT.to_owned(), Vec::from(statements));
        statements.sort_by_cached_key(|it| {
            let payload = it.payload.as_bytes();
            (Payload::parse(payload).ok().map(|it| it.issued_at), Digest::of(payload))
        });
        Self { format, descriptors, statements, checkpoints: Vec::new() }
    }

    /// Of two signed notes, in whichever order. Of the lines under each those stay that the log's keys made; a note that
    /// cannot be read stays as it is.
    pub fn of_checkpoints(descriptors: Vec<Signed>, checkpoints: [String; 2]) -> Self {
        let holders = holders(&descriptors).unwrap_or_default();
        let mut checkpoints = checkpoints.map(|it| match holders.as_slice() {
            [holder] => signed_by(holder, &it).unwrap_or(it),
            _ => it,
        });
        checkpoints.sort_by_cached_key(|it| {
            let note = SignedNote::parse(it.as_bytes()).ok()?;
            Checkpoint::parse(note.text()).ok().map(|it| *it.root())
        });
        let (format, checkpoints) = (FORMAT.to_owned(), Vec::from(checkpoints));
        Self { format, descriptors, statements: Vec::new(), checkpoints }
    }

    /// Reads a file: its digest, one document in its one form, within the bounds.
    pub fn parse(file: &[u8]) -> Result<Self, FileError> {
        let it: Self = form::read(FORMAT, &unpack(FORMAT, file, FILE_LIMIT)?)?;
        let shape = (it.statements.len(), it.checkpoints.len());
        let malformed = |why: &str| FileError::Malformed { format: FORMAT, why: why.to_owned() };
        if it.format != FORMAT || !matches!(shape, (2, 0) | (0, 2)) {
            return Err(malformed("it does not hold two statements or two checkpoints"));
        }
        if !(1..=DESCRIPTORS).contains(&it.descriptors.len()) {
            return Err(malformed(
                "it has no descriptor, or more than the keys of two things need",
            ));
        }
        form::all_in_order("descriptors", &it.descriptors)?;
        form::all_in_order("statements", &it.statements)?;
        Ok(it)
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and lists of texts always serialise.
        pack(FORMAT, &serde_json::to_vec(self).unwrap_or_default())
    }
}

/// Checks a file: the descriptors, signed by the one root that they carry; that both halves of keys of that party signed
/// both things; and that only one of them can be. `roots` are those that the reader trusts; where there are some, the
/// party must be among them.
///
/// # Errors
/// The first thing that does not hold, with the field in which it stands.
pub fn check(file: &[u8], roots: &[PartyRoot]) -> Result<Conviction, Flaw> {
    check_document(&Equivocation::parse(file)?, roots)
}

/// As [`check`], of a file that was read.
pub fn check_document(file: &Equivocation, roots: &[PartyRoot]) -> Result<Conviction, Flaw> {
    check_beside(file, roots, &[])
}

/// As [`check_document`], with descriptors of the party that are not in the file; those of others are passed over.
pub fn check_beside(
    file: &Equivocation,
    roots: &[PartyRoot],
    descriptors: &[Verified],
) -> Result<Conviction, Flaw> {
    let mut holders = holders(&file.descriptors)?;
    if let [holder] = holders.as_slice() {
        let root = holder.root;
        let more = descriptors.iter().filter(|it| it.descriptor.root == root);
        more.into_iter().try_for_each(|it| add(&mut holders, it))?;
    }
    let [holder] = holders.as_slice() else {
        let message = "there are descriptors of several parties; only one can have signed both";
        return Err(Flaw::new(Field::Descriptors, "descriptor-strange", message));
    };
    let party = party(holder, roots)?;
    let (channel, collision, taken) = if file.statements.is_empty() {
        checkpoints(&file.checkpoints, holder)?
    } else {
        statements(&file.statements, holder)?
    };
    Ok(Conviction { party, channel, collision, revocation: Revocation::of_placeless(taken) })
}

/// The channel, what the two are, and which keys were taken back.
type Found = (String, Collision, TakenBack);

fn statements(signed: &[Signed], holder: &Holder) -> Result<Found, Flaw> {
    let field = Field::Statements;
    let bad = |code, message: &str| Flaw::new(field, code, message);
    let (mut read, mut taken) = (Vec::with_capacity(2), TakenBack::default());
    for one in signed {
        let statement = statement_of(one, field)?;
        taken = taken.and(statement.must_be_signed(holder, field)?.1);
        read.push(statement);
    }
    let [one, other] = read.as_slice() else {
        return Err(bad("evidence-malformed", "there are not two statements"));
    };
    let (first, second) = (&one.payload, &other.payload);
    let collides = first.channel() == second.channel()
        && first.sequence == second.sequence
        && (first.sequence.is_some() || first.id == second.id);
    if !collides {
        return Err(bad("no-collision", "they have two places; both can be"));
    }
    if one.digest == other.digest {
        return Err(bad("no-collision", "they are the same statement"));
    }
    if (first.issued_at, one.digest) > (second.issued_at, other.digest) {
        let message = "they do not stand by their times and then by their digests";
        return Err(bad("evidence-not-canonical", message));
    }
    let collision = Collision::Statements {
        sequence: first.sequence,
        digests: [one.digest, other.digest],
        issued_at: [first.issued_at, second.issued_at],
    };
    Ok((first.channel().origin(), collision, taken))
}

fn checkpoints(notes: &[String], holder: &Holder) -> Result<Found, Flaw> {
    let field = Field::Checkpoints;
    let bad = |code, message: &str| Flaw::new(field, code, message);
    let (mut read, mut taken) = (Vec::with_capacity(2), TakenBack::default());
    for note in notes {
        let note = SignedNote::parse(note.as_bytes())
            .map_err(|error| Flaw::new(field, error.code(), error))?;
        let checkpoint = Checkpoint::parse(note.text())
            .map_err(|error| Flaw::new(field, error.code(), error))?;
        if !is_of(checkpoint.origin(), holder.root) {
            return Err(bad("another-party", "the log is not one of this party"));
        }
        let origin = checkpoint.origin();
        let signed = holder.log_signed(&note, origin).map_err(|half| match half {
            Half::Missing => bad("note-signature-invalid", "not both keys of the log signed it"),
            Half::Expired => bad("key-expired", "a key of the log signed it when it was not valid"),
        })?;
        taken = taken.and(signed);
        if !lines::are_only(&note, &[Signer::log(holder, origin)]) {
            let message = "other lines stand under one than those of the log, or in another order";
            return Err(bad("evidence-not-canonical", message));
        }
        read.push(checkpoint);
    }
    let [one, other] = read.as_slice() else {
        return Err(bad("evidence-malformed", "there are not two checkpoints"));
    };
    if one.origin() != other.origin() || one.size() != other.size() {
        return Err(bad("no-collision", "they are of two logs or two sizes; both can be"));
    }
    if one.root() == other.root() {
        return Err(bad("no-collision", "they have the same root"));
    }
    if one.root() > other.root() {
        return Err(bad("evidence-not-canonical", "they do not stand by their roots"));
    }
    let collision =
        Collision::Checkpoints { size: one.size(), roots: [root_of(one), root_of(other)] };
    Ok((one.origin().to_owned(), collision, taken))
}

/// A note with the lines of the party's log alone; `None` where it is no checkpoint that the log signed.
fn signed_by(holder: &Holder, note: &str) -> Option<String> {
    let note = SignedNote::parse(note.as_bytes()).ok()?;
    let checkpoint = Checkpoint::parse(note.text()).ok()?;
    let signers = [Signer::log(holder, checkpoint.origin())];
    lines::only(&note, &signers).ok().map(|it| it.to_string())
}

/// Whether an origin is of the form of a channel's log, and the party the one that speaks in it.
fn is_of(origin: &str, root: PartyRoot) -> bool {
    let mut pieces = origin.split('/');
    let head =
        pieces.next() == Some("comity") && pieces.next().is_some() && pieces.next().is_some();
    head && pieces.next() == Some(root.short().as_str()) && pieces.count() == 1
}
